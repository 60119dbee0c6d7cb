"""The syntax tree of Terraform's language: what was written and where, nothing evaluated.

Native syntax (``syntax.py``) and JSON syntax (``json_syntax.py``) make the same tree. ``start`` and
``end`` are byte offsets into the source. Nodes are plain slotted classes rather than frozen
dataclasses, because a thousand functions are a hundred thousand nodes; nobody writes to them after
the parser.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TypeAlias

from stockade.source import Source


class Node:
    """Anything with a place."""

    __slots__ = ("end", "start")

    def __init__(self, start: int, end: int) -> None:
        self.start = start
        self.end = end

    def __repr__(self) -> str:
        fields = [
            f"{name}={getattr(self, name)!r}"
            for kind in type(self).__mro__
            for name in getattr(kind, "__slots__", ())
            if name not in ("start", "end")
        ]
        return f"{type(self).__name__}[{self.start}:{self.end}]({', '.join(fields)})"


# ------------------------------------------------------------------------------------ expressions


class Literal(Node):
    """A number, ``true``, ``false``, ``null``, or a string without interpolation (escapes resolved).

    As a part of a template it is one run of literal text; its span is then exactly the source bytes
    that say it.
    """

    __slots__ = ("value",)

    def __init__(self, start: int, end: int, value: str | int | Decimal | bool | None) -> None:
        self.start = start
        self.end = end
        self.value = value


class Template(Node):
    """A quoted string or heredoc with interpolations; also every heredoc, so that places survive.

    ``parts`` are literal runs (``Literal`` with a ``str``), expressions, and directives; strip
    markers and the indentation of ``<<-`` are already applied. A quoted template whose only part is
    an expression is that expression's value, whatever its type (``wraps``).
    """

    __slots__ = ("heredoc", "parts")

    def __init__(self, start: int, end: int, parts: list[Part], heredoc: bool) -> None:
        self.start = start
        self.end = end
        self.parts = parts
        self.heredoc = heredoc

    @property
    def wraps(self) -> Expression | None:
        if self.heredoc or len(self.parts) != 1:
            return None
        part = self.parts[0]
        return None if isinstance(part, IfDirective | ForDirective) else part


class IfDirective(Node):
    """``%{ if condition }then%{ else }otherwise%{ endif }`` in a template."""

    __slots__ = ("condition", "otherwise", "then")

    def __init__(
        self, start: int, end: int, condition: Expression, then: list[Part], otherwise: list[Part]
    ) -> None:
        self.start = start
        self.end = end
        self.condition = condition
        self.then = then
        self.otherwise = otherwise


class ForDirective(Node):
    """``%{ for key, value in collection }body%{ endfor }`` in a template."""

    __slots__ = ("body", "collection", "key", "value")

    def __init__(
        self, start: int, end: int, key: str | None, value: str, collection: Expression, body: list[Part]
    ) -> None:
        self.start = start
        self.end = end
        self.key = key
        self.value = value
        self.collection = collection
        self.body = body


class Tuple(Node):
    """``[a, b]``."""

    __slots__ = ("items",)

    def __init__(self, start: int, end: int, items: list[Expression]) -> None:
        self.start = start
        self.end = end
        self.items = items


class Object(Node):
    """``{ key = value }``; a bare identifier key is a ``Literal`` string, ``(expr)`` any expression."""

    __slots__ = ("items",)

    def __init__(self, start: int, end: int, items: list[tuple[Expression, Expression]]) -> None:
        self.start = start
        self.end = end
        self.items = items


class For(Node):
    """``[for k, v in collection : value if condition]``, or with ``key =>`` and braces an object.

    ``result_key`` is ``None`` for the tuple form; ``group`` is the trailing ``...`` of the object form.
    """

    __slots__ = ("collection", "condition", "group", "key", "result", "result_key", "value")

    def __init__(
        self,
        start: int,
        end: int,
        key: str | None,
        value: str,
        collection: Expression,
        result_key: Expression | None,
        result: Expression,
        group: bool,
        condition: Expression | None,
    ) -> None:
        self.start = start
        self.end = end
        self.key = key
        self.value = value
        self.collection = collection
        self.result_key = result_key
        self.result = result
        self.group = group
        self.condition = condition


class Variable(Node):
    """A root name: ``var``, ``local``, ``each``, a resource type, a ``for`` variable."""

    __slots__ = ("name",)

    def __init__(self, start: int, end: int, name: str) -> None:
        self.start = start
        self.end = end
        self.name = name


class GetAttr(Node):
    """``target.name``."""

    __slots__ = ("name", "target")

    def __init__(self, start: int, end: int, target: Expression, name: str) -> None:
        self.start = start
        self.end = end
        self.target = target
        self.name = name


class Index(Node):
    """``target[key]`` and the legacy ``target.0``."""

    __slots__ = ("key", "target")

    def __init__(self, start: int, end: int, target: Expression, key: Expression) -> None:
        self.start = start
        self.end = end
        self.target = target
        self.key = key


class Item(Node):
    """The element a splat stands at; occurs only inside ``Splat.body``."""

    __slots__ = ()


class Splat(Node):
    """``target[*].rest`` and ``target.*.rest``: ``body`` is the rest, rooted at an ``Item``.

    For ``.*`` only attribute steps belong to the body; an index after them applies to the result.
    """

    __slots__ = ("body", "target")

    def __init__(self, start: int, end: int, target: Expression, body: Expression) -> None:
        self.start = start
        self.end = end
        self.target = target
        self.body = body


class Call(Node):
    """``name(args...)``; ``expand`` is the trailing ``...``. Names may be ``provider::aws::f``."""

    __slots__ = ("args", "expand", "name")

    def __init__(self, start: int, end: int, name: str, args: list[Expression], expand: bool) -> None:
        self.start = start
        self.end = end
        self.name = name
        self.args = args
        self.expand = expand


class Unary(Node):
    """``-x`` or ``!x``."""

    __slots__ = ("operand", "operator")

    def __init__(self, start: int, end: int, operator: str, operand: Expression) -> None:
        self.start = start
        self.end = end
        self.operator = operator
        self.operand = operand


class Binary(Node):
    """Arithmetic, comparison, ``&&`` and ``||``."""

    __slots__ = ("left", "operator", "right")

    def __init__(self, start: int, end: int, operator: str, left: Expression, right: Expression) -> None:
        self.start = start
        self.end = end
        self.operator = operator
        self.left = left
        self.right = right


class Conditional(Node):
    """``condition ? then : otherwise``."""

    __slots__ = ("condition", "otherwise", "then")

    def __init__(
        self, start: int, end: int, condition: Expression, then: Expression, otherwise: Expression
    ) -> None:
        self.start = start
        self.end = end
        self.condition = condition
        self.then = then
        self.otherwise = otherwise


class Paren(Node):
    """``(inner)``."""

    __slots__ = ("inner",)

    def __init__(self, start: int, end: int, inner: Expression) -> None:
        self.start = start
        self.end = end
        self.inner = inner


Expression: TypeAlias = (
    Literal | Template | Tuple | Object | For | Variable | GetAttr | Index | Item | Splat
    | Call | Unary | Binary | Conditional | Paren
)  # fmt: skip
Part: TypeAlias = Expression | IfDirective | ForDirective


# -------------------------------------------------------------------------------------- structure


class Attribute(Node):
    """``name = value``; the node spans name to value, ``name`` stands at ``start``."""

    __slots__ = ("name", "value")

    def __init__(self, start: int, end: int, name: str, value: Expression) -> None:
        self.start = start
        self.end = end
        self.name = name
        self.value = value


class Block(Node):
    """``type "label" { ... }``; ``header_end`` is where the opening brace's line-up ends (exclusive)."""

    __slots__ = ("body", "header_end", "labels", "type")

    def __init__(self, start: int, end: int, type: str, labels: list[str], header_end: int, body: Body) -> None:
        self.start = start
        self.end = end
        self.type = type
        self.labels = labels
        self.header_end = header_end
        self.body = body


