"""Databases and caches that functions' environments name: whether they can be reached from outside of a VPC."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from stockade.patterns import lazy_regex
from stockade.read.account.answer import Unread
from stockade.read.account.calls import Call, Quota
from stockade.read.account.scene import Scene
from stockade.read.resource import Resource
from stockade.value import Unknown, Value

RDS: Final = Quota("rds", 10)
"""AWS publishes none."""
INSTANCES: Final = Call(
    "rds",
    "DescribeDBInstances",
    RDS,
    "whether a database can be reached from outside of its VPC, where a function names one",
    "DBInstances",
)
CALLS: Final = (INSTANCES,)
TYPE: Final = "rds:DescribeDBInstances"

HOST: Final = lazy_regex(
    r"[a-z0-9][a-z0-9.-]*\.(rds|cache|docdb|neptune|redshift|redshift-serverless|es|aoss|kafka|mq|dax-clusters"
    r"|memorydb|elb)\.(?:[a-z0-9-]+\.)?(?:[a-z]{2}(?:-[a-z]+)+-\d\.)?(?:amazonaws\.com(?:\.cn)?|on\.aws)"
    r"|[a-z0-9][a-z0-9.-]*\.(?:[a-z]{2}(?:-[a-z]+)+-\d)\.(vpce)\.amazonaws\.com(?:\.cn)?"
    r"|[a-z0-9][a-z0-9.-]*\.(?:[a-z]{2}(?:-[a-z]+)+-\d)\."
    r"(rds|cache|docdb|neptune|redshift|redshift-serverless|es|aoss|kafka|mq|elb)\.amazonaws\.com(?:\.cn)?",
    re.IGNORECASE,
)
"""The names of hosts that AWS gives to what listens inside of networks."""
_INSIDE: Final = frozenset({"cache", "docdb", "memorydb", "dax-clusters"})
"""Services whose endpoints are never public."""
_NAME: Final = lazy_regex(
    r"(?:[a-z][a-z0-9+.-]*://)?((?:[a-z0-9-]+\.)+[a-z]{2,})(?::\d+)?(?:/.*)?", re.IGNORECASE
)


def host_of(text: str) -> str:
    """The host that a text is, or that it is a URL of; empty where it is neither."""
    match = _NAME.fullmatch(text)
    return match[1].lower() if match else ""


def collect(scene: Scene) -> Iterable[Resource]:
    """One resource for each host that a function's environment names."""
    hosts: dict[str, str] = {}
    for seen in scene.functions:
        for text in seen.said:
            for match in HOST.finditer(text):
                hosts.setdefault(match[0].lower(), (match[1] or match[2] or match[3]).lower())
    instances: dict[str, Mapping[str, Any]] = {}
    lost: Unread | None = None
    if "rds" in hosts.values():
        listing = scene.listing(INSTANCES)
        lost = listing.unread
        for one in listing.items:
            if address := str(one.get("Endpoint", {}).get("Address", "")):
                instances[address.lower()] = one
    for host, service in hosts.items():
        if service == "vpce":
            continue  # see `private_names`
        one = instances.get(host, {})
        arn = str(one.get("DBInstanceArn", "")) or f"host {host}"
        facts = {"Host": host}
        if service in _INSIDE:
            yield scene.resource(
                TYPE, arn, scene.document(INSTANCES, host, facts | {"PubliclyAccessible": False})
            )
        elif "PubliclyAccessible" in one:
            public = {"PubliclyAccessible": one["PubliclyAccessible"]}
            yield scene.resource(TYPE, arn, scene.document(INSTANCES, arn, facts | public))
        else:
            document = scene.document(INSTANCES, host, facts)
            reason = f"whether `{host}` can be reached from outside of its VPC was not asked"
            unknown: Value[Any] = lost.value() if lost else Unknown(reason, document.origin)
            yield scene.resource(TYPE, arn, document, PubliclyAccessible=unknown)
