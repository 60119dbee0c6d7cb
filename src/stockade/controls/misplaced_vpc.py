"""The function cannot reach what it is told to connect to, or is in a VPC for nothing.

## Why it matters

A function outside of a VPC cannot reach a database, cache, broker or internal load balancer inside of
one. The function then fails, or somebody opens the database to the internet to make it work. The other
way round, a VPC does not make a function safer: nobody connects to a function. It takes away its way to
the internet and to AWS's services, and asks for NAT gateways, endpoints and addresses in return.

So a function outside of a VPC is told only where its environment says how to connect to something
private, and a function inside only from `strict` on, where nothing in this input asks for it.

## What it does not see

What the code connects to by other means than its environment: a name from a parameter, service
discovery, a peered network. A need for a fixed outbound address. Whether the function only hands on
what its environment says, to a job that runs inside.

## Fix

Add a `vpc_config` with private subnets from which the thing is reachable and a security group that it
lets in. For a function that is in a VPC for nothing remove the `vpc_config`. Both are shown and never applied:
the configuration does not say which subnets these are, or what else needs them.

## Example

```hcl
resource "aws_db_instance" "orders" {
  identifier     = "orders"
  engine         = "postgres"
  instance_class = "db.t4g.micro"
}

resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = "arn:aws:iam::123456789012:role/orders"
  filename      = "orders.zip"
  handler       = "main.handler"
  runtime       = "python3.13"

  environment {
    variables = {
      DB_HOST = aws_db_instance.orders.address
    }
  }
}
```

Use instead:

```hcl
resource "aws_db_instance" "orders" {
  identifier     = "orders"
  engine         = "postgres"
  instance_class = "db.t4g.micro"
}

resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = "arn:aws:iam::123456789012:role/orders"
  filename      = "orders.zip"
  handler       = "main.handler"
  runtime       = "python3.13"

  vpc_config {
    subnet_ids         = ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"]
    security_group_ids = ["sg-0a1b2c3d4e5f60001"]
  }

  environment {
    variables = {
      DB_HOST = aws_db_instance.orders.address
    }
  }
}
```
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from stockade.checklist import Item
from stockade.control import (
    Drop,
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
from stockade.iam.breadth import covering
from stockade.model.endpoint import Endpoint
from stockade.model.environment import EnvironmentVariable
from stockade.model.function import Function
from stockade.model.grants import allowing
from stockade.model.network import SecurityGroup
from stockade.model.world import World
from stockade.remedies.policies import blank
from stockade.value import Hole, Known, Origin, Unknown

_INSIDE_ONLY: Final = (
    "rds-db:connect",
    "elasticache:Connect",
    "memorydb:Connect",
    "elasticfilesystem:ClientMount",
    "kafka-cluster:Connect",
    "neptune-db:connect",
)
"""Actions of protocols that are spoken inside of a VPC only."""


@control(
    Function,
    severity=Severity.LOW,
    noise=Noise.STRICT,
    item=Item.NETWORK,
    since="0.1.0",
    references=(
        "https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html",
        "https://docs.aws.amazon.com/lambda/latest/dg/foundation-networking.html",
    ),
)
def check(function: Function, world: World) -> Verdict | None:
    match function.subnet_ids:
        case Unknown() as gap:
            needs = list(_private(function, world))
            return Undecided(gap) if needs else None
        case Known(()):
            return _outside(function, world)
        case Known(_, origin):
            return _inside(function, origin, world)


def _outside(function: Function, world: World) -> Verdict:
    where = function.subnet_ids.origin
    if isinstance(function.file_systems, Known) and function.file_systems.value:
        message = "the function mounts a file system, which works only inside of a VPC"
        because = function.file_systems.origin
        return Fails(message, because, _into(function), severity=Severity.MEDIUM, noise=Noise.REGULAR)
    unsure: list[Unknown] = []
    for variable, endpoint in _private(function, world):
        public = world.network.is_public(endpoint)
        if isinstance(public, Unknown):
            unsure.append(public)
            continue
        message = (
            f"`{variable.key}` says how to connect to `{endpoint.address}`, "
            "which can be reached only from inside its VPC, and the function is in none"
        )
        also = (endpoint.origin,)
        fix = _into(function)
        return Fails(message, variable.origin, fix, also=also, severity=Severity.MEDIUM, noise=Noise.REGULAR)
    return Undecided(unsure[0]) if unsure else Holds(where)


def _into(function: Function) -> Fix:
    """A place for the subnets and the group: the configuration does not say which these are."""
    changes = (
        Put(function.address, "subnet_ids", (blank("two private subnets, of two availability zones"),)),
        Put(function.address, "security_group_ids", (blank("a security group that the target lets in"),)),
    )
    note = (
        "the role needs `ec2:CreateNetworkInterface`, `ec2:DescribeNetworkInterfaces` and "
        "`ec2:DeleteNetworkInterface`, and the subnets a way to whatever else the function calls"
    )
    return Fix("put the function into the VPC", Safety.SHOW, changes, note=note)


def _out_of(function: Function) -> Fix:
    changes = (Drop(function.address, "subnet_ids"), Drop(function.address, "security_group_ids"))
    note = "first make sure that its code connects to nothing inside, which nothing here shows"
    return Fix("take the function out of the VPC", Safety.SHOW, changes, note=note)


def _private(function: Function, world: World) -> Iterator[tuple[EnvironmentVariable, Endpoint]]:
    """What the environment says how to connect to, unless it is known to be public."""
    for variable in world.environment_of(function):
        for endpoint in world.network.connected(variable.value):
            public = world.network.is_public(endpoint)
            if isinstance(public, Unknown) or not public.value:
                yield variable, endpoint


def _inside(function: Function, origin: Origin, world: World) -> Verdict:
    match next(_reasons(function, world), None):
        case Unknown() as gap:
            return Undecided(gap)
        case None:
            message = "nothing in this input shows what the function needs to be in a VPC for"
            return Fails(message, origin, _out_of(function))
        case because:
            return Holds(because)


def _reasons(function: Function, world: World) -> Iterator[Origin | Unknown]:
    """What a function may be in its VPC for: first what is known, then what may be."""
    named = [(variable, world.network.is_public(endpoint)) for variable, endpoint in _private(function, world)]
    for variable, public in named:
        if isinstance(public, Known):
            yield variable.origin
    if isinstance(function.file_systems, Unknown) or function.file_systems.value:
        yield function.file_systems.origin
    for grant in world.grants_of(function):
        statement = allowing(grant)
        if statement is not None and not isinstance(statement, Unknown):
            for action in _INSIDE_ONLY:
                element = covering(statement, action)
                if isinstance(element, Known) and element.value.strip("*:"):
                    yield element.origin
    yield from _by_groups(function, world)
    # What nobody can read yet may be of anything.
    for _, public in named:
        if isinstance(public, Unknown):
            yield public
    for variable in world.environment_of(function):
        if isinstance(variable.value, Unknown) and _blank(variable.value):
            yield variable.value


def _by_groups(function: Function, world: World) -> Iterator[Origin | Unknown]:
    """What lets the function in by its security group, or holds it back by it."""
    ids = function.security_group_ids
    if isinstance(ids, Unknown):
        return
    own = [group for one in ids.value if (group := world.network.group_in(one)) is not None]
    for group in own:
        if rule := world.network.let_in(group):
            yield rule.origin
    for group in own:
        yield from _narrow(group, world)


def _narrow(group: SecurityGroup, world: World) -> Iterator[Origin | Unknown]:
    """Rules that let the function out to chosen places: somebody uses the VPC to hold it back."""
    if group.doubt is not None:
        yield group.doubt
        return
    rules = [one for one in world.network.rules_of(group) if not isinstance(one, Unknown)]
    out = [one for one in rules if isinstance(one.direction, Known) and one.direction.value == "egress"]
    if not any(one.anywhere() for one in out):
        yield group.origin


def _blank(value: Unknown) -> bool:
    """Whether nothing at all is known of a text."""
    return value.text is None or all(isinstance(part, Hole) for part in value.text.parts)
