"""An API passes as many requests on to its functions as the whole account is allowed.

## Why it matters

Without limits of its own a stage takes part in the account's limit only: 10,000 requests a second in
most regions, shared by all APIs. One client can use all of it up, so that every other API of the
account answers 429, and long before that it uses up the account's concurrent executions of Lambda,
or its owner's money. A limit near what the API is used for costs nothing.

The finding is softer, and shown from `strict` on, where something else bounds the damage: every
function behind the API has reserved concurrency, every route rejects strangers before a function
runs (IAM, JWT or Cognito), its only door asks for a client's certificate, or the API is private.

## What it does not see

Limits that are set elsewhere, and whether a limit is a sensible one; 0 blocks every request. A usage
plan counts only where every method asks for an API key, and a web ACL only if it is in this input and
has a rate-based rule. A limit on the rate or on the burst alone counts as one.

## Fix

Set a rate (requests a second) and a burst (requests at once): for a REST API in the stage's method
settings for `*/*`, for an HTTP or WebSocket API in the stage's default route settings. The fix writes 100 and
50, or `rate-limit` and `burst-limit` under `[fix]` in `stockade.toml`; choose what your clients need.

## Example

```hcl
resource "aws_apigatewayv2_stage" "live" {
  api_id      = aws_apigatewayv2_api.orders.id
  name        = "$default"
  auto_deploy = true
}

resource "aws_apigatewayv2_api" "orders" {
  name          = "orders"
  protocol_type = "HTTP"
  target        = "arn:aws:lambda:eu-west-1:123456789012:function:orders"
}
```

Use instead:

```hcl
resource "aws_apigatewayv2_stage" "live" {
  api_id      = aws_apigatewayv2_api.orders.id
  name        = "$default"
  auto_deploy = true

  default_route_settings {
    throttling_rate_limit  = 100
    throttling_burst_limit = 50
  }
}

resource "aws_apigatewayv2_api" "orders" {
  name          = "orders"
  protocol_type = "HTTP"
}

resource "aws_apigatewayv2_integration" "orders" {
  api_id           = aws_apigatewayv2_api.orders.id
  integration_type = "AWS_PROXY"
  integration_uri  = "arn:aws:lambda:eu-west-1:123456789012:function:orders"
}

resource "aws_apigatewayv2_route" "orders" {
  api_id    = aws_apigatewayv2_api.orders.id
  route_key = "$default"
  target    = "integrations/${aws_apigatewayv2_integration.orders.id}"
}
```
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final, Protocol

from stockade.checklist import Item
from stockade.control import (
    Add,
    Change,
    Fails,
    Fix,
    Holds,
    Noise,
    Put,
    Safety,
    Severity,
    Undecided,
    Verdict,
    control,
)
from stockade.model.api import Api, MethodSettings, Route, RouteLimit, Stage, UsagePlan
from stockade.model.world import World
from stockade.value import Known, Origin, Ref, Text, Unknown, Value

_BEFORE: Final = ("AWS_IAM", "JWT", "COGNITO_USER_POOLS")
"""Authorizations that API Gateway decides by itself, without running a function."""


class _Limited(Protocol):
    @property
    def rate_limit(self) -> Value[Decimal | None]: ...
    @property
    def burst_limit(self) -> Value[Decimal | None]: ...


@control(
    Stage,
    severity=Severity.MEDIUM,
    item=Item.PUBLIC_ENDPOINTS,
    since="0.1.0",
    references=(
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html",
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html",
    ),
)
def check(stage: Stage, world: World) -> Verdict | None:
    api = world.gateway.api_of(stage)
    if api is None:
        return None
    routes = [one for one in world.gateway.routes_of(api) if world.reaches_function(one)]
    if not routes:
        return None
    unsure: list[Unknown] = []
    for answer in _limits(stage, routes, world):
        match answer:
            case Unknown():
                unsure.append(answer)
            case origin:
                return Holds(origin)
    if unsure:
        return Undecided(unsure[0])
    if routes[0].doubt is not None and all(one.doubt is not None for one in routes):
        return Undecided(routes[0].doubt)
    return _fails(stage, routes, world)


def _limits(stage: Stage, routes: list[Route], world: World) -> Iterator[Origin | Unknown]:
    """What limits every one of the routes at a stage, or may."""
    yield from _limit(stage)
    yield from _by_route(stage, routes, world)
    for settings in world.gateway.settings_of(stage):
        if settings.doubt is not None:
            yield settings.doubt
    yield from _by_settings([s for s in world.gateway.settings_of(stage) if s.doubt is None], routes, world)
    if all(isinstance(one.needs_api_key, Known) and one.needs_api_key.value for one in routes):
        for plan in world.gateway.plans_of(stage):
            yield from (plan,) if isinstance(plan, Unknown) else _limit(plan)
    for association, acl in world.gateway.web_acls_of(stage):
        if acl is None:
            reason = "the web ACL is not in this input, and it may limit the rate"
            yield Unknown(reason, association.web_acl_arn.origin)
        elif isinstance(acl.rate_limits, Unknown) or acl.rate_limits.value:
            yield acl.rate_limits if isinstance(acl.rate_limits, Unknown) else acl.rate_limits.origin


def _limit(one: _Limited | UsagePlan) -> Iterator[Origin | Unknown]:
    """The limit that somebody wrote, on the rate or on the burst."""
    for value in (one.rate_limit, one.burst_limit):
        if isinstance(value, Unknown):
            yield value
        elif value.value is not None:
            yield value.origin


def _by_route(stage: Stage, routes: list[Route], world: World) -> Iterator[Origin | Unknown]:
    """The stage's settings for single routes, where they leave none out."""
    if isinstance(stage.route_limits, Unknown):
        yield stage.route_limits
        return
    written = [one for one in stage.route_limits.value if isinstance(one, RouteLimit)]
    yield from (one for one in stage.route_limits.value if isinstance(one, Unknown))
    found = {one.route_key.value: one for one in written if isinstance(one.route_key, Known)}
    yield from _every([found.get(world.gateway.label_of(route)) for route in routes])


