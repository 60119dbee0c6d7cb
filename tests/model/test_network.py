"""Networks: what a rule reaches, what belongs together, what a type alone says."""

from __future__ import annotations

from typing import Any

import pytest

from stockade.model.endpoint import connects
from stockade.model.network import SecurityGroupRule, Subnet, VpcRoute
from stockade.model.vpc import zone_of
from stockade.model.world import World
from stockade.read.build import build
from stockade.read.resource import Reading, Resource
from stockade.value import Default, Hole, Known, Ref, Text, Unknown, Value

HERE = Default("written in a test")
BLANK = Unknown("`var.x` has no value", HERE, Text((Hole("var.x"),)))


def known(value: Any) -> Value[Any]:
    match value:
        case Known() | Unknown():
            return value
        case dict():
            return Known({key: known(one) for key, one in value.items()}, HERE)
        case list():
            return Known(tuple(map(known, value)), HERE)
        case _:
            return Known(value, HERE)


def to(address: str, attribute: str = "id") -> Unknown:
    return Unknown("only after deployment", HERE, Text((Ref(address, attribute),)))


def resource(address: str, dialect: Any = "terraform", /, **written: Any) -> Resource:
    kind = address.partition(".")[0] if dialect == "terraform" else written.pop("kind")
    return Resource(dialect, kind, address, {name: known(one) for name, one in written.items()}, HERE)


def world(*resources: Resource) -> World:
    return build(Reading("terraform", "x", resources, ()))


def rule(**written: Any) -> SecurityGroupRule:
    values: dict[str, Any] = {name: known(one) for name, one in ({"protocol": "-1"} | written).items()}
    return SecurityGroupRule(address="r", origin=HERE, **values)


@pytest.mark.parametrize(
    "written",
    [
        {"ipv4": ["10.0.0.0/8", "0.0.0.0/0"]},
        {"ipv6": ["::/0"]},
        {"ipv4": ["0.0.0.0/0"], "protocol": "all"},
        {"ipv4": ["0.0.0.0/0"], "protocol": "tcp", "from_port": 0, "to_port": 65535},
        {"ipv4": [BLANK, "0.0.0.0/0"]},
    ],
)
def test_rules_that_reach_everywhere(written: dict[str, Any]) -> None:
    assert isinstance(rule(**written).anywhere(), Known)


@pytest.mark.parametrize(
    "written",
    [
        {},
        {"ipv4": ["10.0.0.0/8"]},
        {"ipv4": ["0.0.0.0/0"], "protocol": "tcp", "from_port": 443, "to_port": 443},
        {"ipv4": ["0.0.0.0/0"], "protocol": "udp", "from_port": 0, "to_port": 65535},
        {"ipv4": [], "protocol": BLANK},
    ],
)
def test_rules_that_do_not(written: dict[str, Any]) -> None:
    assert rule(**written).anywhere() is None


@pytest.mark.parametrize(
    "written",
    [
        {"ipv4": [BLANK]},
        {"ipv6": BLANK},
        {"ipv4": ["0.0.0.0/0"], "protocol": BLANK},
        {"ipv4": ["0.0.0.0/0"], "protocol": "tcp", "from_port": 0, "to_port": BLANK},
    ],
)
def test_rules_of_which_it_is_not_known(written: dict[str, Any]) -> None:
    assert isinstance(rule(**written).anywhere(), Unknown)


def test_terraform_takes_the_default_rule_away_and_nobody_else_does() -> None:
    found = world(
        resource("aws_security_group.a"), resource("B", "cloudformation", kind="AWS::EC2::SecurityGroup")
    )
    terraform, other = found.network.groups
    assert found.network.rules_of(terraform) == ()
    (everywhere,) = found.network.rules_of(other)
    assert isinstance(everywhere, SecurityGroupRule)
    assert isinstance(everywhere.anywhere(), Known)


def test_rules_are_of_their_group_wherever_they_stand() -> None:
    block = {"protocol": "-1", "from_port": 0, "to_port": 0, "cidr_blocks": ["0.0.0.0/0"]}
    found = world(
        resource("aws_security_group.a", egress=[block], ingress=BLANK),
        resource("aws_security_group.b"),
        resource(
            "aws_security_group_rule.in",
            type="ingress",
            protocol="tcp",
            security_group_id=to("aws_security_group.b"),
            source_security_group_id=to("aws_security_group.a"),
        ),
    ).network
    a, b = found.groups
    unread, inline = found.rules_of(a)
    assert isinstance(unread, Unknown)
    assert isinstance(inline, SecurityGroupRule)
    assert inline.direction == Known("egress", HERE)
    (beside,) = found.rules_of(b)
    assert found.let_in(a) is beside
    assert found.let_in(b) is None


