"""A policy of the execution role allows actions by a wildcard.

## Why it matters

`dynamodb:*` is not "read and write the table" but every action of the service: deleting tables,
changing their policies, exporting their data, and whatever AWS adds next year. A function that was
written to put an item can then destroy the table.

How bad a wildcard is depends on what it covers. A whole service, or anything that changes
permissions, is a mistake; a wildcard with other writes is a lesser one. One that covers only
reading actions (`s3:Get*`), a few, or the forms of one (`kms:GenerateDataKey*`) is shown from
`strict` on, as is one over a service that AWS's reference does not know, and one that comes down to a single
action is none. Actions that cannot be done to the resources of the statement do not count.

## What it does not see

Whether the function uses the actions at all. `*` on `*` is told by `admin-role`, and what policies
of AWS's own allow by `broad-managed-policy`: they fail here too, and are listed for an `audit` only.

## Fix

Name the actions that the code calls. Configuration alone does not say which these are, so the fix is only
shown: all actions that the wildcard covers, where these are few, of which to keep what is called, else a
place for them. Any shorter list would be a guess that fails at run time.

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
      Action   = "dynamodb:*"
      Resource = "arn:aws:dynamodb:eu-west-1:123456789012:table/orders"
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
      Action   = ["dynamodb:GetItem", "dynamodb:PutItem"]
      Resource = "arn:aws:dynamodb:eu-west-1:123456789012:table/orders"
    }]
  })
}
```
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final

from stockade.checklist import Item
from stockade.control import Fails, Fix, Holds, Noise, Rewrite, Safety, Severity, Undecided, Verdict, control
from stockade.iam.breadth import (
    concerned,
    covers_everything,
    is_every_action,
    on_everything,
    reads,
    resources_of,
)
from stockade.iam.catalog import Action, Catalog, Service
from stockade.iam.match import arn_parts
from stockade.iam.policy import Statement
from stockade.iam.request import Request
from stockade.model.access import Barred, Powers
from stockade.model.grants import allowing, is_aws_managed, listed
from stockade.model.relate import meant
from stockade.model.role import Grant
from stockade.model.world import World
from stockade.patterns import lazy_regex
from stockade.records import dataclass
from stockade.remedies.arns import blank_actions
from stockade.value import Known, Origin, Unknown, Value, parts_of, shape_of


@dataclass(frozen=True, slots=True)
class _Wide:
    """A pattern that covers too much: what it covers completes "``pattern`` covers ..."."""

    pattern: Known[str]
    covers: str
    severity: Severity
    noise: Noise = Noise.REGULAR


@control(
    Grant,
    severity=Severity.MEDIUM,
    item=Item.EXACT_PERMISSIONS,
    since="0.1.0",
    references=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege",
    ),
)
def check(grant: Grant, world: World) -> Verdict | None:
    match allowing(grant):
        case None:
            return None
        case Unknown() as gap:
            return None if is_aws_managed(grant) else Undecided(gap)
        case statement:
            pass
    verdict = _judge(grant, statement)
    powers = world.powers_of(grant.execution_role)
    if not isinstance(verdict, Fails) or powers is None or verdict.told_by:
        return verdict
    shown = partial(_shown, statement, verdict.because, powers)
    if powers.is_limited:
        # What a Deny or the boundary takes back altogether is not granted.
        match shown():
            case Barred() as barred:
                return Holds(barred.by.origin if barred.by else statement.origin)
            case Unknown() as gap:
                return Undecided(gap)
            case _:
                pass
    return replace(verdict, witness=lambda: found if isinstance(found := shown(), Request) else None)


def _shown(statement: Statement, because: Origin, powers: Powers) -> Request | Barred | Unknown:
    """A request of the role that the pattern lets through."""
    found = next((one for one in statement.actions or () if one.origin == because), None)
    resources = [shape for one in resources_of(statement) if (shape := shape_of(one))]
    return powers.any_of([found.value if isinstance(found, Known) else "*"], resources or [("*",)])


def _judge(grant: Grant, statement: Statement) -> Verdict | None:
    admin = isinstance(on_everything(statement), Known)
    managed = is_aws_managed(grant)
    if statement.not_actions is not None:
        return _all_but(statement, "admin-role" if admin else "broad-managed-policy" if managed else "")
    found = [
        wide for one in statement.actions or () if isinstance(one, Known) and (wide := _wide(one, statement))
    ]
    if not found:
        unknown = next((one for one in statement.actions or () if isinstance(one, Unknown)), None)
        if unknown:
            return Undecided(unknown)
        return None if managed else Holds(statement.origin)
    worst = min(found, key=lambda one: (one.noise, -one.severity))
    others = [one for one in found if one is not worst and one.noise <= worst.noise]
    message = f"`{worst.pattern.value}` allows {worst.covers}"
    if others:
        message += f" ({listed(one.pattern.value for one in others)} likewise)"
    return Fails(
        message,
        worst.pattern.origin,
        _fix(grant, statement, found),
        also=tuple(one.pattern.origin for one in others),
        severity=worst.severity,
        noise=Noise.AUDIT if managed else worst.noise,
        told_by=_teller(worst, admin, managed),
    )


def _fix(grant: Grant, statement: Statement, found: Sequence[_Wide]) -> Fix | None:
    """The actions that few wildcards cover, of which to keep what is called; else a place for them."""
    policy = grant.policy
    if policy is None or not policy.holder or is_every_action(found[0].pattern):
        return None
    catalog = Catalog.load()
    wide = {one.pattern.value for one in found}
    out: dict[Any, None] = {}
    listing = True
    for one in statement.actions or ():
        if isinstance(one, Unknown):
            return None
        if one.value not in wide:
            out[str(one.value)] = None
            continue
        covered = concerned(statement, catalog.expand(one.value))
        if 0 < len(covered) <= _FEW:
            out |= dict.fromkeys(map(str, covered))
        else:
            listing = False
            out[blank_actions(one.value.partition(":")[0])] = None
    actions = tuple(out)
    change = Rewrite(
        policy.holder, policy.attribute, statement.index, "Action", actions if len(actions) > 1 else actions[0]
    )
    title = "name the actions that the code calls"
    note = "these are all that the wildcard covers: keep those that the code calls" if listing else ""
    return Fix(title, Safety.SHOW, (change,), note=note)


_FEW: Final = 12
"""So many actions are listed in place of a wildcard."""


def _teller(wide: _Wide, admin: bool, managed: bool) -> str:
    """The control whose finding already says this, if there is one."""
    if admin and is_every_action(wide.pattern):
        return "admin-role"
    return "broad-managed-policy" if managed and wide.noise is Noise.REGULAR else ""


def _wide(pattern: Known[str], statement: Statement) -> _Wide | None:
    text = pattern.value
    if is_every_action(pattern):
        covers = "every action on the resources that its statement names"
        return _Wide(
            pattern, covers if _is_narrow(statement) else "every action of every service", Severity.MEDIUM
        )
    if "*" not in text and "?" not in text:
        return None
    catalog = Catalog.load()
    actions = catalog.expand(text)
    prefix, _, name = text.partition(":")
    if name and not name.strip("*"):
        service = catalog.service(prefix)
        if service is None:
            # One that is newer than the catalog, or misspelt, which invalid-policy tells; or several.
            noise = Noise.REGULAR if "*" in prefix or "?" in prefix else Noise.STRICT
            return _Wide(pattern, f"every action of `{prefix}`", Severity.MEDIUM, noise)
        if not _fits(statement, service):
            return None  # none of its actions can be done to what the statement names
        covers = f"all {len(actions)} actions of {service.title}"
        if len(concerned(statement, actions)) < len(actions):
            covers = f"every action of {service.title} on the resources that its statement names"
        return _Wide(pattern, covers, Severity.MEDIUM)
    actions = concerned(statement, actions)
    if len(actions) < 2:
        return None
    # `GenerateDataKey*` and its like are as good as the one action they begin with.
    stem = text.removesuffix("*")
    few = len(actions) < 5 or ("*" not in stem and "?" not in stem and catalog.action(stem) is not None)
    covers = f"{len(actions)} actions"
    if _may_be_narrow(statement):
        covers, actions = f"up to {len(actions)} actions", _usual_first(actions)
    for access, what in (
        ("Permissions management", "changes permissions"),
        ("Write", "writes"),
        ("Tagging", "tags"),
    ):
        first = next((one for one in actions if one.access == access and not reads(one)), None)
        if first:
            covers += f", among them `{first}`, which {what}"
            if access == "Permissions management":
                return _Wide(pattern, covers, Severity.MEDIUM)
            return _Wide(pattern, covers, Severity.LOW, Noise.STRICT if few else Noise.REGULAR)
    return _Wide(pattern, f"{covers}, all of them reading", Severity.LOW, Noise.STRICT)


def _may_be_narrow(statement: Statement) -> bool:
    """Whether it is not known if a statement is about everything."""
    found = [covers_everything(one) for one in resources_of(statement)]
    return None in found and True not in found


def _usual_first(actions: Sequence[Action]) -> tuple[Action, ...]:
    """Some actions, those first that are on what most of them are on: on buckets before access grants."""
    often = Counter(kind for one in actions for kind in one.resource_types)
    return tuple(sorted(actions, key=lambda one: -max((often[kind] for kind in one.resource_types), default=0)))


_OF_ONE: Final = lazy_regex(r"arn:[\w-]+:[\w-]+:")
"""How a pattern begins that only ARNs of one service match, whatever it lacks."""


def _is_narrow(statement: Statement) -> bool:
    """Whether each resource of a statement is known to be of one service, so that only its actions count."""
    for one in resources_of(statement):
        ref, parts = meant(one), arn_parts(shape_of(one))
        of = parts[2] if parts else ()
        text = "".join(map(str, shape_of(one)[:1]))
        if (ref is not None and ref.attribute == "arn") or _OF_ONE.match(text):
            continue
        if len(of) != 1 or not isinstance(of[0], str) or not of[0] or "*" in of[0] or "?" in of[0]:
            return False
    return bool(resources_of(statement))


def _fits(statement: Statement, service: Service) -> bool:
    """Whether a statement may be about things of a service: ``False`` where all its ARNs are of others."""
    own = {arn.split(":")[2] for arn in service.resource_types.values() if arn.count(":") > 2}
    for one in resources_of(statement):
        parts = arn_parts(shape_of(one))
        of = parts[2] if parts else ()
        if len(of) != 1 or not isinstance(of[0], str) or "*" in of[0] or "?" in of[0] or of[0] in own:
            return True
    return not resources_of(statement)


def _all_but(statement: Statement, told_by: str) -> Verdict:
    named = statement.not_actions or ()
    if any(is_every_action(one) for one in named):
        return Holds(statement.origin)
    unknown = next((one for one in named if isinstance(one, Unknown) and one.text is None), None)
    if unknown:
        return Undecided(unknown)
    # What everything but a few is to be replaced by, nobody but the code can say.
    return Fails(
        f"`NotAction` allows every action of every service but {listed(map(_text, named))}",
        named[0].origin if named else statement.origin,
        also=tuple(one.origin for one in named[1:]),
        told_by=told_by,
    )


def _text(value: Value[str]) -> str:
    return "".join(map(str, parts_of(value)))
