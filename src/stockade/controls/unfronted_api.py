"""Nothing stands before a public API, or what does can be bypassed.

## Why it matters

CloudFront and AWS WAF turn away floods, scanners and known attacks before they cost an invocation.
Whether an API needs that is its owner's choice, so their absence is shown from `strict` on.

A distribution that can be bypassed is another matter: the API has its own address, and whoever calls
that meets neither the cache nor the firewall of the distribution. To close the way round, let the
distribution add a secret header and let an authorizer, a resource policy or a web ACL ask for it, or
disable the API's default endpoint and serve it from a custom domain that only the distribution knows.

## What it does not see

Distributions and web ACLs of other inputs. Whether the function itself asks for the header that a
distribution adds; the finding is then shown from `strict` on. An HTTP API cannot have a web ACL of its
own. Private APIs are not asked.

## Fix

For a distribution that can be bypassed, add a header with a secret value to its origin and check it
in an authorizer. Where the distribution fetches from the API's custom domain, the fix disables the
default endpoint, for review. Without a distribution, associate a web ACL with the stages of a REST API, or put
CloudFront before an HTTP API; the fix says which, and writes nothing.

## Example

```hcl
resource "aws_apigatewayv2_api" "orders" {
  name          = "orders"
  protocol_type = "HTTP"
  target        = "arn:aws:lambda:eu-west-1:123456789012:function:orders"
}

resource "aws_cloudfront_distribution" "orders" {
  enabled = true

  origin {
    origin_id   = "api"
    domain_name = replace(aws_apigatewayv2_api.orders.api_endpoint, "https://", "")

    custom_origin_config {
      http_port              = 80
      https_port             = 443
      origin_protocol_policy = "https-only"
      origin_ssl_protocols   = ["TLSv1.2"]
    }
  }

  default_cache_behavior {
    target_origin_id       = "api"
    viewer_protocol_policy = "https-only"
    allowed_methods        = ["GET", "HEAD"]
    cached_methods         = ["GET", "HEAD"]
    cache_policy_id        = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
  }

  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }

  viewer_certificate {
    cloudfront_default_certificate = true
  }
}
```

Use instead:

```hcl
resource "aws_apigatewayv2_api" "orders" {
  name                         = "orders"
  protocol_type                = "HTTP"
  target                       = "arn:aws:lambda:eu-west-1:123456789012:function:orders"
  disable_execute_api_endpoint = true
}

resource "aws_apigatewayv2_domain_name" "origin" {
  domain_name = "origin.example.com"

  domain_name_configuration {
    certificate_arn = "arn:aws:acm:eu-west-1:123456789012:certificate/11111111-2222-3333-4444-555555555555"
    endpoint_type   = "REGIONAL"
    security_policy = "TLS_1_2"
  }
}

resource "aws_apigatewayv2_api_mapping" "origin" {
  api_id      = aws_apigatewayv2_api.orders.id
  domain_name = aws_apigatewayv2_domain_name.origin.id
  stage       = "$default"
}

resource "aws_cloudfront_distribution" "orders" {
  enabled = true

  origin {
    origin_id   = "api"
    domain_name = aws_apigatewayv2_domain_name.origin.domain_name

    custom_origin_config {
      http_port              = 80
      https_port             = 443
      origin_protocol_policy = "https-only"
      origin_ssl_protocols   = ["TLSv1.2"]
    }
  }

  default_cache_behavior {
    target_origin_id       = "api"
    viewer_protocol_policy = "https-only"
    allowed_methods        = ["GET", "HEAD"]
    cached_methods         = ["GET", "HEAD"]
    cache_policy_id        = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
  }

  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }

  viewer_certificate {
    cloudfront_default_certificate = true
  }
}
```
"""

from __future__ import annotations

from stockade.checklist import Item
from stockade.control import Fails, Fix, Holds, Noise, Put, Safety, Severity, Undecided, Verdict, control
from stockade.model.api import Api, Route
from stockade.model.callers import authenticates, shuts_out
from stockade.model.edge import CdnOrigin, Distribution
from stockade.model.world import World
from stockade.value import Known, Origin, Unknown


