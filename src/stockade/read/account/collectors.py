"""The collectors there are, in the order they may build on one another."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Final

from stockade.read.account.calls import Call
from stockade.read.account.scene import Collector

COLLECTORS: Final[Mapping[str, str]] = {
    "functions": "stockade.read.account.collect.functions",
    "aliases": "stockade.read.account.collect.aliases",
    "policies": "stockade.read.account.collect.policies",
    "urls": "stockade.read.account.collect.urls",
    "sources": "stockade.read.account.collect.sources",
    "invocations": "stockade.read.account.collect.invocations",
    "runtimes": "stockade.read.account.collect.runtimes",
    "provisioned": "stockade.read.account.collect.provisioned",
    "signing": "stockade.read.account.collect.signing",
    "roles": "stockade.read.account.collect.roles",
    "logs": "stockade.read.account.collect.logs",
    "alarms": "stockade.read.account.collect.alarms",
    "rest_apis": "stockade.read.account.collect.rest_apis",
    "http_apis": "stockade.read.account.collect.http_apis",
    "edge": "stockade.read.account.collect.edge",
    "network": "stockade.read.account.collect.network",
    "schedules": "stockade.read.account.collect.schedules",
    "messages": "stockade.read.account.collect.messages",
    "endpoints": "stockade.read.account.collect.endpoints",
    "private_names": "stockade.read.account.collect.private_names",
    "accessed": "stockade.read.account.collect.accessed",
    "limits": "stockade.read.account.collect.limits",
    "usage": "stockade.read.account.collect.usage",
    "keys": "stockade.read.account.collect.keys",
    "secrets": "stockade.read.account.collect.secrets",
    "surroundings": "stockade.read.account.collect.surroundings",
}
"""Name -> module. ``functions`` is always asked; the others run side by side."""

AFTER: Final[Mapping[str, tuple[str, ...]]] = {
    "policies": ("aliases",),
    "urls": ("aliases",),
    "provisioned": ("functions",),
    "edge": ("rest_apis", "http_apis"),
    "accessed": ("roles",),
    "rest_apis": ("policies",),
    "http_apis": ("policies",),
    "messages": ("functions", "policies", "sources", "invocations"),
    "surroundings": ("functions",),
}
"""Collectors that look into ``Scene.found``, and whose."""


def collector(name: str) -> Collector:
    """A collector by its name."""
    found: Collector = import_module(COLLECTORS[name])
    return found


def calls(names: Mapping[str, str] = COLLECTORS) -> dict[str, tuple[Call, ...]]:
    """The calls of collectors, by the collectors' names."""
    return {name: tuple(collector(name).CALLS) for name in names}
