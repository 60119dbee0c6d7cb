"""Events that the function fails to handle are lost without a trace.

## Why it matters

What S3, SNS, EventBridge and their like send to a function, Lambda queues and tries three times. Then
the event is gone, unless the function has a dead-letter target or a destination on failure: the file is
never processed, the order never shipped, and nothing is left to process again.

This is asked only of functions that something really invokes asynchronously, and the message names
what: a notification, subscription, target or schedule, or a permission for a service that invokes so.
A schedule comes again, and its event holds nothing; such functions are shown from `strict` on.

## What it does not see

Callers that invoke asynchronously themselves (`InvocationType` `Event`), and retries that the handler
makes. The dead-letter queue of a subscription or of a rule's target does not count: it holds what could
not be delivered to Lambda, not what the function failed at. A destination for one alias counts for the
whole function. Where a schedule invokes the function beside a bucket's notifications, what is lost waits
for it: shown from `strict` on.

## Fix

Name an SQS queue or SNS topic for failures: a destination on failure, which tells of the error too, or
a dead-letter target. The role needs `sqs:SendMessage` or `sns:Publish` on it.

The fix adds a queue that keeps failed events for two weeks, makes it the destination on failure, and lets the
role send to it; for review, as each such event costs a message and somebody has to look. Where the role is made
elsewhere it is only shown.

## Example

```hcl
resource "aws_lambda_function" "thumbnails" {
  function_name = "thumbnails"
  role          = "arn:aws:iam::123456789012:role/thumbnails"
}

resource "aws_s3_bucket_notification" "uploads" {
  bucket = "uploads"

  lambda_function {
    lambda_function_arn = aws_lambda_function.thumbnails.arn
    events              = ["s3:ObjectCreated:*"]
  }
}
```

Use instead:

```hcl
resource "aws_lambda_function" "thumbnails" {
  function_name = "thumbnails"
  role          = "arn:aws:iam::123456789012:role/thumbnails"
}

resource "aws_s3_bucket_notification" "uploads" {
  bucket = "uploads"

  lambda_function {
    lambda_function_arn = aws_lambda_function.thumbnails.arn
    events              = ["s3:ObjectCreated:*"]
  }
}

resource "aws_sqs_queue" "failed" {
  name                      = "thumbnails-failed"
  message_retention_seconds = 1209600
}

resource "aws_lambda_function_event_invoke_config" "thumbnails" {
  function_name = aws_lambda_function.thumbnails.function_name

  destination_config {
    on_failure {
      destination = aws_sqs_queue.failed.arn
    }
  }
}
```
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from stockade.checklist import Item
from stockade.control import (
    Add,
    Change,
    Fails,
    Fix,
    Holds,
    Noise,
    Put,
    Safety,
    Severity,
    Undecided,
    Verdict,
    control,
)
from stockade.model.function import Function
from stockade.model.permission import Permission
from stockade.model.reach import invokes, is_given, service
from stockade.model.trigger import (
    BucketTrigger,
    EventRule,
    EventTarget,
    LogSubscription,
    Schedule,
    TopicSubscription,
    Trigger,
)
from stockade.model.world import World
from stockade.records import dataclass
from stockade.remedies.fetched import allowed
from stockade.remedies.policies import own_name
from stockade.value import Known, Origin, Ref, Unknown, shape_of


@control(
    Function,
    severity=Severity.MEDIUM,
    item=Item.OPERATIONS,
    since="0.1.0",
    same_as=("CKV_AWS_116",),
    references=(
        "https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html",
        "https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html",
        "https://docs.aws.amazon.com/lambda/latest/dg/lambda-services.html",
    ),
)
def check(function: Function, world: World) -> Verdict | None:
    facts = sorted(_facts(function, world), key=lambda one: (one.doubt is not None, one.repeats))
    if not facts:
        return None
    gaps: list[Unknown] = []
    for target, doubt in _targets(function, world):
        if is_given(target):
            if doubt is None:
                return Holds(target.origin)
            gaps.append(doubt)
        elif isinstance(target, Unknown):
            gaps.append(target)
    if not gaps and facts[0].doubt is not None:
        gaps.append(facts[0].doubt)
    if gaps:
        return Undecided(gaps[0])
    fact = facts[0]
    swept = next((one for one in facts if one.repeats and "schedule" in one.caller), None)
    if swept and fact.caller.startswith("an S3 bucket"):
        return Fails(
            f"{fact.caller} this function asynchronously, and what it fails at waits for the schedule that "
            "invokes it too: it has no dead-letter target and no destination on failure",
            function.dead_letter_arn.origin,
            _fix(function, world),
            also=(fact.origin, swept.origin),
            severity=Severity.LOW,
            noise=Noise.STRICT,
        )
    return Fails(
        f"{fact.caller} this function asynchronously, and what it fails at is lost: "
        "it has no dead-letter target and no destination on failure",
        function.dead_letter_arn.origin,
        _fix(function, world),
        also=(fact.origin,),
        severity=Severity.LOW if fact.repeats else None,
        noise=Noise.STRICT if fact.repeats else None,
    )


def _targets(function: Function, world: World) -> Iterator[tuple[Known[str | None] | Unknown, Unknown | None]]:
    """Where failed events go, and why that may not exist at all."""
    yield function.dead_letter_arn, None
    for one in world.invoke_configs_of(function):
        yield one.on_failure_arn, one.doubt


def _fix(function: Function, world: World) -> Fix:
    """A queue for what failed, which the role may send to: the destination of the function's failures."""
    name = own_name(function, "-failed")
    attributes = (*((("name", name),) if name else ()), ("retention_seconds", _TWO_WEEKS))
    queue = Add("Queue", function.address, attributes, label="failed")
    permission = allowed(function, world, "failed-events", _SENDING, queue.ref("arn"))
    config = next((one for one in world.invoke_configs_of(function) if one.doubt is None), None)
    to: Change
    if config is not None:
        to = Put(config.address, "on_failure_arn", queue.ref("arn"))
    else:
        said = (
            ("function_name", Ref(function.address, "function_name")),
            ("qualifier", "$LATEST"),
            ("on_failure_arn", queue.ref("arn")),
        )
        after = tuple(one.handle for one in permission or () if isinstance(one, Add))
        to = Add("EventInvokeConfig", function.address, said, after=after)
    note = "look into the queue when its messages are not gone: an alarm on its age or number tells when"
    if permission is None:
        note = f"let the function's role use `{_SENDING}` on the queue, or Lambda refuses the change; {note}"
    if world.aliases_of(function):
        note = f"what is invoked by an alias needs the same for that alias; {note}"
    safety = Safety.REVIEW if permission else Safety.SHOW
    return Fix("keep the events that fail in a queue", safety, (queue, *(permission or ()), to), note=note)


