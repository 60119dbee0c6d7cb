"""What an expression may be while the analysis runs: a few possibilities, each of one of the kinds below.

``Values`` is a tuple of possibilities; the empty one is "nothing yet", which is what a function that is still
running returns to itself. Promises are not modelled: a promise is what it resolves to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from itertools import chain
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from stockade.code.facts import Credentials
from stockade.code.javascript import tree as t
from stockade.records import dataclass, record
from stockade.source import Span
from stockade.value import Text

MANY: Final = 12
"""How many possibilities that are no function, object or client are told apart."""

MOST: Final = 500
"""How many possibilities are kept at all."""


@record
class Literal:
    """A value that is written somewhere; ``at`` is where and does not tell two of them apart."""

    value: Any
    at: Span = field(compare=False)


@record
class Words:
    """A text that is known in part."""

    text: Text
    reason: str = field(compare=False)
    at: Span = field(compare=False)


@record
class Opaque:
    """Something nobody can know. ``kind`` says what it has to do with AWS, if anything.

    ``wraps`` are functions that whoever made it was handed: calling it may call them.
    """

    reason: str = field(compare=False)
    at: Span = field(compare=False)
    kind: str = ""
    wraps: tuple[Atom, ...] = ()


@record
class External:
    """What a package exports: ``External("@aws-sdk/client-s3", ("S3Client",))``. Globals are of ``GLOBAL``."""

    module: str
    path: tuple[str, ...] = ()


EVENT: Final = "it comes with the event"
"""Why the event is not known: nobody sends a client in one."""

GLOBAL: Final = "(global)"


@record
class Environment:
    """``process.env``."""


_NO_SETTERS: Final[Mapping[str, Closure]] = MappingProxyType({})


class Thing:
    """An object. ``open`` says that it may have other members, ``base`` is where missing ones come from.

    ``born`` says when it was made (``Machine.now``); 0 where nobody noted it.
    """

    __slots__ = ("at", "base", "born", "getters", "keys", "kind", "of", "open", "setters", "stars", "table")
    seen = True
    local = False

    def __init__(self, at: Span, *, of: ClassValue | None = None, kind: str = "", open: bool = False) -> None:
        self.at = at
        self.born = 0
        self.table: dict[str, Any] = {}
        self.getters: dict[str, Closure] = {}
        self.setters: Mapping[str, Closure] = _NO_SETTERS  # its own where it has any
        self.of = of
        self.kind = kind  # "map" for Map, "set" for Set, "module" for what a file exports, "arguments"
        self.open = open
        self.base: Values = ()
        self.keys: list[Values] = []  # names of members that were computed
        self.stars: list[Callable[[str], Values | None]] = []


class Listing:
    """An array. In ``table``: ``items``, a tuple of values; ``rest``, what other elements may be."""

    __slots__ = ("at", "born", "table")
    seen = True
    local = False

    def __init__(self, at: Span, items: Iterable[Values] = (), rest: Values = (), open: bool = False) -> None:
        self.at = at
        self.born = 0
        self.table: dict[str, Any] = {"items": tuple(items), "rest": rest, "open": open or bool(rest)}

    @property
    def items(self) -> tuple[Values, ...]:
        found: tuple[Values, ...] = self.table["items"]
        return found

    @property
    def rest(self) -> Values:
        found: Values = self.table["rest"]
        return found

    @property
    def open(self) -> bool:
        return bool(self.table["open"])

    def any(self) -> Values:
        """What any of the elements may be."""
        found = join(*self.items, self.rest)
        return found or (Opaque("it is an element of a list that is not known", self.at),)


class Scope:
    """Names and what they are; ``local`` ones belong to one run of a function.

    ``born`` says when it was made (``Machine.now``), ``seen`` whether a function may still see it afterwards.
    """

    __slots__ = ("born", "local", "parent", "seen", "table")

    def __init__(self, parent: Scope | None, born: int, local: bool = True) -> None:
        self.parent = parent
        self.born = born
        self.local = local
        self.seen = not local
        self.table: dict[str, Any] = {}

    def find(self, name: str) -> Scope | None:
        """The innermost scope that has the name."""
        scope: Scope | None = self
        while scope is not None and name not in scope.table:
            scope = scope.parent
        return scope


class Closure:
    """A function with the names it sees; ``table`` are members somebody gave it."""

    __slots__ = ("home", "module", "node", "scope", "table", "this")
    born = 0
    local = False
    seen = True

    def __init__(
        self, node: t.Function, scope: Scope, module: Any, this: Values | None, home: ClassValue | None
    ) -> None:
        self.node = node
        self.scope = scope
        self.module = module
        self.this = this  # of an arrow function; others get theirs when they are called
        self.home = home  # the class whose method it is, for ``super``
        self.table: dict[str, Any] = {}


class ClassValue:
    """A class; ``table`` are its static members, ``methods`` what its objects share."""

    __slots__ = (
        *("base", "getters", "made", "methods", "module", "node", "scope", "setters", "shared"),
        *("static_setters", "statics", "table"),
    )
    born = 0
    local = False
    seen = True

    def __init__(self, node: t.Class, scope: Scope, module: Any, base: Values) -> None:
        self.node = node
        self.scope = scope
        self.module = module
        self.base = base
        self.table: dict[str, Any] = {}
        self.methods: dict[str, Closure] = {}
        self.getters: dict[str, Closure] = {}
        self.statics: dict[str, Closure] = {}  # getters of the class itself
        self.setters: dict[str, Closure] = {}
        self.static_setters: dict[str, Closure] = {}
        self.made: Thing | None = None
        self.shared: Thing | None = None  # its prototype, once somebody asked for it

    def is_open(self) -> bool:
        """Whether it extends something that was not read."""
        of = self
        for _ in range(12):
            base = next((atom for atom in of.base if isinstance(atom, ClassValue)), None)
            if base is None:
                return any(not isinstance(atom, Closure) for atom in of.base)
            of = base
        return True


Run: TypeAlias = "Callable[[Any, Values, list[Values], Span], Values]"
"""What a native function does: the machine, ``this``, the arguments, the place of the call."""


class Native:
    """A function that the language, or this analysis, provides."""

    __slots__ = ("name", "run")

    def __init__(self, name: str, run: Run) -> None:
        self.name = name
        self.run = run


class Bound:
    """A function with its ``this`` and its first arguments."""

    __slots__ = ("arguments", "target", "this")

    def __init__(self, target: Atom, this: Values, arguments: tuple[Values, ...]) -> None:
        self.target = target
        self.this = this
        self.arguments = arguments


@record
class Client:
    """A client of one service. ``flavour`` is ``3``, ``2``, or ``document`` for DynamoDB's simpler ones.

    ``bound`` are parameters that every call gets (``new AWS.S3({params})``).
    """

    service: str
    flavour: str
    at: Span
    credentials: Credentials = Credentials.OWN
    bound: Thing | None = None


@dataclass(slots=True, eq=False)
class Command:
    """A request that a client may send."""

    service: str
    operation: str
    input: Values
    at: Span
    used: bool = False


@record
class Operation:
    """A method of a client, taken off it."""

    client: Client
    name: str


@record
class Helper:
    """An object of a library that makes calls by itself, such as Powertools' ``SSMProvider``."""

    kind: str
    at: Span
    service: str = ""
    input: Values = ()


