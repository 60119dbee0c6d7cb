"""Reservations take up the account's concurrency, or leave a function none at all.

## Why it matters

What functions reserve is taken out of one limit that the whole account has in a region. Lambda keeps
100 of it for the functions without a reservation and refuses to reserve more: the deployment fails in
the middle, on whichever function comes last. A reservation of zero switches a function off: every
invocation is throttled, and events that wait for it are lost in the end.

## What it does not see

The account's limit, which no configuration holds. It is taken to be 1,000, as in an account that
nobody asked more for; the message says so. Who reserves more than twice that has a higher limit, or could
not deploy: it is shown from `strict` on. A new account may have as little as 10. Nor does it see
reservations outside of this input, which come on top. Functions by providers of different regions or
accounts are counted apart. A reservation that is not known counts for nothing; that is shown from
`strict` on.

## Fix

Reserve less, or ask AWS for a higher limit and accept the finding with the number. For a function that
is switched off on purpose that purpose is the reason to accept it.

## Example

```hcl
resource "aws_lambda_function" "api" {
  function_name                  = "api"
  role                           = "arn:aws:iam::123456789012:role/api"
  filename                       = "api.zip"
  handler                        = "main.handler"
  runtime                        = "python3.13"
  reserved_concurrent_executions = 950
}
```

Use instead:

```hcl
resource "aws_lambda_function" "api" {
  function_name                  = "api"
  role                           = "arn:aws:iam::123456789012:role/api"
  filename                       = "api.zip"
  handler                        = "main.handler"
  runtime                        = "python3.13"
  reserved_concurrent_executions = 200
}
```
"""

from __future__ import annotations

from typing import Final

from stockade.checklist import Item
from stockade.control import Fails, Holds, Noise, Severity, Undecided, Verdict, control
from stockade.model.function import Function
from stockade.model.world import World
from stockade.value import Known, Unknown

_LIMIT: Final = 1_000
_UNRESERVED: Final = 100
_PLACES: Final = 6


@control(
    Function,
    severity=Severity.MEDIUM,
    noise=Noise.STRICT,
    item=Item.RESERVED_CONCURRENCY,
    since="0.1.0",
    references=(
        "https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html",
        "https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html",
    ),
)
def check(function: Function, world: World) -> Verdict | None:
    match function.reserved_concurrency:
        case Unknown() as gap:
            return Undecided(gap)
        case Known(None):
            return None
        case Known(0, origin):
            message = "the function can never run: a reservation of 0 throttles every invocation"
            return Fails(message, origin, severity=Severity.LOW, noise=Noise.REGULAR)
        case Known(_, origin):
            pass
    sharing = world.pool_of(function)
    if sharing is None or sharing.total <= _LIMIT - _UNRESERVED:
        return Holds(origin)
    if function is not sharing.largest:
        return None  # said once, where most is reserved
    number = len(sharing.functions)
    who = "this function reserves" if number == 1 else f"{number} functions reserve"
    message = (
        f"{who} {sharing.total:,} of the account's concurrency in one region, and Lambda keeps {_UNRESERVED} "
        f"unreserved: that needs a higher limit than the usual {_LIMIT:,}"
    )
    others = tuple(one.reserved_concurrency.origin for one in sharing.functions if one is not function)
    noise = Noise.REGULAR if sharing.total <= 2 * _LIMIT else Noise.STRICT
    return Fails(message, origin, also=others[:_PLACES], noise=noise)
