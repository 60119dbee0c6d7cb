"""Anyone may invoke the function.

## Why it matters

A permission for the principal `*` with nothing that narrows it gives the function to everybody who
has an AWS account, anywhere. They run your code with the role of your function, at your cost. With
`lambda:InvokeFunctionUrl` and the auth type `NONE` not even an account is needed.

What narrows such a permission: an organisation (`principal_org_id`), a source account, or a source
ARN that belongs to one account or names one bucket. Sources are stated by AWS services only, so that
`*` then means "whichever service calls for that resource".

## What it does not see

Statements that are added outside of this input, by hand or by AWS's console. That a function URL
needs two permissions since October 2025, `lambda:InvokeFunctionUrl` and `lambda:InvokeFunction`: one
of them alone is reported, for the other is easily there. Where the URL itself is in the input and
requires no authentication, `public-function-url` says so, and the permission behind it is shown from
`strict` on. A permission for a URL without authentication holds where all URLs of the function
require IAM authentication: it then lets nobody in.

## Fix

Name who may invoke: a service with the ARN of its resource, an account, a role.

The fix removes the permission, for review: whoever invokes by it and is not of this input would be shut out.
Where a bucket, topic, rule, log group or API of this input calls the function and has no other permission to,
the fix leaves this one to that alone. Of a function behind an open URL of its own only the URL may use it.

## Example

```hcl
resource "aws_lambda_permission" "everybody" {
  function_name = "orders"
  action        = "lambda:InvokeFunction"
  principal     = "*"
}
```

Use instead:

```hcl
resource "aws_lambda_permission" "organisation" {
  function_name    = "orders"
  action           = "lambda:InvokeFunction"
  principal        = "*"
  principal_org_id = "o-a1b2c3d4e5"
}
```
"""

from __future__ import annotations

from dataclasses import replace

from stockade.checklist import Item
from stockade.control import Drop, Fails, Fix, Holds, Noise, Put, Safety, Severity, Undecided, Verdict, control
from stockade.iam.request import Request
from stockade.iam.symbolic import Proved, Witness
from stockade.model.access import strangers
from stockade.model.grants import listed
from stockade.model.permission import Permission
from stockade.model.reach import is_given
from stockade.model.relate import function_name_in
from stockade.model.url import FunctionUrl
from stockade.model.world import World
from stockade.remedies.callers import relying
from stockade.remedies.policies import same_module
from stockade.value import Hole, Known, Origin, Unknown, shape_of, text_of


@control(
    Permission,
    severity=Severity.CRITICAL,
    item=Item.RESTRICTED_INVOKERS,
    since="0.1.0",
    references=(
        "https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html",
        "https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html",
    ),
)
def check(permission: Permission, world: World) -> Verdict:
    match permission.principal:
        case Known("*", origin):
            pass
        case Known(_, origin):
            return Holds(origin)
        case Unknown(_, origin) as gap:
            if any(isinstance(piece, str) and piece.strip("*") for piece in shape_of(gap)):
                return Holds(origin)
    match strangers(permission, world.functions_of(permission)):
        case Witness(request):
            return _anyone(permission, world, origin, request)
        case Proved():
            return Holds(_narrowing(permission) or origin)
        case _ if isinstance(permission.principal, Unknown):
            return Undecided(permission.principal)
        case undecided:
            return Undecided(_doubt(permission) or Unknown(undecided.reason, origin))


_RESTRICTIONS = ("principal_org_id", "source_arn", "source_account")


def _narrowing(permission: Permission) -> Origin | None:
    """What keeps strangers out, where something does."""
    found = (getattr(permission, name) for name in _RESTRICTIONS)
    return next((one.origin for one in found if is_given(one)), None)


def _doubt(permission: Permission) -> Unknown | None:
    """The restriction that is not known."""
    found = (getattr(permission, name) for name in (*_RESTRICTIONS, "principal"))
    return next((one for one in found if isinstance(one, Unknown)), None)


