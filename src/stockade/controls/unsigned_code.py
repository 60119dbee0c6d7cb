"""The function takes code that nobody signed.

## Why it matters

With a code signing configuration Lambda takes only packages that a trusted publisher signed: who gets
hold of the bucket or the right to update a function still cannot run code of their own. That is worth
its trouble to those who sign anyway. So the finding is shown where it is a gap in what is there:

- other functions of this input are signed, and this one is not;
- the function has a configuration that only warns, which is the default: an unsigned package is
  deployed all the same, and a line in a log says so.

Where nothing in the input is signed it is an opinion, shown at `audit` only.

## What it does not see

Signing by other means before deployment. Functions made from container images, which Lambda does not
check; sign those in the registry.

## Fix

Let the configuration enforce what it says, after its warnings have ceased: the fix does, for review. Or give
the function the configuration that the others have, which is only shown: its package has to be signed first.

## Example

```hcl
resource "aws_lambda_code_signing_config" "ours" {
  allowed_publishers {
    signing_profile_version_arns = ["arn:aws:signer:eu-west-1:123456789012:/signing-profiles/ours/a1b2c3d4e5"]
  }
}

resource "aws_lambda_function" "orders" {
  function_name           = "orders"
  role                    = "arn:aws:iam::123456789012:role/orders"
  filename                = "orders.zip"
  handler                 = "main.handler"
  runtime                 = "python3.13"
  code_signing_config_arn = aws_lambda_code_signing_config.ours.arn
}
```

Use instead:

```hcl
resource "aws_lambda_code_signing_config" "ours" {
  allowed_publishers {
    signing_profile_version_arns = ["arn:aws:signer:eu-west-1:123456789012:/signing-profiles/ours/a1b2c3d4e5"]
  }

  policies {
    untrusted_artifact_on_deployment = "Enforce"
  }
}

resource "aws_lambda_function" "orders" {
  function_name           = "orders"
  role                    = "arn:aws:iam::123456789012:role/orders"
  filename                = "orders.zip"
  handler                 = "main.handler"
  runtime                 = "python3.13"
  code_signing_config_arn = aws_lambda_code_signing_config.ours.arn
}
```
"""

from __future__ import annotations

from typing import Any

from stockade.checklist import Item
from stockade.control import Fails, Fix, Holds, Noise, Put, Safety, Severity, Undecided, Verdict, control
from stockade.model.function import Function
from stockade.model.packaging import CodeSigningConfig
from stockade.model.reach import is_given
from stockade.model.relate import module_of
from stockade.model.world import World
from stockade.value import Default, Known, Unknown


@control(
    Function,
    severity=Severity.LOW,
    noise=Noise.AUDIT,
    item=Item.OPERATIONS,
    since="0.1.0",
    same_as=("CKV_AWS_272",),
    references=("https://docs.aws.amazon.com/lambda/latest/dg/configuration-codesigning.html",),
)
def check(function: Function, world: World) -> Verdict | None:
    if isinstance(function.package_type, Known) and function.package_type.value == "Image":
        return None
    arn = function.code_signing_config_arn
    if isinstance(arn, Known) and arn.value is None:
        return _unsigned(function, world)
    if not is_given(arn) and isinstance(arn, Unknown):
        return Undecided(arn)
    config = world.code_signing_of(function)
    return _signed(function, config) if config else Holds(arn.origin)


def _unsigned(function: Function, world: World) -> Verdict:
    because = function.code_signing_config_arn.origin
    fact = world.signed_function
    if fact is None:
        message = "the function takes code that nobody signed, like every function of this input"
        return Fails(message, because)
    message = f"the function takes code that nobody signed, while `{fact.address}` is held to signatures"
    also = (fact.code_signing_config_arn.origin,)
    return Fails(message, because, _as(fact, function), also=also, noise=Noise.REGULAR)


def _as(fact: Function, function: Function) -> Fix | None:
    """The configuration that the others have: only shown, as an unsigned package would be refused."""
    arn = fact.code_signing_config_arn
    ref = arn.ref
    if ref is not None:
        value: Any = ref if module_of(ref.address) == module_of(function.address) else None
    else:
        value = arn.value if isinstance(arn, Known) else None
    if value is None:
        return None
    return Fix(
        f"hold the function to the code signing configuration of `{fact.address}`",
        Safety.SHOW,
        (Put(function.address, "code_signing_config_arn", value),),
        note="sign its package first, with a profile that the configuration trusts, or it is refused",
    )


def _signed(function: Function, config: CodeSigningConfig) -> Verdict:
    match config.untrusted_artifact:
        case Unknown() as gap:
            return Undecided(gap)
        case Known("Enforce", origin):
            return Holds(origin)
        case Known(_, origin):
            fix = Fix(
                "enforce signatures",
                Safety.REVIEW,
                (Put(config.address, "untrusted_artifact", "Enforce"),),
            )
            message = f"`{config.address}` only warns of unsigned code, and lets the function have it"
            also = (function.code_signing_config_arn.origin,)
            because = config.origin if isinstance(origin, Default) else origin
            return Fails(message, because, fix, also, noise=Noise.REGULAR)
