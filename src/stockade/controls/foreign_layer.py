"""Code of another account's layer runs inside the function, and with its role.

## Why it matters

A layer's content is unpacked beside the function's own code; an extension in it runs as a process of
its own and sees every event, environment variable and credential the function has. It can do all that
the function's role can. Of a layer from an account that nobody knows, nobody knows who wrote it, nor
whether what was looked at once is what is published under the next version.

Layers that AWS publishes hold. Those of widely known makers of tools (Datadog, New Relic, Sentry and
others) are shown from `strict` on: they are code of a third party too.

## What it does not see

What is in the layer. Which accounts are yours, unless you list them as `accounts` in `stockade.toml`.
Without the list the function's own is taken from its role; where that is known only at deployment, a
layer of an account that is written out stays undecided.

## Fix

Publish the layer in your own account, from a source that you have looked at, or put what it holds into
the function's package. If the account is yours or one you trust, accept the finding with its name. The fix
shows how to fetch the layer, and where the ARN of your own belongs.

## Example

```hcl
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = "arn:aws:iam::123456789012:role/orders"
  filename      = "orders.zip"
  handler       = "main.handler"
  runtime       = "python3.13"
  layers        = ["arn:aws:lambda:eu-west-1:999999999999:layer:requests:3"]
}
```

Use instead:

```hcl
resource "aws_lambda_layer_version" "requests" {
  layer_name = "requests"
  filename   = "requests.zip"
}

resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = "arn:aws:iam::123456789012:role/orders"
  filename      = "orders.zip"
  handler       = "main.handler"
  runtime       = "python3.13"
  layers        = [aws_lambda_layer_version.requests.arn]
}
```
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

from stockade.checklist import Item
from stockade.control import (
    Code,
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
from stockade.iam.match import arn_parts
from stockade.model.account import HERE, is_ours, own_account
from stockade.model.function import Function
from stockade.model.publishers import OF_AWS, OTHERS
from stockade.model.relate import meant
from stockade.model.world import World
from stockade.patterns import lazy_regex
from stockade.remedies.policies import blank
from stockade.value import Known, Origin, Unknown, Value, shape_of

_LAYER: Final = lazy_regex(r":(\d{12}):layer:([\w-]*)")
_OWN: Final = lazy_regex(r"(?:^|\.)(?<!data\.)aws_lambda_layer_version\.")


@control(
    Function,
    severity=Severity.MEDIUM,
    item=Item.OPERATIONS,
    since="0.1.0",
    references=("https://docs.aws.amazon.com/lambda/latest/dg/chapter-layers.html",),
)
def check(function: Function, world: World) -> Verdict | None:
    match function.layers:
        case Unknown() as gap:
            return Undecided(gap)
        case Known(()):
            return None
        case Known(layers, origin):
            pass
    strangers: dict[str, Origin] = {}
    vendors: dict[str, Origin] = {}
    unsure: list[Unknown] = []
    for layer in layers:
        match _owner(layer, function, world.accounts):
            case Unknown() as gap:
                unsure.append(gap)
            case (account, name) if account in OTHERS:
                vendors.setdefault(f"`{name}` of {OTHERS[account]}", layer.origin)
            case (account, name):
                strangers.setdefault(f"`{name}` of account {account}", layer.origin)
    if strangers:
        return _fails(strangers, None, _fix(layers, function, strangers))
    if unsure:
        return Undecided(unsure[0])
    return _fails(vendors, Noise.STRICT, None) if vendors else Holds(origin)


def _fix(layers: tuple[Value[str], ...], function: Function, strangers: dict[str, Origin]) -> Fix | None:
    """A place for one's own copy of each, and how to come by it."""
    places = set(strangers.values())
    foreign = [one for one in layers if one.origin in places]
    arns = [one.value for one in foreign if isinstance(one, Known)]
    if len(arns) != len(foreign):
        return None
    own = blank("the ARN of your own copy")
    value = tuple(own if one in foreign else _kept(one) for one in layers)
    fetch = "".join(
        f"aws lambda get-layer-version-by-arn --arn {arn} --query Content.Location --output text\n"
        for arn in arns
    )
    publish = "aws lambda publish-layer-version --layer-name NAME --zip-file fileb://layer.zip\n"
    return Fix(
        "publish the layer in your own account",
        Safety.SHOW,
        (Put(function.address, "layers", value),),
        note="look at what is in it before you publish it; who trusts the account accepts the finding",
        code=(Code("shell", fetch + publish),),
    )


def _kept(layer: Value[str]) -> Any:
    return layer.ref or layer.value if isinstance(layer, Known) else layer.text or ""


def _fails(found: dict[str, Origin], noise: Noise | None, fix: Fix | None) -> Verdict:
    layers, origins = " and ".join(found), tuple(found.values())
    verb = "runs" if len(found) == 1 else "run"
    message = f"the layer{'s' if len(found) > 1 else ''} {layers} {verb} inside the function, and with its role"
    severity = Severity.LOW if noise else None
    return Fails(message, origins[0], fix, also=origins[1:], severity=severity, noise=noise)


def _owner(layer: Value[str], function: Function, ours: Collection[str]) -> tuple[str, str] | Unknown | None:
    """The account and name of a layer of somebody else; ``None`` for one's own and those of AWS."""
    shape = shape_of(layer)
    written = "".join(piece if isinstance(piece, str) else "\0" for piece in shape)
    own = own_account((function,))
    # Data sources take a name or an ARN: the ARN then stands inside of the one they are thought to give.
    if found := _LAYER.findall(written):
        account, name = found[-1]
        answer = is_ours((account,), own, ours)
        if account in OF_AWS or answer:
            return None
        if account in OTHERS or answer is False:
            return account, name
        reason = f"whether `{account}` is this function's own account is known only at deployment"
        return Unknown(reason, layer.origin)
    arn = arn_parts(shape)
    ref = meant(layer)
    if (arn is not None and arn[4] in (own, HERE)) or (ref is not None and _OWN.search(ref.address)):
        return None
    return layer if isinstance(layer, Unknown) else Unknown(f"`{layer.value}` names no account", layer.origin)
