"""Alarms on what stands beside a function: on its API's errors and requests, on queues of what failed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Final

from stockade.iam.match import Shape, matches
from stockade.model.alarm import Alarm, MetricQuery
from stockade.model.api import Api
from stockade.model.machine import StateMachine
from stockade.model.queue import Queue
from stockade.model.relate import comparable, grouped, meant
from stockade.records import dataclass
from stockade.value import Hole, Known

_METRICS: Final[Mapping[tuple[str, str], tuple[str, ...]]] = {
    ("AWS/ApiGateway", "5XXError"): ("ApiName", "ApiId"),
    ("AWS/ApiGateway", "5xx"): ("ApiId",),
    ("AWS/ApiGateway", "Count"): ("ApiName", "ApiId"),
    ("AWS/SQS", "ApproximateNumberOfMessagesVisible"): ("QueueName",),
    ("AWS/States", "ExecutionsFailed"): ("StateMachineArn",),
}
"""The metrics that count, with the dimensions that say of what."""

_ERRORS: Final = ("5XXError", "5xx")
_REQUESTS: Final = ("Count",)
_FAILED: Final = ("ExecutionsFailed",)
_WAITING: Final = ("ApproximateNumberOfMessagesVisible",)


@dataclass(frozen=True, slots=True)
class Signal:
    """An alarm on something, or one that may be on it: its name is known in part only."""

    alarm: Alarm
    sure: bool


class Signals:
    """The alarms of an input that go up and that somebody hears of, by what they are on."""

    def __init__(self, alarms: Sequence[Alarm], heard: Callable[[Alarm], bool]) -> None:
        self._alarms = alarms
        self._heard = heard

    def on_errors(self, api: Api) -> Signal | None:
        """An alarm on an API's server errors."""
        return self._on(_ERRORS, api)

    def on_requests(self, api: Api) -> Signal | None:
        """An alarm on how many requests an API takes."""
        return self._on(_REQUESTS, api)

    def on_waiting(self, queue: Queue) -> Signal | None:
        """An alarm on messages that lie in a queue."""
        return self._on(_WAITING, queue)

    def on_failed(self, machine: StateMachine) -> Signal | None:
        """An alarm on executions of a state machine that fail."""
        return self._on(_FAILED, machine)

    def _on(self, metrics: tuple[str, ...], one: Api | Queue | StateMachine) -> Signal | None:
        name = comparable(one.name)
        for metric in metrics:
            for key in ((one.address,), name):
                for alarm in self._by_metric.get((metric, key), ()) if key else ():
                    if self._heard(alarm):
                        return Signal(alarm, sure=True)
            for (of, pattern), alarms in self._loose.items():
                if of == metric and name and matches(pattern, name) is not False:
                    if heard := next(filter(self._heard, alarms), None):
                        return Signal(heard, sure=False)
        return None

    @cached_property
    def _by_metric(self) -> Mapping[tuple[str, Shape], tuple[Alarm, ...]]:
        return grouped(pair for alarm in self._alarms if _goes_up(alarm) for pair in _keys(alarm))

    @cached_property
    def _loose(self) -> Mapping[tuple[str, Shape], tuple[Alarm, ...]]:
        """Those on a name that is known in part."""
        return {
            key: alarms
            for key, alarms in self._by_metric.items()
            if any(isinstance(piece, Hole) for piece in key[1]) and any(isinstance(p, str) for p in key[1])
        }


def _goes_up(alarm: Alarm) -> bool:
    """Whether an alarm is about too many rather than too few. What is not known counts as no."""
    return isinstance(alarm.comparison, Known) and alarm.comparison.value.startswith("GreaterThan")


def _keys(alarm: Alarm) -> Iterator[tuple[tuple[str, Shape], Alarm]]:
    for query in alarm.queries:
        if not isinstance(query, MetricQuery) or not isinstance(query.dimensions, Known):
            continue
        space = query.namespace.value if isinstance(query.namespace, Known) else ""
        metric = query.metric_name.value if isinstance(query.metric_name, Known) else ""
        for name in _METRICS.get((space or "", metric or ""), ()):
            dimension = query.dimensions.value.get(name)
            if dimension is None:
                continue
            if ref := meant(dimension):
                yield (metric or "", (ref.address,)), alarm
            if text := comparable(dimension):
                yield (metric or "", text), alarm
