"""Everything one input holds, and how its parts belong together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from functools import cache, cached_property
from typing import Any, TypeVar, cast

from stockade.iam.match import Shape
from stockade.model.access import Powers
from stockade.model.account import Pool, pool
from stockade.model.api import Api, Route, Stage
from stockade.model.around import Around
from stockade.model.climbing import Climbers
from stockade.model.environment import EnvironmentVariable
from stockade.model.filtered import as_alarms
from stockade.model.function import Alias, Function
from stockade.model.gap import Gap as Gap
from stockade.model.limits import Usage
from stockade.model.logs import LogGroup, called_after, log_group_name
from stockade.model.need import FunctionNeeds
from stockade.model.origins import named_origins
from stockade.model.packaging import CodeSigningConfig, Repository
from stockade.model.parts import Parts
from stockade.model.permission import Permission
from stockade.model.reach import is_given
from stockade.model.relate import comparable, differ, function_name_in, grouped, is_qualified, meant, module_of
from stockade.model.role import ExecutionRole, Grant, Role
from stockade.model.shipped import Shipment, Shipments, Shipped
from stockade.model.store import DataStore, by_address
from stockade.model.subject import Subject
from stockade.model.trigger import (
    EventInvokeConfig,
    EventRule,
    Naming,
    RecursionConfig,
    RuntimeManagement,
    TopicSubscription,
    Trigger,
)
from stockade.model.url import FunctionUrl
from stockade.model.validity import PolicyPart
from stockade.model.watch import Watch
from stockade.records import dataclass
from stockade.value import Known, Ref, Value

S = TypeVar("S")


@dataclass(frozen=True, eq=False)
class World(Parts):
    """The parts of one input, and the relations between them.

    Relations never guess: two things belong together when one refers to the other's address, or
    when their names are equal texts, unknown parts included.
    """

    def subjects(self, kind: type[S]) -> Sequence[S]:
        """All subjects of one model type."""
        if kind in Shipments.KINDS:
            return self.shipped.subjects(kind)
        return cast("Sequence[S]", self._by_kind.get(kind, ()))

    def functions_of(self, subject: Subject) -> tuple[Function, ...]:
        """The functions a subject concerns; none is a fair answer."""
        found = self._concerned.get(subject)
        if found is None:
            found = self._concerned[subject] = self._find_functions_of(subject)
        return found

    @cached_property
    def _concerned(self) -> dict[Subject, tuple[Function, ...]]:
        """Every control asks the same of the same subjects."""
        return {}

    @cached_property
    def answers(self) -> defaultdict[Any, dict[Subject, Any]]:
        """What was asked of the parts of this world already, by the question (``asked.asked_once``)."""
        return defaultdict(dict)

    def _find_functions_of(self, subject: Subject) -> tuple[Function, ...]:
        match subject:
            case Function():
                return (subject,)
            case EnvironmentVariable() | FunctionNeeds():
                return (subject.function,)
            case Shipment() | Shipped():
                return subject.functions
            case FunctionUrl() | Permission() | Alias() | Usage():
                return self.function_named(subject.function_name, subject.region)
            case TopicSubscription():
                known = isinstance(subject.protocol, Known) and subject.protocol.value != "lambda"
                return () if known else self.function_named(subject.endpoint, subject.region)
            case _ if isinstance(subject, Naming):
                return self.function_named(subject.function_name, subject.region)
            case Grant():
                return self._at(subject.execution_role.functions)
            case ExecutionRole():
                return self._at(subject.functions)
            case PolicyPart():
                return self._at(dict.fromkeys(name for one in subject.roles for name in one.functions))
            case Role():
                return self._at(self._functions_by_role.get(subject, ()))
            case LogGroup():
                return self._functions_by_log_group.get(subject, ())
            case Route():
                return self._functions_by_route.get(subject, ())
            case Api():
                return self._functions_by_api.get(subject, ())
            case Stage():
                api = self.gateway.api_of(subject)
                return self._functions_by_api.get(api, ()) if api else ()
            case _:
                return ()

    def function_named(self, name: Value[str], region: Value[str] | None = None) -> tuple[Function, ...]:
        """The functions that a name, an ARN (qualified or not) or a reference stands for.

        ``region`` is where the name is said: a function that is known to be in another is not meant.
        """
        if ref := meant(name):
            if alias := self._alias_at.get(ref.address):
                return self.function_named(alias.function_name, alias.region)
            if function := self._function_at.get(ref.address):
                return (function,)
        named = self._functions_by_name.get(function_name_in(comparable(name)), ())
        return tuple(one for one in named if not differ(one.region, region))

    def is_qualified(self, name: Value[str]) -> bool:
        """Whether a function's name or ARN names an alias or a version of it, by reference or by its text."""
        ref = meant(name)
        if ref and (ref.address in self._alias_at or ref.attribute.startswith("qualified_")):
            return True
        return is_qualified(comparable(name))

    def role_of(self, function: Function) -> ExecutionRole | None:
        """The role a function runs as; ``None`` only for a function that is not of this world."""
        return self._role_by_function.get(function.address)

    def grants_of(self, function: Function) -> tuple[Grant, ...]:
        """What a function's role lets it do, statement by statement."""
        role = self.role_of(function)
        return self._grants_by_role.get(role, ()) if role else ()

    def powers_of(self, role: ExecutionRole) -> Powers | None:
        """What a role may do, all of its policies together; ``None`` where it is not of this input."""
        return self._powers(role.role.value) if isinstance(role.role, Known) else None

    @cached_property
    def _powers(self) -> Callable[[Role], Powers]:
        return cache(Powers)

    def functions_under(self, holder: str) -> tuple[Function, ...]:
        """The functions whose roles a policy is in force on that is written in a resource."""
        return self._functions_by_holder.get(holder, ())

    def needs_of(self, function: Function) -> FunctionNeeds | None:
        """What a function needs, where that is looked for."""
        return self._needs_by_function.get(function)

    def urls_of(self, function: Function) -> tuple[FunctionUrl, ...]:
        """A function's URLs."""
        return self._urls_by_function.get(function, ())

    def permissions_of(self, function: Function) -> tuple[Permission, ...]:
        """The statements of a function's resource-based policy."""
        return self._permissions_by_function.get(function, ())

    def log_groups_of(self, function: Function) -> tuple[LogGroup, ...]:
        """The log groups of this input that a function writes to."""
        found = self._log_groups_of.get(function)
        if found is None:
            found = self._log_groups_of[function] = self._find_log_groups_of(function)
        return found

    @cached_property
    def _log_groups_of(self) -> dict[Function, tuple[LogGroup, ...]]:
        """Four controls ask."""
        return {}

    def _find_log_groups_of(self, function: Function) -> tuple[LogGroup, ...]:
        name = log_group_name(function)
        if group := self.log_group_in(name):
            return (group,)
        named = self._log_groups_by_name.get(comparable(name), ())
        if not named and isinstance(function.log_group, Known) and function.log_group.value is None:
            named = self._log_groups_by_reference.get(function.address, ())
        return tuple(one for one in named if not differ(one.region, function.region))

    @cached_property
    def named_origins(self) -> frozenset[frozenset[str]]:
        """What this input says of web origins that call it, each list once."""
        return named_origins(self.urls, self.gateway.apis, self.gateway.distributions, self.declared)

    def log_group_in(self, name: Value[str]) -> LogGroup | None:
        """The log group of this input that a reference is to."""
        ref = meant(name)
        return self._log_group_at.get(ref.address) if ref else None

    @cached_property
    def log_group_with_key(self) -> LogGroup | None:
        """The first log group with a customer key, if those of half of the functions have one."""
        sure = [self.log_groups_of(one) for one in self.functions if one.doubt is None]
        found = [one[0] for one in sure if one and one[0].doubt is None and is_given(one[0].kms_key_arn)]
        return found[0] if found and 2 * len(found) >= len(sure) else None

    def aliases_of(self, function: Function) -> tuple[Alias, ...]:
        """The aliases of a function."""
        return self._aliases_by_function.get(function, ())

    def triggers_of(self, function: Function) -> tuple[Trigger, ...]:
        """What calls a function by itself, as far as it is declared rather than only permitted."""
        return self._triggers_by_function.get(function, ())

    def invoke_configs_of(self, function: Function) -> tuple[EventInvokeConfig, ...]:
        """How asynchronous invocations of a function, or of its aliases and versions, are handled."""
        return self._invoke_configs_by_function.get(function, ())

    def recursion_configs_of(self, function: Function) -> tuple[RecursionConfig, ...]:
        """What is said of loops of a function."""
        return self._recursion_configs_by_function.get(function, ())

    def runtime_managements_of(self, function: Function) -> tuple[RuntimeManagement, ...]:
        """What is said of how a function's runtime is updated."""
        return self._runtime_managements_by_function.get(function, ())

    def routes_to(self, function: Function) -> tuple[Route, ...]:
        """The routes of APIs that call a function."""
        return self._routes_by_function.get(function, ())

    def rule_in(self, value: Value[str] | Value[str | None]) -> EventRule | None:
        """The rule of EventBridge that a name or an ARN refers to."""
        ref = meant(value)
        if ref is not None and (rule := self._event_rule_at.get(ref.address)):
            return rule
        name = value.value if isinstance(value, Known) else None
        return self._event_rule_named.get((name,)) if name else None

    @cached_property
    def around(self) -> Around:
        """What stands beside the functions of this input, and the alarms on that."""
        own = {
            one.name: getattr(self, one.name) for one in fields(Around) if one.name not in ("named", "heard")
        }
        return Around(**own, named=self.function_named, heard=self.watch.heard)

    @cached_property
    def watch(self) -> Watch:
        """The alarms of this input, and what they would tell of."""
        on_logs = as_alarms(self.alarms, self.metric_filters, self._writers_to)
        return Watch((*self.alarms, *on_logs), self.composite_alarms, self.topics, self.function_named)

    def _writers_to(self, log_group: Value[str]) -> tuple[Function, ...] | None:
        named = self._log_groups_by_name.get(comparable(log_group), ())
        group = self.log_group_in(log_group) or next(iter(named), None)
        return self.functions_of(group) if group else None

    @cached_property
    def watch_elsewhere(self) -> Watch:
        """The alarms of other inputs, and what they may tell of this one."""
        return Watch(self.elsewhere, (), (), self.function_named)

    @cached_property
    def unread_alarms(self) -> Gap | None:
        """Something that was not read and is named for alarms, so that there may be one after all."""
        return next((gap for gap in self.gaps if gap.speaks_of_alarms), None)

    def api_in(self, arn: Value[str] | Value[str | None]) -> Api | None:
        """The API of this input that a source ARN refers to."""
        return self.gateway.api_in(arn)

    def reaches_function(self, *routes: Route) -> bool | None:
        """Whether one of the routes calls a function, of this input or another; ``None`` if not known."""
        if any(self.functions_of(route) for route in routes):
            return True
        behind = [one for route in routes if (one := self.gateway.function_behind(route))]
        return True if any(isinstance(one, Known) or one.text for one in behind) else None if behind else False

    def pool_of(self, function: Function) -> Pool | None:
        """Those that share a limit on concurrency with a function."""
        return self._pools.get(pool(function))

    def code_signing_of(self, function: Function) -> CodeSigningConfig | None:
        """The code signing configuration of this input that a function is held to."""
        ref = meant(function.code_signing_config_arn)
        return self._code_signing_at.get(ref.address) if ref else None

    @cached_property
    def signed_function(self) -> Function | None:
        """The first function of this input that is held to a code signing configuration."""
        sure = (one for one in self.functions if one.doubt is None)
        return next((one for one in sure if is_given(one.code_signing_config_arn)), None)

    def repository_in(self, ref: Ref) -> Repository | None:
        """The image repository that a reference is to."""
        return self._repository_at.get(ref.address)

    def first_beside(self, address: str) -> Function | None:
        """The first function of the module that an address is in."""
        return self._first_of_module.get(module_of(address))

    @cached_property
    def has_several_modules(self) -> bool:
        """Whether functions lie in more than one module, as far as the first hundred show."""
        return len({module_of(one.address) for one in self.functions[:100]}) > 1

    def environment_of(self, function: Function) -> tuple[EnvironmentVariable, ...]:
        """A function's environment, variable by variable."""
        return self._environment_by_function.get(function, ())

    @cached_property
    def climbers(self) -> Climbers:
        """The roles as those that may come by one another's permissions."""
        return Climbers(self.roles, self.execution_roles, self._function_at, self._powers)

    @cached_property
    def private_domains(self) -> frozenset[str]:
        """The domains of this input's hosted zones that belong to a VPC, in lower case."""
        return frozenset(one.domain for one in self.zones if one.is_private and one.domain)

    def manager_of(self, key: str) -> Value[str] | None:
        """Whose a key is, ``CUSTOMER`` or ``AWS``; ``None`` where nobody asked, or the key is gone."""
        return next((one.manager for one in self.keys if one.address == key), None)

    def store_at(self, address: str) -> DataStore | None:
        """The store of data, or what says how one is encrypted, behind an address."""
        return self._stores_by_address.get(address)

    # ---------------------------------------------------------------------------------- indexes

    def _at(self, addresses: Iterable[str]) -> tuple[Function, ...]:
        return tuple(self._function_at[address] for address in addresses if address in self._function_at)

    @cached_property
    def shipped(self) -> Shipments:
        """What this input's functions ship."""
        return Shipments(self.functions, self.shelf)

    @cached_property
    def _by_kind(self) -> Mapping[type, tuple[Subject, ...]]:
        return grouped((type(one), one) for one in self.everything())

    @cached_property
    def _environment_by_function(self) -> Mapping[Function, tuple[EnvironmentVariable, ...]]:
        return grouped((one.function, one) for one in self.environment)

    @cached_property
    def _stores_by_address(self) -> Mapping[str, DataStore]:
        return by_address(self.stores)

    @cached_property
    def _function_at(self) -> Mapping[str, Function]:
        return {one.address: one for one in self.functions}

    @cached_property
    def _first_of_module(self) -> Mapping[str, Function]:
        return {module_of(one.address): one for one in reversed(self.functions)}

    @cached_property
    def _alias_at(self) -> Mapping[str, Alias]:
        return {one.address: one for one in self.aliases}

    @cached_property
    def _pools(self) -> Mapping[tuple[Shape, Shape], Pool]:
        sharing = grouped((pool(one), one) for one in self.functions if one.doubt is None)
        return {key: Pool.of(functions) for key, functions in sharing.items()}

    @cached_property
    def _code_signing_at(self) -> Mapping[str, CodeSigningConfig]:
        return {one.address: one for one in self.code_signing_configs}

    @cached_property
    def _repository_at(self) -> Mapping[str, Repository]:
        return {one.address: one for one in self.repositories}

    @cached_property
    def _log_group_at(self) -> Mapping[str, LogGroup]:
        return {one.address: one for one in self.log_groups}

    @cached_property
    def _functions_by_name(self) -> Mapping[Shape, tuple[Function, ...]]:
        return grouped((text, one) for one in self.functions if (text := comparable(one.name)))

    @cached_property
    def _log_groups_by_name(self) -> Mapping[Shape, tuple[LogGroup, ...]]:
        return grouped((text, one) for one in self.log_groups if (text := comparable(one.name)))

    @cached_property
    def _role_by_function(self) -> Mapping[str, ExecutionRole]:
        return {address: role for role in self.execution_roles for address in role.functions}

    @cached_property
    def _functions_by_role(self) -> Mapping[Role, tuple[str, ...]]:
        return {one.role.value: one.functions for one in self.execution_roles if isinstance(one.role, Known)}

    @cached_property
    def _grants_by_role(self) -> Mapping[ExecutionRole, tuple[Grant, ...]]:
        return grouped((one.execution_role, one) for one in self.grants)

    @cached_property
    def _functions_by_holder(self) -> Mapping[str, tuple[Function, ...]]:
        held = ((one.policy.holder, one) for one in self.grants if one.policy and one.policy.holder)
        pairs = ((holder, function) for holder, one in held for function in self.functions_of(one))
        return grouped(dict.fromkeys(pairs))

    @cached_property
    def _needs_by_function(self) -> Mapping[Function, FunctionNeeds]:
        return {one.function: one for one in self.needs}

    @cached_property
    def _urls_by_function(self) -> Mapping[Function, tuple[FunctionUrl, ...]]:
        return grouped((function, one) for one in self.urls for function in self.functions_of(one))

    @cached_property
    def _permissions_by_function(self) -> Mapping[Function, tuple[Permission, ...]]:
        return grouped((function, one) for one in self.permissions for function in self.functions_of(one))

    @cached_property
    def _log_groups_by_reference(self) -> Mapping[str, tuple[LogGroup, ...]]:
        return called_after(self.log_groups, self._function_at)

    @cached_property
    def _functions_by_log_group(self) -> Mapping[LogGroup, tuple[Function, ...]]:
        return grouped((group, one) for one in self.functions for group in self.log_groups_of(one))

    @cached_property
    def _triggers_by_function(self) -> Mapping[Function, tuple[Trigger, ...]]:
        triggers: tuple[Trigger, ...] = (
            *self.bucket_triggers,
            *self.topic_subscriptions,
            *self.event_targets,
            *self.schedules,
            *self.invocations,
            *self.log_subscriptions,
            *self.event_sources,
        )
        return grouped((function, one) for one in triggers for function in self.functions_of(one))

    @cached_property
    def _invoke_configs_by_function(self) -> Mapping[Function, tuple[EventInvokeConfig, ...]]:
        return grouped((function, one) for one in self.invoke_configs for function in self.functions_of(one))

    @cached_property
    def _recursion_configs_by_function(self) -> Mapping[Function, tuple[RecursionConfig, ...]]:
        return grouped((function, one) for one in self.recursion_configs for function in self.functions_of(one))

    @cached_property
    def _runtime_managements_by_function(self) -> Mapping[Function, tuple[RuntimeManagement, ...]]:
        return grouped((of, one) for one in self.runtime_managements for of in self.functions_of(one))

    @cached_property
    def _event_rule_at(self) -> Mapping[str, EventRule]:
        return {one.address: one for one in self.event_rules}

    @cached_property
    def _event_rule_named(self) -> Mapping[Shape, EventRule]:
        return {name: one for one in self.event_rules if (name := comparable(one.name))}

    @cached_property
    def _aliases_by_function(self) -> Mapping[Function, tuple[Alias, ...]]:
        return grouped((function, one) for one in self.aliases for function in self.functions_of(one))

    @cached_property
    def _functions_by_route(self) -> Mapping[Route, tuple[Function, ...]]:
        out: dict[Route, tuple[Function, ...]] = {}
        for route in self.gateway.routes:
            if called := self.gateway.function_behind(route):
                out[route] = self.function_named(called, route.region)
        return out

    @cached_property
    def _routes_by_function(self) -> Mapping[Function, tuple[Route, ...]]:
        return grouped((one, route) for route, called in self._functions_by_route.items() for one in called)

    @cached_property
    def _functions_by_api(self) -> Mapping[Api, tuple[Function, ...]]:
        """By what an API routes to, and by whom it may invoke."""
        pairs: dict[tuple[Api, Function], None] = {}
        for route, functions in self._functions_by_route.items():
            if api := self.gateway.api_of(route):
                pairs.update(dict.fromkeys((api, function) for function in functions))
        for permission in self.permissions:
            if api := self.api_in(permission.source_arn):
                pairs.update(dict.fromkeys((api, function) for function in self.functions_of(permission)))
        return grouped(pairs)
