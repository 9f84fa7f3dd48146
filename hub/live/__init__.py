"""The live state of the devices, and its viewers; in memory only."""
