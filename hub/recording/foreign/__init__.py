"""Imports what other tools recorded: logs, CSV, InfluxDB's exports, MCAP with JSON."""
