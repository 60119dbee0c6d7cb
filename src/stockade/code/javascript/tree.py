"""JavaScript and TypeScript as the analysis sees them: few nodes, each with its place, types left as names.

Whatever means the same is one node here: an arrow function is a function, ``enum`` an object, ``as`` a cast.
"""

from __future__ import annotations

from dataclasses import field, fields
from functools import cache
from typing import Any, TypeAlias

from stockade.records import dataclass
from stockade.source import Span

TypeName: TypeAlias = tuple[str, ...]
"""What a type annotation names: ``S3Client``, ``AWS.S3``, each member of a union; empty for all other types."""


class _Undefined:
    def __repr__(self) -> str:
        return "undefined"


UNDEFINED = _Undefined()


@dataclass(slots=True, eq=False)
class Node:
    """``at`` is its place."""

    at: Span


# ------------------------------------------------------------------------------------- expressions


@dataclass(slots=True, eq=False)
class Constant(Node):
    """``value`` is a ``str``, a number, a truth value, ``None`` for null, or ``UNDEFINED``."""

    value: Any


@dataclass(slots=True, eq=False)
class Template(Node):
    parts: tuple[str | Node, ...]


@dataclass(slots=True, eq=False)
class Name(Node):
    id: str


@dataclass(slots=True, eq=False)
class This(Node):
    pass


@dataclass(slots=True, eq=False)
class Super(Node):
    pass


@dataclass(slots=True, eq=False)
class Member(Node):
    object: Node
    name: str


@dataclass(slots=True, eq=False)
class Index(Node):
    object: Node
    key: Node


@dataclass(slots=True, eq=False)
class Call(Node):
    callee: Node
    arguments: tuple[Node, ...]
    new: bool = False


@dataclass(slots=True, eq=False)
class Parameter(Node):
    """``field`` says that the constructor keeps it under its name (``private readonly table: string``)."""

    pattern: Node
    type: TypeName = ()
    field: bool = False
    decorators: tuple[Node, ...] = ()


@dataclass(slots=True, eq=False)
class Function(Node):
    """``body`` is a block, or an expression that is returned."""

    name: str
    parameters: tuple[Parameter, ...]
    body: Node
    arrow: bool = False
    generator: bool = False
    returns: TypeName = ()


@dataclass(slots=True, eq=False)
class ClassMember(Node):
    """``kind`` is ``method``, ``get``, ``set``, ``field`` or ``block``; ``key`` ``None`` only for a block."""

    key: Node | None
    kind: str
    static: bool
    value: Node | None
    type: TypeName = ()
    decorators: tuple[Node, ...] = ()


@dataclass(slots=True, eq=False)
class Class(Node):
    name: str
    base: Node | None
    members: tuple[ClassMember, ...]
    decorators: tuple[Node, ...] = ()
    implements: TypeName = ()


@dataclass(slots=True, eq=False)
class Entry(Node):
    """A member of an object; ``kind`` is ``value``, ``get``, ``set`` or ``spread``, which has no key."""

    key: Node | None
    value: Node
    kind: str = "value"


@dataclass(slots=True, eq=False)
class Object(Node):
    entries: tuple[Entry, ...]


@dataclass(slots=True, eq=False)
class Array(Node):
    items: tuple[Node, ...]


@dataclass(slots=True, eq=False)
class Spread(Node):
    value: Node


@dataclass(slots=True, eq=False)
class Assign(Node):
    """``operator`` is ``=`` or what stands before it (``+``, ``??``)."""

    target: Node
    operator: str
    value: Node


@dataclass(slots=True, eq=False)
class Binary(Node):
    operator: str
    left: Node
    right: Node


@dataclass(slots=True, eq=False)
class Logical(Node):
    operator: str
    left: Node
    right: Node


@dataclass(slots=True, eq=False)
class Conditional(Node):
    test: Node
    yes: Node
    no: Node


@dataclass(slots=True, eq=False)
class Unary(Node):
    operator: str
    value: Node


@dataclass(slots=True, eq=False)
class Await(Node):
    """``await`` or ``yield``; helpers of compilers write the first as the second. ``each`` of ``yield*``."""

    value: Node
    yields: bool = False
    each: bool = False


