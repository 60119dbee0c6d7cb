"""Sets of texts as IAM writes them: globs, and what they are read as.

A pattern is a tuple of tokens. A text in a policy becomes one with ``glob`` (``*`` and ``?`` are
wildcards) or ``plain`` (they mean themselves); ``in_segments`` and ``as_resource`` then keep wildcards
within the segments of an ARN. A hole, a piece of text that nobody knows yet, is a letter of its own that
equals itself and nothing else: a text with holes stands for the texts that filling them in would give.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from enum import IntEnum
from typing import Final, TypeAlias

from stockade.memory import remembered
from stockade.value import Hole

Shape: TypeAlias = tuple[str | Hole, ...]
"""A text of which a part may not be known: pieces of text, and holes."""


class Wild(IntEnum):
    """A token that stands for more than one letter. The ``SEGMENT`` ones never stand for a colon."""

    STAR = 0
    ONE = 1
    SEGMENT_STAR = 2
    SEGMENT_ONE = 3
    DIGIT = 4


Token: TypeAlias = str | Wild | Hole
"""A letter, or several of which any may stand there (``aA``); a wildcard; a hole."""

Pattern: TypeAlias = tuple[Token, ...]

STAR: Final = Wild.STAR
ANYTHING: Final[Pattern] = (STAR,)
STARS: Final = (Wild.STAR, Wild.SEGMENT_STAR)


# ---------------------------------------------------------------------------------------- patterns


def glob(shape: Shape | str, *, fold: bool = False) -> Pattern:
    """A text in which ``*`` and ``?`` are wildcards; with ``fold`` letters match in either case."""
    return _globbed((shape,) if isinstance(shape, str) else shape, fold)


@remembered(1 << 15)
def _globbed(shape: Shape, fold: bool) -> Pattern:
    out: list[Token] = []
    for piece in shape:
        if isinstance(piece, Hole):
            out.append(piece)
            continue
        for letter in piece:
            if letter == "*":
                if not out or out[-1] is not STAR:
                    out.append(STAR)
            else:
                out.append(Wild.ONE if letter == "?" else _either(letter) if fold else letter)
    return tuple(out)


def plain(shape: Shape | str, *, fold: bool = False) -> Pattern:
    """A text that means itself."""
    pieces = (shape,) if isinstance(shape, str) else shape
    return tuple(
        token
        for piece in pieces
        for token in ((piece,) if isinstance(piece, Hole) else map(_either, piece) if fold else piece)
    )


@remembered(1 << 15)
def in_segments(pattern: Pattern) -> Pattern:
    """An ARN pattern as ``ArnLike`` reads it: a wildcard stays within its segment, but in the last.

    A text with fewer than six segments that ends in a star is read as if the missing ones were stars.
    """
    out: list[Token] = []
    segment = 0
    for one in pattern:
        segment += one == ":"
        if isinstance(one, Wild) and segment < 5:
            out.append(Wild.SEGMENT_STAR if one is STAR else Wild.SEGMENT_ONE)
        else:
            out.append(one)
    if segment < 5 and out and out[-1] in STARS:
        for _ in range(5 - segment):
            out += (":", Wild.SEGMENT_STAR)
        out[-1] = STAR
    return tuple(out)


@remembered(1 << 15)
def as_resource(pattern: Pattern) -> Pattern:
    """A ``Resource`` as IAM reads it: segment by segment where it has an ARN's, else as a plain glob.

    AWS's documentation says that a wildcard may reach beyond its segment, and its own verdicts on "no new
    access" say that it does not where all segments are written (a stack ``stack/a/*`` is no
    ``stack/b/*``). So it does where segments are missing, or what stands for the account cannot be one.
    """
    colons = [at for at, one in enumerate(pattern) if one == ":"]
    if len(colons) < 5 or not all(map(_may_be_account, pattern[colons[3] + 1 : colons[4]])):
        return pattern
    return (*in_segments(pattern[: colons[4] + 1])[:-1], *pattern[colons[4] :])


_OF_ACCOUNTS: Final = "0123456789aws"
"""Letters of account numbers, and of ``aws``, whose own policies are."""


def _may_be_account(one: Token) -> bool:
    return not isinstance(one, str) or one in _OF_ACCOUNTS


def _either(letter: str) -> str:
    lower, upper = letter.lower(), letter.upper()
    return lower if lower == upper or len(lower) != 1 or len(upper) != 1 else lower + upper


def holes_in(pattern: Pattern) -> Iterator[Hole]:
    """The pieces of a pattern that nobody knows."""
    return (token for token in pattern if isinstance(token, Hole))


@remembered(1 << 15)
def is_exact(pattern: Pattern) -> bool:
    """Whether a pattern stands for one text only."""
    return all(isinstance(one, Hole) or (isinstance(one, str) and len(one) == 1) for one in pattern)


@remembered(1 << 15)
def only_text(pattern: Pattern) -> str | None:
    """The one text that a pattern without holes stands for, if it is one."""
    if not _LETTERS.issuperset(map(type, pattern)):
        return None
    text = "".join(pattern)  # type: ignore[arg-type]  # all of them are texts
    return text if len(text) == len(pattern) else None


_LETTERS: Final = frozenset((str,))


_OPENING: Final = 3


@remembered(1 << 15)
def opening(pattern: Pattern) -> Pattern:
    """What all texts of a pattern open with, up to a colon, or to the third of an ARN; empty where they differ.

    Two patterns that open in different ways have no text in common.
    """
    colons = 0
    arn = pattern[:4] == ("a", "r", "n", ":")
    for at, one in enumerate(pattern):
        if not isinstance(one, str) or len(one) > 1:
            return ()
        if one == ":":
            colons += 1
            if colons == (_OPENING if arn else 1):
                return pattern[:at]
    return ()


def fill(pattern: Pattern, fillings: Mapping[Hole, str], *, fold: bool = False) -> Pattern:
    """The pattern with some of its holes filled in; what fills one has no wildcards.

    With ``fold`` its letters match in either case.
    """
    if not any(isinstance(token, Hole) and token in fillings for token in pattern):
        return pattern
    out: list[Token] = []
    for token in pattern:
        if isinstance(token, Hole) and token in fillings:
            out += plain(fillings[token], fold=fold)
        else:
            out.append(token)
    return tuple(out)


def opened(pattern: Pattern) -> Pattern:
    """The pattern with a star at every hole: all that filling them in could make of it.

    A hole in one of an ARN's first five segments stays inside of it: nobody builds an ARN from a variable
    that itself holds a colon and leaves the others written out.
    """
    if not any(isinstance(token, Hole) for token in pattern):
        return pattern
    inside_of = segments(pattern)
    return tuple(
        (Wild.SEGMENT_STAR if inside else STAR) if isinstance(token, Hole) else token
        for token, inside in zip(pattern, inside_of, strict=True)
    )


def widened(shape: Shape | str) -> Pattern:
    """A shape read as a glob, each of its holes as a star that no colon ends."""
    return tuple(STAR if isinstance(token, Hole) else token for token in glob(shape))


def segments(pattern: Pattern) -> list[bool]:
    """For every token whether it stands in one of the first five segments of an ARN that is written out."""
    colons = [at for at, one in enumerate(pattern) if one == ":"]
    if pattern[:4] != ("a", "r", "n", ":") or len(colons) < 5:
        return [False] * len(pattern)
    return [at < colons[4] for at in range(len(pattern))]


_REGEX: Final = {
    Wild.STAR: ".*",
    Wild.ONE: ".",
    Wild.SEGMENT_STAR: "[^:]*",
    Wild.SEGMENT_ONE: "[^:]",
    Wild.DIGIT: "[0-9]",
}


_HOLE: Final = "(.*)"


def regex(pattern: Pattern) -> str:
    """A regular expression for a pattern, to be matched whole with ``re.DOTALL``; holes are groups of any text.

    Every ``X*Y`` becomes an atomic group, so that matching never backtracks over more than one star:
    the leftmost place for what follows a star leaves the most room for the rest.
    """
    runs: list[tuple[str, list[str]]] = [("", [])]
    for token in pattern:
        if isinstance(token, Hole):
            runs.append((_HOLE, []))
        elif token in STARS:
            runs.append((_REGEX[Wild(token)], []))
        else:
            runs[-1][1].append(_one(token))
    (_, first), *middle = runs
    last = middle.pop() if middle else ("", [])
    groups = (f"(?>{'(.*?)' if star is _HOLE else f'{star}?'}{''.join(run)})" for star, run in middle)
    return "".join((*first, *groups, last[0], *last[1]))


def _one(token: Token) -> str:
    if isinstance(token, Wild):
        return _REGEX[token]
    letters = str(token)
    return re.escape(letters) if len(letters) == 1 else f"[{re.escape(letters)}]"
