"""What listens inside a VPC: databases, caches, brokers, internal load balancers."""

from __future__ import annotations

import re
from typing import Final

from stockade.model.subject import Subject, default
from stockade.records import dataclass
from stockade.value import Ref, Value

_ADDRESSES: Final = frozenset(
    {
        "address",
        "bootstrap_brokers",
        "bootstrap_brokers_sasl_iam",
        "bootstrap_brokers_sasl_scram",
        "bootstrap_brokers_tls",
        "cache_nodes",
        "cluster_address",
        "cluster_endpoint",
        "configuration_endpoint",
        "configuration_endpoint_address",
        "dns_name",
        "endpoint",
        "instances",
        "primary_endpoint_address",
        "reader_endpoint",
        "reader_endpoint_address",
        "zookeeper_connect_string",
        "zookeeper_connect_string_tls",
        "AmqpEndpoints",
        "ClusterDiscoveryEndpoint",
        "ClusterEndpoint",
        "ConfigurationEndPoint",
        "ConfigurationEndpoint",
        "DNSName",
        "DomainEndpoint",
        "DomainEndpoints",
        "Endpoint",
        "MqttEndpoints",
        "OpenWireEndpoints",
        "PrimaryEndPoint",
        "ReadEndPoint",
        "ReadEndpoint",
        "ReaderEndPoint",
        "ReaderEndpoint",
        "RedisEndpoint",
        "StompEndpoints",
        "Workgroup",
        "WssEndpoints",
    }
)
"""Attributes that one connects to; who knows a name or an ARN may only want to manage the thing."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Endpoint(Subject):
    """Something that is connected to. ``public`` says whether that works from outside of its VPC.

    ``cluster`` is what an instance belongs to. ``internal`` and ``subnet_ids`` are how load balancers
    and search domains say whether they are public.
    """

    public: Value[bool] = default(False, "it is not publicly accessible by default")
    cluster: Value[str | None] = default(None, "it is of no cluster")
    internal: Value[bool] = default(False, "a load balancer is public by default")
    subnet_ids: Value[tuple[Value[str], ...]] = default((), "no subnets are named")


def connects(ref: Ref) -> bool:
    """Whether a reference is to something that one connects to, rather than to a name or an ARN."""
    return re.split(r"[.\[]", ref.attribute, maxsplit=1)[0] in _ADDRESSES
