"""Operators over values: exact numbers, Terraform's equality, and unknown where a side is unknown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from stockade.read.terraform.cty import EvaluationError, equal, to_bool, to_number
from stockade.read.terraform.number import Number, add, divide, modulo, multiply, subtract
from stockade.value import Known, Origin, Unknown, Value


def condition_of(value: Value[Any]) -> Value[bool]:
    """A value as a condition: true, false or unknown."""
    if isinstance(value, Unknown):
        return value
    if value.value is None:
        raise EvaluationError("a condition is null")
    return Known(to_bool(value), value.origin)


def invert(operator: str, operand: Value[Any], origin: Origin) -> Value[Any]:
    """``!x`` or ``-x``."""
    if isinstance(operand, Unknown):
        return Unknown(operand.reason, operand.origin)
    if operator == "!":
        return Known(not to_bool(operand), origin)
    return Known(subtract(0, to_number(operand)), origin)


def combine(operator: str, left: Value[Any], right: Value[Any], origin: Origin) -> Value[Any]:
    """Two values under an arithmetic or comparing operator."""
    if operator in ("==", "!="):
        return _compared(operator == "==", left, right, origin)
    if isinstance(left, Unknown):
        return Unknown(left.reason, left.origin)
    if isinstance(right, Unknown):
        return Unknown(right.reason, right.origin)
    a, b = to_number(left), to_number(right)
    compare = _COMPARE.get(operator)
    return Known(compare(a, b) if compare else _ARITHMETIC[operator](a, b), origin)


def _compared(wanted: bool, left: Value[Any], right: Value[Any], origin: Origin) -> Value[bool]:
    same = equal(left, right)
    if same is not None:
        return Known(same is wanted, origin)
    for side in (left, right):
        if isinstance(side, Unknown):
            return Unknown(side.reason, side.origin)
    return Unknown("it compares values that are not wholly known", origin)


_COMPARE: dict[str, Callable[[Number, Number], bool]] = {
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
    "<=": lambda a, b: a <= b,
    ">=": lambda a, b: a >= b,
}


def _divide(left: Number, right: Number) -> Number:
    if right == 0:
        raise EvaluationError("division by zero")
    return divide(left, right)


_ARITHMETIC: dict[str, Callable[[Number, Number], Number]] = {
    "+": add,
    "-": subtract,
    "*": multiply,
    "/": _divide,
    "%": modulo,
}
