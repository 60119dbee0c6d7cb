"""What one element of a statement lists: patterns, some of them perhaps with variables or not known.

A policy variable (``${aws:username}``) is a hole of its own kind, a ``Variable``: a request's context
fills it in. Everything that is not known by then makes the answer ``None``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, Protocol, TypeAlias

from stockade.iam.automaton import accepts, possibly
from stockade.iam.glob import STAR, Pattern, Shape, Token, Wild, fill, holes_in, only_text, opening, regex
from stockade.patterns import lazy_regex
from stockade.records import dataclass, record
from stockade.value import Hole


@record
class Variable(Hole):
    """A policy variable: the ``name`` is its context key in lower case. A key that is not there leaves
    ``default``; without one, nothing matches."""

    default: str | None = None


class Lookup(Protocol):
    """What a request's context says of a key: its values, ``None`` for absent, ``UNKNOWN``."""

    def __call__(self, key: str, /) -> Found: ...


class Unheard:
    """What is found where nobody knows what a request has for a key; ``UNKNOWN`` is the one there is."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = Unheard()
Values: TypeAlias = tuple[str | Shape, ...] | None
"""What a request has for a key: ``None`` for nothing."""

Found: TypeAlias = Values | Unheard
"""The values of a context key; ``None`` where the request has no such key."""

_VARIABLE: Final = lazy_regex(r"\$\{([*?$])\}|\$\{\s*([^{}$,]*?)\s*(?:,\s*'([^']*)'\s*)?\}")


def with_variables(pattern: Pattern) -> Pattern:
    """A pattern in which variables are read as such, as only policies of version 2012-10-17 are.

    ``${*}``, ``${?}`` and ``${$}`` are the letter itself.
    """
    if "$" not in pattern or "{" not in pattern:
        return pattern
    # One character for each token, so that places in the text are places in the pattern.
    text = "".join(_sign(token) for token in pattern)
    out: list[Token] = []
    at = 0
    for found in _VARIABLE.finditer(text):
        out += pattern[at : found.start()]
        at = found.end()
        escaped, key, default = found.groups()
        if escaped:
            out.append(escaped)
        elif any(isinstance(token, Hole) for token in pattern[found.start() : at]):
            # The same text in between is the same key, so holes of one name are rightly one text.
            out.append(Hole(f"the policy variable {''.join(map(_shown, pattern[found.start() : at]))}"))
        else:
            out.append(Variable(key.lower(), f"{key}", default))
    out += pattern[at:]
    return tuple(out)


Fillings: TypeAlias = Mapping[str, str | None]
"""What policy variables stand for, by their keys in lower case; ``None`` for a key that is absent."""


def settled(
    patterns: Iterable[Pattern],
    fillings: Fillings | None,
    *,
    reading: Callable[[Pattern], Pattern] | None = None,
    fold: bool = False,
) -> Iterator[Pattern]:
    """Patterns with their variables read, and filled in where that is known; without fillings there are none.

    A pattern with a variable whose key is absent matches nothing, and is left out. ``reading`` is what the
    pattern is then read as: a variable's name may have colons, which are no segments of an ARN.
    """
    for pattern in patterns:
        read = pattern if fillings is None else with_variables(pattern)
        if reading is not None:
            read = reading(read)
        if not fillings:
            yield read
            continue
        values: dict[Hole, str] = {}
        for hole in holes_in(read):
            if isinstance(hole, Variable) and hole.name in fillings:
                value = fillings[hole.name]
                value = hole.default if value is None else value
                if value is None:
                    break
                values[hole] = value
        else:
            yield fill(read, values, fold=fold)


def variables_in(texts: Texts) -> Iterator[str]:
    """The keys of the policy variables in some patterns."""
    for pattern in texts.holed:
        yield from (hole.name for hole in holes_in(pattern) if isinstance(hole, Variable))


def _shown(token: Token) -> str:
    return str(token) if isinstance(token, Hole) else _sign(token)


def _sign(token: Token) -> str:
    match token:
        case Hole():
            return "\ue000"
        case Wild():
            return "?" if token in (Wild.ONE, Wild.SEGMENT_ONE) else "*"
        case _:
            return token[0]


@dataclass(frozen=True, slots=True)
class Ready:
    """Patterns without holes, ready to be asked; ``others`` are those that are neither a text nor a prefix."""

    exact: frozenset[str]
    prefixes: tuple[str, ...]
    others: tuple[Pattern, ...]


class Texts:
    """A union of patterns. ``unknown`` says that it may have more of which nothing is known.

    ``fold`` says that letters match in either case; then the patterns are folded already.
    """

    __slots__ = (
        "_asked",
        "_globs",
        "_loose",
        "_near",
        "_patterns",
        "_read",
        "_ready",
        "_regex",
        "fold",
        "unknown",
    )

    def __init__(self, patterns: Iterable[Pattern], *, unknown: bool = False, fold: bool = False) -> None:
        found = tuple(patterns)
        self._patterns: tuple[Pattern, ...] | None = found
        self._globs: tuple[str, ...] = ()
        self._read: Callable[[str], Pattern] | None = None
        self.unknown = unknown
        self.fold = fold
        self._loose = tuple(one for one in found if not _KNOWN.issuperset(map(type, one)))
        self._ready: Ready | None = None
        self._regex: re.Pattern[str] | None = None
        self._asked = 0
        self._near: dict[Pattern, dict[Pattern, None]] | None = None

    @classmethod
    def of_globs(cls, globs: Iterable[str], read: Callable[[str], Pattern]) -> Texts:
        """Patterns as they are written, without holes and variables; ``read`` makes them, once they are wanted.

        However they are read, one without wildcards is its own text, and one that only ends in a star is a
        prefix: many statements are never asked for more.
        """
        made = cls(())
        made._patterns, made._globs, made._read = None, tuple(globs), read
        return made

    def __repr__(self) -> str:
        return f"Texts({len(self.patterns)} patterns{', and more' if self.unknown else ''})"

    @property
    def patterns(self) -> tuple[Pattern, ...]:
        """The patterns, each once."""
        if self._patterns is None:
            self._patterns = tuple(dict.fromkeys(map(self._read, self._globs))) if self._read else ()
        return self._patterns

    @property
    def is_plain(self) -> bool:
        """Whether the answer for a known text never depends on anything else."""
        return not self._loose and not self.unknown

    @property
    def globs(self) -> tuple[str, ...]:
        """The patterns as they are written; none where not all of them are known."""
        return self._globs

    @property
    def holed(self) -> tuple[Pattern, ...]:
        """The patterns with holes or variables."""
        return self._loose

    def near(self, pattern: Pattern) -> Mapping[Pattern, None]:
        """The patterns that may have texts in common with another one, told by how they open."""
        if self._near is None:
            self._near = {}
            for one in self.patterns:
                self._near.setdefault(opening(one), {})[one] = None
        start = opening(pattern)
        alike, any_ = self._near.get(start), self._near.get(())
        if not start:
            return dict.fromkeys(self.patterns)
        return {**alike, **any_} if alike and any_ else alike or any_ or {}

    def has(self, text: str | Shape, lookup: Lookup) -> bool | None:
        """Whether one of the patterns matches; ``None`` where that depends on what is not known."""
        if isinstance(text, str):
            if self.has_known(text):
                return True
            if self.is_plain:
                return False
        answer: bool | None = False
        subject = _tokens(text)
        whole = isinstance(text, str)
        for pattern in self._loose if whole else self.patterns:
            filled = _filled(pattern, lookup, self.fold)
            if filled is None:
                continue
            if accepts(filled, subject):
                return True
            if possibly(filled, subject) if not whole or next(holes_in(filled), None) else False:
                answer = None
        return None if self.unknown else answer

    def has_known(self, text: str) -> bool:
        """Whether one of the patterns that are wholly known matches."""
        ready = self.ready
        if text in ready.exact or text.startswith(ready.prefixes):
            return True
        if not ready.others:
            return False
        if self._asked < FEW and len(ready.others) <= FEW:
            # A regular expression pays only where it is used again.
            self._asked += 1
            letters = tuple(text)
            return any(accepts(one, letters) for one in ready.others)
        if self._regex is None:
            joined = "|".join(map(regex, ready.others))
            self._regex = re.compile(rf"(?:{joined})\Z", re.DOTALL)
        return self._regex.match(text) is not None

    @property
    def ready(self) -> Ready:
        """The patterns that are wholly known, told apart by what it takes to match them."""
        if self._ready is not None:
            return self._ready
        exact: list[str] = []
        prefixes: list[str] = []
        others: list[Pattern] = []
        if self._read is not None:
            for glob in self._globs:
                head = glob.rstrip("*")
                if "*" in head or "?" in head:
                    others.append(self._read(glob))
                else:
                    (exact if head == glob else prefixes).append(head)
        for pattern in self._patterns or () if self._read is None else ():
            if not _KNOWN.issuperset(map(type, pattern)):
                continue
            text = only_text(pattern)
            if text is not None:
                exact.append(text)
            elif pattern[-1] is STAR and (prefix := only_text(pattern[:-1])) is not None:
                prefixes.append(prefix)
            else:
                others.append(pattern)
        self._ready = Ready(frozenset(exact), tuple(prefixes), tuple(others))
        return self._ready


FEW: Final = 3
"""How often, and for how many patterns, it is answered without a regular expression."""

_KNOWN: Final = frozenset((str, Wild))
"""The types of tokens that are no holes."""


def _tokens(text: str | Shape) -> Pattern:
    if isinstance(text, str):
        return tuple(text)
    return tuple(token for piece in text for token in ((piece,) if isinstance(piece, Hole) else piece))


def _filled(pattern: Pattern, lookup: Lookup, fold: bool) -> Pattern | None:
    """The pattern with what the context says of its variables; ``None`` where it then matches nothing."""
    fillings: dict[Hole, str] = {}
    for hole in holes_in(pattern):
        if not isinstance(hole, Variable):
            continue
        match lookup(hole.name):
            case None:
                if hole.default is None:
                    return None
                fillings[hole] = hole.default
            case (str() as only,):
                fillings[hole] = only
            case tuple() as values if len(values) != 1:
                return None  # a key of several values is no variable
            case _:
                pass
    return fill(pattern, fillings, fold=fold)
