"""What sets the pace of a function's invocations, where that is the account's own operations alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from stockade.json_text import document
from stockade.model.asked import asked_once
from stockade.model.failures import keeps_failures
from stockade.model.function import Function
from stockade.model.grants import allowing
from stockade.model.reach import invokes, is_given, service
from stockade.model.relate import meant
from stockade.model.trigger import (
    Announcement,
    BucketTrigger,
    EventRule,
    EventTarget,
    Invocation,
    Schedule,
    TopicSubscription,
)
from stockade.model.world import World
from stockade.patterns import lazy_regex
from stockade.records import dataclass
from stockade.value import Hole, Known, Origin, Unknown, Value, shape_of


@dataclass(frozen=True, slots=True)
class Pace:
    """What invokes a function, and nothing else of this input does: ``by`` is a noun, with its article."""

    by: str
    origin: Origin


_REPORTING: Final = frozenset(
    f"aws.{name}"
    for name in (
        *("access-analyzer", "acm", "autoscaling", "backup", "budgets", "cloudformation", "cloudwatch"),
        *("codebuild", "codecommit", "codedeploy", "codepipeline", "config", "controltower", "dlm", "dms"),
        *("ec2", "ecr", "ecs", "elasticache", "elasticmapreduce", "glue", "guardduty", "health", "iam"),
        *("imagebuilder", "inspector2", "kms", "macie", "organizations", "rds", "redshift", "secretsmanager"),
        *("securityhub", "servicecatalog", "signin", "ssm", "support", "tag", "trustedadvisor"),
    )
)
"""Sources of EventBridge that report on the account's operations: findings, states, deployments.

No stranger sends these, and no request of a user does. What tells of data (an object in a bucket, an
execution of a state machine, a batch job) is not among them: its number is whatever users make it.
"""

_REPORTS: Final = frozenset(
    (
        "AWS Health Event",
        "GuardDuty Finding",
        "Security Hub Findings - Imported",
        "CloudWatch Alarm State Change",
    )
)
"""Types of events that tell as much where a pattern asks for no source."""

_CALLERS: Final = {
    "scheduler": "a schedule",
    "secretsmanager": "the rotation of a secret",
    "config": "a rule of AWS Config",
    "cloudformation": "CloudFormation",
    "codecommit": "CodeCommit",
    "codedeploy": "CodeDeploy",
}
"""Services that invoke for the account's operations, by the first label of their principals."""

_ALARMING: Final = lazy_regex(r"(?:^|[._-])(?:alarm|alert)s?(?:$|[._-])", re.IGNORECASE)
_ALARMS: Final = "lambda.alarms.cloudwatch."


@asked_once
def pace_of(function: Function, world: World) -> Pace | None:
    """What invokes a function, if it is known and all of it is one of the account's own operations.

    Such a function runs as often as a schedule, a deployment or an alarm says: there is no flood of
    requests or events that could reach it, and no request to follow. A state machine is the place where
    what it calls is bounded, traced and watched. Calls through the API, by other functions say, are not seen.
    """
    if world.urls_of(function):
        return None
    found: list[Pace] = []
    for one in _each(function, world):
        if one is None:
            return None
        found.append(one)
    return Pace(_listed(found), found[0].origin) if found else None


def _each(function: Function, world: World) -> Iterator[Pace | None]:
    """Everything of this input that invokes a function; ``None`` stands for what may come in a flood."""
    for trigger in world.triggers_of(function):
        match trigger:
            case Schedule():
                yield Pace("a schedule", trigger.origin)
            case Invocation():
                yield Pace(f"{trigger.by} itself", trigger.origin)
            case EventTarget():
                yield _of_rule(world.rule_in(trigger.rule), world)
            case TopicSubscription():
                yield _of_topic(trigger.topic_arn, world) or _purging(function, world)
            case BucketTrigger():
                yield _of_bucket(trigger, world)
            case _:
                yield None
    for machine in world.around.machine_calls.get(function, ()):
        yield Pace("a state machine", machine.origin)
    for permission in world.permissions_of(function):
        if not invokes(permission):
            continue
        principal = shape_of(permission.principal)
        match service(principal):
            case "states" if world.around.machine_calls.get(function, ()):
                continue
            case str() as name if by := _CALLERS.get(name):
                yield Pace(by, permission.origin)
            case "events":
                yield _of_rule(world.rule_in(permission.source_arn), world)
            case "sns":
                yield _of_topic(permission.source_arn, world) or _purging(function, world)
            case "s3" if any(isinstance(one, BucketTrigger) for one in world.triggers_of(function)):
                continue
            case "lambda" if isinstance(principal[0], str) and principal[0].startswith(_ALARMS):
                yield Pace("an alarm", permission.origin)
            case _:
                yield None


