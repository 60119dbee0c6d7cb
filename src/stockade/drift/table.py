"""What is compared of functions and of what belongs to them, each with the controls that it matters for.

An attribute that no control asks for, and that opens or closes no way to a function, may drift as it likes:
memory, timeouts, descriptions and tags are not here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, TypeAlias

from stockade.drift import around
from stockade.model.function import Function
from stockade.model.subject import Subject
from stockade.model.trigger import EventSourceMapping
from stockade.model.world import World
from stockade.records import dataclass
from stockade.value import Value

Attributes: TypeAlias = Mapping[str, tuple[str, ...]]

FUNCTION: Final[Attributes] = {
    "role": ("shared-role", "admin-role", "unused-permission"),
    "package_type": ("deprecated-runtime", "unsigned-code"),
    "runtime": ("deprecated-runtime",),
    "handler": ("unused-permission", "missing-permission"),
    "reserved_concurrency": ("unreserved-concurrency", "overcommitted-concurrency"),
    "tracing_mode": ("untraced-function",),
    "kms_key_arn": ("default-key-environment",),
    "layers": ("foreign-layer",),
    "dead_letter_arn": ("silent-async-failure",),
    "subnet_ids": ("misplaced-vpc", "single-zone-vpc", "open-egress"),
    "security_group_ids": ("misplaced-vpc", "open-egress"),
    "file_systems": ("misplaced-vpc",),
    "log_group": ("unscoped-logs", "unbounded-log-retention", "unencrypted-logs"),
    "code_signing_config_arn": ("unsigned-code",),
    "image_uri": ("mutable-image",),
}
ENVIRONMENT: Final = ("plaintext-secret", "leaked-hostname")
ROLE_ACCESS: Final = ("wildcard-action", "wildcard-resource", "unused-permission", "privilege-escalation")
TRUST: Final = ("foreign-trust",)
BOUNDARY: Final = ("privilege-escalation", "admin-role")
INVOKERS: Final = ("public-invoke", "cross-account-invoke", "unscoped-invoker", "unscoped-api-invoker")
ERRORS: Final = ("unalarmed-errors",)
SPIKES: Final = ("unalarmed-invocations",)

Key: TypeAlias = Callable[[Any], Value[str] | Value[str | None] | None]


@dataclass(frozen=True, slots=True)
class Companions:
    """Things that belong to a function: how they are found, what tells them apart, and what of them matters.

    ``key`` gives the value that makes two of them the same one; ``None`` where a function has one at most.
    ``calls`` are those of AWS's by which a live reader would know of them.
    """

    kind: str
    of: Callable[[World, Function], Iterable[Subject]]
    key: Key
    exists: tuple[str, ...]
    attributes: Attributes
    calls: tuple[str, ...]


def _sources(world: World, function: Function) -> Iterable[Subject]:
    return (one for one in world.triggers_of(function) if isinstance(one, EventSourceMapping))


COMPANIONS: Final = (
    Companions(
        "function URL",
        World.urls_of,
        lambda one: one.qualifier,
        ("public-function-url",),
        {
            "auth_type": ("public-function-url", "public-invoke"),
            "allow_origins": ("open-cors",),
            "allow_credentials": ("open-cors",),
            "allow_methods": ("open-cors",),
            "allow_headers": ("open-cors",),
        },
        ("ListFunctionUrlConfigs", "GetFunctionUrlConfig"),
    ),
    Companions(
        "alias", World.aliases_of, lambda one: one.name, ("unaliased-permission",), {}, ("ListAliases",)
    ),
    Companions(
        "log group",
        World.log_groups_of,
        lambda one: None,
        ("unbounded-log-retention", "unencrypted-logs"),
        {"retention_days": ("unbounded-log-retention",), "kms_key_arn": ("unencrypted-logs",)},
        ("DescribeLogGroups",),
    ),
    Companions(
        "asynchronous invocation",
        World.invoke_configs_of,
        lambda one: one.qualifier,
        ("silent-async-failure",),
        {"on_failure_arn": ("silent-async-failure",)},
        ("ListFunctionEventInvokeConfigs", "GetFunctionEventInvokeConfig"),
    ),
    Companions(
        "event source",
        _sources,
        lambda one: one.source_arn,
        ("recursive-invocation", "silent-async-failure"),
        {
            "enabled": ("silent-async-failure",),
            "on_failure_arn": ("silent-async-failure",),
            "maximum_concurrency": ("unreserved-concurrency",),
        },
        ("ListEventSourceMappings",),
    ),
    Companions(
        "recursion setting",
        around.loops,
        lambda one: None,
        ("recursive-invocation",),
        {"recursive_loop": ("recursive-invocation",)},
        ("GetFunctionRecursionConfig",),
    ),
    Companions(
        "runtime management",
        around.updates,
        lambda one: None,
        ("pinned-runtime",),
        {"update_on": ("pinned-runtime",)},
        ("GetRuntimeManagementConfig",),
    ),
    Companions(
        "API route",
        around.routes,
        lambda one: one.name,
        ("unauthenticated-api", "unfronted-api", "unthrottled-api"),
        {"authorization": ("unauthenticated-api",), "needs_api_key": ("unauthenticated-api",)},
        ("GetRestApis", "GetResources", "GetApis", "GetRoutes", "GetIntegrations"),
    ),
    Companions(
        "API stage",
        around.stages,
        lambda one: one.name,
        ("unthrottled-api", "unfronted-api"),
        {
            "rate_limit": ("unthrottled-api",),
            "burst_limit": ("unthrottled-api",),
            "has_web_acl": ("unfronted-api", "unthrottled-api"),
        },
        ("GetRestApis", "GetApis", "GetStages"),
    ),
    Companions(
        "way out of the VPC",
        around.ways_out,
        lambda one: None,
        ("open-egress",),
        {"open": ("open-egress",)},
        ("DescribeSecurityGroups",),
    ),
)

CALLS: Final[Mapping[str, tuple[str, ...]]] = {
    **{one.kind: one.calls for one in COMPANIONS},
    "function": ("ListFunctions",),
    "permission": ("GetPolicy",),
    "alarm": ("DescribeAlarms",),
}
"""Kind of thing -> the calls that tell a live reader of it."""
