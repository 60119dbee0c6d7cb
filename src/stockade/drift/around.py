"""What stands around a function, as things to compare: routes and stages of APIs, and its way out of a VPC.

They are no resources of their own but what several of them come to: a route is told by its method and path, not
by the identifiers that AWS makes up.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from stockade.model.api import Stage
from stockade.model.function import Function
from stockade.model.relate import meant
from stockade.model.subject import Subject, default
from stockade.model.trigger import RecursionConfig, RuntimeManagement
from stockade.model.world import World
from stockade.records import dataclass
from stockade.value import Known, Unknown, Value


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class ReachedBy(Subject):
    """A route that calls a function: ``name`` is its method and path, and the API's own name."""

    name: Value[str]
    authorization: Value[str]
    needs_api_key: Value[bool]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Published(Subject):
    """A stage of an API that calls a function, with what limits and guards all of it."""

    name: Value[str]
    rate_limit: Value[Any]
    burst_limit: Value[Any]
    has_web_acl: Value[bool]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class WayOut(Subject):
    """Whether the security groups of a function let it send anything anywhere."""

    open: Value[bool]


def routes(world: World, function: Function) -> Iterator[ReachedBy]:
    """The routes that call a function, of APIs of the same input."""
    for one in world.routes_to(function):
        api = world.gateway.api_of(one)
        label = world.gateway.label_of(one)
        name: Value[str] = Unknown("its path or its API is not known", one.origin)
        if api is not None and isinstance(api.name, Known) and "…" not in label and "${" not in label:
            name = Known(f"{label} of {api.name.value}", one.origin)
        yield ReachedBy(
            address=one.address,
            origin=one.origin,
            doubt=one.doubt,
            name=name,
            authorization=one.authorization,
            needs_api_key=one.needs_api_key,
        )


def stages(world: World, function: Function) -> Iterator[Published]:
    """The stages at which a function can be called through an API."""
    apis = {id(api): api for one in world.routes_to(function) if (api := world.gateway.api_of(one))}
    for api in apis.values():
        for stage in world.gateway.stages_of(api):
            name: Value[str] = Unknown("the name of the stage or of its API is not known", stage.origin)
            if isinstance(api.name, Known) and isinstance(stage.name, Known):
                name = Known(f"{stage.name.value} of {api.name.value}", stage.origin)
            rate, burst = _limits(world, stage)
            guarded = _web_acl(world, stage)
            yield Published(
                address=stage.address,
                origin=stage.origin,
                doubt=stage.doubt,
                name=name,
                rate_limit=rate,
                burst_limit=burst,
                has_web_acl=guarded,
            )


def _limits(world: World, stage: Stage) -> tuple[Value[Any], Value[Any]]:
    """What limits every route of a stage: at a REST API that is a setting for all methods."""
    for one in world.gateway.settings_of(stage):
        if isinstance(one.method_path, Known) and one.method_path.value == "*/*":
            return one.rate_limit, one.burst_limit
    return stage.rate_limit, stage.burst_limit


def _web_acl(world: World, stage: Stage) -> Value[bool]:
    if found := world.gateway.web_acls_of(stage):
        return Known(True, found[0][0].origin)
    for one in world.gateway.associations:
        if isinstance(one.resource_arn, Unknown) and meant(one.resource_arn) is None:
            return Unknown("a web ACL may be associated with it", one.origin)
    return default(False, "no web ACL is associated with the stage")


def ways_out(world: World, function: Function) -> Iterator[WayOut]:
    """How a function in a VPC gets out of it; none of a function that is in none."""
    if isinstance(function.subnet_ids, Known) and not function.subnet_ids.value:
        return
    yield WayOut(
        address=function.address, origin=function.origin, doubt=function.doubt, open=_open(world, function)
    )


def _open(world: World, function: Function) -> Value[bool]:
    ids = function.security_group_ids
    if isinstance(ids, Unknown):
        return Unknown(ids.reason, ids.origin)
    unsure: Unknown | None = None
    for one in ids.value:
        group = world.network.group_in(one)
        found = world.network.opening(group) if group else Unknown("a group is not in this input", one.origin)
        if isinstance(found, Known):
            return Known(True, found.origin)
        unsure = unsure or found
    return Unknown(unsure.reason, unsure.origin) if unsure else Known(False, ids.origin)


def loops(world: World, function: Function) -> Iterator[RecursionConfig]:
    """What is said of loops; of a function of which nothing is, what Lambda does by default."""
    found = world.recursion_configs_of(function)
    yield from found
    if not found:
        yield RecursionConfig(
            address=function.address,
            origin=function.origin,
            function_name=function.name,
            recursive_loop=default("Terminate", "Lambda stops loops by default"),
        )


def updates(world: World, function: Function) -> Iterator[RuntimeManagement]:
    """How the runtime is updated, by default by Lambda itself; an image brings its own."""
    found = world.runtime_managements_of(function)
    yield from found
    if not found and isinstance(function.package_type, Known) and function.package_type.value == "Zip":
        yield RuntimeManagement(address=function.address, origin=function.origin, function_name=function.name)