def test_the_way_out_is_by_the_subnets_own_table() -> None:
    nat = {"cidr_block": "0.0.0.0/0", "nat_gateway_id": to("aws_nat_gateway.n")}
    peer = {"cidr_block": "10.0.0.0/8", "nat_gateway_id": to("aws_nat_gateway.n")}
    found = world(
        resource("aws_subnet.a"),
        resource("aws_subnet.b"),
        resource("aws_subnet.c"),
        resource("aws_route_table.out", route=[peer, BLANK, nat]),
        resource("aws_route_table.in", route=[peer]),
        resource(
            "aws_route_table_association.a",
            subnet_id=to("aws_subnet.a"),
            route_table_id=to("aws_route_table.out"),
        ),
        resource(
            "aws_route_table_association.b",
            subnet_id=to("aws_subnet.b"),
            route_table_id=to("aws_route_table.in"),
        ),
    ).network
    a, b, c = found.subnets
    assert isinstance(found.way_out(a), VpcRoute)
    assert found.way_out(b) is None
    assert found.way_out(c) is None


def public(*resources: Resource) -> Value[bool]:
    network = world(*resources).network
    return network.is_public(network.endpoints[0])


@pytest.mark.parametrize(
    ("one", "answer"),
    [
        (resource("aws_db_instance.d"), False),
        (resource("aws_db_instance.d", publicly_accessible=True), True),
        (resource("aws_redshift_cluster.d"), True),
        (resource("aws_redshift_cluster.d", publicly_accessible=False), False),
        (resource("aws_elasticache_cluster.d"), False),
        (resource("aws_lb.d"), True),
        (resource("aws_lb.d", internal=True), False),
        (resource("aws_opensearch_domain.d"), True),
        (resource("aws_opensearch_domain.d", vpc_options=[{"subnet_ids": ["subnet-1"]}]), False),
    ],
)
def test_what_is_public(one: Resource, answer: bool) -> None:
    found = public(one)
    assert isinstance(found, Known)
    assert found.value is answer


@pytest.mark.parametrize(
    "one",
    [
        resource("aws_db_instance.d", publicly_accessible=BLANK),
        resource("aws_lb.d", internal=BLANK),
        resource("aws_opensearch_domain.d", vpc_options=BLANK),
    ],
)
def test_what_may_be_public(one: Resource) -> None:
    assert isinstance(public(one), Unknown)


def test_a_cluster_is_as_public_as_its_instances() -> None:
    cluster = resource("aws_rds_cluster.c")
    of = {"cluster_identifier": to("aws_rds_cluster.c")}
    for value, answer in ((True, True), (False, False)):
        found = public(cluster, resource("aws_rds_cluster_instance.i", publicly_accessible=value, **of))
        assert isinstance(found, Known)
        assert found.value is answer
    assert isinstance(
        public(cluster, resource("aws_rds_cluster_instance.i", publicly_accessible=BLANK, **of)), Unknown
    )


def test_one_connects_to_addresses_and_not_to_names() -> None:
    assert connects(Ref("aws_db_instance.d", "address"))
    assert connects(Ref("aws_elasticache_cluster.c", "cache_nodes.0.address"))
    assert connects(Ref("aws_elasticache_cluster.c", "cache_nodes[0].address"))
    assert not connects(Ref("aws_db_instance.d", "arn"))
    assert not connects(Ref("aws_msk_cluster.m", "bootstrap_brokers_public_tls"))


def test_the_zone_is_the_name_or_else_the_id() -> None:
    def subnet(**written: str) -> Subnet:
        values: dict[str, Any] = {name: known(one) for name, one in written.items()}
        return Subnet(address="s", origin=HERE, **values)

    assert zone_of(subnet(zone="eu-west-1a", zone_id="euw1-az3")) == Known("eu-west-1a", HERE)
    assert zone_of(subnet(zone_id="euw1-az3")) == Known("euw1-az3", HERE)
    assert zone_of(subnet()).value is None  # type: ignore[union-attr]
