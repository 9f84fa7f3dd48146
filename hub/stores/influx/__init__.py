"""InfluxDB as the store: its address, its client, what its answers mean, its query language."""
