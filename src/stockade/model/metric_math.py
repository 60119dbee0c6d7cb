"""CloudWatch's metric math, as far as it can be said what an expression comes to for given metrics.

What depends on time (``RATE``, ``HOUR``, ``RUNNING_SUM``), on more than the metrics given or on a
function that is not known here comes to ``None``, like everything that depends on it. Time series
are taken as one point. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from stockade.patterns import lazy_regex

Number: TypeAlias = float | None
Operand: TypeAlias = Number | tuple[Number, ...]

_TOKEN: Final = lazy_regex(
    r"""\s*(?:(?P<number>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+)|(?P<text>"[^"]*"|'[^']*')
    |(?P<name>[A-Za-z_]\w*)|(?P<mark>==|!=|<=|>=|&&|\|\||[-+*/^<>()\[\],]))""",
    re.VERBOSE,
)
_DEPTH: Final = 40
"""How deeply an expression may nest; a deeper one comes to ``None``."""
_LONGEST: Final = 4096

_LEVELS: Final[tuple[Mapping[str, Callable[[float, float], float]], ...]] = (
    {"||": lambda a, b: float(bool(a) or bool(b)), "OR": lambda a, b: float(bool(a) or bool(b))},
    {"&&": lambda a, b: float(bool(a) and bool(b)), "AND": lambda a, b: float(bool(a) and bool(b))},
    {
        "==": operator.eq,
        "!=": operator.ne,
        "<=": operator.le,
        ">=": operator.ge,
        "<": operator.lt,
        ">": operator.gt,
    },
    {"+": operator.add, "-": operator.sub},
    {"*": operator.mul, "/": operator.truediv},
    {"^": operator.pow},
)
"""Binary operators, loosest first."""


def identifiers(expression: str) -> frozenset[str]:
    """The ids of metrics and expressions that an expression speaks of; functions are in capitals."""
    found = (one["name"] for one in _TOKEN.finditer(expression) if one["name"])
    return frozenset(name for name in found if name[0].islower())


def evaluate(expression: str, metrics: Mapping[str, Number]) -> Number:
    """What an expression comes to; ``None`` where that cannot be said."""
    if len(expression) > _LONGEST:
        return None
    try:
        reader = _Reader(expression, metrics)
        found = reader.level(0, 0)
    except _Unreadable:
        return None
    if not reader.at_end or isinstance(found, tuple):
        return None
    return found


class _Unreadable(Exception):
    """The expression is none, or not one that is understood here."""


class _Reader:
    """Reads and computes in one go."""

    def __init__(self, expression: str, metrics: Mapping[str, Number]) -> None:
        self._tokens: list[tuple[str, str]] = []
        self._at = 0
        self._metrics = metrics
        end = 0
        expression = expression.rstrip()
        while end < len(expression):
            found = _TOKEN.match(expression, end)
            if found is None or found.lastgroup is None:
                raise _Unreadable
            self._tokens.append((found.lastgroup, found[found.lastgroup]))
            end = found.end()

    @property
    def at_end(self) -> bool:
        return self._at == len(self._tokens)

    def level(self, level: int, depth: int) -> Operand:
        if depth > _DEPTH:
            raise _Unreadable
        if level == len(_LEVELS):
            return self._unary(depth)
        left = self.level(level + 1, depth)
        while (mark := self._peek()) in _LEVELS[level]:
            self._at += 1
            left = _both(_LEVELS[level][mark], left, self.level(level + 1, depth))
        return left

    def _peek(self) -> str:
        return "" if self.at_end else self._tokens[self._at][1]

    def _take(self, wanted: str) -> None:
        if self._peek() != wanted:
            raise _Unreadable
        self._at += 1

    def _unary(self, depth: int) -> Operand:
        if self.at_end:
            raise _Unreadable
        kind, text = self._tokens[self._at]
        self._at += 1
        match kind, text:
            case "mark", "-":
                if depth > _DEPTH:
                    raise _Unreadable
                return _both(operator.mul, -1.0, self._unary(depth + 1))
            case "mark", "(":
                inner = self.level(0, depth + 1)
                self._take(")")
                return inner
            case "mark", "[":
                return tuple(one for item in self._items("]", depth) for one in _flat(item))
            case "number", _:
                return float(text)
            case "name", _ if self._peek() == "(":
                self._at += 1
                return _call(text, self._items(")", depth), tuple(self._metrics.values()))
            case "name", _:
                return self._metrics.get(text)
            case "text", _:
                return None
        raise _Unreadable

    def _items(self, close: str, depth: int) -> tuple[Operand, ...]:
        items: list[Operand] = []
        while self._peek() != close:
            if items:
                self._take(",")
            items.append(self.level(0, depth + 1))
        self._at += 1
        return tuple(items)


def _flat(value: Operand) -> tuple[Number, ...]:
    return value if isinstance(value, tuple) else (value,)


def _both(how: Callable[[float, float], float], left: Operand, right: Operand) -> Operand:
    if isinstance(left, tuple) or isinstance(right, tuple):
        lefts, rights = _flat(left), _flat(right)
        if len(lefts) == 1:
            lefts *= len(rights)
        if len(rights) == 1:
            rights *= len(lefts)
        if len(lefts) != len(rights):
            return None
        return tuple(_one(how, a, b) for a, b in zip(lefts, rights, strict=True))
    return _one(how, left, right)


def _one(how: Callable[[float, float], float], left: Number, right: Number) -> Number:
    if left is None or right is None:
        return None
    try:
        found = how(left, right)
        return None if isinstance(found, complex) else float(found)
    except (ZeroDivisionError, OverflowError):
        return None


def _call(name: str, items: tuple[Operand, ...], metrics: tuple[Number, ...]) -> Operand:
    match name, items:
        case "METRICS", ():
            return metrics
        case "FILL", (value, *_):
            return value
        case "IF", (None, *branches):
            return branches[0] if len(branches) == 2 and branches[0] == branches[1] else None
        case "IF", (float() as condition, yes, no):
            return yes if condition else no
        case "IF", (float() as condition, yes):
            return yes if condition else None
    if len(items) != 1:
        return None
    values = _flat(items[0])
    known = [one for one in values if one is not None]
    if not known or len(known) < len(values):
        return None
    if name in _OF_ONE and not isinstance(items[0], tuple):
        return _OF_ONE[name](known[0])
    return _OF_ALL[name](known) if name in _OF_ALL else None


_OF_ONE: Final[Mapping[str, Callable[[float], float]]] = {
    "ABS": abs,
    "CEIL": lambda value: -(-value // 1),
    "FLOOR": lambda value: value // 1,
}
_OF_ALL: Final[Mapping[str, Callable[[list[float]], float]]] = {
    "AVG": lambda values: sum(values) / len(values),
    "MAX": max,
    "MIN": min,
    "SUM": sum,
}
