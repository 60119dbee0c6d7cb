"""Whether one alarm tells of a function's failures, or of a flood of invocations: it is tried on two days.

On one everything is as bad as it can be, on the other all is well. An alarm counts when it is over
its threshold on the first and not on the second. What cannot be computed (a band that is learnt, an
expression out of the ordinary) is taken to work where it reads the right metrics.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from typing import Any, Final, TypeAlias

from stockade.model.alarm import Alarm, MetricQuery
from stockade.model.metric_math import Number, evaluate, identifiers
from stockade.patterns import lazy_regex
from stockade.records import dataclass
from stockade.value import Known, Origin, Unknown, Value, parts_of, shape_of, text_of


class Matter(Enum):
    """What an alarm may tell of; the value is what people call it."""

    ERRORS = "errors"
    INVOCATIONS = "invocations"


_TELLING: Final = {Matter.ERRORS: ("Errors",), Matter.INVOCATIONS: ("Invocations", "ConcurrentExecutions")}
"""The metrics that tell of a matter."""


@dataclass(frozen=True, slots=True)
class Blind:
    """Why an alarm on the matter cannot fire: ``reason`` goes on after "the alarm ...".

    ``remedy`` is the attribute of the alarm that has to be set, and to what, where that is all; ``switch`` the
    root module's variable that keeps it so.
    """

    reason: str
    origin: Origin
    remedy: tuple[str, Any] | None = None
    switch: str = ""


Doubt: TypeAlias = Blind | Unknown
"""What is wrong with an alarm, or what would have to be known to tell."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What an alarm watches that tells of the matter, and what speaks against it.

    ``names`` are the functions by name, ``everything`` all of the account and region; ``gaps`` say
    why it may be about any function.
    """

    origin: Origin
    names: tuple[Value[str], ...]
    everything: bool
    gaps: tuple[Unknown, ...]
    doubts: tuple[Doubt, ...]


def trial(alarm: Alarm, matter: Matter) -> Scope | None:
    """How an alarm stands to a matter; ``None`` where it is about something else."""
    return _Trial(alarm, matter).outcome()


# --------------------------------------------------------------------------------------- the two days

_NAMESPACE: Final = "AWS/Lambda"
_A_SECOND: Final = 1_000_000
"""More invocations a second, or instances at once, than Lambda lets any account have."""

_COUNTS: Final = ("Sum", "SampleCount")
_PLAIN: Final = (*_COUNTS, "Average", "Minimum", "Maximum")

_BAD, _GOOD = 0, 1


def _on(day: int, matter: Matter, metric: str, statistic: str, period: int) -> Number:
    """What a metric of Lambda's comes to. Each invocation is a sample, of 1 or 0 in ``Errors``."""
    if matter is Matter.ERRORS:
        samples, share = _A_SECOND * period, 1.0 if day == _BAD else 0.0
    else:
        samples, share = (_A_SECOND * period if day == _BAD else 0), 0.0
    match metric, statistic:
        case "Errors" | "Invocations", "SampleCount":
            return float(samples)
        case "Errors", "Sum":
            return samples * share
        case "Errors", _ if statistic in _PLAIN:
            return share
        case "Invocations", "Sum":
            return float(samples)
        case "Invocations", _:
            return 1.0
        case "ConcurrentExecutions", _:
            return float(_A_SECOND if samples else 0)
    return None


_COMPARISONS: Final[Mapping[str, Callable[[float, float], bool]]] = {
    "GreaterThanThreshold": operator.gt,
    "GreaterThanOrEqualToThreshold": operator.ge,
    "LessThanThreshold": operator.lt,
    "LessThanOrEqualToThreshold": operator.le,
}


# ------------------------------------------------------------------------------------------ dimensions

_MAY_BE_BESIDE: Final = ("Resource", "ExecutedVersion")

