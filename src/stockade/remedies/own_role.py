"""A role of its own for a function: what every function needs, and what it had that can be copied."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from stockade.control import Add, Change, Put
from stockade.model.at_edge import at_edge
from stockade.model.function import Function
from stockade.model.world import World
from stockade.remedies.logs import Streams, logging, streams
from stockade.remedies.policies import (
    EDGE_TRUST,
    LAMBDA_TRUST,
    allows,
    document,
    is_terraform,
    own_name,
    statement,
)
from stockade.value import Known

INTERFACES: Final = (
    "ec2:CreateNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DeleteNetworkInterface",
)
"""What Lambda needs to put a function into a VPC."""
TRACING: Final = ("xray:PutTraceSegments", "xray:PutTelemetryRecords")


def basics(function: Function, found: Streams, world: World) -> list[dict[str, Any]]:
    """The statements that a function needs whatever its code does, of those that its role allows now."""
    out = []
    if logs := logging(function, world):
        out.append(statement(logs, found.arn))
    inside = not (isinstance(function.subnet_ids, Known) and not function.subnet_ids.value)
    if inside and allows(function, world, *INTERFACES):
        out.append(statement(INTERFACES, "*"))
    if isinstance(function.tracing_mode, Known) and function.tracing_mode.value == "Active":
        if allows(function, world, *TRACING):
            out.append(statement(TRACING, "*"))
    return out


def own_role(function: Function, world: World, copied: Sequence[tuple[str, Any]] = ()) -> tuple[Change, ...]:
    """A role beside a function, with what it needs and what was copied; nothing where its logs have no name.

    ``copied`` are further policies by their names.
    """
    found = streams(function, world, function.address, in_role=not is_terraform(function.address))
    if found is None:
        return ()
    terraform = is_terraform(function.address)
    name = own_name(function, "-execution-role") if terraform else None  # a template needs leave to name roles
    trust = EDGE_TRUST if at_edge(function, world) else LAMBDA_TRUST
    needed = basics(function, found, world)
    policies = [*([("basics", document(*needed))] if needed else ()), *copied]
    attributes: list[tuple[str, Any]] = [("name", name)] if name else []
    attributes.append(("trust", trust))
    role = Add("Role", function.address, tuple(attributes), label="own")
    if terraform:
        on = ("roles", role.ref("name"))
        inline = [
            Add("InlinePolicy", function.address, (("name", title), on, ("document", one)), label=title)
            for title, one in policies
        ]
        return (
            *(found.changes if needed else ()),
            role,
            *inline,
            Put(function.address, "role", role.ref("arn")),
        )
    for index, (title, one) in enumerate(policies):
        attributes += [(f"inline_policies[{index}].name", title), (f"inline_policies[{index}].document", one)]
    role = Add("Role", function.address, tuple(attributes), label="own")
    return (*(found.changes if needed else ()), role, Put(function.address, "role", role.ref("arn")))
