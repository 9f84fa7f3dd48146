"""The composition root: builds the parts of a hub from the settings, starts and stops them."""

from hub.app.hub import Hub, calm_collector, last_run, open_hub, run

__all__ = ["Hub", "calm_collector", "last_run", "open_hub", "run"]