_INSIGHTS: Final = lazy_regex(
    r"\s*SELECT\s+(?P<how>AVG|COUNT|MAX|MIN|SUM)\s*\(\s*\"?(?P<metric>\w+)\"?\s*\)"
    r"\s+FROM\s+(?:SCHEMA\s*\(\s*)?\"(?P<namespace>[^\"]*)\"(?:[\s,\w\"]*\))?"
    r"(?:\s+WHERE\s+(?P<where>.*?))?(?:\s+GROUP\s+BY\s.*?)?(?:\s+ORDER\s+BY\s.*?)?(?:\s+LIMIT\s+\d+)?\s*",
    re.IGNORECASE | re.DOTALL,
)
_NAMED: Final = lazy_regex(r"\"?FunctionName\"?\s*=\s*'([^']*)'", re.IGNORECASE)
_STATISTICS: Final = {
    "AVG": "Average",
    "COUNT": "SampleCount",
    "MAX": "Maximum",
    "MIN": "Minimum",
    "SUM": "Sum",
}
_LONGEST: Final = 4096
_MARK: Final = "\ue000{}\ue001"
_MARKED: Final = lazy_regex("\ue000(\\d+)\ue001")


@dataclass(frozen=True, slots=True)
class _Leaf:
    """One metric of Lambda's that an alarm reads. ``metric`` is empty where it is not known."""

    query: MetricQuery
    metric: str
    statistic: Value[str | None]
    names: tuple[Value[str], ...] = ()
    everything: bool = False
    gaps: tuple[Unknown, ...] = ()
    doubts: tuple[Doubt, ...] = ()


def _leaf(query: MetricQuery) -> _Leaf | None:
    """The metric of Lambda's that a query is of; ``None`` for any other and for an expression."""
    if not (isinstance(query.expression, Known) and query.expression.value is None):
        return _insights(query)
    if isinstance(query.namespace, Known) and query.namespace.value != _NAMESPACE:
        return None
    doubts: list[Doubt] = [one for one in (query.namespace, query.metric_name) if isinstance(one, Unknown)]
    if len(doubts) == 2 and not _is_of_a_function(query):
        return None  # nothing says that it has to do with Lambda
    metric = query.metric_name.value or "" if isinstance(query.metric_name, Known) else ""
    match query.dimensions:
        case Unknown() as gap:
            return _Leaf(query, metric, query.statistic, gaps=(gap,), doubts=tuple(doubts))
        case Known(members) if not members:
            return _Leaf(query, metric, query.statistic, everything=True, doubts=tuple(doubts))
        case Known(members):
            names: tuple[Value[str], ...] = tuple(members.values())
    if "FunctionName" in members:
        names = (members["FunctionName"],)
    doubts += _of_dimensions(members, query.dimensions.origin)
    return _Leaf(query, metric, query.statistic, names=names, doubts=tuple(doubts))


def _is_of_a_function(query: MetricQuery) -> bool:
    return isinstance(query.dimensions, Known) and "FunctionName" in query.dimensions.value


def _of_dimensions(members: Mapping[str, Value[str]], origin: Origin) -> Iterator[Blind]:
    """What is wrong with dimensions: Lambda publishes by few of them, and by names alone."""
    foreign = [name for name in members if name != "FunctionName" and name not in _MAY_BE_BESIDE]
    if foreign:
        reason = f"has the dimension `{foreign[0]}`, by which Lambda publishes no metrics"
        yield Blind(reason, origin)
    name = members.get("FunctionName")
    if name is None:
        if not foreign:
            first = next(iter(members))
            yield Blind(f"has the dimension `{first}` without `FunctionName`", origin)
        return
    known = "".join(piece for piece in shape_of(name) if isinstance(piece, str))
    if known.startswith("arn:"):
        yield Blind("has the function's ARN for its name, and so never any data", origin)
    elif ":" in known:
        yield Blind("has more than the function's name in `FunctionName`, and so never any data", origin)


def _insights(query: MetricQuery) -> _Leaf | None:
    """The metric behind a query of Metrics Insights, ``SELECT ... FROM ...``."""
    expression = query.expression
    parts = parts_of(expression) if isinstance(expression, Unknown) else (expression.value or "",)
    text = "".join(one if isinstance(one, str) else _MARK.format(at) for at, one in enumerate(parts))
    found = _INSIGHTS.fullmatch(text) if len(text) <= _LONGEST else None
    if found is None or found["namespace"] != _NAMESPACE:
        return None
    statistic = Known(_STATISTICS[found["how"].upper()], expression.origin)
    where = found["where"]
    if where is None:
        return _Leaf(query, found["metric"], statistic, everything=True)
    if named := _NAMED.fullmatch(where.strip()):
        pieces = _MARKED.split(named[1])
        name = text_of(*(parts[int(one)] if at % 2 else one for at, one in enumerate(pieces)))
        value: Value[str] = (
            Known(named[1], expression.origin)
            if len(pieces) == 1
            else Unknown("part of it is known only after deployment", expression.origin, name)
        )
        return _Leaf(query, found["metric"], statistic, names=(value,))
    gap = Unknown(f"which functions `{_MARKED.sub('…', where.strip())}` selects", expression.origin)
    return _Leaf(query, found["metric"], statistic, gaps=(gap,))


