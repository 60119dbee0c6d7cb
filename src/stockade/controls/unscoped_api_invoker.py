"""Any API in API Gateway may invoke the function.

## Why it matters

Without a source ARN every API of every account may have your function as its backend: a stranger
creates one, without the authorizer, the throttle and the firewall that stand before yours, and calls
the function through it. A source ARN with a wildcard in place of the API's ID does the same within
one account.

An ARN that ends in `/*/*` is scoped to one API, and is what AWS and this checklist recommend. That
any stage and any method of that API may call is shown from `strict` on.

## What it does not see

Whether the API it names is the right one, and what authorizes requests there. Of an ARN that comes
in whole through a variable nothing is known; the verdict is then undecided.

## Fix

Set the source ARN to the API's execution ARN with the stage, method and path that may call. Where one API of
this input calls the function, or it has exactly one, the fix names it, with `/*/*`, and where a single route
does, its method and path. Else it shows a place for the API's ARN.

## Example

```hcl
resource "aws_lambda_permission" "api" {
  function_name = "orders"
  action        = "lambda:InvokeFunction"
  principal     = "apigateway.amazonaws.com"
}
```

Use instead:

```hcl
resource "aws_apigatewayv2_api" "orders" {
  name          = "orders"
  protocol_type = "HTTP"
}

resource "aws_lambda_permission" "api" {
  function_name = "orders"
  action        = "lambda:InvokeFunction"
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_apigatewayv2_api.orders.execution_arn}/*/*"
}
```
"""

from __future__ import annotations

from functools import partial
from typing import Final

from stockade.checklist import Item
from stockade.control import Fails, Fix, Holds, Noise, Put, Safety, Severity, Undecided, Verdict, control
from stockade.iam.match import Shape, arn_parts
from stockade.iam.zones import PUBLIC, TrustZone
from stockade.model.access import invoker
from stockade.model.grants import listed
from stockade.model.permission import Permission
from stockade.model.reach import Reach, invokes, reach, service
from stockade.model.relate import module_of
from stockade.model.world import World
from stockade.remedies.policies import blank
from stockade.value import Known, Origin, Ref, Unknown, shape_of, text_of


@control(
    Permission,
    severity=Severity.HIGH,
    item=Item.SCOPED_API,
    since="0.1.0",
    references=(
        "https://docs.aws.amazon.com/lambda/latest/dg/services-apigateway.html#apigateway-permissions",
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/"
        "api-gateway-control-access-using-iam-policies-to-invoke-api.html",
    ),
)
def check(permission: Permission, world: World) -> Verdict | None:
    principal = permission.principal
    if isinstance(principal, Unknown) and principal.text is None and permission.doubt is not None:
        return Undecided(principal)  # whoever it is, and whether there is anybody at all
    if service(shape_of(principal)) != "apigateway" or not invokes(permission):
        return None
    match permission.source_arn:
        case Known(None, origin):
            message = "no source ARN is set"
            return _any_api(permission, world, message, permission.principal.origin, (origin,))
        case Known(str() as text, origin):
            shape: Shape = (text,)
            shown = text
        case Unknown(_, origin, arn) as gap:
            shape = shape_of(gap)
            shown = str(arn)
            if arn is not None and isinstance(arn.parts[0], Ref) and arn_parts(shape) is None:
                # Whatever this resource is: its ARN has no wildcards, so only what follows it counts.
                return Holds(origin)
    segments = arn_parts(shape)
    if segments is None:
        if isinstance(permission.source_arn, Unknown):
            return Undecided(permission.source_arn)
        if "*" not in shown:
            return Undecided(Unknown(f"`{shown}` is not an ARN", origin))
        return _any_api(permission, world, f"`{shown}` fits all", origin)
    if _is_of_another_service(segments[2]):
        return Holds(origin)  # an API calls by its execution ARN: this lets nobody in
    api, rest = _halves(segments[5])
    if _is_any(api):
        return _any_api(permission, world, f"`{shown}` names none", origin)
    if rest and _is_any(rest):
        message = f"any stage and any method of the API may invoke this function: `{shown}`"
        witness = partial(invoker, permission, world.functions_of(permission), TrustZone())
        fix = _narrower(permission, world)
        return Fails(message, origin, fix, severity=Severity.LOW, noise=Noise.STRICT, witness=witness)
    return Holds(origin)


