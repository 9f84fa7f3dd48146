"""Recordings of what came: written as MCAP, read back, cut, exported and repaired."""
