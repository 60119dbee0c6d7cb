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

Allow the call on that resource, and no more. The fix adds a policy with just that to the role, to be reviewed,
as it grants what was not granted; nothing is added where a statement denies the call. `stockade policy` prints
the whole of what the function needs.

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

from collections.abc import Sequence
from typing import Final

from stockade.checklist import Item
from stockade.control import Fails, Fix, Holds, Safety, Severity, Undecided, Verdict, control
from stockade.model.grants import listed
from stockade.model.need import FunctionNeeds, Needed
from stockade.model.world import World
from stockade.needs.missing import Allowed, Open, Refused, judged
from stockade.needs.said import in_json
from stockade.remedies.policies import (
    granting,
    local_name,
    made_for,
    one_of_several,
    role_to_give,
    same_module,
)
from stockade.value import Ref, Text, Unknown

_NAMED: Final = 3
"""How many of several actions a message names."""


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
        f"the code needs {_said([one.need for one in refused])}, which its role does not allow",
        first.need.reasons[0].origin,
        _fix(refused, needs, world),
        also=(*dict.fromkeys(places), by),
    )


def _said(needs: Sequence[Needed]) -> str:
    """The first few actions with their resources; what all of them are on is said once."""
    resources = {in_json(one.resource) for one in needs}
    if len(resources) == 1 and resources != {"*"}:
        return f"{listed([one.action for one in needs], _NAMED)} on `{resources.pop()}`"
    return listed([_with_resource(one) for one in needs], _NAMED)


def _with_resource(need: Needed) -> str:
    return need.action if need.resource == "*" else f"{need.action}` on `{in_json(need.resource)}"


def _fix(refused: Sequence[Refused], needs: FunctionNeeds, world: World) -> Fix | None:
    """A policy on the role for just these calls; none where something denies them, or others make the role."""
    function = needs.function
    shared = world.role_of(function)
    role = role_to_give(shared)
    if shared is None or role is None or any(one.by is not None for one in refused):
        return None
    wanted = [one.need for one in refused]
    parts = [part for one in wanted if isinstance(one.resource, Text) for part in one.resource.parts]
    addresses = [part.address for part in parts if isinstance(part, Ref)]
    if not same_module(role.address, function.address, *addresses):
        return None
    if one_of_several(function.address) and not one_of_several(role.address):
        return None  # each instance would have a policy of the same name
    from stockade.needs.policy import proposed

    statements = [one.tree for one in proposed(wanted, "role").statements]
    name = "calls" if made_for(role, function) else f"{local_name(function.address)}-calls".replace("_", "-")
    title = f"allow {_said(wanted)}"
    note = "" if len(world.functions_of(shared)) < 2 else "the functions that share the role are allowed it too"
    return Fix(title, Safety.REVIEW, (granting(role, name, *statements),), note=note, grants=True)
