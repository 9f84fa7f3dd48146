"""Parsing: from the bytes and texts of makers to values: JSON, Protocol Buffers, units, times."""
