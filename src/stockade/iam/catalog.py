"""What actions, resource types and condition keys AWS has: its Service Authorization Reference, dated.

A service is read when it is first asked for, so a scan pays for what its policies name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from types import MappingProxyType
from typing import Any

from stockade.iam.match import glob_matches
from stockade.iam.pack import DATA, Pack


@dataclass(frozen=True, slots=True)
class Action:
    """One action. ``access`` is Read, List, Write, Tagging or Permissions management.

    Without ``resource_types`` a policy can grant it only on ``*``. ``required_types`` are those of
    them on which it is always checked; an action with none may need ``*`` all the same, or may be
    checked on one of several alternatives (S3's are). ``condition_keys`` are those of the action
    and of its resource types; AWS's global keys come on top.
    """

    service: str
    name: str
    access: str
    resource_types: tuple[str, ...]
    required_types: tuple[str, ...]
    condition_keys: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.service}:{self.name}"


class Service:
    """One service: its title, and its actions, resource types and condition keys."""

    def __init__(self, prefix: str, data: Mapping[str, Any]) -> None:
        self.prefix = prefix
        self.title: str = data["name"]
        self.resource_types: Mapping[str, str] = MappingProxyType(data["resources"])
        """Name to ARN format, in which ``${Region}`` and its like stand for what varies."""
        self.condition_keys: Mapping[str, str] = MappingProxyType(data["conditions"])
        """Key to type: ``String``, ``ARN``, ``ArrayOfString`` and so on."""
        self._actions: Mapping[str, list[Any]] = data["actions"]
        self._made: dict[str, Action | None] = {}
        self._expanded: dict[str, tuple[Action, ...]] = {}

    @cached_property
    def _names(self) -> dict[str, str]:
        return {name.lower(): name for name in self._actions}

    def action(self, name: str) -> Action | None:
        """The action of that name, in any case."""
        key = name.lower()
        if key not in self._made:
            self._made[key] = self._make(key)
        return self._made[key]

    def _make(self, key: str) -> Action | None:
        found = self._names.get(key)
        if found is None:
            return None
        access, marked, condition_keys = self._actions[found]
        resource_types = tuple(name.removesuffix("?") for name in marked)
        required_types = tuple(name for name in marked if not name.endswith("?"))
        return Action(self.prefix, found, access, resource_types, required_types, tuple(condition_keys))

    def expand(self, pattern: str) -> tuple[Action, ...]:
        """The actions whose name (without the prefix) matches, in any case, by name."""
        glob = pattern.lower()
        if glob not in self._expanded:
            found = (self.action(name) for name in sorted(self._names) if glob_matches(glob, name))
            self._expanded[glob] = tuple(action for action in found if action)
        return self._expanded[glob]


class Catalog:
    """All services. ``date`` (ISO) is the day the data is of, ``source`` where it comes from."""

    def __init__(self, pack: Pack) -> None:
        self._pack = pack
        self._services: dict[str, Service] = {}
        self.date = pack.date
        self.source = pack.source

    @staticmethod
    @cache
    def load() -> Catalog:
        """The catalog that ships with this version; opened once."""
        return Catalog(Pack(DATA / "catalog.pack"))

    def services(self) -> tuple[str, ...]:
        """The prefixes of all services, sorted."""
        return tuple(self._pack)

    def service(self, prefix: str) -> Service | None:
        """A service by its prefix, in any case."""
        key = prefix.lower()
        if key not in self._services:
            if key not in self._pack:
                return None
            self._services[key] = Service(key, self._pack.read(key))
        return self._services[key]

    def action(self, action: str) -> Action | None:
        """The action ``service:Name``, in any case; ``None`` where the catalog has none such."""
        prefix, _, name = action.partition(":")
        service = self.service(prefix)
        return service.action(name) if service else None

    def expand(self, pattern: str) -> tuple[Action, ...]:
        """The actions that an ``Action`` element's pattern covers, by service and name.

        ``*`` covers everything and reads every service: a tenth of a second, once.
        """
        if pattern == "*":
            pattern = "*:*"
        prefix, colon, name = pattern.lower().partition(":")
        if not colon:
            return ()
        if "*" not in prefix and "?" not in prefix:
            service = self.service(prefix)
            return service.expand(name) if service else ()
        found = (self.service(one) for one in self.services() if glob_matches(prefix, one))
        return tuple(action for service in found if service for action in service.expand(name))

    def scopable(self, action: str) -> bool | None:
        """Whether an action can be granted on chosen resources; ``None`` where it is not in the catalog."""
        found = self.action(action)
        return bool(found.resource_types) if found else None
