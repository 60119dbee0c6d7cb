"""What calls functions by itself, and what becomes of an event that a function could not handle.

Permissions, which let something call, are in ``permission``.
"""

from __future__ import annotations

from typing import Any, TypeAlias

from stockade.model.subject import Subject, default
from stockade.records import dataclass
from stockade.value import Value


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class BucketNotification(Subject):
    """What an S3 bucket tells of its objects, as written: ``functions`` is a tree of values."""

    bucket: Value[str]
    functions: Value[tuple[Value[Any], ...]] = default((), "the bucket notifies no function")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class BucketTrigger(Subject):
    """A bucket that calls a function, whose ARN ``function_name`` is; filters are empty for all objects."""

    bucket: Value[str]
    function_name: Value[str]
    events: Value[tuple[Value[str], ...]] = default((), "no events are set")
    prefix: Value[str] = default("", "objects of every name count")
    suffix: Value[str] = default("", "objects of every name count")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class TopicSubscription(Subject):
    """A subscription to an SNS topic; ``endpoint`` is a function's ARN where ``protocol`` is ``lambda``."""

    topic_arn: Value[str]
    protocol: Value[str]
    endpoint: Value[str]
    filter_policy: Value[str | None] = default(None, "every message is delivered")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class EventRule(Subject):
    """A rule of EventBridge: for events of a pattern, or by a schedule. ``targets`` is a tree of values."""

    name: Value[str]
    schedule: Value[str | None] = default(None, "the rule has no schedule")
    pattern: Value[str | None] = default(None, "the rule has no pattern")
    bus: Value[str | None] = default(None, "a rule is on the account's default event bus")
    targets: Value[tuple[Value[Any], ...]] = default((), "the rule lists no targets itself")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class EventTarget(Subject):
    """What a rule of EventBridge calls; ``function_name`` is the target's ARN, of whatever service."""

    rule: Value[str]
    function_name: Value[str]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Schedule(Subject):
    """A schedule of EventBridge Scheduler; ``function_name`` is the target's ARN, of whatever service."""

    function_name: Value[str]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Announcement(Subject):
    """A service that tells a topic of what it does: of databases, backups, groups of instances."""

    topic_arn: Value[str]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Invocation(Subject):
    """A call that a deployment itself makes: Terraform's, or CloudFormation's for a custom resource."""

    function_name: Value[str]

    @property
    def by(self) -> str:
        """Who calls."""
        return "Terraform" if "aws_lambda_invocation." in self.address else "CloudFormation"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class LogSubscription(Subject):
    """A filter that passes log events on; ``function_name`` is the target's ARN, of whatever service."""

    log_group: Value[str]
    function_name: Value[str]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class EventSourceMapping(Subject):
    """A queue or stream that Lambda polls for a function. ``source_arn`` is ``None`` for brokers elsewhere.

    ``access`` is how Lambda gets at brokers, as written: secrets, subnets, security groups.
    """

    function_name: Value[str]
    source_arn: Value[str | None] = default(None, "no event source ARN is set")
    enabled: Value[bool] = default(True, "an event source mapping is enabled by default")
    filters: Value[tuple[Value[Any], ...]] = default((), "every record is delivered")
    on_failure_arn: Value[str | None] = default(None, "no destination for failed records is set")
    access: Value[tuple[Value[Any], ...]] = default((), "no way to sign in to brokers is set")
    maximum_concurrency: Value[int | None] = default(None, "no maximum concurrency is set")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class EventInvokeConfig(Subject):
    """How Lambda handles asynchronous invocations. ``maximum_event_age`` is in seconds."""

    function_name: Value[str]
    qualifier: Value[str | None] = default(None, "without a qualifier it is for the unpublished version")
    on_failure_arn: Value[str | None] = default(None, "no destination on failure is set")
    on_success_arn: Value[str | None] = default(None, "no destination on success is set")
    maximum_event_age: Value[int] = default(21600, "Lambda keeps an event for six hours by default")
    maximum_retry_attempts: Value[int] = default(2, "Lambda tries twice more by default")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class RecursionConfig(Subject):
    """Whether Lambda stops a loop of a function through SQS, SNS, S3 or itself: ``Terminate`` or ``Allow``."""

    function_name: Value[str]
    recursive_loop: Value[str]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class RuntimeManagement(Subject):
    """How Lambda updates a function's runtime: ``Auto``, ``FunctionUpdate`` or ``Manual``, which pins it.

    ``version_arn`` is the version of the runtime that it is pinned to.
    """

    function_name: Value[str]
    qualifier: Value[str | None] = default(None, "without a qualifier it is for the unpublished version")
    update_on: Value[str] = default("Auto", "Lambda updates runtimes by itself by default")
    version_arn: Value[str | None] = default(None, "no version of the runtime is named")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class ProvisionedConcurrency(Subject):
    """Instances that Lambda keeps ready for a version or an alias; ``amount`` is how many."""

    function_name: Value[str]
    amount: Value[int]


Naming: TypeAlias = (
    BucketTrigger
    | EventTarget
    | Schedule
    | Invocation
    | LogSubscription
    | EventSourceMapping
    | EventInvokeConfig
    | RecursionConfig
    | RuntimeManagement
    | ProvisionedConcurrency
)
"""What names its function as such."""
Trigger: TypeAlias = (
    BucketTrigger
    | TopicSubscription
    | EventTarget
    | Schedule
    | Invocation
    | LogSubscription
    | EventSourceMapping
)
