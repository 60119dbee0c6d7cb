"""CloudWatch log groups, and the filters that make metrics of what is logged."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping

from stockade.model.function import Function
from stockade.model.relate import grouped
from stockade.model.subject import Subject, default
from stockade.records import dataclass
from stockade.value import Hole, Known, Ref, Unknown, Value, parts_of, text_of


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
    own = parts_of(name) if name.text is not None else (Hole(name.reason, "function name"),)
    return Unknown(name.reason, name.origin, text_of("/aws/lambda/", *own))


def called_after(groups: Iterable[LogGroup], functions: Container[str]) -> Mapping[str, tuple[LogGroup, ...]]:
    """By a function's address, the log groups that are called after it by asking it for its name, whatever
    that is."""
    return grouped(
        (parts[1].address, one)
        for one in groups
        if len(parts := parts_of(one.name)) == 2
        and parts[0] == "/aws/lambda/"
        and isinstance(parts[1], Ref)
        and parts[1].address in functions
    )
