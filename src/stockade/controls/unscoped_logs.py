"""The function may write to log groups that are not its own.

## Why it matters

A function needs `logs:CreateLogStream` and `logs:PutLogEvents` on one log group. On every log group
it can write lines into the audit trail of other functions, drown theirs in noise, and run up the
bill of whoever pays for them.

`AWSLambdaBasicExecutionRole` grants exactly that, on `*`, and so does every policy of AWS's that is
made for Lambda. `/aws/lambda/*` is every function of the account.

## What it does not see

Whether a log group that is named is the function's own: functions may share one. A prefix of names counts
as scoped. Creating log groups anywhere (`logs:CreateLogGroup` alone on `*`) is shown from `strict` on, as
are functions that CloudFront runs at its edge: they log in whatever region the visitor is near to, so
that no one log group is theirs. Where `admin-role` tells that everything is allowed this fails too, and
is listed for an `audit` only.

## Fix

Scope the statement to the function's log group, its streams included: the ARN ends in `:*`. The fix
declares the log group where nobody does, with a retention, and drops `logs:CreateLogGroup`, which nobody
needs then. A role of several functions gets the log groups of all. Actions beside those on logs stay in
their statement, those on logs move to a policy of their own; `logs:*` becomes the two that Lambda needs.

A policy of AWS's is replaced by a policy of the same statements, of which those on logs, queues and streams
name what the function uses. SAM attaches `AWSLambdaBasicExecutionRole` to every role that it makes: there the
fix shows a role of the function's own, with all the other policies, and is not applied.

## Example

```hcl
resource "aws_lambda_function" "worker" {
  function_name = "worker"
  role          = aws_iam_role.worker.arn
}

resource "aws_iam_role" "worker" {
  name = "worker"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy_attachment" "logs" {
  role       = aws_iam_role.worker.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}
```

Use instead:

```hcl
resource "aws_lambda_function" "worker" {
  function_name = "worker"
  role          = aws_iam_role.worker.arn
}

resource "aws_iam_role" "worker" {
  name = "worker"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_cloudwatch_log_group" "worker" {
  name              = "/aws/lambda/worker"
  retention_in_days = 30
}

resource "aws_iam_role_policy" "logs" {
  role = aws_iam_role.worker.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = "${aws_cloudwatch_log_group.worker.arn}:*"
    }]
  })
}
```
"""

from __future__ import annotations

from typing import Final

from stockade.checklist import Item
from stockade.control import Fails, Holds, Noise, Severity, Undecided, Verdict, control
from stockade.iam.breadth import (
    Narrowing,
    covering,
    every_action,
    limit,
    may_be_about,
    on_all,
    on_everything,
)
from stockade.iam.policy import Statement
from stockade.model.access import Barred, as_written, some_resource
from stockade.model.at_edge import at_edge
from stockade.model.grants import affected, allowing, is_aws_managed, place, policy_name, speaks
from stockade.model.role import Grant
from stockade.model.world import World
from stockade.remedies.scoped_logs import CREATING, EVERY, LAMBDA, WRITING, scoped
from stockade.value import Known, Unknown

_WRITING: Final = tuple(reversed(WRITING))


@control(
    Grant,
    severity=Severity.LOW,
    item=Item.SCOPED_LOGS,
    since="0.1.0",
    references=(
        "https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html",
        "https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html",
    ),
)
def check(grant: Grant, world: World) -> Verdict | None:
    match allowing(grant):
        case None:
            return None
        case Unknown() as gap:
            return Undecided(gap)
        case statement:
            pass

    def rank(one: Statement) -> int | None:
        verdict = _judge(grant, one, world) if one.allows else None
        return -(verdict.noise or Noise.REGULAR) if isinstance(verdict, Fails) else None

    verdict = _judge(grant, statement, world)
    return None if isinstance(verdict, Fails) and not speaks(grant, rank) else verdict


def _judge(grant: Grant, statement: Statement, world: World) -> Verdict | None:
    if not may_be_about(statement, (*_WRITING, CREATING)):
        return None
    covers = [cover for action in (*_WRITING, CREATING) if (cover := covering(statement, action))]
    cover = next((one for one in covers if isinstance(one, Known)), covers[0] if covers else None)
    if cover is None:
        return None
    writes = any(isinstance(covering(statement, action), Known) for action in _WRITING)
    where, whose = on_all(statement, EVERY), "every log group"
    if not isinstance(where, Known):
        narrower = on_all(statement, LAMBDA)
        where, whose = (
            (narrower, "every function's log group") if isinstance(narrower, Known) else (where, whose)
        )
    if where is None:
        return Holds(place(grant, statement.resources[0].origin if statement.resources else statement.origin))
    limited = limit(statement)
    for one in (cover, where, limited):
        if isinstance(one, Unknown):
            return Undecided(one)
    if limited and not isinstance(limited, Unknown) and limited.narrowing is Narrowing.CHOSEN:
        return Holds(limited.condition.origin)
    action = next(
        (one for one in (*_WRITING, CREATING) if isinstance(covering(statement, one), Known)), CREATING
    )
    powers = world.powers_of(grant.execution_role)
    scope = LAMBDA if whose.startswith("every function") else EVERY
    resource = some_resource(scope, as_written(statement, where), world.functions_of(grant))
    witness = powers.shown(action, resource) if powers else None
    if isinstance(witness, Unknown):
        return Undecided(witness)
    if isinstance(witness, Barred):
        return Holds(place(grant, witness.by.origin if witness.by else cover.origin))
    what = f"write to {whose}" if writes else "create log groups of any name"
    name = policy_name(grant)
    managed = is_aws_managed(grant) and name
    said_elsewhere = every_action(statement) and on_everything(statement)
    edge = any(at_edge(one, world) for one in affected(grant, world))
    return Fails(
        f"`{name}` lets the function {what}" if managed else f"the function may {what}",
        place(grant, where.origin),
        None if edge else scoped(grant, statement, world),
        also=(place(grant, cover.origin),),
        noise=Noise.REGULAR if writes and not limited and not edge else Noise.STRICT,
        told_by="admin-role" if said_elsewhere else "",
        witness=witness,
    )
