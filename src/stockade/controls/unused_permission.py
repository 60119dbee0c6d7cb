"""The execution role allows what no code of its functions uses.

## Why it matters

Whoever gets into a function has its role. What the code never calls is of use to nobody else: a policy that was
copied from an example, that was written for a first version, or that somebody widened until it worked. In
hand-written policies that is most of what they grant.

The source of every function that runs as the role is followed from its handler; each call of the AWS SDK
becomes the actions that it needs, and names of resources are followed through the environment to what is
declared. What the configuration needs is added: logs, traces, network interfaces, event sources, destinations.
What the role allows beside that is unused.

It is not known, and then says why, where the source of one of the functions is not in the input, where
something was not followed that may use the permission, and where others than functions may use the role.

## What it does not see

Use that is no call from the source: a person who assumes the role, a second project that runs other functions
as it. Actions that come with what is done in some cases (listing a bucket so that a missing object is told
from a forbidden one) count as used. Statements with `NotAction` or `NotResource`. What AWS's own
policies allow in part is told by `broad-managed-policy`, and `*` by `admin-role`: they fail here too, and are
listed for an `audit` only.

Of a live account IAM's own memory is looked at as well. Where the source is not known, services that the
policies name and that the role has never used are told from `strict` on, if the role is older than ninety days;
where it is, they are shown as evidence beside it.

## Fix

Leave out what is not used. The fix names the actions that stay and drops statements of which nothing does. To
be reviewed, as what nobody can see in the source may still be used.

## Example

```hcl
resource "aws_lambda_function" "worker" {
  function_name = "worker"
  role          = aws_iam_role.worker.arn
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = data.archive_file.worker.output_path
}

data "archive_file" "worker" {
  type        = "zip"
  source_file = "app.py"
  output_path = "worker.zip"
}

resource "aws_dynamodb_table" "orders" {
  name     = "orders"
  hash_key = "id"
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
      Action   = ["dynamodb:GetItem", "dynamodb:DeleteTable"]
      Resource = aws_dynamodb_table.orders.arn
    }]
  })
}
```
```python title="app.py"
import boto3

table = boto3.resource("dynamodb").Table("orders")


def handler(event, context):
    return table.get_item(Key={"id": event["id"]})
```

Use instead:

```hcl
resource "aws_lambda_function" "worker" {
  function_name = "worker"
  role          = aws_iam_role.worker.arn
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = data.archive_file.worker.output_path
}

data "archive_file" "worker" {
  type        = "zip"
  source_file = "app.py"
  output_path = "worker.zip"
}

resource "aws_dynamodb_table" "orders" {
  name     = "orders"
  hash_key = "id"
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
      Action   = "dynamodb:GetItem"
      Resource = aws_dynamodb_table.orders.arn
    }]
  })
}
```
```python title="app.py"
import boto3

table = boto3.resource("dynamodb").Table("orders")


def handler(event, context):
    return table.get_item(Key={"id": event["id"]})
```
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from stockade.checklist import Item
from stockade.control import (
    Change,
    Drop,
    Fails,
    Fix,
    Holds,
    Noise,
    Put,
    Rewrite,
    Safety,
    Severity,
    Undecided,
    Verdict,
    control,
)
from stockade.iam.breadth import reads
from stockade.iam.catalog import Catalog
from stockade.iam.policy import Statement
from stockade.model.detach import detached
from stockade.model.grants import allowing, is_aws_managed, listed, place, policy_name
from stockade.model.limits import LastAccessed, younger
from stockade.model.role import ExecutionRole, RolePolicy
from stockade.model.world import World
from stockade.needs.polled import POLLED
from stockade.needs.unused import Judged, Judgement, judged, narrowed, where_open
from stockade.value import Known, Origin, Unknown, Value, parts_of


@control(
    ExecutionRole,
    severity=Severity.MEDIUM,
    item=Item.NO_UNUSED_PERMISSIONS,
    since="0.1.0",
    references=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege",
        "https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html",
    ),
)
def check(role: ExecutionRole, world: World) -> Verdict | None:
    found = judged(role, world)
    if found is None:
        return None
    remembered = _never_used(role, world)
    if isinstance(found, Unknown):
        return _remembered(*remembered) if remembered else Undecided(found)
    wrong = [one for one in found.statements if _is_wrong(one, found)]
    if wrong:
        fails = _fails(wrong, role, world)
        return replace(fails, also=(*fails.also, remembered[1])) if remembered else fails
    told = _told(found)
    if told is not None:
        return told
    unreached = [(name, part) for one in found.statements for part in one.parts for name in part.beyond]
    if unreached:
        names = listed([name for name, _ in unreached], 3)
        message = f"only code that the handler does not reach uses {names}"
        return Fails(message, unreached[0][1].pattern.origin, severity=Severity.LOW, noise=Noise.STRICT)
    held = where_open(found)
    if held is not None:
        one, origin = held
        return Undecided(Unknown(f"{one.what} was not followed: {one.reason}", one.origin or origin))
    unread = next(
        (one for one in world.grants_of(world.functions_of(role)[0]) if _is_unread(one.statement)), None
    )
    if unread is not None and isinstance(unread.statement, Unknown):
        return Undecided(unread.statement)
    return Holds(role.origin)


def _told(found: Judgement) -> Fails | None:
    """What the findings of other controls say already: everything is allowed, or much by a policy of AWS's."""
    if found.everything is not None:
        return Fails(
            "the role allows everything, and no code uses most of it",
            found.everything.origin,
            told_by="admin-role" if found.on_all else "wildcard-action",
        )
    for one in found.statements:
        name = policy_name(one.grant)
        if is_aws_managed(one.grant) and not name.startswith(_FOR_FUNCTIONS) and any(map(_weighs, one.unused)):
            message = f"no code that runs as this role uses most of `{name}`"
            return Fails(message, _where(one), told_by="broad-managed-policy")
    return None


