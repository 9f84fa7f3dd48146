"""Dialects: how makers' devices speak by themselves, one file for each. Pure.

A device publishes below ``{root}/{booth}/{dialect}/`` with its own topics behind it, and what it
says becomes readings of the hub's kinds. To add a dialect is to add its file, which declares
`DIALECT`, and cases under `tests/cases/dialects/`. `dialect` has the types that it is declared
with, `memory` what it may remember, `parsing` reads payloads, units and times, `mapping` finds
device, kind and field of a value. A second file of a maker begins with the name of the first.
"""

import pkgutil
from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType

from hub.dialects.dialect import Dialect


def _declared() -> dict[str, Dialect]:
    modules = (
        import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)
    )
    return {module.DIALECT.name: module.DIALECT for module in modules if hasattr(module, "DIALECT")}


DIALECTS: Mapping[str, Dialect] = MappingProxyType(_declared())
"""Every dialect by the name that stands in its topics."""

__all__ = ["DIALECTS", "Dialect"]
