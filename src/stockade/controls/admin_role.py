"""The execution role may do everything, or give itself the right to.

## Why it matters

Whoever gets code into the function, through a dependency, an injection or a leaked deployment key,
has whatever its role has. With administrator access that is the whole account. A role that may
change IAM is no different: it can attach `AdministratorAccess` to itself.

What counts is what the policies say, not what they are called: `*` on `*` in any policy, attached
in any way and in any partition, an `Allow` with a `NotAction`, `iam:*`, and the plain ways to more
rights (`iam:AttachRolePolicy`, `iam:PutRolePolicy`, `iam:CreatePolicyVersion`) on every role, on
every policy or on the role itself.

## What it does not see

Longer ways to more rights, such as passing a stronger role to a new function. A permissions
boundary is mentioned, not subtracted. A Deny is taken into account only where it takes back the
whole of IAM's escalating actions.

## Fix

Give the function a role of its own with the actions that its code calls, on the resources it uses.

Where a policy of AWS's is attached by itself, or listed by the role, the fix puts what the code needs in its
place, if all of that is known: where the source was followed to its end and every resource has a name. A
policy of your own with one statement, for this role alone, then says just that. Else AWS's policy is shown
detached, and never applied, since what is granted instead is known to the code alone; in a statement of your
own it shows where that belongs. For an attachment that is for others too nothing is proposed.

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

resource "aws_iam_role_policy_attachment" "worker" {
  role       = aws_iam_role.worker.name
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
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
      Action   = ["dynamodb:GetItem", "dynamodb:PutItem"]
      Resource = "arn:aws:dynamodb:eu-west-1:123456789012:table/orders"
    }]
  })
}
```
"""

from __future__ import annotations

from dataclasses import replace

from stockade.checklist import Item
from stockade.control import (
    Drop,
    Fails,
    Fix,
    Holds,
    Put,
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
    every_action,
    limit,
    on_all,
    on_everything,
    resources_of,
)
from stockade.iam.match import matches
from stockade.iam.policy import Statement
from stockade.iam.request import Request
from stockade.model.access import Barred, as_written, some_resource
from stockade.model.detach import detached
from stockade.model.grants import allowing, is_aws_managed, listed, place, policy_name, speaks
from stockade.model.role import Grant, RolePolicy
from stockade.model.world import World
from stockade.needs.exact import in_place_of
from stockade.records import dataclass
from stockade.remedies.instead import instead_of, narrowed_to
from stockade.remedies.policies import blank
from stockade.value import Known, Origin, Unknown, Value, parts_of, shape_of

_ROLE = "arn:${Partition}:iam::${Account}:role/${RoleNameWithPath}"
_POLICY = "arn:${Partition}:iam::${Account}:policy/${PolicyNameWithPath}"
_ITSELF = "itself"
_HARMFUL = (
    ("dynamodb:DeleteTable", "arn:aws:dynamodb:us-east-1:123456789012:table/anything"),
    ("ec2:TerminateInstances", "arn:aws:ec2:us-east-1:123456789012:instance/i-0123456789abcdef0"),
    ("lambda:UpdateFunctionCode", "arn:aws:lambda:us-east-1:123456789012:function:anything"),
    ("rds:DeleteDBInstance", "arn:aws:rds:us-east-1:123456789012:db:anything"),
    ("s3:GetObject", "arn:aws:s3:::anything/anything"),
    ("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:us-east-1:123456789012:secret:anything"),
    ("sqs:PurgeQueue", "arn:aws:sqs:us-east-1:123456789012:anything"),
)
"""What somebody with hold of a role would do, of several services."""
_ESCALATING = {"iam:AttachRolePolicy": _ROLE, "iam:PutRolePolicy": _ROLE, "iam:CreatePolicyVersion": _POLICY}


