"""A service may invoke the function on behalf of any account.

## Why it matters

A permission for `sns.amazonaws.com` alone lets every topic of every account call the function: a
stranger subscribes your function to their topic, and SNS, which you trust, delivers what they wrote.
This is the confused deputy. AWS services state for which resource and account they call; the source
ARN and the source account of a permission hold them to yours.

A bucket's ARN has no account in it. Once the bucket is deleted, somebody else may take its name; this
is a softer finding, shown from `strict` on, and a source account settles it. So is a permission for
Secrets Manager or Lambda@Edge without a source: as far as we know they call functions of their own
account only, which AWS does not say in so many words. Hold them to the account all the same.

## What it does not see

What the source account's other resources are: a permission that is restricted to one account holds,
even where the source ARN has wildcards within it. Whether a service really states its source: most
do, and not each was looked up. API Gateway is the matter of
`unscoped-api-invoker`. For Alexa the event source token, which is the skill's ID, does what a source
ARN does elsewhere. A service held to an organisation instead of a source is shown from `strict` on.

## Fix

Give the ARN of the resource that calls (`source_arn`), for S3 the bucket owner's account beside it
(`source_account`). Secrets Manager is best held to the account: a source ARN allows one secret only.

Where one bucket, topic, rule or log group of the same module is declared to call the function, the
fix names it. Else, for services that we know to state their account, it holds the
permission to the function's own. Both are to be reviewed: a caller in another account is shut out,
and one of another project too. For other services the fix is only shown, with a place for the ARN.

## Example

```hcl
resource "aws_lambda_permission" "topic" {
  function_name = "orders"
  action        = "lambda:InvokeFunction"
  principal     = "sns.amazonaws.com"
}
```

Use instead:

```hcl
resource "aws_lambda_permission" "topic" {
  function_name = "orders"
  action        = "lambda:InvokeFunction"
  principal     = "sns.amazonaws.com"
  source_arn    = "arn:aws:sns:us-east-1:123456789012:orders"
}
```
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Final

from stockade.checklist import Item
from stockade.control import (
    Change,
    Fails,
    Fix,
    Holds,
    Noise,
    Put,
    Safety,
    Severity,
    Undecided,
    Verdict,
    control,
)
from stockade.iam.zones import PUBLIC, TrustZone
from stockade.model.access import invoker
from stockade.model.permission import Permission
from stockade.model.reach import Reach, invokes, is_given, reach, service
from stockade.model.world import World
from stockade.remedies.callers import Source, sources
from stockade.remedies.policies import blank, one_of_several, same_module
from stockade.value import Hole, Known, Unknown, parts_of, shape_of, text_of

_SEVERITIES: Final = {
    # Anybody may set these up to call a function of another account.
    "s3": Severity.HIGH,
    "sns": Severity.HIGH,
    "events": Severity.HIGH,
}
_OWN_ACCOUNT: Final = {
    # As far as is known these call functions of their own account only; AWS's pages do not say so.
    "secretsmanager",
    "edgelambda",
}
_STATING_ACCOUNT: Final = {
    # Of these AWS documents that they state their account when they call.
    "bedrock",
    "codecommit",
    "cognito-idp",
    "config",
    "iot",
    "logs",
    "s3",
    "secretsmanager",
    "ses",
}


@control(
    Permission,
    severity=Severity.MEDIUM,
    item=Item.RESTRICTED_INVOKERS,
    since="0.1.0",
    references=(
        "https://docs.aws.amazon.com/lambda/latest/dg/permissions-function-services.html",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html",
        "https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html",
    ),
)
def check(permission: Permission, world: World) -> Verdict | None:
    principal = permission.principal
    caller = service(shape_of(principal))
    if isinstance(principal, Unknown) and not caller:
        return _unknown_caller(permission, principal)
    if caller is None or caller == "apigateway" or not invokes(permission):
        return None
    if caller.startswith("alexa-"):
        return _skill(permission, world)
    verdict = _source(permission, caller)
    if not isinstance(verdict, Fails):
        return verdict
    # Where its name is all that says which bucket is meant, whoever has the name gets in.
    named = isinstance(source := reach(permission), Known) and source.value is Reach.NAMED
    zone = TrustZone() if named else PUBLIC
    witness = partial(invoker, permission, world.functions_of(permission), zone)
    return replace(verdict, fix=_fix(permission, caller, world), witness=witness)


def _unknown_caller(permission: Permission, principal: Unknown) -> Verdict | None:
    """A principal that may be a service or not; what starts like an ARN is none."""
    match shape_of(principal):
        case (str() as start, *_) if start.startswith("arn:"):
            return None
    source = reach(permission)
    if isinstance(source, Known) and source.value is not Reach.ANY:
        return Holds(source.origin)
    return Undecided(principal)


def _source(permission: Permission, caller: str) -> Verdict:
    source = reach(permission)
    name = "".join(map(str, parts_of(permission.principal)))
    match source:
        case Unknown() as gap:
            return Undecided(gap)
        case Known(Reach.ACCOUNT, origin):
            return Holds(origin)
        case Known(Reach.NAMED, origin):
            message = (
                f"without a source account `{name}` also calls for whoever takes over the name "
                f"in `{_arn(permission)}`"
            )
            because = permission.principal.origin
            return Fails(message, because, also=(origin,), severity=Severity.LOW, noise=Noise.STRICT)
        case Known(Reach.ANY, origin):
            pass
    severity, noise = _SEVERITIES.get(caller), None
    if caller in _OWN_ACCOUNT:
        severity, noise = Severity.LOW, Noise.STRICT
    if is_given(permission.principal_org_id):
        message = (
            f"`{name}` is held to an organisation, which services are no part of: "
            "a source ARN or source account would say for whom it may invoke this function"
        )
        because = permission.principal_org_id.origin
        return Fails(message, because, also=(origin,), severity=Severity.LOW, noise=Noise.STRICT)
    if isinstance(permission.source_arn, Known) and permission.source_arn.value is None:
        message = f"`{name}` may invoke this function for any account: no source ARN or source account is set"
        return Fails(message, permission.principal.origin, also=(origin,), severity=severity, noise=noise)
    message = f"`{name}` may invoke this function for any account: `{_arn(permission)}` fits them all"
    return Fails(message, origin, severity=severity, noise=noise)


def _fix(permission: Permission, caller: str, world: World) -> Fix:
    """Hold it to what is declared to call the function, or to the function's own account."""
    named = isinstance(source := reach(permission), Known) and source.value is Reach.NAMED
    found = None if named else _declared(permission, caller, world)
    changes: list[Change] = []
    title = "allow only the function's own account"
    if found is not None:
        title = f"allow only `{found.address}`"
        changes.append(Put(permission.address, "source_arn", found.text))
    if caller in _STATING_ACCOUNT and (found is None or caller == "s3"):
        changes.append(Put(permission.address, "source_account", text_of(Hole("account"))))
    if changes:
        return Fix(title, Safety.REVIEW, tuple(changes))
    change = Put(permission.address, "source_arn", blank("the ARN of what calls the function"))
    note = "a permission is for one caller: where several call by this service, each needs one of its own"
    return Fix(f"name what calls through `{caller}`", Safety.SHOW, (change,), note=note)


