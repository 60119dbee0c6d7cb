"""Subjects that are written inside of others: an alarm's queries, the functions that a bucket notifies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from stockade.model.alarm import MetricQuery
from stockade.model.names import Names, element_names, read
from stockade.model.subject import Subject
from stockade.model.trigger import BucketNotification, BucketTrigger
from stockade.read.resource import Resource
from stockade.value import Known, Unknown, Value

_SHARED = ("namespace", "metric_name", "dimensions", "period")


def queries(resource: Resource, attributes: Mapping[str, Value[Any]]) -> tuple[MetricQuery | Unknown, ...]:
    """What an alarm reads: the queries that it lists, or the one metric that it names itself."""
    listed = attributes.get("metric_queries")
    if isinstance(listed, Unknown):
        return (listed,)
    if listed is not None and listed.value:
        return tuple(_query(resource, one) for one in listed.value)
    if "metric_name" not in attributes:
        return ()
    own: dict[str, Any] = {name: attributes[name] for name in _SHARED if name in attributes}
    statistic = attributes.get("statistic") or attributes.get("extended_statistic")
    if statistic is not None:
        own["statistic"] = statistic
    origin = attributes["metric_name"].origin
    return (
        MetricQuery(
            address=resource.address, origin=origin, id=Known("", origin), returns=Known(True, origin), **own
        ),
    )


def _query(resource: Resource, block: Value[Any]) -> MetricQuery | Unknown:
    if isinstance(block, Unknown):
        return block
    names = element_names(MetricQuery)
    found: dict[str, Any] = {}
    found |= read(names, resource.dialect, block.value, resource.address, block.origin)
    return MetricQuery(address=resource.address, origin=block.origin, **found)


def elements(names: Names, resource: Resource, found: Known[Any]) -> Iterator[Subject | Unknown]:
    """What nested blocks declare; an unknown stands for blocks that cannot be known."""
    for block in found.value:
        if isinstance(block, Unknown):
            yield block
            continue
        attributes: dict[str, Any] = {}
        attributes |= read(names, resource.dialect, block.value, resource.address, block.origin)
        yield names.model(address=resource.address, origin=block.origin, **attributes)


def inside(resource: Resource, subject: Subject) -> Iterator[Subject]:
    """The subjects inside of one that stand for themselves in a world."""
    if not isinstance(subject, BucketNotification):
        return
    names = element_names(BucketTrigger)
    blocks = subject.functions.value if isinstance(subject.functions, Known) else (subject.functions,)
    for index, block in enumerate(blocks):
        found: dict[str, Any] = {}
        if isinstance(block, Unknown):
            found["function_name"] = found["events"] = Unknown(block.reason, block.origin)
        else:
            found |= read(names, resource.dialect, block.value, subject.address, block.origin)
        yield BucketTrigger(
            address=subject.address,
            origin=block.origin,
            doubt=subject.doubt,
            key=str(index),
            region=subject.region,
            bucket=subject.bucket,
            **found,
        )
