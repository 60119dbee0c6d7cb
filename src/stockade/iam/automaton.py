"""Texts run through patterns side by side, and the classes that patterns divide all texts into.

A pattern is a chain of places, the places of all patterns are the bits of one integer, and reading a letter
is a handful of operations on it. What could take exponential time counts its steps against a ``Budget``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, TypeAlias

from stockade.errors import BudgetExceeded
from stockade.iam.glob import ANYTHING, Pattern, Token, Wild, is_exact, only_text, opened, segments
from stockade.memory import remembered
from stockade.value import Hole


class Budget:
    """How many steps a question may still take. ``spend`` raises ``BudgetExceeded`` when none are left."""

    __slots__ = ("left",)

    def __init__(self, steps: int) -> None:
        self.left = steps

    def spend(self, steps: int = 1) -> None:
        self.left -= steps
        if self.left < 0:
            raise BudgetExceeded("the question is too large to be answered within its budget")


class Chain:
    """Patterns side by side in one integer of places: which letters step over which, and what stays.

    A pattern of ``n`` tokens that are no stars has ``n + 1`` places; a star is kept at its place.
    """

    __slots__ = (
        "_bits",
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
        letters: dict[Token, list[int]] = {}
        stars: dict[Token, list[int]] = {Wild.STAR: [], Wild.SEGMENT_STAR: []}
        starts: list[int] = []
        ends: list[int] = []
        at = 0
        for pattern in patterns:
            starts.append(at)
            for token in pattern:
                if token in stars:
                    stars[token].append(at)
                    continue
                for letter in token if isinstance(token, str) else (token,):
                    letters.setdefault(letter, []).append(at)
                at += 1
            ends.append(at)
            at += 1
        self.stay, self.stay_segment = _bits(stars[Wild.STAR], at), _bits(stars[Wild.SEGMENT_STAR], at)
        self.any, self.no_colon, self.digit = (
            _bits(letters.pop(one, ()), at) for one in (Wild.ONE, Wild.SEGMENT_ONE, Wild.DIGIT)
        )
        self.steps: dict[str | Hole, int] = {
            letter: _bits(places, at)  # type: ignore[misc]  # wildcards are out
            for letter, places in letters.items()
        }
        self.start = _bits(starts, at)
        self.ends: list[int] = [1 << one for one in ends]
        self.accepting = _bits(ends, at)
        self._bits = {end: 1 << index for index, end in enumerate(self.ends)}
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

    def cover(self, pattern: Pattern) -> bool:
        """Whether it can be seen, token by token, that its patterns match every text of another one.

        A text of the other falls into pieces, one for each of its tokens, and each of its stars is taken in by
        a star whole; so yes is a proof. Of those that are found out only by more than that, some are missed.
        """
        places = self.start
        for token in pattern:
            if not isinstance(token, Wild):
                after = -1
                for letter in token if isinstance(token, str) else (token,):
                    after &= self.step(places, letter)
            elif token is Wild.STAR:
                after = places & self.stay
            elif token is Wild.ONE:
                after = (places & self.any) << 1 | places & self.stay
            else:
                after = places & (self.stay | self.stay_segment)
                if token is not Wild.SEGMENT_STAR:
                    moving = self.any | self.no_colon | (self.digit if token is Wild.DIGIT else 0)
                    after |= (places & moving) << 1
            if not after:
                return False
            places = after
        return bool(places & self.accepting)

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
            return self._through_holes(text)
        for letter in text:
            places = self.step(places, letter if isinstance(letter, Hole) else str(letter)[0])
            if not places:
                break
        return places

    def _through_holes(self, text: Pattern) -> int:
        """The same for a text with holes, which in an ARN stay inside of their segments."""
        places = self.start
        loose = sum(span for span, _ in self.spans)
        passable = loose & ~self.steps.get(":", 0) & ~self.accepting
        for letter, inside in zip(text, segments(text), strict=True):
            if not (inside and isinstance(letter, Hole)):
                places = self.step(places, letter if isinstance(letter, Hole) else str(letter)[0])
                continue
            reached = places & loose
            while (more := reached | (reached & passable) << 1 & loose) != reached:
                reached = more
            places = reached | self.step(places, letter) & ~loose
        return places

    def signature(self, places: int) -> int:
        """The patterns that match what led here: a bit each, in their order."""
        found = places & self.accepting
        out = 0
        while found:
            end = found & -found
            out |= self._bits[end]
            found ^= end
        return out


def _bits(places: Sequence[int], size: int) -> int:
    """The integer that has these bits, of so many. In a long one setting each by itself takes too long."""
    few = 0
    if len(places) < _FEW:
        for at in places:
            few |= 1 << at
        return few
    many = bytearray(size // 8 + 1)
    for at in places:
        many[at >> 3] |= 1 << (at & 7)
    return int.from_bytes(many, "little")


_FEW: Final = 8
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


@remembered(1 << 14)
def compiled(patterns: tuple[Pattern, ...], loose: int = 0) -> Chain:
    return Chain(patterns, loose)


def accepts(pattern: Pattern, text: Pattern) -> bool:
    """Whether a pattern matches one text; in a text that is exact, holes are letters of their own.

    Most are decided by what is written before the first wildcard, which takes no chain: to make one costs more
    than to go through it, and most patterns have the name of one function in them.
    """
    for index, token in enumerate(pattern):
        if isinstance(token, Wild):
            if token is Wild.STAR and index + 1 == len(pattern):
                return True
            break
        if index == len(text):
            return False
        letter = text[index]
        if isinstance(letter, Wild):
            break
        if isinstance(token, str) and isinstance(letter, str):
            if letter[0] not in token:
                return False
        elif token != letter:
            return False
    else:
        return len(text) == len(pattern)
    chain = compiled((pattern,))
    return bool(chain.signature(chain.through(text)))


def possibly(pattern: Pattern, text: Pattern) -> bool:
    """Whether a pattern could match a text if every hole in both were any text, each for itself."""
    chain = compiled((opened(pattern),), 1)
    return bool(chain.through(text) & chain.accepting)


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
        chain = compiled(ready, loose)
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
        out = 0
        while signature:
            lowest = signature & -signature
            out |= 1 << wild[lowest.bit_length() - 1]
            signature ^= lowest
        return out

    alike: dict[Pattern, int] = {}
    for index, one in enumerate(patterns):
        alike[one] = alike.get(one, 0) | 1 << index
    found: dict[int, Text] = {}
    for signature, text in _divided(rest, within, loose_rest, budget).items():
        if text in exact:
            return None
        found[spread(signature)] = text
    chain, inside = compiled(rest, loose_rest), compiled((within,))
    for one in exact:
        budget.spend()
        if inside.through(one) & inside.accepting:
            signature = chain.signature(chain.through(one))
            found.setdefault(spread(signature) | alike[one], one)  # type: ignore[arg-type]  # only texts are letters here
    return found


def _divided(patterns: tuple[Pattern, ...], within: Pattern, loose: int, budget: Budget) -> dict[int, Text]:
    """The classes, by going through all states that texts of ``within`` lead to."""
    chain = compiled((*patterns, within), loose)
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
