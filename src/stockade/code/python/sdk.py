"""The SDK for Python: sessions, clients, paginators, waiters, and what their methods call."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import Final

from stockade.code.facts import BY_ADDRESS, Credentials
from stockade.code.python import libraries
from stockade.code.python.doubts import EVENT
from stockade.code.python.transfers import Names, Transfers
from stockade.code.python.values import (
    ABSENT,
    LOST,
    NOTHING_KNOWN,
    Abstract,
    Arguments,
    Client,
    Data,
    Dict,
    External,
    Made,
    Native,
    Objects,
    Opaque,
    Response,
    ServiceObject,
    Session,
    Site,
    identity,
    is_none,
    join,
    options,
    plain,
    texts,
)
from stockade.code.services import Operation, Service
from stockade.patterns import lazy_regex
from stockade.value import Hole, Known, Unknown, text_of

_LOCAL: Final = lazy_regex(r"https?://(localhost|127\.0\.0\.1|0\.0\.0\.0|host\.docker\.internal|localstack)\b")
_KEYS: Final = ("aws_access_key_id", "aws_secret_access_key", "aws_session_token")
_OWN_KEYS: Final = frozenset(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"))
_ASSUMING: Final = frozenset(
    (
        "AssumeRole",
        "AssumeRoleWithSAML",
        "AssumeRoleWithWebIdentity",
        "AssumeRoot",
        "GetCredentialsForIdentity",
        "GetFederationToken",
        "GetRoleCredentials",
    )
)
_TOKENS: Final[Mapping[tuple[str, str], str]] = {
    ("rds", "generate_db_auth_token"): "GenerateDBAuthToken",
    ("dsql", "generate_db_connect_auth_token"): "GenerateDbConnectAuthToken",
    ("dsql", "generate_db_connect_admin_auth_token"): "GenerateDbConnectAdminAuthToken",
}
"""Methods that sign a token by themselves; no operation of the API is called, but a permission is needed."""


class Sdk(Transfers):
    """Clients and sessions. Resource objects have a file of their own."""

    given_by_hand = False
    """Whether a session of botocore's was given other credentials."""

    # --------------------------------------------------------------------------------- making clients

    def make_session(self, site: Site, arguments: Arguments) -> Abstract:
        profile = arguments.get(5, "profile_name")
        if profile is not None and not is_none(profile):
            return Session(Credentials.OTHER)
        inner = arguments.get(4, "botocore_session")
        for one in options(inner) if inner is not None else ():
            if isinstance(one, Session):
                return Session(Credentials.OTHER) if self.given_by_hand else one
            if isinstance(one, Made | Opaque):
                return Session(Credentials.UNKNOWN)
        return Session(self._credentials(arguments, 0))

    def make_client(self, site: Site, arguments: Arguments, session: Session, kind: str = "client") -> Abstract:
        """``session.client(name)``, and ``resource`` and ``create_client`` alike."""
        credentials = self._credentials(arguments, 6)
        if credentials is Credentials.OWN:
            credentials = session.credentials
        config = arguments.keywords.get("config")
        for one in options(config) if config is not None else ():
            if isinstance(one, Made) and one.arguments is not None:
                signature = one.arguments.keywords.get("signature_version")
                if isinstance(signature, External) and signature.path.endswith("UNSIGNED"):
                    credentials = Credentials.OTHER
        endpoint = arguments.get(5, "endpoint_url")
        if endpoint is not None and texts(endpoint) and all(_LOCAL.match(one) for one in texts(endpoint)):
            if all(isinstance(plain(one), str) for one in options(endpoint)):
                credentials = Credentials.OTHER  # a stand-in for AWS on this machine asks for no permission
        given = arguments.get(0, "service_name")
        if given is None:
            reason = "which service it is for is known only when it runs"
            self.unfollow(site, f"`{site.shown}`", reason)
            return Opaque(site)
        found: list[Abstract] = []
        for one in options(given):
            name = plain(one)
            if isinstance(name, str):
                service = self.services.service(name)
                if service is None:
                    self.unfollow(site, f"`{site.shown}`", f"the SDK has no service `{name}` that we know")
                elif kind == "resource":
                    found.append(ServiceObject(service, "", credentials))
                    self.doubts.has(service)
                else:
                    found.append(Client(service, credentials, endpoint if service.name == BY_ADDRESS else None))
                    self.doubts.has(service)
            elif not is_none(one):
                where = one.site if isinstance(one, Opaque) and one.site else site
                self.unfollow(
                    site,
                    f"`{site.shown}`",
                    f"which service it is for, `{where.shown}`, is known only when it runs",
                )
        return join(*found) if found else Opaque(site)

    def _credentials(self, arguments: Arguments, first: int) -> Credentials:
        """Whose permissions keys give that are handed to a session or client."""
        found = Credentials.OWN
        for at, name in enumerate(_KEYS):
            value = arguments.get(first + at, name)
            for one in options(value) if value is not None and ABSENT not in options(value) else ():
                match one:
                    case Response(service, operation, _):
                        if operation == "GetSessionToken":
                            continue
                        if operation in _ASSUMING or service != "sts":
                            return Credentials.OTHER
                    case Data(Unknown() as unknown) if unknown.ref is not None:
                        if unknown.ref.attribute not in _OWN_KEYS:
                            return Credentials.OTHER
                    case Data(Known(str())):
                        return Credentials.OTHER
                    case Data():
                        continue
                    case _:
                        found = Credentials.UNKNOWN
        if found is Credentials.UNKNOWN and not arguments.open:
            # A role's keys are temporary, and worth nothing without their token: a pair is somebody else's.
            token = arguments.get(first + 2, _KEYS[2])
            if token is None or is_none(token):
                return Credentials.OTHER
        return found

    def promised(self, path: str) -> Abstract | None:
        """An annotation says of which service a client is, and not whose permissions it has."""
        top, _, rest = path.partition(".")
        last = path.rpartition(".")[2]
        for prefix in ("mypy_boto3_", "types_boto3_", "types_aiobotocore_"):
            if top.startswith(prefix):
                service = self.services.service(top.removeprefix(prefix).replace("_", "-"))
                if service is None or not rest:
                    return None
                if last.endswith("Client"):
                    return Client(service, Credentials.UNKNOWN)
                if last.endswith("ServiceResource"):
                    return ServiceObject(service, "", Credentials.UNKNOWN)
                if service.resource(last) is not None:
                    return self.resource_object(service, last, Credentials.UNKNOWN)
                return None
        if path in ("boto3.Session", "boto3.session.Session", "aioboto3.Session", "botocore.session.Session"):
            return Session(Credentials.UNKNOWN)
        if path.startswith(("botocore.client.", "boto3_type_annotations.")):
            service = self.services.of_class(last)
            if path.startswith("boto3_type_annotations."):
                service = self.services.service(path.split(".")[1].replace("_", "-"))
            return Client(service, Credentials.UNKNOWN) if service is not None else None
        return None

    def resource_object(
        self,
        service: Service,
        type: str,
        credentials: Credentials,
        names: Names | None = None,
        loaded: bool = False,
    ) -> ServiceObject:
        """A resource object whose names are not known but for those that are given."""
        resource = service.resource(type)
        identifiers = {name: NOTHING_KNOWN for name, _ in resource.identifiers} if resource else {}
        return ServiceObject(service, type, credentials, {**identifiers, **(names or {})}, loaded)

    # ---------------------------------------------------------------------------------------- members

    def sdk_attribute(self, site: Site, value: Abstract, name: str) -> Abstract:
        match value:
            case Session():
                return self._session_attribute(site, value, name)
            case Client():
                return self._client_attribute(site, value, name)
            case ServiceObject():
                return self.object_attribute(site, value, name)
            case Objects():
                return self.objects_attribute(site, value, name)
            case Response():
                return self._response_attribute(site, value, name)
            case Native((str() as service, Credentials() as credentials, str() as method)):
                return self._method_attribute(site, service, credentials, method, name)
            case Native(("future", _)) if name == "result":
                return value
            case Opaque():
                self.doubts.asked(site, name, value, self.reached)
                return Opaque(site, value.reason if value.reason in (EVENT, LOST) else "", value.behind)
            case _:
                return Opaque(site)

    def _method_attribute(
        self, site: Site, name: str, credentials: Credentials, method: str, member: str
    ) -> Abstract:
        """A member of a client's method: helpers that page through anything ask it for its client and name."""
        service = self.services.service(name)
        if member == "__self__" and service is not None:
            return Client(service, credentials)
        return Data(Known(method, site.origin)) if member == "__name__" else Opaque(site)

    def _session_attribute(self, site: Site, session: Session, name: str) -> Abstract:
        match name:
            case "client" | "create_client":
                return Native(
                    ("session.client", session.credentials),
                    lambda place, arguments: self.make_client(place, arguments, session),
                )
            case "resource":
                return Native(
                    ("session.resource", session.credentials),
                    lambda place, arguments: self.make_client(place, arguments, session, "resource"),
                )
            case "region_name":
                return self._region(site)
            case "get_credentials":
                return Native(
                    ("credentials", session.credentials), lambda *_: Made("botocore.credentials.Credentials")
                )
            case "get_available_services" | "get_available_regions" | "get_partition_for_region":
                return Native((name,), lambda place, _: Opaque(place))
            case "__aenter__" | "__enter__":
                return Native((name, session.credentials), lambda *_: session)
            case _:
                return Opaque(site)

    def _region(self, site: Site) -> Abstract:
        return Data(
            Unknown("the region is known only when it is deployed", site.origin, text_of(Hole("region")))
        )

    def _client_attribute(self, site: Site, client: Client, name: str) -> Abstract:
        service = client.service
        key: tuple[object, ...] = (service.name, client.credentials, name)
        if client.endpoint is not None:
            key = (*key, identity(client.endpoint))
        match name:
            case "get_paginator":
                return Native(key, lambda place, arguments: self._paginator(place, client, arguments))
            case "get_waiter":
                return Native(key, lambda place, arguments: self._waiter(place, client, arguments))
            case "generate_presigned_url":
                return Native(key, lambda place, arguments: self._presigned(place, client, arguments))
            case "meta":
                return Made("boto3.meta", Arguments([client]))
            case "exceptions":
                return Opaque(site)
            case "close" | "can_paginate" | "waiter_names" | "__exit__" | "__aexit__":
                return Native(key, lambda place, _: Opaque(place))
            case "__enter__" | "__aenter__":
                return Native(key, lambda *_: client)
            case "__getattribute__" | "__getattr__":
                return Native(key, lambda place, given: self._by_text(place, client, given))
        if service.name == "s3":
            helper = self.transfer(name)
            if helper is not None:
                return Native(key, lambda place, arguments: helper(place, client, arguments, {}))
        token = _TOKENS.get((service.name, name))
        if token is not None:
            operation_name = token

            def sign(place: Site, arguments: Arguments) -> Abstract:
                self.emit(
                    place,
                    service,
                    operation_name,
                    arguments.keywords,
                    complete=not arguments.open and not arguments.positional,
                    credentials=client.credentials,
                    through="database token",
                )
                return Opaque(place)

            return Native(key, sign)
        operation = service.by_method(name)
        if name == "_make_api_call":
            return Native(key, lambda place, arguments: self._by_name(place, client, arguments))
        if operation is None and not name[:1].islower():
            return Opaque(site)
        if operation is None:
            return Native((*key, "?"), lambda place, _: self._no_operation(place, client, name))
        found = operation
        return Native(key, lambda place, arguments: self.called(place, client, found, arguments))

    def _no_operation(self, site: Site, client: Client, name: str) -> Abstract:
        """A client's method that is not known is called: the SDK may be newer than we are."""
        if client.credentials is not Credentials.OTHER and not self.doubts.names(name):
            reason = f"`{name}` is no operation that is known of the service"
            self.unfollow(site, f"`{site.shown}`", reason, client.service.name)
        return Opaque(site)

    def _by_text(self, site: Site, client: Client, arguments: Arguments) -> Abstract:
        found = [self._client_attribute(site, client, one) for one in texts(arguments.get(0, "name"))]
        if not found:
            self._not_told(site, client, "which operation it is")
        return join(*found) if found else Opaque(site)

    def _by_name(self, site: Site, client: Client, arguments: Arguments) -> Abstract:
        """``client._make_api_call(operation, parameters)``"""
        names = texts(arguments.get(0, "operation_name"))
        given = arguments.get(1, "api_params")
        found: list[Abstract] = []
        for name in names:
            operation = client.service.operation(name)
            if operation is not None:
                known = isinstance(given, Dict) and not given.open and not given.others
                passed = Arguments([], dict(given.items) if isinstance(given, Dict) else {}, not known)
                found.append(self.called(site, client, operation, passed))
        if not found:
            self._not_told(site, client, "which operation it calls")
        return join(*found) if found else Opaque(site)

    def called(
        self, site: Site, client: Client, operation: Operation, arguments: Arguments, through: str = ""
    ) -> Abstract:
        """A client's method is called. What was handed over by name are the request's parameters."""
        keywords = arguments.keywords
        if client.endpoint is not None:
            keywords = {**keywords, "endpoint": client.endpoint}
        self.emit(
            site,
            client.service,
            operation.name,
            keywords,
            complete=not arguments.open,
            credentials=client.credentials,
            through=through,
        )
        return Response(client.service.name, operation.name, (), dict(arguments.keywords))

    def _paginator(self, site: Site, client: Client, arguments: Arguments) -> Abstract:
        given = arguments.get(0, "operation_name")
        found: list[Abstract] = []
        for name in texts(given):
            operation = client.service.by_method(name)
            if operation is not None:
                found.append(self._paginated(client, operation))
        if not found:
            self._not_told(site, client, "which operation it pages through")
            return Opaque(site)
        return join(*found)

    def _paginated(self, client: Client, operation: Operation) -> Abstract:
        def paginate(place: Site, arguments: Arguments) -> Abstract:
            left = {name: one for name, one in arguments.keywords.items() if name != "PaginationConfig"}
            given = Arguments([], left, arguments.open)
            return self.called(place, client, operation, given, "paginator")

        method = Native(("paginate", client.service.name, client.credentials, operation.name), paginate)
        return Made("boto3.paginator", Arguments([method]))

    def _waiter(self, site: Site, client: Client, arguments: Arguments) -> Abstract:
        found: list[Abstract] = []
        for name in texts(arguments.get(0, "waiter_name")):
            operation = client.service.waiter(name)
            if operation is not None:
                found.append(self._waited(client, operation))
        if not found:
            self._not_told(site, client, "what it waits for")
            return Opaque(site)
        return join(*found)

    def _waited(self, client: Client, operation: Operation) -> Abstract:
        def wait(place: Site, arguments: Arguments) -> Abstract:
            left = {name: one for name, one in arguments.keywords.items() if name != "WaiterConfig"}
            self.called(place, client, operation, Arguments([], left, arguments.open), "waiter")
            return NOTHING_KNOWN

        method = Native(("wait", client.service.name, client.credentials, operation.name), wait)
        return Made("boto3.waiter", Arguments([method]))

    def _presigned(self, site: Site, client: Client, arguments: Arguments) -> Abstract:
        given = arguments.get(1, "Params")
        parameters: dict[str, Abstract] = {}
        complete = given is not None and not arguments.open
        for one in options(given) if given is not None else ():
            if isinstance(one, Dict):
                parameters.update(one.items)
                complete = complete and not one.open and not one.others
            elif not is_none(one):
                complete = False
        names = texts(arguments.get(0, "ClientMethod"))
        for name in names:
            operation = client.service.by_method(name)
            if operation is not None:
                self.emit(
                    site,
                    client.service,
                    operation.name,
                    parameters,
                    complete=complete,
                    credentials=client.credentials,
                    through="presigned URL",
                )
        if not names:
            self._not_told(site, client, "what it signs a URL for")
        return Opaque(site)

    def _not_told(self, site: Site, client: Client, what: str) -> None:
        if client.credentials is not Credentials.OTHER:
            reason = f"{what} is known only when it runs"
            self.unfollow(site, f"`{site.shown}`", reason, client.service.name)

    # ---------------------------------------------------------------------------------------- answers

    def _response_attribute(self, site: Site, value: Response, name: str) -> Abstract:
        def give(place: Site, arguments: Arguments) -> Abstract:
            key = arguments.get(0, "key")
            found = self.sdk_item(place, value, key) if key is not None else value
            return join(found, arguments.get(1, "default") or Data(Known(None, place.origin)))

        match name:
            case "get" | "pop":
                return Native(("answer", name, value), give)
            case "items" | "values" | "search" | "build_full_result" | "read" | "decode" | "copy":
                return Native(("answer", name, value), lambda *_: value)
            case "__aenter__" | "__enter__":
                return Native(("answer", name, value), lambda *_: value)
            case _:
                return Opaque(site)

    def sdk_item(self, site: Site, value: Abstract, key: Abstract) -> Abstract:
        match value:
            case Response(service, operation, path, given):
                name = plain(key)
                part = name if isinstance(name, str) else "[]"
                return Response(service, operation, (*path, part), given) if len(path) < 8 else Opaque(site)
            case External() | Made():
                return self.external_item(site, value, key)
            case _:
                return Opaque(site)

    def external_item(self, site: Site, value: External | Made, key: Abstract) -> Abstract:
        """``value[key]`` of something external, such as ``os.environ``."""
        if isinstance(value, External):
            return value  # `list[str]`, `Callable[..., Any]`
        return Opaque(site)

    def sdk_elements(self, site: Site, value: Abstract) -> Abstract:
        if isinstance(value, Objects):
            return self.objects_elements(site, value)
        return Opaque(site)

    @abstractmethod
    def object_attribute(self, site: Site, value: ServiceObject, name: str) -> Abstract:
        """A member of a resource object."""

    @abstractmethod
    def objects_attribute(self, site: Site, value: Objects, name: str) -> Abstract:
        """A member of a collection of resource objects."""

    @abstractmethod
    def objects_elements(self, site: Site, value: Objects) -> Abstract:
        """What a loop over a collection of resource objects meets."""

    @abstractmethod
    def of_environ(self, site: Site, name: str, arguments: Arguments) -> Abstract:
        """A method of ``os.environ``."""

    def hand_over(self, site: Site, value: Client | ServiceObject, to: str) -> None:
        if value.credentials is Credentials.OTHER or to.partition(".")[0] in libraries.FOLLOWED:
            return
        what = f"`{to}`" if to else f"`{site.shown}`"
        reason = f"it is handed a client for `{value.service.name}`, and what it calls is not known"
        self.unfollow(site, what, reason, value.service.name)
