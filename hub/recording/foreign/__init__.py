"""Imports what other tools recorded: logs, CSV, InfluxDB's exports, MCAP and rosbag2."""
