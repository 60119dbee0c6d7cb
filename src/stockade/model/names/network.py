"""Names of networks, and of what listens in them."""

from __future__ import annotations

from typing import Final

from stockade.model.endpoint import Endpoint
from stockade.model.names.table import Names, Row
from stockade.model.network import (
    RouteTable,
    RouteTableAssociation,
    SecurityGroup,
    SecurityGroupRule,
    Subnet,
    VpcRoute,
)
from stockade.model.typed import blocks, flag, internal, number, optional, texts


def _rule(peers: str) -> Names:
    """A rule that stands in its group; ``peers`` is what CloudFormation calls the group at the other end."""
    return Names(
        SecurityGroupRule,
        (),
        (),
        (),
        (
            Row("protocol", "protocol", "IpProtocol", "IpProtocol"),
            Row("from_port", "from_port", "FromPort", "FromPort", number),
            Row("to_port", "to_port", "ToPort", "ToPort", number),
            Row("ipv4", "cidr_blocks", "CidrIp", "IpRanges[].CidrIp", texts),
            Row("ipv6", "ipv6_cidr_blocks", "CidrIpv6", "Ipv6Ranges[].CidrIpv6", texts),
            Row("peers", "security_groups", peers, "UserIdGroupPairs[].GroupId", texts),
        ),
    )


_INGRESS: Final = _rule("SourceSecurityGroupId")
_EGRESS: Final = _rule("DestinationSecurityGroupId")
_ROUTE: Final = Names(
    VpcRoute,
    (),
    (),
    (),
    (
        Row("ipv4", "cidr_block", "", "DestinationCidrBlock", optional),
        Row("ipv6", "ipv6_cidr_block", "", "DestinationIpv6CidrBlock", optional),
        Row("nat_gateway_id", "nat_gateway_id", "", "NatGatewayId", optional),
        Row("egress_only_gateway_id", "egress_only_gateway_id", "", "EgressOnlyInternetGatewayId", optional),
    ),
)

_PUBLIC: Final = Row("public", "publicly_accessible", "PubliclyAccessible", "PubliclyAccessible", flag)
_CLUSTER: Final = Row("cluster", "cluster_identifier", "DBClusterIdentifier", "", optional)

