"""What belongs together in a network: groups and their rules, subnets and their routes, what listens where.

Relations never guess, as in ``World``: things belong together when one refers to the other's address.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from functools import cached_property

from stockade.model.endpoint import Endpoint, connects
from stockade.model.network import (
    RouteTable,
    RouteTableAssociation,
    SecurityGroup,
    SecurityGroupRule,
    Subnet,
    VpcRoute,
)
from stockade.model.relate import grouped, meant
from stockade.model.subject import Subject
from stockade.records import dataclass
from stockade.value import Known, Ref, Unknown, Value, parts_of


@dataclass(frozen=True, eq=False)
class Network:
    """All networks of one input, and the relations within them."""

    subnets: tuple[Subnet, ...] = ()
    groups: tuple[SecurityGroup, ...] = ()
    rules: tuple[SecurityGroupRule, ...] = ()
    tables: tuple[RouteTable, ...] = ()
    routes: tuple[VpcRoute, ...] = ()
    associations: tuple[RouteTableAssociation, ...] = ()
    endpoints: tuple[Endpoint, ...] = ()

    def __iter__(self) -> Iterator[Subject]:
        for one in fields(self):
            yield from getattr(self, one.name)

    def subnet_in(self, value: Value[str]) -> Subnet | None:
        """The subnet of this input that an ID refers to."""
        ref = meant(value)
        return self._subnet_at.get(ref.address) if ref else None

    def group_in(self, value: Value[str] | Value[str | None]) -> SecurityGroup | None:
        """The security group of this input that an ID refers to."""
        ref = meant(value)
        return self._group_at.get(ref.address) if ref else None

    def rules_of(self, group: SecurityGroup) -> tuple[SecurityGroupRule | Unknown, ...]:
        """All rules of a group, wherever they are declared; an unknown stands for rules not seen."""
        return (*group.rules, *self._rules_by_group.get(group, ()))

    def let_in(self, group: SecurityGroup) -> SecurityGroupRule | None:
        """The first rule of any group that lets in who is of this one."""
        return self._rule_letting_in.get(group)

    def way_out(self, subnet: Subnet) -> VpcRoute | None:
        """The route by which a subnet's traffic gets to the internet without a public address."""
        for route in self._routes_by_subnet.get(subnet, ()):
            through = (route.nat_gateway_id, route.egress_only_gateway_id)
            everywhere = (route.ipv4, "0.0.0.0/0"), (route.ipv6, "::/0")
            if any(_is_there(one) for one in through) and any(
                isinstance(to, Known) and to.value == whole for to, whole in everywhere
            ):
                return route
        return None

    def opening(self, group: SecurityGroup) -> Known[str] | Unknown | None:
        """The address block by which a group lets everything out, if it does."""
        unsure: Unknown | None = None
        for rule in self.rules_of(group):
            if isinstance(rule, Unknown):
                unsure = unsure or rule
                continue
            if isinstance(rule.direction, Known) and rule.direction.value != "egress":
                continue
            match rule.anywhere():
                case Known() as block if rule.doubt is None and isinstance(rule.direction, Known):
                    return block
                case Known():
                    unsure = unsure or rule.doubt
                case Unknown() as gap:
                    unsure = unsure or gap
                case None:
                    pass
        return unsure

    def connected(self, value: Value[str]) -> tuple[Endpoint, ...]:
        """What a text says how to connect to."""
        refs = [part for part in parts_of(value) if isinstance(part, Ref)]
        if isinstance(value, Known) and value.ref is not None:
            refs.append(value.ref)
        if isinstance(value, Unknown):
            refs += value.behind
        found = (self._endpoint_at.get(ref.address) for ref in refs if connects(ref))
        return tuple(dict.fromkeys(one for one in found if one is not None))

    def is_public(self, endpoint: Endpoint) -> Value[bool]:
        """Whether something can be connected to from outside of its VPC."""
        unknown: Unknown | None = None
        for one in (endpoint, *self._members.get(endpoint.address, ())):
            if isinstance(one.public, Unknown):
                unknown = one.public
            elif one.public.value:
                return one.public
        return unknown or endpoint.public

    # ---------------------------------------------------------------------------------- indexes

    @cached_property
    def _subnet_at(self) -> Mapping[str, Subnet]:
        return {one.address: one for one in self.subnets}

    @cached_property
    def _group_at(self) -> Mapping[str, SecurityGroup]:
        return {one.address: one for one in self.groups}

    @cached_property
    def _endpoint_at(self) -> Mapping[str, Endpoint]:
        return {one.address: one for one in self.endpoints}

    @cached_property
    def _members(self) -> Mapping[str, tuple[Endpoint, ...]]:
        """The instances of every cluster, by the cluster's address."""
        return grouped((ref.address, one) for one in self.endpoints if (ref := meant(one.cluster)))

    @cached_property
    def _rules_by_group(self) -> Mapping[SecurityGroup, tuple[SecurityGroupRule, ...]]:
        return grouped((group, rule) for rule in self.rules if (group := self.group_in(rule.security_group_id)))

    @cached_property
    def _rule_letting_in(self) -> Mapping[SecurityGroup, SecurityGroupRule]:
        out: dict[SecurityGroup, SecurityGroupRule] = {}
        inside = (one for group in self.groups for one in group.rules if isinstance(one, SecurityGroupRule))
        for rule in (*inside, *self.rules):
            if isinstance(rule.direction, Known) and rule.direction.value != "ingress":
                continue
            for peer in rule.peers.value if isinstance(rule.peers, Known) else ():
                if group := self.group_in(peer):
                    out.setdefault(group, rule)
        return out

    @cached_property
    def _routes_by_subnet(self) -> Mapping[Subnet, tuple[VpcRoute, ...]]:
        inside = grouped(
            (table.address, route)
            for table in self.tables
            for route in (table.routes.value if isinstance(table.routes, Known) else ())
            if isinstance(route, VpcRoute)
        )
        beside = grouped((ref.address, one) for one in self.routes if (ref := meant(one.route_table_id)))
        subnets = {one.address: one for one in self.subnets}
        out: dict[Subnet, tuple[VpcRoute, ...]] = {}
        for one in self.associations:
            subnet, table = meant(one.subnet_id), meant(one.route_table_id)
            if subnet and table and subnet.address in subnets:
                out[subnets[subnet.address]] = (*inside.get(table.address, ()), *beside.get(table.address, ()))
        return out


def _is_there(value: Value[str | None]) -> bool:
    """Whether a target is named, known or not."""
    return isinstance(value, Unknown) or value.value is not None


def zone_of(subnet: Subnet) -> Value[str | None]:
    """The availability zone of a subnet, by its ID where that is how it is named."""
    if isinstance(subnet.zone, Known) and subnet.zone.value is None:
        return subnet.zone_id
    return subnet.zone
