"""The function may read secrets that are not its own.

## Why it matters

`secretsmanager:GetSecretValue` on `*` is every secret of the account: the database of the billing
team, the signing keys, the tokens of the deployment pipeline. Whoever gets into this one function
reads them all. The same goes for parameters (`ssm:GetParameter` and its like) and, where keys allow
the account's roles to use them, for whatever is encrypted with KMS (`kms:Decrypt`).

`arn:aws:secretsmanager:eu-west-1:123456789012:secret:*` is every secret, too.

## What it does not see

Whether a secret that is named is the function's own; a prefix of names (`secret:my-app/*`) counts
as scoped. Key policies and resource policies of secrets. `secretsmanager:ListSecrets` and
`BatchGetSecretValue` cannot be scoped and give no value by themselves.

A condition on a tag or an alias scopes. `kms:Decrypt` under a condition on the service or the
encryption context is shown from `strict` on. Where `admin-role` tells that everything is allowed
this fails too, and is listed for an `audit` only.

## Fix

Name the secret, by reference or by an ARN with its name. Secrets Manager adds six characters to the
name: end the ARN with `-??????`, or refer to the resource.

Where all that the role's functions call is known from their source, the fix names what the code reads. Else,
where every action of the statement can be scoped to what is declared, it takes the secrets,
parameters and keys of the module it is written in: those that the function's environment refers to,
else it shows the only one. To be reviewed: what code reads by a name of its own is not seen. Where several are
declared and none is referred to, or none is declared, nothing is proposed.

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

resource "aws_iam_role_policy" "worker" {
  role = aws_iam_role.worker.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "secretsmanager:GetSecretValue"
      Resource = "*"
    }]
  })
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

resource "aws_iam_role_policy" "worker" {
  role = aws_iam_role.worker.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "secretsmanager:GetSecretValue"
      Resource = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:my-app/api-key-*"
    }]
  })
}
```
"""

from __future__ import annotations

from typing import Final

from stockade.checklist import Item
from stockade.control import Fails, Fix, Holds, Noise, Rewrite, Safety, Severity, Undecided, Verdict, control
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
from stockade.iam.request import Request
from stockade.model.access import Barred, as_written, some_resource
from stockade.model.grants import allowing, is_aws_managed, listed, place, policy_name, speaks
from stockade.model.role import Grant, RolePolicy
from stockade.model.scope import scoped
from stockade.model.world import World
from stockade.needs.exact import resources_for, unneeded
from stockade.records import dataclass
from stockade.remedies.arns import places
from stockade.value import Origin, Unknown, Value

_SECRETS: Final = "arn:${Partition}:secretsmanager:${Region}:${Account}:secret:${SecretId}"  # an ARN format
_PARAMETERS: Final = "arn:${Partition}:ssm:${Region}:${Account}:parameter/${Name}"
_KEYS: Final = "arn:${Partition}:kms:${Region}:${Account}:key/${KeyId}"


@dataclass(frozen=True, slots=True)
class _Reading:
    """An action that reads secrets: what it is granted on, and what every one of those is called."""

    action: str
    arn_format: str
    what: str
    severity: Severity = Severity.HIGH


_READING: Final = (
    _Reading("secretsmanager:GetSecretValue", _SECRETS, "read every secret"),
    _Reading("ssm:GetParameter", _PARAMETERS, "read every parameter"),
    _Reading("ssm:GetParameters", _PARAMETERS, "read every parameter"),
    _Reading("ssm:GetParametersByPath", _PARAMETERS, "read every parameter"),
    _Reading("ssm:GetParameterHistory", _PARAMETERS, "read every parameter"),
    _Reading("kms:Decrypt", _KEYS, "decrypt with every KMS key that lets it", Severity.MEDIUM),
)
_ACTIONS: Final = tuple(one.action for one in _READING)