def _is_unread(statement: Value[object]) -> bool:
    return isinstance(statement, Unknown)


def _is_wrong(one: Judged, found: Judgement) -> bool:
    """Whether something of a statement is unused. Of a policy of AWS's nothing may be used at all."""
    if is_aws_managed(one.grant):
        of_policy = [other for other in found.statements if other.policy is one.policy]
        return all(other.is_dead for other in of_policy)
    return bool(one.unused or one.resources)


def _never_used(role: ExecutionRole, world: World) -> tuple[list[str], Origin] | None:
    """The services that a role names in its policies and has not used for as long as IAM remembers."""
    known = next((one for one in world.observed.accessed if _is_of(one, role)), None)
    if known is None or not isinstance(known.never, Known) or younger(known.since, _REMEMBERED, world.today):
        return None
    never = {one.value for one in known.never.value if isinstance(one, Known)}
    granted: dict[str, None] = {}
    functions = world.functions_of(role)
    for grant in world.grants_of(functions[0]) if functions else ():
        if isinstance(statement := allowing(grant), Statement):
            for action in statement.actions or ():
                service = action.value.partition(":")[0].lower() if isinstance(action, Known) else ""
                if service in never - _HOUSEKEEPING:
                    granted.setdefault(service)
    return (list(granted), known.never.origin) if granted else None


def _is_of(known: LastAccessed, role: ExecutionRole) -> bool:
    """Whether what IAM remembers is of a role."""
    arn = role.role.value.arn if isinstance(role.role, Known) else None
    return isinstance(arn, Known) and isinstance(known.role, Known) and arn.value == known.role.value


def _remembered(services: Sequence[str], origin: Origin) -> Fails:
    """What is said where the source is not known and IAM is."""
    message = f"in all the time that IAM remembers the role has used nothing of {listed(list(services), 3)}"
    fix = Fix("leave out what the role is not for", Safety.SHOW, (), note="IAM looks back 400 days at most")
    return Fails(message, origin, fix, severity=Severity.LOW, noise=Noise.STRICT)


_REMEMBERED: Final = 90
"""Days that a role has to be old before what it has not used says anything."""


def _fails(wrong: Sequence[Judged], role: ExecutionRole, world: World) -> Fails:
    managed = list(dict.fromkeys(policy_name(one.grant) for one in wrong if is_aws_managed(one.grant)))
    own = [one for one in wrong if not is_aws_managed(one.grant)]
    actions = list(dict.fromkeys(_named(one) for one in own for _ in one.parts if one.unused))
    unused = list(dict.fromkeys(text for one in actions for text in one))
    told = []
    if unused:
        told.append(listed(unused, 3))
    if managed:
        told.append(f"anything of {listed([one for one in managed if one], 2)}")
    resources = [text for one in own if not one.is_dead for text in _texts(one.resources)]
    if resources:
        told.append(f"what is allowed on {listed(resources, 2)}")
    every = [action for one in wrong for action in one.unused]
    severity = Severity.MEDIUM if any(map(_weighs, every)) or resources else Severity.LOW
    # Events may be polled for by a mapping that was made elsewhere, which is a thing that people do.
    polled = all(one in POLLED for one in every) and not resources
    # What is left of a statement that is used, and only looks at how things are set up, can wait.
    whole = bool(resources) or any(one.is_dead for one in wrong)
    waits = (severity is Severity.LOW and not whole) or polled
    return Fails(
        f"no code that runs as this role uses {', nor '.join(told)}",
        _where(wrong[0]),
        _fix(wrong, role, world),
        also=tuple(dict.fromkeys(_where(one) for one in wrong[1:])),
        severity=severity,
        noise=Noise.STRICT if waits else Noise.REGULAR,
    )


