"""Terraform's numbers: 512-bit binary floats that print as the shortest decimal, and their arithmetic.

A number is an ``int`` when it is integral and otherwise a ``Decimal`` that holds exactly the digits
Terraform would print. Decimals are rounded to 512 bits for the computation only, so that ``1 / 3``
ends in the same 155th digit and ``0.1 + 0.2`` is ``0.3``.
"""

from __future__ import annotations

from decimal import Context, Decimal
from math import log10
from typing import TYPE_CHECKING, TypeAlias

from stockade.errors import BudgetExceeded
from stockade.patterns import lazy_regex

if TYPE_CHECKING:
    from fractions import Fraction

Number: TypeAlias = int | Decimal

PRECISION = 512
LARGEST_EXPONENT = 4_000
"""Powers of ten beyond which a number is refused; it would print as that many digits."""

_EXACT = Context(prec=200)
_NUMERAL = lazy_regex(r"([+-]?)(?:([0-9]+)(?:\.([0-9]*))?|\.([0-9]+))(?:[eE]([+-]?[0-9]+))?")


def read_number(text: str) -> Number | None:
    """The number a numeral stands for, or ``None`` for any other text."""
    found = _NUMERAL.fullmatch(text)
    if found is None:
        return None
    sign, whole, part, bare, power = found.groups()
    fraction = part or bare or ""
    digits = ((whole or "") + fraction).lstrip("0") or "0"
    exponent = (
        (int(power) if len(power or "") < 20 else LARGEST_EXPONENT**2) - len(fraction)
        if power
        else -len(fraction)
    )
    if digits == "0":
        return 0
    _bound(len(digits))
    _bound(exponent + len(digits))
    if exponent >= 0:
        exact = int(digits) * 10**exponent
        return integer(-exact if sign == "-" else exact)
    number = _exact(int(digits), 10**-exponent)
    return rounded(-number if sign == "-" else number)


def number_text(number: Number) -> str:
    """A number as Terraform prints it: never with an exponent, never with idle zeros."""
    if number.__class__ is int and number.bit_length() <= PRECISION:
        return str(number)
    text = format(_shortest(_exact(number)), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def integer(exact: int) -> int:
    """An integer as 512 bits hold it."""
    excess = exact.bit_length() - PRECISION
    if excess <= 0:
        return exact
    _bound(int(exact.bit_length() * 0.30103))
    mantissa, exponent = _binary(_exact(abs(exact)))
    return (mantissa << exponent) * (1 if exact > 0 else -1)


def rounded(exact: Fraction) -> Number:
    """A fraction as the number Terraform would hold."""
    if exact.denominator == 1:
        return integer(exact.numerator)
    shortest = _shortest(exact)
    return int(shortest) if shortest == shortest.to_integral_value() else shortest


def from_float(value: float) -> Number:
    """What a function that computes in 64 bits (``pow``, ``log``) answers."""
    shortest = Decimal(repr(value))
    return int(shortest) if value.is_integer() else shortest


def add(left: Number, right: Number) -> Number:
    if left.__class__ is int and right.__class__ is int:
        return integer(left + right)
    return rounded(held(left) + held(right))


def subtract(left: Number, right: Number) -> Number:
    if left.__class__ is int and right.__class__ is int:
        return integer(left - right)
    return rounded(held(left) - held(right))


def multiply(left: Number, right: Number) -> Number:
    if left.__class__ is int and right.__class__ is int:
        return integer(left * right)
    return rounded(held(left) * held(right))


def divide(left: Number, right: Number) -> Number:
    """The quotient; raises ``ZeroDivisionError``."""
    return rounded(held(left) / held(right))


def modulo(left: Number, right: Number) -> Number:
    """What is left of ``left``, with its sign; by zero it is ``left`` itself, as in Terraform."""
    if right == 0:
        return left
    return subtract(left, multiply(right, int(divide(left, right))))


def held(number: Number) -> Fraction:
    """The exact value of the 512 bits behind a number."""
    exact = _exact(number)
    if exact == 0 or (exact.denominator == 1 and exact.numerator.bit_length() <= PRECISION):
        return exact
    mantissa, exponent = _binary(abs(exact))
    value = _exact(mantissa) * _exact(2) ** exponent
    return -value if exact < 0 else value


def _binary(exact: Fraction) -> tuple[int, int]:
    """A positive fraction as mantissa (512 bits) and exponent of two, rounded half to even."""
    numerator, denominator = exact.numerator, exact.denominator
    exponent = numerator.bit_length() - denominator.bit_length() - PRECISION
    while True:
        top, bottom = (numerator << max(-exponent, 0)), (denominator << max(exponent, 0))
        mantissa, rest = divmod(top, bottom)
        if mantissa.bit_length() > PRECISION:
            exponent += 1
            continue
        if mantissa.bit_length() < PRECISION:
            exponent -= 1
            continue
        if rest * 2 > bottom or (rest * 2 == bottom and mantissa & 1):
            mantissa += 1
        return mantissa, exponent


def _shortest(exact: Fraction) -> Decimal:
    """The decimal with the fewest digits that 512 bits cannot tell from this fraction."""
    if exact == 0:
        return Decimal(0)
    mantissa, exponent = _binary(abs(exact))
    half = _exact(2) ** (exponent - 1)
    value = mantissa * half * 2
    # Below a power of two the neighbour is only half as far away.
    low = value - (half / 2 if mantissa == 1 << (PRECISION - 1) else half)
    high = value + half
    power = _floor_log10(high - low)
    unit = _exact(10) ** power
    first, last = -int(-low // unit), int(high // unit)
    if mantissa & 1:  # the ends of the interval round to the neighbours
        first += first * unit == low
        last -= last * unit == high
    best = min(range(first, last + 1), key=lambda digits: (-_zeros(digits), abs(digits * unit - value)))
    return Decimal(f"{'-' if exact < 0 else ''}{best}E{power}").normalize(_EXACT)


def _zeros(digits: int) -> int:
    text = str(digits)
    return len(text) - len(text.rstrip("0"))


def _floor_log10(number: Fraction) -> int:
    """The greatest power of ten that is not above a positive fraction."""
    guess = int((number.numerator.bit_length() - number.denominator.bit_length()) * log10(2)) - 1
    while _exact(10) ** (guess + 1) <= number:
        guess += 1
    while _exact(10) ** guess > number:
        guess -= 1
    return guess


def _exact(number: Number, parts: int = 1) -> Fraction:
    """So many parts of a whole. Hardly any input has a number that is not whole, and ``fractions`` is imported
    for these alone: a fiftieth of what a small scan takes."""
    from fractions import Fraction

    return Fraction(number) / parts


def _bound(exponent: int) -> None:
    if abs(exponent) > LARGEST_EXPONENT:
        raise BudgetExceeded(f"a number of {abs(exponent):,} digits")
