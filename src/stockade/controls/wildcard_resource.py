"""A policy of the execution role allows actions on every resource, though they can be scoped.

## Why it matters

An action is only as harmless as what it can be done to. `dynamodb:DeleteItem` on one table is a
feature; on `*` it reaches every table of the account, those of other teams included. The same goes
for `arn:aws:dynamodb:*:*:table/*`, which says `*` in more letters.

Many actions cannot be scoped: X-Ray's, `ec2:Describe*`, `cloudwatch:PutMetricData`. AWS's own
reference of actions decides that, and they stay silent, as do those that Lambda needs on `*` to put
a function into a VPC.

## What it does not see

Whether a list of ARNs is longer than it need be. Policies that AWS keeps (`broad-managed-policy`).
Writing logs, and reading secrets, parameters and with KMS keys, which `unscoped-logs` and
`unscoped-secrets` judge. Actions whose resources are optional in AWS's reference stay silent.

A condition on tags, key prefixes, namespaces and their like counts as scoping. One that only names
the account or the service a request comes through makes a softer finding, shown from `strict` on;
so do actions that only tell how something is set up, as `s3:GetBucketLocation`, and `sns:Publish`,
which needs `*` where it sends text messages, and `macie2:CreateClassificationJob`, of which nobody knows
the ARN before.

## Fix

Name the resources: by reference, or by an ARN with the known part of the name.

Where every action of the statement can be scoped to tables, buckets, queues, topics, streams, state
machines, secrets, parameters or keys, the fix takes those of the module it is written in: those that
the function's environment or event sources refer to. To be reviewed: what code uses by a name of its own is
not seen. The only one of its kind is shown where nothing refers to it, for that is a guess. Where several are
declared and none is referred to, or none is declared, the fix shows the form of the ARNs with places for the
names; for a statement with actions that cannot be scoped it says to part it.

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
      Action   = "dynamodb:PutItem"
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
      Action   = "dynamodb:PutItem"
      Resource = "arn:aws:dynamodb:eu-west-1:123456789012:table/orders"
    }]
  })
}
```
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

from stockade.checklist import Item
from stockade.control import Fails, Fix, Holds, Noise, Rewrite, Safety, Severity, Undecided, Verdict, control
from stockade.iam.breadth import (
    Limit,
    Narrowing,
    covering,
    every_action,
    formats,
    is_every_action,
    limit,
    on_all,
    on_everything,
    only_tells_settings,
    resources_of,
    scopes,
    unscoped,
)
from stockade.iam.catalog import Action, Catalog
from stockade.iam.match import arn_parts
from stockade.iam.policy import Statement
from stockade.iam.request import Request
from stockade.memory import remembered
from stockade.model.access import Barred, Powers, as_written, some_resource
from stockade.model.function import Function
from stockade.model.grants import allowing, is_aws_managed, listed
from stockade.model.role import Grant, RolePolicy
from stockade.model.scope import scoped
from stockade.model.world import World
from stockade.needs.exact import unneeded
from stockade.records import dataclass
from stockade.remedies.arns import places as places_for
from stockade.value import Known, Origin, Unknown, Value, places, shape_of

# Where a statement covers one of these, another control says how to scope it and all of its service.
_OTHERS: Final = {
    "kms": ("kms:Decrypt",),
    "logs": ("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"),
    "secretsmanager": ("secretsmanager:GetSecretValue",),
    "ssm": ("ssm:GetParameter", "ssm:GetParameterHistory", "ssm:GetParameters", "ssm:GetParametersByPath"),
}
_SOFT: Final = frozenset(
    {
        "ec2:DetachNetworkInterface",  # older instructions for functions in a VPC ask for it
        "macie2:CreateClassificationJob",  # Macie gives the job its identifier when it makes it
        "sns:Publish",  # a text message goes to a number, which has no ARN
    }
)


@dataclass(frozen=True, slots=True)
class _Found:
    """An action that can be scoped, the pattern that grants it, and the string that leaves it unscoped."""

    pattern: Known[str]
    action: Action
    where: Value[str]


@control(
    Grant,
    severity=Severity.MEDIUM,
    item=Item.EXACT_PERMISSIONS,
    since="0.1.0",
    references=(
        "https://docs.aws.amazon.com/service-authorization/latest/reference/reference.html",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege",
    ),
)
def check(grant: Grant, world: World) -> Verdict | None:
    match allowing(grant):
        case None:
            return None
        case _ if is_aws_managed(grant):
            return None
        case Unknown() as gap:
            return Undecided(gap)
        case statement:
            pass
    every, everywhere = every_action(statement), on_everything(statement)
    if every and everywhere:
        unknown = next((one for one in (every, everywhere) if isinstance(one, Unknown)), None)
        if unknown:
            return Undecided(unknown)
        return Fails("every action is allowed on every resource", everywhere.origin, told_by="admin-role")
    powers = world.powers_of(grant.execution_role)
    functions = world.functions_of(grant)
    found: list[_Found] = []
    unsure = [one for one in statement.actions or () if isinstance(one, Unknown) and _is_wide(statement)]
    barred: Barred | None = None
    for one in _unscoped(statement):
        if isinstance(one.where, Unknown):
            unsure.append(one.where)
            continue
        shown = _shown(one, statement, powers, functions) if powers and powers.is_limited else None
        match shown:
            case Unknown():
                unsure.append(shown)
            case Barred():
                barred = shown
            case _:
                found.append(one)
    if not found and not unsure:
        return Holds(barred.by.origin if barred and barred.by else statement.origin)
    limited = limit(statement)
    if isinstance(limited, Unknown):
        return Undecided(limited)
    if limited and limited.narrowing is Narrowing.CHOSEN:
        return Holds(limited.condition.origin)
    if not found:
        return Undecided(unsure[0])
    return _told(grant, world, statement, found, limited)


def _told(
    grant: Grant, world: World, statement: Statement, found: list[_Found], limited: Limit | None
) -> Verdict:
    """What is said of the actions that were found, with a request that uses the first of them."""
    powers = world.powers_of(grant.execution_role)
    serious = [one for one in found if not _is_soft(one.action)]
    found = serious or found
    message = _message(statement, found)
    if limited:
        message += f" beside the condition on `{limited.condition.key}`"
    soft = limited is not None or not serious
    because, *also = dict.fromkeys((*_where(found[0]), *(one.pattern.origin for one in found)))
    witness = _shown(found[0], statement, powers, world.functions_of(grant)) if powers else None
    if isinstance(witness, Unknown):
        return Undecided(witness)
    if isinstance(witness, Barred):
        return Holds(witness.by.origin if witness.by else statement.origin)
    return Fails(
        message,
        because,
        _fix(grant, statement, world),
        also=tuple(also),
        severity=Severity.LOW if soft else Severity.MEDIUM,
        noise=Noise.STRICT if soft else Noise.REGULAR,
        witness=witness,
    )


def _shown(
    one: _Found, statement: Statement, powers: Powers, functions: tuple[Function, ...]
) -> Request | Barred | Unknown:
    """A request of the role that uses an action on a resource that nobody chose."""
    service = Catalog.load().service(one.action.service)
    arn_format = service.resource_types[scopes(one.action)[0]] if service else ""
    return powers.shown(str(one.action), some_resource(arn_format, as_written(statement, one.where), functions))


def _fix(grant: Grant, statement: Statement, world: World) -> Fix | None:
    """Name the resources that the function is told of or gets events from, or the only one there is."""
    policy = grant.policy
    scope = scoped(grant, statement, world, unneeded(grant, statement, world))
    if policy is None or not policy.holder:
        return None
    if scope is None:
        return _shown_places(policy, statement)
    rewrite = Rewrite(policy.holder, policy.attribute, statement.index, "Resource", scope.resource)
    title = f"allow only {listed(scope.addresses)}"
    if scope.guessed:
        note = "it is the only one of its kind here, and nothing else says that the function uses it"
        return Fix(title, Safety.SHOW, (rewrite,), note=note)
    return Fix(title, Safety.REVIEW, (rewrite,))


def _shown_places(policy: RolePolicy, statement: Statement) -> Fix:
    """Places for the resources that somebody has to name."""
    value = places_for(statement)
    title = "name the resources that the function uses"
    if value is None:
        note = "move the actions that can be scoped to a statement of their own, on the ARNs of what is used"
        return Fix(title, Safety.SHOW, (), note=note)
    change = Rewrite(policy.holder, policy.attribute, statement.index, "Resource", value)
    return Fix(title, Safety.SHOW, (change,))


def _is_soft(action: Action) -> bool:
    return str(action) in _SOFT or only_tells_settings(action)


def _where(found: _Found) -> tuple[Origin, ...]:
    """Where to look: at the resource, or at the action where what is not known of it is written nowhere."""
    where = found.where.origin
    return (where,) if any(places(where)) else (found.pattern.origin, where)


def _unscoped(statement: Statement) -> Iterator[_Found]:
    """The actions that a statement grants on all there is, or may, though they can be scoped."""
    seen: dict[str, Value[str] | None] = {}
    for pattern in _patterns(statement):
        actions, kinds = _scopable(pattern.value)
        for arn in kinds:
            if arn not in seen:
                seen[arn] = on_all(statement, arn)
        if not any(seen[arn] for arn in kinds):
            continue  # nothing of what they could be scoped to is granted as a whole
        for action, arns in actions:
            where = unscoped(statement, action, arns, seen)
            if where is None or _is_said_elsewhere(statement, action.service):
                continue
            if isinstance(covering(statement, str(action)), Known):
                yield _Found(pattern, action, where)


@remembered(1 << 10)
def _scopable(pattern: str) -> tuple[tuple[tuple[Action, tuple[str, ...]], ...], tuple[str, ...]]:
    """The actions that a pattern covers and that can be scoped, each with the formats of what to, and those."""
    catalog = Catalog.load()
    found = ((one, catalog.service(one.service)) for one in catalog.expand(pattern))
    scoped_to = ((one, formats(one, service)) for one, service in found if service)
    actions = tuple((one, arns) for one, arns in scoped_to if arns)
    return actions, tuple(dict.fromkeys(arn for _, arns in actions for arn in arns))


def _is_said_elsewhere(statement: Statement, service: str) -> bool:
    """Whether another control says how to scope what a statement grants of a service."""
    return any(isinstance(covering(statement, name), Known) for name in _OTHERS.get(service, ()))


def _patterns(statement: Statement) -> Iterator[Known[str]]:
    """A statement's action patterns; "every action" is taken as that of the services in its ARNs."""
    every = every_action(statement)
    if isinstance(every, Known):
        for service in _services(statement):
            yield Known(f"{service}:*", every.origin)
    for one in statement.actions or ():
        if isinstance(one, Known) and not is_every_action(one):
            yield one