def _named(one: Judged) -> tuple[str, ...]:
    """What is unused, as it is written: patterns by themselves where nothing of them is used."""
    out: list[str] = []
    for part in one.parts:
        if not part.unused:
            continue
        if not part.used and not part.held:
            out.append(part.pattern.value)
        elif len(part.unused) <= 2:
            out += part.unused
        else:
            out.append(f"{part.pattern.value}` beyond `{_short(part.used or [held[0] for held in part.held])}")
    return tuple(out)


def _short(actions: Iterable[str]) -> str:
    names = [one.partition(":")[2] for one in actions]
    return f"{', '.join(names[:3])}{', …' if len(names) > 3 else ''}"


def _texts(values: Iterable[Value[str]]) -> list[str]:
    return ["".join(map(str, parts_of(one))) for one in values]


def _where(one: Judged) -> Origin:
    part = next((part for part in one.parts if part.unused), None)
    return place(one.grant, part.pattern.origin if part is not None else one.statement.origin)


def _weighs(action: str) -> bool:
    """Whether an action changes something, or reads secrets."""
    found = Catalog.load().action(action)
    if found is None or found.service in _HOUSEKEEPING or action.startswith(_LIGHT):
        return False
    return action in _SECRETS or not reads(found)


_FOR_FUNCTIONS: Final = ("AWSLambda", "AmazonS3ObjectLambda", "CloudWatchLambda")
"""How the names of AWS's policies begin that were made for the roles of functions."""
_HOUSEKEEPING: Final = frozenset({"logs", "xray"})
_LIGHT: Final = "kms:GenerateDataKey"
_SECRETS: Final = frozenset(
    {
        "dynamodb:GetItem",
        "dynamodb:Query",
        "dynamodb:Scan",
        "kms:Decrypt",
        "s3:GetObject",
        "secretsmanager:GetSecretValue",
        "ssm:GetParameter",
        "ssm:GetParameters",
        "ssm:GetParametersByPath",
    }
)
"""What reads that data is in."""


# --------------------------------------------------------------------------------------------- fix


def _fix(wrong: Sequence[Judged], role: ExecutionRole, world: World) -> Fix | None:
    """Leave out what is unused, in policies that are on this role alone."""
    changes: list[Change] = []
    for policy in dict.fromkeys(one.policy for one in wrong):
        own = [one for one in wrong if one.policy is policy]
        if policy.kind == "aws":
            found = detached(own[0].grant)
            if found is not None and found.left is not None:
                changes.append(Put(found.address, "managed_policy_arns", found.left))
            elif found is not None:
                changes.append(Drop(found.address))
            continue
        if not policy.holder or not _is_only_on(role, policy, world):
            continue
        document = policy.document
        if isinstance(document, Unknown):
            continue
        dead = {one.statement.index for one in own if one.is_dead}
        if len(dead) == len(document.value.statements):
            if policy.alone or (policy.kind == "inline" and policy.address != role.address):
                changes.append(Drop(policy.address))
            continue
        left = len(document.value.statements)
        for one in sorted(own, key=lambda each: -each.statement.index):
            changes += _changes(one, policy.holder, policy.attribute, left)
            left -= one.is_dead
    if not changes:
        return None
    return Fix("leave out what no code uses", Safety.REVIEW, tuple(changes))


def _is_only_on(role: ExecutionRole, policy: RolePolicy, world: World) -> bool:
    """Whether what a policy is written in is on this role and no other."""
    on = [one for one in world.roles if any(each.holder == policy.holder for each in one.policies)]
    return isinstance(role.role, Known) and on == [role.role.value]


def _changes(one: Judged, holder: str, attribute: str, count: int) -> Iterable[Change]:
    """What to change in a statement; ``count`` is how many the policy has by then."""
    at = one.statement.index
    if one.is_dead:
        yield Rewrite(holder, attribute, at, None, of=count)
        return
    actions = one.statement.actions or ()
    if one.unused and all(isinstance(each, Known) for each in actions):
        kept = narrowed(one)
        yield Rewrite(holder, attribute, at, "Action", kept[0] if len(kept) == 1 else kept)
    if one.resources:
        gone = {id(each) for each in one.resources}
        left = [each for each in one.statement.resources or () if id(each) not in gone]
        values = [each.value if isinstance(each, Known) else each.text for each in left]
        if values and all(value is not None for value in values):
            yield Rewrite(holder, attribute, at, "Resource", values[0] if len(values) == 1 else tuple(values))
