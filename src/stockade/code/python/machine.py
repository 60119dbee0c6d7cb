"""What all parts of the interpreter share: its state, what it has found, what each offers the others."""

from __future__ import annotations

import ast
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import product
from typing import Any, Final

from stockade.code.facts import Call, Credentials, Note, Unfollowed, environment
from stockade.code.files import Files
from stockade.code.python.doubts import Doubts
from stockade.code.python.names import Names, replace
from stockade.code.python.runs import INSIDE, around, share
from stockade.code.python.told import to_value
from stockade.code.python.values import (
    SEPARATE,
    Abstract,
    Arguments,
    Array,
    Bound,
    Class,
    Data,
    Dict,
    Frame,
    Function,
    Instance,
    Many,
    Module,
    Opaque,
    Partial,
    Response,
    Session,
    Site,
    identity,
    is_none,
    options,
)
from stockade.code.services import Service, Services
from stockade.errors import BudgetExceeded
from stockade.records import dataclass
from stockade.source import Span
from stockade.value import Known, Value, Written

STEPS: Final = 300_000
"""Expressions and statements looked at for one handler; one of a hundred lines takes about two thousand."""

BEYOND: Final = 10_000
"""The same for what no way leads to from the handler."""

DEPTH: Final = 24
"""How many calls deep a way is followed."""

VARIANTS: Final = 12
"""How many calls from one place, with different arguments, are told apart."""


@dataclass(slots=True)
class _Found:
    call: Call
    every: bool
    reached: bool
    certain: bool
    way: tuple[Span, ...]
    kept: Mapping[str, Abstract]
    """The arguments, which are kept so that what tells them apart is never another one's."""