def _services(statement: Statement) -> Iterator[str]:
    """The services that a statement's ARNs name."""
    for one in resources_of(statement):
        arn = arn_parts(shape_of(one))
        if arn and len(arn[2]) == 1 and isinstance(arn[2][0], str):
            yield arn[2][0]


def _is_wide(statement: Statement) -> bool:
    """Whether a statement may apply to all resources of any type."""
    catalog = Catalog.load()
    services = [found for name in _services(statement) if (found := catalog.service(name))]
    formats = (one for service in services for one in service.resource_types.values())
    return on_everything(statement) is not None or any(on_all(statement, one) for one in formats)


def _message(statement: Statement, found: list[_Found]) -> str:
    """What can be scoped, and to what."""
    patterns = {one.pattern.value: one for one in found}
    names = [name if "*" in name or "?" in name else str(one.action) for name, one in patterns.items()]
    what = _arns(dict.fromkeys(one.action for one in found))
    on = f"`{found[0].where.value}`" if isinstance(found[0].where, Known) else "everything"
    if statement.not_resources is not None:
        on = "all that `NotResource` leaves"
    return f"{listed(names)} can be scoped to {what}, but may be used on {on}"


def _arns(actions: Collection[Action]) -> str:
    """The ARNs that all of the actions can be scoped to, by their kind where there is one for all."""
    kinds: list[str] = []
    for service in dict.fromkeys(one.service for one in actions):
        types = [scopes(one) for one in actions if one.service == service]
        if max(map(len, types)) > 3:
            return "ARNs"
        kind = next((kind for kind in types[0] if all(kind in others for others in types)), "")
        kinds.append(kind.partition("-on-")[0])  # AWS's reference has rules twice, by the bus that they are on
    return f"{' and '.join(kinds)} ARNs" if all(kinds) and len(kinds) < 3 else "ARNs"
