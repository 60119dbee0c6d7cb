"""The function's environment is encrypted with AWS's key, though something asks for a customer's.

## Why it matters

Lambda encrypts environment variables at rest with an AWS owned key unless the function names a key.
Nobody needs a permission on that key: who may call `lambda:GetFunctionConfiguration` reads the
environment. With a customer managed key they need `kms:Decrypt` on it as well, which the key's policy
can refuse, and every use is in CloudTrail.

For most functions that is not worth a key. From `strict` on it is said where the environment holds secrets
in plaintext, which `plaintext-secret` tells everybody to take out, and where the function works on data
whose owner decided for a key of their own: the message says which. An environment with no such reason is
shown at `audit`.

## What it does not see

The keys of databases, and stores of data that the environment does not refer to. Key policies: a key
that everybody may use protects no better than AWS's own. Encryption of single values by the function
itself.

## Fix

Set `kms_key_arn`, and let the function's role use the key. Better still, take secrets out of the
environment: see `plaintext-secret`. Where the data that the function works on has a key that can be named
here, the fix takes that one, for review; else it shows where the key belongs. The function's log group gets
the same key: what is read from the environment is logged. Where nobody declares that log group, all of it is
only shown.

## Example

```hcl
resource "aws_dynamodb_table" "patients" {
  name         = "patients"
  hash_key     = "id"
  billing_mode = "PAY_PER_REQUEST"

  server_side_encryption {
    enabled     = true
    kms_key_arn = aws_kms_key.patients.arn
  }

  attribute {
    name = "id"
    type = "S"
  }
}

resource "aws_kms_key" "patients" {
  description = "patients"
}

resource "aws_lambda_function" "api" {
  function_name = "api"
  role          = "arn:aws:iam::123456789012:role/api"

  environment {
    variables = {
      TABLE = aws_dynamodb_table.patients.name
    }
  }
}
```

Use instead:

```hcl
resource "aws_dynamodb_table" "patients" {
  name         = "patients"
  hash_key     = "id"
  billing_mode = "PAY_PER_REQUEST"

  server_side_encryption {
    enabled     = true
    kms_key_arn = aws_kms_key.patients.arn
  }

  attribute {
    name = "id"
    type = "S"
  }
}

resource "aws_kms_key" "patients" {
  description = "patients"
}

resource "aws_lambda_function" "api" {
  function_name = "api"
  role          = "arn:aws:iam::123456789012:role/api"
  kms_key_arn   = aws_kms_key.patients.arn

  environment {
    variables = {
      TABLE = aws_dynamodb_table.patients.name
    }
  }
}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.checklist import Item
from stockade.control import (
    Add,
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
from stockade.model.environment import EnvironmentVariable
from stockade.model.exposure import Exposure, Way, exposure
from stockade.model.function import Function
from stockade.model.reach import is_given
from stockade.model.world import World
from stockade.remedies.logs import declared
from stockade.remedies.policies import blank, same_module
from stockade.secrets.classify import Confidence
from stockade.value import Known, Origin, Ref, Text, Unknown, Value


@control(
    Function,
    severity=Severity.LOW,
    noise=Noise.STRICT,
    item=Item.NO_PLAINTEXT_SECRETS,
    since="0.1.0",
    same_as=("CKV_AWS_173",),
    references=(
        "https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html",
        "https://docs.aws.amazon.com/lambda/latest/api/API_EnvironmentResponse.html",
    ),
)
def check(function: Function, world: World) -> Verdict | None:
    match function.environment:
        case Known(variables) if not variables:
            return None
        case Unknown() as gap:
            return Undecided(gap) if _no_key(function) else None
        case _:
            pass
    match function.kms_key_arn:
        case Unknown() as gap:
            # A key that only deployment makes is a key; a variable may be null.
            return Holds(gap.origin) if gap.ref is not None else Undecided(gap)
        case Known(str() as key, origin):
            match world.manager_of(key):
                case Unknown() as gap:
                    return Undecided(gap)
                case Known("AWS", said):
                    return _without_key(function, world, said)
                case _:
                    return Holds(origin)
        case Known(_, origin):
            return _without_key(function, world, origin)


def _no_key(function: Function) -> bool:
    return isinstance(function.kms_key_arn, Known) and function.kms_key_arn.value is None


def _without_key(function: Function, world: World, because: Origin) -> Fails:
    variables = world.environment_of(function)
    secrets = [variable for variable in variables if _holds_secret(variable)]
    if secrets:
        others = f" and {len(secrets) - 1} more" if len(secrets) > 1 else ""
        named = f"`{secrets[0].key}`{others}"
        message = f"the environment is encrypted with AWS's key, and holds secrets in plaintext: {named}"
        title = "name a key of your own for the environment, or take the secrets out of it"
        fix = _fix(function, title, None, world)
        return Fails(message, because, fix)
    for variable in variables:
        for ref in _refs(variable.value):
            store = world.store_at(ref.address)
            if store is not None and _is_customers(store.kms_key):
                message = (
                    f"the environment is encrypted with AWS's key, but `{ref.address}`, which `{variable.key}`"
                    " refers to, with a customer's"
                )
                key = _written(store.kms_key, function)
                title = f"encrypt the environment with the key of `{ref.address}`"
                return Fails(message, because, _fix(function, title, key, world), also=(store.kms_key.origin,))
    message = "the environment is encrypted with AWS's key: who may read the configuration reads it"
    fix = _fix(function, "name a key of your own for the environment", None, world)
    return Fails(message, because, fix, noise=Noise.AUDIT)


def _fix(function: Function, title: str, key: str | Ref | None, world: World) -> Fix:
    """Set the key: for review where the input has one, else shown with a place for it.

    What the function reads from its environment it logs, so its log group gets the same key.
    """
    value = key or blank("the ARN of a customer managed key")
    note = "the key's policy, or the function's role, has to let the function use `kms:Decrypt` on it"
    changes: list[Change] = [Put(function.address, "kms_key_arn", value)]
    groups = [one for one in world.log_groups_of(function) if not is_given(one.kms_key_arn)]
    if groups and same_module(function.address, *(one.address for one in groups)):
        changes += [Put(one.address, "kms_key_arn", value) for one in groups]
    elif not world.log_groups_of(function):
        made = declared(function, world, kms_key_arn=value)
        changes += made.changes
        note = f"{note}; {made.note}"
    if len(changes) > 1:
        title = f"{title}, and the logs with it"
        note = f"{note}; the key's policy has to let CloudWatch Logs use it too"
    # Another fix may declare the log group without the key: there the two have to be brought together.
    sure = key is not None and not any(isinstance(one, Add) for one in changes)
    return Fix(title, Safety.REVIEW if sure else Safety.SHOW, tuple(changes), note=note)


def _written(key: Value[str | None], function: Function) -> str | Ref | None:
    """A key as it can be written at the function: an ARN, or a reference within its module."""
    if key.ref is not None:
        return key.ref if same_module(key.ref.address, function.address) else None
    return key.value if isinstance(key, Known) and key.value and key.value.startswith("arn:") else None


def _holds_secret(variable: EnvironmentVariable) -> bool:
    found = exposure(variable)
    return (
        isinstance(found, Exposure)
        and found.way is not Way.VARIABLE
        and found.confidence > Confidence.PLACEHOLDER
    )


def _refs(value: Value[str]) -> Iterator[Ref]:
    """The resources that a value refers to."""
    match value:
        case Known(_, _, Ref() as ref):
            yield ref
        case Unknown(_, _, Text(parts)):
            yield from (part for part in parts if isinstance(part, Ref))
        case _:
            return


def _is_customers(key: Value[str | None]) -> bool:
    """Whether a key is named and not AWS's: ``alias/aws/s3`` and its like are AWS managed."""
    match key:
        case Known(str() as name):
            return "alias/aws/" not in name
        case Known():
            return False
        case Unknown():
            return key.ref is not None
