"""What belongs together at API Gateway: which route reaches what, which limit is on which stage.

Relations never guess, as in ``World``: things belong to one API when they refer to its address, or
when their API IDs are equal texts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from functools import cached_property
from typing import Any, Final, TypeAlias, TypeVar

from stockade.iam.match import Shape, arn_parts
from stockade.iam.policy import Document
from stockade.model.api import (
    Api,
    ApiPolicy,
    Authorizer,
    Integration,
    MethodSettings,
    PathPart,
    Route,
    Stage,
    UsagePlan,
)
from stockade.model.edge import ApiDomain, ApiMapping, CdnOrigin, Distribution, WebAcl, WebAclAssociation
from stockade.model.relate import comparable, grouped, in_doubt, meant
from stockade.model.subject import Subject, default
from stockade.records import dataclass
from stockade.value import Hole, Known, Ref, Text, Unknown, Value, parts_of, shape_of, text_of

T = TypeVar("T")
_Key: TypeAlias = "Api | Shape"
"""Which API something is of: the API itself, or the text of an ID that is of no API here."""

_ROOTS: Final = ("root_resource_id", "RootResourceId")
"""What inputs call the resource that an API begins with."""

_DEEPEST: Final = 64
"""The most segments a path is followed through; API Gateway allows far fewer."""


@dataclass(frozen=True, eq=False)
class Gateway:
    """All of API Gateway and of what may stand before it in one input, and their relations."""

    apis: tuple[Api, ...] = ()
    policies: tuple[ApiPolicy, ...] = ()
    path_parts: tuple[PathPart, ...] = ()
    routes: tuple[Route, ...] = ()
    integrations: tuple[Integration, ...] = ()
    authorizers: tuple[Authorizer, ...] = ()
    stages: tuple[Stage, ...] = ()
    settings: tuple[MethodSettings, ...] = ()
    plans: tuple[UsagePlan, ...] = ()
    domains: tuple[ApiDomain, ...] = ()
    mappings: tuple[ApiMapping, ...] = ()
    web_acls: tuple[WebAcl, ...] = ()
    associations: tuple[WebAclAssociation, ...] = ()
    distributions: tuple[Distribution, ...] = ()

    def __iter__(self) -> Iterator[Subject]:
        for one in fields(self):
            yield from getattr(self, one.name)

    # --------------------------------------------------------------------------------- of an API

    def api_in(self, value: Value[str] | Value[str | None]) -> Api | None:
        """The API of this input that an ID, an ARN or a reference stands for."""
        ref = meant(value)
        return self._api_at.get(ref.address) if ref else None

    def api_of(self, one: Route | Stage) -> Api | None:
        """The API that a route or stage is of; ``None`` where it is not of this input."""
        return self.api_in(one.api_id)

    def routes_of(self, api: Api) -> tuple[Route, ...]:
        """All routes of an API."""
        return self._routes.get(api, ())

    def siblings(self, route: Route | Stage) -> tuple[Route, ...]:
        """All routes of the API that a route or stage is of, itself included."""
        return self._routes.get(self._key(route.api_id), ())

    def stages_of(self, api: Api) -> tuple[Stage, ...]:
        """All stages of an API."""
        return tuple(one for one in self.stages if self.api_of(one) is api)

    def authorizers_of(self, route: Route) -> tuple[Authorizer, ...]:
        """The authorizers that a route's API is known to have, whether the route uses them or not."""
        found = self._authorizers.get(self._key(route.api_id), ())
        return tuple(one for one in found if in_doubt(one, route) is None)

    def protocol_of(self, route: Route) -> Value[str]:
        """The protocol of a route's API; one that is not of this input is known by its kind of routes."""
        if api := self.api_of(route):
            return api.protocol
        if isinstance(route.route_key, Known) and route.route_key.value is None:
            return default("REST", "only a REST API has methods")
        key = parts_of(_present(route.route_key))
        if key and isinstance(key[0], str) and (" " in key[0] or "/" in key[0]):
            return default("HTTP", "only an HTTP API has routes of a method and a path")
        return Unknown("the API is not in this input", route.api_id.origin)

    def policy_of(self, api: Api) -> Value[Document | None]:
        """An API's resource policy, wherever it is declared; ``None`` where it has none."""
        if isinstance(api.policy, Known) and api.policy.value is None:
            return self._policies.get(api, api.policy)
        return api.policy

    def is_private(self, api: Api) -> bool | None:
        """Whether an API can be reached through VPC endpoints only; ``None`` where that is not known."""
        if isinstance(api.endpoint_types, Unknown):
            return None
        return _any(
            one.value == "PRIVATE" if isinstance(one, Known) else None for one in api.endpoint_types.value
        )

    def domains_of(self, api: Api) -> tuple[ApiDomain, ...]:
        """The custom domains at which an API answers."""
        return self._domains.get(api, ())

    # -------------------------------------------------------------------------------- of a route

    def method_of(self, route: Route) -> Value[str]:
        """The HTTP method; ``ANY`` for a route of all, the route key itself at a WebSocket API."""
        if not (isinstance(route.http_method, Known) and route.http_method.value is None):
            return _present(route.http_method)
        match _present(route.route_key):
            case Known("$default", origin):
                return Known("ANY", origin)
            case Known(text, origin):
                return Known(text.partition(" ")[0], origin)
            case Unknown(_, origin, Text((str() as text, *_))) if " " in text:
                return Known(text.partition(" ")[0], origin)
            case gap:
                return gap

    def label_of(self, route: Route) -> str:
        """The method and path as people write them: ``POST /orders``."""
        if not (isinstance(route.route_key, Known) and route.route_key.value is None):
            return _shown(_present(route.route_key))
        path = "".join(self.path_of(route)).replace("\0", "…")
        return f"{_shown(self.method_of(route))} {path}"

    def path_of(self, route: Route) -> str:
        """The path of a REST API's method, with NUL for what is not known of it."""
        if isinstance(route.path, Unknown) or route.path.value is not None:
            return "".join(part if isinstance(part, str) else "\0" for part in parts_of(_present(route.path)))
        segments: list[str] = []
        at: Value[Any] = route.resource_id
        for _ in range(_DEEPEST):
            ref = meant(at)
            part = self._part_at.get(ref.address) if ref else None
            if part is None:
                root = ref is not None and ref.attribute in _ROOTS
                return "/" + "/".join([*([] if root else ["\0"]), *reversed(segments)])
            segments.append("".join(one if isinstance(one, str) else "\0" for one in shape_of(part.segment)))
            at = part.parent_id
        return "/\0"

    def integration_of(self, route: Route) -> Integration | None:
        """What a route calls; ``None`` where that is not in this input."""
        if route.integration is not None:
            return route.integration
        if isinstance(route.target, Unknown) or route.target.value is not None:
            parts = parts_of(_present(route.target))
            refs = [part for part in parts if isinstance(part, Ref)]
            ref = refs[-1] if refs else meant(_present(route.target))
            return self._integration_at.get(ref.address) if ref else None
        method = self._method_key(route.http_method)
        return self._integration_of.get((self._key(route.api_id), self._text(route.resource_id), method))

    def function_behind(self, route: Route) -> Value[str] | None:
        """The name or ARN of the function that a route calls; ``None`` where it is known to call none.

        Unknown where what it calls is not in this input or cannot be told to be a function.
        """
        integration = self.integration_of(route)
        if integration is None:
            return Unknown("what the route calls is not in this input", route.origin)
        subtype, kind = integration.subtype, integration.kind
        if isinstance(subtype, Unknown):
            return Unknown(subtype.reason, subtype.origin)
        if subtype.value is not None or (isinstance(kind, Known) and kind.value not in ("AWS", "AWS_PROXY")):
            return None
        uri = function_in(integration.uri)
        if uri is None and isinstance(kind, Known) and kind.value == "AWS_PROXY":
            # A proxy to AWS is always to a function; which one is another question.
            return Unknown("which function it calls is not known", kind.origin)
        return uri

    # -------------------------------------------------------------------------------- of a stage

    def settings_of(self, stage: Stage) -> tuple[MethodSettings, ...]:
        """The method settings of a REST API's stage."""
        return tuple(one for one in self.settings if self._is_at(stage, one.api_id, one.stage_name))

    def plans_of(self, stage: Stage) -> Iterator[UsagePlan | Unknown]:
        """The usage plans for a stage; an ``Unknown`` stands for a plan that may be for it."""
        for plan in self.plans:
            if isinstance(plan.stages, Unknown):
                yield plan.stages
                continue
            for one in plan.stages.value:
                if isinstance(one, Unknown):
                    yield one
                elif self._is_at(stage, one.api_id, one.stage_name):
                    yield plan

    def web_acls_of(self, stage: Stage) -> tuple[tuple[WebAclAssociation, WebAcl | None], ...]:
        """The associations of web ACLs with a stage, each with its ACL where that is of this input."""
        own = (*comparable(stage.api_id), "/stages/", *comparable(_present(stage.name)))
        end = Text(own).shape() if len(own) > 2 else ()
        return tuple(
            (one, self._web_acl_at.get(ref.address) if (ref := meant(one.web_acl_arn)) else None)
            for one in self.associations
            if self._stage_meant(one.resource_arn) is stage or _ends(one.resource_arn, end)
        )

    def _stage_meant(self, arn: Value[str]) -> Stage | None:
        ref = meant(arn)
        return self._stage_at.get(ref.address) if ref else None

    def _is_at(self, stage: Stage, api_id: Value[str], name: Value[str]) -> bool:
        ref, named = meant(name), _present(stage.name)
        if ref and self._stage_at.get(ref.address) is stage:
            return True
        same = comparable(name) != () and comparable(name) == comparable(named)
        return same and self._key(api_id) == self._key(stage.api_id) != ()

    # -------------------------------------------------------------------------- of a distribution

    def fronts_of(self, api: Api) -> Iterator[tuple[Distribution, CdnOrigin]]:
        """The distributions that fetch from an API, by its own endpoint or a custom domain of it."""
        own = {api.address, *(one.address for one in self.stages_of(api) if not one.key)}
        for distribution in self.distributions:
            origins = distribution.origins.value if isinstance(distribution.origins, Known) else ()
            for origin in origins:
                if isinstance(origin, CdnOrigin) and (
                    own & _addresses(origin.domain_name) or self.goes_by_domain(api, origin)
                ):
                    yield distribution, origin

    def unplaced_origin(self) -> Unknown | None:
        """An origin of a distribution that may be any API, if there is one."""
        for distribution in self.distributions:
            if isinstance(distribution.origins, Unknown):
                return distribution.origins
            for origin in distribution.origins.value:
                where = origin if isinstance(origin, Unknown) else origin.domain_name
                if isinstance(where, Unknown) and not where.behind and _is_blank(where):
                    return where
        return None

    def goes_by_domain(self, api: Api, origin: CdnOrigin) -> bool:
        """Whether a distribution's origin is a custom domain at which an API answers."""
        domains = self.domains_of(api)
        named = {comparable(one.name) for one in domains} - {()}
        own = {one.address for one in domains}
        return bool(own & _addresses(origin.domain_name)) or comparable(origin.domain_name) in named

    # ------------------------------------------------------------------------------------ indexes

    def _key(self, value: Value[str]) -> Api | Shape:
        return self.api_in(value) or self._text(value)

    def _text(self, value: Value[Any]) -> Shape:
        """An ID as text to compare; references stand for themselves, whatever is known of their shape."""
        if isinstance(value, Unknown) and value.text is None:
            return ()
        if ref := meant(value):
            return (Hole(f"{ref.address}.{ref.attribute}"),)
        return shape_of(_present(value))

    def _method_key(self, method: Value[Any]) -> Shape:
        ref = meant(method)
        if ref and (route := self._route_at.get(ref.address)):
            method = route.http_method
        return comparable(_present(method))

    @cached_property
    def _api_at(self) -> Mapping[str, Api]:
        return {one.address: one for one in self.apis}

    @cached_property
    def _part_at(self) -> Mapping[str, PathPart]:
        return {one.address: one for one in self.path_parts}

    @cached_property
    def _route_at(self) -> Mapping[str, Route]:
        return {one.address: one for one in self.routes if not one.key}

    @cached_property
    def _stage_at(self) -> Mapping[str, Stage]:
        return {one.address: one for one in self.stages if not one.key}

    @cached_property
    def _web_acl_at(self) -> Mapping[str, WebAcl]:
        return {one.address: one for one in self.web_acls}

    @cached_property
    def _routes(self) -> Mapping[Api | Shape, tuple[Route, ...]]:
        return grouped((key, one) for one in self.routes if (key := self._key(one.api_id)))

    @cached_property
    def _authorizers(self) -> Mapping[Api | Shape, tuple[Authorizer, ...]]:
        return grouped((key, one) for one in self.authorizers if (key := self._key(one.api_id)))

    @cached_property
    def _policies(self) -> Mapping[Api, Value[Document]]:
        return {api: one.document for one in self.policies if (api := self.api_in(one.api_id))}

    @cached_property
    def _integration_at(self) -> Mapping[str, Integration]:
        return {one.address: one for one in self.integrations}

    @cached_property
    def _integration_of(self) -> Mapping[tuple[Api | Shape, Shape, Shape], Integration]:
        return {
            (self._key(one.api_id), self._text(one.resource_id), self._method_key(one.http_method)): one
            for one in self.integrations
        }

    @cached_property
    def _domains(self) -> Mapping[Api, tuple[ApiDomain, ...]]:
        at = {one.address: one for one in self.domains}
        named = {text: one for one in self.domains if (text := comparable(one.name))}
        pairs: list[tuple[Api, ApiDomain]] = []
        for mapping in self.mappings:
            api, ref = self.api_in(mapping.api_id), meant(mapping.domain_name)
            domain = at.get(ref.address) if ref else None
            domain = domain or named.get(comparable(mapping.domain_name))
            if api and domain:
                pairs.append((api, domain))
        return grouped(pairs)