@control(
    Grant,
    severity=Severity.CRITICAL,
    item=Item.CUSTOM_ROLE,
    since="0.1.0",
    references=(
        "https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege",
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
        return verdict.severity if isinstance(verdict, Fails) else None

    verdict = _judge(grant, statement, world)
    return None if isinstance(verdict, Fails) and not speaks(grant, rank) else verdict


@dataclass(frozen=True, slots=True)
class _Way:
    """Where a statement lets the role do an escalating action, and a request that shows it."""

    where: Known[str]
    witness: Request


def _judge(grant: Grant, statement: Statement, world: World) -> Verdict:
    every, everywhere = every_action(statement), on_everything(statement)
    ways = {action: way for action in _ESCALATING if (way := _way(grant, statement, action, world))}
    sure = {action: way for action, way in ways.items() if isinstance(way, _Way)}
    limited = limit(statement)
    if isinstance(limited, Unknown) and (ways or (every and everywhere)):
        return Undecided(limited)
    if isinstance(every, Known) and isinstance(everywhere, Known):
        found = next((way.witness for way in sure.values()), None) or _harm(grant, world)
        if isinstance(found, Unknown):
            return Undecided(found)
        if isinstance(found, Barred):
            return Holds(found.by.origin if found.by else _boundary(grant))
        fails = _everything(grant, world, statement, every, everywhere, bool(ways), found)
    elif sure:
        fails = _escalation(grant, world, statement, sure)
    elif every and everywhere:
        return Undecided(next(one for one in (every, everywhere) if isinstance(one, Unknown)))
    elif ways:
        return Undecided(next(one for one in ways.values() if isinstance(one, Unknown)))
    else:
        return Holds(place(grant, statement.origin))
    return _under_conditions(statement, fails, bool(every))


def _way(grant: Grant, statement: Statement, action: str, world: World) -> _Way | Unknown | None:
    """Where a statement lets the role do an escalating action to every such resource, or to itself."""
    cover = covering(statement, action)
    if cover is None:
        return None
    where: Value[str] | None = on_all(statement, _ESCALATING[action])
    if where is None and _ESCALATING[action] == _ROLE:
        where = _own(grant, statement)
    if where is None:
        return None
    powers = world.powers_of(grant.execution_role)
    doubt = next((one for one in (cover, where) if isinstance(one, Unknown)), None)
    if doubt or powers is None or isinstance(where, Unknown):
        return doubt
    itself = where.value == _ITSELF
    written = as_written(statement, where)
    shown = powers.shown(action, powers.arn if itself else some_resource(_ESCALATING[action], written))
    match shown:
        case Barred():
            return None
        case Unknown():
            return shown
        case request:
            return _Way(where, request)


def _harm(grant: Grant, world: World) -> Request | Barred | Unknown | None:
    """A request that does harm without giving the role more, where all that gives it more is barred."""
    powers = world.powers_of(grant.execution_role)
    if powers is None:
        return None
    found = [powers.shown(action, (resource,), chosen=True) for action, resource in _HARMFUL]
    got = (one for one in found if isinstance(one, Request))
    return next(got, None) or next((one for one in found if isinstance(one, Unknown)), found[0])


def _boundary(grant: Grant) -> Origin:
    role = grant.execution_role.role
    return role.value.boundary.origin if isinstance(role, Known) else grant.origin


def _own(grant: Grant, statement: Statement) -> Value[str] | None:
    """The string by which a statement applies to the role that it is in force on."""
    role = grant.execution_role.role
    if isinstance(role, Unknown):
        return None
    arn = role.value.arn
    for one in resources_of(statement):
        same = parts_of(one) == parts_of(arn)
        if same or matches(shape_of(one), shape_of(arn)):
            return Known(_ITSELF, one.origin)
    return None


def _everything(
    grant: Grant,
    world: World,
    statement: Statement,
    every: Known[str],
    everywhere: Known[str],
    escalates: bool,
    witness: Request | None,
) -> Fails:
    what = "do everything"
    if statement.not_actions:
        what += f" except {listed(map(_text, statement.not_actions))}"
    if statement.not_resources:
        what += ", on all but what `NotResource` names"
    return Fails(
        _sentence(grant, what),
        place(grant, every.origin),
        _fix(grant, world),
        also=(place(grant, everywhere.origin),),
        severity=Severity.CRITICAL if escalates else Severity.HIGH,
        witness=witness,
    )


def _escalation(grant: Grant, world: World, statement: Statement, ways: dict[str, _Way]) -> Fails:
    action, way = next(iter(ways.items()))
    where = way.where
    cover = covering(statement, action)
    on = where.value if where.value == _ITSELF else f"`{where.value}`"
    return Fails(
        _sentence(grant, f"give itself any permission: {listed(ways)} on {on}"),
        place(grant, cover.origin if cover else statement.origin),
        _fix(grant, world),
        also=(place(grant, where.origin),),
        severity=Severity.HIGH,
        witness=way.witness,
    )


def _fix(grant: Grant, world: World) -> Fix | None:
    """What the code needs in place of the policy; only to be shown where that is not known."""
    policy = grant.policy
    if policy is not None and policy.holder and isinstance(grant.statement, Known):
        stated = grant.statement.value
        if stated.not_actions is None and stated.not_resources is None:
            return narrowed_to(grant, in_place_of(grant, world), world) or _named(policy, stated)
        return None
    if (exact := instead_of(grant, in_place_of(grant, world))) is not None:
        return exact
    found = detached(grant)
    if found is None:
        return None
    whole = found.left is None
    change = Drop(found.address) if whole else Put(found.address, "managed_policy_arns", found.left)
    return Fix(f"detach `{policy_name(grant)}` and grant what the function needs", Safety.SHOW, (change,))


def _named(policy: RolePolicy, statement: Statement) -> Fix:
    """Places for what the code calls, and on what, in a statement of one's own."""
    changes = (
        Rewrite(
            policy.holder, policy.attribute, statement.index, "Action", blank("the actions that the code calls")
        ),
        Rewrite(
            policy.holder,
            policy.attribute,
            statement.index,
            "Resource",
            blank("the ARNs that it calls them on"),
        ),
    )
    return Fix("name the actions that the code calls, and on what", Safety.SHOW, changes)


def _under_conditions(statement: Statement, verdict: Fails, everything: bool) -> Verdict:
    """The verdict under the statement's conditions: softer, and said so."""
    limited = limit(statement)
    if isinstance(limited, Unknown):
        return Undecided(limited)
    if limited and limited.narrowing is Narrowing.CHOSEN and not everything:
        return Holds(limited.condition.origin)
    keys = [one.key for one in statement.conditions if not isinstance(one, Unknown)]
    if not keys:
        return verdict
    chosen = limited is not None and limited.narrowing is Narrowing.CHOSEN
    return replace(
        verdict,
        message=f"{verdict.message}, under a condition on {listed(keys)}",
        severity=Severity.MEDIUM if chosen else Severity.HIGH,
    )


def _sentence(grant: Grant, what: str) -> str:
    name = policy_name(grant)
    message = f"`{name}` lets the role {what}" if is_aws_managed(grant) and name else f"the role may {what}"
    match grant.execution_role.role:
        case Known(role) if role.boundary_policy and isinstance(role.boundary_policy.document, Unknown):
            return f"{message}, as far as its permissions boundary lets it, which was not read"
        case _:
            return message


def _text(value: Value[str]) -> str:
    return "".join(map(str, parts_of(value)))
