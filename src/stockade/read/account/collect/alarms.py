"""CloudWatch alarms: on metrics, on metric math and anomaly bands, and on other alarms; what they do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from stockade.read.account.calls import ALARMS, Call
from stockade.read.account.scene import Scene
from stockade.read.resource import Resource

LIST: Final = Call(
    "cloudwatch", "DescribeAlarms", ALARMS, "the alarms, what they watch and whom they tell", "MetricAlarms"
)
CALLS: Final = (LIST,)
_KINDS: Final = (
    ("MetricAlarm", "MetricAlarms", "cloudwatch:DescribeAlarms"),
    ("CompositeAlarm", "CompositeAlarms", "cloudwatch:DescribeAlarms/CompositeAlarms"),
)
_HIDE: Final = ("AlarmDescription", "StateReason", "StateReasonData")


def collect(scene: Scene) -> Iterable[Resource]:
    """One resource for each alarm; that there may be more is told by the gap of the call."""
    for kind, items, type in _KINDS:
        for one in scene.listing(LIST, "", items=items, AlarmTypes=[kind]).items:
            arn = str(one.get("AlarmArn", ""))
            yield scene.resource(type, arn, scene.document(LIST, arn, one, _HIDE))
