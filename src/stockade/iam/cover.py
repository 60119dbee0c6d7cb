"""What one pattern covers of another: containments that are proved at a glance, with holes in the texts.

An answer of yes is a proof, whatever the holes stand for. An answer of no says only that none was found:
of two patterns with a ``?`` in them, some that contain one another are missed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, TypeAlias

from stockade.iam import pairs
from stockade.iam.automaton import compiled
from stockade.iam.glob import as_resource, glob, widened
from stockade.iam.match import Shape, has_wildcard, is_wildcard_only
from stockade.memory import remembered
from stockade.patterns import lazy_regex
from stockade.records import dataclass
from stockade.value import Hole, Text

Piece: TypeAlias = str | Text
"""One string of a policy: its text, or what is known of it."""


def shape(piece: Piece) -> Shape:
    """A string as known text and holes. Policy variables become holes named for all that stands in them."""
    pieces: Shape = (piece,) if isinstance(piece, str) else piece.shape()
    return _with_variables(pieces)


def action_shape(piece: Piece) -> Shape:
    """An action as known text and holes; its case does not count, and goes."""
    return tuple(part.lower() if isinstance(part, str) else part for part in shape(piece))


def covers(wide: Shape, narrow: Shape) -> bool:
    """Whether every text that fits ``narrow`` is proved to fit ``wide``."""
    if wide == narrow:
        return True
    # Most pairs of a long policy differ from the first letters on.
    first = narrow[0] if narrow and isinstance(narrow[0], str) else ""
    return first.startswith(_lead(wide)) and _covers(wide, narrow)


@remembered(1 << 13)
def _covers(wide: Shape, narrow: Shape) -> bool:
    if is_wildcard_only(wide):
        return True
    texts = glob(wide), glob(narrow)
    if not compiled((texts[0],)).cover(texts[1]):
        return False
    # As ARNs are read segment by segment, or as AWS's pages have it, as one text: it holds either way.
    readings = as_resource(texts[0]), as_resource(texts[1])
    return readings == texts or pairs.covers(*readings) is True


@remembered(1 << 13)
def _lead(pattern: Shape) -> str:
    """The known text that a pattern begins with."""
    return re.split(r"[*?]", pattern[0], maxsplit=1)[0] if pattern and isinstance(pattern[0], str) else ""


@remembered(1 << 13)
def disjoint(one: Shape, other: Shape) -> bool:
    """Whether it is proved that no text fits both, whatever their holes stand for."""
    return not pairs.meets(widened(one), widened(other))


@dataclass(frozen=True, slots=True)
class Patterns:
    """A list of patterns, sorted for being compared; with ``all_but`` (``NotAction``) it is all they leave.

    ``exact`` are those that stand for one text that is known; only the others cover any but themselves.
    """

    exact: frozenset[str]
    wild: tuple[Shape, ...]
    all_but: bool = False

    @staticmethod
    def of(shapes: Iterable[Shape], *, all_but: bool = False) -> Patterns:
        exact: set[str] = set()
        wild: list[Shape] = []
        for one in dict.fromkeys(shapes):
            text = "" if not one else one[0] if len(one) == 1 else None
            if isinstance(text, str) and not has_wildcard(one):
                exact.add(text)
            else:
                wild.append(one)
        return Patterns(frozenset(exact), tuple(wild), all_but)

    def cover(self, narrow: Shape) -> bool:
        """Whether one of the patterns is proved to cover another one, ``all_but`` left aside."""
        if (narrow[0] if len(narrow) == 1 else "" if not narrow else None) in self.exact:
            return True
        return any(covers(one, narrow) for one in self.wild)

    def within(self, other: Patterns) -> bool:
        """Whether all that this stands for is proved to lie in another one."""
        if self.all_but and other.all_but:
            return other._listed_in(self)
        if self.all_but:
            return any(is_wildcard_only(one) for one in other.wild)
        if other.all_but:
            return self._apart_from(other)
        return self._listed_in(other)

    def _listed_in(self, other: Patterns) -> bool:
        left = _shapes(self.exact - other.exact)
        return all(map(other.cover, (*self.wild, *left)))

    def _apart_from(self, other: Patterns) -> bool:
        if self.exact & other.exact:
            return False
        return all(
            disjoint(left, mine)
            for lefts, mines in (
                (other.wild, (*_shapes(self.exact), *self.wild)),
                (_shapes(other.exact), self.wild),
            )
            for left in lefts
            for mine in mines
        )


def _shapes(texts: Iterable[str]) -> tuple[Shape, ...]:
    return tuple((text,) if text else () for text in texts)


_VARIABLE: Final = lazy_regex(r"(\$\{[^}]*\})")


def _with_variables(pieces: Shape) -> Shape:
    out: list[str | Hole] = []
    for piece in pieces:
        if isinstance(piece, Hole) or "${" not in piece:
            out.append(piece)
            continue
        for index, part in enumerate(_VARIABLE.split(piece)):
            if part:
                # Named for its default value too: with another one it is another text.
                out.append(Hole(part) if index % 2 else part)
    return tuple(out)
