"""Anyone on the internet may call the function's URL.

## Why it matters

A function URL with the auth type `NONE` answers every request on the internet. Nothing stands before
the function: no authentication, no throttling but the function's own concurrency, no firewall. Who
finds the URL can run the code, and you pay for each run.

## What it does not see

Whether the function itself checks a signature or a token, as a webhook does. If it does, accept the
finding with that reason. A URL with the auth type `NONE` answers only where the function's policy
lets everybody in, too. Terraform and SAM add those statements on their own, so that the URL alone is
enough for this finding; CloudFormation does not: without a permission in the template, which may well be
given elsewhere, the URL is shown from `strict` on.

## Fix

Set the auth type to `AWS_IAM`: callers then sign their requests and need `lambda:InvokeFunctionUrl`
and `lambda:InvokeFunction`. Callers that cannot sign belong behind API Gateway, with an authorizer
and a throttle, or behind CloudFront with origin access control. The fix sets the auth type, for review: whoever
calls without a signature is shut out by it.

## Example

```hcl
resource "aws_lambda_function_url" "hook" {
  function_name      = "hook"
  authorization_type = "NONE"
}
```

Use instead:

```hcl
resource "aws_lambda_function_url" "hook" {
  function_name      = "hook"
  authorization_type = "AWS_IAM"
}
```
"""

from __future__ import annotations

from typing import Final

from stockade.checklist import Item
from stockade.control import Fails, Fix, Holds, Noise, Put, Safety, Severity, Undecided, Verdict, control
from stockade.model.access import url_callers
from stockade.model.permission import Permission
from stockade.model.reach import invokes
from stockade.model.relate import comparable, function_name_in
from stockade.model.url import FunctionUrl
from stockade.model.world import World
from stockade.value import Known, Unknown


@control(
    FunctionUrl,
    severity=Severity.HIGH,
    item=Item.PUBLIC_ENDPOINTS,
    since="0.1.0",
    references=(
        "https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html",
        "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/lambda_function_url",
    ),
)
def check(url: FunctionUrl, world: World) -> Verdict:
    match url.auth_type:
        case Unknown() as gap:
            return Undecided(gap)
        case Known("NONE", origin):
            change = Put(url.address, "auth_type", "AWS_IAM")
            fix = Fix("require IAM authentication", Safety.REVIEW, (change,), note=_NOTE)
            permissions = _letting_in(url, world)
            if url.brings_permissions or permissions:
                functions = world.functions_of(url)
                name = functions[0].name if functions else url.function_name
                calls = url_callers(name, functions, permissions, url.brings_permissions)
                message = "anyone on the internet may call this function URL"
                return Fails(message, origin, fix, witness=calls[0] if calls else None, then=calls[1:])
            message = (
                "this function URL requires no authentication: "
                "it is closed only as long as no permission lets everybody in"
            )
            return Fails(message, origin, fix, severity=Severity.LOW, noise=Noise.STRICT)
        case Known("AWS_IAM", origin):
            return Holds(origin)
        case Known(other, origin):
            return Undecided(Unknown(f"`{other}` is neither `AWS_IAM` nor `NONE`", origin))


_NOTE: Final = "callers have to sign their requests then; a browser or a webhook cannot"


def _letting_in(url: FunctionUrl, world: World) -> tuple[Permission, ...]:
    """The permissions of this input that may let everybody call the URL."""
    name = function_name_in(comparable(url.function_name))
    functions = set(world.functions_of(url))

    def lets_in(permission: Permission) -> bool:
        named = function_name_in(comparable(permission.function_name))
        same = functions & set(world.functions_of(permission)) or (bool(name) and named == name)
        principal = permission.principal
        anybody = isinstance(principal, Unknown) or principal.value == "*"
        return bool(same) and anybody and invokes(permission)

    return tuple(filter(lets_in, world.permissions))