def _by_settings(
    written: list[MethodSettings], routes: list[Route], world: World
) -> Iterator[Origin | Unknown]:
    """A REST API's method settings, where those for all methods or those for single ones limit each."""
    found: dict[str, MethodSettings] = {}
    for one in written:
        match one.method_path:
            case Known(path):
                found[path.replace("~1", "/").strip("/")] = one
            case Unknown() as gap:
                yield gap
    if "*/*" in found:
        yield from _limit(found["*/*"])
    yield from _every([found.get(_path(route, world)) for route in routes])


def _path(route: Route, world: World) -> str:
    """What method settings call a method: ``orders/POST``."""
    method = world.gateway.method_of(route)
    own = method.value if isinstance(method, Known) else ""
    return f"{world.gateway.path_of(route)}/{own}".strip("/").replace("//", "/")


def _every(limits: list[Any]) -> Iterator[Origin | Unknown]:
    """The first limit where every route has one; a limit that is not known is one, perhaps."""
    answers = [next(_limit(one), None) if one is not None else None for one in limits]
    if all(one is not None for one in answers):
        yield from (one for one in answers if isinstance(one, Unknown))
        yield from (one for one in answers if one is not None and not isinstance(one, Unknown))


def _fails(stage: Stage, routes: list[Route], world: World) -> Fails:
    which = f" `{stage.name.value}`" if isinstance(stage.name, Known) else ""
    message = (
        f"the stage{which} has no throttling of its own: only the account's limit for all APIs protects it"
    )
    softer = _softer(stage, routes, world)
    if softer:
        message = f"{message}, though {softer}"
    severity, noise = (Severity.LOW, Noise.STRICT) if softer else (None, None)
    because = stage.rate_limit.origin
    return Fails(message, because, _fix(stage, world), severity=severity, noise=noise)


def _softer(stage: Stage, routes: list[Route], world: World) -> str:
    """What else bounds the damage; empty where nothing does."""
    api = world.gateway.api_of(stage)
    if api is not None and world.gateway.is_private(api):
        return "the API is private"
    if api is not None and _asks_for_certificates(api, world):
        return "only clients with a certificate reach it"
    kinds = [one.authorization.value if isinstance(one.authorization, Known) else "" for one in routes]
    if all(one in _BEFORE for one in kinds):
        return "every route rejects strangers before a function runs"
    functions = {one for route in routes for one in world.functions_of(route)}
    reserved = [one.reserved_concurrency for one in functions]
    known_to_all = all(world.functions_of(route) for route in routes)
    if known_to_all and all(isinstance(one, Known) and one.value is not None for one in reserved):
        return "every function behind it has reserved concurrency"
    return ""


def _asks_for_certificates(api: Api, world: World) -> bool:
    """Whether the only door of an API is a domain that asks for a client's certificate."""
    closed = api.default_endpoint_disabled
    domains = world.gateway.domains_of(api)
    if not domains or isinstance(closed, Unknown) or not closed.value:
        return False
    return all(isinstance(one.truststore, Unknown) or one.truststore.value is not None for one in domains)


def _fix(stage: Stage, world: World) -> Fix | None:
    """Limits where the stage has its settings; none for a stage that an API brings along."""
    api = world.gateway.api_of(stage)
    if stage.key or api is None or isinstance(api.protocol, Unknown):
        return None
    rate, burst = world.choices.rate_limit, world.choices.burst_limit
    changes: tuple[Change, ...]
    if api.protocol.value != "REST":
        changes = (Put(stage.address, "rate_limit", rate), Put(stage.address, "burst_limit", burst))
    elif every := _for_all_methods(stage, world):
        changes = (
            Put(every.address, f"{every.within}rate_limit", rate),
            Put(every.address, f"{every.within}burst_limit", burst),
        )
    else:
        changes = (
            Add(
                "MethodSettings",
                stage.address,
                (
                    ("api_id", Text((Ref(api.address, "id"),))),
                    ("stage_name", Text((Ref(stage.address, "stage_name"),))),
                    ("method_path", "*/*"),
                    ("rate_limit", rate),
                    ("burst_limit", burst),
                ),
            ),
        )
    note = "what comes faster is answered with 429: is that above what your clients need at their peak?"
    return Fix(f"allow {rate} requests a second and bursts of {burst}", Safety.REVIEW, changes, note=note)


def _for_all_methods(stage: Stage, world: World) -> MethodSettings | None:
    for one in world.gateway.settings_of(stage):
        if isinstance(one.method_path, Known) and one.method_path.value == "*/*":
            return one
    return None