NETWORK: Final = (
    Names(
        Subnet,
        ("aws_subnet", "aws_default_subnet"),
        ("AWS::EC2::Subnet",),
        ("ec2:DescribeSubnets",),
        (
            Row("zone", "availability_zone", "AvailabilityZone", "AvailabilityZone", optional),
            Row("zone_id", "availability_zone_id", "AvailabilityZoneId", "AvailabilityZoneId", optional),
        ),
    ),
    Names(
        SecurityGroup,
        ("aws_security_group", "aws_default_security_group"),
        ("AWS::EC2::SecurityGroup",),
        ("ec2:DescribeSecurityGroups",),
        (
            Row("ingress", "ingress", "SecurityGroupIngress", "IpPermissions", blocks, _INGRESS),
            Row("egress", "egress", "SecurityGroupEgress", "IpPermissionsEgress", blocks, _EGRESS),
        ),
    ),
    Names(
        SecurityGroupRule,
        ("aws_security_group_rule",),
        (),
        (),
        (
            Row("security_group_id", "security_group_id", "", "", optional),
            Row("direction", "type", "", ""),
            Row("protocol", "protocol", "", ""),
            Row("from_port", "from_port", "", "", number),
            Row("to_port", "to_port", "", "", number),
            Row("ipv4", "cidr_blocks", "", "", texts),
            Row("ipv6", "ipv6_cidr_blocks", "", "", texts),
            Row("peers", "source_security_group_id", "", "", texts),
        ),
    ),
    Names(
        SecurityGroupRule,
        ("aws_vpc_security_group_egress_rule",),
        ("AWS::EC2::SecurityGroupEgress",),
        (),
        (
            Row("security_group_id", "security_group_id", "GroupId", "", optional),
            Row("protocol", "ip_protocol", "IpProtocol", ""),
            Row("from_port", "from_port", "FromPort", "", number),
            Row("to_port", "to_port", "ToPort", "", number),
            Row("ipv4", "cidr_ipv4", "CidrIp", "", texts),
            Row("ipv6", "cidr_ipv6", "CidrIpv6", "", texts),
            Row("peers", "referenced_security_group_id", "DestinationSecurityGroupId", "", texts),
        ),
    ),
    Names(
        SecurityGroupRule,
        (),
        ("AWS::EC2::SecurityGroupIngress",),
        (),
        (
            Row("security_group_id", "", "GroupId", "", optional),
            Row("protocol", "", "IpProtocol", ""),
            Row("from_port", "", "FromPort", "", number),
            Row("to_port", "", "ToPort", "", number),
            Row("ipv4", "", "CidrIp", "", texts),
            Row("ipv6", "", "CidrIpv6", "", texts),
            Row("peers", "", "SourceSecurityGroupId", "", texts),
        ),
    ),
    _INGRESS,
    _EGRESS,
    Names(
        RouteTable,
        ("aws_route_table", "aws_default_route_table"),
        ("AWS::EC2::RouteTable",),
        ("ec2:DescribeRouteTables",),
        (Row("routes", "route", "", "Routes", blocks, _ROUTE),),
    ),
    Names(
        VpcRoute,
        ("aws_route",),
        ("AWS::EC2::Route",),
        (),
        (
            Row("route_table_id", "route_table_id", "RouteTableId", "", optional),
            Row("ipv4", "destination_cidr_block", "DestinationCidrBlock", "", optional),
            Row("ipv6", "destination_ipv6_cidr_block", "DestinationIpv6CidrBlock", "", optional),
            Row("nat_gateway_id", "nat_gateway_id", "NatGatewayId", "", optional),
            Row(
                "egress_only_gateway_id",
                "egress_only_gateway_id",
                "EgressOnlyInternetGatewayId",
                "",
                optional,
            ),
        ),
    ),
    _ROUTE,
    Names(
        RouteTableAssociation,
        ("aws_route_table_association",),
        ("AWS::EC2::SubnetRouteTableAssociation",),
        ("ec2:AssociateRouteTable",),
        (
            Row("subnet_id", "subnet_id", "SubnetId", "SubnetId", optional),
            Row("route_table_id", "route_table_id", "RouteTableId", "RouteTableId"),
        ),
    ),
    Names(
        Endpoint,
        (
            "aws_dax_cluster",
            "aws_db_proxy",
            "aws_docdb_cluster",
            "aws_elasticache_cluster",
            "aws_elasticache_replication_group",
            "aws_elasticache_serverless_cache",
            "aws_memorydb_cluster",
            "aws_msk_cluster",
            "aws_neptune_cluster",
            "aws_rds_cluster",
        ),
        (
            "AWS::DAX::Cluster",
            "AWS::DocDB::DBCluster",
            "AWS::ElastiCache::CacheCluster",
            "AWS::ElastiCache::ReplicationGroup",
            "AWS::ElastiCache::ServerlessCache",
            "AWS::MSK::Cluster",
            "AWS::MemoryDB::Cluster",
            "AWS::Neptune::DBCluster",
            "AWS::RDS::DBCluster",
            "AWS::RDS::DBProxy",
        ),
        (),
        (),
    ),
    Names(
        Endpoint,
        ("aws_db_instance", "aws_mq_broker", "aws_redshift_cluster", "aws_redshiftserverless_workgroup"),
        ("AWS::AmazonMQ::Broker", "AWS::Redshift::Cluster", "AWS::RedshiftServerless::Workgroup"),
        ("rds:DescribeDBInstances",),
        (_PUBLIC,),
    ),
    Names(
        Endpoint,
        ("aws_rds_cluster_instance", "aws_neptune_cluster_instance", "aws_docdb_cluster_instance"),
        ("AWS::RDS::DBInstance", "AWS::DocDB::DBInstance", "AWS::Neptune::DBInstance"),
        (),
        (_PUBLIC, _CLUSTER),
    ),
    Names(
        Endpoint,
        ("aws_lb", "aws_alb", "aws_elb"),
        ("AWS::ElasticLoadBalancing::LoadBalancer", "AWS::ElasticLoadBalancingV2::LoadBalancer"),
        (),
        (Row("internal", "internal", "Scheme", "", internal),),
    ),
    Names(
        Endpoint,
        ("aws_opensearch_domain",),
        ("AWS::OpenSearchService::Domain",),
        (),
        (Row("subnet_ids", "vpc_options.subnet_ids", "VPCOptions.SubnetIds", "", texts),),
    ),
    Names(
        Endpoint,
        ("aws_elasticsearch_domain",),
        ("AWS::Elasticsearch::Domain",),
        (),
        (Row("subnet_ids", "vpc_options.subnet_ids", "VPCOptions.SubnetIds", "", texts),),
    ),
)
