"""Type constraints: what ``variable "x" { type = ... }`` says, with ``optional()`` and its defaults."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from stockade.read.terraform import tree
from stockade.read.terraform.cty import EvaluationError, convert
from stockade.read.terraform.kinds import (
    ANY,
    BOOL,
    NUMBER,
    STRING,
    ListOf,
    MapOf,
    ObjectOf,
    SetOf,
    TupleOf,
    Type,
)
from stockade.value import Default, Known, Value

__all__ = ["Type", "constant", "parse_type"]

_PRIMITIVES = {"string": STRING, "number": NUMBER, "bool": BOOL, "any": ANY}
_COLLECTIONS: dict[str, Callable[[Type], Type]] = {"list": ListOf, "set": SetOf, "map": MapOf}
_LEGACY: dict[str, Type] = {"string": STRING, "list": ListOf(ANY), "map": MapOf(ANY)}
_OPTIONAL = Default("an optional attribute without a default is null")
_WRITTEN = Default("the default in the type constraint")


def constant(expression: tree.Expression) -> Value[Any]:
    """The value of a default that needs no evaluator: literals, and tuples and objects of them."""
    match expression:
        case tree.Literal():
            return Known(expression.value, _WRITTEN)
        case tree.Paren():
            return constant(expression.inner)
        case tree.Tuple():
            return Known(tuple(map(constant, expression.items)), _WRITTEN)
        case tree.Object():
            made: dict[str, Value[Any]] = {}
            for key, item in expression.items:
                if not (isinstance(key, tree.Literal) and isinstance(key.value, str)):
                    raise EvaluationError("a default in a type constraint must be a constant")
                made[key.value] = constant(item)
            return Known(made, _WRITTEN)
        case tree.Template(parts=parts) if all(isinstance(part, tree.Literal) for part in parts):
            return Known("".join(str(part.value) for part in parts if isinstance(part, tree.Literal)), _WRITTEN)
        case tree.Unary(operator="-", operand=tree.Literal(value=int() as number)):
            return Known(-number, _WRITTEN)
        case _:
            raise EvaluationError("a default in a type constraint must be a constant")


def parse_type(
    expression: tree.Expression, default: Callable[[tree.Expression], Value[Any]] = constant
) -> Type:
    """The type an expression names; raises ``EvaluationError``.

    ``default`` evaluates the second argument of ``optional()``; an evaluator passes its own, so that
    a default has the place where it is written.
    """
    match expression:
        case tree.Variable(name=name) if name in _PRIMITIVES:
            return _PRIMITIVES[name]
        case tree.Variable(name=name) if name in _COLLECTIONS:
            return _COLLECTIONS[name](ANY)
        case tree.Literal(value=str() as name) if name in _LEGACY:
            return _LEGACY[name]
        case tree.Paren():
            return parse_type(expression.inner, default)
        case tree.Call(name=name, args=[element]) if name in _COLLECTIONS:
            return _COLLECTIONS[name](parse_type(element, default))
        case tree.Call(name="tuple", args=[tree.Tuple(items=items)]):
            return TupleOf(tuple(parse_type(item, default) for item in items))
        case tree.Call(name="object", args=[tree.Object(items=attributes)]):
            return _object(attributes, default)
        case tree.Call(name="optional"):
            raise EvaluationError("`optional` is for the attributes of an object type")
        case tree.Call(name=name) if name in (*_COLLECTIONS, "tuple", "object"):
            raise EvaluationError(f"`{name}` does not take this as its argument in a type")
        case tree.Variable(name=name) | tree.Call(name=name):
            raise EvaluationError(f"there is no type named `{name}`")
        case _:
            raise EvaluationError("this is not a type")


def _object(
    attributes: list[tuple[tree.Expression, tree.Expression]],
    default: Callable[[tree.Expression], Value[Any]],
) -> ObjectOf:
    types: dict[str, Type] = {}
    optional: dict[str, Value[Any]] = {}
    for key, wanted in attributes:
        if not (isinstance(key, tree.Literal) and isinstance(key.value, str)):
            raise EvaluationError("the attributes of an object type have plain names")
        name = key.value
        match wanted:
            case tree.Call(name="optional", args=[inner]):
                types[name] = parse_type(inner, default)
                optional[name] = Known(None, _OPTIONAL)
            case tree.Call(name="optional", args=[inner, value]):
                types[name] = parse_type(inner, default)
                optional[name] = convert(default(value), types[name])
            case tree.Call(name="optional"):
                raise EvaluationError("`optional` takes a type and perhaps a default")
            case _:
                types[name] = parse_type(wanted, default)
    return ObjectOf(types, optional)
