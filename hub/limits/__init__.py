"""Bounds on what outside parties can use up: memory that booths share, and lines of the log."""
