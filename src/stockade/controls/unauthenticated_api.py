"""Anyone on the internet may call the function through an API.

## Why it matters

A route without authorization passes every request on. Whoever finds the address, and scanners find
all of them, runs your code with its role, at your cost, and reads or changes whatever the route
offers. An API key is no authentication: it is sent in the clear by every client, and AWS says not to
use it as one. What is written as `security` in an OpenAPI document counts only where API Gateway
checks it: at the operation, with a scheme that names an authorizer. The `security` at the root of the
document has no effect in a REST API.

A route that changes things (`PUT`, `PATCH`, `DELETE`) weighs more than `POST` or `ANY`. Routes that
only read, and those that are open by their nature, such as a login, a contact form, a webhook or a
health check, are shown from `strict` on; so are private APIs, routes that ask for an API key, and
routes for any method of an API that serves a web site (`/favicon.ico`, `/static/`): browsers that visit
pages bring no tokens.

## What it does not see

Whether the function authenticates by itself, as a webhook does that checks a signature: accept the
finding with that reason. Whether an authorizer lets in the right callers. `OPTIONS` is left alone, as
browsers send it without credentials. At a WebSocket API only `$connect` is asked, since it opens the
connection that all other routes use. A resource policy that lets in some networks or accounts and
not others counts as protection, whichever these are.

## Fix

Set the authorization type: `AWS_IAM` for callers with AWS credentials, `JWT` or `COGNITO_USER_POOLS`
for users, `CUSTOM` for a Lambda authorizer. Where the API has exactly one authorizer, the fix uses it, for
review. Else it shows `AWS_IAM`, which is right only for callers that can sign. For a route that stands in an
OpenAPI document it says what belongs there.

## Example

```hcl
resource "aws_apigatewayv2_route" "create" {
  api_id    = aws_apigatewayv2_api.orders.id
  route_key = "POST /orders"
  target    = "integrations/${aws_apigatewayv2_integration.orders.id}"
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
```

Use instead:

```hcl
resource "aws_apigatewayv2_route" "create" {
  api_id             = aws_apigatewayv2_api.orders.id
  route_key          = "POST /orders"
  target             = "integrations/${aws_apigatewayv2_integration.orders.id}"
  authorization_type = "AWS_IAM"
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
```
"""

from __future__ import annotations

import re
from typing import Final

from stockade.checklist import Item
from stockade.control import Fails, Fix, Holds, Noise, Put, Safety, Severity, Undecided, Verdict, control
from stockade.model.api import Api, Route
from stockade.model.callers import shuts_out
from stockade.model.relate import module_of
from stockade.model.world import World
from stockade.patterns import lazy_regex
from stockade.value import Known, Ref, Unknown, Value, parts_of

_CHANGES: Final = ("PUT", "PATCH", "DELETE")
_READS: Final = ("GET", "HEAD")
_OPEN_BY_NATURE: Final = lazy_regex(
    r"(?:^|[/_-])(?:log-?in|log-?out|sign-?(?:in|up|out)|register|auth|authenticat(?:e|ion)|oauth2?|token|refresh"
    r"|callback|redirect|form|survey|feedback|contact|(?:un)?subscribe|csp|(?:web)?hooks?|health(?:z|check)?|ping"
    r"|status|live(?:ness|z)?|ready|readiness|version|favicon\.ico)(?=$|[/_-])",
    re.IGNORECASE,
)
_REPORTED_TO: Final = lazy_regex(
    r"(?i:(?:^|[^a-z])(?:csp|web-?hooks?)(?=$|[^a-z]))|(?:^|[^A-Za-z])(?:Csp|CSP|Web-?[Hh]ooks?)(?=$|[^a-z])"
)
_AUTHORIZATION: Final = {
    "TOKEN": "CUSTOM",
    "REQUEST": "CUSTOM",
    "COGNITO_USER_POOLS": "COGNITO_USER_POOLS",
    "JWT": "JWT",
}


@control(
    Route,
    severity=Severity.MEDIUM,
    item=Item.PUBLIC_ENDPOINTS,
    since="0.1.0",
    same_as=("CKV_AWS_59", "CKV_AWS_309", "aws-api-gateway-no-public-access", "AVD-AWS-0004", "AWS-0004"),
    references=(
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-control-access-to-api.html",
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control.html",
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html",
    ),
)
def check(route: Route, world: World) -> Verdict | None:
    if not _is_asked(route, world):
        return None
    match route.authorization:
        case Unknown() as gap:
            return Undecided(gap)
        case Known(kind, origin) if kind != "NONE":
            return Holds(origin)
    api = world.gateway.api_of(route)
    protected = _protection(api, route, world)
    if protected is not None:
        return protected
    return _fails(route, api, world)


def _is_asked(route: Route, world: World) -> bool:
    """Whether a route lets requests in that reach a function."""
    method = world.gateway.method_of(route)
    if isinstance(method, Known) and method.value == "OPTIONS":
        return False
    protocol = world.gateway.protocol_of(route)
    if not (isinstance(protocol, Known) and protocol.value == "WEBSOCKET"):
        return world.reaches_function(route) is True
    routes = world.gateway.siblings(route)
    connecting = [one for one in routes if _key(one) == "$connect"]
    return route is (connecting or routes)[0] and world.reaches_function(*routes) is True


def _key(route: Route) -> str:
    return str(route.route_key.value) if isinstance(route.route_key, Known) else ""


