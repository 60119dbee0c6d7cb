"""Nothing caps how many instances of the function run at once.

## Why it matters

Functions without reserved concurrency draw on one pool that the whole account shares in a region,
1,000 at first and only 10 in many new accounts. A loop, a retry storm or a flood of requests to one
of them uses up the pool, the bill grows with it, and every other function is throttled. A
reservation caps the one and keeps its share free for it.

## What it does not see

A throttle in API Gateway. With that in place a reservation is belt and braces; accept the finding with
that reason. It does not judge the number: `0` holds as well, which switches the function off.

Where nothing but queues with a maximum concurrency, or streams, invoke the function, that bounds it, and
this is shown from `strict` on.

A function that nothing but the account's own operations invoke (a schedule, an alarm, a finding of
GuardDuty, a deployment or an object that it writes into a bucket, a state machine) runs as often as
these say: it is shown from `strict` on. So is a chore by its name (a migration, a restore, a load test,
the rotation of a password) that nothing here invokes: somebody runs it by hand. Functions that
CloudFront runs at its edge cannot reserve concurrency and are not asked.

## Fix

Reserve as many as the function needs at its peak: the fix writes 10, or what `reserved-concurrency` under
`[fix]` in `stockade.toml` says. It is to be reviewed: a reservation is taken out of the account's limit, of
which 10 to 100 must stay unreserved, so that a number too high is refused on deployment and one too low
throttles. Where so many functions would take more than the usual limit has, the change is only shown. Ask for
the limit first:

    aws lambda get-account-settings --query AccountLimit.ConcurrentExecutions

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

  reserved_concurrent_executions = 10
}
```
"""

from __future__ import annotations

from stockade.checklist import Item
from stockade.control import Fails, Fix, Holds, Noise, Put, Safety, Severity, Undecided, Verdict, control
from stockade.model.account import ASK, UNRESERVED, USUAL_LIMIT
from stockade.model.at_edge import at_edge
from stockade.model.by_hand import by_hand
from stockade.model.function import Function
from stockade.model.pace import pace_of
from stockade.model.polled import bound_of
from stockade.model.world import World
from stockade.value import Known, Unknown


@control(
    Function,
    severity=Severity.LOW,
    item=Item.RESERVED_CONCURRENCY,
    since="0.1.0",
    same_as=("CKV_AWS_115",),
    references=("https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html",),
)
def check(function: Function, world: World) -> Verdict | None:
    match function.reserved_concurrency:
        case Unknown() as gap:
            return Undecided(gap)
        case Known(None, _) if at_edge(function, world):
            return None
        case Known(None, origin):
            message = "no concurrency is reserved, so this function can use up what the account's others share"
            fix = _fix(function, world)
            pace = pace_of(function, world)
            if pace is not None:
                message = f"no concurrency is reserved, though nothing but {pace.by} invokes this function"
                return Fails(message, origin, fix, also=(pace.origin,), noise=Noise.STRICT)
            if bound := bound_of(function, world):
                message = f"no concurrency is reserved, though {bound.clause}"
                return Fails(message, origin, fix, also=(bound.origin,), noise=Noise.STRICT)
            if hand := by_hand(function, world):
                message = "no concurrency is reserved, though by its name this function is run by hand"
                return Fails(message, origin, fix, also=(hand,), noise=Noise.STRICT)
            together = (
                "none of these {n} functions reserves concurrency, so each can use up what all others share"
            )
            return Fails(message, origin, fix, together=together)
        case Known(_, origin):
            return Holds(origin)


def _fix(function: Function, world: World) -> Fix:
    """Reserve what the owner says, or ten, as long as all who have no reservation could have as many."""
    number, sharing = world.choices.reserved_concurrency, world.pool_of(function)
    wanted = sharing.total + number * sharing.others if sharing else number
    safety = Safety.REVIEW if wanted <= USUAL_LIMIT - UNRESERVED else Safety.SHOW
    return Fix(
        f"reserve {number} concurrent executions",
        safety,
        (Put(function.address, "reserved_concurrency", number),),
        note=f"is that the function's peak, and within the account's limit? `{ASK}`",
    )