@control(
    Api,
    severity=Severity.LOW,
    noise=Noise.STRICT,
    item=Item.PUBLIC_ENDPOINTS,
    since="0.1.0",
    references=(
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-control-access-aws-waf.html",
        "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/add-origin-custom-headers.html",
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-disable-default-endpoint.html",
    ),
)
def check(api: Api, world: World) -> Verdict | None:
    gateway = world.gateway
    routes = [one for one in gateway.routes_of(api) if world.reaches_function(one)]
    if not routes or gateway.is_private(api):
        return None
    if gateway.is_private(api) is None:
        return Undecided(Unknown("whether the API is private is not known", api.endpoint_types.origin))
    match _web_acl(api, world):
        case Unknown() as gap:
            return Undecided(gap)
        case None:
            pass
        case guarded:
            return Holds(guarded)
    policy = gateway.policy_of(api)
    match shuts_out(policy, "ANY", "/"):
        case True:
            return Holds(policy.origin)
        case None:
            return Undecided(Unknown("the API's resource policy is not known", policy.origin))
    if routes[0].doubt is not None and all(one.doubt is not None for one in routes):
        return Undecided(routes[0].doubt)
    fronts = list(gateway.fronts_of(api))
    if fronts:
        return _fronted(api, routes, fronts, world)
    if (unknown := gateway.unplaced_origin()) is not None:
        reason = f"which API a CloudFront distribution fetches from: {unknown.reason}"
        return Undecided(Unknown(reason, unknown.origin))
    where = "no web ACL" if _is_rest(api) else "no CloudFront distribution"
    message = f"{where} stands before this public API, as far as this input says"
    rest = "associate a regional web ACL of AWS WAF with every stage of the API"
    front = (
        "put a CloudFront distribution with a web ACL before a custom domain, and disable the default endpoint"
    )
    fix = Fix("put a firewall before the API", Safety.SHOW, (), note=rest if _is_rest(api) else front)
    return Fails(message, api.origin, fix)


def _is_rest(api: Api) -> bool:
    return isinstance(api.protocol, Known) and api.protocol.value == "REST"


def _web_acl(api: Api, world: World) -> Origin | Unknown | None:
    """What puts a web ACL before every stage of a REST API, or may."""
    found = [[one for one, _ in world.gateway.web_acls_of(stage)] for stage in world.gateway.stages_of(api)]
    if not found or not all(found):
        return None
    doubtful = (one[0].doubt for one in found if all(association.doubt is not None for association in one))
    return next(doubtful, None) or found[0][0].origin


def _fronted(
    api: Api, routes: list[Route], fronts: list[tuple[Distribution, CdnOrigin]], world: World
) -> Verdict:
    """The verdict on an API with a distribution before it: whether there is a way round."""
    match api.default_endpoint_disabled:
        case Unknown() as gap:
            return Undecided(gap)
        case Known(True, origin):
            return Holds(origin)
    distribution, cdn_origin = fronts[0]
    headers = cdn_origin.header_names
    if isinstance(headers, Unknown):
        return Undecided(headers)
    asked = [authenticates(route) for route in routes]
    custom = all(isinstance(one.authorization, Known) and one.authorization.value == "CUSTOM" for one in routes)
    if headers.value and custom:
        return Holds(headers.origin)  # the authorizer sees the header, and what it does with it is its own
    way = f"`{distribution.address}` can be bypassed: the API answers at its own endpoint too"
    closed, because = api.default_endpoint_disabled, cdn_origin.origin
    also = (closed.origin,)
    if all(one is True for one in asked):
        return Fails(f"{way}, to callers that its routes let in", because, _fix(api, cdn_origin, world), also)
    if headers.value:
        message = f"{way}, and nothing in this input asks for the header that the distribution adds"
        return Fails(message, because, _fix(api, cdn_origin, world), also, severity=Severity.MEDIUM)
    return Fails(
        f"{way}, where nothing asks for a secret of the distribution's",
        because,
        _fix(api, cdn_origin, world),
        also,
        severity=Severity.MEDIUM,
        noise=Noise.REGULAR,
    )


def _fix(api: Api, cdn_origin: CdnOrigin, world: World) -> Fix:
    """Disable the default endpoint, where the distribution does not go by it."""
    if not world.gateway.domains_of(api) or not world.gateway.goes_by_domain(api, cdn_origin):
        note = (
            "let the distribution fetch from a custom domain of the API and disable the default endpoint, or "
            "add a header with a secret value to its origin and let an authorizer ask for it"
        )
        return Fix("close the way round the distribution", Safety.SHOW, (), note=note)
    change = Put(api.address, "default_endpoint_disabled", True)
    return Fix("disable the API's default endpoint", Safety.REVIEW, (change,))
