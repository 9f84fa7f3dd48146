"""The hub's own status: the health of its parts, its counters, and steps of its clock."""
