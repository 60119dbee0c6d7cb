"""Policy documents made ready to be asked: what of a request each statement looks at.

Every answer is three-valued. ``None`` says that it depends on what is not known: of the policy, which
may be partly known before deployment, or of the request.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Final

from stockade.iam import glob
from stockade.iam.automaton import possibly
from stockade.iam.glob import Pattern
from stockade.iam.match import Shape, arn_parts
from stockade.iam.operators import Kind, Operator, compare, operator, over, seen_by
from stockade.iam.policy import Condition, Document, Principal, Statement, Strings
from stockade.iam.request import Caller, CallerKind, Request
from stockade.iam.texts import Fillings, Lookup, Texts, Unheard, settled, with_variables
from stockade.value import Hole, Known, Unknown, Value, shape_of


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

    def on(self, action: str) -> About:
        """The statements that are, or may be, about an action."""
        found = self._by_action.get(action)
        if found is None:
            found = About(action, [one for one in self.statements if one.about(action) is not False])
            if len(self._by_action) < _REMEMBERED:
                self._by_action[action] = found
        return found


_REMEMBERED: Final = 4096
"""Actions for which the statements are remembered that are about them."""


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

    One of which the effect is not known is among both. ``denied`` and ``allowed`` find, for a known
    resource, one of the statements that have nothing but it to look at; the rest is in ``other_...``.
    """

    __slots__ = ("allowed", "allows", "denied", "denies", "other_allows", "other_denies")

    def __init__(self, action: str, statements: Sequence[Compiled]) -> None:
        self.denies = tuple(one for one in statements if one.allows is not True)
        self.allows = tuple(one for one in statements if one.allows is not False)
        self.denied, self.other_denies = _apart(self.denies, action)
        self.allowed, self.other_allows = _apart(self.allows, action)


class _ByResource:
    """Statements that apply as soon as their resource does, looked up all at once."""

    __slots__ = ("_exact", "_statements", "_wild")

    def __init__(self, statements: Sequence[Compiled]) -> None:
        self._exact: dict[str, Compiled] = {}
        self._statements: list[Compiled] = []
        wild: list[str] = []
        for one in statements:
            for pattern in one.resources.patterns if one.resources else (glob.ANYTHING,):
                if glob.is_exact(pattern):
                    self._exact.setdefault("".join(map(str, pattern)), one)
                else:
                    wild.append(f"({glob.regex(pattern)})")
                    self._statements.append(one)
        self._wild = re.compile(rf"(?:{'|'.join(wild)})\Z", re.DOTALL) if wild else None

    def __call__(self, resource: str) -> Compiled | None:
        """One of the statements that apply to a resource."""
        found = self._exact.get(resource)
        if found is None and self._wild is not None and (hit := self._wild.match(resource)):
            return self._statements[(hit.lastindex or 1) - 1]
        return found


def _apart(statements: Sequence[Compiled], action: str) -> tuple[_ByResource | None, tuple[Compiled, ...]]:
    simple = [one for one in statements if one.is_simple and one.about(action) and one.allows is not None]
    others = tuple(one for one in statements if one not in simple)
    return (_ByResource(simple) if simple else None), others


class Reach(IntEnum):
    """How a principal element reaches a caller, least direct first."""

    ACCOUNT = 1
    """It names the caller's account, which may then let the caller do so by its own policies."""
    ROLE = 2
    """It names the role whose session the caller is."""
    ANYONE = 3
    """It is ``*``."""
    DIRECT = 4
    """It names the caller."""


