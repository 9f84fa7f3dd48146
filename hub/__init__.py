"""The Smart Life hub: live readings from exhibitors' devices, kept, counted and shown."""

__version__ = "0.1.0"
