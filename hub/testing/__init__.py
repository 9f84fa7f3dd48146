"""The hub as a test fixture: the real parts on a held clock.

`hub.testing.pytest_plugin` provides it to pytest. Heavy modules are imported when they are used, so
that pytest starts as quickly as without the plugin.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hub.recording.faults import Faults
    from hub.testing.hub import HeldHub, held_hub, replayed_hub

__all__ = ["Faults", "HeldHub", "held_hub", "replayed_hub"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from hub.testing import hub

    return getattr(hub, name)
