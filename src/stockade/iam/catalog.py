"""What actions, resource types and condition keys AWS has: its Service Authorization Reference, dated.

A service is read when it is first asked for, so a scan pays for what its policies name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from types import MappingProxyType
from typing import Any, Final

from stockade.iam.arns import ArnMatch, ResourceType, fitting
from stockade.iam.global_keys import ConditionKey, global_key, key_glob
from stockade.iam.match import Shape, arn_parts, glob_matches, matches
from stockade.iam.nearest import nearest
from stockade.iam.operations import CALLED, OTHERWISE_NAMED
from stockade.iam.pack import DATA, Pack
from stockade.patterns import lazy_regex
from stockade.records import dataclass

_LEVELS: Final = {
    "R": "Read",
    "L": "List",
    "W": "Write",
    "T": "Tagging",
    "P": "Permissions management",
}
_SEVERAL_WORDS: Final = lazy_regex(r"[a-z][A-Z]")
_EMPTY: Final[tuple[Any, ...]] = ((), (), {}, ())


@dataclass(frozen=True, slots=True)
class Action:
    """One action. ``access`` is Read, List, Write, Tagging or Permissions management.

    Without ``resource_types`` a policy can grant it only on ``*``. ``required_types`` are those of
    them on which it is always checked; an action with none may need ``*`` all the same, or may be
    checked on one of several alternatives (S3's are). ``own_keys`` are the condition keys that it has
    whatever it is done to, ``keys_on`` those that come with one of its resource types.
    ``dependent_actions`` are what its caller needs beside it, at least in some cases.
    """

    service: str
    name: str
    access: str
    resource_types: tuple[str, ...]
    required_types: tuple[str, ...]
    own_keys: tuple[str, ...] = ()
    keys_on: tuple[tuple[str, tuple[str, ...]], ...] = ()
    dependent_actions: tuple[str, ...] = ()

    @property
    def condition_keys(self) -> tuple[str, ...]:
        """The keys of the action and of what it is checked on, sorted; AWS's global keys come on top."""
        return tuple(sorted({*self.own_keys}.union(*(keys for _, keys in self.keys_on))))

    def __str__(self) -> str:
        return f"{self.service}:{self.name}"


_TITLES: Final = {"cloudformation": "AWS CloudFormation"}
"""Services whose prefix is another's as well, after which the reference calls them."""


class Service:
    """One service: its title, and its actions, resource types and condition keys."""

    def __init__(self, prefix: str, data: Mapping[str, Any]) -> None:
        self.prefix = prefix
        self.title: str = _TITLES.get(prefix, data["name"])
        self._keys: list[tuple[str, str]] = data["keys"]
        self._types: list[list[Any]] = data["types"]
        self.resource_types: Mapping[str, str] = MappingProxyType({kind[0]: kind[1][0] for kind in self._types})
        """Name to ARN format, in which ``${Region}`` and its like stand for what varies. Where a type
        has several formats this is the first; ``types`` has all."""
        self.condition_keys: Mapping[str, str] = MappingProxyType(dict(self._keys))
        """Key to type: ``String``, ``ARN``, ``ArrayOfString`` and so on."""
        self._actions: Mapping[str, list[Any]] = data["actions"]
        self._made: dict[str, Action | None] = {}
        self._expanded: dict[str, tuple[Action, ...]] = {}

    @cached_property
    def _names(self) -> dict[str, str]:
        return {name.lower(): name for name in self._actions}

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all its actions, without the prefix."""
        return tuple(self._actions)

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
        # A row ends with the last of its columns that has something.
        row = self._actions[found]
        level, marks, own, on, dependents = [*row, *_EMPTY[len(row) - 1 :]]
        return Action(
            self.prefix,
            found,
            _LEVELS[level],
            tuple(self._types[at if at >= 0 else -1 - at][0] for at in marks),
            tuple(self._types[at][0] for at in marks if at >= 0),
            self._named(own),
            tuple((self._types[int(at)][0], self._named(keys)) for at, keys in on.items()),
            tuple(dependents),
        )

    def _named(self, numbers: list[int]) -> tuple[str, ...]:
        return tuple(self._keys[at][0] for at in numbers)

    def expand(self, pattern: str) -> tuple[Action, ...]:
        """The actions whose name (without the prefix) matches, in any case, by name."""
        glob = pattern.lower()
        if glob not in self._expanded:
            found = (self.action(name) for name in sorted(self._names) if glob_matches(glob, name))
            self._expanded[glob] = tuple(action for action in found if action)
        return self._expanded[glob]

    @cached_property
    def types(self) -> Mapping[str, ResourceType]:
        """Its resource types by name."""
        return MappingProxyType(
            {
                name: ResourceType(self.prefix, name, tuple(arns), self._named(keys))
                for name, arns, keys in self._types
            }
        )

    def types_of(self, arn: Shape) -> tuple[ArnMatch, ...]:
        """Which of its resource types an ARN may be of, or a pattern of ARNs; see ``fitting``."""
        return fitting(arn, self.types.values())

    @cached_property
    def _varying_keys(self) -> tuple[tuple[str, str], ...]:
        return tuple((glob, name) for name, _ in self._keys if "*" in (glob := key_glob(name)))

    @cached_property
    def _keys_by_name(self) -> dict[str, str]:
        return {name.lower(): name for name, _ in self._keys}

    def condition_key(self, name: str) -> ConditionKey | None:
        """Its condition key of that name, in any case; ``None`` where it has none such.

        A part that varies stands for any text: ``s3:ExistingObjectTag/team`` is
        ``s3:ExistingObjectTag/<key>``. Global keys that the reference lists for the service count too.
        """
        lower = name.lower()
        found = self._keys_by_name.get(lower)
        if found is None:
            found = next((one for glob, one in self._varying_keys if glob_matches(glob, lower)), None)
        return ConditionKey(found, self.condition_keys[found], self.prefix) if found else None


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

    @cached_property
    def _index(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self._pack.read("")
        return found

    def services(self) -> tuple[str, ...]:
        """The prefixes of all services, sorted."""
        return tuple(prefix for prefix in self._pack if prefix)

    def service(self, prefix: str) -> Service | None:
        """A service by its prefix, in any case."""
        found = self._services.get(prefix)
        if found is not None:
            return found
        key = prefix.lower()
        if key not in self._services:
            if not key or key not in self._pack:
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

        ``*`` covers everything and reads every service: a fifth of a second, once.
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

    def names(self, pattern: str) -> Iterator[str]:
        """The same, one after another, by name alone and in no order; less work where a few will do."""
        prefix, _, name = ("*:*" if pattern == "*" else pattern).lower().partition(":")
        wild = "*" in prefix or "?" in prefix
        for one in self.services() if wild else (prefix,):
            if (not wild or glob_matches(prefix, one)) and (service := self.service(one)):
                yield from (f"{one}:{found}" for found in service.names if glob_matches(name, found.lower()))

    def scopable(self, action: str) -> bool | None:
        """Whether an action can be granted on chosen resources; ``None`` where it is not in the catalog."""
        found = self.action(action)
        return bool(found.resource_types) if found else None

    # ---------------------------------------------------------------------------------------- resources

    def types_of(self, arn: Shape) -> tuple[ArnMatch, ...]:
        """Which resource types an ARN may be of, or a pattern of ARNs, over all services.

        Several services name types after one another's resources (``ssm`` a bucket); those count only
        where the service that the ARN is of has none. Empty where none fits, and where it is not known
        which service the ARN is of: that is no ARN to the catalog, and says nothing of whether AWS has
        such a resource.
        """
        parts = arn_parts(arn)
        if parts is None:
            return ()
        segments = [one for one in self._segments if matches(parts[2], (one,)) is not False]
        if len(segments) != 1:
            return ()
        own = self.service(segments[0])
        found = own.types_of(arn) if own else ()
        if found:
            return found
        others = (self.service(prefix) for prefix in self._index["arns"].get(segments[0], ()))
        return fitting(arn, [kind for one in others if one for kind in one.types.values()])

    @cached_property
    def _segments(self) -> tuple[str, ...]:
        """What ARNs have in their third segment."""
        return tuple(dict.fromkeys((*self.services(), *self._index["arns"])))

    # ----------------------------------------------------------------------------------- condition keys

    def condition_key(self, name: str) -> ConditionKey | None:
        """The condition key of that name, in any case, a service's or a global one; ``None`` for no key."""
        found = global_key(name)
        if found:
            return found
        return next((key for one in self._of_key(name) if (key := one.condition_key(name))), None)

    def _of_key(self, name: str) -> Iterator[Service]:
        """The services that may have a condition key: the one it is named for, and those that borrow it."""
        prefix = name.lower().partition(":")[0]
        own = self.service(prefix)
        if own:
            yield own
        for opening, borrowers in self._index["keys"].items():
            if glob_matches(key_glob(opening), prefix):
                yield from (service for one in borrowers if (service := self.service(one)))

    # ---------------------------------------------------------------------------------------------- SDKs

    def client(self, name: str) -> str | None:
        """The prefix of the actions that an SDK's client calls: ``states`` for boto3's ``stepfunctions``."""
        key = name.lower()
        found: str | None = self._index["clients"].get(key)
        return found or (key if key in self._pack and key else None)

    def operation(self, client: str, name: str) -> Action | None:
        """The action that an operation of an SDK's client always needs, most often the one of its name.

        ``None`` says that the catalog does not know, not that the operation needs none. What some of its
        parameters ask for beside it is not told.
        """
        prefix = self.client(client)
        if prefix is None:
            return None
        return self.action(OTHERWISE_NAMED.get(prefix, {}).get(name, f"{prefix}:{name}"))

    # ------------------------------------------------------------------------------------------- nearest

    def nearest(self, action: str, most: int = 3) -> tuple[str, ...]:
        """What somebody may have meant by an action that does not exist, likeliest first; often nothing.

        A pattern (``s3:Gte*``) gets patterns, and an operation of an SDK the action it needs. Where
        neither the service nor one like it helps, an action of the very same name in other services is
        looked for, which reads them all.
        """
        prefix, colon, name = action.partition(":")
        if not colon:
            return self._elsewhere(prefix, most)
        service = self.service(prefix)
        if service:
            needed = next((one for one in self._needed(prefix, name)), None)
            return (needed,) if needed else _nearest_names(service, name, most) or self._elsewhere(name, most)
        services = [one for near in self.nearest_service(prefix) if (one := self.service(near))]
        same = [f"{one.prefix}:{name}" for one in services if one.expand(name)]
        like = [found for one in services for found in _nearest_names(one, name, most)]
        if same or like:
            return tuple(same or like)[:most]
        return () if self._meant(prefix) else self._elsewhere(name, most)

    def _needed(self, prefix: str, name: str) -> Iterator[str]:
        for operation, needed in OTHERWISE_NAMED.get(prefix.lower(), {}).items():
            if operation.lower() == name.lower():
                yield needed

    def _meant(self, prefix: str) -> str | None:
        """The service that something which is no prefix surely stands for."""
        key = prefix.lower()
        found: str | None = self._index["clients"].get(key, CALLED.get(key))
        return found

    def _elsewhere(self, name: str, most: int) -> tuple[str, ...]:
        """Actions of that very name in any service; of one word, or common, they are of no use."""
        if not _SEVERAL_WORDS.search(name) or "*" in name or "?" in name:
            return ()
        found = self.expand(f"*:{name}")
        return tuple(map(str, found)) if len(found) <= most else ()

    def nearest_service(self, prefix: str, most: int = 3) -> tuple[str, ...]:
        """Prefixes that somebody may have meant: what an SDK calls so, then what is spelt alike."""
        known = self._meant(prefix)
        close = nearest(prefix, self.services(), most)
        return tuple(dict.fromkeys((known, *close) if known else close))[:most]


def _nearest_names(service: Service, name: str, most: int) -> tuple[str, ...]:
    stem = name.rstrip("*?")
    if stem == name:
        return tuple(f"{service.prefix}:{one}" for one in nearest(name, service.names, most))
    openings = dict.fromkeys(one[: len(stem)] for one in service.names)
    return tuple(f"{service.prefix}:{one}*" for one in nearest(stem, openings, most))
