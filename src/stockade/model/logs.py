"""CloudWatch log groups, and the filters that make metrics of what is logged."""

from __future__ import annotations

from dataclasses import dataclass

from stockade.model.function import Function
from stockade.model.subject import Subject, default
from stockade.value import Known, Unknown, Value, parts_of, text_of


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class LogGroup(Subject):
    """A log group. ``retention_days`` is ``None`` where logs are kept for ever."""

    name: Value[str]
    retention_days: Value[int | None] = default(None, "CloudWatch keeps logs for ever by default")
    kms_key_arn: Value[str | None] = default(None, "without a key CloudWatch encrypts with its own")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class MetricFilter(Subject):
    """A filter that counts what its pattern finds in a log group as a metric of its own name."""

    log_group: Value[str]
    pattern: Value[str]
    namespace: Value[str]
    metric_name: Value[str]


def log_group_name(function: Function) -> Value[str]:
    """The name of the log group a function writes to: its own choice, or Lambda's default."""
    chosen, name = function.log_group, function.name
    if isinstance(chosen, Unknown):
        return chosen
    if chosen.value is not None:
        return Known(chosen.value, chosen.origin, chosen.ref)
    if isinstance(name, Known):
        return Known(f"/aws/lambda/{name.value}", chosen.origin)
    return Unknown(name.reason, name.origin, text_of("/aws/lambda/", *parts_of(name)))
