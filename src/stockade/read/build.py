"""From evaluated resources to a world: the one place where the domain is made, for every input.

``model.names`` says what an attribute is called; what belongs together is settled by ``attach`` (which
policies are in force on which role) and by ``grants`` (which role a function runs as).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from stockade.iam.policy import Document, parse
from stockade.json_text import document
from stockade.model.alarm import Alarm, CompositeAlarm, Topic
from stockade.model.declared import Callee, Declarations, Declared
from stockade.model.environment import environment_variables
from stockade.model.execution import execution_roles, grants
from stockade.model.function import Alias, Function
from stockade.model.limits import AccountLimits, LastAccessed, Observed, Usage
from stockade.model.logs import LogGroup, MetricFilter
from stockade.model.machine import StateMachine
from stockade.model.names import Names, element_names, names_of, read
from stockade.model.names.arns import POLICED, POLICIES, Named, named
from stockade.model.names.scopable import service_of
from stockade.model.package import Empty
from stockade.model.packaging import CodeSigningConfig, Repository
from stockade.model.permission import Permission
from stockade.model.policy import Attachment, CustomerPolicy, InlinePolicy
from stockade.model.queue import Queue, QueueRedrive
from stockade.model.role import Role, RolePolicy
from stockade.model.store import DataStore, EncryptionKey, Upload
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
from stockade.model.validity import policy_parts
from stockade.model.world import World
from stockade.model.zone import HostedZone
from stockade.read.attach import Policies, attach
from stockade.read.gateway import gateway, settle
from stockade.read.nested import inside, queries
from stockade.read.network import network, settle_network
from stockade.read.package.shelf import of as shelf_of
from stockade.read.resource import Reading, Resource
from stockade.value import Known, Origin, Unknown, Value

S = TypeVar("S", bound=Subject)

_GLOBAL = (Role, InlinePolicy, CustomerPolicy, Attachment)
"""IAM has no regions."""


def build(reading: Reading, packages: Mapping[str, Path] | None = None) -> World:
    """The world that a reading holds; only attributes that the table of names lists are evaluated.

    ``packages`` are where functions' packages lie, by name or address, for those that the input does not find.
    """
    found = _Sorted(reading.resources)
    all_of = found.all_of
    ids = {one.address: one.id for one in reading.resources if one.id}
    functions = all_of(Function)
    policies = Policies(
        all_of(InlinePolicy), all_of(CustomerPolicy), all_of(Attachment), frozenset(found.elsewhere)
    )
    roles, gaps = attach(all_of(Role), policies)
    running = execution_roles(functions, roles)
    return World(
        functions=functions,
        environment=environment_variables(functions),
        aliases=all_of(Alias),
        urls=all_of(FunctionUrl),
        permissions=all_of(Permission),
        roles=roles,
        execution_roles=running,
        grants=grants(running),
        policy_parts=policy_parts(running),
        log_groups=all_of(LogGroup),
        metric_filters=all_of(MetricFilter),
        alarms=all_of(Alarm),
        composite_alarms=all_of(CompositeAlarm),
        topics=all_of(Topic),
        queues=all_of(Queue),
        queue_redrives=all_of(QueueRedrive),
        bucket_triggers=all_of(BucketTrigger),
        topic_subscriptions=all_of(TopicSubscription),
        event_rules=all_of(EventRule),
        event_targets=all_of(EventTarget),
        schedules=all_of(Schedule),
        invocations=all_of(Invocation),
        announcements=all_of(Announcement),
        state_machines=all_of(StateMachine),
        log_subscriptions=all_of(LogSubscription),
        event_sources=all_of(EventSourceMapping),
        invoke_configs=all_of(EventInvokeConfig),
        recursion_configs=all_of(RecursionConfig),
        runtime_managements=all_of(RuntimeManagement),
        provisioned=all_of(ProvisionedConcurrency),
        keys=all_of(EncryptionKey),
        gateway=gateway(all_of),
        network=network(all_of),
        code_signing_configs=all_of(CodeSigningConfig),
        repositories=all_of(Repository),
        zones=all_of(HostedZone),
        stores=all_of(DataStore),
        observed=Observed(all_of(AccountLimits), all_of(Usage), all_of(LastAccessed)),
        declared=Declarations(
            found.declared, found.callees, found.policed, all_of(Upload), ids, frozenset(found.bare)
        ),
        gaps=(*reading.gaps, *gaps),
        remarks=reading.remarks,
        shelf=reading.shelf or shelf_of(reading.ground, reading.resources, packages or {}) or Empty(),
    )


class _Sorted:
    """Resources by what they are to a world: its subjects, and what is only known to be declared."""

    def __init__(self, resources: Iterable[Resource]) -> None:
        self.elsewhere: list[str] = []
        self.declared: list[Declared] = []
        self.callees: list[Callee] = []
        self.policed: dict[str, str] = {}
        self.bare: set[str] = set()
        self._made: dict[type[Subject], list[Subject]] = {}
        live = False
        for resource in resources:
            live = live or resource.dialect == "api"
            self._sort(resource)
        if live:
            self.policed = {**dict.fromkeys(POLICED, ""), **self.policed}

    def all_of(self, kind: type[S]) -> tuple[S, ...]:
        """The subjects of a kind, in the order of their resources."""
        return tuple(one for one in self._made.get(kind, ()) if isinstance(one, kind))

    def _sort(self, resource: Resource) -> None:
        if (policy := POLICIES.get(resource.type)) and (not policy[1] or policy[1] in resource.attributes):
            self.policed.setdefault(policy[0], resource.address)
        elif policy and resource.dialect == "api":
            self.bare.add(resource.address)
        if row := named(resource.dialect, resource.type):
            self.callees.append(_callee(row, resource))
        if service := service_of(resource.dialect, resource.type):
            self.declared.append(Declared(service, resource.address, resource.doubt))
        names = names_of(resource.dialect, resource.type)
        if names is None:
            return
        if resource.type.startswith("data."):
            self.elsewhere.append(resource.address)
        subject = _subject(names, resource)
        for one in (subject, *inside(resource, subject)):
            self._made.setdefault(type(one), []).append(one)


def _callee(row: Named, resource: Resource) -> Callee:
    return Callee(
        row, resource.dialect, resource.address, resource.doubt, resource.attributes, resource.reference
    )


def _subject(names: Names, resource: Resource) -> Subject:
    attributes: dict[str, Any] = {}
    attributes |= read(names, resource.dialect, resource.attributes, resource.address, resource.origin)
    region = None if names.model in _GLOBAL else resource.region
    if names.model is Role:
        attributes |= _of_role(resource, attributes)
    if names.model is Function and resource.ignored:
        attributes["unmanaged"] = _unmanaged(names, resource)
    if names.model is FunctionUrl:
        attributes["brings_permissions"] = resource.dialect == "terraform"
    if names.model is Attachment:
        attributes["exclusive"] = resource.type.endswith("_exclusive")
    attributes |= settle(names, resource, attributes)
    attributes |= settle_network(names, resource, attributes)
    if names.model is Alarm:
        attributes["queries"] = queries(resource, attributes)
    return names.model(
        address=resource.address, origin=resource.origin, doubt=resource.doubt, region=region, **attributes
    )


def _unmanaged(names: Names, resource: Resource) -> frozenset[str]:
    """The attributes of the model that deployment leaves as they are."""
    heads = names.by_head[resource.dialect]
    ignored = heads if "*" in resource.ignored else resource.ignored
    return frozenset(row.attribute for head in ignored for row, *_ in heads.get(head, ()))


# --------------------------------------------------------------------------------------------- roles


def _of_role(resource: Resource, attributes: Mapping[str, Value[Any]]) -> dict[str, Any]:
    """What a role's own declaration says of its trust and policies."""
    if resource.type.startswith("data."):
        why = Unknown("the role is made elsewhere, so its policies are not all in this input", resource.origin)
        return {"trust": Unknown("the role is made elsewhere", resource.origin), "open_ended": why}
    tree = document(attributes["trust"])
    trust: Value[Document] = parse(tree)
    policies = _own_policies(resource, attributes.get("inline_policies"))
    return {"trust": trust, "trust_tree": tree, "policies": policies}