class Body(Node):
    """What stands between braces, or a whole file: attributes by name, blocks in order."""

    __slots__ = ("attributes", "blocks")

    def __init__(self, start: int, end: int, attributes: dict[str, Attribute], blocks: list[Block]) -> None:
        self.start = start
        self.end = end
        self.attributes = attributes
        self.blocks = blocks


class Problem(Node):
    """A piece that Terraform's grammar does not allow; the rest of the file was still read."""

    __slots__ = ("message",)

    def __init__(self, start: int, end: int, message: str) -> None:
        self.start = start
        self.end = end
        self.message = message


class File:
    """One parsed file."""

    __slots__ = ("body", "problems", "source")

    def __init__(self, source: Source, body: Body, problems: list[Problem]) -> None:
        self.source = source
        self.body = body
        self.problems = problems


# -------------------------------------------------------------------------------------- traversal


def walk(node: Node) -> Iterator[Node]:
    """A node and every node below it, parents first; takes no stack, however deep the tree."""
    waiting: list[object] = [node]
    while waiting:
        found = waiting.pop()
        if isinstance(found, Node):
            yield found
            for kind in type(found).__mro__:
                waiting += [getattr(found, name) for name in getattr(kind, "__slots__", ())]
        elif isinstance(found, list | tuple):
            waiting += found
        elif isinstance(found, dict):
            waiting += found.values()
