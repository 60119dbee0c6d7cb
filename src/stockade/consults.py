"""Which controls depend on what is read of a live account: what need not be read, what a loss costs."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Final

CONSULTS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType({})
"""Collector -> the controls that ask for what it reads. Functions themselves are read for all of them."""


def undecides(asked: Collection[str]) -> dict[str, tuple[str, ...]]:
    """The collectors that some controls need, each with those that it leaves undecided where it fails."""
    found = {name: tuple(sorted(set(controls) & set(asked))) for name, controls in CONSULTS.items()}
    return {"functions": tuple(sorted(asked)), **{name: some for name, some in found.items() if some}}
