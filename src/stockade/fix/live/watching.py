"""Commands for what watches functions and what they hand on to: log groups, alarms, topics, queues, images."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from stockade.errors import FixError
from stockade.fix.live.plain import differ, given, member, plain, text
from stockade.fix.live.shell import Command
from stockade.model.alarm import Alarm, MetricQuery
from stockade.model.names import NAMES, element_names
from stockade.read.account.answer import Place
from stockade.read.resource import Resource

_OF_ALARM: Final = (
    *(
        "AlarmName",
        "AlarmDescription",
        "ActionsEnabled",
        "OKActions",
        "AlarmActions",
        "InsufficientDataActions",
    ),
    *("MetricName", "Namespace", "Statistic", "ExtendedStatistic", "Dimensions", "Period", "Unit"),
    *("EvaluationPeriods", "DatapointsToAlarm", "Threshold", "ComparisonOperator", "TreatMissingData"),
    *("EvaluateLowSampleCountPercentile", "Metrics", "ThresholdMetricId"),
)
"""What `PutMetricAlarm` takes of what `DescribeAlarms` says."""
_TOLD: Final = (
    *("AlarmArn", "AlarmConfigurationUpdatedTimestamp", "EvaluationState", "StateReason", "StateReasonData"),
    *("StateTransitionedTimestamp", "StateUpdatedTimestamp", "StateValue"),
)
"""What it says of its state."""


def log_group(before: Resource, after: Resource, place: Place) -> Iterator[Command]:
    """The retention and the key of a log group."""
    named = {"log-group-name": text(before, "logGroupName")}
    if differ(member(before, "kmsKeyId"), member(after, "kmsKeyId")):
        options = {**named, "kms-key-id": text(after, "kmsKeyId")}
        yield Command("logs", "associate-kms-key", options, place.region)
    if differ(member(before, "retentionInDays"), member(after, "retentionInDays")):
        days = given(after, "retentionInDays")
        if not days:
            raise FixError("logs are kept for some days")
        options = {**named, "retention-in-days": days}
        yield Command("logs", "put-retention-policy", options, place.region)


def new_log_group(of: Mapping[str, Any], place: Place) -> Iterator[Command]:
    """A log group before the function writes its first line."""
    named = {"log-group-name": of["name"]}
    key = {"kms-key-id": of["kms_key_arn"]} if of.get("kms_key_arn") else {}
    yield Command("logs", "create-log-group", {**named, **key}, place.region)
    if of.get("retention_days"):
        options = {**named, "retention-in-days": of["retention_days"]}
        yield Command("logs", "put-retention-policy", options, place.region)


def alarm(before: Resource, after: Resource, place: Place) -> Iterator[Command]:
    """An alarm on a metric, given whole; one that is only switched off is switched on."""
    changed = [
        one
        for one in dict.fromkeys((*before.attributes, *after.attributes))
        if differ(before.attributes.get(one), after.attributes.get(one))
    ]
    if changed == ["ActionsEnabled"] and given(after, "ActionsEnabled"):
        options: dict[str, Any] = {"alarm-names": [text(before, "AlarmName")]}
        yield Command("cloudwatch", "enable-alarm-actions", options, place.region)
        return
    others = [one for one in after.attributes if one not in (*_OF_ALARM, *_TOLD)]
    if others:
        raise FixError(f"an alarm is given whole, and `{others[0]}` of it is not known here")
    whole = {one: plain(after.attributes[one]) for one in _OF_ALARM if one in after.attributes}
    whole = {name: value for name, value in whole.items() if value is not None and value != []}
    yield Command("cloudwatch", "put-metric-alarm", {"cli-input-json": whole}, place.region)


def new_alarm(of: Mapping[str, Any], place: Place) -> Iterator[Command]:
    """A new alarm, of a metric or of metric math."""
    rows = {row.attribute: row.api for names in NAMES if names.model is Alarm for row in names.rows}
    inner = {row.attribute: row.api for row in element_names(MetricQuery).rows}
    out: dict[str, Any] = {}
    queries: dict[int, dict[str, Any]] = {}
    for attribute, value in of.items():
        head, bracket, rest = attribute.partition("[")
        if bracket:
            index, _, name = rest.partition("].")
            _put(queries.setdefault(int(index), {}), inner[name], _dimensions(value))
        else:
            _put(out, rows[head], _dimensions(value))
    if queries:
        out["Metrics"] = [queries[index] for index in sorted(queries)]
    yield Command("cloudwatch", "put-metric-alarm", {"cli-input-json": out}, place.region)


def _put(out: dict[str, Any], path: str, value: Any) -> None:
    *above, last = path.split(".")
    for step in above:
        out = out.setdefault(step, {})
    out[last] = value


def _dimensions(value: Any) -> Any:
    """A map of dimensions as the list that it is to AWS."""
    if isinstance(value, Mapping):
        return [{"Name": name, "Value": one} for name, one in value.items()]
    return value


def new_topic(of: Mapping[str, Any], place: Place) -> Iterator[Command]:
    """A topic, to which somebody has to subscribe."""
    yield Command("sns", "create-topic", {"name": of["name"]}, place.region)


def new_queue(of: Mapping[str, Any], place: Place) -> Iterator[Command]:
    """A queue for events that failed."""
    attributes = {}
    if of.get("retention_seconds"):
        attributes["MessageRetentionPeriod"] = str(of["retention_seconds"])
    if of.get("kms_key_id"):
        attributes["KmsMasterKeyId"] = of["kms_key_id"]
    more = {"attributes": attributes} if attributes else {}
    yield Command("sqs", "create-queue", {"queue-name": of["name"], **more}, place.region)


def new_parameter(of: Mapping[str, Any], place: Place) -> Iterator[Command]:
    """A parameter that is no secret."""
    if of.get("kind") != "String" or "value" not in of:
        raise FixError("what belongs into the parameter is for a person to put there")
    options = {"name": of["name"], "type": "String", "value": of["value"]}
    yield Command("ssm", "put-parameter", options, place.region)


def repository(before: Resource, after: Resource, place: Place) -> Iterator[Command]:
    """Whether the tags of images can be moved."""
    options = {
        "repository-name": text(before, "repositoryName"),
        "image-tag-mutability": text(after, "imageTagMutability"),
    }
    yield Command("ecr", "put-image-tag-mutability", options, place.region)
