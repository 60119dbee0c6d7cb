"""What declarations of networks hold beyond the table of names: rules, routes, who may connect."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, Protocol, TypeVar

from stockade.model.endpoint import Endpoint
from stockade.model.names import Names
from stockade.model.network import (
    RouteTable,
    RouteTableAssociation,
    SecurityGroup,
    SecurityGroupRule,
    Subnet,
    VpcRoute,
)
from stockade.model.relate import meant
from stockade.model.subject import Subject, default
from stockade.model.vpc import Network
from stockade.read.nested import elements
from stockade.read.resource import Resource
from stockade.value import Derived, Known, Unknown, Value

S = TypeVar("S", bound=Subject)

_LET_OUT: Final = "AWS lets a security group without egress rules out to everywhere"
_LETTING_IN: Final = "AWS::EC2::SecurityGroupIngress"
_SEARCH: Final = (
    "aws_opensearch_domain",
    "aws_elasticsearch_domain",
    "AWS::OpenSearchService::Domain",
    "AWS::Elasticsearch::Domain",
)
_BALANCERS: Final = (
    "aws_lb",
    "aws_alb",
    "aws_elb",
    "AWS::ElasticLoadBalancing::LoadBalancer",
    "AWS::ElasticLoadBalancingV2::LoadBalancer",
)
_BY_SUBNETS: Final = "AWS::RDS::DBInstance"


class Made(Protocol):
    """The subjects of one type that the resources of an input made."""

    def __call__(self, kind: type[S], /) -> tuple[S, ...]: ...


def network(all_of: Made) -> Network:
    """Networks as an input has them."""
    rules = all_of(SecurityGroupRule)
    return Network(
        subnets=all_of(Subnet),
        groups=tuple(_beside(group, rules) for group in all_of(SecurityGroup)),
        rules=rules,
        tables=all_of(RouteTable),
        routes=all_of(VpcRoute),
        associations=all_of(RouteTableAssociation),
        endpoints=all_of(Endpoint),
    )


def _beside(group: SecurityGroup, rules: Sequence[SecurityGroupRule]) -> SecurityGroup:
    """A group whose default rule nobody vouches for, as it has rules that are written beside it."""
    if not group.rules or group.rules[-1] is not _default_rule(group):
        return group
    for rule in rules:
        ref = meant(rule.security_group_id)
        outwards = not (isinstance(rule.direction, Known) and rule.direction.value == "ingress")
        if ref is not None and ref.address == group.address and outwards:
            reason = "whether the rule that lets out to everywhere stays beside other rules is not documented"
            return replace(group, rules=(*group.rules[:-1], Unknown(reason, rule.origin)))
    return group


def _default_rule(group: SecurityGroup) -> SecurityGroupRule | None:
    """The rule that AWS gives a new group, where it is the group's last."""
    last = group.rules[-1]
    if isinstance(last, SecurityGroupRule) and isinstance(origin := last.protocol.origin, Derived):
        return last if origin.rule == _LET_OUT else None
    return None


def settle_network(names: Names, resource: Resource, attributes: Mapping[str, Value[Any]]) -> dict[str, Any]:
    """Attributes of a part of a network, with its nested blocks read and what its type alone says."""
    if names.model is SecurityGroup:
        return {"rules": tuple(_rules(names, resource, attributes))}
    if names.model is SecurityGroupRule and resource.type == _LETTING_IN:
        return {"direction": Known("ingress", resource.origin)}
    if names.model is RouteTable and isinstance(written := attributes.get("routes"), Known):
        element = next(row.element for row in names.rows)
        return {"routes": Known(tuple(elements(element, resource, written)), written.origin)} if element else {}
    if names.model is Endpoint:
        return _endpoint(resource, attributes)
    return {}


def _rules(
    names: Names, resource: Resource, attributes: Mapping[str, Value[Any]]
) -> Iterator[SecurityGroupRule | Unknown]:
    """The rules that stand in a group. Terraform takes away the one that AWS gives every new group, and what
    runs is listed with all of them.
    """
    for row in names.rows:
        written = attributes.get(row.attribute)
        if isinstance(written, Unknown):
            yield written
        elif written is not None and row.element is not None:
            direction = Known(row.attribute, written.origin)
            for one in elements(row.element, resource, written):
                yield replace(one, direction=direction) if isinstance(one, SecurityGroupRule) else _unread(one)
    egress = attributes.get("egress")
    if resource.dialect == "cloudformation" and (
        egress is None or (isinstance(egress, Known) and not egress.value)
    ):
        origin = Derived(_LET_OUT, (resource.origin,))
        yield SecurityGroupRule(
            address=resource.address,
            origin=resource.origin,
            protocol=Known("-1", origin),
            ipv4=Known((Known("0.0.0.0/0", origin),), origin),
        )


def _unread(one: Subject | Unknown) -> Unknown:
    return one if isinstance(one, Unknown) else Unknown("it is not a rule", one.origin)


def _endpoint(resource: Resource, attributes: Mapping[str, Value[Any]]) -> dict[str, Any]:
    """Whether it is public, for types that do not say so in as many words."""
    if resource.type in _SEARCH:
        subnets = attributes.get("subnet_ids")
        if subnets is None:
            return {"public": default(True, "a search domain without subnets is public")}
        return {"public": subnets if isinstance(subnets, Unknown) else Known(not subnets.value, subnets.origin)}
    if resource.type in _BALANCERS:
        internal = attributes.get("internal")
        if internal is None:
            return {"public": default(True, "a load balancer is public by default")}
        return {
            "public": internal if isinstance(internal, Unknown) else Known(not internal.value, internal.origin)
        }
    if resource.type == "aws_redshift_cluster" and "public" not in attributes:
        return {"public": default(True, "the provider makes a cluster public up to version 5")}
    if resource.type == _BY_SUBNETS and "public" not in attributes and "cluster" not in attributes:
        reason = "whether a database is public by default depends on its VPC and subnets"
        return {"public": Unknown(reason, resource.origin)}
    return {}