_INVOCATIONS: Final = "/invocations"
_FUNCTIONS: Final = "/functions/"


def function_in(uri: Value[str | None]) -> Value[str] | None:
    """The function in an integration's URI, a name or an ARN; ``None`` where it is known to be none.

    REST APIs write ``arn:…:lambda:path/2015-03-31/functions/ARN/invocations``, others the ARN alone.
    """
    if isinstance(uri, Known) and uri.value is None:
        return None
    named = _present(uri)
    if isinstance(uri, Unknown) and uri.text is None:
        return uri
    parts = parts_of(named)
    for index, part in enumerate(parts):
        if isinstance(part, str) and _FUNCTIONS in part:
            rest = (part.partition(_FUNCTIONS)[2], *parts[index + 1 :])
            return _as_value(text_of(*rest), named)
    if ref := meant(named):
        return named if _may_be_function(ref) else None
    segments = arn_parts(comparable(named))
    if segments is None:
        return None if isinstance(named, Known) else named
    return named if segments[2] == ("lambda",) else None


def _may_be_function(ref: Ref) -> bool:
    """Whether a reference may be to a function: it has a Lambda ARN's shape, or none that is known."""
    segments = arn_parts(ref.shape.shape()) if ref.shape else None
    if segments is None:
        return True
    return segments[2] == ("lambda",) or segments[4] == ("lambda",)


