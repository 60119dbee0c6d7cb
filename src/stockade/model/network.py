"""Networks: subnets and where they route to, security groups and what they let through."""

from __future__ import annotations

from typing import Any

from stockade.model.subject import Subject, default
from stockade.records import dataclass
from stockade.value import Known, Unknown, Value


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Subnet(Subject):
    """A subnet, which lies in one availability zone; ``None`` where AWS chooses it."""

    zone: Value[str | None] = default(None, "no availability zone is named")
    zone_id: Value[str | None] = default(None, "no availability zone is named by its ID")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class SecurityGroupRule(Subject):
    """What one rule lets through. ``security_group_id`` is the group that it is a rule of.

    ``peers`` are groups at the other end. Ports without a limit are from 0 or -1 on.
    """

    security_group_id: Value[str | None] = default(None, "the rule stands in its group")
    direction: Value[str] = default("egress", "the rule is about what goes out")
    protocol: Value[str]
    from_port: Value[int] = default(-1, "no port limits the rule")
    to_port: Value[int] = default(-1, "no port limits the rule")
    ipv4: Value[tuple[Value[str], ...]] = default((), "no IPv4 addresses are named")
    ipv6: Value[tuple[Value[str], ...]] = default((), "no IPv6 addresses are named")
    peers: Value[tuple[Value[str], ...]] = default((), "no other group is named")

    def anywhere(self) -> Known[str] | Unknown | None:
        """The address block by which the rule reaches every address on every port, if it does."""
        every_port = self._every_port()
        if every_port is None:
            return None
        unknown = every_port if isinstance(every_port, Unknown) else None
        for blocks in (self.ipv4, self.ipv6):
            if isinstance(blocks, Unknown):
                unknown = unknown or blocks
                continue
            for one in blocks.value:
                if isinstance(one, Unknown):
                    unknown = unknown or one
                elif one.value in ("0.0.0.0/0", "::/0") and not isinstance(every_port, Unknown):
                    return one
        return unknown if _names_some(self.ipv4) or _names_some(self.ipv6) else None

    def _every_port(self) -> Known[str] | Unknown | None:
        """The protocol where the rule is of all ports."""
        match self.protocol:
            case Unknown() | Known("-1" | "all"):
                return self.protocol
            case Known("tcp" | "6") if isinstance(self.from_port, Known) and isinstance(self.to_port, Known):
                return self.protocol if self.from_port.value <= 1 and self.to_port.value == 65535 else None
            case Known("tcp" | "6"):
                unknown = self.from_port if isinstance(self.from_port, Unknown) else self.to_port
                return unknown if isinstance(unknown, Unknown) else None
            case _:
                return None


def _names_some(blocks: Value[tuple[Value[str], ...]]) -> bool:
    """Whether any address may be named."""
    return isinstance(blocks, Unknown) or bool(blocks.value)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class SecurityGroup(Subject):
    """A security group. ``ingress`` and ``egress`` are its rules as written, ``rules`` the same, read."""

    ingress: Value[tuple[Value[Any], ...]] = default((), "the group lets nothing in by default")
    egress: Value[tuple[Value[Any], ...]] = default((), "no egress rules are written")
    rules: tuple[SecurityGroupRule | Unknown, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class VpcRoute(Subject):
    """Where a route table sends what goes to a destination; at most one target is there."""

    route_table_id: Value[str | None] = default(None, "the route stands in its table")
    ipv4: Value[str | None] = default(None, "no IPv4 destination is named")
    ipv6: Value[str | None] = default(None, "no IPv6 destination is named")
    nat_gateway_id: Value[str | None] = default(None, "the route does not lead to a NAT gateway")
    egress_only_gateway_id: Value[str | None] = default(
        None, "the route does not lead to an egress-only internet gateway"
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class RouteTable(Subject):
    """A route table; ``routes`` are those that stand in it."""

    routes: Value[tuple[Any, ...]] = default((), "no routes stand in the table")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class RouteTableAssociation(Subject):
    """Which route table a subnet uses."""

    subnet_id: Value[str | None] = default(None, "the association is not of a subnet")
    route_table_id: Value[str]