@dataclass(slots=True, eq=False)
class Sequence(Node):
    items: tuple[Node, ...]


@dataclass(slots=True, eq=False)
class Cast(Node):
    value: Node
    type: TypeName


@dataclass(slots=True, eq=False)
class Dynamic(Node):
    """``import(module)``."""

    module: Node


@dataclass(slots=True, eq=False)
class Other(Node):
    """An expression of which only the parts matter, such as JSX: they are evaluated, its value is not known."""

    parts: tuple[Node, ...]


# ---------------------------------------------------------------------------------------- patterns


@dataclass(slots=True, eq=False)
class ObjectPattern(Node):
    """``entries`` are a key and a pattern each; ``rest`` takes what is left."""

    entries: tuple[tuple[Node, Node], ...]
    rest: Node | None = None


@dataclass(slots=True, eq=False)
class ArrayPattern(Node):
    """A ``Spread`` among ``items`` takes what is left, ``None`` leaves one out."""

    items: tuple[Node | None, ...]


@dataclass(slots=True, eq=False)
class DefaultPattern(Node):
    pattern: Node
    default: Node


# -------------------------------------------------------------------------------------- statements


@dataclass(slots=True, eq=False)
class Declarator(Node):
    pattern: Node
    value: Node | None
    type: TypeName = ()


@dataclass(slots=True, eq=False)
class Declare(Node):
    """``kind`` is ``var``, ``let``, ``const``, ``using``, or ``function`` (there from the start)."""

    kind: str
    declarators: tuple[Declarator, ...]


@dataclass(slots=True, eq=False)
class Expression(Node):
    value: Node


@dataclass(slots=True, eq=False)
class Block(Node):
    body: tuple[Node, ...]


@dataclass(slots=True, eq=False)
class If(Node):
    test: Node
    yes: Node
    no: Node | None


@dataclass(slots=True, eq=False)
class Loop(Node):
    """Any loop. ``each`` are a pattern and what it takes its values from; ``keys`` for ``in``."""

    first: Node | None
    test: Node | None
    step: Node | None
    body: Node
    each: tuple[Node, Node] | None = None
    keys: bool = False
    certain: bool = False  # the body runs at least once


@dataclass(slots=True, eq=False)
class Return(Node):
    value: Node | None


@dataclass(slots=True, eq=False)
class Throw(Node):
    value: Node | None


@dataclass(slots=True, eq=False)
class Jump(Node):
    """``break`` or ``continue``."""


@dataclass(slots=True, eq=False)
class Try(Node):
    body: Node
    parameter: Node | None
    handler: Node | None
    final: Node | None


@dataclass(slots=True, eq=False)
class Dispose(Node):
    """The end of a block that had something by ``using``."""

    value: Node


@dataclass(slots=True, eq=False)
class Switch(Node):
    """Each case: its value (``None`` for the default) and its statements."""

    value: Node
    cases: tuple[tuple[Node | None, Block], ...]


@dataclass(slots=True, eq=False)
class Namespace(Node):
    name: str
    body: Block


@dataclass(slots=True, eq=False)
class Interface(Node):
    """An interface or a type by its name: what it is another name of, and what its members are."""

    name: str
    names: TypeName
    members: tuple[tuple[str, TypeName], ...] = ()


@dataclass(slots=True, eq=False)
class Import(Node):
    """``names``: what the module calls it (``default``, ``*`` for all) and what it is called here."""

    module: str
    names: tuple[tuple[str, str], ...]


@dataclass(slots=True, eq=False)
class Export(Node):
    """``names``: the name here or in ``module`` (``*`` for all) and the one it is exported under (or ``*``)."""

    names: tuple[tuple[str, str], ...] = ()
    module: str = ""
    declaration: Node | None = None
    default: Node | None = None


@dataclass(slots=True)
class Program:
    """One file. ``broken`` are the places of what is no JavaScript."""

    body: tuple[Node, ...]
    broken: tuple[Span, ...] = field(default_factory=tuple)


@cache
def parts(kind: Any) -> tuple[str, ...]:
    """The names of what a kind of node consists of, without its place."""
    return tuple(one.name for one in fields(kind) if one.name != "at")
