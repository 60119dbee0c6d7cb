"""What an analysis has found so far, each thing once, and told in the order of files and places."""

from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType
from typing import Any

from stockade.code.facts import Call, Note, Source, Unfollowed
from stockade.source import Span
from stockade.value import Value, Written


class Found:
    """The store that front ends note into; which calls are one is theirs to say."""

    def __init__(self) -> None:
        self._calls: dict[Any, Call] = {}
        self._unfollowed: dict[Any, Unfollowed] = {}
        self._notes: dict[tuple[str, str], Note] = {}
        self._environment: dict[str, Written] = {}
        self._defaults: dict[str, Value[Any]] = {}
        self.files: dict[str, None] = {}

    def unfollowed(self, what: str, reason: str, at: Span, service: str = "", reached: bool = True) -> None:
        """Note something that may call AWS and is not followed."""
        key = (what, reason, service, at)
        before = self._unfollowed.get(key)
        if before is None or (reached and not before.reached):
            self._unfollowed[key] = Unfollowed(
                what=what, reason=reason, origin=Written(at), service=service, reached=reached
            )

    def note(self, what: str, reason: str, at: Span) -> None:
        """Note a file that was not analysed and cannot matter, or less than it seems."""
        self._notes.setdefault((what, reason), Note(what, reason, Written(at)))

    def variable(self, name: str, at: Span) -> None:
        """Note that a variable of the environment is read."""
        self._environment.setdefault(name, Written(at))

    def source(self, handler: Span | None) -> Source:
        """Everything, in the order of files and places."""
        return Source(
            handler,
            tuple(sorted(self._told(), key=_place)),
            tuple(sorted(self._unfollowed.values(), key=_place)),
            tuple(sorted(self._notes.values(), key=_place)),
            MappingProxyType(dict(sorted(self._environment.items()))),
            MappingProxyType(dict(sorted(self._defaults.items()))),
            tuple(self.files),
        )

    def _told(self) -> Iterable[Call]:
        """The calls that are told."""
        return self._calls.values()


def _place(one: Call | Unfollowed | Note) -> tuple[str, int, str]:
    span = one.origin.span if isinstance(one.origin, Written) else None
    what = one.operation if isinstance(one, Call) else one.what
    return (span.path, span.start, what) if span else ("", 0, what)
