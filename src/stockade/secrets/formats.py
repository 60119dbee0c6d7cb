"""Keys of known formats in a text, by the tables of ``prefixed`` and ``anchored``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from stockade.patterns import lazy_regex
from stockade.records import dataclass
from stockade.secrets.anchored import INNER
from stockade.secrets.key import Format, Inner, Standing
from stockade.secrets.prefixed import FORMATS

__all__ = ("FORMATS", "INNER", "Format", "Inner", "Match", "Standing", "at", "inner_matches", "matches")


def _by_start() -> dict[str, tuple[Format, ...]]:
    out: dict[str, tuple[Format, ...]] = {}
    for one in FORMATS:
        start = one.prefix[:2]
        out[start] = (*out.get(start, ()), one)
    return out


_BY_START: Final = _by_start()
_WORD: Final = lazy_regex(r"(?<![A-Za-z0-9])[A-Za-z0-9]|(?<![\w$])\$(?=[26a])")
_INNER_ANCHOR: Final = tuple((one.anchor, one) for one in INNER if not one.alone)
_ANY_ANCHOR: Final = lazy_regex("|".join(re.escape(anchor) for anchor, _ in _INNER_ANCHOR))
_ALONE: Final = tuple(one for one in INNER if one.alone)
_SHORTEST_ALONE, _LONGEST_ALONE = 36, 200


@dataclass(frozen=True, slots=True)
class Match:
    """A key of a known format, and where in the text it is."""

    format: Format | Inner
    start: int
    end: int
    verified: bool


def matches(text: str) -> Iterator[Match]:
    """Every key of a known format, publishable ones included; linear in the text's length."""
    done = 0
    for word in _WORD.finditer(text):
        start = word.start()
        if start >= done and (found := at(text, start)) is not None:
            done = found.end
            yield found
    if _ANY_ANCHOR.search(text):  # one search instead of some twenty, since hardly any text has one
        for anchor, inner in _INNER_ANCHOR:
            if anchor in text:
                yield from islice(inner_matches(inner, text), 1)
    if _SHORTEST_ALONE <= len(text) <= _LONGEST_ALONE:
        yield from _alone(text)


def _alone(text: str) -> Iterator[Match]:
    """The text as a whole, where that is a key."""
    plain = text.strip()
    for one in _ALONE:
        if one.pattern.fullmatch(plain):
            start = text.index(plain)
            yield Match(one, start, start + len(plain), one.verified(plain))


def at(text: str, start: int) -> Match | None:
    """The key of a known format that begins at a place."""
    for one in _BY_START.get(text[start : start + 2], ()):
        if text.startswith(one.prefix, start) and (found := one.pattern.match(text, start)):
            return Match(one, start, found.end(), one.verified(found[0]))
    return None


def inner_matches(inner: Inner, text: str) -> Iterator[Match]:
    """Every key of a format whose telling part is in its middle."""
    for within in inner.pattern.finditer(text):
        verified = inner.verified(within[0])
        if verified or not inner.must:
            yield Match(inner, within.start(), within.end(), verified)
