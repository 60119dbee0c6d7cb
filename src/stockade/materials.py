"""Bills of materials: what every function ships of third parties, for the formats that ask for it."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.dependency import Component, Evidence
from stockade.model.function import Function
from stockade.model.vulnerability import Vulnerability
from stockade.model.world import World
from stockade.report import Bill
from stockade.value import Unknown, parts_of


def bills_of(index: int, world: World) -> Iterator[Bill]:
    """One for every function of an input, layers included."""
    for function in sorted(world.functions, key=lambda one: one.address):
        components: dict[tuple[str, str], Component] = {}
        reason = ""
        unread = False
        for package in (world.shelf.package_of(function), *world.shelf.layers_of(function)):
            if isinstance(package, Unknown):
                reason = reason or package.reason
                continue
            for one in world.shelf.components_of(package.value):
                components.setdefault((one.purl, one.wanted), one)
            unread = unread or bool(world.shelf.unread_manifests(package.value))
        found = tuple(components[key] for key in sorted(components))
        sure = all(one.evidence in (Evidence.INSTALLED, Evidence.LOCKED) for one in found)
        known = _known(found, world)
        complete = bool(found) and sure and not reason and not unread
        yield Bill(index, function.address, _name(function), found, known, reason, complete)


def _known(components: tuple[Component, ...], world: World) -> dict[str, tuple[Vulnerability, ...]]:
    if world.advisories is None:
        return {}
    found = {one.purl: tuple(world.advisories.of(one)) for one in components if one.version}
    return {purl: known for purl, known in found.items() if known}


def _name(function: Function) -> str:
    return "".join(map(str, parts_of(function.name)))
