"""Another AWS account may invoke the function.

## Why it matters

A permission for an account lets everybody in whom that account's administrators let in, and nobody
tells you when they do. One for a role or a user of another account trusts that account to look after
it. Both are sometimes what is wanted; neither should be there without somebody knowing.

## What it does not see

Which accounts are yours, unless you list them as `accounts` in `stockade.toml`: then every one of
them may invoke, and no other. Without the list the function's own account is taken from its role,
which is always of the same one; where that is known only at deployment, a permission for an account
that is written out stays undecided. Accept one that is meant, with its owner's name as the reason.
Services that call for another account's resources are the matter of `unscoped-invoker`, the principal
`*` of `public-invoke`.

## Fix

Name the role that calls instead of its whole account, or restrict the permission to your organisation
with `principal_org_id`; a finding that is restricted so is shown from `strict` on. The change that is
shown removes the permission.

## Example

```hcl
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = "arn:aws:iam::123456789012:role/orders"
  filename      = "orders.zip"
  handler       = "main.handler"
  runtime       = "python3.13"
}

resource "aws_lambda_permission" "partner" {
  function_name = aws_lambda_function.orders.function_name
  action        = "lambda:InvokeFunction"
  principal     = "999999999999"
}
```

Use instead:

```hcl
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = "arn:aws:iam::123456789012:role/orders"
  filename      = "orders.zip"
  handler       = "main.handler"
  runtime       = "python3.13"
}

resource "aws_lambda_permission" "own" {
  function_name = aws_lambda_function.orders.function_name
  action        = "lambda:InvokeFunction"
  principal     = "arn:aws:iam::123456789012:role/shop"
}
```
"""

from __future__ import annotations

from stockade.checklist import Item
from stockade.control import Drop, Fails, Fix, Holds, Noise, Safety, Severity, Undecided, Verdict, control
from stockade.iam.match import Shape, arn_parts
from stockade.iam.symbolic import Proved, Witness
from stockade.iam.zones import TrustZone
from stockade.model.access import strangers
from stockade.model.account import HERE, is_account, is_ours
from stockade.model.permission import Permission
from stockade.model.reach import is_given, service
from stockade.model.world import World
from stockade.value import Hole, Unknown, shape_of


@control(
    Permission,
    severity=Severity.HIGH,
    item=Item.RESTRICTED_INVOKERS,
    since="0.1.0",
    references=("https://docs.aws.amazon.com/lambda/latest/dg/permissions-function-cross-account.html",),
)
def check(permission: Permission, world: World) -> Verdict | None:
    principal = permission.principal
    shape = shape_of(principal)
    if service(shape) is not None or shape == ("*",):
        return None
    arn = arn_parts(shape)
    account = arn[4] if arn else shape
    own = _own_account(permission, world)
    ours = is_ours(account, own, world.accounts) if account != HERE or is_account(own) else None
    if ours or account == own:
        return Holds(principal.origin)
    match account:
        case (str() as number,) if is_account(account):
            pass
        case (Hole(),) if arn and isinstance(principal, Unknown) and principal.ref:
            reason = f"whether `{principal.text}` is of this function's own account is known only at deployment"
            return Undecided(Unknown(reason, principal.origin))
        case _ if isinstance(principal, Unknown):
            return Undecided(principal)
        case _:
            shown = "".join(map(str, shape))
            return Undecided(Unknown(f"`{shown}` names no account", principal.origin))
    if ours is None:
        reason = f"whether `{number}` is this function's own account is known only at deployment"
        return Undecided(Unknown(reason, principal.origin))
    whole = arn is None or arn[5] == ("root",)
    message = (
        f"everyone whom account {number} lets may invoke this function"
        if whole
        else f"`{''.join(map(str, shape))}` of another account may invoke this function"
    )
    severity = Severity.HIGH if whole else Severity.MEDIUM
    noise = Noise.STRICT if is_given(permission.principal_org_id) else None
    fix = Fix("remove the permission, unless it is meant", Safety.SHOW, (Drop(permission.address),))
    trusted = {*world.accounts, *(one for one in own if isinstance(one, str) and is_account(own))}
    match strangers(permission, world.functions_of(permission), TrustZone(frozenset(trusted))):
        case Witness(request):
            return Fails(message, principal.origin, fix, severity=severity, noise=noise, witness=request)
        case Proved():
            return Holds(principal.origin)
        case _:
            # What is not known only narrows it: an organisation, a source.
            return Fails(message, principal.origin, fix, severity=severity, noise=noise)


def _own_account(permission: Permission, world: World) -> Shape:
    """The function's account, from its own ARN or its role's, as far as it is known."""
    arns = [permission.function_name, *(one.role for one in world.functions_of(permission))]
    accounts = [arn[4] for one in arns if (arn := arn_parts(shape_of(one))) is not None and arn[4]]
    return next(filter(is_account, accounts), accounts[0] if accounts else HERE)