class Binding:
    """A name that is looked up when it is used: an import, or an export of something that may change."""

    __slots__ = ("resolve",)

    def __init__(self, resolve: Callable[[], Values]) -> None:
        self.resolve = resolve


class TypeValue:
    """An interface or a type's name, with the scope it stands in."""

    __slots__ = ("module", "node", "scope")

    def __init__(self, node: t.Interface, scope: Scope, module: Any) -> None:
        self.node = node
        self.scope = scope
        self.module = module


Atom: TypeAlias = (
    Literal
    | Words
    | Opaque
    | External
    | Environment
    | Thing
    | Listing
    | Closure
    | ClassValue
    | Native
    | Bound
    | Client
    | Command
    | Operation
    | Helper
    | TypeValue
    | Binding
)
Values: TypeAlias = tuple[Atom, ...]


class Frame:
    """One run of a function, or of a file's top level; ``scope`` is the innermost one while it runs."""

    __slots__ = ("home", "module", "returned", "scope", "this", "yielded")

    def __init__(self, scope: Scope, this: Values, module: Any, home: ClassValue | None = None) -> None:
        self.scope = scope
        self.this = this
        self.module = module
        self.home = home
        self.returned: Values = ()
        self.yielded: Values = ()


def join(*alternatives: Values) -> Values:
    """All possibilities, each once. Of very many, those that can do nothing are left out for one unknown."""
    full = [one for one in alternatives if one]
    if len(full) < 2:
        return full[0] if full else ()
    first = full[0]
    if len(first) == 1:
        for one in full:
            if one is not first and (len(one) > 1 or one[0] is not first[0]):
                break
        else:
            return first  # the same once more, as most branches leave it
        if len(full) == 2 and len(full[1]) == 1:
            return first if first[0] == full[1][0] else (first[0], full[1][0])
    out = tuple(dict.fromkeys(chain.from_iterable(full)))
    if len(out) > MANY:
        plain = [atom for atom in out if isinstance(atom, Literal | Words | Opaque)]
        if len(plain) > MANY:
            rest = tuple(atom for atom in out if not isinstance(atom, Literal | Words | Opaque))
            out = (*rest, Opaque("it may be one of many", plain[0].at))
    return out[:MOST]


def is_nothing(atom: Atom) -> bool:
    """Whether it is ``undefined`` or ``null``."""
    return isinstance(atom, Literal) and (atom.value is None or atom.value is t.UNDEFINED)


def something(values: Values) -> Values:
    """The possibilities other than ``undefined`` and ``null``, where there are others."""
    if len(values) < 2:
        return values
    return tuple(atom for atom in values if not is_nothing(atom)) or values