# ------------------------------------------------------------------------------------------- the trial


class _Trial:
    def __init__(self, alarm: Alarm, matter: Matter) -> None:
        self._alarm = alarm
        self._matter = matter
        queries = [one for one in alarm.queries if isinstance(one, MetricQuery)]
        self._unknown = next((one for one in alarm.queries if isinstance(one, Unknown)), None)
        self._by_id = {one.id.value: one for one in queries if isinstance(one.id, Known)}
        self._leaves = {one: leaf for one in queries if (leaf := _leaf(one))}
        band = alarm.threshold_metric_id.value if isinstance(alarm.threshold_metric_id, Known) else None
        judged = [one for one in queries if not (isinstance(one.id, Known) and one.id.value == band)]
        returning = [
            one for one in judged if not (isinstance(one.returns, Known) and one.returns.value is False)
        ]
        self._roots = returning or judged

    def outcome(self) -> Scope | None:
        if self._unknown is not None:
            return Scope(self._unknown.origin, (), False, (self._unknown,), ())
        if search := self._search():
            return search
        read = self._read()
        telling = [one for one in read if one.metric in (*_TELLING[self._matter], "")]
        if not telling:
            return None
        doubts = [doubt for one in telling for doubt in one.doubts]
        alone = all(one.metric in _TELLING[self._matter] for one in read)
        verdict = list(self._verdict(telling))
        if self._matter is Matter.INVOCATIONS and not alone and (verdict or not self._computed()):
            return None  # an error rate reads the invocations too
        if self._matter is Matter.INVOCATIONS and self._is_below():
            return None  # a function that should be invoked and is not: another matter
        return Scope(
            telling[0].query.origin,
            tuple(name for one in telling for name in one.names),
            any(one.everything for one in telling),
            tuple(gap for one in telling for gap in one.gaps),
            (*doubts, *verdict, *self._datapoints()),
        )

    def _read(self) -> list[_Leaf]:
        """The metrics of Lambda's that the alarm looks at, directly or through expressions."""
        found: dict[MetricQuery, None] = {}
        waiting = list(self._roots)
        while waiting:
            query = waiting.pop()
            if query in found:
                continue
            found[query] = None
            text = _written(query)
            ids = self._by_id if "METRICS(" in text else identifiers(text)
            waiting += (self._by_id[one] for one in sorted(ids) if one in self._by_id)
        return [leaf for query, leaf in self._leaves.items() if query in found]

    def _search(self) -> Scope | None:
        """An alarm on a search, which CloudWatch does not take."""
        for query in self._roots:
            text = _written(query)
            metric = f'"{_TELLING[self._matter][0]}"'
            if "SEARCH(" in text and _NAMESPACE in text and (metric in text or metric.strip('"') in text):
                blind = Blind("is on a SEARCH, which CloudWatch allows in graphs only", query.origin)
                return Scope(query.origin, (), True, (), (blind,))
        return None

    def _verdict(self, telling: list[_Leaf]) -> Iterator[Doubt]:
        """What the two days say against the alarm."""
        for leaf in telling:
            match leaf.statistic:
                case Unknown() as gap:
                    yield gap
                    return
                case Known(None):
                    yield Blind("has no statistic", leaf.query.origin)
                    return
                case Known(str() as statistic, origin) if leaf.metric == "Errors" and statistic not in _PLAIN:
                    yield Blind(f"watches `{statistic}`, which does not say how many errors there are", origin)
                    return
        bad, good = self._value(_BAD), self._value(_GOOD)
        still = self._still(telling)
        if still and bad is not None and bad == good:
            yield still
            return
        alarm = self._alarm
        if isinstance(alarm.threshold_metric_id, Unknown):
            yield alarm.threshold_metric_id
        elif isinstance(alarm.comparison, Unknown):
            yield alarm.comparison
        elif alarm.threshold_metric_id.value is not None:
            if alarm.comparison.value == "LessThanLowerThreshold":
                yield Blind("goes off below its band only", alarm.comparison.origin)
        else:
            yield from self._against_threshold(bad, good)

    def _against_threshold(self, bad: Number, good: Number) -> Iterator[Doubt]:
        threshold, comparison = self._alarm.threshold, self._alarm.comparison
        if isinstance(threshold, Unknown):
            yield threshold
            return
        if threshold.value is None:
            yield Blind("has no threshold", threshold.origin)
            return
        compare = _COMPARISONS.get(comparison.value) if isinstance(comparison, Known) else None
        if compare is None or bad is None:
            return
        limit = float(threshold.value)
        if not compare(bad, limit):
            if self._is_below():
                reason = f"goes off when there are few {self._matter.value}, not when there are many"
                yield Blind(reason, comparison.origin)
            else:
                yield Blind("can never reach its threshold", threshold.origin)
        elif good is not None and compare(good, limit):
            well = "nothing fails" if self._matter is Matter.ERRORS else "nothing is invoked"
            yield Blind(f"is over its threshold even when {well}", threshold.origin)

    def _still(self, telling: list[_Leaf]) -> Blind | None:
        """The statistic that is the same on both days, of an alarm on a single metric."""
        if len(telling) != 1 or telling[0].query not in self._roots:
            return None
        leaf = telling[0]
        statistic, origin = (
            leaf.statistic.value if isinstance(leaf.statistic, Known) else "",
            leaf.statistic.origin,
        )
        own = isinstance(self._alarm.statistic, Known) and self._alarm.statistic.value is not None
        remedy = ("statistic", "Sum") if own else None
        if leaf.metric == "Errors":
            return Blind(f"watches `{statistic}`, which counts invocations, not errors", origin, remedy)
        return Blind(f"watches `{statistic}`, which is 1 however many invocations there are", origin, remedy)

    def _is_below(self) -> bool:
        """Whether the alarm goes off at low values only."""
        comparison = self._alarm.comparison
        if isinstance(comparison, Unknown) or not comparison.value.startswith("LessThan"):
            return False
        return comparison.value != "LessThanLowerOrGreaterThanUpperThreshold"

    def _datapoints(self) -> Iterator[Doubt]:
        match self._alarm.datapoints_to_alarm, self._alarm.evaluation_periods:
            case Known(int() as wanted, origin), Known(int() as periods) if wanted > periods:
                yield Blind(f"wants {wanted} datapoints of {periods}", origin)

    # ------------------------------------------------------------------------------------ computing

    def _computed(self) -> bool:
        return self._value(_BAD) is not None

    def _value(self, day: int) -> Number:
        """What the alarm looks at comes to on one of the days."""
        return self._of(self._roots[0], day, {}, ()) if len(self._roots) == 1 else None

    def _of(
        self, query: MetricQuery, day: int, known: dict[MetricQuery, Number], above: tuple[MetricQuery, ...]
    ) -> Number:
        if query in known:
            return known[query]
        if query in above or len(above) > 20:
            return None
        leaf = self._leaves.get(query)
        if leaf is not None:
            statistic = leaf.statistic.value if isinstance(leaf.statistic, Known) else None
            period = query.period.value if isinstance(query.period, Known) else None
            found = _on(day, self._matter, leaf.metric, statistic or "", period or 60)
        elif isinstance(query.expression, Known) and query.expression.value is not None:
            text = query.expression.value
            ids = (
                [name for name, one in self._by_id.items() if one in self._leaves]
                if "METRICS(" in text
                else [name for name in identifiers(text) if name in self._by_id]
            )
            values = {name: self._of(self._by_id[name], day, known, (*above, query)) for name in sorted(ids)}
            found = evaluate(text, values)
        else:
            found = None
        known[query] = found
        return found


def _written(query: MetricQuery) -> str:
    """The text of an expression as far as it is known."""
    expression = query.expression
    if isinstance(expression, Known):
        return expression.value or ""
    return " ".join(one if isinstance(one, str) else "?" for one in parts_of(expression))
