"""Faults while readings flow, and what became of each reading; `python -m faults`."""
