"""Two patterns held against one another: whether they have a text in common, whether one covers the other."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from stockade.errors import BudgetExceeded
from stockade.iam.automaton import Budget, accepts, classes
from stockade.iam.glob import ANYTHING, STAR, STARS, Pattern, Token, Wild, is_exact
from stockade.value import Hole


@lru_cache(maxsize=1 << 15)
def meets(one: Pattern, other: Pattern) -> bool:
    """Whether some text fits both patterns. A hole fits itself, and a star that may cross segments."""
    # Which places of `other` can be stood on, for each place of `one` in turn.
    size = len(other)
    row = _closed(1, other)
    for token in one:
        if token in STARS:
            # Every step of `other` that the star allows may be taken, any number of times.
            if token is STAR:
                row = (1 << (size + 1)) - (row & -row)
                continue
            for at in range(size):
                if row >> at & 1 and (other[at] in STARS or _overlap(token, other[at])):
                    row |= 1 << (at + 1)
            continue
        after = 0
        for at in range(size):
            if row >> at & 1 and _overlap(token, other[at]):
                after |= 1 << (at if other[at] in STARS else at + 1)
        row = _closed(after, other)
        if not row:
            return False
    return bool(row >> size & 1)


def _closed(places: int, pattern: Pattern) -> int:
    """The places that stars let through to without reading anything."""
    for at, token in enumerate(pattern):
        if token in STARS and places >> at & 1:
            places |= 1 << (at + 1)
    return places


def _overlap(one: Token, other: Token) -> bool:
    """Whether a letter fits both tokens."""
    if isinstance(one, Hole) or isinstance(other, Hole):
        return one == other or one in STARS or other in STARS
    if isinstance(one, Wild):
        one, other = other, one
    if isinstance(one, Wild):
        if isinstance(other, Wild):
            return True
        one, other = other, one
    if isinstance(other, Wild):
        return _fits(other, one)
    return not set(one).isdisjoint(other)


def _fits(wild: Wild, letters: str) -> bool:
    match wild:
        case Wild.STAR | Wild.ONE:
            return True
        case Wild.DIGIT:
            return any(letter in "0123456789" for letter in letters)
        case _:
            return letters != ":"


_MOST_PAIRS: Final = 20_000
"""Steps that holding one pattern against another may take."""


@lru_cache(maxsize=1 << 16)
def covers(wide: Pattern, narrow: Pattern) -> bool | None:
    """Whether every text of ``narrow`` is one of ``wide``; ``None`` where that took too many steps."""
    if wide in (narrow, ANYTHING):
        return True
    if is_exact(narrow):
        return accepts(wide, narrow)
    if (prefix := _prefix(wide)) is not None:
        return _starts(narrow, prefix)
    try:
        found = classes((wide,), within=narrow, budget=Budget(_MOST_PAIRS))
    except BudgetExceeded:
        return None
    return 0 not in found


def _prefix(pattern: Pattern) -> Pattern | None:
    """What a pattern opens with that is otherwise one last star."""
    if not pattern or pattern[-1] is not STAR:
        return None
    head = pattern[:-1]
    return head if all(isinstance(token, str) for token in head) else None


def _starts(narrow: Pattern, prefix: Pattern) -> bool:
    """Whether every text of a pattern starts so."""
    if len(narrow) < len(prefix):
        return False
    return all(
        isinstance(token, str) and set(token) <= set(wanted)
        for token, wanted in zip(narrow, prefix, strict=False)
        if isinstance(wanted, str)
    )
