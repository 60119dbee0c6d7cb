"""REST APIs: what ``http`` events make of API Gateway, with authorizers, keys and usage plans."""

from __future__ import annotations

from typing import Any, Final

from stockade.read.cloudformation.nodes import Fields, Items, Node, Scalar, member, span
from stockade.read.serverless import naming
from stockade.read.serverless.nodes import ABSENT, arn, is_later, items, later, made, or_absent
from stockade.read.serverless.service import FunctionSpec, Service, truth
from stockade.read.serverless.variables import scalar_text
from stockade.records import dataclass
from stockade.source import Span

_INVOCATIONS: Final = ("apigateway:", {"Ref": "AWS::Region"}, ":lambda:path/2015-03-31/functions/")
_KINDS: Final = {
    "lambda-proxy": "AWS_PROXY",
    "aws-proxy": "AWS_PROXY",
    "lambda": "AWS",
    "aws": "AWS",
    "http": "HTTP",
    "http-proxy": "HTTP_PROXY",
    "mock": "MOCK",
}


@dataclass(frozen=True, slots=True)
class _Event:
    """One ``http`` event. ``node`` is what is written of it, ``at`` where it is."""

    function: FunctionSpec
    node: Node
    at: Span
    method: str
    path: str


def make(service: Service) -> None:
    """Make the REST API of a service that has ``http`` events."""
    events = [one for function in service.functions for one in _events(service, function)]
    if not events:
        return
    api = _api(service, events[0].at)
    made_paths: set[str] = set()
    made_cors: set[str] = set()
    for event in events:
        resource = _resource(service, api, event, made_paths)
        _method(service, api, event, resource)
        if truth(member(event.node, "cors")) and event.path not in made_cors:
            made_cors.add(event.path)
            _preflight(service, api, event, resource)
        service.permit(
            f"{naming.normal(event.function.name)}LambdaPermissionApiGateway",
            event.function.name,
            "apigateway.amazonaws.com",
            event.at,
            SourceArn=_execution(api, event.at),
        )
    at = events[0].at
    settings: Any = ABSENT
    properties = {"RestApiId": api, "StageName": service.stage, "StageDescription": settings}
    service.add("ApiGatewayDeployment", "AWS::ApiGateway::Deployment", properties, at)
    _plans(service, api)


def _events(service: Service, function: FunctionSpec) -> list[_Event]:
    out = []
    for one in items(function.get("events")):
        node = member(one, "http")
        if not isinstance(one, Fields) or node is None:
            continue
        at = one.key("http")
        plain = scalar_text(node)
        if plain is not None:
            method, _, path = plain.strip().partition(" ")
        else:
            method, path = scalar_text(member(node, "method")) or "", scalar_text(member(node, "path")) or ""
        if is_later(node) or not method:
            service.tell(f"an event of the function `{function.name}`", "its method or path is not known", at)
            continue
        out.append(_Event(function, node, at, method.strip().upper(), path.strip().strip("/")))
    return out


def _api(service: Service, at: Span) -> Any:
    """The API's ID: one that is shared, or that of the API which is made."""
    settings = service.provider("apiGateway")
    shared = member(settings, "restApiId")
    if shared is not None:
        return shared
    place = service.place("provider", "apiGateway") if settings is not None else at
    kind = service.provider("endpointType") or member(settings, "endpointType")
    policy = member(settings, "resourcePolicy") or service.provider("resourcePolicy")
    name = service.provider("apiName") or service.text(service.stage, "-", service.name, at=place)
    properties = {
        "Name": name,
        "EndpointConfiguration": {"Types": [kind if kind is not None else "EDGE"]},
        "Policy": ABSENT
        if policy is None
        else made({"Version": "2012-10-17", "Statement": policy}, span(policy)),
        "DisableExecuteApiEndpoint": or_absent(member(settings, "disableDefaultEndpoint")),
    }
    service.add(naming.REST_API, "AWS::ApiGateway::RestApi", properties, place)
    return {"Ref": naming.REST_API}


def _execution(api: Any, at: Span) -> Node:
    region, account = {"Ref": "AWS::Region"}, {"Ref": "AWS::AccountId"}
    return arn("execute-api:", region, ":", account, ":", api, "/*/*", at=at)


def _root(service: Service, api: Any) -> Any:
    written = service.provider("apiGateway", "restApiRootResourceId")
    if written is not None:
        return written
    if isinstance(api, dict):
        return {"Fn::GetAtt": [naming.REST_API, "RootResourceId"]}
    return later("the root of a shared API is known to who makes it", service.provider_at)


def _resource(service: Service, api: Any, event: _Event, done: set[str]) -> Any:
    """The resource of an event's path; those on the way to it are made once."""
    parent = _root(service, api)
    shared = service.provider("apiGateway", "restApiResources")
    path = ""
    for segment in event.path.split("/") if event.path else ():
        path = f"{path}/{segment}" if path else segment
        known = member(shared, path) or member(shared, f"/{path}")
        if known is not None:
            parent = known
            continue
        name = f"ApiGatewayResource{naming.path(path)}"
        if path not in done:
            done.add(path)
            properties = {"RestApiId": api, "ParentId": parent, "PathPart": segment}
            service.add(name, "AWS::ApiGateway::Resource", properties, event.at)
        parent = {"Ref": name}
    return parent


