"""Web pages of any origin may call the function's URL from a visitor's browser.

## Why it matters

The CORS configuration of a function URL says for which web sites browsers may send requests and hand
over the answers. With `*` any page that a user visits can use the function in that user's place: from
inside that user's network, with that user's address, and, where credentials are allowed, with that
user's cookies. `null` is no protection either: every page can make a frame whose origin is `null`.

## What it does not see

CORS headers that the function writes into its own answers. Whether the function checks the `Origin`
header. A URL that requires IAM authentication is a softer finding, shown from `strict` on: a page
would need keys to sign its requests.

## Fix

List the origins that need access, each with its scheme: `https://app.example.com`. Without any CORS
configuration browsers keep other origins out.

Where proper origins are listed beside the wildcard, the fix leaves these; else it takes `cors-origins` under
`[fix]` in `stockade.toml`, for review. Where you say none it shows, and never applies, what the rest of the
input is agreed on: the origins that other URLs and HTTP APIs allow, and the domain names at which CloudFront
serves a bucket's pages. Where nothing names an origin, or several things name different ones, it shows where
yours belongs.

## Example

```hcl
resource "aws_lambda_function_url" "api" {
  function_name      = "api"
  authorization_type = "NONE"

  cors {
    allow_origins = ["*"]
  }
}
```

Use instead:

```hcl
resource "aws_lambda_function_url" "api" {
  function_name      = "api"
  authorization_type = "NONE"

  cors {
    allow_origins = ["https://app.example.com"]
  }
}
```
"""

from __future__ import annotations

from stockade.checklist import Item
from stockade.control import Fails, Fix, Holds, Noise, Put, Safety, Severity, Undecided, Verdict, control
from stockade.model.grants import listed
from stockade.model.origins import ANY_ORIGIN, proper
from stockade.model.url import FunctionUrl
from stockade.model.world import World
from stockade.remedies.policies import blank
from stockade.value import Known, Origin, Unknown


@control(
    FunctionUrl,
    severity=Severity.MEDIUM,
    item=Item.PUBLIC_ENDPOINTS,
    since="0.1.0",
    references=(
        "https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html#urls-cors",
        "https://docs.aws.amazon.com/lambda/latest/api/API_Cors.html",
    ),
)
def check(url: FunctionUrl, world: World) -> Verdict:
    match url.allow_origins:
        case Unknown() as gap:
            return Undecided(gap)
        case Known(origins, because):
            pass
    for one in origins:
        if isinstance(one, Known) and one.value.lower() in ANY_ORIGIN:
            return _fails(url, one.value, one.origin, world)
    for one in origins:
        if isinstance(one, Unknown):
            return Undecided(one)
    return Holds(because)


def _fails(url: FunctionUrl, wildcard: str, because: Origin, world: World) -> Fails:
    message = f"`{wildcard}` lets web pages of any origin call this URL from a visitor's browser"
    severity = Severity.MEDIUM
    # Browsers refuse credentials for a bare star, not for an origin that the service echoes.
    if wildcard != "*" and isinstance(url.allow_credentials, Known) and url.allow_credentials.value:
        message, severity = f"{message}, with that visitor's credentials", Severity.HIGH
    noise = None
    if isinstance(url.auth_type, Known) and url.auth_type.value == "AWS_IAM":
        message, severity, noise = f"{message}, if they can sign requests", Severity.LOW, Noise.STRICT
    return Fails(message, because, _fix(url, world), severity=severity, noise=noise)


def _fix(url: FunctionUrl, world: World) -> Fix | None:
    """Leave out the wildcards; where that leaves nothing, take what the rest of the input says of origins."""
    origins = url.allow_origins
    if isinstance(origins, Unknown) or any(isinstance(one, Unknown) for one in origins.value):
        return None
    if left := proper(origins):
        return Fix("allow only the listed origins", Safety.REVIEW, (Put(url.address, "allow_origins", left),))
    if allowed := world.choices.cors_origins:
        change = Put(url.address, "allow_origins", allowed)
        return Fix(f"allow only {listed(allowed)}", Safety.REVIEW, (change,))
    if len(world.named_origins) != 1:
        change = Put(url.address, "allow_origins", (blank("the origin of the page that calls the URL"),))
        note = "where no page of another origin calls it, remove the CORS configuration"
        return Fix("allow only the origins that need it", Safety.SHOW, (change,), note=note)
    (said,) = world.named_origins
    allowed = tuple(sorted(said))
    return Fix(f"allow only {listed(allowed)}", Safety.SHOW, (Put(url.address, "allow_origins", allowed),))