class Machine(ABC):
    """The state of one analysis.

    ``reached`` and ``every`` are what holds of the code that is looked at now; ``way`` are the calls that lead
    there. ``now`` counts what came to hold something new, and ``common`` is when that last was something which
    everybody can get at: what was remembered of a function is then no longer the whole of it. ``lent`` is when
    an object was last handed to who keeps it. ``lessons`` are those of what is new that outlive an invocation:
    while there are new ones, another invocation may do what the first did not.
    """

    def __init__(self, files: Files) -> None:
        self.files = files
        self.services = Services.load()
        self.reached = True
        self.undecided: list[
            Site
        ] = []  # the branches that may not be taken, of which the innermost is the last
        self.every = False
        self.certain = True
        self.default_session = Session()
        self.way: list[Span] = []
        self.entries: set[Span] = set()
        """Places from which somebody else calls, such as the handler's: no call stands there."""
        self.now = 0
        self.common = 0
        self.lent = 0
        self._lent: dict[tuple[int, int], Abstract] = {}
        self.lessons = 0
        self.states = 0
        """How often an attribute came to hold another known text, or function, than those that it held."""
        self.left = STEPS
        self.modules: dict[str, Module | None] = {}
        self.read: list[str] = []
        self.notes: dict[str, Note] = {}
        self.environment: dict[str, Written] = {}
        self.defaults: dict[str, Value[Any]] = {}
        self.pending: deque[tuple[Abstract, Arguments, bool, tuple[Span, ...]]] = deque()
        self.functions: dict[int, Function] = {}
        self.visited: set[int] = set()
        self.attached: dict[Any, tuple[Abstract, Abstract]] = {}
        self.escaped: dict[int, list[Abstract]] = {}
        self.doubts = Doubts()
        self._constants: dict[int, tuple[ast.Constant, Data]] = {}
        self._calls: dict[Any, _Found] = {}
        self._mentioned: dict[int, frozenset[str]] = {}
        self._variants: dict[Any, int] = {}
        self._firsts: dict[Any, tuple[tuple[str, Any], ...]] = {}
        self._unfollowed: dict[Any, Unfollowed] = {}

    # ------------------------------------------------------------------------------- what the parts offer

    @abstractmethod
    def evaluate(self, node: ast.expr, frame: Frame) -> Abstract:
        """What an expression may be."""

    @abstractmethod
    def execute(self, body: list[ast.stmt], frame: Frame) -> bool:
        """Run statements; false where nothing runs after them."""

    @abstractmethod
    def call(self, site: Site, target: Abstract, arguments: Arguments) -> Abstract:
        """What calling something gives."""

    @abstractmethod
    def attribute(self, site: Site, value: Abstract, name: str) -> Abstract:
        """``value.name``"""

    @abstractmethod
    def member(self, cls: Class, name: str) -> Abstract:
        """A class's member, its own or inherited; something that is not known where there is none."""

    @abstractmethod
    def item(self, site: Site, value: Abstract, key: Abstract) -> Abstract:
        """``value[key]``"""

    @abstractmethod
    def put(self, site: Site, target: Abstract, key: Abstract, value: Abstract) -> None:
        """``target[key] = value``"""

    @abstractmethod
    def hold(self, one: Dict, key: Abstract, value: Abstract) -> bool:
        """Put a value under a key; whether anything is new by it."""

    @abstractmethod
    def elements(self, site: Site, value: Abstract) -> Abstract:
        """What a loop over something meets."""

    @abstractmethod
    def as_sequence(self, value: Abstract) -> Abstract:
        """A named tuple as the tuple that it is, and all else as it is."""

    @abstractmethod
    def named_module(self, name: str) -> Abstract:
        """A module by its full name: one of the files, or an external one."""

    @abstractmethod
    def escape(self, site: Site, value: Abstract, to: str) -> None:
        """Something is handed to code that is not among the files."""

    @abstractmethod
    def method_called(self, site: Site, name: str, target: Abstract, arguments: Arguments) -> None:
        """Something is called as ``….name(…)``, of which ``target`` is what it is known to be."""

    # ------------------------------------------------------------------------------------- what is found

    def forget(self, held: Abstract | None = None) -> None:
        """What everybody can get at is something else now, of which no other invocation does more."""
        if type(held) in INSIDE:
            share((held,))
        self.now += 1
        self.common = self.now

    def lend(self, value: Abstract) -> None:
        """Something was handed to who keeps that very object: one that looks the same was not."""
        match value:
            case Bound(function, Instance() as owner):
                key = id(function), id(owner)
            case Partial():
                key = id(value), 0
            case _:
                return  # which function it is, is told apart anyway
        if key not in self._lent:
            self._lent[key] = value
            self.lent = self.now = self.now + 1

    def enclose(self, frame: Frame, node: ast.AST) -> None:
        """From now on it counts what the names around a function hold, as far as it mentions them."""
        for one in around(frame):
            if not isinstance(one.names, Names):
                one.names = Names(one.names, self._rebound)
            mentioned = self._mentioned.get(id(node))
            if mentioned is None:
                mentioned = self._mentioned[id(node)] = _mentioned(node)
            one.names.seen |= mentioned

    def settle(self, frame: Frame, names: Mapping[str, Abstract]) -> None:
        """Make a frame hold these names and no others."""
        replace(frame.names, names)
        if frame.names is frame.module.globals:
            self.forget()

    def _rebound(self, names: Names) -> None:
        self.now += 1
        names.changed = self.now
        if names.shared:
            share(names.values())
            self.common = self.now

    def learn(self, held: Abstract) -> None:
        """A name that everybody can get at came to hold what it did not hold before."""
        share((held,))
        self.now += 1
        self.common = self.now
        self.lessons += 1

    def changed(self, one: Dict | Array | Instance, held: Abstract | None, acts: bool = True) -> None:
        """An object came to hold something that it did not hold before, which may call something itself."""
        self.now += 1
        one.changed = self.now
        if one.shared:
            if held is not None:
                share((held,))
            self.common = self.now
        self.lessons += one.lasting and acts

    def step(self, many: int = 1) -> None:
        """Count expressions and statements; raises ``BudgetExceeded`` when there were too many."""
        self.left -= many
        if self.left < 0:
            raise BudgetExceeded("following it takes more steps than a scan allows")

    def emit(
        self,
        site: Site,
        service: Service,
        operation: str,
        arguments: Mapping[str, Abstract],
        *,
        complete: bool = True,
        credentials: Credentials = Credentials.OWN,
        through: str = "",
        every: bool = True,
        certain: bool = True,
    ) -> None:
        """An operation is called here. Arguments that may be one of a few things make a call for each."""
        several: list[list[tuple[str, Abstract]]] = []
        count = 1
        for name, value in arguments.items():
            choices: list[Abstract] = [
                one for one in options(value) if not is_none(one) and isinstance(one, _TOLD)
            ]
            choices += [one for one in options(value) if not isinstance(one, _TOLD)][:1]
            if not choices:
                continue
            count *= len(choices)
            if count > SEPARATE:
                count //= len(choices)
                choices = [Many(tuple(choices))]
            several.append([(name, one) for one in choices])
        for chosen in product(*several):
            self._emit(site, service, operation, dict(chosen), complete, credentials, through, every, certain)

    def _emit(
        self,
        site: Site,
        service: Service,
        operation: str,
        arguments: Mapping[str, Abstract],
        complete: bool,
        credentials: Credentials,
        through: str,
        every: bool,
        certain: bool,
    ) -> None:
        place = (site, service.name, operation, credentials, through)
        content = tuple((name, identity(value)) for name, value in sorted(arguments.items()))
        key = (place, content)
        every = every and self.every
        certain = certain and self.certain
        found = self._calls.get(key)
        if found is None:
            variants = self._variants.get(place, 0)
            if variants >= VARIANTS:
                # Of many ways to call it there counts what is the same in the first one, such as the table.
                same = [pair for pair in self._firsts[place] if pair in content]
                arguments, complete = {name: arguments[name] for name, _ in same}, False
                key = (place, (("", "of many"), *same))
            else:
                self._firsts.setdefault(place, content)
            found = self._calls.get(key)
        if found is None:
            self._variants[place] = self._variants.get(place, 0) + 1
            names = {
                name: tuple(to_value(one, site) for one in _keys(value, site))
                for name, value in arguments.items()
                if isinstance(value, Dict) and (value.others or name in _NAMING)
            }
            call = Call(
                service=service.name,
                operation=operation,
                origin=site.origin,
                arguments={name: to_value(value, site) for name, value in arguments.items()},
                complete=complete,
                names=names,
                credentials=credentials,
                through=through,
            )
            self._calls[key] = _Found(call, every, self.reached, certain, tuple(self.way), arguments)
            return
        if self.reached and not found.reached:
            found.reached, found.way = True, tuple(self.way)
        found.every = found.every or every
        found.certain = found.certain or certain

    def unfollow(self, site: Site, what: str, reason: str, service: str = "", *, once: bool = False) -> None:
        """Something here may call AWS and is not followed. Told ``once``, however many places there are."""
        key = (what, reason, service) if once else (site.source.path, site.start, what, service)
        found = self._unfollowed.get(key)
        if found is None or (self.reached and not found.reached):
            self._unfollowed[key] = Unfollowed(
                what=what, reason=reason, origin=site.origin, service=service, reached=self.reached
            )

    def calls(self) -> tuple[Call, ...]:
        """All calls, in the order of their places; what was reached some way is not told as unreached too."""
        reached = {key[0] for key, one in self._calls.items() if one.reached}
        made = [
            Call(
                service=one.call.service,
                operation=one.call.operation,
                origin=one.call.origin,
                arguments=one.call.arguments,
                complete=one.call.complete,
                names=one.call.names,
                credentials=one.call.credentials,
                reached=one.reached,
                every=one.every,
                certain=one.certain,
                way=tuple(span for span in one.way if span not in self.entries),
                through=one.call.through,
            )
            for key, one in self._calls.items()
            if one.reached or key[0] not in reached
        ]
        return tuple(sorted(made, key=_order))

    def unfollowed(self) -> tuple[Unfollowed, ...]:
        settled = {(key[0][0].source.path, key[0][0].start) for key in self._calls}
        for site, services, reached in self.doubts.left(settled):
            with self.under():
                self.reached = reached
                reason = "what it is was not followed, and a client has a method of this name"
                for service in services:
                    self.unfollow(site, f"`{site.shown}`", reason, service)
        return tuple(self._unfollowed.values())

    def read_environment(self, site: Site, name: str, default: Abstract | None = None) -> Abstract:
        """A variable of the environment. What is taken where it is not set is noted apart."""
        self.environment.setdefault(name, site.origin)
        if default is not None and not is_none(default) and name not in self.defaults:
            if isinstance(default, Data):
                self.defaults[name] = default.value
        return Data(environment(name, site.origin))

    @contextmanager
    def under(
        self, *, reached: bool | None = None, every: bool | None = None, certain: bool | None = None
    ) -> Iterator[None]:
        """Look at something that is reached less than what stands around it."""
        before = self.reached, self.every, self.certain
        if reached is not None:
            self.reached = self.reached and reached
        if every is not None:
            self.every = self.every and every
        if certain is not None:
            self.certain = self.certain and certain
        try:
            yield
        finally:
            self.reached, self.every, self.certain = before


_TOLD: Final = (Data, Dict, Array, Response)
"""What arguments may be told of; all else is something that is not known."""

_NAMING: Final = frozenset(("RequestItems",))


def _keys(value: Dict, site: Site) -> Iterator[Abstract]:
    for name in value.items:
        yield Data(Known(name, site.origin))
    for key, _ in value.others:
        yield from options(key)
    if value.open:
        yield Opaque(site)


def _mentioned(node: ast.AST) -> frozenset[str]:
    """The names in a piece of source, as ``ast.walk`` would find them, in a third of the time."""
    found = set()
    waiting: list[Any] = [node]
    while waiting:
        one = waiting.pop()
        if type(one) is ast.Name:
            found.add(one.id)
        elif isinstance(one, ast.AST):
            for value in one.__dict__.values():
                if type(value) is list:
                    waiting += value
                elif isinstance(value, ast.AST):
                    waiting.append(value)
    return frozenset(found)


def _order(call: Call) -> tuple[Any, ...]:
    span = call.origin.span
    return (span.path, span.start, call.service, call.operation, str(sorted(call.arguments)), call.through)
