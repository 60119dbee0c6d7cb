"""The state of one analysis, and what its parts ask of one another."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final, TypeAlias

from stockade.code.facts import Credentials
from stockade.code.javascript import tree as t
from stockade.code.javascript.changes import Changes
from stockade.code.javascript.record import Recorder
from stockade.code.javascript.runs import Run
from stockade.code.javascript.shapes import Shapes
from stockade.code.javascript.values import (
    Atom,
    ClassValue,
    Client,
    Closure,
    Command,
    Frame,
    Helper,
    Listing,
    Literal,
    Opaque,
    Scope,
    Thing,
    Values,
    join,
)
from stockade.errors import BudgetExceeded
from stockade.records import dataclass
from stockade.source import Source, Span

STEPS: Final = 150_000
"""Expressions and statements that are looked at for one handler; an ordinary one takes a few thousand."""

DEEP: Final = 28
"""How many functions may be running at once."""

NESTED: Final = 500
"""How deep expressions and statements may be nested in all that is running."""

_MISSING: Final = object()

_DECIDING: Final = ("credentials", "endpoint")
"""Members that say whom a client asks and as whom; where one branch sets them, they may be missing after it."""

Owner = Scope | Thing | Listing | Closure | ClassValue
Pieces: TypeAlias = tuple[bool, tuple[tuple[int, t.Function], ...]]


@dataclass(slots=True, eq=False)
class Left:
    """A function that nobody may be seen to call: in the end it is called, or told of where it calls AWS."""

    closure: Closure
    at: Span
    called: bool
    reason: str


class Kept:
    """What single parts of a machine keep from one call to the next, each for itself."""

    def __init__(self) -> None:
        # `switches`: by function, the names that stay what it was handed
        self.fixed: dict[int, tuple[t.Function, frozenset[str]]] = {}
        # and the names that files give to what they write down, with the scope
        self.constants: set[tuple[int, str]] = set()
        # `prototypes`: by name, the language's own kinds whose objects were given it
        self.extended: dict[str, list[str]] = {}
        # `graphql`: servers that others got, with what they are told; parts of one that others got; where those
        # were made that were seen to be asked
        self.served: list[tuple[Values, Values, Span]] = []
        self.lent: list[tuple[Helper, Span]] = []
        self.answered: set[Span] = set()
        # `generated`: of functions that compilers took apart
        self.pieces: dict[int, Pieces] = {}
        # `answers`: by the kind of an answer, the member of it that is known
        self.answers: dict[str, tuple[str, Values]] = {}
        # `running`: whether a callback runs for the second time
        self.again = False
        # `members`: where a client stands for the prototype of its class
        self.prototypes: set[Span] = set()
        # `unsaid`: what was written as JSON last, by where
        self.written: dict[Span, Values] = {}
        # `recursion`: functions that are running within themselves, with what there is to do; functions to be
        # looked at in the end
        self.doing: list[tuple[t.Function, Any]] = []
        self.left_over: dict[int, Left] = {}
        # `servers`: applications of web frameworks
        self.applications: list[Any] = []


class Machine:
    """What ``Interpreter`` is made of; the methods without a body are its parts'."""

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder
        self.left, self.depth = STEPS, 0
        self.every = False  # whether each invocation gets here
        self.reached = True
        self.loading = True  # whether top levels run, and not yet the handler
        self.stack: list[tuple[t.Function, Span]] = []
        self.entered: list[tuple[Closure, Values, int]] = []  # the same with `this`, and when it began
        self.counted: list[tuple[t.Function, tuple[Any, ...]]] = []  # running with nothing but literals
        self.closures: list[Closure] = []
        self.classes: list[ClassValue] = []
        self.ran: set[int] = set()
        self.waiting: list[tuple[Closure, Values, Span]] = []
        self.keys: dict[Any, tuple[int, Values]] = {}
        self.same: dict[Any, Run] = {}  # runs of functions that need no other, where nothing changed since
        self.first: dict[int, Run] = {}  # of those the first one of each function
        self.counts: dict[int, int] = {}
        self.idle: dict[int, int] = {}
        self.last: dict[int, Values] = {}
        self.constants: dict[int, Values] = {}  # by their node
        self.hoisted: dict[int, tuple[Any, tuple[t.Node, ...]]] = {}  # of each block what is declared in it
        self.shapes = Shapes()
        self.kept = Kept()
        self.calling: set[int] = set()  # functions that were running when AWS was called
        self.commands: list[tuple[Command, bool]] = []
        self.passed: list[tuple[Command, str, Span, bool, bool]] = []  # to code that is not followed
        self.registry = Thing(Span(Source("", b""), 0, 0))  # what gives things in containers, by their names
        self.registrations = 0  # how many names those are
        self.injectable: dict[int, str] = {}  # classes whose objects containers make, and what by
        self.patched: dict[tuple[Span | str, str], Values] = {}  # of a client or a service, in place of theirs
        self.stacked: dict[str, Values] = {}  # by service, the middlewares that its clients were given
        self.passing: set[str] = set()  # the services whose middlewares are running
        self.thrown: Values = ()  # what was thrown that holds something to be called
        self.keyed: dict[str, Values] = {}  # keys of maps that are no texts, by what stands for them
        self.noted: dict[int, list[Helper]] = {}  # what compilers have written beside classes, for containers
        self.wired: dict[int, int] = {}  # of those how many names there were when an object was made
        self.resolving: set[str] = set()  # names whose things are being made
        self.clients: set[str] = set()  # the services that the program has clients of
        self.doubts: dict[tuple[Span, str], bool] = {}  # where something unknown was called by a name
        self.sent: set[Span] = set()  # where the commands were made that were seen to be sent
        self.sending: dict[str, dict[Client, None]] = {}  # by service, who sends commands that are not known
        self.configured: dict[str, Values] = {}  # functions that a program registers as its configuration
        self.mapper_credentials = Credentials.OWN  # what a mapper to tables was given for its client
        self.holding: dict[Span, tuple[str, str, bool]] = {}  # libraries' objects that were handed a client
        self.asking: set[Span] = set()  # where the objects were made that were seen to call AWS
        self.default_credentials: Values = ()  # what ``AWS.config.credentials`` was set to
        self.globals = Thing(Span(Source("", b""), 0, 0), open=True)  # members that were given to ``global``
        self.attached: dict[tuple[Atom, ...], tuple[Atom, ...]] = {}  # what was handed to a wrapper afterwards
        self.strays = Thing(Span(Source("", b""), 0, 0))  # members that things nobody knows were given
        self.now = 1  # counts what begins: runs of functions and ways of branches
        self.changes = Changes()  # of objects and of files' names
        self.local = Changes()  # of names that belong to runs of functions
        self.cut = 0  # when a function was last not followed because it runs already
        self.absent: set[str] = set()  # names that were asked for and were not there
        self.carrying: dict[int, tuple[t.Node, tuple[str, ...]]] = {}  # of each loop what a round leaves
        self.proxied = False  # whether there are proxies
        self.unrolled = 1  # how many rounds the loops that are running take with one another
        self.jumps = 0  # how often a loop or a switch was left, or went on, from the middle
        self.left_by_jumps: list[list[dict[tuple[Owner, str], Any]]] = []  # of each what names were by then
        self._logs: list[dict[tuple[Owner, str], Any]] = []  # of each branch, what was before
        self._since = 0  # when the innermost branch began

    # ------------------------------------------------------------------------------------- budget

    def spend(self) -> None:
        """Count a step; raises ``BudgetExceeded`` when there are none left."""
        self.left -= 1
        if self.left < 0:
            raise BudgetExceeded("following the source takes more steps than an analysis may")

    def abandon(self) -> None:
        """Forget what was running when a budget ran out."""
        self.stack.clear()
        self.entered.clear()
        self.counted.clear()
        self.kept.doing.clear()
        self._logs.clear()
        self._since = 0
        self.unrolled = 1
        self.left_by_jumps.clear()
        self.changes.happened(self.now, -1)
        self.depth = 0

    # ------------------------------------------------------------------------------ what changes

    def set(self, owner: Owner, key: str, value: Any) -> None:
        """Change a name, a member or an element; inside of a branch it can be taken back."""
        table = owner.table
        before = table.get(key, _MISSING)
        if before is value:
            return
        if owner.born < self._since:  # what a branch makes by itself is not there in the others
            self._logs[-1].setdefault((owner, key), before)
        if owner.seen and before != value:
            (self.local if owner.local else self.changes).happened(self.now, owner.born)
        table[key] = value

    def declare(self, scope: Scope, name: str, value: Any) -> None:
        """Give a new name its value: nobody can have seen it before, unless it was asked for and not there."""
        before = scope.table.get(name, _MISSING)
        if before is value:
            return
        if before is not _MISSING and not _is_placeholder(before):
            self.set(scope, name, value)
            return
        if scope.born < self._since:
            self._logs[-1].setdefault((scope, name), before)
        if scope.seen and name in self.absent:
            (self.local if scope.local else self.changes).happened(self.now, scope.born)
        scope.table[name] = value

    @property
    def branching(self) -> bool:
        """Whether what runs is one of several ways."""
        return bool(self._logs)

    def branches(self, *ways: Callable[[], bool]) -> bool:
        """Take one of several ways, each from the same state; afterwards things are as any of them left them.

        A way says whether it leaves (returns, throws): what it did to local names is forgotten then. The result
        is whether all of them leave.
        """
        every, since = self.every, self._since
        done: list[tuple[bool, dict[tuple[Owner, str], Any]]] = []
        touched: dict[tuple[Owner, str], Any] = {}
        for way in ways:
            self.every = False
            self.now += 1
            self._since = self.now
            log: dict[tuple[Owner, str], Any] = {}
            self._logs.append(log)
            ended, jumps = False, self.jumps
            try:
                ended = way()
            finally:
                self._logs.pop()
                self._since = since
                finals: dict[tuple[Owner, str], Any] = {}
                for mark, before in log.items():
                    owner, key = mark
                    finals[mark] = owner.table.get(key, _MISSING)
                    touched.setdefault(mark, before)
                    if before is _MISSING:
                        owner.table.pop(key, None)
                    else:
                        owner.table[key] = before
            done.append((ended, finals))
            if ended and self.jumps > jumps and self.left_by_jumps:
                self.left_by_jumps[-1].append(finals)
        self.every = every
        for mark, before in touched.items():
            owner, key = mark
            if owner.seen:
                (self.local if owner.local else self.changes).happened(self.now, owner.born)
            results: list[Any] = []
            for ended, finals in done:
                if ended and owner.local:
                    continue
                left = finals.get(mark, before)
                if left is not _MISSING:
                    results.append(left)
                elif key in _DECIDING and isinstance(owner, Thing):
                    results.append(self.undefined(owner.at))
            merged = self._merged(results)
            if merged is not _MISSING and merged is not before:
                self.set(owner, key, merged)
        return all(ended for ended, _ in done)

    def rejoin(self, left: list[dict[tuple[Owner, str], Any]]) -> None:
        """What names were where a loop was left from the middle, they may be after it as well."""
        for mark, value in (pair for finals in left for pair in finals.items()):
            owner, key = mark
            before = owner.table.get(key, _MISSING)
            if owner.local and value is not _MISSING and before is not _MISSING and before is not value:
                self.set(owner, key, self._merged([before, value]))

    @staticmethod
    def _merged(results: list[Any]) -> Any:
        if not results:
            return _MISSING
        first = results[0]
        for one in results:
            if one is not first:
                break
        else:
            return first
        if isinstance(first, bool):
            return any(results)
        if any(
            one and isinstance(one[0], tuple) for one in results
        ):  # the items of lists, position by position
            length = max(map(len, results))
            return tuple(join(*(one[i] for one in results if i < len(one))) for i in range(length))
        return join(*results)

    def is_own(self, listing: Listing) -> bool:
        """Whether only the function that is running has seen a list, all of which is known, and goes through
        nothing meanwhile: what is taken off it is then taken off it once."""
        if listing.open or self.left_by_jumps or not self.entered:
            return False
        return listing.born >= self.entered[-1][2]

    # ------------------------------------------------------------------------------ common values

    def unknown(self, reason: str, at: Span, kind: str = "", wraps: Iterable[Atom] = ()) -> Values:
        return (Opaque(reason, at, kind, tuple(wraps)),)

    def undefined(self, at: Span) -> Values:
        return (Literal(t.UNDEFINED, at),)

    # ------------------------------------------------------------------------- done by its parts
    # Each is said by the class of a file of its own, which this one must not know; no machine is without them,
    # and a test holds that.

    def resolved(self, values: Values) -> Values:
        """The same, with bindings looked up."""
        raise NotImplementedError

    def evaluate(self, node: t.Node, frame: Frame) -> Values:
        """What an expression may be."""
        raise NotImplementedError

    def execute(self, node: t.Node, frame: Frame) -> bool:
        """Run a statement; whether it leaves for certain."""
        raise NotImplementedError

    def run_block(self, body: tuple[t.Node, ...], frame: Frame) -> bool:
        raise NotImplementedError

    def bind(self, pattern: t.Node, value: Values, frame: Frame, declare: Scope | None) -> None:
        """Give a value to a pattern's names; with ``declare`` they are new in that scope."""
        raise NotImplementedError

    def get(self, whose: Values, name: str, at: Span) -> Values:
        """A member."""
        raise NotImplementedError

    def any_of(self, whose: Values, at: Span) -> Values:
        """A member whose name is not known."""
        raise NotImplementedError

    def put(self, whose: Values, name: str, value: Values, at: Span) -> None:
        raise NotImplementedError

    def call(self, callee: Values, this: Values, arguments: list[Values], at: Span) -> Values:
        raise NotImplementedError

    def invoke(self, whose: Values, name: str, arguments: list[Values], at: Span) -> Values:
        """Call a member."""
        raise NotImplementedError

    def construct(self, callee: Values, arguments: list[Values], at: Span) -> Values:
        raise NotImplementedError

    def instance(self, of: ClassValue, at: Span) -> Values:
        """An object of a class, made by somebody who was not followed."""
        raise NotImplementedError

    def class_of(self, node: t.Class, frame: Frame) -> Values:
        raise NotImplementedError

    def decorate_class(self, of: ClassValue, decorator: Values, at: Span) -> None:
        """A decorator of a class is called."""
        raise NotImplementedError

    def decorate_method(self, of: ClassValue, name: str, decorators: list[Values], at: Span) -> None:
        """The decorators of a member are called, the innermost first."""
        raise NotImplementedError

    def typed(self, value: Values, names: t.TypeName, frame: Frame) -> Values:
        """A value of which nothing is known, as its type has it."""
        raise NotImplementedError

    def load(self, specifier: str, module: Any, at: Span) -> Values | None:
        """What a file or a package is, imported from a module; ``None`` where it was not found (and told)."""
        raise NotImplementedError

    def imported(self, specifier: str, name: str, module: Any, at: Span) -> Values:
        """One export of a file or a package (``default``, ``*`` for all)."""
        raise NotImplementedError

    def imported_type(self, specifier: str, name: str, module: Any, at: Span) -> Values:
        """``imported`` of what only types are written with."""
        raise NotImplementedError

    def matching(self, pattern: str, at: Span) -> list[tuple[str, Values]]:
        """The files whose paths are as a pattern of the file at ``at`` says, with what each exports."""
        raise NotImplementedError

    def run_callback(self, function: Atom, arguments: list[Values], at: Span) -> Values:
        """Call a function that somebody else was handed: now, or after all top levels have run."""
        raise NotImplementedError

    def threw(self, values: Values) -> None:
        """Something is thrown: whoever catches an error may get it."""
        raise NotImplementedError

    def given_back(self, values: Values) -> None:
        """What a function gave to code that is not followed, whose members that may hand to others."""
        raise NotImplementedError

    def handed(
        self, who: str, arguments: list[Values], at: Span, clients: bool = True, keeps: bool = False
    ) -> tuple[Values, tuple[Atom, ...]]:
        """What follows when code that is not followed gets these: its functions' results, and the functions.

        Without ``clients`` that code is known to call nothing with the clients it gets. What ``keeps`` the
        functions while files are loaded calls them when what it gave back is used, and not before.
        """
        raise NotImplementedError


def _is_placeholder(value: Any) -> bool:
    """Whether it is what a name is before its declaration was run."""
    return len(value) == 1 and isinstance(value[0], Literal) and value[0].value is t.UNDEFINED
