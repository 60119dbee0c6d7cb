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
reservations outside of this input, which come on top. Of a live account both are known: there it fails where
reservations leave no more than Lambda keeps for the functions that have none, without what is provisioned for
some of these. Functions by providers of
different regions or accounts are counted apart. A reservation that is not known counts for nothing; that is
shown from `strict` on.

## Fix

Reserve less, or ask AWS for a higher limit and accept the finding with the number. For a function that
is switched off on purpose that purpose is the reason to accept it. The fix shows what is left for the
function that reserves most, or a reservation for one that has none; which function can do with less is for
you to say.

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
from stockade.control import Fails, Fix, Holds, Noise, Put, Safety, Severity, Undecided, Verdict, control
from stockade.model.account import ASK, UNRESERVED, USUAL_LIMIT, Pool, reserves
from stockade.model.function import Function
from stockade.model.limits import AccountLimits
from stockade.model.relate import differ
from stockade.model.world import World
from stockade.value import Known, Origin, Unknown

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
            number = world.choices.reserved_concurrency
            fix = Fix(
                f"reserve {number}, unless the function is switched off on purpose",
                Safety.SHOW,
                (Put(function.address, "reserved_concurrency", number),),
            )
            return Fails(message, origin, fix, severity=Severity.LOW, noise=Noise.REGULAR)
        case Known(_, origin):
            pass
    sharing = world.pool_of(function)
    limits = next((one for one in world.observed.limits if not differ(one.region, function.region)), None)
    if limits is not None:
        return _limited(function, sharing, limits, origin, world)
    if sharing is None or sharing.total <= USUAL_LIMIT - UNRESERVED:
        return Holds(origin)
    if function is not sharing.largest:
        return None  # said once, where most is reserved
    number = len(sharing.functions)
    who = "this function reserves" if number == 1 else f"{number} functions reserve"
    message = (
        f"{who} {sharing.total:,} of the account's concurrency in one region, and Lambda keeps {UNRESERVED} "
        f"unreserved: that needs a higher limit than the usual {USUAL_LIMIT:,}"
    )
    others = tuple(one.reserved_concurrency.origin for one in sharing.functions if one is not function)
    noise = Noise.REGULAR if sharing.total <= 2 * USUAL_LIMIT else Noise.STRICT
    return Fails(message, origin, _fix(function, sharing), also=others[:_PLACES], noise=noise)


def _limited(
    function: Function, sharing: Pool | None, limits: AccountLimits, origin: Origin, world: World
) -> Verdict | None:
    """What is left for the others, where the account itself says it."""
    match limits.concurrency, limits.unreserved:
        case (Unknown() as gap, _) | (_, Unknown() as gap):
            return Undecided(gap)
        case Known(limit), Known(left, said):
            pass
    if sharing is None or not sharing.others:
        return Holds(origin)
    ready = _provisioned(function, world)
    if isinstance(ready, Unknown):
        return Undecided(ready)
    if left - ready.value > UNRESERVED:
        return Holds(origin)
    if function is not sharing.largest:
        return None  # said once, where most is reserved
    others = "the one other function shares" if sharing.others == 1 else f"{sharing.others} others share"
    message = f"{limit - left:,} of the account's {limit:,} are reserved, and {others} the {left:,} left"
    if ready.value:
        message += f", of which {ready.value:,} are provisioned"
    if left <= UNRESERVED:
        message += ": Lambda lets nobody reserve more here"
    also = (said, ready.origin) if ready.value else (said,)
    fix = Fix("reserve less here, or ask AWS for a higher limit", Safety.SHOW, ())
    return Fails(message, origin, fix, also=also)


def _provisioned(function: Function, world: World) -> Known[int] | Unknown:
    """What is kept ready for functions without a reservation in a region: it is taken from what is left."""
    total, origin = 0, function.origin
    for one in world.provisioned:
        of = world.functions_of(one)
        if differ(one.region, function.region) or not of or reserves(of[0]):
            continue
        if isinstance(one.amount, Unknown):
            return one.amount
        total, origin = total + one.amount.value, one.origin
    return Known(total, origin)


def _fix(function: Function, sharing: Pool) -> Fix | None:
    """Reserve so much less where most is reserved that the usual limit does."""
    left = reserves(function) - (sharing.total - (USUAL_LIMIT - UNRESERVED))
    if left < 1:
        return None
    return Fix(
        f"reserve {left} here, if the account has no higher limit",
        Safety.SHOW,
        (Put(function.address, "reserved_concurrency", left),),
        note=f"ask for the limit first: `{ASK}`",
    )