class Compiled:
    """One statement. ``document`` is its document's number; ``allows`` ``None`` where that is not known."""

    __slots__ = (
        "__dict__",
        "_about",
        "actions",
        "allows",
        "document",
        "doubts",
        "not_action",
        "not_principal",
        "not_resource",
        "principals",
        "resources",
        "source",
        "tests",
    )

    def __init__(self, source: Statement, document: int, fillings: Fillings | None) -> None:
        self.source = source
        self.document = document
        self.allows = source.allows
        self.not_action = source.not_actions is not None
        self.actions = _actions(source.not_actions if self.not_action else source.actions)
        self.not_resource = source.not_resources is not None
        self.resources = _resources(source.not_resources if self.not_resource else source.resources, fillings)
        self.not_principal = source.not_principals is not None
        listed = source.not_principals if self.not_principal else source.principals
        self.principals = None if listed is None else tuple(map(named, listed))
        self.tests = tuple(Test(one, fillings) for one in source.conditions if isinstance(one, Condition))
        self.doubts = tuple(one for one in source.conditions if isinstance(one, Unknown))
        self._about: dict[str, bool | None] = {}

    @cached_property
    def content(self) -> Hashable | None:
        """What the statement says, but for its effect: statements of one content apply to the same requests.

        ``None`` where it has parts that two statements may have alike and that differ all the same.
        """
        texts = (self.actions, self.resources, *(one.texts for one in self.tests))
        if self.doubts or any(one is not None and one.unknown for one in texts):
            return None
        if any(one.kind == "?" for one in self.principals or ()):
            return None
        tests = [one.content for one in self.tests]
        if None in tests:
            return None
        return (
            self.not_action,
            frozenset(self.actions.patterns),
            self.not_resource,
            None if self.resources is None else frozenset(self.resources.patterns),
            self.not_principal,
            None if self.principals is None else frozenset(self.principals),
            frozenset(tests),
        )

    @cached_property
    def _listed(self) -> frozenset[tuple[str, str]] | None:
        """What principals name, in a long list of which all are known."""
        if self.principals is None or len(self.principals) < _LONG:
            return None
        out: set[tuple[str, str]] = set()
        for one in self.principals:
            shape = one.shape if one.account is None else one.account
            if one.kind == "?" or not all(isinstance(piece, str) for piece in shape):
                return None
            kind = "*" if one.is_anyone else one.kind if one.account is None else "account"
            out.add((kind, "*" if one.is_anyone else "".join(map(str, shape))))
        return frozenset(out)

    @property
    def is_simple(self) -> bool:
        """Whether there is nothing to look at in a request but action and resource."""
        if self.tests or self.doubts or self.principals is not None or self.not_resource:
            return False
        return self.resources is None or self.resources.is_plain

    def about(self, action: str) -> bool | None:
        """Whether the statement is about an action."""
        if action in self._about:
            return self._about[action]
        found = self.actions.has(action.lower(), _nothing)
        answer = found if found is None else found != self.not_action
        if len(self._about) < _REMEMBERED:
            self._about[action] = answer
        return answer

    def matches(self, request: Request) -> bool | None:
        """Whether the statement applies to a request, whoever the caller is; see ``reaches`` for that."""
        answer = self.about(request.action)
        if answer is False:
            return False
        if self.resources is not None:
            found = self.resources.has(request.resource, request.lookup)
            if found is None:
                answer = None
            elif found == self.not_resource:
                return False
        for test in self.tests:
            found = test.on(request.lookup)
            if found is False:
                return False
            if found is None:
                answer = None
        return None if self.doubts else answer

    def reaches(self, caller: Caller | None) -> Reach | bool | None:
        """How far the statement's principals reach a caller: how, ``False`` for not, ``None`` for unknown.

        A statement without principals is in a policy of the caller's own, and reaches it.
        """
        if self.principals is None or caller is None:
            return Reach.DIRECT
        found = (
            [one.reaches(caller) for one in self.principals]
            if self._listed is None or caller.shape
            else _ways(self._listed, caller)
        )
        unknown = None in found
        ways = {Reach(one) for one in found if one}
        if not self.not_principal:
            return max(ways) if ways else None if unknown else False
        if not ways:
            return None if unknown else Reach.ANYONE
        if caller.kind in (CallerKind.USER, CallerKind.ROLE) and Reach.ANYONE not in ways:
            # AWS: "you must also specify the account ARN of the not-denied principal"; where only one of the
            # two is there, it depends on the service.
            return False if Reach.ACCOUNT in ways and len(ways) > 1 else None
        return False


_LONG: Final = 20


