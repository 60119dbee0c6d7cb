"""The code makes a call that the execution role does not allow.

## Why it matters

The call fails with an `AccessDenied` when it is first made, which may be months after deployment and in the
one branch that handles failures. What people do then, in a hurry, is to attach a policy with a `*`.

Each call of the AWS SDK that the handler leads to becomes the actions that it needs on the resources that it
names; the policies of the role are asked whether they allow any such request, with denials and the permissions
boundary. Only calls count that are certain, on resources that are known.

It is not known where a part of the role's policies is not in this input, and where the resource has a policy of
its own in this input, which may allow the role by itself.

## What it does not see

Calls that are not followed from the source; `stockade policy` lists what was not. Service control policies.
What resources that are declared elsewhere allow. Whether a branch that makes the call is ever taken. Needs
that come with a call, such as decrypting.

## Fix

Allow the call on that resource, and no more: `stockade policy` prints the statement.

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

resource "aws_dynamodb_table" "orders" {
  name     = "orders"
  hash_key = "id"
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
      Action   = "dynamodb:GetItem"
      Resource = aws_dynamodb_table.orders.arn
    }]
  })
}
```
```python title="app.py"
import boto3

table = boto3.resource("dynamodb").Table("orders")


def handler(event, context):
    return table.delete_item(Key={"id": event["id"]})
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

resource "aws_dynamodb_table" "orders" {
  name     = "orders"
  hash_key = "id"
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
      Action   = "dynamodb:DeleteItem"
      Resource = aws_dynamodb_table.orders.arn
    }]
  })
}
```
```python title="app.py"
import boto3

table = boto3.resource("dynamodb").Table("orders")


def handler(event, context):
    return table.delete_item(Key={"id": event["id"]})
```
"""

from __future__ import annotations

from stockade.checklist import Item
from stockade.control import Fails, Holds, Severity, Undecided, Verdict, control
from stockade.model.grants import listed
from stockade.model.need import FunctionNeeds, Needed
from stockade.model.world import World
from stockade.needs.missing import Allowed, Open, Refused, judged
from stockade.needs.said import in_json
from stockade.value import Unknown


@control(
    FunctionNeeds,
    severity=Severity.MEDIUM,
    item=Item.EXACT_PERMISSIONS,
    since="0.1.0",
    references=(
        "https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html",
    ),
)
def check(needs: FunctionNeeds, world: World) -> Verdict | None:
    if needs.unknown is not None:
        return Undecided(needs.unknown)
    found = judged(needs, world)
    if isinstance(found, Unknown):
        return Undecided(found)
    refused = [one for one in found if isinstance(one, Refused)]
    if refused:
        return _fails(refused, world, needs)
    unsure = next((one for one in found if isinstance(one, Open)), None)
    if unsure is not None:
        return Undecided(unsure.why)
    allowed = next((one for one in found if isinstance(one, Allowed)), None)
    return Holds(allowed.need.reasons[0].origin) if allowed is not None else None


def _fails(refused: list[Refused], world: World, needs: FunctionNeeds) -> Fails:
    first, *others = refused
    role = world.role_of(needs.function)
    by = first.by.origin if first.by is not None else role.origin if role is not None else needs.origin
    places = [one.need.reasons[0].origin for one in others]
    return Fails(
        f"the code needs {listed([_said(one.need) for one in refused], 3)}, which its role does not allow",
        first.need.reasons[0].origin,
        also=(*dict.fromkeys(places), by),
    )


def _said(need: Needed) -> str:
    return need.action if need.resource == "*" else f"{need.action}` on `{in_json(need.resource)}"
