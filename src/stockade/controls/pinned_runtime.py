"""The function is pinned to one version of its runtime, which gets no security patches.

## Why it matters

AWS patches a managed runtime all the time, and moves functions to the patched version by themselves, or with
their next deployment. `Manual` in a function's runtime management keeps it at one version. AWS means it for
the days after a patch that broke something: what stays pinned runs with every hole that is found later on,
and nothing says so.

## What it does not see

Container images, whose runtime is part of the image. Whether the pinned version has a hole already: AWS
does not publish what a version has in it.

## Fix

Let the runtime be updated with each deployment (`FunctionUpdate`), or by AWS (`Auto`), after looking for what
the function was pinned for.

## Example

```hcl
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = "arn:aws:iam::123456789012:role/orders"
  handler       = "main.handler"
  runtime       = "python3.13"
  filename      = "orders.zip"
}

resource "aws_lambda_runtime_management_config" "orders" {
  function_name       = aws_lambda_function.orders.function_name
  update_runtime_on   = "Manual"
  runtime_version_arn = "arn:aws:lambda:eu-west-1::runtime:0123abcd"
}
```

Use instead:

```hcl
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = "arn:aws:iam::123456789012:role/orders"
  handler       = "main.handler"
  runtime       = "python3.13"
  filename      = "orders.zip"
}

resource "aws_lambda_runtime_management_config" "orders" {
  function_name     = aws_lambda_function.orders.function_name
  update_runtime_on = "FunctionUpdate"
}
```
"""

from __future__ import annotations

from stockade.checklist import Item
from stockade.control import Fails, Fix, Holds, Safety, Severity, Undecided, Verdict, control
from stockade.model.function import Function
from stockade.model.world import World
from stockade.value import Known, Unknown


@control(
    Function,
    severity=Severity.LOW,
    item=Item.CURRENT_RUNTIME,
    since="0.1.0",
    references=("https://docs.aws.amazon.com/lambda/latest/dg/runtime-management-configure-settings.html",),
)
def check(function: Function, world: World) -> Verdict | None:
    if isinstance(function.package_type, Known) and function.package_type.value == "Image":
        return None
    because = function.origin
    unsure: Unknown | None = None
    for one in world.runtime_managements_of(function):
        match one.update_on:
            case Unknown() as gap:
                unsure = unsure or gap
            case Known(value, origin) if value.lower() != "manual":
                because = because if one.doubt else origin
            case Known(_, origin) if one.doubt is None:
                name = function.runtime.value if isinstance(function.runtime, Known) else None
                runtime = f"`{name}`" if name else "its runtime"
                message = f"the function is pinned to one version of {runtime}, which gets no security patches"
                title = "set `UpdateRuntimeOn` to `FunctionUpdate`: the runtime is patched with each deployment"
                note = "first look for what the function was pinned for: a patch that broke it, mostly"
                return Fails(message, origin, Fix(title, Safety.SHOW, (), note=note))
            case Known():
                unsure = unsure or one.doubt
    return Undecided(unsure) if unsure else Holds(because)