def _ways(listed: Set[tuple[str, str]], caller: Caller) -> list[Reach | bool | None]:
    """How a long list of principals reaches a caller: each entry by itself says the same."""
    kinds = ("Service", "Federated", "CanonicalUser", "AWS")
    asked = [Who("*", ("*",))] if ("*", "*") in listed else []
    asked += [Who(kind, (caller.name,)) for kind in kinds if (kind, caller.name) in listed]
    if caller.session and ("AWS", caller.session) in listed:
        asked.append(Who("AWS", (caller.session,)))
    if caller.account and ("account", caller.account) in listed:
        asked.append(Who("AWS", (caller.account,), (caller.account,)))
    return [one.reaches(caller) for one in asked]


def _nothing(key: str) -> None:
    return None


def _actions(listed: Strings | None) -> Texts:
    patterns, unknown = _patterns(listed or ())
    return Texts(map(_action, patterns), unknown=unknown or not listed)


@lru_cache(maxsize=1 << 14)
def _action(shape: Shape) -> Pattern:
    return glob.glob(_lower(shape))


def _lower(shape: Shape) -> Shape:
    return tuple(piece if isinstance(piece, Hole) else piece.lower() for piece in shape)


def _resources(listed: Strings | None, fillings: Fillings | None) -> Texts | None:
    if listed is None:
        return None
    shapes, unknown = _patterns(listed)
    if not fillings:
        return Texts((_resource(one, fillings is not None) for one in shapes), unknown=unknown)
    return Texts(settled(map(glob.glob, shapes), fillings, reading=glob.as_resource), unknown=unknown)


@lru_cache(maxsize=1 << 14)
def _resource(shape: Shape, variables: bool) -> Pattern:
    pattern = glob.glob(shape)
    return glob.as_resource(with_variables(pattern) if variables else pattern)


def _patterns(listed: Strings) -> tuple[list[Shape], bool]:
    """The shapes of all texts of which something is known, and whether there may be others."""
    shapes: list[Shape] = []
    unknown = False
    for one in listed:
        if isinstance(one, Known):
            shapes.append((one.value,) if one.value else ())
        elif one.text is None:
            unknown = True
        else:
            shapes.append(shape_of(one))
    return list(dict.fromkeys(shapes)), unknown


# -------------------------------------------------------------------------------------- principals


@dataclass(frozen=True, slots=True)
class Who:
    """One entry of a principal element. ``account`` is given where it names a whole one."""

    kind: str
    shape: Shape
    account: Shape | None = None

    @property
    def is_anyone(self) -> bool:
        """Whether it is ``*``."""
        return self.shape == ("*",) and self.kind in ("*", "AWS")

    def reaches(self, caller: Caller) -> Reach | bool | None:
        """How the entry reaches a caller."""
        if self.is_anyone:
            return Reach.ANYONE
        match self.kind, caller.kind:
            case "?", _:
                return None
            case "AWS", CallerKind.ROOT | CallerKind.USER | CallerKind.ROLE:
                return self._of_account(caller)
            case (
                ("Service", CallerKind.SERVICE)
                | ("Federated", CallerKind.FEDERATED)
                | ("AWS", CallerKind.FEDERATED)
            ):
                return _equal(self.shape, caller.shape or caller.name) and Reach.DIRECT
            case "CanonicalUser", CallerKind.CANONICAL:
                return _equal(self.shape, caller.name) and Reach.DIRECT
            case _:
                return False

    def _of_account(self, caller: Caller) -> Reach | bool | None:
        if self.account is not None:
            reach = Reach.DIRECT if caller.kind is CallerKind.ROOT else Reach.ACCOUNT
            parts = arn_parts(caller.shape) if caller.shape else None
            return _equal(self.account, parts[4] if parts else caller.account) and reach
        found = _equal(self.shape, caller.shape or caller.name)
        if found:
            return Reach.ROLE if caller.kind is CallerKind.ROLE else Reach.DIRECT
        if caller.kind is CallerKind.ROLE and caller.session:
            of_session = _equal(self.shape, caller.session)
            return of_session and Reach.DIRECT if of_session is not False else found
        return found


