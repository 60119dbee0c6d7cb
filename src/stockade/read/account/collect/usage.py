"""How often functions were invoked in the last ninety days, asked for hundreds of them at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from stockade.read.account.answer import Unread
from stockade.read.account.calls import METRIC_DATA, Call
from stockade.read.account.scene import Scene, Seen
from stockade.read.resource import Resource
from stockade.value import Known, Value

DATA: Final = Call(
    "cloudwatch",
    "GetMetricData",
    METRIC_DATA,
    "how often functions were invoked in the last 90 days",
    "MetricDataResults",
)
CALLS: Final = (DATA,)
TYPE: Final = "cloudwatch:GetMetricData"
DAYS: Final = 90
_AT_ONCE: Final = 500
"""Metrics that one call may ask for."""
_DAY: Final = 86_400


def collect(scene: Scene) -> Iterable[Resource]:
    """One resource for each function."""
    every = list(scene.functions)
    batches = [every[at : at + _AT_ONCE] for at in range(0, len(every), _AT_ONCE)]
    for found in scene.each(batches, lambda batch: list(_of(scene, batch))):
        yield from found


def _of(scene: Scene, batch: Sequence[Seen]) -> Iterable[Resource]:
    end = datetime.fromisoformat(scene.place.at.replace("Z", "+00:00"))
    queries = [_query(f"m{index}", seen.name) for index, seen in enumerate(batch)]
    listing = scene.listing(
        DATA, "", MetricDataQueries=queries, StartTime=end - timedelta(days=DAYS), EndTime=end
    )
    counts = [0] * len(batch)
    partly: set[int] = set()
    for one in listing.items:
        index = int(str(one.get("Id", "m0"))[1:])
        counts[index] += int(sum(one.get("Values", ())))
        if one.get("StatusCode") not in (None, "Complete", "PartialData"):
            partly.add(index)
    for index, (seen, count) in enumerate(zip(batch, counts, strict=True)):
        lost = listing.unread
        if lost is None and index in partly and not count:
            lost = Unread(DATA, seen.arn, "CloudWatch could not give all of it", scene.place)
            scene.miss(lost)
        yield _usage(scene, seen, count, lost)


def _usage(scene: Scene, seen: Seen, count: int, lost: Unread | None) -> Resource:
    modified = str(seen.configuration.get("LastModified", ""))
    facts = {"FunctionArn": seen.arn, "Invocations": count, "Days": DAYS, "LastModified": modified[:10]}
    document = scene.document(DATA, seen.arn, facts)
    if lost is None or count:
        return scene.resource(TYPE, f"{seen.arn}#usage", document)
    unknown: Value[Any] = lost.value()
    named: Known[Any] = document.said(seen.arn, "FunctionArn")
    return scene.resource(TYPE, f"{seen.arn}#usage", document, Invocations=unknown, FunctionArn=named)


def _query(id: str, name: str) -> dict[str, Any]:
    metric = {
        "Namespace": "AWS/Lambda",
        "MetricName": "Invocations",
        "Dimensions": [{"Name": "FunctionName", "Value": name}],
    }
    return {"Id": id, "MetricStat": {"Metric": metric, "Period": _DAY, "Stat": "Sum"}}
