"""Resource objects of the SDK for Python: tables, buckets, queues, and what their members call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from stockade.code.python.sdk import Sdk
from stockade.code.python.values import (
    NOTHING_KNOWN,
    Abstract,
    Arguments,
    Array,
    Client,
    Data,
    Dict,
    Made,
    Native,
    Objects,
    Opaque,
    Response,
    ServiceObject,
    Site,
)
from stockade.code.services import Collection, Link, Request, Resource
from stockade.patterns import lazy_regex
from stockade.value import Known

_INDEX: Final = lazy_regex(r"\[\d*\]$")
_LIMITS: Final = frozenset(("limit", "page_size"))


class Resources(Sdk):
    """Members of resource objects and of collections of them."""

    def object_attribute(self, site: Site, value: ServiceObject, name: str) -> Abstract:
        client = Client(value.service, value.credentials)
        key = (value, tuple(id(one) for one in value.identifiers.values()), name)
        if name == "meta":
            return Made("boto3.meta", Arguments([client]))
        if name in value.identifiers:
            return value.identifiers[name]
        if name in ("__enter__", "__aenter__"):
            return Native(key, lambda *_: value)
        special = self._special(site, value, client, name)
        if special is not None:
            return special
        resource = value.service.resource(value.type)
        if resource is None:
            return Opaque(site)
        alias = next((key for key, member in resource.identifiers if member == name), None)
        if alias is not None:
            return value.identifiers.get(alias, NOTHING_KNOWN)  # `table.table_name` is `table.name`
        action = resource.action(name)
        if action is not None:
            request, link = action
            return Native(key, lambda place, given: self._act(place, value, request, link, given))
        below = resource.below(name)
        if below is not None:
            link_below = below
            return Native(key, lambda place, given: self._below(value, link_below, given))
        if resource.collection(name) is not None:
            return Objects(value, name)
        waiter = resource.waiter(name)
        if waiter is not None:
            waiter_name, filled = waiter

            def wait(place: Site, given: Arguments) -> Abstract:
                operation = value.service.waiter(waiter_name)
                if operation is not None:
                    request = Request(operation.name, filled)
                    self._request(place, value, request, given, "waiter")
                return NOTHING_KNOWN

            return Native(key, wait)
        if name in resource.references:
            self._load(site, value, resource, name)
            return self.resource_object(value.service, resource.references[name], value.credentials)
        if name in resource.attributes:
            self._load(site, value, resource, name)
            return Opaque(site)
        if name in ("load", "reload"):
            return Native(key, lambda place, _: self._loaded(place, value, resource, ""))
        return Opaque(site)

    def _special(self, site: Site, value: ServiceObject, client: Client, name: str) -> Abstract | None:
        """What boto3 adds to its resources by hand."""
        kind = value.service.name, value.type
        key = (value, tuple(id(one) for one in value.identifiers.values()), name)
        if kind == ("dynamodb", "Table") and name == "batch_writer":

            def batch(place: Site, _: Arguments) -> Abstract:
                table = Dict(place, {}, [(value.identifiers.get("name", NOTHING_KNOWN), Opaque(place))])
                known = value.identifiers.get("name")
                if (
                    isinstance(known, Data)
                    and isinstance(known.value, Known)
                    and isinstance(known.value.value, str)
                ):
                    table = Dict(place, {known.value.value: Opaque(place)})
                self.emit(
                    place,
                    value.service,
                    "BatchWriteItem",
                    {"RequestItems": table},
                    credentials=value.credentials,
                    through="Table.batch_writer",
                )
                return Made("boto3.batch")  # its methods make no request of their own

            return Native(key, batch)
        if value.service.name == "s3" and value.type in ("Bucket", "Object", "ObjectSummary"):
            helper = self.transfer(name)
            if helper is not None and name != "generate_presigned_post":
                chosen = helper
                names = self._bucket_and_key(value)
                return Native(key, lambda place, given: chosen(place, client, given, names))
        if kind == ("s3", "Bucket") and name in ("load", "reload", "creation_date"):
            if name == "creation_date":
                self.emit(
                    site, value.service, "ListBuckets", {}, credentials=value.credentials, through="attribute"
                )
                return Opaque(site)

            def load(place: Site, _: Arguments) -> Abstract:
                self.emit(
                    place, value.service, "ListBuckets", {}, credentials=value.credentials, through="load"
                )
                return NOTHING_KNOWN

            return Native(key, load)
        if kind == ("s3", "ObjectSummary") and name in ("load", "reload"):
            request = Request(
                "HeadObject", (("Bucket", "identifier", "bucket_name"), ("Key", "identifier", "key"))
            )
            return Native(key, lambda place, given: self._act(place, value, request, None, given))
        if kind[0] == "ec2" and name in ("create_tags", "delete_tags"):
            operation = "CreateTags" if name == "create_tags" else "DeleteTags"
            own = () if value.type == "" else (("Resources[]", "identifier", "id"),)
            made = Request(operation, own)
            return Native(key, lambda place, given: self._act(place, value, made, None, given))
        return None

    def _bucket_and_key(self, value: ServiceObject) -> Mapping[str, Abstract]:
        own = value.identifiers
        if value.type == "Bucket":
            return {"Bucket": own["name"]} if "name" in own else {}
        return {name: own[key] for name, key in (("Bucket", "bucket_name"), ("Key", "key")) if key in own}

    # ----------------------------------------------------------------------------------------- requests

    def _request(
        self, site: Site, value: ServiceObject, request: Request, given: Arguments, through: str
    ) -> Response:
        arguments = dict(given.keywords)
        for target, source, name in request.filled:
            if source == "identifier":
                one = value.identifiers.get(name, NOTHING_KNOWN)
            elif source == "string":
                one = Data(Known(name, site.origin))
            else:
                one = NOTHING_KNOWN
            index = _INDEX.search(target)
            if index is not None and "." not in target:
                arguments[target[: index.start()]] = Array(site, [one])
            elif "." in target or "[" in target:
                if target.partition(".")[0].partition("[")[0] not in given.keywords:
                    _fill(arguments, target, one, site)
            else:
                arguments[target] = one
        self.emit(
            site,
            value.service,
            request.operation,
            arguments,
            complete=not given.open,
            credentials=value.credentials,
            through=through,
        )
        return Response(value.service.name, request.operation, (), arguments)

    def _act(
        self, site: Site, value: ServiceObject, request: Request | None, link: Link | None, given: Arguments
    ) -> Abstract:
        answer: Abstract = Opaque(site)
        if request is not None:
            through = f"{value.type}" if value.type else ""
            answer = self._request(site, value, request, given, through)
        if link is None:
            return answer
        names: dict[str, Abstract] = {}
        many = False
        for name, source, path in link.identifiers:
            if source == "identifier":
                names[name] = value.identifiers.get(path, NOTHING_KNOWN)
            elif source == "requestParameter":
                # Identifiers are called as the SDK calls them, parameters as the API does.
                names[name] = next(
                    (
                        one
                        for key, one in given.keywords.items()
                        if key.lower() == path.replace("_", "").lower()
                    ),
                    NOTHING_KNOWN,
                )
            elif isinstance(answer, Response):
                many = many or "[]" in path
                names[name] = Response(answer.service, answer.operation, tuple(path.split(".")), answer.given)
        loaded = request is not None and link.loaded
        made = self.resource_object(value.service, link.type, value.credentials, names, loaded=loaded)
        return Array(site, [made], True) if many else made

    def _below(self, value: ServiceObject, link: Link, given: Arguments) -> Abstract:
        names: dict[str, Abstract] = {}
        at = 0
        for name, source, path in link.identifiers:
            if source == "input":
                one = given.get(at, name)
                at += 1
                if one is not None:
                    names[name] = one
            elif source == "identifier":
                names[name] = value.identifiers.get(path, NOTHING_KNOWN)
        return self.resource_object(value.service, link.type, value.credentials, names)

    def _load(self, site: Site, value: ServiceObject, resource: Resource, name: str) -> None:
        if not value.loaded:
            self._loaded(site, value, resource, name)

    def _loaded(self, site: Site, value: ServiceObject, resource: Resource, name: str) -> Abstract:
        if resource.load is not None:
            through = f"attribute `{name}`" if name else "load"
            self._request(site, value, resource.load, Arguments(), through)
        return NOTHING_KNOWN

    # -------------------------------------------------------------------------------------- collections

    def _collection(self, value: Objects) -> Collection | None:
        resource = value.owner.service.resource(value.owner.type)
        return resource.collection(value.name) if resource else None

    def objects_attribute(self, site: Site, value: Objects, name: str) -> Abstract:
        collection = self._collection(value)
        if collection is None:
            return Opaque(site)
        key = (value.owner, tuple(id(one) for one in value.owner.identifiers.values()), value.name, name)
        found = collection
        if name in ("all", "filter", "pages", "iterator") or name in _LIMITS:

            def listed(place: Site, given: Arguments) -> Abstract:
                if not value.called:
                    own = Arguments([], {} if name in _LIMITS else given.keywords, given.open)
                    self._request(place, value.owner, found.request, own, f"collection `{value.name}`")
                after = Objects(value.owner, value.name, True)
                return Array(place, [after], True) if name == "pages" else after

            return Native(key, listed)
        batch = collection.batch.get(name)
        if batch is not None:
            chosen = batch

            def act(place: Site, given: Arguments) -> Abstract:
                if not value.called:
                    self._request(place, value.owner, found.request, Arguments(), f"collection `{value.name}`")
                element = self._one_of(value, found)
                self._request(place, element, chosen, given, f"collection `{value.name}`")
                return Opaque(place)

            return Native(key, act)
        return Opaque(site)

    def objects_elements(self, site: Site, value: Objects) -> Abstract:
        collection = self._collection(value)
        if collection is None:
            return Opaque(site)
        if not value.called:
            self._request(site, value.owner, collection.request, Arguments(), f"collection `{value.name}`")
        return self._one_of(value, collection)

    def _one_of(self, value: Objects, collection: Collection) -> ServiceObject:
        names: dict[str, Abstract] = {}
        for name, source, path in collection.link.identifiers:
            if source == "identifier":
                names[name] = value.owner.identifiers.get(path, NOTHING_KNOWN)
        link, owner = collection.link, value.owner
        return self.resource_object(owner.service, link.type, owner.credentials, names, loaded=link.loaded)


def _fill(into: dict[str, Abstract], target: str, value: Abstract, site: Site) -> None:
    """Put a value where a path leads: ``Delete.Objects[].Key``."""
    head, _, rest = target.partition(".")
    name = head.partition("[")[0]
    below: Abstract = value
    if rest:
        there = into.get(name)
        there = there.items[0] if isinstance(there, Array) and there.items else there
        below = there if isinstance(there, Dict) else Dict(site)
        if isinstance(below, Dict):
            _fill(below.items, rest, value, site)
    into[name] = Array(site, [below], True) if "[" in head else below
