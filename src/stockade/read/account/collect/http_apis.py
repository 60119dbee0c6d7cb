"""HTTP and WebSocket APIs: their routes, integrations, authorizers and stages, and domain names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from stockade.read.account.answer import Unread
from stockade.read.account.calls import API_GATEWAY, Call
from stockade.read.account.collect.rest_apis import callable_by, root
from stockade.read.account.scene import Scene
from stockade.read.account.ties import said, tied
from stockade.read.resource import Resource
from stockade.value import Known, Ref, Unknown, Value


def _call(operation: str, tells: str) -> Call:
    actions, absent = ("apigateway:GET",), ("NotFoundException",)
    return Call("apigatewayv2", operation, API_GATEWAY, tells, "Items", actions=actions, absent=absent)


APIS: Final = _call("GetApis", "which HTTP and WebSocket APIs there are")
ROUTES: Final = _call("GetRoutes", "an API's routes, and who may call them")
INTEGRATIONS: Final = _call("GetIntegrations", "what an API's routes call")
AUTHORIZERS: Final = _call("GetAuthorizers", "who tells an API's callers apart")
STAGES: Final = _call("GetStages", "an API's stages and their limits")
DOMAINS: Final = _call("GetDomainNames", "domain names of one's own, and whether clients show certificates")
MAPPINGS: Final = _call("GetApiMappings", "which APIs answer at a domain name")
CALLS: Final = (APIS, ROUTES, INTEGRATIONS, AUTHORIZERS, STAGES, DOMAINS, MAPPINGS)

_API: Final = ("ApiId", "Name", "ProtocolType", "DisableExecuteApiEndpoint", "CorsConfiguration")
_ROUTE: Final = ("RouteId", "RouteKey", "Target", "AuthorizationType", "AuthorizerId", "ApiKeyRequired")
_STAGE: Final = ("StageName", "DefaultRouteSettings", "RouteSettings")
_INTEGRATION: Final = ("IntegrationId", "IntegrationType", "IntegrationSubtype", "IntegrationUri")


def collect(scene: Scene) -> Iterable[Resource]:
    """Every such API with what belongs to it. Where there is none, nothing else is asked."""
    listing = scene.listing(APIS)
    if listing.unread is not None:
        address, why = f"{root(scene)}/apis", listing.unread
        own = said("", address, "id", why.value().origin)
        yield scene.unread("apigatewayv2:GetApis", address, why, ApiId=own)
        yield from _unread_routes(scene, address, own, why)
        yield scene.unread("apigatewayv2:GetStages", f"{address}#stages", why, ApiId=own)
    if not listing.items:
        return
    for made in scene.each(listing.items, lambda one: tuple(_api(scene, one))):
        yield from made
    yield from _domains(scene)


def _api(scene: Scene, item: Mapping[str, Any]) -> Iterator[Resource]:
    identity = str(item.get("ApiId", ""))
    address = f"{root(scene)}/apis/{identity}"
    document = scene.document(APIS, address, _some(item, _API))
    yield scene.resource("apigatewayv2:GetApis", address, document)
    own = said(identity, address, "id", document.origin)
    for call, part, key, names in (
        (INTEGRATIONS, "integrations", "IntegrationId", _INTEGRATION),
        (ROUTES, "routes", "RouteId", _ROUTE),
        (AUTHORIZERS, "authorizers", "AuthorizerId", ("AuthorizerId", "Name", "AuthorizerType")),
        (STAGES, "stages", "StageName", _STAGE),
    ):
        listing = scene.listing(call, f"{address}/{part}", ApiId=identity)
        for one in listing.items:
            yield _part(scene, call, address, f"{part}/{one.get(key, '')}", _some(one, names), own)
        if listing.unread is not None:
            if call in (ROUTES, INTEGRATIONS):
                yield from _unread_routes(scene, address, own, listing.unread)
            if call is not ROUTES:
                yield scene.unread(call.name, f"{address}#{part}", listing.unread, ApiId=own)


def _part(scene: Scene, call: Call, api: str, name: str, data: dict[str, Any], own: Known[str]) -> Resource:
    """One thing of an API; a URL elsewhere may have a secret in it, and says nothing of functions."""
    if not str(data.get("IntegrationUri", "arn:")).startswith("arn:"):
        del data["IntegrationUri"]
    address = f"{api}/{name}"
    document = scene.document(call, address, data)
    more: dict[str, Value[Any]] = {"ApiId": own}
    target = str(data.get("Target", ""))
    if target.startswith("integrations/") and (
        led := tied(document.members["Target"], f"{api}/{target}", "id")
    ):
        more["Target"] = led
    return scene.resource(call.name, address, document, **more)


def _unread_routes(scene: Scene, api: str, own: Known[str], why: Unread) -> Iterator[Resource]:
    """Routes that were not listed: one that may call anything, and one for each function that lets it."""
    known: dict[str, Value[Any]] = {"ApiId": own}
    yield scene.unread("apigatewayv2:GetRoutes", f"{api}#routes", why, **known)
    for function in callable_by(scene, own.value):
        origin = why.value().origin
        name = function.rpartition(":")[2]
        made = f"{api}#integration of {name}"
        uri = {"IntegrationType": Known("AWS_PROXY", origin), "IntegrationUri": Known(function, origin)}
        yield scene.unread("apigatewayv2:GetIntegrations", made, why, **known, **uri)
        target = Known(made, origin, Ref(made, "id"))
        yield scene.unread("apigatewayv2:GetRoutes", f"{api}#routes of {name}", why, **known, Target=target)


def _domains(scene: Scene) -> Iterator[Resource]:
    listing = scene.listing(DOMAINS)
    if listing.unread is not None:
        yield scene.unread("apigatewayv2:GetDomainNames", f"{root(scene)}/domainnames", listing.unread)
    for one in listing.items:
        name = str(one.get("DomainName", ""))
        address = f"{root(scene)}/domainnames/{name}"
        document = scene.document(DOMAINS, address, _some(one, ("DomainName", "MutualTlsAuthentication")))
        yield scene.resource("apigatewayv2:GetDomainNames", address, document)
        at = said(name, address, "id", document.origin)
        mapped = scene.listing(MAPPINGS, f"{address}/apimappings", DomainName=name)
        if mapped.unread is not None:
            yield scene.unread(
                "apigatewayv2:GetApiMappings", f"{address}#mappings", mapped.unread, DomainName=at
            )
        for mapping in mapped.items:
            place = f"{address}/apimappings/{mapping.get('ApiMappingId', '')}"
            found = scene.document(MAPPINGS, place, _some(mapping, ("ApiId", "Stage")))
            api = f"{root(scene)}/apis/{mapping.get('ApiId', '')}"
            of = tied(found.members.get("ApiId"), api, "id")
            none = Unknown("the mapping names no API", found.origin)
            yield scene.resource("apigatewayv2:GetApiMappings", place, found, ApiId=of or none, DomainName=at)


def _some(data: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """The members that are there, of those that are looked at."""
    return {name: data[name] for name in names if data.get(name) is not None}
