"""Log groups of functions, the filters that make metrics of them, and where their events are passed on to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from stockade.read.account.calls import LOG_FILTERS, LOG_GROUPS, Call
from stockade.read.account.scene import Scene
from stockade.read.resource import Resource
from stockade.value import Known, Value

GROUPS: Final = Call(
    "logs", "DescribeLogGroups", LOG_GROUPS, "how long functions' logs are kept, and by which key", "logGroups"
)
FILTERS: Final = Call(
    "logs",
    "DescribeMetricFilters",
    LOG_FILTERS,
    "the metrics that are made of logs, for alarms to watch",
    "metricFilters",
)
SUBSCRIPTIONS: Final = Call(
    "logs",
    "DescribeSubscriptionFilters",
    LOG_FILTERS,
    "where the events of a function's log group are passed on to",
    "subscriptionFilters",
)
CALLS: Final = (GROUPS, FILTERS, SUBSCRIPTIONS)
PREFIX: Final = "/aws/lambda/"
_MANY: Final = 20
"""Functions from which on one sweep over all log groups of Lambda's costs less than a call for each."""


def collect(scene: Scene) -> Iterable[Resource]:
    """The groups that functions here write to, and their filters; groups of nobody's are left out."""
    wanted = dict.fromkeys(_group(seen.configuration) or f"{PREFIX}{seen.name}" for seen in scene.functions)
    if not wanted:
        return
    own = [name for name in wanted if name.startswith(PREFIX)]
    sweep = len(own) > _MANY
    prefixes = [PREFIX] if sweep else own
    prefixes += [name for name in wanted if not (sweep and name.startswith(PREFIX)) and name not in prefixes]
    there: list[str] = []
    listings = scene.each(prefixes, lambda one: scene.listing(GROUPS, one, logGroupNamePrefix=one))
    for prefix, listing in zip(prefixes, listings, strict=True):
        for one in listing.items:
            name = str(one.get("logGroupName", ""))
            if name in wanted and name not in there:
                there.append(name)
                yield scene.resource(
                    "logs:DescribeLogGroups", _arn(scene, name), scene.document(GROUPS, name, one)
                )
        if listing.unread is not None:
            unknown = listing.unread.value()
            for name in wanted:
                if name.startswith(prefix) and name not in there:
                    there.append(name)
                    known: Value[Any] = Known(name, unknown.origin)
                    yield scene.unread(
                        "logs:DescribeLogGroups", _arn(scene, name), listing.unread, logGroupName=known
                    )
    yield from _filters(scene, wanted)
    yield from _subscriptions(scene, there)


def _group(configuration: Any) -> str:
    return str(configuration.get("LoggingConfig", {}).get("LogGroup", ""))


def _filters(scene: Scene, wanted: Iterable[str]) -> Iterator[Resource]:
    names = set(wanted)
    listing = scene.listing(FILTERS)
    for one in listing.items:
        group, own = str(one.get("logGroupName", "")), str(one.get("filterName", ""))
        if group in names:
            address = f"{_arn(scene, group)}#metric-filter/{own}"
            yield scene.resource("logs:DescribeMetricFilters", address, scene.document(FILTERS, group, one))


def _subscriptions(scene: Scene, groups: list[str]) -> Iterator[Resource]:
    listings = scene.each(groups, lambda one: scene.listing(SUBSCRIPTIONS, one, logGroupName=one))
    for group, listing in zip(groups, listings, strict=True):
        for one in listing.items:
            address = f"{_arn(scene, group)}#subscription/{one.get('filterName', '')}"
            yield scene.resource(
                "logs:DescribeSubscriptionFilters", address, scene.document(SUBSCRIPTIONS, group, one)
            )


def _arn(scene: Scene, name: str) -> str:
    return scene.arn("logs", f"log-group:{name}")
