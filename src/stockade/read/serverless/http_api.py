"""HTTP APIs and WebSocket APIs: what ``httpApi`` and ``websocket`` events make of API Gateway."""

from __future__ import annotations

from typing import Any

from stockade.read.cloudformation.nodes import Fields, Node, member, span
from stockade.read.serverless import naming
from stockade.read.serverless.cors import cors
from stockade.read.serverless.nodes import ABSENT, arn, is_later, items, made, or_absent
from stockade.read.serverless.service import FunctionSpec, Service, truth
from stockade.read.serverless.variables import scalar_text
from stockade.source import Span


def make(service: Service) -> None:
    """Make the HTTP API and the WebSocket API of a service whose functions have such events."""
    for function in service.functions:
        for event in items(function.get("events")):
            if isinstance(event, Fields) and len(event.members) == 1:
                ((kind, node),) = event.members.items()
                if kind == "httpApi":
                    _route(service, function, node, event.key(kind))
                elif kind == "websocket":
                    _websocket(service, function, node, event.key(kind))


def _route(service: Service, function: FunctionSpec, node: Node, at: Span) -> None:
    key = scalar_text(node)
    if key is None:
        method = scalar_text(member(node, "method")) or "*"
        path = scalar_text(member(node, "path"))
        if path is None or is_later(node):
            service.tell(f"an event of the function `{function.name}`", "its path is not known", at)
            return
        key = "*" if path == "*" else f"{method} {path}"
    method, _, path = key.strip().partition(" ")
    key = "*" if key.strip() == "*" else f"{'ANY' if method == '*' else method.upper()} {path.strip()}"
    api = _http_api(service, at)
    integration = f"HttpApiIntegration{naming.normal(function.name)}"
    target = service.target(function.name, at)
    properties: dict[str, Any] = {
        "ApiId": api,
        "IntegrationType": "AWS_PROXY",
        "IntegrationUri": target,
        "PayloadFormatVersion": or_absent(service.provider("httpApi", "payload")),
    }
    service.add(integration, "AWS::ApiGatewayV2::Integration", properties, at)
    kind, authorizer = _authorization(service, api, member(node, "authorizer"))
    properties = {
        "ApiId": api,
        "RouteKey": "$default" if key == "*" else key,
        "Target": {"Fn::Join": ["/", ["integrations", {"Ref": integration}]]},
        "AuthorizationType": kind,
        "AuthorizerId": authorizer,
    }
    name = f"HttpApiRoute{naming.path(key) if key != '*' else 'Default'}"
    service.add(name, "AWS::ApiGatewayV2::Route", properties, at)
    source = _execution(api, "/*", at)
    permission = f"{naming.normal(function.name)}LambdaPermissionHttpApi"
    service.permit(permission, function.name, "apigateway.amazonaws.com", at, SourceArn=source)


def _execution(api: Any, end: str, at: Span) -> Node:
    region, account = {"Ref": "AWS::Region"}, {"Ref": "AWS::AccountId"}
    return arn("execute-api:", region, ":", account, ":", api, end, at=at)


def _http_api(service: Service, at: Span) -> Any:
    """The API's ID: one that is shared, or that of the API which is made, once."""
    settings = service.provider("httpApi")
    shared = member(settings, "id")
    if shared is not None:
        return shared
    if naming.HTTP_API not in service.resources:
        place = service.place("provider", "httpApi") if settings is not None else at
        name = member(settings, "name") or service.text(service.stage, "-", service.name, at=place)
        properties = {
            "Name": name,
            "ProtocolType": "HTTP",
            "CorsConfiguration": cors(member(settings, "cors"), _methods(service)),
            "DisableExecuteApiEndpoint": or_absent(member(settings, "disableDefaultEndpoint")),
        }
        service.add(naming.HTTP_API, "AWS::ApiGatewayV2::Api", properties, place)
        stage = {"ApiId": {"Ref": naming.HTTP_API}, "StageName": "$default", "AutoDeploy": True}
        service.add("HttpApiStage", "AWS::ApiGatewayV2::Stage", stage, place)
    return {"Ref": naming.HTTP_API}


def _methods(service: Service) -> tuple[str, ...]:
    """The methods of all routes, which is what the Framework allows."""
    found = {"OPTIONS": None}
    for function in service.functions:
        for event in items(function.get("events")):
            node = member(event, "httpApi")
            key = scalar_text(node) or f"{scalar_text(member(node, 'method')) or '*'} "
            if node is not None:
                found[key.partition(" ")[0].upper()] = None
    every = ("OPTIONS", "DELETE", "GET", "HEAD", "PATCH", "POST", "PUT")
    return every if "*" in found else tuple(found)


def _authorization(service: Service, api: Any, written: Node | None) -> tuple[Any, Any]:
    """The type of authorization of a route and its authorizer, which is made where it has to be."""
    if written is None or not truth(written):
        return "NONE", ABSENT
    at = span(written)
    if is_later(written):
        return written, ABSENT
    kind, given = scalar_text(member(written, "type")) or "", member(written, "id")
    if kind == "aws_iam" or scalar_text(written) == "aws_iam":
        return made("AWS_IAM", at), ABSENT
    if given is not None:
        return made("CUSTOM" if kind == "request" else "JWT", at), given
    name = scalar_text(written) or scalar_text(member(written, "name")) or ""
    declared = service.provider("httpApi", "authorizers", name)
    if declared is None:
        return made("JWT" if kind != "request" else "CUSTOM", at), ABSENT
    own = f"HttpApiAuthorizer{naming.normal(name)}"
    if own not in service.resources:
        _authorizer(service, api, own, name, declared)
    requested = scalar_text(member(declared, "type")) == "request"
    return made("CUSTOM" if requested else "JWT", at), {"Ref": own}


