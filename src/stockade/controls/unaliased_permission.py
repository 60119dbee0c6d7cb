"""A permission is on the unpublished version of a function that is released through aliases.

## Why it matters

An alias pins callers to a version that was tested and released; the unpublished version `$LATEST` is
whatever was uploaded last. A permission without a qualifier lets its caller invoke `$LATEST`, past the
alias, and only that: it does not cover the alias at all. Either the caller runs code that was never
released, or the permission is left over and can go.

## What it does not see

Aliases that other inputs make, such as a deployment pipeline. An alias that points at `$LATEST` itself
releases nothing and is not counted.

## Fix

Set the permission's qualifier to the alias, and let the caller name the alias in its ARN. Where the
function has exactly one alias, the fix sets the qualifier, for review; where an API calls the unpublished
version too it is only shown.

## Example

```hcl
resource "aws_lambda_alias" "live" {
  name             = "live"
  function_name    = aws_lambda_function.orders.function_name
  function_version = aws_lambda_function.orders.version
}

resource "aws_lambda_permission" "bucket" {
  function_name = aws_lambda_function.orders.function_name
  action        = "lambda:InvokeFunction"
  principal     = "s3.amazonaws.com"
  source_arn    = "arn:aws:s3:::orders"
}

resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = "arn:aws:iam::123456789012:role/orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "app.zip"
  publish       = true
}
```

Use instead:

```hcl
resource "aws_lambda_alias" "live" {
  name             = "live"
  function_name    = aws_lambda_function.orders.function_name
  function_version = aws_lambda_function.orders.version
}

resource "aws_lambda_permission" "bucket" {
  function_name = aws_lambda_function.orders.function_name
  qualifier     = aws_lambda_alias.live.name
  action        = "lambda:InvokeFunction"
  principal     = "s3.amazonaws.com"
  source_arn    = "arn:aws:s3:::orders"
}

resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = "arn:aws:iam::123456789012:role/orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "app.zip"
  publish       = true
}
```
"""

from __future__ import annotations

from collections.abc import Sequence

from stockade.checklist import Item
from stockade.control import Fails, Fix, Holds, Noise, Put, Safety, Severity, Undecided, Verdict, control
from stockade.model.function import Alias, Function
from stockade.model.permission import Permission
from stockade.model.reach import invokes, is_given
from stockade.model.relate import module_of
from stockade.model.world import World
from stockade.value import Known, Origin, Ref, Unknown, Value, parts_of


@control(
    Permission,
    severity=Severity.LOW,
    noise=Noise.STRICT,
    item=Item.OPERATIONS,
    since="0.1.0",
    references=(
        "https://docs.aws.amazon.com/lambda/latest/dg/configuration-aliases.html",
        "https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html",
    ),
)
def check(permission: Permission, world: World) -> Verdict | None:
    functions = world.functions_of(permission)
    aliases = [alias for one in functions for alias in world.aliases_of(one) if _releases(alias)]
    if not aliases or not invokes(permission):
        return None
    if is_given(permission.qualifier):
        return Holds(permission.qualifier.origin)
    if isinstance(permission.qualifier, Unknown):
        return Undecided(permission.qualifier)
    if world.is_qualified(permission.function_name):
        return Holds(permission.function_name.origin)
    doubt = aliases[0].doubt
    if doubt is not None and all(one.doubt is not None for one in aliases):
        return Undecided(doubt)
    names = ", ".join(f"`{_shown(one.name)}`" for one in aliases[:3])
    which = "the alias" if len(aliases) == 1 else "one of the aliases"
    message = f"the permission is on the unpublished version, and not on {which} {names}"
    calls = _calls(functions, world)
    if calls:
        message = f"{message}; the API calls that version too"
    return Fails(message, permission.qualifier.origin, _fix(permission, aliases, bool(calls)), calls)


def _releases(alias: Alias) -> bool:
    """Whether an alias stands for a published version."""
    return not (isinstance(alias.function_version, Known) and alias.function_version.value == "$LATEST")


def _calls(functions: Sequence[Function], world: World) -> tuple[Origin, ...]:
    """Where routes of APIs call the functions without naming an alias."""
    out = []
    for route in world.gateway.routes:
        called = world.gateway.function_behind(route)
        if called and set(functions) & set(world.functions_of(route)) and not world.is_qualified(called):
            out.append(called.origin)
    return tuple(out[:3])


def _fix(permission: Permission, aliases: Sequence[Alias], called: bool) -> Fix | None:
    """Name the alias. Who calls the unpublished version would no longer be let in, so it is only shown then."""
    if len(aliases) != 1 or module_of(aliases[0].address) != module_of(permission.address):
        return None
    change = Put(permission.address, "qualifier", Ref(aliases[0].address, "name"))
    safety = Safety.SHOW if called else Safety.REVIEW
    return Fix(f"allow only the alias `{_shown(aliases[0].name)}`", safety, (change,))


def _shown(name: Value[str]) -> str:
    return "".join(map(str, parts_of(name)))
