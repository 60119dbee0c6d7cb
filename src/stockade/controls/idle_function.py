"""Nothing has invoked the function for ninety days.

## Why it matters

A function that nobody uses is still there to be used: its permissions, its secrets, its URL and its old runtime
wait for whoever finds them, and nobody looks after it. What is not deployed cannot be attacked.

The invocations of ninety days are CloudWatch's sum of the metric `Invocations`, of all versions and aliases
together. A function that was deployed within these ninety days has not had the time to be idle.

## What it does not see

Functions that run less often than every ninety days: a yearly report, a recovery that is there for bad times.
Configuration cannot say it, so that this is decided of live accounts only. Throttled calls are no invocations.

## Fix

Delete the function with its role, permissions and log group. If it has to wait for its day, that is the reason
to accept the finding.

## Example

```console
$ stockade scan --live --control idle-function --noise strict
low[idle-function]: nothing has invoked this function for 90 days
```
"""

from __future__ import annotations

from stockade.checklist import Item
from stockade.control import Fails, Holds, Noise, Severity, Undecided, Verdict, control
from stockade.model.limits import Usage, deployed_within
from stockade.model.world import World
from stockade.value import Known, Unknown


@control(
    Usage,
    severity=Severity.LOW,
    noise=Noise.STRICT,
    item=Item.OPERATIONS,
    since="0.1.0",
    references=("https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html",),
)
def check(usage: Usage, world: World) -> Verdict | None:
    match usage.invocations, usage.days:
        case (Unknown() as gap, _) | (_, Unknown() as gap):
            return Undecided(gap)
        case Known(0, origin), Known(days):
            if deployed_within(usage, days, world.today):
                return None
            return Fails(f"nothing has invoked this function for {days} days", origin)
        case Known(_, origin), _:
            return Holds(origin)
    return None
