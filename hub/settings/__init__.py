"""The settings: flag, then environment, then `hub.toml`, then default.

Names, defaults and help are in `hub.settings.table`, types and checks in `hub.settings.model`.
That is loaded at the first use: pydantic-settings costs 300 ms, which no `--help` should wait for.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hub.settings.model import Settings, given, load

__all__ = ["Settings", "given", "load"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(name)
    from hub.settings import model

    return getattr(model, name)
