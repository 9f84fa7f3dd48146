"""The hub over HTTP: API, live stream, wall, exhibitor's page, metrics."""
