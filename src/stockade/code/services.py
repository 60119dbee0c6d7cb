"""What the AWS SDK's clients and resources call: operations, parameters, paginators, waiters; dated.

A service is read when it is first asked for. The names are those of the SDK for Python; what the other SDKs
call their packages follows from the service's ID by their own rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from stockade.iam.pack import Pack
from stockade.records import dataclass

DATA: Final = Path(__file__).parent / "data"

_FORMER: Final = {
    "cloudwatch-events": "eventbridge",
    "cloudwatchevents": "eventbridge",
    "CloudWatchEvents": "EventBridge",
}
"""What EventBridge was called, which the other SDKs still ship under its old name as well."""

Parameters = Mapping[str, Any]
"""Names of parameters, each with the members of its structure (or of the structures in its list), or ``None``.

Members are named three levels deep, and below them only roles; an empty mapping is a structure without any.
"""


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of a service's API: ``GetItem`` is the method ``get_item`` of a client for Python."""

    name: str
    method: str
    paginated: bool
    parameters: Parameters


@dataclass(frozen=True, slots=True)
class Request:
    """What a method of a resource object calls, and the parameters that the object fills in itself.

    ``filled`` are triples: a parameter (``TableName``, ``Delete.Objects[].Key``), where its value is from
    (``identifier``, ``string``, ``data``, ...), and the identifier's name or the text.
    """

    operation: str
    filled: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """Another resource object that one gives: its type, and for each identifier where it comes from.

    The triples are the identifier's name, its source (``input``: the next argument; ``identifier``: one of the
    giver's own; ``requestParameter``, ``response``, ``data``), and the name there. ``loaded`` where the answer
    that names it has its attributes as well, so that asking for one makes no other request.
    """

    type: str
    identifiers: tuple[tuple[str, str, str], ...] = ()
    loaded: bool = False


@dataclass(frozen=True, slots=True)
class Collection:
    """Many resource objects: what lists them, what they are, and what can be done to all of them at once."""

    request: Request
    link: Link
    batch: Mapping[str, Request]


class Resource:
    """A resource object of the SDK for Python (``Table``), or a service's own (``boto3.resource("dynamodb")``).

    ``identifiers`` are its names in the order in which they are given, each with the member of its shape that
    says the same (or an empty text). ``attributes`` are what it has only once ``load`` was called.
    """

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.identifiers: tuple[tuple[str, str], ...] = tuple(map(tuple, data.get("identifiers", ())))
        self.attributes: frozenset[str] = frozenset(data.get("attributes", ()))
        self.load = _request(data.get("load"))
        self._actions: Mapping[str, Any] = data.get("actions", {})
        self._below: Mapping[str, Any] = data.get("below", {})
        self.references: Mapping[str, str] = MappingProxyType(data.get("references", {}))
        self._collections: Mapping[str, Any] = data.get("collections", {})
        self._waiters: Mapping[str, Any] = data.get("waiters", {})

    def action(self, method: str) -> tuple[Request | None, Link | None] | None:
        """What a method calls and gives; ``None`` where there is no such method."""
        found = self._actions.get(method)
        return (_request(found[0]), _link(found[1]) if found[1] else None) if found else None

    def below(self, name: str) -> Link | None:
        """The type of resource that ``resource.‹name›(…)`` makes."""
        found = self._below.get(name)
        return _link(found) if found else None

    def collection(self, name: str) -> Collection | None:
        found = self._collections.get(name)
        if not found:
            return None
        request, link, batch = found
        requests = {name: made for name, one in batch.items() if (made := _request(one))}
        return Collection(Request(request[0], _triples(request[1])), _link(link), requests)

    def waiter(self, method: str) -> tuple[str, tuple[tuple[str, str, str], ...]] | None:
        """The name of the client's waiter that ``wait_until_exists`` and its like use, and what it fills in."""
        found = self._waiters.get(method)
        return (found[0], _triples(found[1])) if found else None


def _triples(rows: list[list[str]]) -> tuple[tuple[str, str, str], ...]:
    return tuple((one, two, three) for one, two, three in rows)


def _request(data: list[Any] | None) -> Request | None:
    return Request(data[0], _triples(data[1])) if data else None


def _link(data: list[Any]) -> Link:
    return Link(data[0], _triples(data[1]), bool(data[2]))