_SENDING: Final = "sqs:SendMessage"
_TWO_WEEKS: Final = 1_209_600
"""The longest that SQS keeps a message, in seconds."""


# ------------------------------------------------------------------------------------- what invokes it


@dataclass(frozen=True, slots=True)
class _Fact:
    """What invokes the function asynchronously. ``repeats`` says that a lost event comes again."""

    caller: str
    origin: Origin
    doubt: Unknown | None
    repeats: bool = False


def _facts(function: Function, world: World) -> Iterator[_Fact]:
    for trigger in world.triggers_of(function):
        if found := _declared(trigger, world):
            yield found
    for permission in world.permissions_of(function):
        if found := _permitted(permission, world):
            yield found


def _declared(trigger: Trigger, world: World) -> _Fact | None:
    match trigger:
        case BucketTrigger():
            caller, repeats = "an S3 bucket's notifications invoke", False
        case TopicSubscription():
            caller, repeats = "the messages of an SNS topic invoke", False
        case LogSubscription():
            caller, repeats = "the log events of a subscription filter invoke", False
        case Schedule():
            caller, repeats = "a schedule invokes", True
        case EventTarget():
            caller, repeats = _of_rule(world.rule_in(trigger.rule))
        case _:
            return None  # Lambda polls queues and streams itself, and waits for the answer
    return _Fact(caller, trigger.origin, trigger.doubt, repeats)


def _of_rule(rule: EventRule | None) -> tuple[str, bool]:
    """How a rule invokes; one that is not known to go by a pattern may be a schedule."""
    if rule is not None and is_given(rule.pattern):
        return "the events of an EventBridge rule invoke", False
    return ("a schedule invokes" if rule and is_given(rule.schedule) else "an EventBridge rule invokes"), True


_ASYNCHRONOUS: Final[Mapping[str, tuple[str, bool]]] = {
    "s3": ("S3 may invoke", False),
    "sns": ("SNS may invoke", False),
    "ses": ("SES may invoke", False),
    "iot": ("AWS IoT may invoke", False),
    "iotevents": ("AWS IoT Events may invoke", False),
    "logs": ("CloudWatch Logs may invoke", False),
    "codecommit": ("CodeCommit may invoke", False),
    "config": ("AWS Config may invoke", True),
    "cloudformation": ("CloudFormation may invoke", True),
}
"""Services that invoke asynchronously, and whether they do so again for what was lost."""


def _permitted(permission: Permission, world: World) -> _Fact | None:
    if not invokes(permission):
        return None
    caller = service(shape_of(permission.principal)) or ""
    if caller == "events":
        words, repeats = _of_rule(world.rule_in(permission.source_arn))
    elif caller in _ASYNCHRONOUS:
        words, repeats = _ASYNCHRONOUS[caller]
    else:
        return None
    return _Fact(words, permission.origin, permission.doubt, repeats)
