"""Functions over numbers."""

from __future__ import annotations

import math
from typing import Any

from stockade.read.terraform.cty import EvaluationError, to_text, type_name
from stockade.read.terraform.functions.context import Context
from stockade.read.terraform.functions.registry import plain, valued
from stockade.read.terraform.functions.sequences import whole
from stockade.read.terraform.functions.unknowns import first_unknown
from stockade.read.terraform.number import Number, from_float, number_text
from stockade.value import Known, Unknown, Value

_LARGEST = 1 << 63
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


@plain("abs(num: number)")
def abs_(number: Number) -> Number:
    return -number if number < 0 else number


@plain("ceil(num: number)")
def ceil(number: Number) -> Number:
    return math.ceil(number)


@plain("floor(num: number)")
def floor(number: Number) -> Number:
    return math.floor(number)


@plain("signum(num: number)")
def signum(number: Number) -> Number:
    integer = whole("signum", number)
    if not -_LARGEST <= integer < _LARGEST:
        raise EvaluationError(f"`signum` takes numbers of 64 bits, not {number_text(integer)}")
    return (integer > 0) - (integer < 0)


@plain("max(...numbers: number)")
def max_(*numbers: Number) -> Number:
    if not numbers:
        raise EvaluationError("`max` needs at least one number")
    return max(numbers)


@plain("min(...numbers: number)")
def min_(*numbers: Number) -> Number:
    if not numbers:
        raise EvaluationError("`min` needs at least one number")
    return min(numbers)


@plain("log(num: number, base: number)")
def log(number: Number, base: Number) -> Number:
    try:
        bottom = math.log(base) if base else -math.inf
        return _finite("log", math.log(number) / bottom)
    except (ValueError, ZeroDivisionError, OverflowError):
        raise EvaluationError(f"the logarithm of {number} to the base {base} is not a number") from None


@plain("pow(num: number, power: number)")
def pow_(number: Number, power: Number) -> Number:
    """In 64 bits, whole powers by repeated squaring: what Terraform answers to the last digit."""
    try:
        base, exponent = float(number), float(power)
        if base == 0 or abs(exponent) == 0.5 or abs(exponent) > 1 << 32:
            return _finite("pow", math.pow(base, exponent))
        fraction, integral = math.modf(abs(exponent))
        if fraction > 0.5:
            fraction, integral = fraction - 1, integral + 1
        result = math.exp(fraction * math.log(base)) if fraction else 1.0
        count = int(integral)
        while count:
            if count & 1:
                result *= base
            base *= base
            count >>= 1
        return _finite("pow", 1 / result if exponent < 0 else result)
    except (ValueError, ZeroDivisionError, OverflowError):
        raise EvaluationError(f"{number} to the power of {power} is not a number Terraform can hold") from None


def _finite(name: str, result: float) -> Number:
    if not math.isfinite(result):
        raise EvaluationError(f"`{name}` makes no finite number of this")
    return from_float(result)


@valued("parseint(number: any, base: number)")
def parseint(context: Context, text: Value[Any], base: Value[Any]) -> Value[Any]:
    if isinstance(text, Unknown) or isinstance(base, Unknown):
        return first_unknown((text, base)) or text
    if not isinstance(text.value, str):
        raise EvaluationError(f"`parseint` takes a string, not {type_name(text)}")
    radix = whole("parseint", base.value)
    if not 2 <= radix <= 62:
        raise EvaluationError("the base given to `parseint` must be between 2 and 62")
    shown = to_text(text)
    digits = shown[1:] if shown[:1] in ("+", "-") else shown
    alphabet = _DIGITS[:radix]
    value = 0
    context.budget.spend(len(digits) + (len(digits) // 100) ** 2)
    for digit in digits if radix > 36 else digits.lower():
        place = alphabet.find(digit)
        if place < 0:
            raise EvaluationError(f"`{shown}` is not a whole number to the base {radix}")
        value = value * radix + place
    if not digits:
        raise EvaluationError("`parseint` needs at least one digit")
    return Known(-value if shown[0] == "-" else value, context.origin)
