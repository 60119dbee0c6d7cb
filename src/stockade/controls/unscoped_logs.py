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
takes the log group from the project where it is declared there, else the name that Lambda uses.

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
from stockade.control import (
    Add,
    Drop,
    Fails,
    Fix,
    Holds,
    Noise,
    Rewrite,
    Safety,
    Severity,
    Undecided,
    Verdict,
    control,
)
from stockade.iam.breadth import (
    Narrowing,
    covering,
    covers_all,
    every_action,
    limit,
    on_all,
    on_everything,
)
from stockade.iam.catalog import Catalog
from stockade.iam.policy import Statement
from stockade.model.access import Barred, as_written, some_resource
from stockade.model.at_edge import at_edge
from stockade.model.function import Function
from stockade.model.grants import affected, allowing, is_aws_managed, place, policy_name, speaks
from stockade.model.logs import log_group_name
from stockade.model.role import Grant
from stockade.model.world import World
from stockade.value import Hole, Known, Ref, Text, Unknown, Value, parts_of, text_of

_WRITING: Final = ("logs:PutLogEvents", "logs:CreateLogStream")
_CREATING: Final = "logs:CreateLogGroup"
_GROUP: Final = "arn:${Partition}:logs:${Region}:${Account}:log-group:"
_EVERY: Final = f"{_GROUP}${{Name}}:log-stream:${{Stream}}"
_LAMBDA: Final = f"{_GROUP}/aws/lambda/${{Name}}:log-stream:${{Stream}}"


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
    covers = [cover for action in (*_WRITING, _CREATING) if (cover := covering(statement, action))]
    cover = next((one for one in covers if isinstance(one, Known)), covers[0] if covers else None)
    if cover is None:
        return None
    writes = any(isinstance(covering(statement, action), Known) for action in _WRITING)
    where, whose = on_all(statement, _EVERY), "every log group"
    if not isinstance(where, Known):
        narrower = on_all(statement, _LAMBDA)
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
        (one for one in (*_WRITING, _CREATING) if isinstance(covering(statement, one), Known)), _CREATING
    )
    powers = world.powers_of(grant.execution_role)
    scope = _LAMBDA if whose.startswith("every function") else _EVERY
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
        None if edge else _fix(grant, statement, world),
        also=(place(grant, cover.origin),),
        noise=Noise.REGULAR if writes and not limited and not edge else Noise.STRICT,
        told_by="admin-role" if said_elsewhere else "",
        witness=witness,
    )


# --------------------------------------------------------------------------------------------- fix


def _fix(grant: Grant, statement: Statement, world: World) -> Fix | None:
    """Scope the statement, where it is about log groups and nothing else and every group has a name."""
    policy, role = grant.policy, grant.execution_role.role
    functions = affected(grant, world)
    groups = tuple(dict.fromkeys(_streams(one, world) for one in functions))
    if policy is None or not groups or None in groups or not _only_logs(statement):
        return None
    value = groups[0] if len(groups) == 1 else groups
    plural = "groups" if len(groups) > 1 else "group"
    if policy.holder:
        rewrite = Rewrite(policy.holder, policy.attribute, statement.index, "Resource", value)
        return Fix(f"scope the logs to the function's log {plural}", Safety.REVIEW, (rewrite,))
    if isinstance(policy.document, Unknown) or isinstance(role, Unknown):
        return None
    if len(policy.document.value.statements) > 1 or policy.key or policy.address == role.value.address:
        return None  # removing what attaches it would remove more
    made = all(world.log_groups_of(one) for one in functions)
    actions = [*_WRITING] if made else [*_WRITING, _CREATING]  # else nobody would make the log group
    statements = [{"Effect": "Allow", "Action": actions, "Resource": value}]
    attributes = (
        ("name", "own-log-group"),
        ("roles", Ref(role.value.address, "name")),
        ("document", {"Version": "2012-10-17", "Statement": statements}),
    )
    return Fix(
        f"replace `{policy_name(grant)}` with a policy for the function's log {plural}",
        Safety.SHOW,
        (Add("InlinePolicy", role.value.address, attributes), Drop(policy.address)),
    )


def _only_logs(statement: Statement) -> bool:
    catalog = Catalog.load()
    if not statement.actions or not statement.resources:
        return False
    if not all(covers_all(one, _EVERY) or covers_all(one, _LAMBDA) for one in statement.resources):
        return False  # a resource that somebody chose stays
    known = [one.value for one in statement.actions if isinstance(one, Known)]
    names = [action for pattern in known for action in catalog.expand(pattern)]
    return (
        len(known) == len(statement.actions)
        and bool(names)
        and all(one.service == "logs" and {"log-group", "log-stream"} & {*one.required_types} for one in names)
    )


def _streams(function: Function, world: World) -> Text | None:
    """The log streams of a function's log group: of the one that is declared, else of the one by its name."""
    groups = world.log_groups_of(function)
    if groups:
        return text_of(Ref(groups[0].address, "arn"), ":*")
    name: Value[str] = log_group_name(function)
    if isinstance(name, Unknown) and name.text is None:
        return None
    start = ("arn:", Hole("partition"), ":logs:", Hole("region"), ":", Hole("account"), ":log-group:")
    return text_of(*start, *parts_of(name), ":*")
