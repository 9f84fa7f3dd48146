"""The hub's HTTP server: API, live stream, wall, exhibitor's page, metrics."""
