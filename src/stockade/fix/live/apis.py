"""Commands for both API Gateways: who may call, how much, and at which endpoint."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from stockade.errors import FixError
from stockade.fix.live.plain import differ, given, member, text
from stockade.fix.live.shell import Command
from stockade.read.account.answer import Place
from stockade.read.resource import Resource

_DEPLOY: Final = "a REST API behaves so from its next deployment on (`aws apigateway create-deployment`)"


def _changed(before: Resource, after: Resource) -> list[str]:
    names = dict.fromkeys((*before.attributes, *after.attributes))
    return [one for one in names if differ(member(before, one), member(after, one))]


def _patch(path: str, value: Any) -> dict[str, str]:
    said = str(value).lower() if isinstance(value, bool) else str(value)
    return {"op": "replace", "path": path, "value": said}


def _after(address: str, what: str) -> str:
    """What follows a step of a path in an ARN."""
    steps = address.partition("#")[0].split("/")
    if what not in steps[:-1]:
        raise FixError(f"`{address}` does not say which of its {what} is meant")
    return steps[steps.index(what) + 1]


def rest_api(before: Resource, after: Resource, place: Place) -> Iterator[Command]:
    """The default endpoint of a REST API."""
    if _changed(before, after) != ["disableExecuteApiEndpoint"]:
        raise FixError("more of the API would be changed than a call changes")
    patch = [_patch("/disableExecuteApiEndpoint", given(after, "disableExecuteApiEndpoint"))]
    options = {"rest-api-id": _after(before.address, "restapis"), "patch-operations": patch}
    yield Command("apigateway", "update-rest-api", options, place.region, _DEPLOY)


def method(before: Resource, after: Resource, place: Place) -> Iterator[Command]:
    """Who may call a method of a REST API."""
    patch = []
    for name in _changed(before, after):
        if name not in ("authorizationType", "authorizerId"):
            raise FixError("more of the method would be changed than who may call it")
        patch.append(_patch(f"/{name}", text(after, name)))
    options = {
        "rest-api-id": _after(before.address, "restapis"),
        "resource-id": _after(before.address, "resources"),
        "http-method": _after(before.address, "methods"),
        "patch-operations": patch,
    }
    yield Command("apigateway", "update-method", options, place.region, _DEPLOY)


def settings(before: Resource, after: Resource, place: Place) -> Iterator[Command]:
    """The limits of a stage of a REST API, for the methods that its settings are for."""
    limits = {name: given(after, name) for name in _changed(before, after)}
    api, stage = given(before, "restApiId"), given(before, "stageName")
    yield from _limited(api, stage, given(before, "methodPath"), limits, place)


_LIMITS: Final = {
    "rate_limit": "throttlingRateLimit",
    "burst_limit": "throttlingBurstLimit",
}
_PATHS: Final = {"throttlingRateLimit": "rateLimit", "throttlingBurstLimit": "burstLimit"}


def new_settings(of: Mapping[str, Any], place: Place) -> Iterator[Command]:
    """Limits of a stage that has none."""
    limits = {_LIMITS[name]: of[name] for name in _LIMITS if name in of}
    yield from _limited(of["api_id"], of["stage_name"], of["method_path"], limits, place)


def _limited(api: str, stage: str, methods: str, limits: Mapping[str, Any], place: Place) -> Iterator[Command]:
    resource, _, verb = methods.rpartition("/")
    where = "*" if resource == "*" else f"~1{resource.replace('/', '~1')}"
    patch = [_patch(f"/{where}/{verb}/throttling/{_PATHS[name]}", value) for name, value in limits.items()]
    options = {"rest-api-id": api, "stage-name": stage, "patch-operations": patch}
    yield Command("apigateway", "update-stage", options, place.region)


def http_api(before: Resource, after: Resource, place: Place) -> Iterator[Command]:
    """The default endpoint and the CORS rules of an HTTP API; the rules are given whole."""
    options: dict[str, Any] = {"api-id": _after(before.address, "apis")}
    for name in _changed(before, after):
        match name:
            case "DisableExecuteApiEndpoint":
                options["disable-execute-api-endpoint"] = bool(given(after, name))
            case "CorsConfiguration":
                options["cors-configuration"] = given(after, name)
            case _:
                raise FixError(f"`{name}` of an API is not changed so")
    yield Command("apigatewayv2", "update-api", options, place.region)


def route(before: Resource, after: Resource, place: Place) -> Iterator[Command]:
    """Who may call a route of an HTTP API."""
    options: dict[str, Any] = {
        "api-id": _after(before.address, "apis"),
        "route-id": _after(before.address, "routes"),
    }
    for name in _changed(before, after):
        match name:
            case "AuthorizationType":
                options["authorization-type"] = text(after, name)
            case "AuthorizerId":
                options["authorizer-id"] = text(after, name)
            case _:
                raise FixError(f"`{name}` of a route is not changed so")
    yield Command("apigatewayv2", "update-route", options, place.region)


def http_stage(before: Resource, after: Resource, place: Place) -> Iterator[Command]:
    """The limits of a stage of an HTTP API, with its other default settings as they are."""
    options: dict[str, Any] = {
        "api-id": _after(before.address, "apis"),
        "stage-name": _after(before.address, "stages"),
    }
    for name in _changed(before, after):
        match name:
            case "DefaultRouteSettings":
                options["default-route-settings"] = given(after, name)
            case "RouteSettings":
                options["route-settings"] = given(after, name)
            case _:
                raise FixError(f"`{name}` of a stage is not changed so")
    yield Command("apigatewayv2", "update-stage", options, place.region)
