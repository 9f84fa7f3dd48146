"""The HTTP routes: one module for each subject; `api.py` adds them all."""