def _method(service: Service, api: Any, event: _Event, resource: Any) -> None:
    node = event.node
    kind, authorizer = _authorization(service, api, event)
    proxy = (scalar_text(member(node, "integration")) or "lambda-proxy").lower().replace("_", "-")
    target = service.target(event.function.name, event.at)
    called = arn(*_INVOCATIONS, target, "/invocations", at=event.at)
    integration: dict[str, Any] = {"Type": _KINDS.get(proxy, "AWS_PROXY")}
    if integration["Type"].startswith("AWS"):
        integration |= {"IntegrationHttpMethod": "POST", "Uri": called}
    else:
        integration["Uri"] = or_absent(member(node, "request", "uri"))
    properties = {
        "RestApiId": api,
        "ResourceId": resource,
        "HttpMethod": event.method,
        "AuthorizationType": kind,
        "AuthorizerId": authorizer,
        "ApiKeyRequired": or_absent(member(node, "private")),
        "Integration": integration,
    }
    place = f"ApiGatewayMethod{naming.path(event.path)}{event.method.capitalize()}"
    service.add(place, "AWS::ApiGateway::Method", properties, event.at)


def _preflight(service: Service, api: Any, event: _Event, resource: Any) -> None:
    properties = {
        "RestApiId": api,
        "ResourceId": resource,
        "HttpMethod": "OPTIONS",
        "AuthorizationType": "NONE",
        "Integration": {"Type": "MOCK"},
    }
    at = event.node.key("cors") if isinstance(event.node, Fields) else event.at
    service.add(f"ApiGatewayMethod{naming.path(event.path)}Options", "AWS::ApiGateway::Method", properties, at)


# ----------------------------------------------------------------------------------- authorization


def _authorization(service: Service, api: Any, event: _Event) -> tuple[Any, Any]:
    """The type of authorization of a method and its authorizer, which is made where it has to be."""
    written = member(event.node, "authorizer")
    if written is None or not truth(written):
        return "NONE", ABSENT
    at = span(written)
    if is_later(written):
        return written, ABSENT
    plain = scalar_text(written)
    if plain is not None and plain.upper() == "AWS_IAM":
        return made("AWS_IAM", at), ABSENT
    kind = (scalar_text(member(written, "type")) or "").upper()
    if kind == "AWS_IAM":
        return made("AWS_IAM", at), ABSENT
    given = member(written, "authorizerId")
    if given is not None:
        return made("CUSTOM" if kind in ("TOKEN", "REQUEST") else kind or "CUSTOM", at), given
    target = written if plain is not None and ":" in plain else member(written, "arn")
    named = plain if plain is not None and ":" not in plain else scalar_text(member(written, "name"))
    users = kind == "COGNITO_USER_POOLS" or ":cognito-idp:" in (scalar_text(target) or "")
    if named is None:
        tail = (scalar_text(target) or "").rpartition(":")[2]
        named = tail.rpartition("-")[2] or tail or "Authorizer"
    name = f"{naming.normal(named)}ApiGatewayAuthorizer"
    properties: dict[str, Any] = {"RestApiId": api, "Name": named}
    if users:
        properties |= {"Type": "COGNITO_USER_POOLS", "ProviderARNs": [target if target is not None else named]}
    else:
        called = target if target is not None else made(service.target(named, at), at)
        properties |= {
            "Type": kind or "TOKEN",
            "AuthorizerUri": arn(*_INVOCATIONS, called, "/invocations", at=at),
        }
        if target is None and service.function(named) is not None:
            permission = f"{naming.normal(named)}LambdaPermissionApiGateway"
            source = _execution(api, at)
            service.permit(permission, named, "apigateway.amazonaws.com", at, SourceArn=source)
    service.add(name, "AWS::ApiGateway::Authorizer", properties, at)
    return made("COGNITO_USER_POOLS" if users else "CUSTOM", at), {"Ref": name}


# -------------------------------------------------------------------------------------- usage plans


def _plans(service: Service, api: Any) -> None:
    settings = service.provider("apiGateway")
    keys = member(settings, "apiKeys") or service.provider("apiKeys")
    plan = member(settings, "usagePlan") or service.provider("usagePlan")
    if plan is None and keys is None:
        return
    cause = plan if plan is not None else keys
    at = span(cause) if cause is not None else service.at
    plans: list[tuple[str, Node | None]] = [("", plan)]
    if isinstance(plan, Items):
        plans = [
            (next(iter(one.members)), next(iter(one.members.values())))
            for one in plan.items
            if isinstance(one, Fields) and one.members
        ]
    for name, node in plans:
        throttle = member(node, "throttle")
        limits: Any = ABSENT
        if throttle is not None and not isinstance(throttle, Scalar):
            rate, burst = member(throttle, "rateLimit"), member(throttle, "burstLimit")
            limits = {"RateLimit": or_absent(rate), "BurstLimit": or_absent(burst)}
        properties = {"ApiStages": [{"ApiId": api, "Stage": service.stage}], "Throttle": limits}
        service.add(
            f"ApiGatewayUsagePlan{naming.upper_first(name)}", "AWS::ApiGateway::UsagePlan", properties, at
        )
