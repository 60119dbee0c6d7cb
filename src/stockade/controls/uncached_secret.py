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
not recognised: accept it with a word on how it is kept. Rotation: what is kept too long outlives it. A function
that writes secrets itself, as one that rotates them does, reads them anew on purpose and is not told.

A cache saves nothing where the next invocation comes when the first one's environment is gone. Where nothing
but the account's own operations invoke the function (a schedule, an alarm, the rotation of a secret), or
nothing in this input does, the finding is shown from `strict` on.

## Fix

Fetch it through a cache with a time to live: Powertools' `parameters.get_secret(name, max_age=300)`, AWS's
Parameters and Secrets extension, or `stockade_runtime.get_secret(name)`. To be made by hand, in the code: the
finding shows what to write in place of each call, in its language and with its name.

## Example

```hcl
resource "aws_lambda_function" "worker" {
  function_name = "worker"
  role          = aws_iam_role.worker.arn
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = data.archive_file.worker.output_path
}

resource "aws_lambda_event_source_mapping" "orders" {
  function_name    = aws_lambda_function.worker.arn
  event_source_arn = "arn:aws:sqs:eu-west-1:123456789012:orders"
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

resource "aws_lambda_event_source_mapping" "orders" {
  function_name    = aws_lambda_function.worker.arn
  event_source_arn = "arn:aws:sqs:eu-west-1:123456789012:orders"
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
from stockade.control import Fails, Holds, Noise, Severity, Undecided, Verdict, control
from stockade.iam.breadth import covering
from stockade.model.function import Function
from stockade.model.grants import allowing
from stockade.model.need import FunctionNeeds, Open
from stockade.model.pace import pace_of
from stockade.model.reach import invokes
from stockade.model.world import World
from stockade.records import dataclass
from stockade.remedies.cached import kept
from stockade.value import Fetched, Origin, Unknown

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
    fetches = [one for one in learned.fetches if not one.renewed]
    if learned.fetches and not fetches:
        return None
    each_time = [one for one in fetches if one.every and one.certain]
    if each_time:
        first, *others = each_time
        names = dict.fromkeys(one.operation for one in each_time)
        message = f"every invocation fetches a secret anew: {' and '.join(names)} without a cache"
        also = tuple(dict.fromkeys(one.origin for one in others))
        if seldom := _seldom(needs.function, world):
            message = f"{message}; {seldom.clause}"
            also = (*also, seldom.origin)
            return Fails(message, first.origin, kept(each_time), also=also, noise=Noise.STRICT)
        together = "{n} functions fetch a secret anew with every invocation"
        return Fails(message, first.origin, kept(each_time), also=also, together=together)
    if (doubtful := next((one for one in fetches if one.every), None)) is not None:
        reason = f"whether {doubtful.operation} is called with every invocation is not known"
        return Undecided(Unknown(reason, doubtful.origin))
    if fetches:
        return Holds(fetches[0].origin)
    held = next((found for action in _READING if isinstance(found := learned.may_use(action), Open)), None)
    if held is not None and held.service and _may_read(needs, world):
        return Undecided(Unknown(f"{held.what} was not followed: {held.reason}", held.origin))
    return None


@dataclass(frozen=True, slots=True)
class _Seldom:
    """Why a cache would save next to nothing: the next invocation comes when the environment is gone."""

    clause: str
    origin: Origin


def _seldom(function: Function, world: World) -> _Seldom | None:
    """What tells that a function runs now and then: its pace, or that nothing of this input invokes it at all.

    Who rotates a secret has to read it anew, besides.
    """
    if pace := pace_of(function, world):
        return _Seldom(f"nothing but {pace.by} invokes it", pace.origin)
    called = world.around.machine_calls.get(function) or world.urls_of(function) or world.triggers_of(function)
    if called or any(map(invokes, world.permissions_of(function))):
        return None
    return _Seldom("nothing in this input invokes it", function.origin)


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
