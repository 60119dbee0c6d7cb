"""A host of a private network is named in the function's environment.

## Why it matters

Environment variables are read by more people and tools than the function: everybody who may call
`lambda:GetFunctionConfiguration`, inventories, the state of a deployment. Addresses and names of
databases, brokers and internal services draw a map of the network for whoever gets in there, and a
name that is written down instead of looked up is one more thing that breaks, or is taken over, when the
host moves.

What counts are literal names under `.internal`, `.local`, `.corp`, `.lan`, `.svc.cluster.local` and their
like; names in this input's private hosted zones; names without a domain in URLs and with ports; private,
link-local and carrier-grade NAT addresses; endpoints of databases, caches, brokers, file systems and
search domains; VPC endpoints and internal load balancers.

## What it does not see

Hosts whose names look like any public ones. Private hosted zones that are made elsewhere. `localhost`
and the addresses that AWS uses in every account are no secrets.

A reference to a resource of the same input (`aws_db_instance.main.address`) is shown from `strict` on:
it cannot go stale, but it can be read. So are ranges such as `10.0.0.0/16`, and public names that are only
called internal.

## Fix

Keep the address in Parameter Store or Cloud Map, give the function the parameter's name, and look it up
when it starts.

## Example

```hcl
resource "aws_lambda_function" "api" {
  function_name = "api"
  role          = "arn:aws:iam::123456789012:role/api"

  environment {
    variables = {
      DB_HOST = "orders-db.corp.internal"
    }
  }
}
```

Use instead:

```hcl
resource "aws_lambda_function" "api" {
  function_name = "api"
  role          = "arn:aws:iam::123456789012:role/api"

  environment {
    variables = {
      DB_HOST_PARAMETER = "/orders/db/host"
    }
  }
}
```
"""

from __future__ import annotations

from typing import Final

from stockade.checklist import Item
from stockade.control import Fails, Holds, Noise, Severity, Undecided, Verdict, control
from stockade.model.attributes import is_host
from stockade.model.environment import EnvironmentVariable
from stockade.model.exposure import Exposure, Way, exposure
from stockade.model.world import World
from stockade.secrets.hosts import Host, internal_hosts
from stockade.secrets.names import words_of
from stockade.value import Hole, Known, Ref, Text, Unknown

_UNTOLD: Final = frozenset(("host", "hosts", "hostname", "brokers", "bootstrap"))


@control(
    EnvironmentVariable,
    severity=Severity.LOW,
    item=Item.NO_HOSTNAMES,
    since="0.1.0",
    references=(
        "https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html",
        "https://docs.aws.amazon.com/systems-manager/latest/userguide/systems-manager-parameter-store.html",
    ),
)
def check(variable: EnvironmentVariable, world: World) -> Verdict:
    if isinstance(variable.name, Unknown):
        return Undecided(variable.name)
    match variable.value:
        case Known(text, _, ref):
            parts: tuple[str | Ref | Hole, ...] = (text,)
            through = ref if ref is not None and is_host(ref) else None
        case Unknown(_, _, known):
            parts = known.parts if known else ()
            through = next((part for part in parts if isinstance(part, Ref) and is_host(part)), None)
    found = _written(variable.key, parts, world)
    if found and not found[0].vague and through is None:
        return _fails(variable, found)
    if through is not None:
        message = f"`{variable.key}` names a host of a private network: `{through.address}.{through.attribute}`"
        if _hides(variable):
            return Fails(
                message, variable.value.origin, also=(variable.origin,), noise=Noise.STRICT, secret=True
            )
        return Fails(message, variable.origin, also=(variable.value.origin,), noise=Noise.STRICT)
    if found:
        return _fails(variable, found)
    if isinstance(variable.value, Unknown) and _may_be_host(variable.key, variable.value.text):
        return Undecided(variable.value)
    return Holds(variable.value.origin)


def _written(name: str, parts: tuple[str | Ref | Hole, ...], world: World) -> list[Host]:
    """The hosts that the known pieces of a value name, sure ones first."""
    stands = ""
    for part in parts:
        # what begins a host may be all of it, domain included; what goes on with one is a word of it
        unknown = "unknown" if stands[-1:].isalnum() or stands.endswith((".", "-", "_")) else "unknown.example"
        stands += part if isinstance(part, str) else unknown
    return sorted(internal_hosts(name, stands, world.private_domains), key=lambda host: host.vague)


def _fails(variable: EnvironmentVariable, found: list[Host]) -> Fails:
    first = found[0]
    others = len({host.name for host in found if host.vague == first.vague}) - 1
    more = f" and {others} more" if others else ""
    name = f"`{first.name}`" if isinstance(variable.value, Known) else "a host"
    message = f"`{variable.key}` names {name}{more}, {first.kind}"
    noise = Noise.STRICT if first.vague else None
    because = variable.value.origin
    return Fails(message, because, also=(variable.origin,), noise=noise, secret=_hides(variable))


def _hides(variable: EnvironmentVariable) -> bool:
    """Whether a secret is written beside the host: the place is shown, and the secret must not be."""
    found = exposure(variable)
    return isinstance(found, Exposure) and found.way is Way.WRITTEN


def _may_be_host(name: str, text: Text | None) -> bool:
    """Whether a value of which nothing is known is called a host."""
    said = words_of(name)
    whole = text is None or (len(text.parts) == 1 and isinstance(text.parts[0], Hole))
    return whole and bool(said) and said[-1] in _UNTOLD
