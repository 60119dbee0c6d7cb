"""What a row in the tables of formats says of a provider's keys."""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import Enum
from functools import cached_property

from stockade.records import dataclass


class Standing(Enum):
    """What holding such a key is worth."""

    SECRET = "secret"  # noqa: S105 - the name of a kind
    TEST = "test"
    """Works, but only in a sandbox."""
    PUBLIC = "public"
    """Made to be shipped to browsers."""


@dataclass(frozen=True)
class Format:
    """``kind`` is what people call it, with its article; ``tail`` a regex of what follows ``prefix``.

    ``check`` confirms a checksum or an inner structure; a key that fails it is still of this format,
    only not verified. ``structured`` says that the match itself is the proof.
    """

    kind: str
    prefix: str
    tail: str
    standing: Standing = Standing.SECRET
    check: Callable[[str], bool] | None = None
    structured: bool = False

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(re.escape(self.prefix) + self.tail + r"(?![A-Za-z0-9])")

    def verified(self, key: str) -> bool:
        return self.structured or (self.check is not None and self.check(key))


@dataclass(frozen=True)
class Inner:
    """A format with its telling part in the middle: ``anchor`` must be in the text for it to be tried.

    ``must`` says that a match which fails the check is none, because much else looks like it; ``alone`` that
    it is told only as a whole value, for it has nothing by which it could be found in a file.
    """

    kind: str
    anchor: str
    expression: str
    standing: Standing = Standing.SECRET
    check: Callable[[str], bool] | None = None
    structured: bool = False
    must: bool = False
    alone: bool = False

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(self.expression)

    def verified(self, key: str) -> bool:
        return self.structured or (self.check is not None and self.check(key))
