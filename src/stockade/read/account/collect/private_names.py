"""Names by which functions' environments say to connect to VPC endpoints, which works inside of a VPC only."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from stockade.read.account.calls import EC2, Call
from stockade.read.account.collect import endpoints
from stockade.read.account.scene import Scene
from stockade.read.resource import Resource
from stockade.value import Unknown, Value

LIST: Final = Call(
    "ec2",
    "DescribeVpcEndpoints",
    EC2,
    "which names lead to VPC endpoints, where a function is in a VPC or names such an endpoint",
    "VpcEndpoints",
)
CALLS: Final = (LIST,)


def collect(scene: Scene) -> Iterable[Resource]:
    """Hosts that lead to VPC endpoints: AWS's names of these, and those that the owner of a service gave it.

    An endpoint of AWS's own services answers for names that are public as well, which are left out.
    """
    texts = [text for one in scene.functions for text in one.said]
    named = [host[0].lower() for text in texts for host in endpoints.HOST.finditer(text) if ".vpce." in host[0]]
    inside = any(one.configuration.get("VpcConfig", {}).get("VpcId") for one in scene.functions)
    if not named and not inside:
        return
    said = {endpoints.host_of(text) for text in texts} - {""}
    listing = scene.listing(LIST)
    led: dict[str, str] = {}
    for one in listing.items:
        arn = scene.arn("ec2", f"vpc-endpoint/{one.get('VpcEndpointId', '')}")
        own = ".vpce." in str(one.get("ServiceName", ""))
        for entry in one.get("DnsEntries", ()):
            host = str(entry.get("DnsName", "")).lower().removeprefix("*.")
            if ".vpce." in host or (own and host):
                led[host] = arn
    for host in dict.fromkeys((*named, *(one for one in led if one in said))):
        arn = next((arn for of, arn in led.items() if host == of or host.endswith(f".{of}")), "")
        document = scene.document(LIST, arn or host, {"Host": host, "PubliclyAccessible": False})
        address = f"{arn}#{host}" if arn else f"host {host}"
        more: dict[str, Value[Any]] = {}
        if ".vpce." not in host:  # the owner of a service may answer at the same name on the internet
            reason = f"whether `{host}` is answered outside of the VPC as well is not known"
            more["PubliclyAccessible"] = Unknown(reason, document.origin)
        yield scene.resource(endpoints.TYPE, address, document, **more)
    if listing.unread is not None:  # any other name may lead to one, too
        for host in sorted(one for one in said if ".amazonaws.com" not in one):
            document = scene.document(LIST, host, {"Host": host})
            yield scene.resource(
                endpoints.TYPE, f"host {host}", document, PubliclyAccessible=listing.unread.value()
            )
