"""Exhibitors' accounts: at the broker, in the data folder, and on paper."""
