"""The role may come by more permissions than it was given.

## Why it matters

Some permissions are more than they seem. Who may pass any role to a new function, rewrite a policy that
is attached to itself, or replace the code of another function, has what those have. Whoever gets code into
the function can go that way, one request after the other, from an ordinary role to an administrator's.

Some sixty such ways are known and published. Each is decided on the role as a whole: all its policies
together, denials, conditions such as `iam:PassedToService`, resources and the permissions boundary. A
finding names the shortest of the ways that are open, with the requests that AWS would let through in
their order, and how many more there are. What is on the way counts for what it brings: a single role of
this input that may be passed, assumed or run is a finding only if it may do what this role may not.

The severity is high for what needs nothing but the requests shown, and medium where something must
exist that they do not make (an instance, a build project), and where they lead to one other role that
may do more, though not everything. Where that role is named in full in what allows `iam:PassRole`, its owner
wants it to be passed: that is shown from `strict` on.

## What it does not see

Policies of others: roles, users and functions that are not in this input count only where the role may
reach any of them. A named role that it may pass to a service, and that is not in this input, is
undecided; a named role that it may assume, a function, instance or build project elsewhere that is named
or chosen by a pattern of names or by tags, is taken for what its owner meant to give.

Rights that it may give to others, when it may not become them: a policy attached to a user of whom it can
make no key. That a service control policy, or a policy that could not be read, denies a step. Whether
there is a role that trusts the service that any role may be passed to. Secrets that the role may read,
and the rights that come with them. Longer ways by several roles one after another.

## Fix

Name the roles that may be passed, and the service they may be passed to (`iam:PassedToService`); name the
functions, users and policies that may be changed. A role that makes other roles needs the condition that
they have a permissions boundary (`iam:PermissionsBoundary`). What is granted instead is known to the code
alone. Where all ways need one action that a statement names, the fix shows it taken away; it is never applied.

## Example

```hcl
resource "aws_lambda_function" "deployer" {
  function_name = "deployer"
  role          = aws_iam_role.deployer.arn
}

resource "aws_iam_role" "deployer" {
  name = "deployer"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy" "deployer" {
  role = aws_iam_role.deployer.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "iam:PassRole", Resource = "*" },
      { Effect = "Allow", Action = ["lambda:CreateFunction", "lambda:InvokeFunction"], Resource = "*" },
    ]
  })
}
```

Use instead:

```hcl
resource "aws_lambda_function" "deployer" {
  function_name = "deployer"
  role          = aws_iam_role.deployer.arn
}

resource "aws_iam_role" "deployer" {
  name = "deployer"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role" "job" {
  name = "job"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy" "deployer" {
  role = aws_iam_role.deployer.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "iam:PassRole"
        Resource  = aws_iam_role.job.arn
        Condition = { StringEquals = { "iam:PassedToService" = "lambda.amazonaws.com" } }
      },
      {
        Effect   = "Allow"
        Action   = ["lambda:CreateFunction", "lambda:InvokeFunction"]
        Resource = "arn:aws:lambda:eu-west-1:123456789012:function:job-*"
      },
    ]
  })
}
```
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from stockade.checklist import Item
from stockade.control import Fails, Fix, Holds, Noise, Rewrite, Safety, Severity, Undecided, Verdict, control
from stockade.iam.escalate import escalate
from stockade.iam.gains import Escalations, Gain, Path
from stockade.iam.policy import Statement
from stockade.model.grants import listed
from stockade.model.role import ExecutionRole, Role, RolePolicy
from stockade.model.world import World
from stockade.value import Known, Origin, Unknown, places, shape_of

_PLACES = 6
"""How many statements are shown as evidence."""


@control(
    ExecutionRole,
    severity=Severity.HIGH,
    item=Item.EXACT_PERMISSIONS,
    since="0.1.0",
    references=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html",
        "https://rhinosecuritylabs.com/aws/aws-privilege-escalation-methods-mitigation/",
        "https://pathfinding.cloud/paths/",
    ),
)
def check(execution: ExecutionRole, world: World) -> Verdict:
    match execution.role:
        case Unknown() as gap:
            return Undecided(gap)
        case Known(role):
            pass
    climbers = world.climbers
    holder = climbers.holder(role)
    found = escalate(holder, climbers.targets(holder))
    if found.paths:
        return _fails(role, found)
    if found.doubts:
        doubt = found.doubts[0]
        origin = next(_written(role, doubt.by), role.origin)
        return Undecided(
            Unknown(f"the role may be able to {doubt.way.said(doubt.name)}: {doubt.reason}", origin)
        )
    unread = climbers.unread(role)
    return Undecided(unread) if unread else Holds(role.origin)


def _fails(role: Role, found: Escalations) -> Fails:
    path = found.paths[0]
    requests = [one.request for one in path.steps]
    others = len({one.way for one in found.paths}) - 1
    more = f"; {others} more {'ways are' if others > 1 else 'way is'} open" if others else ""
    origins = list(dict.fromkeys(_written(role, (by for step in path.steps for by in step.by))))
    by = listed((one.step.action for one in path.steps), most=4)
    return Fails(
        f"the role may {path.way.said(path.target.name if path.target else '')}{_gained(path)}, by {by}{more}",
        origins[0] if origins else role.origin,
        _fix(role, found),
        also=tuple(origins[1:_PLACES]),
        severity=Severity.MEDIUM if path.way.needs or path.gain is Gain.SOME else Severity.HIGH,
        noise=Noise.STRICT if all(map(_is_meant, found.paths)) else None,
        told_by="admin-role" if _is_told(found) else "",
        witness=requests[0],
        then=tuple(requests[1:]),
    )


def _fix(role: Role, found: Escalations) -> Fix | None:
    """Take away the one permission that every open way needs: only shown, for the code may need it too."""
    for step in sorted(found.paths[0].steps, key=lambda one: one.step.action != "iam:PassRole"):
        action = step.step.action
        if len(step.by) != 1 or not all(_needs(path, action, step.by[0]) for path in found.paths):
            continue
        (stated,) = step.by
        policy = _policy_of(role, stated)
        written = stated.actions or ()
        if policy is None or not policy.holder or isinstance(policy.document, Unknown):
            continue
        count = len(policy.document.value.statements)
        if not all(isinstance(one, Known) for one in written):
            continue
        names = [str(one.value) for one in written if isinstance(one, Known)]
        left = [one for one in names if one.lower() != action.lower()]
        if len(left) == len(names):
            continue  # a wildcard allows it
        title = f"take `{action}` away, or name what it may be used on"
        change = (
            Rewrite(policy.holder, policy.attribute, stated.index, "Action", tuple(left))
            if left
            else Rewrite(policy.holder, policy.attribute, stated.index, None, of=count)
        )
        if left or count > 1:
            return Fix(title, Safety.SHOW, (change,), note=_NOTE)
    return None


_NOTE = (
    "where the code needs it, name the roles, functions or policies it is for, and for `iam:PassRole` the "
    "service (`iam:PassedToService`)"
)


def _is_meant(path: Path) -> bool:
    """Whether the way is by a role that is passed by its whole name, to do less than everything.

    That is how AWS advises to start instances or tasks: whoever named the role wants it to be passed.
    """
    if path.target is None or path.gain is not Gain.SOME:
        return False
    passing = [by for step in path.steps if step.step.action == "iam:PassRole" for by in step.by]
    return bool(passing) and all(_names_roles(by) for by in passing)


def _names_roles(statement: Statement) -> bool:
    resources = statement.resources or ()
    texts = [part for one in resources for part in shape_of(one) if isinstance(part, str)]
    return bool(resources) and not any("*" in text or "?" in text for text in texts)


def _needs(path: Path, action: str, by: Statement) -> bool:
    return any(one.step.action == action and by in one.by for one in path.steps)


def _gained(path: Path) -> str:
    """What the way brings, where it does not say so itself."""
    if path.way.needs:
        return f" (where there is {path.way.needs})"
    match path.gain, path.target:
        case Gain.EVERYTHING, None:
            return " and so do everything"
        case Gain.EVERYTHING, _:
            return ", which may do everything"
        case Gain.SOME, None:
            return " and so do all that its permissions boundary lets it"
        case Gain.SOME, _:
            return ", which may do what this role may not"
        case _:
            return ""


# What admin-role tells of a statement.
_OF_ADMINS = frozenset({"own-inline-policy", "own-attached-policy"})


def _is_told(found: Escalations) -> bool:
    return any(one.way.name in _OF_ADMINS for one in found.paths)


def _written(role: Role, statements: Iterable[Statement]) -> Iterator[Origin]:
    """Where statements are written, or where the policy is attached that has them."""
    for statement in statements:
        if next(places(statement.origin), None) is not None:
            yield statement.origin
        elif (policy := _policy_of(role, statement)) is not None:
            yield policy.origin


def _policy_of(role: Role, statement: Statement) -> RolePolicy | None:
    for policy in role.policies:
        if isinstance(policy.document, Known) and statement in policy.document.value.statements:
            return policy
    return None
