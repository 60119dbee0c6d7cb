"""Sets of texts as IAM writes them, globs, and what can be said of several of them at once.

A pattern is a tuple of tokens. A text in a policy becomes one with ``glob`` (``*`` and ``?`` are
wildcards), ``plain`` (they mean themselves) or ``arn`` (wildcards stay within one of the first five
segments of an ARN). A hole, a piece of text that nobody knows yet, is a letter of its own that equals
itself and nothing else: a text with holes stands for the texts that filling them in would give.

Everything here is exact. What could take exponential time counts its steps against a ``Budget``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from enum import IntEnum
from functools import lru_cache
from typing import Final, TypeAlias

from stockade.errors import BudgetExceeded
from stockade.iam.match import Shape
from stockade.value import Hole


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
_STARS: Final = (Wild.STAR, Wild.SEGMENT_STAR)


class Budget:
    """How many steps a question may still take. ``spend`` raises ``BudgetExceeded`` when none are left."""

    __slots__ = ("left",)

    def __init__(self, steps: int) -> None:
        self.left = steps

    def spend(self, steps: int = 1) -> None:
        self.left -= steps
        if self.left < 0:
            raise BudgetExceeded("the question is too large to be answered within its budget")


# ---------------------------------------------------------------------------------------- patterns


def glob(shape: Shape | str, *, fold: bool = False) -> Pattern:
    """A text in which ``*`` and ``?`` are wildcards; with ``fold`` letters match in either case."""
    return _globbed((shape,) if isinstance(shape, str) else shape, fold)


@lru_cache(maxsize=1 << 15)
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


def arn(shape: Shape | str) -> Pattern:
    """An ARN pattern as ``ArnLike`` reads it: a wildcard stays within its segment, but in the last.

    A text with fewer than six segments that ends in a star is read as if the missing ones were stars.
    """
    out: list[Token] = []
    segment = 0
    for one in glob(shape):
        segment += one == ":"
        if isinstance(one, Wild) and segment < 5:
            out.append(Wild.SEGMENT_STAR if one is STAR else Wild.SEGMENT_ONE)
        else:
            out.append(one)
    if segment < 5 and out and out[-1] in _STARS:
        for _ in range(5 - segment):
            out += (":", Wild.SEGMENT_STAR)
        out[-1] = STAR
    return tuple(out)


def resource(shape: Shape | str) -> Pattern:
    """A ``Resource`` as IAM reads it: segment by segment where it has an ARN's, else as a plain glob.

    AWS's documentation says that a wildcard may reach beyond its segment, and its own verdicts on "no new
    access" say that it does not where all segments are written (a stack ``stack/a/*`` is no
    ``stack/b/*``). So it does where segments are missing, or what stands for the account cannot be one.
    """
    pattern = glob(shape)
    colons = [at for at, one in enumerate(pattern) if one == ":"]
    if len(colons) < 5 or not all(map(_may_be_account, pattern[colons[3] + 1 : colons[4]])):
        return pattern
    head = tuple(
        token if not isinstance(token, Wild) else Wild.SEGMENT_STAR if token is STAR else Wild.SEGMENT_ONE
        for token in pattern[: colons[4]]
    )
    return (*head, *pattern[colons[4] :])


def _may_be_account(one: Token) -> bool:
    return not isinstance(one, str) or one in "0123456789aws${}:,"


def _either(letter: str) -> str:
    lower, upper = letter.lower(), letter.upper()
    return lower if lower == upper or len(lower) != 1 or len(upper) != 1 else lower + upper


def holes_in(pattern: Pattern) -> Iterator[Hole]:
    """The pieces of a pattern that nobody knows."""
    return (token for token in pattern if isinstance(token, Hole))


@lru_cache(maxsize=1 << 15)
def is_exact(pattern: Pattern) -> bool:
    """Whether a pattern stands for one text only."""
    return all(isinstance(one, Hole) or (isinstance(one, str) and len(one) == 1) for one in pattern)


@lru_cache(maxsize=1 << 15)
def only_text(pattern: Pattern) -> str | None:
    """The one text that a pattern without holes stands for, if it is one."""
    if all(isinstance(one, str) and len(one) == 1 for one in pattern):
        return "".join(pattern)  # type: ignore[arg-type]
    return None


_OPENING: Final = 3


@lru_cache(maxsize=1 << 15)
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


def fill(pattern: Pattern, fillings: dict[Hole, str]) -> Pattern:
    """The pattern with some of its holes filled in; what fills one has no wildcards."""
    if not any(isinstance(token, Hole) and token in fillings for token in pattern):
        return pattern
    out: list[Token] = []
    for token in pattern:
        if isinstance(token, Hole) and token in fillings:
            out += fillings[token]
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
    segments = _segments(pattern)
    return tuple(
        (Wild.SEGMENT_STAR if inside else STAR) if isinstance(token, Hole) else token
        for token, inside in zip(pattern, segments, strict=True)
    )


def _segments(pattern: Pattern) -> list[bool]:
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


def regex(pattern: Pattern) -> str:
    """A regular expression for a pattern without holes, to be matched whole with ``re.DOTALL``.

    Every ``X*Y`` becomes an atomic group, so that matching never backtracks over more than one star:
    the leftmost place for what follows a star leaves the most room for the rest.
    """
    runs: list[tuple[str, list[str]]] = [("", [])]
    for token in pattern:
        if token in _STARS:
            runs.append((_REGEX[Wild(token)], []))
        else:
            runs[-1][1].append(_one(token))
    (_, first), *middle = runs
    last = middle.pop() if middle else ("", [])
    groups = (f"(?>{star}?{''.join(run)})" for star, run in middle)
    return "".join((*first, *groups, last[0], *last[1]))


def _one(token: Token) -> str:
    if isinstance(token, Wild):
        return _REGEX[token]
    letters = str(token)
    return re.escape(letters) if len(letters) == 1 else f"[{re.escape(letters)}]"


# -------------------------------------------------------------------------------------- two of them


@lru_cache(maxsize=1 << 15)
def meets(one: Pattern, other: Pattern) -> bool:
    """Whether some text fits both patterns. A hole fits itself, and a star that may cross segments."""
    # Which places of `other` can be stood on, for each place of `one` in turn.
    size = len(other)
    row = _closed(1, other)
    for token in one:
        if token in _STARS:
            # Every step of `other` that the star allows may be taken, any number of times.
            reached = row
            for at in range(size):
                if reached >> at & 1 and _overlap(token, other[at]):
                    reached |= 1 << (at + 1)
                    reached = _closed(reached, other)
            row = reached
            continue
        after = 0
        for at in range(size):
            if row >> at & 1 and _overlap(token, other[at]):
                after |= 1 << (at if other[at] in _STARS else at + 1)
        row = _closed(after, other)
        if not row:
            return False
    return bool(row >> size & 1)


def _closed(places: int, pattern: Pattern) -> int:
    """The places that stars let through to without reading anything."""
    for at, token in enumerate(pattern):
        if token in _STARS and places >> at & 1:
            places |= 1 << (at + 1)
    return places


def _overlap(one: Token, other: Token) -> bool:
    """Whether a letter fits both tokens."""
    if isinstance(one, Hole) or isinstance(other, Hole):
        return one == other or one in _STARS or other in _STARS
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


def accepts(pattern: Pattern, text: Pattern) -> bool:
    """Whether a pattern matches one text; in a text that is exact, holes are letters of their own."""
    chain = _compiled((pattern,))
    return bool(chain.signature(chain.through(text)))


def possibly(pattern: Pattern, text: Pattern) -> bool:
    """Whether a pattern could match a text if every hole in both were any text, each for itself."""
    chain = _compiled((opened(pattern),), 1)
    return bool(chain.through(text) & chain.accepting)


# ------------------------------------------------------------------------------------ many at once


class _Chain:
    """Patterns side by side in one integer of places: which letters step over which, and what stays.

    A pattern of ``n`` tokens that are no stars has ``n + 1`` places; a star is kept at its place.
    """

    __slots__ = (
        "accepting",
        "any",
        "digit",
        "ends",
        "no_colon",
        "spans",
        "start",
        "stay",
        "stay_segment",
        "steps",
    )

    def __init__(self, patterns: Sequence[Pattern], loose: int = 0) -> None:
        self.steps: dict[str | Hole, int] = {}
        self.any = self.no_colon = self.digit = self.stay = self.stay_segment = self.start = 0
        self.ends: list[int] = []
        at = 1
        for pattern in patterns:
            self.start |= at
            for token in pattern:
                if token is Wild.STAR:
                    self.stay |= at
                    continue
                if token is Wild.SEGMENT_STAR:
                    self.stay_segment |= at
                    continue
                if token is Wild.ONE:
                    self.any |= at
                elif token is Wild.SEGMENT_ONE:
                    self.no_colon |= at
                elif token is Wild.DIGIT:
                    self.digit |= at
                else:
                    for letter in (token,) if isinstance(token, Hole) else token:
                        self.steps[letter] = self.steps.get(letter, 0) | at
                at <<= 1
            self.ends.append(at)
            at <<= 1
        self.accepting = sum(self.ends)
        self.spans = tuple(
            ((end << 1) - start, end << 1)
            for index, (start, end) in enumerate(
                zip((1, *(one << 1 for one in self.ends)), self.ends, strict=False)
            )
            if loose >> index & 1
        )
        """Of patterns to which a hole in a text is any text: their places, and the first beyond."""

    def step(self, places: int, letter: str | Hole) -> int:
        """Where one letter leads to from all these places."""
        moving = self.steps.get(letter, 0)
        stay = self.stay
        if not isinstance(letter, Hole):
            moving |= self.any
            if letter != ":":
                moving |= self.no_colon
                stay |= self.stay_segment
            if letter in _DIGITS:
                moving |= self.digit
        else:
            stay |= self.stay_segment
        reached = (places & moving) << 1 | places & stay
        if self.spans and isinstance(letter, Hole):
            for span, beyond in self.spans:
                # Any text leads from the first place to every later one.
                if here := places & span:
                    reached |= beyond - (here & -here)
        return reached

    def ordinary(self) -> list[tuple[str | Hole, int, int]]:
        """Letters that do what a stranger does but where a pattern names them: there, and all they do."""
        return [
            (letter, mask, mask | self.any | self.no_colon)
            for letter, mask in self.steps.items()
            if not isinstance(letter, Hole) and letter != ":" and not (self.digit and letter in _DIGITS)
        ]

    def special(self) -> list[str | Hole]:
        """All other letters, and a stranger of each kind."""
        ordinary = {letter for letter, *_ in self.ordinary()}
        named = [letter for letter in self.steps if letter not in ordinary]
        return [*_strangers(self.steps, bool(self.digit)), *named]

    def through(self, text: Pattern) -> int:
        """Where a text leads to; of several letters that may stand at one place the first is taken."""
        places = self.start
        if self.spans and any(isinstance(letter, Hole) for letter in text):
            for letter, inside in zip(text, _segments(text), strict=True):
                if inside and isinstance(letter, Hole):
                    places = self._within_segment(places) | self.step(places, letter) & ~self._loose
                else:
                    places = self.step(places, letter if isinstance(letter, Hole) else str(letter)[0])
            return places
        for letter in text:
            places = self.step(places, letter if isinstance(letter, Hole) else str(letter)[0])
        return places

    @property
    def _loose(self) -> int:
        """The places of patterns to which a hole in a text is any text."""
        return sum(span for span, _ in self.spans)

    def _within_segment(self, places: int) -> int:
        """Where any text without a colon leads to, for those patterns."""
        loose = self._loose
        passable = loose & ~self.steps.get(":", 0) & ~self.accepting
        reached = places & loose
        while (more := reached | (reached & passable) << 1 & loose) != reached:
            reached = more
        return reached

    def signature(self, places: int) -> int:
        """The patterns that match what led here: a bit each, in their order."""
        found = places & self.accepting
        if not found:
            return 0
        out = 0
        for index, end in enumerate(self.ends):
            if found & end:
                out |= 1 << index
        return out


_DIGITS: Final = frozenset("0123456789")
_USUAL: Final = "xyzqwkvjXYZQ_"


def _strangers(known: Iterable[str | Hole], digits: bool) -> tuple[str, ...]:
    """Letters that no pattern names: one stands for all of its kind."""
    taken = set(known)
    usual = (letter for letter in _USUAL if letter not in taken)
    other = next(usual, None) or next(chr(one) for one in range(0x100, 0x3000) if chr(one) not in taken)
    out = [other]
    if ":" not in taken:
        out.append(":")
    if digits and (digit := next((one for one in "1234567890" if one not in taken), None)):
        out.append(digit)
    return tuple(out)


@lru_cache(maxsize=1 << 14)
def _compiled(patterns: tuple[Pattern, ...], loose: int = 0) -> _Chain:
    return _Chain(patterns, loose)


Text: TypeAlias = tuple[str | Hole, ...]
"""A text letter by letter, in which holes are letters."""


def classes(
    patterns: tuple[Pattern, ...], *, within: Pattern = ANYTHING, loose: int = 0, budget: Budget
) -> dict[int, Text]:
    """The classes that patterns divide all texts of ``within`` into, each with a short text of it.

    Two texts are in one class when the same patterns match them; the key has a bit for each of these, in
    order. A class of texts that none matches has the key 0. ``loose`` has a bit for each pattern that is
    asked whether it *could* match, whatever the holes in it and in the text stand for; all others are
    asked whether they match in any case. The texts have the holes of ``within`` and of patterns that
    are not loose. Raises ``BudgetExceeded``.
    """
    ready = tuple(opened(one) if loose >> index & 1 else one for index, one in enumerate(patterns))
    if is_exact(within):
        chain = _compiled(ready, loose)
        exact = tuple(token if isinstance(token, Hole) else str(token)[0] for token in within)
        return {chain.signature(chain.through(exact)): exact}
    return _apart(ready, within, loose, budget) or _divided(ready, within, loose, budget)


def _apart(
    patterns: tuple[Pattern, ...], within: Pattern, loose: int, budget: Budget
) -> dict[int, Text] | None:
    """The classes where plain texts among the patterns are looked at one by one, and only the rest divided.

    ``None`` where a class would be shown by one of these texts, which is in a class of its own.
    """
    exact = {one: index for index, one in enumerate(patterns) if only_text(one) is not None}
    if len(exact) < 2:
        return None
    wild = [index for index, one in enumerate(patterns) if one not in exact]
    rest = tuple(patterns[index] for index in wild)
    loose_rest = sum(1 << at for at, index in enumerate(wild) if loose >> index & 1)

    def spread(signature: int) -> int:
        return sum(1 << index for at, index in enumerate(wild) if signature >> at & 1)

    found: dict[int, Text] = {}
    for signature, text in _divided(rest, within, loose_rest, budget).items():
        if text in exact:
            return None
        found[spread(signature)] = text
    chain = _compiled((*rest, within), loose_rest)
    own = 1 << len(rest)
    for index, one in enumerate(patterns):
        if one in exact:
            budget.spend()
            signature = chain.signature(chain.through(one))
            if signature & own:
                alike = sum(1 << other for other, pattern in enumerate(patterns) if pattern == one)
                found.setdefault(spread(signature & ~own) | alike | 1 << index, one)  # type: ignore[arg-type]
    return found


def _divided(patterns: tuple[Pattern, ...], within: Pattern, loose: int, budget: Budget) -> dict[int, Text]:
    """The classes, by going through all states that texts of ``within`` lead to."""
    chain = _compiled((*patterns, within), loose)
    own = chain.ends[-1]
    # Places of `within` are the highest; a state without any of them leads nowhere.
    floor = chain.ends[-2] << 1 if patterns else 1
    found: dict[int, Text] = {}
    seen: dict[int, tuple[int, str | Hole] | None] = {chain.start: None}
    front = [chain.start]
    mask = (1 << len(patterns)) - 1
    stay, letters, special = chain.stay | chain.stay_segment, chain.ordinary(), chain.special()
    cost = 1 + len(chain.steps) // 16
    while front:
        after: list[int] = []
        for places in front:
            budget.spend(cost)
            if places & own:
                signature = chain.signature(places) & mask
                if signature not in found:
                    found[signature] = _spelt(places, seen)
            kept = places & stay
            reaching = [
                (letter, (places & moving) << 1 | kept) for letter, own_, moving in letters if places & own_
            ]
            reaching += ((letter, chain.step(places, letter)) for letter in special)
            for letter, reached in reaching:
                if reached >= floor and reached not in seen:
                    seen[reached] = places, letter
                    after.append(reached)
        front = after
    return found


def _spelt(places: int, seen: dict[int, tuple[int, str | Hole] | None]) -> Text:
    letters: list[str | Hole] = []
    while (came := seen[places]) is not None:
        places, letter = came
        letters.append(letter)
    return tuple(reversed(letters))


def spell(text: Text) -> str:
    """A text for people and for requests; its holes as they are shown."""
    return "".join(map(str, text))
