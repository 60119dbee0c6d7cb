"""Others than Lambda may run as the function's role.

## Why it matters

A role's trust policy says who may assume it. An execution role needs to be assumed by Lambda and by
nobody else: whoever else it names has all that the function may do, without the function and without
its code. `*` is everybody with an AWS account; another account is whoever that account lets; a web
identity provider without a condition on the subject is each of its users, everywhere.

Other services beside Lambda are a smaller matter: who may pass the role to them gets the function's
permissions. That is shown at `regular` where the role changes things or reads secrets, else from
`strict` on. So are the own account as a whole, an organisation, and identities that a condition chooses.

## What it does not see

Which accounts are yours, unless you list them as `accounts` in `stockade.toml`. Without the list the
function's own is taken from its role; where that is known only at deployment, an account that is
written out stays undecided. What policies of the others allow them: a
user of the own account needs `sts:AssumeRole` beside being trusted. Service control policies.

## Fix

Let only `lambda.amazonaws.com` assume the role, `edgelambda.amazonaws.com` beside it for Lambda@Edge,
and make roles of their own for others. The fix takes the others out of the statement that trusts Lambda, and
removes the statements that do not; for review, since somebody may really run as the role. Nothing is proposed
where a principal is not known, or none is Lambda.

## Example

```hcl
resource "aws_iam_role" "orders" {
  name = "orders"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "lambda.amazonaws.com", AWS = "*" }
    }]
  })
}

resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = aws_iam_role.orders.arn
  filename      = "orders.zip"
  handler       = "main.handler"
  runtime       = "python3.13"
}
```

Use instead:

```hcl
resource "aws_iam_role" "orders" {
  name = "orders"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "lambda.amazonaws.com" }
    }]
  })
}

resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = aws_iam_role.orders.arn
  filename      = "orders.zip"
  handler       = "main.handler"
  runtime       = "python3.13"
}
```
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from stockade.checklist import Item
from stockade.control import Fails, Fix, Holds, Noise, Rewrite, Safety, Severity, Undecided, Verdict, control
from stockade.iam.match import Shape
from stockade.iam.request import STRANGER, Caller, CallerKind, Request, caller
from stockade.model.access import assuming
from stockade.model.account import own_account
from stockade.model.grants import listed
from stockade.model.power import heaviest
from stockade.model.role import ExecutionRole, Role
from stockade.model.trust import Held, Trusted, Whom, trusted
from stockade.model.world import World
from stockade.patterns import lazy_regex
from stockade.value import Hole, Unknown

_HOW: Final = {
    Held.NOT: "",
    Held.SOMEWHAT: ", if the request comes with what the condition asks for",
    Held.CHOSEN: ", as far as the condition lets them",
}


@control(
    ExecutionRole,
    severity=Severity.HIGH,
    item=Item.CUSTOM_ROLE,
    since="0.1.0",
    references=(
        "https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html",
    ),
)
def check(role: ExecutionRole, world: World) -> Verdict:
    if isinstance(role.role, Unknown):
        return Undecided(role.role)
    document = role.role.value.trust
    if isinstance(document, Unknown):
        return Undecided(document)
    functions = world.functions_of(role)
    found = list(trusted(document.value, own_account(functions), world.accounts))
    shown = {
        one: assuming(document.value, _caller(one), role.role.value)
        for one in found
        if isinstance(one, Trusted) and one.whom not in (Whom.LAMBDA, Whom.OWN)
    }
    # Whom a trust policy names and no request of theirs gets through is not trusted after all.
    others = [one for one, request in shown.items() if request is not None]
    unsure = [one for one in found if isinstance(one, Unknown)]
    power = heaviest(world.grants_of(functions[0])) if others else None
    failures = [(_weight(one, power), one) for one in others]
    if failures:
        (noise, severity), worst = min(failures, key=lambda one: (one[0][0], -one[0][1]))
        if noise is Noise.REGULAR or not unsure:
            same = [one for one in others if one.whom is worst.whom and one.held is worst.held]
            fix = _fix(role.role.value, found, len(document.value.statements))
            also = tuple(one.origin for one in others if one is not worst)
            request = shown[worst]
            witness = request if isinstance(request, Request) else None
            return Fails(_message(same, power), worst.origin, fix, also, severity, noise, witness=witness)
    return Undecided(unsure[0]) if unsure else Holds(document.value.origin)


def _caller(one: Trusted) -> Caller:
    """Somebody of those whom a trust policy lets in."""
    match one.whom:
        case Whom.EVERYBODY:
            return caller(f"arn:aws:iam::{STRANGER}:role/other")
        case Whom.SERVICE:
            return Caller(CallerKind.SERVICE, one.name, shape=_with_holes(one.name))
        case Whom.IDENTITIES:
            return Caller(CallerKind.FEDERATED, one.name, shape=_with_holes(one.name))
        case Whom.FOREIGN | Whom.ACCOUNT if one.name.isdigit() or one.name.endswith(":root"):
            name = f"{caller(one.name).name.removesuffix('root')}role/other"
            return replace(caller(name), shape=_with_holes(name)) if "${" in name else caller(name)
        case _:
            return caller(one.name)


def _with_holes(name: str) -> Shape:
    """A name that is shown with what is not known of it, as its pieces."""
    pieces = _HOLE.split(name)
    return tuple(Hole(piece) if index % 2 else piece for index, piece in enumerate(pieces) if piece)


_HOLE: Final = lazy_regex(r"\$\{([^}]*)\}")


def _weight(one: Trusted, power: str | None) -> tuple[Noise, Severity]:
    """From which level on a trusted principal is shown, and how much it matters."""
    match one.whom, one.held:
        case Whom.SERVICE, _:
            return Noise.REGULAR if power else Noise.STRICT, Severity.LOW
        case Whom.ACCOUNT, _:
            return Noise.STRICT, Severity.LOW
        case _, Held.CHOSEN:
            return Noise.STRICT, Severity.MEDIUM
        case Whom.EVERYBODY, Held.NOT:
            return Noise.REGULAR, Severity.CRITICAL
        case Whom.FOREIGN, Held.SOMEWHAT:
            return Noise.REGULAR, Severity.MEDIUM
        case _:
            return Noise.REGULAR, Severity.HIGH


def _message(same: Sequence[Trusted], power: str | None) -> str:
    one, names = same[0], listed(each.name for each in same)
    how = _HOW[one.held]
    match one.whom:
        case Whom.EVERYBODY:
            return f"anybody with an AWS account may run as this role{how}"
        case Whom.SERVICE:
            given = f", and so has `{power}`" if power else ""
            return f"{names} may run as this role beside Lambda{given}"
        case Whom.ACCOUNT:
            return f"everybody whom IAM lets in an own account, {names}, may run as this role{how}"
        case Whom.IDENTITIES:
            which = "identities" if one.held is Held.CHOSEN else "every identity"
            return f"{which} of {names} may run as this role{how}"
        case _:
            return f"{names} of another account may run as this role{how}"


def _fix(role: Role, found: Sequence[Trusted | Unknown], count: int) -> Fix | None:
    """Leave only Lambda: alone in the statement that trusts it, and without the statements that do not."""
    known = [one for one in found if isinstance(one, Trusted)]
    services = list(dict.fromkeys(one.name for one in known if one.whom is Whom.LAMBDA))
    if not services or len(known) != len(found):
        return None
    of_lambda = {one.statement.index for one in known if one.whom is Whom.LAMBDA}
    others = {one.statement.index for one in known if one.whom is not Whom.LAMBDA}
    value = {"Service": services[0] if len(services) == 1 else services}
    changes = [
        Rewrite(role.address, "trust", index, "Principal", value) for index in sorted(of_lambda & others)
    ]
    # From the last on, so that those before keep their places.
    for gone, index in enumerate(sorted(others - of_lambda, reverse=True)):
        changes.append(Rewrite(role.address, "trust", index, None, of=count - gone))
    note = "who has to run as the role besides needs a role of their own"
    return Fix("let only Lambda assume the role", Safety.REVIEW, tuple(changes), note=note)