def _equal(shape: Shape, name: str | Shape) -> bool | None:
    if isinstance(name, str) and len(shape) == 1 and isinstance(shape[0], str):
        return shape[0] == name
    if shape == name:
        return True
    return None if possibly(glob.plain(shape), glob.plain(name)) else False


def named(one: Principal | Unknown) -> Who:
    """Whom an entry of a principal element names."""
    if isinstance(one, Unknown):
        return Who("?", ())
    if isinstance(one.value, Unknown) and one.value.text is None:
        return Who("?", ())
    shape = shape_of(one.value)
    if one.kind != "AWS":
        return Who(one.kind, shape)
    parts = arn_parts(shape)
    if parts is not None and parts[5] == ("root",):
        return Who("AWS", shape, parts[4])
    if parts is None and shape and isinstance(shape[0], str) and shape[0].isdigit():
        return Who("AWS", shape, shape)
    if parts is None and shape and isinstance(shape[0], Hole):
        # One variable may be an account as well as an ARN.
        return Who("?", shape) if len(shape) > 1 or not _names_account(shape[0]) else Who("AWS", shape, shape)
    return Who("AWS", shape)


def _names_account(hole: Hole) -> bool:
    return hole.name == "account" or hole.name.endswith(".account_id")


# -------------------------------------------------------------------------------------- conditions


class Test:
    """One key under one operator."""

    __slots__ = ("key", "operator", "presence", "source", "texts", "values")

    def __init__(self, source: Condition, fillings: Fillings | None) -> None:
        self.source = source
        self.key = source.key.lower()
        self.operator: Operator | None = operator(source.operator)
        shapes, unknown = _patterns(source.values)
        self.texts: Texts | None = None
        self.values: tuple[str, ...] | None = None
        """The policy's values where they are no text; ``None`` where not all are known."""
        self.presence: frozenset[bool] | None = None
        """For ``Null``: whether the key has to be absent; of two different values either will do."""
        found = self.operator
        if found is None:
            return
        if found.kind in (Kind.STRING, Kind.ARN, Kind.BOOLEAN):
            patterns = (glob.glob(one) if found.wild else glob.plain(one, fold=found.fold) for one in shapes)
            reading = glob.in_segments if found.kind is Kind.ARN else None
            read = settled(patterns, fillings, reading=reading, fold=found.fold)
            self.texts = Texts(read, unknown=unknown, fold=found.fold)
        elif not unknown and all(len(one) == 1 and isinstance(one[0], str) for one in shapes if one):
            self.values = tuple(str(one[0]) if one else "" for one in shapes)
            if found.kind is Kind.PRESENCE:
                self.presence = frozenset(one.lower() == "true" for one in self.values)

    @property
    def content(self) -> Hashable | None:
        """What the condition says; ``None`` where that is not known."""
        values = self.values if self.texts is None else frozenset(self.texts.patterns)
        return None if values is None or self.operator is None else (self.key, self.operator, values)

    def on(self, lookup: Lookup) -> bool | None:
        """Whether the condition holds in a context."""
        operator = self.operator
        if operator is None:
            return None
        found = lookup(self.key)
        if isinstance(found, Unheard):
            return None
        found = seen_by(operator, found)
        if operator.kind is Kind.PRESENCE:
            return None if self.presence is None else (found is None) in self.presence
        if found is None:
            return operator.when_absent()
        texts = self.texts
        answer = over(
            operator, [self._agrees(one) if texts is None else texts.has(one, lookup) for one in found]
        )
        if operator.quantifier and len(found) == 1 and not isinstance(found[0], str):
            if all(isinstance(piece, Hole) for piece in found[0]) and answer is not operator.when_absent():
                return None  # the one value may turn out to be an empty text, which is none
        return answer

    def _agrees(self, value: str | Shape) -> bool | None:
        """Whether one of the policy's values agrees with one of the request's."""
        if self.values is None or self.operator is None or not isinstance(value, str):
            return None
        answer: bool | None = False
        for one in self.values:
            found = compare(self.operator, one, value)
            if found:
                return True
            if found is None:
                answer = None
        return answer