def _declared(permission: Permission, caller: str, world: World) -> Source | None:
    """The one thing that calls the function through a service, where the permission can name it."""
    if one_of_several(permission.address) and not _is_only(permission, world):
        return None  # a permission made several times may be for another caller each
    every = (one for function in world.functions_of(permission) for one in sources(function, world))
    found = dict.fromkeys(one for one in every if one.service == caller)
    if len(found) != 1:
        return None
    (source,) = found
    return source if same_module(source.address, permission.address) else None


def _is_only(permission: Permission, world: World) -> bool:
    """Whether a service has no other permission for the function."""
    caller = service(shape_of(permission.principal))
    every = (one for function in world.functions_of(permission) for one in world.permissions_of(function))
    return not any(
        one is not permission and service(shape_of(one.principal)) in (caller, None) for one in every
    )


def _skill(permission: Permission, world: World) -> Verdict:
    """Alexa states a skill instead of a resource."""
    token = permission.event_source_token
    if is_given(token):
        return Holds(token.origin)
    if isinstance(token, Unknown):
        return Undecided(token)
    message = "any Alexa skill may invoke this function: no event source token holds the permission to one"
    witness = partial(invoker, permission, world.functions_of(permission))
    change = Put(permission.address, "event_source_token", blank("the ID of the skill"))
    fix = Fix("allow only your skill", Safety.SHOW, (change,))
    return Fails(message, permission.principal.origin, fix, also=(token.origin,), witness=witness)


def _arn(permission: Permission) -> str:
    arn = permission.source_arn
    return str(arn.value) if isinstance(arn, Known) else str(arn.text)