def _anyone(permission: Permission, world: World, origin: Origin, witness: Request) -> Verdict:
    fix = _fix(permission, world)
    via_url = permission.invoked_via_function_url
    match permission.action, via_url:
        case (Known("lambda:InvokeFunctionUrl"), _) | (_, Known(True)):
            return _anyone_by_url(permission, world, origin, fix, witness)
        case (Known("lambda:InvokeFunction"), Known()) if _urls(permission, world):
            message = "anyone with an AWS account may invoke this function, past its URL"
            urls = [one.auth_type for one in _urls(permission, world)]
            closed = all(isinstance(one, Known) and one.value == "AWS_IAM" for one in urls)
            # A URL that asks for signatures needs no permission for everybody.
            return Fails(message, origin, fix if closed else _only_by_url(permission), witness=witness)
        case (Known("lambda:InvokeFunction" | "lambda:*" | "*"), _) | (Unknown(), _):
            return Fails("anyone with an AWS account may invoke this function", origin, fix, witness=witness)
        case (Known(action), _):
            message = f"anyone with an AWS account may use `{action}` on this function"
            return Fails(message, origin, fix, witness=witness)


def _fix(permission: Permission, world: World) -> Fix:
    """Remove the permission; one that something of this input relies on is left to that alone."""
    relied = relying(permission, world)
    if not relied:
        note = "whoever else invokes the function by it needs a permission of their own"
        return Fix("remove the permission", Safety.REVIEW, (Drop(permission.address),), note=note)
    source = relied[0]
    principal = Put(permission.address, "principal", f"{source.service}.amazonaws.com")
    held = Put(permission.address, "source_arn", source.text)
    account = Put(permission.address, "source_account", text_of(Hole("account")))
    changes = (principal, held, account) if source.service == "s3" else (principal, held)
    if len(relied) > 1 or not same_module(source.address, permission.address):
        needed = listed((one.address for one in relied), most=4)
        note = f"each of {needed} needs a permission, and has no other"
        return Fix("let only what calls the function invoke it", Safety.SHOW, changes, note=note)
    return Fix(f"let only `{source.address}` invoke the function", Safety.REVIEW, changes)


def _only_by_url(permission: Permission) -> Fix:
    """URLs need this permission since October 2025, and can have it to themselves."""
    change = Put(permission.address, "invoked_via_function_url", True)
    return Fix("let only the function's URL use the permission", Safety.SHOW, (change,))


def _anyone_by_url(permission: Permission, world: World, origin: Origin, fix: Fix, witness: Request) -> Verdict:
    """What a permission that only URLs can use comes to depends on the URLs."""
    match permission.function_url_auth_type, permission.action:
        case (Known("AWS_IAM"), _) | (Known(None), Known("lambda:InvokeFunctionUrl")):
            message = "anyone with an AWS account may call a URL of this function"
            return Fails(message, origin, fix, severity=Severity.HIGH, witness=witness)
        case (Unknown() as gap, _):
            return Undecided(gap)
    types = [url.auth_type for url in _urls(permission, world)]
    for auth in types:
        if isinstance(auth, Known) and auth.value == "NONE":
            fix = replace(fix, safety=Safety.SHOW)  # the URL is what is to be closed
            message = "anyone on the internet may call this function's URL, which requires no authentication"
            also = (auth.origin,)
            return Fails(message, origin, fix, also, severity=Severity.LOW, noise=Noise.STRICT, witness=witness)
    for auth in types:
        if isinstance(auth, Unknown):
            return Undecided(auth)
    if types:
        return Holds(types[0].origin)
    message = "anyone on the internet may call a URL of this function that requires no authentication"
    return Fails(message, origin, fix, severity=Severity.HIGH, witness=witness)


def _urls(permission: Permission, world: World) -> list[FunctionUrl]:
    """The URLs of the permission's function, which need not be in this input itself."""
    found = [url for one in world.functions_of(permission) for url in world.urls_of(one)]
    name = permission.function_name
    if found or (isinstance(name, Unknown) and name.text is None):
        return found
    wanted = function_name_in(shape_of(name))
    return [url for url in world.urls if function_name_in(shape_of(url.function_name)) == wanted]
