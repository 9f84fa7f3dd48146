"""Exhibitors' accounts: at the broker, in the data folder, and on the hand-out."""