def _protection(api: Api | None, route: Route, world: World) -> Verdict | None:
    """The verdict where something else than an authorizer stands before a route, or may."""
    if api is None:
        protocol = world.gateway.protocol_of(route)
        if isinstance(protocol, Known) and protocol.value == "REST":
            reason = "the API is not in this input, and its resource policy may choose who calls"
            return Undecided(Unknown(reason, route.origin))
        return None
    policy = world.gateway.policy_of(api)
    method = world.gateway.method_of(route)
    shut = shuts_out(policy, method.value if isinstance(method, Known) else "ANY", world.gateway.path_of(route))
    if shut:
        return Holds(policy.origin)
    if shut is None:
        unknown = policy if isinstance(policy, Unknown) else Unknown("a statement is not known", policy.origin)
        return Undecided(Unknown(f"the API's resource policy: {unknown.reason}", unknown.origin))
    certified = [one for one in world.gateway.domains_of(api) if _is_set(one.truststore)]
    closed = api.default_endpoint_disabled
    if certified and isinstance(closed, Known) and closed.value:
        return Holds(certified[0].truststore.origin)
    if world.gateway.is_private(api) is None:
        return Undecided(Unknown("whether the API is private is not known", api.endpoint_types.origin))
    return None


def _is_set(value: Value[str | None]) -> bool:
    return isinstance(value, Unknown) or value.value is not None


def _fails(route: Route, api: Api | None, world: World) -> Fails:
    label = world.gateway.label_of(route)
    message = f"anyone on the internet may call `{label}`, which asks nobody who they are"
    severity, noise = _weight(route, world)
    authorizers = world.gateway.authorizers_of(route)
    if api is not None and world.gateway.is_private(api):
        message = f"whoever reaches the private API may call `{label}`, which asks nobody who they are"
        severity, noise = Severity.LOW, Noise.STRICT
    elif isinstance(route.needs_api_key, Known) and route.needs_api_key.value:
        message = f"anyone on the internet who has the API key may call `{label}`: a key is no authentication"
        severity, noise = Severity.LOW, Noise.STRICT
    elif isinstance(route.needs_api_key, Unknown):
        message = f"{message} (whether it asks for an API key is not known)"
    elif route.remark:
        message = f"{message}: {route.remark}"
    elif authorizers:
        names = ", ".join(f"`{one.address}`" for one in authorizers[:3])
        message = f"{message}, though the API has an authorizer: {names}"
    return Fails(message, route.authorization.origin, _fix(route, world), severity=severity, noise=noise)


def _weight(route: Route, world: World) -> tuple[Severity, Noise]:
    method = world.gateway.method_of(route)
    known = method.value if isinstance(method, Known) else ""
    label = world.gateway.label_of(route)
    if known in _CHANGES:
        return Severity.HIGH, Noise.REGULAR
    if (
        known in _READS
        or _OPEN_BY_NATURE.search(label)
        or _is_for_strangers(route, world)
        or _is_page(route, world)
    ):
        return Severity.LOW, Noise.STRICT
    return Severity.MEDIUM, Noise.REGULAR


def _is_for_strangers(route: Route, world: World) -> bool:
    """Whether the whole API is by its name one that other services or browsers report to."""
    api = world.gateway.api_of(route)
    if api is None:
        return False
    said = (api.address.rpartition(".")[2], *(one for one in parts_of(api.name) if isinstance(one, str)))
    return any(map(_REPORTED_TO.search, said))


_OF_SITES: Final = lazy_regex(
    r"/(?:favicon\.ico|robots\.txt|sitemap\.xml|manifest\.json|(?:static|assets)(?:/|$))"
)


def _is_page(route: Route, world: World) -> bool:
    """Whether a route for any method is of a web site's API: browsers that visit it cannot sign."""
    method = world.gateway.method_of(route)
    if not (isinstance(method, Known) and method.value in ("ANY", "")):
        return False
    return any(_OF_SITES.search(world.gateway.label_of(one)) for one in world.gateway.siblings(route))


def _fix(route: Route, world: World) -> Fix:
    """Use the API's authorizer, where there is one to use, or show how to ask for AWS's signatures."""
    if route.key:
        # it is written in a document, or made by its API
        note = (
            "give the operation a `security` whose scheme names an authorizer, or `sigv4` for AWS signatures; "
            "an event of SAM's says it as `Auth`"
        )
        return Fix("say in the API's document who may call", Safety.SHOW, (), note=note)
    authorizers = world.gateway.authorizers_of(route)
    kind = _AUTHORIZATION.get("".join(map(str, parts_of(authorizers[0].kind)))) if authorizers else None
    fitting = len(authorizers) == 1 and module_of(authorizers[0].address) == module_of(route.address)
    if kind is None or not fitting:
        if _OPEN_BY_NATURE.search(world.gateway.label_of(route)) or _is_for_strangers(route, world):
            note = (
                "who calls it cannot sign: check a signature or a token in the function, and accept the finding"
            )
            return Fix("let the function know its callers", Safety.SHOW, (), note=note)
        return Fix(
            "ask callers for AWS signatures",
            Safety.SHOW,
            (Put(route.address, "authorization", "AWS_IAM"),),
            note="for users with a browser an authorizer is the way: `JWT`, `COGNITO_USER_POOLS` or `CUSTOM`",
        )
    (authorizer,) = authorizers
    changes = (
        Put(route.address, "authorization", kind),
        Put(route.address, "authorizer_id", Ref(authorizer.address, "id")),
    )
    return Fix(f"let `{authorizer.address}` decide who may call", Safety.REVIEW, changes)
