"""The names of a running function that functions within it see, which tell when one of them is bound anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from stockade.code.python.values import Abstract, Data, Many, Opaque, Response, identity


class Names(dict[str, Abstract]):
    """Names of a frame. ``seen`` are those that count; ``changed`` and ``shared`` are as a dictionary's.

    Whatever changes what a name holds goes through here, so that no part of the interpreter has to think of it.
    """

    __slots__ = ("_tell", "changed", "seen", "shared")

    def __init__(self, names: Mapping[str, Abstract], tell: Callable[[Names], None]) -> None:
        super().__init__(names)
        self.seen: set[str] = set()
        self.changed = 0
        self.shared = False
        self._tell = tell

    def __setitem__(self, name: str, value: Abstract) -> None:
        told = name in self.seen and not _same(self.get(name), value)
        super().__setitem__(name, value)
        if told:
            self._tell(self)

    def __delitem__(self, name: str) -> None:
        super().__delitem__(name)
        if name in self.seen:
            self._tell(self)

    def clear(self) -> None:
        for name in [*self]:
            del self[name]

    def update(self, *others: Any, **more: Abstract) -> None:
        for name, value in dict(*others, **more).items():
            self[name] = value

    def setdefault(self, name: str, value: Abstract) -> Abstract:
        if name not in self:
            self[name] = value
        return self[name]

    def pop(self, name: str, *default: Any) -> Any:
        found = super().pop(name, *default)
        if name in self.seen:
            self._tell(self)
        return found


def replace(names: dict[str, Abstract], by: Mapping[str, Abstract]) -> None:
    """Make names hold what others do, and nothing else."""
    if type(names) is dict:
        names.clear()
        names.update(by)
        return
    for name in [one for one in names if one not in by]:
        del names[name]
    for name, value in by.items():
        names[name] = value


def _same(before: Abstract | None, after: Abstract) -> bool:
    """Whether it makes no difference which of two things a name holds, whatever becomes of them."""
    if before is after:
        return True
    if type(before) is not type(after):
        return False
    if isinstance(before, Many) and isinstance(after, Many):
        return len(before.options) == len(after.options) and all(map(_same, before.options, after.options))
    return isinstance(before, Data | Opaque | Response) and identity(before) == identity(after)
