"""Everything that is asked for in one input, by what it changes: who else wants the same of a shared line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from stockade.control import Add, Change, Drop, Put, Rewrite


class Asked:
    """The changes of all fixes of one input."""

    def __init__(self, changes: Sequence[Change]) -> None:
        self._puts: dict[tuple[str, str], list[Any]] = {}
        self._drops: set[tuple[str, str]] = set()
        self._adds: dict[str, list[Add]] = {}
        self._rewrites: dict[tuple[str, str, int | None, str | None], list[Any]] = {}
        for one in changes:
            match one:
                case Put(address, attribute, value):
                    self._puts.setdefault((address, attribute), []).append(value)
                case Drop(address, attribute):
                    self._drops.add((address, attribute))
                case Add(beside=beside):
                    self._adds.setdefault(beside, []).append(one)
                case Rewrite(address, attribute, statement, element, value):
                    key = (address, attribute, statement, element)
                    self._rewrites.setdefault(key, []).append(value)

    def put(self, address: str, attribute: str) -> list[Any]:
        """The values that an attribute is to have."""
        return self._puts.get((address, attribute), [])

    def attributes(self, address: str) -> frozenset[str]:
        """The attributes of a resource that are to be put."""
        return frozenset(attribute for at, attribute in self._puts if at == address)

    def is_dropped(self, address: str, attribute: str = "") -> bool:
        return (address, attribute) in self._drops

    def added(self, beside: str, kind: str, label: str) -> Add | None:
        """What is to be added beside a resource, of a kind and under a label."""
        found = self._adds.get(beside, ())
        return next((one for one in found if (one.kind, one.label) == (kind, label)), None)

    def shared(self, kind: str, label: str) -> Iterator[str]:
        """What additions stand beside that serve a whole module, of a kind and under a label."""
        for beside, found in self._adds.items():
            if any(one.shared and (one.kind, one.label) == (kind, label) for one in found):
                yield beside

    def rewritten(self, change: Rewrite, address: str, attribute: str, statement: int | None) -> list[Rewrite]:
        """The same change of a statement of another policy, if it is asked for."""
        key = (address, attribute, statement, change.element)
        return [
            replace(change, address=address, attribute=attribute, statement=statement, value=value)
            for value in self._rewrites.get(key, ())
        ]
