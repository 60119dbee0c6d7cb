"""REST APIs: their methods, authorizers, stages and what is before those, usage plans and domain names."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from stockade.read.account.answer import Answer, Document, Present, Unread
from stockade.read.account.calls import API_GATEWAY, API_RESOURCES, Call
from stockade.read.account.scene import Scene
from stockade.read.account.ties import said, tied
from stockade.read.resource import Resource
from stockade.value import Known, Unknown, Value

_ACTION: Final = ("apigateway:GET",)
_NONE: Final = ("NotFoundException",)


def _call(operation: str, tells: str, items: str = "items", quota: Any = API_GATEWAY) -> Call:
    return Call("apigateway", operation, quota, tells, items, actions=_ACTION, absent=_NONE)


APIS: Final = _call("GetRestApis", "which REST APIs there are, their endpoints and resource policies")
RESOURCES: Final = _call("GetResources", "an API's paths, methods and what they call", quota=API_RESOURCES)
AUTHORIZERS: Final = _call("GetAuthorizers", "who tells an API's callers apart")
STAGES: Final = _call("GetStages", "an API's stages, their limits and web ACLs", "item")
PLANS: Final = _call("GetUsagePlans", "the limits of those who hold API keys")
DOMAINS: Final = _call("GetDomainNames", "domain names of one's own, and whether clients show certificates")
MAPPINGS: Final = _call("GetBasePathMappings", "which REST APIs answer at a domain name")
LIMITS: Final = _call(
    "GetAccount", "the limits of the account, which stages are told to have as if they were theirs", ""
)
CALLS: Final = (APIS, RESOURCES, AUTHORIZERS, STAGES, PLANS, DOMAINS, MAPPINGS, LIMITS)

_LIMITS: Final = {"throttlingRateLimit": "rateLimit", "throttlingBurstLimit": "burstLimit"}
"""A limit of a stage's methods -> the account's own."""

_API: Final = ("id", "name", "endpointConfiguration", "disableExecuteApiEndpoint", "policy")
_METHOD: Final = ("httpMethod", "authorizationType", "authorizerId", "apiKeyRequired")


def collect(scene: Scene) -> Iterable[Resource]:
    """Every REST API with what belongs to it. Where there is none, nothing else is asked."""
    listing = scene.listing(APIS)
    if listing.unread is not None:
        yield from _lost(scene, listing.unread)
    if not listing.items:
        return
    limits = scene.ask(LIMITS)
    for made in scene.each(listing.items, lambda one: tuple(_api(scene, one, limits))):
        yield from made
    yield from _plans(scene)
    yield from _domains(scene)


def root(scene: Scene) -> str:
    """What the ARNs of API Gateway begin with in this region; they have no account."""
    return f"arn:{scene.place.partition}:apigateway:{scene.place.region}::"


def _lost(scene: Scene, why: Unread) -> Iterator[Resource]:
    """What stands for APIs that could not be listed: one, and a method of it, of which nothing is known."""
    address, origin = f"{root(scene)}/restapis", why.value().origin
    own = said("", address, "id", origin)
    yield scene.unread("apigateway:GetRestApis", address, why, id=own)
    yield from _unread_methods(scene, address, own, why)
    yield from _unread_stages(scene, address, own, why)


def _api(scene: Scene, item: Mapping[str, Any], limits: Answer) -> Iterator[Resource]:
    identity = str(item.get("id", ""))
    address = f"{root(scene)}/restapis/{identity}"
    data = {name: item[name] for name in _API if name in item}
    if isinstance(data.get("policy"), str):
        data["policy"] = unescaped(data["policy"])
    document = scene.document(APIS, address, data, texts=("policy",))
    yield scene.resource("apigateway:GetRestApis", address, document)
    own = said(identity, address, "id", document.origin)
    yield from _methods(scene, address, own)
    yield from _authorizers(scene, address, own)
    yield from _stages(scene, address, own, limits)


def unescaped(policy: str) -> str:
    """A resource policy as JSON: API Gateway sends it with every quotation mark escaped."""
    if policy.lstrip().startswith('{\\"'):
        try:
            return str(json.loads(f'"{policy}"'))
        except ValueError:
            return policy
    return policy


def _methods(scene: Scene, api: str, own: Known[str]) -> Iterator[Resource]:
    about, identity = f"{api}/resources", own.value
    listing = scene.listing(RESOURCES, about, restApiId=identity, embed=["methods"])
    for one in listing.items:
        place = f"{about}/{one.get('id', '')}"
        methods = one.get("resourceMethods", {})
        for verb in sorted(methods):
            address = f"{place}/methods/{verb}"
            data = {name: methods[verb][name] for name in _METHOD if name in methods[verb]}
            data = {"path": one.get("path", ""), **data}
            if "methodIntegration" in methods[verb]:
                data["methodIntegration"] = _integration(methods[verb]["methodIntegration"])
            document = scene.document(RESOURCES, address, data)
            yield scene.resource("apigateway:GetMethod", address, document, restApiId=own)
    if listing.unread is not None:
        yield from _unread_methods(scene, api, own, listing.unread)


def _unread_methods(scene: Scene, api: str, own: Known[str], why: Unread) -> Iterator[Resource]:
    """Methods that were not listed: one that may call anything, and one for each function that lets it."""
    known: dict[str, Value[Any]] = {"restApiId": own}
    yield scene.unread("apigateway:GetMethod", f"{api}#methods", why, **known)
    for function in callable_by(scene, own.value):
        origin = why.value().origin
        block: dict[str, Value[Any]] = {"type": Known("AWS_PROXY", origin), "uri": Known(function, origin)}
        calls = Known(block, origin)
        place = f"{api}#methods of {function.rpartition(':')[2]}"
        yield scene.unread("apigateway:GetMethod", place, why, **known, methodIntegration=calls)


def callable_by(scene: Scene, api: str) -> list[str]:
    """The functions whose policies let an API call them, or may; any API where ``api`` is empty."""
    out: set[str] = set()
    for one in scene.found.get("policies", ()):
        principal, source = one.attributes.get("Principal"), one.attributes.get("SourceArn")
        function = one.attributes.get("FunctionName")
        if not isinstance(function, Known):
            continue
        by_gateway = not isinstance(principal, Known) or principal.value in ("apigateway.amazonaws.com", "*")
        named = (
            not api
            or not isinstance(source, Known)
            or f":{api}/" in str(source.value)
            or ":*" in str(source.value)
        )
        if by_gateway and named:
            out.add(":".join(str(function.value).split(":")[:7]))
    return sorted(out)


def _integration(written: Mapping[str, Any]) -> dict[str, Any]:
    """What a method calls; a URL elsewhere may have a secret in it, and says nothing of functions."""
    uri = str(written.get("uri", ""))
    out = {"type": written["type"]} if "type" in written else {}
    return {**out, "uri": uri} if uri.startswith("arn:") else out


def _authorizers(scene: Scene, api: str, own: Known[str]) -> Iterator[Resource]:
    listing = scene.listing(AUTHORIZERS, f"{api}/authorizers", restApiId=own.value)
    for one in listing.items:
        address = f"{api}/authorizers/{one.get('id', '')}"
        document = scene.document(AUTHORIZERS, address, _some(one, "id", "name", "type"))
        yield scene.resource("apigateway:GetAuthorizers", address, document, restApiId=own)
    if listing.unread is not None:
        yield scene.unread("apigateway:GetAuthorizers", f"{api}#authorizers", listing.unread, restApiId=own)


def _stages(scene: Scene, api: str, own: Known[str], limits: Answer) -> Iterator[Resource]:
    listing = scene.listing(STAGES, f"{api}/stages", restApiId=own.value)
    for one in listing.items:
        address = f"{api}/stages/{one.get('stageName', '')}"
        data = _some(one, "stageName", "webAclArn")
        settings = one.get("methodSettings") or {}
        data["methodSettings"] = {
            path: _some(of, "throttlingRateLimit", "throttlingBurstLimit") for path, of in settings.items()
        }
        document = scene.document(STAGES, address, data)
        yield scene.resource("apigateway:GetStages", address, document, restApiId=own)
        yield from _settings(scene, address, document, own, limits)
        if "webAclArn" in document.members:
            arn = said(address, address, "arn", document.origin)
            of = document.of("webAclArn")
            made = {"ResourceArn": arn, "WebACLArn": of["webAclArn"]}
            association = f"{address}#web-acl"
            yield Resource("api", "wafv2:ListResourcesForWebACL", association, made, of["webAclArn"].origin)
    if listing.unread is not None:
        yield from _unread_stages(scene, api, own, listing.unread)


def _unread_stages(scene: Scene, api: str, own: Known[str], why: Unread) -> Iterator[Resource]:
    """A stage that may be there, with settings and a web ACL that it may have."""
    address, origin = f"{api}#stages", why.value().origin
    yield scene.unread("apigateway:GetStages", address, why, restApiId=own)
    stage = said("", address, "name", origin)
    yield scene.unread("apigateway:UpdateStage", f"{address} settings", why, restApiId=own, stageName=stage)
    arn = said(address, address, "arn", origin)
    yield scene.unread("wafv2:ListResourcesForWebACL", f"{address} web-acl", why, ResourceArn=arn)


def _settings(
    scene: Scene, stage: str, document: Document, own: Known[str], limits: Answer
) -> Iterator[Resource]:
    written = document.members["methodSettings"]
    if not isinstance(written, Known) or not isinstance(written.value, dict):
        return
    region = Known(scene.place.region, document.origin)
    for path, of in written.value.items():
        if isinstance(of, Known) and isinstance(of.value, dict):
            name = path.replace("~1", "/").removeprefix("/")
            members: dict[str, Value[Any]] = {
                **_own(of.value, limits),
                "restApiId": own,
                "stageName": document.members["stageName"],
                "methodPath": Known(name, of.origin),
            }
            address = f"{stage}#settings of {name}"
            yield Resource("api", "apigateway:UpdateStage", address, members, of.origin, region=region)


def _own(limits: Mapping[str, Value[Any]], account: Answer) -> dict[str, Value[Any]]:
    """The limits that somebody set: settings without any are told to have those of the whole account."""
    out: dict[str, Value[Any]] = {}
    whole = account.data.get("throttleSettings", {}) if isinstance(account, Present) else {}
    for name, value in limits.items():
        most = whole.get(_LIMITS[name])
        if isinstance(account, Unread):
            out[name] = account.value()
        elif not isinstance(value, Known) or most is None or float(value.value) < float(most):
            out[name] = value
    return out


def _plans(scene: Scene) -> Iterator[Resource]:
    listing = scene.listing(PLANS)
    for one in listing.items:
        address = f"{root(scene)}/usageplans/{one.get('id', '')}"
        data = _some(one, "id", "throttle")
        data["apiStages"] = [_some(stage, "apiId", "stage") for stage in one.get("apiStages", [])]
        document = scene.document(PLANS, address, data)
        stages = _tied_stages(scene, document.members["apiStages"])
        yield scene.resource("apigateway:GetUsagePlans", address, document, apiStages=stages)
    if listing.unread is not None:
        yield scene.unread("apigateway:GetUsagePlans", f"{root(scene)}/usageplans", listing.unread)


def _tied_stages(scene: Scene, stages: Value[Any]) -> Value[Any]:
    if isinstance(stages, Unknown):
        return stages
    out: list[Value[Any]] = []
    for one in stages.value:
        if isinstance(one, Known) and isinstance(api := one.value.get("apiId"), Known):
            address = f"{root(scene)}/restapis/{api.value}"
            one = Known({**one.value, "apiId": tied(api, address, "id")}, one.origin)
        out.append(one)
    return Known(tuple(out), stages.origin)


def _domains(scene: Scene) -> Iterator[Resource]:
    listing = scene.listing(DOMAINS)
    if listing.unread is not None:
        yield scene.unread("apigateway:GetDomainNames", f"{root(scene)}/domainnames", listing.unread)
    for one in listing.items:
        name = str(one.get("domainName", ""))
        address = f"{root(scene)}/domainnames/{name}"
        document = scene.document(DOMAINS, address, _some(one, "domainName", "mutualTlsAuthentication"))
        yield scene.resource("apigateway:GetDomainNames", address, document)
        private = {"domainNameId": one["domainNameId"]} if one.get("domainNameId") else {}
        at = said(name, address, "id", document.origin)
        mapped = scene.listing(MAPPINGS, f"{address}/basepathmappings", domainName=name, **private)
        if mapped.unread is not None:
            lost = f"{address}#mappings"
            yield scene.unread("apigateway:GetBasePathMappings", lost, mapped.unread, domainName=at)
        for mapping in mapped.items:
            path = str(mapping.get("basePath", "(none)"))
            place = f"{address}/basepathmappings/{path}"
            found = scene.document(MAPPINGS, place, _some(mapping, "restApiId", "stage"))
            identity = found.members.get("restApiId")
            api = f"{root(scene)}/restapis/{mapping.get('restApiId', '')}"
            of = tied(identity, api, "id") or Unknown("the mapping names no API", found.origin)
            yield scene.resource("apigateway:GetBasePathMappings", place, found, restApiId=of, domainName=at)


def _some(data: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """The members that are there, of those that are looked at."""
    return {name: data[name] for name in names if data.get(name) is not None}
