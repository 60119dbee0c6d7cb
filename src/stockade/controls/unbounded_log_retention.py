"""The function's logs are kept for ever.

## Why it matters

CloudWatch never deletes logs unless it is told to. What a function logs tends to hold more than it
should, names, addresses, a token in an error message, and grows by the day: what is kept for ever is
paid for for ever, can leak for ever, and is more than most privacy rules allow.

A log group that nobody declares is made by Lambda when the function first runs, and keeps for ever.

## What it does not see

A retention that is set by hand or by a rule of the account, and log groups of another stack: a
function that names a log group which is not in this input is undecided, and so is one for which none is
declared and whose role may make none. It does not judge the number of days. Functions that CloudFront runs at
its edge log in every region they are called from: they are shown from `strict` on.

## Fix

Set the retention of the log group, or declare it with one: of 30 days, or of `log-retention-days` under
`[fix]` in `stockade.toml`. What is older is deleted for good. Where Lambda has made the log group
already, import it first (`terraform import`, or an import change set), as a second one of the same name is
refused. A function to which a template leaves its name gets a log group of its own instead, by
`LoggingConfig`, where its role lets it write there.

## Example

```hcl
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = "arn:aws:iam::123456789012:role/orders"
}

resource "aws_cloudwatch_log_group" "orders" {
  name = "/aws/lambda/${aws_lambda_function.orders.function_name}"
}
```

Use instead:

```hcl
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = "arn:aws:iam::123456789012:role/orders"
}

resource "aws_cloudwatch_log_group" "orders" {
  name              = "/aws/lambda/${aws_lambda_function.orders.function_name}"
  retention_in_days = 30
}
```
"""

from __future__ import annotations

from stockade.checklist import Item
from stockade.control import Fails, Fix, Holds, Noise, Put, Safety, Severity, Undecided, Verdict, control
from stockade.model.access import Barred
from stockade.model.at_edge import at_edge
from stockade.model.function import Function
from stockade.model.logs import LogGroup
from stockade.model.relate import in_doubt
from stockade.model.world import World
from stockade.remedies.logs import declared
from stockade.remedies.policies import role_to_give
from stockade.value import Default, Known, Ref, Unknown, parts_of


@control(
    Function,
    severity=Severity.LOW,
    item=Item.OPERATIONS,
    since="0.1.0",
    same_as=("CKV_AWS_66", "CKV_AWS_338"),
    references=(
        "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html",
        "https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-loggroups.html",
    ),
)
def check(function: Function, world: World) -> Verdict:
    groups = world.log_groups_of(function)
    if not groups:
        return _undeclared(function, world)
    verdicts = [_group(one, function, world) for one in groups]
    return next((one for one in verdicts if not isinstance(one, Holds)), verdicts[0])


def _group(group: LogGroup, function: Function, world: World) -> Verdict:
    match group.retention_days:
        case Unknown() as gap:
            return Undecided(gap)
        case Known(None, origin):
            days = world.choices.log_retention_days
            fix = Fix(
                f"keep the logs for {days} days",
                Safety.REVIEW,
                (Put(group.address, "retention_days", days),),
                note="what is older is deleted for good",
            )
            because = group.origin if isinstance(origin, Default) else origin
            return Fails("the logs of this function are kept for ever", because, fix)
        case Known(_, origin):
            doubt = in_doubt(group, function)
            return Undecided(doubt) if doubt else Holds(origin)


def _may_be(group: LogGroup, function: Function) -> bool:
    """Whether a log group may be the function's, as nothing is known of either's name."""
    return all(
        isinstance(one.name, Unknown) and not any(isinstance(part, str | Ref) for part in parts_of(one.name))
        for one in (group, function)
    )


def _undeclared(function: Function, world: World) -> Verdict:
    """No log group of this input is the function's."""
    if at_edge(function, world):
        message = "Lambda makes this function's log groups, one in every region it is called from, and for ever"
        return Fails(message, Default("functions at the edge log where the visitor is"), noise=Noise.STRICT)
    chosen = function.log_group
    if isinstance(chosen, Unknown):
        return Undecided(chosen)
    if chosen.value is not None:
        return Undecided(Unknown(f"the log group `{chosen.value}` is not in this input", chosen.origin))
    if isinstance(function.name, Unknown) and any(_may_be(one, function) for one in world.subjects(LogGroup)):
        return Undecided(function.name)
    role = world.role_of(function)
    powers = world.powers_of(role) if role and role_to_give(role) else None
    if powers is not None and isinstance(powers.shown("logs:CreateLogGroup", ("*",), chosen=True), Barred):
        reason = "no log group is declared for it, and as far as this input says its role may make none"
        return Undecided(Unknown(reason, function.role.origin))
    days = world.choices.log_retention_days
    made = declared(function, world)
    title = f"declare the log group, with a retention of {days} days"
    fix = Fix(title, Safety.REVIEW, made.changes, note=made.note)
    message = "no log group is declared for this function, and the one that Lambda makes keeps logs for ever"
    because = Default("Lambda makes the log group, without a retention")
    together = (
        "no log group is declared for these {n} functions, and those that Lambda makes keep logs for ever"
    )
    return Fails(message, because, fix, together=together)
