"""``jsonencode`` and ``jsondecode``: the text as Terraform writes it, and the structure kept behind it."""

from __future__ import annotations

import re
from decimal import Decimal
from json import JSONDecoder
from json.encoder import encode_basestring
from typing import Any

from stockade.errors import BudgetExceeded
from stockade.patterns import lazy_regex
from stockade.read.budget import Budget, bound_text
from stockade.read.terraform.cty import EvaluationError
from stockade.read.terraform.functions.context import Context
from stockade.read.terraform.functions.graphemes import composed
from stockade.read.terraform.functions.registry import valued
from stockade.read.terraform.functions.unknowns import because, pieces_of, spliced
from stockade.read.terraform.number import Number, number_text, read_number
from stockade.value import Hole, Known, Origin, Ref, Structured, Text, Unknown, Value, structure

_ESCAPES = str.maketrans(
    {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
)

_BRACKETS = lazy_regex(r'"(?:[^"\\]|\\.)*+"?|[\[\]{}]', re.DOTALL)

DEEPEST = 200
"""How deep a document may nest that is decoded."""


@valued("jsonencode(val: any?)")
def jsonencode(context: Context, value: Value[Any]) -> Value[Any]:
    """The JSON text of a value. References inside stand in the text as they are, and ``structure`` of

    the result is the value itself, so that every element of a policy keeps its own place.
    """
    out: list[str] = []
    unknown = _write(value, out, context.budget)
    if unknown is None:
        text = "".join(out)
        bound_text(len(text))
        return Known(Structured.of(text, lambda: value), context.origin)
    parts: list[str | Ref | Hole] = []
    _splice(value, parts, context.budget)
    return spliced(parts, unknown, context.origin, lambda: value)


def json_text(value: Value[Any], budget: Budget) -> str:
    """The JSON text of a value that is known all through."""
    out: list[str] = []
    _write(value, out, budget)
    return "".join(out)


def quote(text: str) -> str:
    """A JSON string as Terraform writes it: safe inside HTML, everything else as it is."""
    quoted = encode_basestring(text)
    if text.isalnum():
        return quoted
    return quoted.translate(_ESCAPES)


def _write(value: Value[Any], out: list[str], budget: Budget) -> Unknown | None:
    """Append the text of a value; stops at the first unknown and returns it."""
    if isinstance(value, Unknown):
        return value
    inner = value.value
    kind = inner.__class__
    if kind is str:
        out.append(quote(inner))
    elif isinstance(inner, dict):
        budget.spend(len(inner))
        separator = "{"
        for name in sorted(inner):
            out.append(separator + quote(name) + ":")
            unknown = _write(inner[name], out, budget)
            if unknown is not None:
                return unknown
            separator = ","
        out.append("}" if inner else "{}")
    elif isinstance(inner, tuple):
        budget.spend(len(inner))
        separator = "["
        for item in inner:
            out.append(separator)
            unknown = _write(item, out, budget)
            if unknown is not None:
                return unknown
            separator = ","
        out.append("]" if inner else "[]")
    else:
        scalar = _scalar(inner)
        if scalar is None:
            return Unknown("a whole resource is known only at deployment", value.origin)
        out.append(scalar)
    return None


def _scalar(inner: object) -> str | None:
    match inner:
        case None:
            return "null"
        case bool():
            return "true" if inner else "false"
        case int() | Decimal():
            return number_text(inner)
        case str():
            return quote(inner)
        case _:
            return None


def _splice(value: Value[Any], parts: list[str | Ref | Hole], budget: Budget) -> None:
    """The same with whatever is unknown left standing in the text."""
    if isinstance(value, Unknown):
        if value.text is None:  # nobody knows even whether it is a string: no quotes
            parts += pieces_of(value)
            return
        parts.append('"')
        parts += [quote(part)[1:-1] if isinstance(part, str) else part for part in value.text.parts]
        parts.append('"')
        return
    inner = value.value
    if isinstance(inner, dict):
        budget.spend(len(inner))
        separator = "{"
        for name in sorted(inner):
            parts.append(separator + quote(name) + ":")
            _splice(inner[name], parts, budget)
            separator = ","
        parts.append("}" if inner else "{}")
    elif isinstance(inner, tuple):
        budget.spend(len(inner))
        separator = "["
        for item in inner:
            parts.append(separator)
            _splice(item, parts, budget)
            separator = ","
        parts.append("]" if inner else "[]")
    else:
        scalar = _scalar(inner)
        parts.append(Hole("a whole resource") if scalar is None else scalar)


# ---------------------------------------------------------------------------------------- decoding


@valued("jsondecode(str: string)")
def jsondecode(context: Context, text: Value[Any]) -> Value[Any]:
    if isinstance(text, Known):
        raw = _read(text.value)  # also where the structure is at hand: it must be JSON all the same
        kept = structure(text)
        return _lift(raw, text.origin) if kept is None else as_decoded(kept, context.budget)
    kept = structure(text)
    return _inside(text) if kept is None else as_decoded(kept, context.budget)


def _inside(text: Unknown) -> Unknown:
    """What is in a document that only deployment knows, still by the name of where it comes from."""
    if text.ref is None:
        return because(text)
    ref = Ref(text.ref.address, f"jsondecode({text.ref.attribute})")
    return Unknown(text.reason, text.origin, Text((ref,)))


def as_decoded(value: Value[Any], budget: Budget) -> Value[Any]:
    """A structure as decoding its text would give it: tuples and objects, no lists, sets or maps."""
    if isinstance(value, Unknown):
        return value
    inner = value.value
    if isinstance(inner, tuple | dict):
        budget.spend(len(inner))
    if isinstance(inner, tuple):
        return Known(tuple([as_decoded(item, budget) for item in inner]), value.origin)
    if isinstance(inner, dict):
        return Known({name: as_decoded(inner[name], budget) for name in sorted(inner)}, value.origin)
    return value


def _refuse(constant: str) -> Number:
    raise EvaluationError(f"`{constant}` is not JSON")


def _number(numeral: str) -> Number:
    number = read_number(numeral)
    return _refuse(numeral) if number is None else number


_DECODER = JSONDecoder(parse_float=_number, parse_int=_number, parse_constant=_refuse)


def _read(text: str) -> Any:
    if text.count("[") + text.count("{") > DEEPEST:
        _check_depth(text)
    try:
        return _DECODER.decode(text)
    except ValueError as error:
        raise EvaluationError(f"the text given to `jsondecode` is not JSON: {str(error).lower()}") from None


def _check_depth(text: str) -> None:
    depth = 0
    for found in _BRACKETS.finditer(text):
        char = found[0]
        depth += (char in "[{") - (char in "]}")
        if depth > DEEPEST:
            raise BudgetExceeded(f"a JSON text is nested more than {DEEPEST} deep")


def _lift(raw: Any, origin: Origin) -> Value[Any]:
    if isinstance(raw, str):
        return Known(_whole(raw), origin)
    if isinstance(raw, list):
        return Known(tuple([_lift(item, origin) for item in raw]), origin)
    if isinstance(raw, dict):
        return Known({_whole(name): _lift(item, origin) for name, item in raw.items()}, origin)
    return Known(raw, origin)


def _whole(text: str) -> str:
    """Half of a surrogate pair, which JSON can spell, is no character."""
    if text.isascii():
        return text
    return composed(text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace"))
