"""Which controls depend on what is read of a live account: what need not be read, what a loss costs."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Final

_ROLES: Final = (
    "admin-role",
    "broad-managed-policy",
    "foreign-trust",
    "invalid-policy",
    "missing-permission",
    "privilege-escalation",
    "shared-role",
    "silent-async-failure",
    "unalarmed-errors",
    "uncached-secret",
    "unscoped-logs",
    "unscoped-secrets",
    "untraced-function",
    "unused-permission",
    "wildcard-action",
    "wildcard-resource",
)
_INVOKERS: Final = (
    "cross-account-invoke",
    "invalid-policy",
    "misplaced-vpc",
    "public-function-url",
    "public-invoke",
    "recursive-invocation",
    "silent-async-failure",
    "unalarmed-errors",
    "unalarmed-invocations",
    "unaliased-permission",
    "unauthenticated-api",
    "unfronted-api",
    "unreserved-concurrency",
    "unscoped-api-invoker",
    "unscoped-invoker",
    "unthrottled-api",
)
_TRIGGERS: Final = (
    "missing-permission",
    "recursive-invocation",
    "silent-async-failure",
    "unalarmed-errors",
    "unalarmed-invocations",
    "unreserved-concurrency",
    "unused-permission",
)
_CALLED: Final = (
    "recursive-invocation",
    "silent-async-failure",
    "single-zone-vpc",
    "unalarmed-errors",
    "unalarmed-invocations",
    "unbounded-log-retention",
    "unreserved-concurrency",
    "unscoped-invoker",
    "untraced-function",
)
"""What asks how often, by whom and in what way a function is called."""
_APIS: Final = (
    "open-cors",
    "unaliased-permission",
    "unauthenticated-api",
    "unfronted-api",
    "unscoped-api-invoker",
    "unscoped-invoker",
    "unthrottled-api",
)

CONSULTS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "aliases": ("unaliased-permission", *_INVOKERS, *_TRIGGERS),
        "policies": _INVOKERS,
        "urls": (*_INVOKERS, "open-cors", "unused-permission"),
        "sources": _TRIGGERS,
        "invocations": _TRIGGERS,
        "signing": ("unsigned-code",),
        "roles": _ROLES,
        "logs": (
            "unalarmed-errors",
            "unalarmed-invocations",
            "unbounded-log-retention",
            "unencrypted-logs",
            "unscoped-logs",
            *_TRIGGERS,
        ),
        "alarms": ("unalarmed-errors", "unalarmed-invocations", "unreserved-concurrency"),
        "rest_apis": _APIS,
        "http_apis": _APIS,
        "edge": ("open-cors", "unfronted-api", "unthrottled-api"),
        "network": ("misplaced-vpc", "open-egress", "single-zone-vpc"),
        "schedules": _CALLED,
        "messages": _CALLED,
        "endpoints": ("leaked-hostname", "misplaced-vpc"),
        "private_names": ("misplaced-vpc",),
        "accessed": ("unused-permission",),
        "runtimes": ("pinned-runtime",),
        "provisioned": ("overcommitted-concurrency",),
        "keys": ("default-key-environment",),
        "secrets": ("missing-permission", "unused-permission"),
        "limits": ("overcommitted-concurrency",),
        "usage": ("idle-function",),
        "packages": (
            "dirty-package",
            "missing-permission",
            "secret-in-code",
            "secret-in-package",
            "uncached-secret",
            "unscanned-dependency",
            "unused-permission",
            "vulnerable-dependency",
        ),
        "surroundings": ("leaked-hostname", "mutable-image"),
    }
)
"""Collector -> the controls that ask for what it reads. Functions themselves are read for all of them."""


def undecides(asked: Collection[str]) -> dict[str, tuple[str, ...]]:
    """The collectors that some controls need, each with those that it leaves undecided where it fails."""
    found = {name: tuple(sorted(set(controls) & set(asked))) for name, controls in CONSULTS.items()}
    return {"functions": tuple(sorted(asked)), **{name: some for name, some in found.items() if some}}
