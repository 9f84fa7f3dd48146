"""Measurements of the hub, as ratios to stated references in one run; `python -m bench`."""
