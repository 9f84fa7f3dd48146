"""Scenarios of several hubs on a clustered broker: each part dies under load, and is judged."""
