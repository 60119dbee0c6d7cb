"""Networks that functions are in: subnets, security groups, and where route tables lead."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from stockade.read.account.answer import Document, Unread
from stockade.read.account.calls import EC2, Call
from stockade.read.account.scene import Scene
from stockade.read.account.ties import said
from stockade.read.resource import Resource
from stockade.value import Known


def _call(operation: str, tells: str, items: str) -> Call:
    return Call("ec2", operation, EC2, tells, items)


SUBNETS: Final = _call("DescribeSubnets", "which availability zones subnets lie in", "Subnets")
GROUPS: Final = _call("DescribeSecurityGroups", "what security groups let in and out", "SecurityGroups")
TABLES: Final = _call("DescribeRouteTables", "how subnets' traffic gets to the internet", "RouteTables")
CALLS: Final = (SUBNETS, GROUPS, TABLES)

_PERMISSION: Final = ("IpProtocol", "FromPort", "ToPort")
_ROUTE: Final = (
    *("DestinationCidrBlock", "DestinationIpv6CidrBlock", "NatGatewayId", "EgressOnlyInternetGatewayId"),
)


def collect(scene: Scene) -> Iterable[Resource]:
    """The networks of the region; nothing is asked where no function is in one."""
    networks = {str(one.configuration.get("VpcConfig", {}).get("VpcId") or "") for one in scene.functions} - {
        ""
    }
    if not networks:
        return
    filters = [{"Name": "vpc-id", "Values": sorted(networks)}]
    subnets = scene.listing(SUBNETS, "", Filters=filters)
    for one in subnets.items:
        arn = _arn(scene, "subnet", one.get("SubnetId"))
        data = _some(one, "SubnetId", "VpcId", "AvailabilityZone", "AvailabilityZoneId")
        yield scene.resource("ec2:DescribeSubnets", arn, scene.document(SUBNETS, arn, data))
    groups = scene.listing(GROUPS, "", Filters=filters)
    for one in groups.items:
        arn = _arn(scene, "security-group", one.get("GroupId"))
        data = _some(one, "GroupId", "VpcId")
        for side in ("IpPermissions", "IpPermissionsEgress"):
            data[side] = [_permission(rule) for rule in one.get(side, [])]
        yield scene.resource("ec2:DescribeSecurityGroups", arn, scene.document(GROUPS, arn, data))
    yield from _tables(scene, filters, subnets.items)
    yield from _lost(scene, subnets.unread, groups.unread)


def _lost(scene: Scene, subnets: Unread | None, groups: Unread | None) -> Iterator[Resource]:
    """What functions name and was not listed: there, and not known."""
    for why, kind, call, key, own in (
        (subnets, "subnet", SUBNETS, "SubnetIds", "SubnetId"),
        (groups, "security-group", GROUPS, "SecurityGroupIds", "GroupId"),
    ):
        if why is None:
            continue
        named = {
            str(name) for one in scene.functions for name in one.configuration.get("VpcConfig", {}).get(key, ())
        }
        for name in sorted(named):
            known = {own: Known(name, why.value().origin)}
            yield scene.unread(call.name, _arn(scene, kind, name), why, **known)


def _permission(rule: Mapping[str, Any]) -> dict[str, Any]:
    """A rule without its descriptions, which owners write freely."""
    return {
        **_some(rule, *_PERMISSION),
        "IpRanges": [_some(one, "CidrIp") for one in rule.get("IpRanges", [])],
        "Ipv6Ranges": [_some(one, "CidrIpv6") for one in rule.get("Ipv6Ranges", [])],
        "UserIdGroupPairs": [_some(one, "GroupId") for one in rule.get("UserIdGroupPairs", [])],
    }


def _tables(scene: Scene, filters: Sequence[Any], subnets: Sequence[Mapping[str, Any]]) -> Iterator[Resource]:
    listing = scene.listing(TABLES, "", Filters=filters)
    own: set[str] = set()
    main: dict[str, tuple[str, Document]] = {}
    for one in listing.items:
        arn = _arn(scene, "route-table", one.get("RouteTableId"))
        data = _some(one, "RouteTableId", "VpcId")
        data["Routes"] = [
            _some(route, *_ROUTE) for route in one.get("Routes", []) if route.get("State") != "blackhole"
        ]
        document = scene.document(TABLES, arn, data)
        yield scene.resource("ec2:DescribeRouteTables", arn, document)
        for association in one.get("Associations", []):
            if association.get("Main"):
                main[str(one.get("VpcId"))] = arn, document
            elif subnet := association.get("SubnetId"):
                own.add(subnet)
                yield _association(scene, str(subnet), arn, document)
    for one in subnets:
        table = main.get(str(one.get("VpcId")))
        if table is not None and one.get("SubnetId") not in own:  # a subnet without a table has its VPC's
            yield _association(scene, str(one.get("SubnetId")), *table)
    if listing.unread is not None:
        yield scene.unread("ec2:DescribeRouteTables", _arn(scene, "route-table", "*"), listing.unread)


def _association(scene: Scene, subnet: str, table: str, document: Document) -> Resource:
    of = _arn(scene, "subnet", subnet)
    members = {
        "SubnetId": said(subnet, of, "id", document.origin),
        "RouteTableId": said(table.rpartition("/")[2], table, "id", document.origin),
    }
    region = Known(scene.place.region, document.origin)
    return Resource(
        "api", "ec2:AssociateRouteTable", f"{of}#route table", members, document.origin, region=region
    )


def _arn(scene: Scene, kind: str, name: Any) -> str:
    return scene.arn("ec2", f"{kind}/{name}")


def _some(data: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """The members that are there, of those that are looked at."""
    return {name: data[name] for name in names if data.get(name) is not None}