def _as_value(text: Text, named: Value[str]) -> Value[str]:
    """A part of a text as a value, without the path that follows the function."""
    parts = text.parts
    if parts and isinstance(parts[-1], str):
        parts = text_of(*parts[:-1], parts[-1].removesuffix(_INVOCATIONS)).parts
    if all(isinstance(part, str) for part in parts):
        return Known("".join(map(str, parts)), named.origin)
    reason = named.reason if isinstance(named, Unknown) else "it is known only after deployment"
    return Unknown(reason, named.origin, Text(parts))


def _is_blank(text: Unknown) -> bool:
    """Whether nothing is known of a text."""
    return all(isinstance(part, Hole) for part in parts_of(text))


def _addresses(value: Value[str]) -> set[str]:
    """What a text refers to."""
    behind = value.behind if isinstance(value, Unknown) else (value.ref,) if value.ref else ()
    return {part.address for part in (*parts_of(value), *behind) if isinstance(part, Ref)}


def _present(value: Value[Any]) -> Value[Any]:
    """An optional text as a text; one that is not there is empty."""
    return Known("", value.origin) if isinstance(value, Known) and value.value is None else value


def _shown(value: Value[str]) -> str:
    return "".join(map(str, shape_of(value)))


def _any(answers: Iterator[bool | None]) -> bool | None:
    found = list(answers)
    return True if True in found else None if None in found else False


def _ends(text: Value[str], end: Shape) -> bool:
    """Whether a text ends as another does."""
    shape = comparable(text)
    if not end or len(shape) < len(end):
        return False
    first, *rest = end
    tail = shape[len(shape) - len(end) :]
    head = tail[0]
    same = head == first or (isinstance(head, str) and isinstance(first, str) and head.endswith(first))
    return same and list(tail[1:]) == rest
