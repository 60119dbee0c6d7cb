"""The controls: one file each, none of which knows another.

A control is found because its file is here; there is no list to keep. Importing this package
imports none of them.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from stockade.control import Control


def names() -> tuple[str, ...]:
    """The names of all controls, sorted, from their files alone."""
    return tuple(sorted(module.name.replace("_", "-") for module in iter_modules(__path__)))


def load() -> tuple[Control[Any], ...]:
    """All controls, sorted by name."""
    return tuple(import_module(f"{__name__}.{name.replace('-', '_')}").check for name in names())