@control(
    Grant,
    severity=Severity.HIGH,
    item=Item.SCOPED_SECRETS,
    since="0.1.0",
    references=(
        "https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_iam-policies.html",
        "https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-access.html",
        "https://docs.aws.amazon.com/kms/latest/developerguide/iam-policies-best-practices.html",
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
        if not isinstance(verdict, Fails):
            return None
        return (verdict.severity or Severity.HIGH) - 10 * (verdict.noise or Noise.REGULAR)

    verdict = _judge(grant, statement, world)
    return None if isinstance(verdict, Fails) and not speaks(grant, rank) else verdict


@dataclass(frozen=True, slots=True)
class _Found:
    reading: _Reading
    cover: Value[str]
    where: Value[str]
    witness: Request | None


def _judge(grant: Grant, statement: Statement, world: World) -> Verdict | None:
    if not may_be_about(statement, _ACTIONS):
        return None
    found: list[_Found] = []
    unsure: list[Unknown] = []
    scoped: Origin | None = None
    for one in _READING:
        cover = covering(statement, one.action)
        if cover is None:
            continue
        where = on_all(statement, one.arn_format)
        if where is None:
            scoped = scoped or cover.origin
            continue
        doubts = [value for value in (cover, where) if isinstance(value, Unknown)]
        shown = None if doubts else _shown(one, where, grant, statement, world)
        if isinstance(shown, Barred):
            scoped = scoped or (shown.by.origin if shown.by else cover.origin)
            continue
        if isinstance(shown, Unknown):
            doubts.append(shown)
        unsure += doubts
        if not doubts:
            found.append(_Found(one, cover, where, shown if isinstance(shown, Request) else None))
    if not found and not unsure:
        return Holds(place(grant, scoped)) if scoped else None
    limited = limit(statement)
    if isinstance(limited, Unknown):
        return Undecided(limited)
    if limited and limited.narrowing is Narrowing.CHOSEN:
        return Holds(limited.condition.origin)
    if not found:
        return Undecided(unsure[0])
    worst = max(found, key=lambda one: one.reading.severity)
    *others, last = dict.fromkeys(one.reading.what for one in found)
    what = f"{', '.join(others)} and {last}" if others else last
    name = policy_name(grant)
    managed = is_aws_managed(grant) and name
    message = f"`{name}` lets the function {what}" if managed else f"the function may {what}"
    if limited:
        message += f", under a condition on {listed([limited.condition.key])}"
    said_elsewhere = every_action(statement) and on_everything(statement)
    return Fails(
        message,
        place(grant, worst.where.origin),
        _fix(grant, statement, world),
        also=(place(grant, worst.cover.origin),),
        severity=worst.reading.severity,
        noise=Noise.STRICT if limited else Noise.REGULAR,
        told_by="admin-role" if said_elsewhere else "",
        witness=worst.witness,
    )


def _shown(
    one: _Reading, where: Value[str], grant: Grant, statement: Statement, world: World
) -> Request | Barred | Unknown | None:
    """A request of the role that reads a secret which nobody chose."""
    powers = world.powers_of(grant.execution_role)
    resource = some_resource(one.arn_format, as_written(statement, where), world.functions_of(grant))
    return powers.shown(one.action, resource) if powers else None


def _fix(grant: Grant, statement: Statement, world: World) -> Fix | None:
    """Name the secrets, parameters or keys that the function is told of, or the only one there is."""
    policy = grant.policy
    if policy is None or not policy.holder:
        return None
    exact = resources_for(grant, statement, world)
    if exact is not None:
        value = exact[0] if len(exact) == 1 else exact
        change = Rewrite(policy.holder, policy.attribute, statement.index, "Resource", value)
        return Fix("allow only what the code reads", Safety.REVIEW, (change,))
    scope = scoped(grant, statement, world, unneeded(grant, statement, world))
    if scope is None:
        return _shown_places(policy, statement)
    rewrite = Rewrite(policy.holder, policy.attribute, statement.index, "Resource", scope.resource)
    title = f"allow only {listed(scope.addresses)}"
    if scope.guessed:
        note = "it is the only one of its kind here, and nothing else says that the function uses it"
        return Fix(title, Safety.SHOW, (rewrite,), note=note)
    return Fix(title, Safety.REVIEW, (rewrite,))


def _shown_places(policy: RolePolicy, statement: Statement) -> Fix:
    """Places for the secrets, parameters or keys that somebody has to name."""
    value = places(statement)
    title = "name what the function reads"
    if value is None:
        note = "move what reads secrets to a statement of its own, on the ARNs of those that are read"
        return Fix(title, Safety.SHOW, (), note=note)
    change = Rewrite(policy.holder, policy.attribute, statement.index, "Resource", value)
    return Fix(title, Safety.SHOW, (change,))
