"""The function is not traced by X-Ray.

## Why it matters

In the mode `Active` Lambda samples requests and records how long the function and each service that
it called took, and what failed. In `PassThrough`, the default, a request is traced only if its caller
already traced it: of what starts at the function (a queue, a schedule, most event sources) there is
then no trace at all.

## What it does not see

Whether an upstream service samples for this function. For high traffic that is the better choice, and a
reason to accept the finding. Tracing that a function's own code sets up. A layer or a wrapper of another
tracing tool (OpenTelemetry, Datadog, New Relic and their like) is shown from `strict` on. Functions that
CloudFront runs at its edge cannot be traced and are not asked; those that nothing but the account's own
operations invoke (a schedule, an alarm, a deployment or an object that it writes into a bucket, a state
machine) have no request to follow, and are shown from `strict` on.
So are chores by their name (a migration, a restore, a load test) that nothing here
invokes.

## Fix

Set the mode to `Active`. The function's role needs `xray:PutTraceSegments` and
`xray:PutTelemetryRecords`; without them Lambda refuses the change. Where the role has them the fix is safe;
else it adds a policy of these two, which cannot be scoped, and asks for a review. Of a role that is made
elsewhere it only says so.

## Example

```hcl
resource "aws_lambda_function" "api" {
  function_name = "api"
  role          = "arn:aws:iam::123456789012:role/api"
  filename      = "api.zip"
  handler       = "main.handler"
  runtime       = "python3.13"
}
```

Use instead:

```hcl
resource "aws_lambda_function" "api" {
  function_name = "api"
  role          = "arn:aws:iam::123456789012:role/api"
  filename      = "api.zip"
  handler       = "main.handler"
  runtime       = "python3.13"

  tracing_config {
    mode = "Active"
  }
}
```
"""

from __future__ import annotations

from stockade.checklist import Item
from stockade.control import Fails, Fix, Holds, Noise, Put, Safety, Severity, Undecided, Verdict, control
from stockade.model.at_edge import at_edge
from stockade.model.by_hand import by_hand
from stockade.model.function import Function
from stockade.model.pace import pace_of
from stockade.model.tracers import tracer_of
from stockade.model.world import World
from stockade.remedies.own_role import TRACING
from stockade.remedies.policies import allows, granting, made_for, role_to_give, same_module, statement
from stockade.value import Default, Known, Origin, Unknown


@control(
    Function,
    severity=Severity.LOW,
    item=Item.TRACING,
    since="0.1.0",
    same_as=("CKV_AWS_50", "aws-lambda-enable-tracing", "AVD-AWS-0066", "AWS-0066"),
    references=("https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html",),
)
def check(function: Function, world: World) -> Verdict | None:
    match function.tracing_mode:
        case Unknown() as gap:
            return Undecided(gap)
        case Known("Active", origin):
            return Holds(origin)
        case Known("PassThrough", Default()) if at_edge(function, world):
            return None
        case Known("PassThrough", Default() as origin):
            message = "no X-Ray tracing is set up, so only requests that a caller already traces are traced"
        case Known("PassThrough", origin):
            message = "with `PassThrough` X-Ray traces only requests that a caller already traces"
        case Known(other, origin):
            message = f"`{other}` is not a mode of X-Ray tracing, only `Active` and `PassThrough` are"
    also: tuple[Origin, ...] = ()
    if pace := pace_of(function, world):
        message, also = f"{message}; nothing but {pace.by} invokes it", (pace.origin,)
    elif tracer := tracer_of(function, world):
        message, also = f"{message}; another tool is set up to trace it", (tracer,)
    elif hand := by_hand(function, world):
        message, also = f"{message}; by its name it is run by hand", (hand,)
    fix = _fix(function, world)
    together = "" if also else "for none of these {n} functions is X-Ray tracing `Active`"
    return Fails(message, origin, fix, also=also, noise=Noise.STRICT if also else None, together=together)


def _fix(function: Function, world: World) -> Fix:
    """Trace actively, and let the role write what is traced where it may not yet."""
    active = Put(function.address, "tracing_mode", "Active")
    title = "set X-Ray tracing to `Active`"
    if allows(function, world, *TRACING):
        return Fix(title, Safety.SAFE, (active,))
    role = role_to_give(world.role_of(function))
    if role is not None and made_for(role, function):
        return Fix(title, Safety.REVIEW, (active,), note="SAM lets the role write traces by itself then")
    if role is None or not same_module(role.address, function.address):
        needs = " and ".join(f"`{one}`" for one in TRACING)
        return Fix(title, Safety.REVIEW, (active,), note=f"the role has to allow {needs} before")
    allowed = granting(role, "tracing", statement(TRACING, "*"))
    return Fix(f"{title}, and let the role write traces", Safety.REVIEW, (allowed, active))
