"""Two patterns held against one another: whether they have a text in common, whether one covers the other."""

from __future__ import annotations

from typing import Final

from stockade.errors import BudgetExceeded
from stockade.iam.automaton import Budget, accepts, classes, compiled
from stockade.iam.glob import ANYTHING, STAR, STARS, Pattern, Token, Wild, is_exact
from stockade.memory import remembered
from stockade.value import Hole


@remembered(1 << 15)
def meets(one: Pattern, other: Pattern) -> bool:
    """Whether some text fits both patterns. A hole fits itself, and a star."""
    for mine, theirs in zip(one, other, strict=False):
        if not (isinstance(mine, str) and isinstance(theirs, str)):
            break
        if mine != theirs and not _overlap(mine, theirs):
            return False
    # The places of `other` that can be stood on, for each place of `one` in turn, as the bits of an integer.
    places = _places(other)
    row = places.closed(1)
    for token in one:
        row = places.after(row, token)
        if not row:
            return False
    return bool(row >> len(other) & 1)


class _Places:
    """The places of a pattern, and where a token of another one leads from them."""

    __slots__ = ("_known", "_letters", "_pattern", "_stars", "_wild")

    def __init__(self, pattern: Pattern) -> None:
        self._pattern = pattern
        self._stars = sum(1 << at for at, token in enumerate(pattern) if token in STARS)
        self._known: dict[Token, int] = {}
        self._letters: dict[str, int] = {}
        self._wild = 0
        for at, token in enumerate(pattern):
            if isinstance(token, Wild):
                self._wild |= 1 << at
            elif isinstance(token, str):
                for letter in token:
                    self._letters[letter] = self._letters.get(letter, 0) | 1 << at

    def after(self, row: int, token: Token) -> int:
        """The places after a token."""
        size = len(self._pattern)
        if token is STAR:
            return (1 << (size + 1)) - (row & -row)
        passing = self._known.get(token)
        if passing is None:
            passing = self._known[token] = self._passing(token)
        if token is Wild.SEGMENT_STAR:
            # Any number of steps, twice as many each time.
            way, width = (passing | self._stars) << 1, 1
            while width <= size:
                row |= way & row << width
                way &= way << width
                width *= 2
            return row
        return self.closed((row & passing & ~self._stars) << 1 | row & passing & self._stars)

    def _passing(self, token: Token) -> int:
        """The places that a letter of the token gets past, or can stay at."""
        if not isinstance(token, str):
            return sum(1 << at for at, one in enumerate(self._pattern) if _overlap(token, one))
        out, wild = 0, self._wild
        for letter in token:
            out |= self._letters.get(letter, 0)
        while wild:
            lowest = wild & -wild
            if _overlap(token, self._pattern[lowest.bit_length() - 1]):
                out |= lowest
            wild ^= lowest
        return out

    def closed(self, row: int) -> int:
        """The places that stars let through to as well, without reading anything."""
        while (more := row | (row & self._stars) << 1) != row:
            row = more
        return row


@remembered(1 << 12)
def _places(pattern: Pattern) -> _Places:
    return _Places(pattern)


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


@remembered(1 << 16)
def covers(wide: Pattern, narrow: Pattern) -> bool | None:
    """Whether every text of ``narrow`` is one of ``wide``; ``None`` where that took too many steps."""
    if wide in (narrow, ANYTHING):
        return True
    if is_exact(narrow):
        return accepts(wide, narrow)
    if (prefix := _prefix(wide)) is not None:
        return _starts(narrow, prefix)
    chain = compiled((wide,))
    if chain.cover(narrow):
        return True
    for star in _SAMPLES:
        if not chain.through(_sample(narrow, star)) & chain.accepting:
            return False
    try:
        found = classes((wide,), within=narrow, budget=Budget(_MOST_PAIRS))
    except BudgetExceeded:
        return None
    return 0 not in found


_SAMPLES: Final = ((), ("\ue001",), ("\ue001", "\ue002"))
"""What a star may be, in letters of the private use area, which hardly any pattern names."""


def _sample(pattern: Pattern, star: Pattern) -> Pattern:
    """A text of a pattern, in which every star is the same."""
    out: list[Token] = []
    for token in pattern:
        if token in STARS:
            out += star
        else:
            out.append({Wild.DIGIT: "7"}.get(token, "\ue001") if isinstance(token, Wild) else token)
    return tuple(out)


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
