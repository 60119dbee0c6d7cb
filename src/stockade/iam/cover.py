"""What one pattern covers of another: containments that are proved at a glance, with holes in the texts.

An answer of yes is a proof, whatever the holes stand for. An answer of no says only that none was found:
of two patterns with a ``?`` in them, some that contain one another are missed.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache
from typing import Final, TypeAlias

from stockade.iam.match import Shape, is_wildcard_only, matches
from stockade.value import Hole, Text

Piece: TypeAlias = str | Text
"""One string of a policy: its text, or what is known of it."""


def shape(piece: Piece) -> Shape:
    """A string as known text and holes. Policy variables become holes named for all that stands in them."""
    pieces: Shape = (piece,) if isinstance(piece, str) else piece.shape()
    return _with_variables(pieces)


@lru_cache(maxsize=1 << 13)
def covers(wide: Shape, narrow: Shape) -> bool:
    """Whether every text that fits ``narrow`` is proved to fit ``wide``."""
    if wide == narrow or is_wildcard_only(wide):
        return True
    return matches(wide, _letters(narrow)) is True


@lru_cache(maxsize=1 << 13)
def disjoint(one: Shape, other: Shape) -> bool:
    """Whether it is proved that no text fits both."""
    return matches(one, _holes(other)) is False


def within(
    narrow: Collection[Shape], wide: Collection[Shape], *, all_but: bool = False, of_all_but: bool = False
) -> bool:
    """Whether one list of patterns is proved to lie in another one.

    With ``all_but`` the narrow list says what is left out, as ``NotAction`` does; with ``of_all_but`` the
    wide one does.
    """
    if all_but and of_all_but:
        return all(any(covers(mine, left) for mine in narrow) for left in wide)
    if all_but:
        return any(is_wildcard_only(one) for one in wide)
    if of_all_but:
        return all(disjoint(left, mine) for mine in narrow for left in wide)
    return all(any(covers(one, mine) for one in wide) for mine in narrow)


_VARIABLE: Final = re.compile(r"(\$\{[^}]*\})")
_STAR: Final = Hole("\0star")  # no hole of a policy has that name
_ONE: Final = "\ue000"  # a letter of the private use area: nothing but a wildcard of the other pattern takes it


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


def _letters(pattern: Shape) -> Shape:
    """The pattern as a text: a star is a piece that only a star takes in, whatever it stands for."""
    out: list[str | Hole] = []
    for piece in pattern:
        if isinstance(piece, Hole):
            out.append(piece)
            continue
        for part in re.split(r"(\*+)", piece.replace("?", _ONE)):
            if part:
                out.append(_STAR if part[0] == "*" else part)
    return tuple(out)


def _holes(pattern: Shape) -> Shape:
    out: list[str | Hole] = []
    for piece in pattern:
        if isinstance(piece, Hole):
            out.append(piece)
            continue
        for part in re.split(r"([*?])", piece):
            if part:
                out.append(Hole(part) if part in "*?" else part)
    return tuple(out)
