"""Rate limits, back-off and bounded buffers, fair among the booths."""
