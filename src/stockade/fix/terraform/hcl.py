"""Values as Terraform's language says them, where they stand: quoted, with references and interpolation."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, TypeAlias

from stockade.errors import FixError
from stockade.fix.terraform.columns import lined_up
from stockade.patterns import lazy_regex
from stockade.value import Hole, Known, Ref, Text, Unknown

Name: TypeAlias = Callable[[Ref | Hole], str]
"""How a reference or a hole is written where the value stands; raises ``FixError`` where it has no word."""

_WIDEST: Final = 100
"""Columns that a list or a map on one line may take."""
_TEMPLATE: Final = lazy_regex(r'"(?:[^"\\$%]|\\.|\$\{(?:[^"{}]|"[^"\\$%{}]*")*\})*"')
"""A text in quotes, with no more than plain interpolations: what is in it can stand in other quotes."""
_IDENTIFIER: Final = lazy_regex(r"[^\W\d][\w-]*")
_ESCAPES: Final = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


class Raw(str):
    """An expression as it is to be written."""

    __slots__ = ()


def expression(value: Any, name: Name, indent: str = "", broken: bool = False, width: int = 0) -> str:
    """A value as an expression; its lines after the first are indented by ``indent`` and more.

    ``broken`` says that lists and maps go over several lines even where they are short; ``width`` is what
    stands before it on its line.
    """
    match value:
        case Raw():
            return str(value)
        case Known(inner):
            return expression(inner, name, indent, broken, width)
        case Unknown(_, _, Text() as text):
            return expression(text, name, indent, broken, width)
        case Unknown(reason):
            raise FixError(f"a value of the fix is not known: {reason}")
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int() | float() | Decimal():
            return str(value)
        case str():
            return f'"{quoted(value)}"'
        case Ref():
            return name(value)
        case Text(parts):
            return _text(parts, name)
        case Mapping():
            return _object(value, name, indent, broken, width)
        case tuple() | list():
            return _list(value, name, indent, broken, width)
        case _:
            raise FixError(f"a value of the fix cannot be written: {value!r}")


def quoted(text: str) -> str:
    """A text inside of quotes."""
    out = "".join(_ESCAPES.get(one, one) for one in text)
    return out.replace("${", "$${").replace("%{", "%%{")


def _text(parts: Sequence[str | Ref | Hole], name: Name) -> str:
    if len(parts) == 1 and not isinstance(parts[0], str):
        return name(parts[0])
    return '"' + template(parts, name) + '"'


def template(parts: Iterable[str | Ref | Hole], name: Name) -> str:
    """Pieces of a text as they stand inside of quotes."""
    return "".join(quoted(one) if isinstance(one, str) else interpolated(name(one)) for one in parts)


def interpolated(expression: str) -> str:
    """An expression inside of quotes; a template's own inside is taken over."""
    if _TEMPLATE.fullmatch(expression):
        return expression[1:-1]
    return f"${{{expression}}}"


def _list(items: Sequence[Any], name: Name, indent: str, broken: bool, width: int) -> str:
    if not items:
        return "[]"
    flat = "[" + ", ".join(expression(one, name) for one in items) + "]"
    is_flat = (
        "\n" not in flat and (len(items) == 1 or not broken) and len(indent) + width + len(flat) <= _WIDEST
    )
    if is_flat and not (broken and any(isinstance(one, Mapping) for one in items)):
        return flat
    inner = indent + "  "
    if len(items) == 1 and isinstance(items[0], Mapping):
        return f"[{expression(items[0], name, indent, broken)}]"
    lines = [f"{inner}{expression(one, name, inner, broken)}," for one in items]
    return "\n".join(["[", *lines, f"{indent}]"])


def _object(members: Mapping[str, Any], name: Name, indent: str, broken: bool, width: int) -> str:
    if not members:
        return "{}"
    if len(members) == 1 and not broken:
        ((key, value),) = members.items()
        flat = f"{{ {key_of(key)} = {expression(value, name)} }}"
        if "\n" not in flat and len(indent) + width + len(flat) <= _WIDEST:
            return flat
    inner = indent + "  "
    return "\n".join(["{", *arguments(members, name, inner, broken), f"{indent}}}"])


def arguments(members: Mapping[str, Any], name: Name, indent: str, broken: bool = False) -> list[str]:
    """Lines that give names their values, lined up."""
    out: list[str] = []
    for key, value in members.items():
        head = f"{indent}{key_of(key)} = "
        out += (head + expression(value, name, indent, broken, len(head) - len(indent))).split("\n")
    return [line.encode("latin-1").decode() for line in lined_up([_bytes(line) for line in out])]


def _bytes(line: str) -> str:
    return line.encode().decode("latin-1")


def key_of(name: str) -> str:
    """A key of an object: bare where it can be."""
    return name if _IDENTIFIER.fullmatch(name) else f'"{quoted(name)}"'