def _own_policies(resource: Resource, written: Value[Any] | None) -> tuple[RolePolicy, ...]:
    if written is None:
        return ()
    if isinstance(written, Unknown):
        return (_unknown_policy(resource, written),)
    names = element_names(InlinePolicy)
    written_as = names.path("document", resource.dialect)
    out: list[RolePolicy] = []
    for index, block in enumerate(written.value):
        if isinstance(block, Unknown):
            out.append(_unknown_policy(resource, block))
        elif written_as in block.value:  # an empty block says that there are none
            attributes = read(names, resource.dialect, block.value, resource.address, block.origin)
            out.append(_inline(resource, block.origin, attributes, index))
    return tuple(out)


def _inline(resource: Resource, origin: Origin, attributes: Mapping[str, Value[Any]], index: int) -> RolePolicy:
    name, tree = attributes["name"], document(attributes["document"])
    return RolePolicy(
        address=resource.address,
        origin=origin,
        key=name.value if isinstance(name, Known) else str(index),
        kind="inline",
        name=name,
        arn=Known(None, origin),
        document=parse(tree),
        tree=tree,
        holder=resource.address,
        attribute=f"inline_policies[{index}].document",
    )


def _unknown_policy(resource: Resource, why: Unknown) -> RolePolicy:
    """Stands for the inline policies that a role may declare."""
    unknown = Unknown(why.reason, why.origin)
    return RolePolicy(
        address=resource.address,
        origin=why.origin,
        kind="inline",
        name=unknown,
        arn=Known(None, why.origin),
        document=unknown,
    )