def _of_rule(rule: EventRule | None, world: World) -> Pace | None:
    """The pace of a rule that goes by a schedule, or by events that report on operations."""
    if rule is None:
        return None
    scheduled, patterned = is_given(rule.schedule), not _is_absent(rule.pattern)
    if scheduled and not patterned:
        return Pace("a schedule", rule.origin)
    if not patterned or not _is_absent(rule.schedule):
        return None
    sources = _sources(rule.pattern)
    if sources and (_REPORTING | _REPORTS).issuperset(sources):
        return Pace("events of " + " and ".join(f"`{one}`" for one in sources), rule.origin)
    return _of_bus(rule.bus, world)


def _of_bus(bus: Value[str | None], world: World) -> Pace | None:
    """The pace of an event bus of this input, to which only rules of another bus send, and reports alone."""
    ref = meant(bus)
    sending = [
        rule
        for one in (world.event_targets if ref else ())
        if (to := meant(one.function_name)) and ref and to.address == ref.address
        if (rule := world.rule_in(one.rule)) and not ((on := meant(rule.bus)) and on.address == ref.address)
    ]
    found = [_of_rule(one, world) for one in sending if meant(one.bus) is None]
    told = [one for one in found if one]
    return Pace(_listed(told), told[0].origin) if told and len(told) == len(sending) else None


def _of_bucket(trigger: BucketTrigger, world: World) -> Pace | None:
    """The pace of a deployment, where a bucket of this input tells of objects under a prefix that it fills.

    That somebody else writes there too is not excluded; who keeps a prefix for what is deployed would not.
    """
    prefix, suffix, bucket = trigger.prefix, trigger.suffix, meant(trigger.bucket)
    if not (isinstance(prefix, Known) and prefix.value and isinstance(suffix, Known)) or bucket is None:
        return None
    for one in world.declared.uploads:
        into, key = meant(one.bucket), shape_of(one.object_key)
        first, last = (key[0], key[-1]) if key else ("", "")
        if into is None or into.address != bucket.address:
            continue
        if isinstance(first, str) and first.startswith(prefix.value):
            if not suffix.value or (isinstance(last, str) and last.endswith(suffix.value)):
                return Pace("an object that a deployment writes", one.origin)
    return None


def _is_absent(value: Value[str | None]) -> bool:
    return isinstance(value, Known) and value.value is None


def _sources(pattern: Value[str | None]) -> tuple[str, ...]:
    """The sources that a pattern asks for, or else the reports; none where they are not all known."""
    tree: Value[Any] = document(pattern)
    if not isinstance(tree, Known) or not isinstance(tree.value, dict):
        return ()
    sources = _texts(tree.value.get("source"))
    if "source" in tree.value or not _REPORTS.issuperset(_texts(tree.value.get("detail-type")) or ("",)):
        return sources
    return _texts(tree.value["detail-type"])


def _texts(listed: Value[Any] | None) -> tuple[str, ...]:
    """A list of texts that are all known; none for anything else."""
    if not isinstance(listed, Known) or not isinstance(listed.value, tuple):
        return ()
    texts = [one.value for one in listed.value if isinstance(one, Known) and isinstance(one.value, str)]
    return tuple(texts) if len(texts) == len(listed.value) else ()


def _of_topic(arn: Value[str] | Value[str | None], world: World) -> Pace | None:
    """The pace of a topic of this input that alarms notify, or rules that report on operations."""
    ref = meant(arn)
    names = [
        part.name
        for part in (arn.text.parts if isinstance(arn, Unknown) and arn.text else ())
        if isinstance(part, Hole)
    ]
    if len(names) == 1 and _ALARMING.search(names[0]):
        return Pace("a topic named for alarms", arn.origin)
    found: list[Pace] = []
    sending = world.around.senders.get(ref.address, ()) if ref else ()
    if ref and not sending and _ALARMING.search(ref.address.rpartition(".")[2]):
        return Pace("a topic named for alarms", arn.origin)
    for one in sending:
        match one:
            case EventTarget():
                pace = _of_rule(world.rule_in(one.rule), world)
            case Announcement():
                pace = Pace("events of the account's services", one.origin)
            case _:
                pace = Pace("an alarm", one.origin)
        if pace is None:
            return None
        found.append(pace)
    return Pace(_listed(found), found[0].origin) if found else None


_PURGING: Final = lazy_regex(r"cloudfront:(?:Create|Get|List)Invalidations?")


def _purging(function: Function, world: World) -> Pace | None:
    """The pace of deployments, where all that a function may do is to purge CloudFront's cache, and to log."""
    found: Pace | None = None
    for grant in world.grants_of(function):
        statement = allowing(grant)
        if statement is None or keeps_failures(grant, function, world):
            continue
        if isinstance(statement, Unknown) or not statement.actions:
            return None
        for action in statement.actions:
            if not isinstance(action, Known):
                return None
            if _PURGING.fullmatch(action.value):
                found = found or Pace("who purges CloudFront's cache", action.origin)
            elif not action.value.startswith(("logs:", "xray:")):
                return None
    return found


def _listed(found: list[Pace]) -> str:
    said = list(dict.fromkeys(one.by for one in found))
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} and {said[-1]}"
