"""The function's subnets are all in one availability zone.

## Why it matters

A function in a VPC runs only where its subnets are. With all of them in one availability zone it
stops when that zone has trouble, though Lambda itself goes on in the others; also the zone's addresses
and network interfaces are all it can scale into.

## What it does not see

The zones of subnets that this input only names: several of them are taken to be in several zones.
Where the list of subnets as a whole is not known, that is shown from `strict` on. What the function
talks to may be in one zone alone; then a second subnet gains little, which is a reason to accept the
finding. A function that nothing but the account's own operations invoke (a schedule, a deployment) can wait
for its zone to come back, and is shown from `strict` on.

## Fix

Add a subnet of another zone. The fix shows where it belongs and is not applied: which subnet routes to what
the function needs is not a thing to guess.

## Example

```hcl
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = "arn:aws:iam::123456789012:role/orders"
  filename      = "orders.zip"
  handler       = "main.handler"
  runtime       = "python3.13"

  vpc_config {
    subnet_ids         = ["subnet-0a1b2c3d4e5f60001"]
    security_group_ids = ["sg-0a1b2c3d4e5f60001"]
  }
}
```

Use instead:

```hcl
resource "aws_subnet" "a" {
  vpc_id            = "vpc-0a1b2c3d4e5f60001"
  cidr_block        = "10.0.1.0/24"
  availability_zone = "eu-west-1a"
}

resource "aws_subnet" "b" {
  vpc_id            = "vpc-0a1b2c3d4e5f60001"
  cidr_block        = "10.0.2.0/24"
  availability_zone = "eu-west-1b"
}

resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = "arn:aws:iam::123456789012:role/orders"
  filename      = "orders.zip"
  handler       = "main.handler"
  runtime       = "python3.13"

  vpc_config {
    subnet_ids         = [aws_subnet.a.id, aws_subnet.b.id]
    security_group_ids = ["sg-0a1b2c3d4e5f60001"]
  }
}
```
"""

from __future__ import annotations

from stockade.checklist import Item
from stockade.control import Fails, Fix, Holds, Noise, Put, Safety, Severity, Undecided, Verdict, control
from stockade.iam.match import Shape
from stockade.model.function import Function
from stockade.model.network import Subnet
from stockade.model.pace import pace_of
from stockade.model.relate import comparable
from stockade.model.vpc import zone_of
from stockade.model.world import World
from stockade.remedies.policies import blank
from stockade.value import Known, Origin, Unknown, Value


@control(
    Function,
    severity=Severity.LOW,
    noise=Noise.STRICT,
    item=Item.NETWORK,
    since="0.1.0",
    references=(
        "https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html",
        "https://docs.aws.amazon.com/securityhub/latest/userguide/lambda-controls.html",
    ),
)
def check(function: Function, world: World) -> Verdict | None:
    match function.subnet_ids:
        case Unknown() as gap:
            return Undecided(gap)
        case Known(()):
            return None
        case Known(subnets, origin):
            pass
    for one in subnets:
        if isinstance(one, Unknown) and (one.text is None or one.origin == origin):
            return Undecided(one)  # it may be any number of subnets
    shapes = {comparable(one) for one in subnets}
    if len(shapes) == 1:
        message = "the function has only one subnet, and so runs in one availability zone only"
        return Fails(message, origin, _fix(function, subnets), noise=_noise(function, world))
    found = [world.network.subnet_in(one) for one in subnets]
    doubt = next((one.doubt for one in found if one is not None and one.doubt is not None), None)
    if doubt is not None:
        return Undecided(doubt)
    zones = [_zone(one) for one in found if one is not None]
    known = {zone for zone, _ in zones}
    if len(found) > len(zones) or () in known:
        # Several subnets are made for several zones; here nothing says that these were not.
        return Holds(origin)
    if len(known) > 1:
        return Holds(zones[1][1])
    shown = "".join(map(str, zones[0][0]))
    message = f"all {len(shapes)} subnets of the function are in the availability zone `{shown}`"
    also = tuple(where for _, where in zones)
    return Fails(message, origin, _fix(function, subnets), also=also, noise=_noise(function, world))


def _fix(function: Function, subnets: tuple[Value[str], ...]) -> Fix:
    """A place for one more subnet: which routes to what the function needs is not a thing to guess."""
    kept = [one.ref or one.value if isinstance(one, Known) else one.text for one in subnets]
    more = blank("a subnet of another availability zone")
    change = Put(function.address, "subnet_ids", (*(one for one in kept if one is not None), more))
    note = "it has to route to what the function uses as the others do, and the targets have to let it in"
    return Fix("add a subnet of another availability zone", Safety.SHOW, (change,), note=note)


def _noise(function: Function, world: World) -> Noise:
    """What a schedule or another of the account's own operations invokes can wait for its zone."""
    return Noise.REGULAR if pace_of(function, world) is None else Noise.STRICT


def _zone(subnet: Subnet) -> tuple[Shape, Origin]:
    """The zone as text to compare, empty where nothing says it, and where it is said."""
    zone = zone_of(subnet)
    if isinstance(zone, Known):
        return (zone.value,) if zone.value is not None else (), zone.origin
    return comparable(zone), zone.origin
