"""Mapping: which device, kind and field of the hub a maker's value is."""
