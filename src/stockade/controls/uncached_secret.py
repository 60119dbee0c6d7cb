"""The function fetches a secret or a parameter on every invocation.

## Why it matters

Secrets Manager and Parameter Store charge for each call and throttle: a function that fetches its secret in the
handler pays for both with every request, waits some ten milliseconds each time, and fails with the others of
the account when the rate is exceeded. A secret that is kept for some minutes costs one call for each execution
environment.

The calls that read secrets (`GetSecretValue`, `BatchGetSecretValue`) and parameters in clear (`GetParameter`
and its like with `WithDecryption`) are followed from the handler. A call counts where every invocation makes
it: what is made at module level, behind a check of what was fetched before, or through a cache (Powertools,
AWS's caching library, Stockade's runtime) is not.

## What it does not see

Calls in a branch that is taken on each invocation all the same. Caches of one's own in a form that is
not recognised: accept it with a word on how it is kept. Rotation: what is kept too long outlives it.

## Fix

Fetch it through a cache with a time to live: Powertools' `parameters.get_secret(name, max_age=300)`, AWS's
Parameters and Secrets extension, or `stockade_runtime.get_secret(name)`. To be made by hand, in the code.

## Example

```hcl
resource "aws_lambda_function" "worker" {
  function_name = "worker"
  role          = aws_iam_role.worker.arn
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = data.archive_file.worker.output_path
}

data "archive_file" "worker" {
  type        = "zip"
  source_file = "app.py"
  output_path = "worker.zip"
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
      Action   = "secretsmanager:GetSecretValue"
      Resource = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:orders-??????"
    }]
  })
}
```
```python title="app.py"
import boto3

secrets = boto3.client("secretsmanager")


def handler(event, context):
    return len(secrets.get_secret_value(SecretId="orders")["SecretString"])
```

Use instead:

```hcl
resource "aws_lambda_function" "worker" {
  function_name = "worker"
  role          = aws_iam_role.worker.arn
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = data.archive_file.worker.output_path
}

data "archive_file" "worker" {
  type        = "zip"
  source_file = "app.py"
  output_path = "worker.zip"
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
      Action   = "secretsmanager:GetSecretValue"
      Resource = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:orders-??????"
    }]
  })
}
```
```python title="app.py"
from aws_lambda_powertools.utilities import parameters


def handler(event, context):
    return len(parameters.get_secret("orders", max_age=300))
```
"""

from __future__ import annotations

from stockade.checklist import Item
from stockade.control import Fails, Holds, Severity, Undecided, Verdict, control
from stockade.iam.breadth import covering
from stockade.model.grants import allowing
from stockade.model.need import FunctionNeeds, Open
from stockade.model.world import World
from stockade.value import Fetched, Unknown

_READING = ("secretsmanager:GetSecretValue", "ssm:GetParameter", "ssm:GetParameters")


@control(
    FunctionNeeds,
    severity=Severity.LOW,
    item=Item.RUNTIME_SECRETS,
    since="0.1.0",
    references=(
        "https://docs.aws.amazon.com/secretsmanager/latest/userguide/best-practices.html",
        "https://docs.aws.amazon.com/lambda/latest/dg/with-secrets-manager.html",
    ),
)
def check(needs: FunctionNeeds, world: World) -> Verdict | None:
    if needs.unknown is not None:
        return Undecided(needs.unknown) if _may_read(needs, world) else None
    learned = needs.learned
    each_time = [one for one in learned.fetches if one.every and one.certain]
    if each_time:
        first, *others = each_time
        names = dict.fromkeys(one.operation for one in each_time)
        return Fails(
            f"every invocation fetches a secret anew: {' and '.join(names)} without a cache",
            first.origin,
            also=tuple(dict.fromkeys(one.origin for one in others)),
            together="{n} functions fetch a secret anew with every invocation",
        )
    if (doubtful := next((one for one in learned.fetches if one.every), None)) is not None:
        reason = f"whether {doubtful.operation} is called with every invocation is not known"
        return Undecided(Unknown(reason, doubtful.origin))
    if learned.fetches:
        return Holds(learned.fetches[0].origin)
    held = next((found for action in _READING if isinstance(found := learned.may_use(action), Open)), None)
    if held is not None and held.service and _may_read(needs, world):
        return Undecided(Unknown(f"{held.what} was not followed: {held.reason}", held.origin))
    return None


def _may_read(needs: FunctionNeeds, world: World) -> bool:
    """Whether the role lets the function read secrets, by any statement of its own."""
    for grant in world.grants_of(needs.function):
        statement = allowing(grant)
        if isinstance(statement, Unknown) and isinstance(statement.origin, Fetched):
            return True  # what was not read of an account may say anything
        if statement is None or isinstance(statement, Unknown):
            continue
        if any(covering(statement, action) for action in _READING[:1]):
            return True
    return False
