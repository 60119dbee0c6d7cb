"""What one input holds, kind by kind, in the order of the input."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field, fields
from datetime import date

from stockade.model.alarm import Alarm, CompositeAlarm, Topic
from stockade.model.choices import Choices
from stockade.model.declared import Declarations
from stockade.model.environment import EnvironmentVariable
from stockade.model.function import Alias, Function
from stockade.model.gap import Gap as Gap
from stockade.model.gateway import Gateway
from stockade.model.limits import Observed
from stockade.model.logs import LogGroup, MetricFilter
from stockade.model.machine import StateMachine
from stockade.model.need import FunctionNeeds
from stockade.model.package import Empty, Shelf
from stockade.model.packaging import CodeSigningConfig, Repository
from stockade.model.permission import Permission
from stockade.model.queue import Queue, QueueRedrive
from stockade.model.remark import Remark
from stockade.model.role import ExecutionRole, Grant, Role
from stockade.model.store import DataStore, EncryptionKey
from stockade.model.subject import Subject
from stockade.model.trigger import (
    Announcement,
    BucketTrigger,
    EventInvokeConfig,
    EventRule,
    EventSourceMapping,
    EventTarget,
    Invocation,
    LogSubscription,
    ProvisionedConcurrency,
    RecursionConfig,
    RuntimeManagement,
    Schedule,
    TopicSubscription,
)
from stockade.model.url import FunctionUrl
from stockade.model.validity import PolicyPart
from stockade.model.vpc import Network
from stockade.model.vulnerability import Advisories
from stockade.model.zone import HostedZone
from stockade.records import dataclass

_NO_SUBJECTS = frozenset(
    {"declared", "gaps", "remarks", "today", "accounts", "elsewhere", "choices", "shelf", "advisories"}
)


@dataclass(frozen=True, eq=False)
class Parts:
    """All subjects of one input, and what is known beside them.

    ``today`` is the day it is looked at, for what depends on dates; without one, dated tables stand at their
    own day. ``accounts`` are the identifiers of all AWS accounts that the owner calls theirs, empty where
    nobody said. ``elsewhere`` are alarms of the other inputs of the same scan that may be on functions of this
    one; ``choices`` what the owner wants fixes to say. ``shelf`` finds what functions ship, when it is asked;
    ``advisories`` knows vulnerabilities, ``None`` where nobody gave any.
    """

    functions: tuple[Function, ...] = ()
    environment: tuple[EnvironmentVariable, ...] = ()
    aliases: tuple[Alias, ...] = ()
    urls: tuple[FunctionUrl, ...] = ()
    permissions: tuple[Permission, ...] = ()
    roles: tuple[Role, ...] = ()
    execution_roles: tuple[ExecutionRole, ...] = ()
    grants: tuple[Grant, ...] = ()
    policy_parts: tuple[PolicyPart, ...] = ()
    log_groups: tuple[LogGroup, ...] = ()
    metric_filters: tuple[MetricFilter, ...] = ()
    alarms: tuple[Alarm, ...] = ()
    composite_alarms: tuple[CompositeAlarm, ...] = ()
    topics: tuple[Topic, ...] = ()
    queues: tuple[Queue, ...] = ()
    queue_redrives: tuple[QueueRedrive, ...] = ()
    bucket_triggers: tuple[BucketTrigger, ...] = ()
    topic_subscriptions: tuple[TopicSubscription, ...] = ()
    event_rules: tuple[EventRule, ...] = ()
    event_targets: tuple[EventTarget, ...] = ()
    schedules: tuple[Schedule, ...] = ()
    invocations: tuple[Invocation, ...] = ()
    announcements: tuple[Announcement, ...] = ()
    state_machines: tuple[StateMachine, ...] = ()
    log_subscriptions: tuple[LogSubscription, ...] = ()
    event_sources: tuple[EventSourceMapping, ...] = ()
    invoke_configs: tuple[EventInvokeConfig, ...] = ()
    recursion_configs: tuple[RecursionConfig, ...] = ()
    runtime_managements: tuple[RuntimeManagement, ...] = ()
    provisioned: tuple[ProvisionedConcurrency, ...] = ()
    keys: tuple[EncryptionKey, ...] = ()
    gateway: Gateway = field(default_factory=Gateway)
    network: Network = field(default_factory=Network)
    code_signing_configs: tuple[CodeSigningConfig, ...] = ()
    repositories: tuple[Repository, ...] = ()
    zones: tuple[HostedZone, ...] = ()
    stores: tuple[DataStore, ...] = ()
    observed: Observed = field(default_factory=Observed)
    needs: tuple[FunctionNeeds, ...] = ()
    declared: Declarations = field(default_factory=Declarations)
    gaps: tuple[Gap, ...] = ()
    remarks: tuple[Remark, ...] = ()
    today: date | None = None
    accounts: frozenset[str] = frozenset()
    elsewhere: tuple[Alarm, ...] = ()
    choices: Choices = field(default_factory=Choices)
    shelf: Shelf = field(default_factory=Empty)
    advisories: Advisories | None = None

    def everything(self) -> Iterator[Subject]:
        """All subjects of all types."""
        for one in fields(self):
            if one.name not in _NO_SUBJECTS:
                yield from getattr(self, one.name)
