"""The function's security group lets it send anything anywhere.

## Why it matters

What runs in a VPC usually does so to be near something private: a database, a cache. A security group
that lets everything out lets whoever takes over the function, or a package in it, carry that data
anywhere. A group that allows what the function needs, and where, ends it there.

Nearly every example has such a group, and without a way out of the subnets it matters little. So the
finding is shown from `strict` on, and at `regular` where this input shows all of it: the function is told
how to connect to something private, and its subnets have a route to the internet.

## What it does not see

Network ACLs, firewalls and proxies on the way, nor routes outside of this input. What the function needs
to reach.

## Fix

Allow the ports and targets that the function uses: the security group of the database, prefix lists of
S3 and DynamoDB, interface endpoints, port 443 where it must call out. The fix says so of the group; no change
is written, since the configuration does not say what these are.

## Example

```hcl
resource "aws_security_group" "orders" {
  name   = "orders"
  vpc_id = "vpc-0a1b2c3d4e5f60001"

  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = "arn:aws:iam::123456789012:role/orders"
  filename      = "orders.zip"
  handler       = "main.handler"
  runtime       = "python3.13"

  vpc_config {
    subnet_ids         = ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"]
    security_group_ids = [aws_security_group.orders.id]
  }
}
```

Use instead:

```hcl
resource "aws_security_group" "orders" {
  name   = "orders"
  vpc_id = "vpc-0a1b2c3d4e5f60001"

  egress {
    from_port       = 5432
    to_port         = 5432
    protocol        = "tcp"
    security_groups = ["sg-0a1b2c3d4e5f60002"]
  }
}

resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = "arn:aws:iam::123456789012:role/orders"
  filename      = "orders.zip"
  handler       = "main.handler"
  runtime       = "python3.13"

  vpc_config {
    subnet_ids         = ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"]
    security_group_ids = [aws_security_group.orders.id]
  }
}
```
"""

from __future__ import annotations

from stockade.checklist import Item
from stockade.control import Fails, Fix, Holds, Noise, Safety, Severity, Undecided, Verdict, control
from stockade.model.endpoint import Endpoint
from stockade.model.function import Function
from stockade.model.network import SecurityGroup, VpcRoute
from stockade.model.world import World
from stockade.value import Known, Origin, Unknown


@control(
    Function,
    severity=Severity.LOW,
    noise=Noise.STRICT,
    item=Item.NETWORK,
    since="0.1.0",
    references=(
        "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
        "https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html",
    ),
)
def check(function: Function, world: World) -> Verdict | None:
    if isinstance(function.subnet_ids, Known) and not function.subnet_ids.value:
        return None
    ids = function.security_group_ids
    if isinstance(ids, Unknown):
        return Undecided(ids)
    unsure: list[Unknown] = []
    for one in ids.value:
        group = world.network.group_in(one)
        if group is None:
            reason = "the security group is not in this input"
            unsure.append(one if isinstance(one, Unknown) and one.text is None else Unknown(reason, one.origin))
            continue
        match world.network.opening(group):
            case Known(_, origin):
                return _fails(function, group, origin, world)
            case Unknown() as gap:
                unsure.append(gap)
    return Undecided(unsure[0]) if unsure else Holds(ids.origin)


def _fails(function: Function, group: SecurityGroup, origin: Origin, world: World) -> Verdict:
    private, route = _private(function, world), _way_out(function, world)
    if private is None or route is None:
        message = f"`{group.address}` lets the function send anything to any address"
        return Fails(message, origin, _fix(group))
    message = (
        f"`{group.address}` lets the function send anything to any address, `{route.address}` leads there, "
        f"and the function is told how to connect to `{private.address}`"
    )
    return Fails(message, origin, _fix(group, private), also=(route.origin,), noise=Noise.REGULAR)


def _fix(group: SecurityGroup, private: Endpoint | None = None) -> Fix:
    """Which rules would do instead, in words: the configuration does not say what the function calls."""
    to = f"the security group of `{private.address}`, on its port" if private else "the group of each target"
    note = (
        f"allow {to}; TCP 443 to the prefix lists of S3 and DynamoDB and to the groups of interface endpoints; "
        "and TCP 443 to `0.0.0.0/0` only where the function has to call out; then remove the rule for all"
    )
    return Fix(f"let `{group.address}` out only to what the function calls", Safety.SHOW, (), note=note)


def _private(function: Function, world: World) -> Endpoint | None:
    """Something private that the function's environment says how to connect to."""
    for variable in world.environment_of(function):
        for endpoint in world.network.connected(variable.value):
            public = world.network.is_public(endpoint)
            if isinstance(public, Known) and not public.value:
                return endpoint
    return None


def _way_out(function: Function, world: World) -> VpcRoute | None:
    """The route by which traffic of the function's subnets gets to the internet."""
    subnets = function.subnet_ids.value if isinstance(function.subnet_ids, Known) else ()
    found = (world.network.subnet_in(one) for one in subnets)
    routes = (world.network.way_out(one) for one in found if one is not None)
    return next((one for one in routes if one is not None), None)
