"""Bounds on what outside parties can use up: memory that booths share, rates, lines of the log."""
