"""Policy documents of one role in a decision (identity policies, a boundary, ...), ready to be asked."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from copy import copy
from functools import cached_property
from types import MappingProxyType
from typing import Final

from stockade.iam import glob
from stockade.iam.automaton import accepts
from stockade.iam.compiled import REMEMBERED, Compiled
from stockade.iam.policy import Document
from stockade.iam.texts import FEW, Fillings
from stockade.value import Known, Unknown, Value


class Policies:
    """Documents of one role in a decision (identity policies, a boundary, ...), compiled together.

    ``unknown`` are statements and documents of which nothing is known: they may allow or deny anything.
    ``fillings`` say what policy variables stand for, by their keys in lower case, ``None`` for a key that
    is absent; all others are left to each request.
    """

    def __init__(
        self,
        documents: Iterable[Value[Document] | Document],
        fillings: Mapping[str, str | None] = MappingProxyType({}),
    ) -> None:
        self.documents = tuple(documents)
        self.statements: list[Compiled] = []
        self.unknown: list[Unknown] = []
        for number, one in enumerate(self.documents):
            document = one.value if isinstance(one, Known) else one
            if isinstance(document, Unknown):
                self.unknown.append(document)
                continue
            variables = not isinstance(document.version, Known) or document.version.value == "2012-10-17"
            ready, unknown = _compiled(document, number, fillings if variables else None)
            self.statements += ready
            self.unknown += unknown
        self._by_action: dict[str, About] = {}

    def without(self, statements: Collection[Compiled]) -> Policies:
        """The same but for some of its statements."""
        left = copy(self)
        left.statements = [one for one in self.statements if one not in statements]
        left._by_action = {}
        return left

    def filled(self, fillings: Fillings) -> Policies:
        """The same with policy variables filled in."""
        made = Policies(self.documents, fillings)
        mine = {(one.document, one.source.index) for one in self.statements}
        return made.without({one for one in made.statements if (one.document, one.source.index) not in mine})

    def on(self, action: str) -> About:
        """The statements that are, or may be, about an action."""
        found = self._by_action.get(action)
        if found is None:
            found = About(action, [one for one in self.statements if one.about(action) is not False])
            if len(self._by_action) < REMEMBERED:
                self._by_action[action] = found
        return found


_KEPT: Final = 64
"""Documents that are kept compiled: the same few are asked about again and again."""
_ready: Final[dict[tuple[int, int], tuple[Document, list[Compiled], list[Unknown]]]] = {}


def _compiled(
    document: Document, number: int, fillings: Fillings | None
) -> tuple[list[Compiled], list[Unknown]]:
    """A document's statements, and those of which nothing is known."""
    key = id(document), number
    found = _ready.get(key) if not fillings else None
    if found is not None and found[0] is document:
        return found[1:]
    unknown = [one for one in document.statements if isinstance(one, Unknown)]
    ready = [Compiled(one, number, fillings) for one in document.statements if not isinstance(one, Unknown)]
    if not fillings:
        if len(_ready) >= _KEPT:
            _ready.pop(next(iter(_ready)), None)
        _ready[key] = document, ready, unknown
    return ready, unknown


class About:
    """The statements about one action: those that may deny it, and those that may allow it.

    One of which the effect is not known is among both. ``denied`` and ``allowed`` have what finds, for a
    known resource, one of the statements that have nothing but it to look at; and all the others.
    """

    def __init__(self, action: str, statements: Sequence[Compiled]) -> None:
        self.action = action
        self.denies = tuple(one for one in statements if one.allows is not True)
        self.allows = tuple(one for one in statements if one.allows is not False)

    @cached_property
    def denied(self) -> tuple[_ByResource | None, tuple[Compiled, ...]]:
        """The statements that may deny it."""
        return _apart(self.denies, self.action)

    @cached_property
    def allowed(self) -> tuple[_ByResource | None, tuple[Compiled, ...]]:
        """The statements that may allow it."""
        return _apart(self.allows, self.action)


class _ByResource:
    """Statements that apply as soon as their resource does, looked up all at once."""

    __slots__ = ("_asked", "_exact", "_regex", "_wild")

    def __init__(self, statements: Sequence[Compiled]) -> None:
        self._exact: dict[str, Compiled] = {}
        self._wild: list[tuple[Compiled, glob.Pattern]] = []
        self._regex: re.Pattern[str] | None = None
        self._asked = 0
        for one in statements:
            for pattern in one.resources.patterns if one.resources else (glob.ANYTHING,):
                if glob.is_exact(pattern):
                    self._exact.setdefault("".join(map(str, pattern)), one)
                else:
                    self._wild.append((one, pattern))

    def __call__(self, resource: str) -> Compiled | None:
        """One of the statements that apply to a resource."""
        found = self._exact.get(resource)
        if found is not None or not self._wild:
            return found
        if self._asked < FEW and len(self._wild) <= FEW:
            # A regular expression pays only where it is used again.
            self._asked += 1
            letters = tuple(resource)
            return next((one for one, pattern in self._wild if accepts(pattern, letters)), None)
        if self._regex is None:
            joined = "|".join(f"({glob.regex(pattern)})" for _, pattern in self._wild)
            self._regex = re.compile(rf"(?:{joined})\Z", re.DOTALL)
        hit = self._regex.match(resource)
        return self._wild[(hit.lastindex or 1) - 1][0] if hit else None


def _apart(statements: Sequence[Compiled], action: str) -> tuple[_ByResource | None, tuple[Compiled, ...]]:
    simple = [one for one in statements if one.is_simple and one.about(action) and one.allows is not None]
    others = tuple(one for one in statements if one not in simple)
    return (_ByResource(simple) if simple else None), others