class Service:
    """One service, by its client's name in the SDK for Python. ``id`` is AWS's own name of it (``SFN``)."""

    def __init__(self, name: str, id: str, class_name: str, data: Mapping[str, Any]) -> None:
        self.name = name
        self.id = id
        self.class_name = class_name
        self._operations: Mapping[str, list[Any]] = data["operations"]
        self._waiters: Mapping[str, str] = data["waiters"]
        self._resources: Mapping[str, Any] = data.get("resources", {})
        self._made: dict[str, Operation | None] = {}
        self._objects: dict[str, Resource | None] = {}

    @property
    def operations(self) -> tuple[str, ...]:
        """The names of all operations."""
        return tuple(self._operations)

    def operation(self, name: str) -> Operation | None:
        """An operation by its name, exactly."""
        if name not in self._made:
            found = self._operations.get(name)
            made = Operation(name, found[0], bool(found[1]), MappingProxyType(found[2])) if found else None
            self._made[name] = made
        return self._made[name]

    @cached_property
    def _by_method(self) -> Mapping[str, str]:
        return {row[0]: name for name, row in self._operations.items()}

    def by_method(self, method: str) -> Operation | None:
        """The operation behind a method of the client for Python, such as ``get_item``."""
        name = self._by_method.get(method)
        return self.operation(name) if name else None

    @cached_property
    def _by_lower(self) -> Mapping[str, str]:
        return {name.lower(): name for name in self._operations}

    def by_any_case(self, name: str) -> Operation | None:
        """The operation of a name whose capitals differ, as they do in other SDKs' methods."""
        found = self._by_lower.get(name.lower())
        return self.operation(found) if found else None

    def waiter(self, name: str) -> Operation | None:
        """The operation that a waiter calls: ``bucket_exists`` or ``BucketExists``."""
        key = name.replace("_", "").lower()
        found = next((called for one, called in self._waiters.items() if one.lower() == key), None)
        return self.operation(found) if found else None

    def resource(self, type: str = "") -> Resource | None:
        """A type of resource object, and the service's own without a type."""
        if type not in self._objects:
            found = self._resources.get(type)
            self._objects[type] = Resource(found) if found is not None else None
        return self._objects[type]


def _bare(id: str) -> str:
    return id.lower().replace(" ", "").replace("-", "")


class Services:
    """All services. ``date`` (ISO) is the day the data is of, ``source`` the packages it comes from."""

    def __init__(self, pack: Pack) -> None:
        self._pack = pack
        self._services: dict[str, Service] = {}
        self._index: dict[str, list[str]] = pack.read("")
        self.date = pack.date
        self.source = pack.source

    @staticmethod
    @cache
    def load() -> Services:
        """The index that ships with this version; opened once."""
        return Services(Pack(DATA / "services.pack"))

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all clients in the SDK for Python, sorted."""
        return tuple(self._index)

    def __contains__(self, name: str) -> bool:
        """Whether a client in the SDK for Python is called so."""
        return name in self._index

    def called(self, name: str) -> tuple[str, str, str]:
        """What a service is called: its client's name, its ID and its client's class."""
        id, class_name = self._index[name]
        return name, id, class_name

    def service(self, name: str) -> Service | None:
        """A service by its client's name: ``stepfunctions``."""
        found = self._services.get(name)
        if found is None and name in self._index:
            id, class_name = self._index[name]
            found = self._services[name] = Service(name, id, class_name, self._pack.read(name))
        return found

    @cached_property
    def _by_id(self) -> Mapping[str, str]:
        return {id.lower().replace(" ", "-"): name for name, (id, _) in self._index.items()}

    @cached_property
    def _by_bare_id(self) -> Mapping[str, str]:
        return {_bare(id): name for name, (id, _) in self._index.items()}

    @cached_property
    def _by_class(self) -> Mapping[str, str]:
        return {class_name: name for name, (_, class_name) in self._index.items()}

    def of_javascript(self, package: str) -> Service | None:
        """The service of a package such as ``@aws-sdk/client-dynamodb``."""
        package = package.removeprefix("@aws-sdk/client-")
        name = self._by_id.get(_FORMER.get(package, package))
        return self.service(name) if name else None

    def of_package(self, package: str) -> Service | None:
        """The service of a package of the SDK for Go or Java, by the last part of its path: ``sfn``."""
        name = self._by_bare_id.get(_FORMER.get(package, package))
        return self.service(name) if name else None

    def of_class(self, name: str) -> Service | None:
        """The service whose client's class is called so, without ``Client``: ``DynamoDB``, ``SFN``."""
        found = self._by_class.get(_FORMER.get(name, name))
        return self.service(found) if found else None