def _authorizer(service: Service, api: Any, own: str, name: str, declared: Node) -> None:
    at = service.place("provider", "httpApi", "authorizers", name)
    properties: dict[str, Any] = {"ApiId": api, "Name": name, "AuthorizerType": "JWT"}
    if scalar_text(member(declared, "type")) != "request":
        properties["JwtConfiguration"] = {
            "Audience": list(items(member(declared, "audience"))),
            "Issuer": or_absent(member(declared, "issuerUrl")),
        }
        service.add(own, "AWS::ApiGatewayV2::Authorizer", properties, at)
        return
    function = scalar_text(member(declared, "functionName"))
    target: Any = member(declared, "functionArn")
    if target is None and function is not None:
        target = service.target(function, at)
        if service.function(function) is not None:
            permission = f"{naming.normal(name)}LambdaAuthorizerPermissionHttpApi"
            source = _execution(api, "/*", at)
            service.permit(permission, function, "apigateway.amazonaws.com", at, SourceArn=source)
    path = ("apigateway:", {"Ref": "AWS::Region"}, ":lambda:path/2015-03-31/functions/")
    uri = ABSENT if target is None else arn(*path, target, "/invocations", at=at)
    properties |= {"AuthorizerType": "REQUEST", "AuthorizerUri": uri}
    service.add(own, "AWS::ApiGatewayV2::Authorizer", properties, at)


# --------------------------------------------------------------------------------------- WebSockets


def _websocket(service: Service, function: FunctionSpec, node: Node, at: Span) -> None:
    key = scalar_text(node) or scalar_text(member(node, "route"))
    if key is None:
        service.tell(f"an event of the function `{function.name}`", "its route is not known", at)
        return
    api = service.provider("apiGateway", "websocketApiId") or {"Ref": naming.WEBSOCKETS}
    if isinstance(api, dict) and naming.WEBSOCKETS not in service.resources:
        name = service.provider("websocketsApiName") or service.text(
            service.stage, "-", service.name, "-websockets", at=at
        )
        selection = service.provider("websocketsApiRouteSelectionExpression")
        properties: dict[str, Any] = {
            "Name": name,
            "ProtocolType": "WEBSOCKET",
            "RouteSelectionExpression": selection or "$request.body.action",
        }
        service.add(naming.WEBSOCKETS, "AWS::ApiGatewayV2::Api", properties, at)
        stage = {"ApiId": api, "StageName": service.stage}
        service.add("WebsocketsDeploymentStage", "AWS::ApiGatewayV2::Stage", stage, at)
    normal = naming.normal(function.name)
    target = service.target(function.name, at)
    path = ("apigateway:", {"Ref": "AWS::Region"}, ":lambda:path/2015-03-31/functions/")
    uri = arn(*path, target, "/invocations", at=at)
    properties = {"ApiId": api, "IntegrationType": "AWS_PROXY", "IntegrationUri": uri}
    service.add(f"{normal}WebsocketsIntegration", "AWS::ApiGatewayV2::Integration", properties, at)
    kind, authorizer = _websocket_authorization(service, api, member(node, "authorizer"))
    properties = {
        "ApiId": api,
        "RouteKey": key,
        "Target": {"Fn::Join": ["/", ["integrations", {"Ref": f"{normal}WebsocketsIntegration"}]]},
        "AuthorizationType": kind,
        "AuthorizerId": authorizer,
    }
    service.add(f"{naming.websocket(key)}WebsocketsRoute", "AWS::ApiGatewayV2::Route", properties, at)
    # The Framework scopes this one to nothing: any API of anybody may use it.
    service.permit(f"{normal}LambdaPermissionWebsockets", function.name, "apigateway.amazonaws.com", at)


def _websocket_authorization(service: Service, api: Any, written: Node | None) -> tuple[Any, Any]:
    if written is None or not truth(written):
        return "NONE", ABSENT
    at = span(written)
    if is_later(written):
        return written, ABSENT
    plain = scalar_text(written)
    if (plain or scalar_text(member(written, "type")) or "").upper() == "AWS_IAM":
        return made("AWS_IAM", at), ABSENT
    name = plain if plain and ":" not in plain else scalar_text(member(written, "name")) or "auth"
    target = written if plain and ":" in plain else member(written, "arn")
    called = target if target is not None else made(service.target(name, at), at)
    path = ("apigateway:", {"Ref": "AWS::Region"}, ":lambda:path/2015-03-31/functions/")
    own = f"{naming.normal(name)}WebsocketsAuthorizer"
    properties = {
        "ApiId": api,
        "Name": name,
        "AuthorizerType": "REQUEST",
        "AuthorizerUri": arn(*path, called, "/invocations", at=at),
    }
    service.add(own, "AWS::ApiGatewayV2::Authorizer", properties, at)
    if target is None and service.function(name) is not None:
        service.permit(f"{naming.normal(name)}LambdaPermissionWebsockets", name, "apigateway.amazonaws.com", at)
    return made("CUSTOM", at), {"Ref": own}
