"""The composition root: builds the parts of a hub from the settings, starts and stops them."""

from hub.app.hub import Hub, last_run, open_hub, run
from hub.app.process_memory import calm_collector

__all__ = ["Hub", "calm_collector", "last_run", "open_hub", "run"]
