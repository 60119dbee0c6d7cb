"""CloudWatch alarms: on metrics, on metric math and on other alarms."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from stockade.model.subject import Subject, default
from stockade.records import dataclass
from stockade.value import Unknown, Value

_NO_DIMENSIONS: Mapping[str, Value[str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class MetricQuery(Subject):
    """One metric that an alarm reads, or an expression over others, which goes by their ``id``.

    ``statistic`` is a plain or an extended one; ``period`` is in seconds. ``returns`` says whether
    the alarm looks at this one.
    """

    id: Value[str]
    expression: Value[str | None] = default(None, "the query is of a metric, not of an expression")
    returns: Value[bool] = default(False, "a query is not what an alarm looks at by default")
    namespace: Value[str | None] = default(None, "no namespace is set")
    metric_name: Value[str | None] = default(None, "no metric is set")
    dimensions: Value[Mapping[str, Value[str]]] = default(_NO_DIMENSIONS, "no dimensions are set")
    statistic: Value[str | None] = default(None, "no statistic is set")
    period: Value[int | None] = default(None, "no period is set")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Alarm(Subject):
    """An alarm on metrics. ``period`` is in seconds, ``evaluation_periods`` how many of them it looks at.

    ``metric_queries`` is as written, a tree of values. ``queries`` is what the alarm reads, however
    it was written: an alarm on one metric has one query. An ``Unknown`` among them stands for
    queries that cannot be known.
    """

    name: Value[str]
    comparison: Value[str]
    evaluation_periods: Value[int]
    namespace: Value[str | None] = default(None, "no namespace is set")
    metric_name: Value[str | None] = default(None, "no metric is set")
    dimensions: Value[Mapping[str, Value[str]]] = default(_NO_DIMENSIONS, "no dimensions are set")
    statistic: Value[str | None] = default(None, "no statistic is set")
    extended_statistic: Value[str | None] = default(None, "no extended statistic is set")
    period: Value[int | None] = default(None, "no period is set")
    metric_queries: Value[tuple[Value[Any], ...]] = default((), "the alarm is on one metric")
    threshold: Value[Decimal | None] = default(None, "no threshold is set")
    threshold_metric_id: Value[str | None] = default(None, "the threshold is not a band")
    datapoints_to_alarm: Value[int | None] = default(None, "all periods have to be over the threshold")
    treat_missing_data: Value[str] = default("missing", "an alarm's default for missing data is `missing`")
    actions_enabled: Value[bool] = default(True, "an alarm's actions are enabled by default")
    alarm_actions: Value[tuple[Value[str], ...]] = default((), "no action is set")
    queries: tuple[MetricQuery | Unknown, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class CompositeAlarm(Subject):
    """An alarm on other alarms' states; ``rule`` names them."""

    name: Value[str]
    rule: Value[str]
    actions_enabled: Value[bool] = default(True, "an alarm's actions are enabled by default")
    alarm_actions: Value[tuple[Value[str], ...]] = default((), "no action is set")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Topic(Subject):
    """An SNS topic, as what an alarm may notify. ``subscriptions`` is the tree of those it lists itself."""

    name: Value[str]
    name_prefix: Value[str | None] = default(None, "the name has no prefix of its own")
    subscriptions: Value[tuple[Value[Any], ...]] = default((), "the topic lists no subscriptions itself")