def _any_api(
    permission: Permission, world: World, why: str, because: Origin, also: tuple[Origin, ...] = ()
) -> Verdict:
    """The verdict where no API is named: it depends on the accounts."""
    match reach(permission):
        case Unknown() as gap:
            return Undecided(gap)
        case Known(Reach.ANY):
            message, severity = f"any API of any AWS account may invoke this function: {why}", Severity.HIGH
            zone = PUBLIC
        case Known():
            message, severity = f"any API of the account may invoke this function: {why}", Severity.MEDIUM
            zone = TrustZone()
    witness = partial(invoker, permission, world.functions_of(permission), zone)
    return Fails(message, because, _fix(permission, world), also, severity=severity, witness=witness)


def _fix(permission: Permission, world: World) -> Fix:
    """Scope it to the one API that calls the function, where the permission can refer to it."""
    functions = set(world.functions_of(permission))
    calling = {
        world.gateway.api_of(one) for one in world.gateway.routes if functions & set(world.functions_of(one))
    }
    apis = [one for one in world.gateway.apis if one in calling] or world.gateway.apis
    if len(apis) != 1 or module_of(apis[0].address) != module_of(permission.address):
        several = listed((one.address for one in apis), most=4)
        note = f"this input has {several}: each that calls needs a permission of its own" if apis else ""
        arn = text_of(*blank("the execution ARN of the API").parts, "/*/*")
        change = Put(permission.address, "source_arn", arn)
        return Fix("name the API that calls the function", Safety.SHOW, (change,), note=note)
    arn = text_of(Ref(apis[0].address, "execution_arn"), "/*/*")
    return Fix(
        f"allow only the API `{apis[0].address}`", Safety.REVIEW, (Put(permission.address, "source_arn", arn),)
    )


def _narrower(permission: Permission, world: World) -> Fix | None:
    """Name method and path, where a single route of the API calls the function."""
    api = world.api_in(permission.source_arn)
    functions = world.functions_of(permission)
    if api is None or not functions or module_of(api.address) != module_of(permission.address):
        return None
    routes = [one for one in world.gateway.routes_of(api) if functions[0] in world.functions_of(one)]
    label = world.gateway.label_of(routes[0]) if len(routes) == 1 else ""
    method, _, path = label.partition(" /")
    if not method.isalpha() or not path or set(path) & _SPECIAL:
        return None
    arn = text_of(Ref(api.address, "execution_arn"), f"/*/{'*' if method == 'ANY' else method}/{path}")
    change = Put(permission.address, "source_arn", arn)
    return Fix(f"allow only `{label}`", Safety.REVIEW, (change,))


_SPECIAL: Final = frozenset("\0${}+*")
"""What a path has in it that is not known, or stands for more than itself."""


def _halves(resource: Shape) -> tuple[Shape, Shape]:
    """The API's ID, and what follows the first slash."""
    for index, piece in enumerate(resource):
        if isinstance(piece, str) and "/" in piece:
            head, _, tail = piece.partition("/")
            return (
                resource[:index] + ((head,) if head else ()),
                ((tail,) if tail else ()) + resource[index + 1 :],
            )
    return resource, ()


def _is_of_another_service(service: Shape) -> bool:
    """Whether an ARN names a service, and not the one whose ARNs API Gateway calls by."""
    known = "".join(piece for piece in service if isinstance(piece, str))
    return len(service) == 1 and known != "execute-api" and not set(known) & {"*", "?"}


def _is_any(shape: Shape) -> bool:
    """Whether a part of an ARN is made of nothing but wildcards."""
    return all(isinstance(piece, str) and not piece.strip("*?/") for piece in shape)
