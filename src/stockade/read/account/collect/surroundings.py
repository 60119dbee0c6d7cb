"""Where images come from, and which names only one's own networks know."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from stockade.patterns import lazy_regex
from stockade.read.account.answer import Present, Unread
from stockade.read.account.calls import ECR, ROUTE53, Call
from stockade.read.account.scene import Scene
from stockade.read.resource import Resource
from stockade.value import Known

REPOSITORIES: Final = Call(
    "ecr", "DescribeRepositories", ECR, "whether the tags of images can be moved", "repositories"
)
ZONES: Final = Call(
    "route53",
    "ListHostedZones",
    ROUTE53,
    "which hosted zones are private",
    "HostedZones",
    scope="account",
    region="us-east-1",
)
ZONE: Final = Call(
    "route53",
    "GetHostedZone",
    ROUTE53,
    "which networks know a private hosted zone",
    scope="account",
    region="us-east-1",
    absent=("NoSuchHostedZone",),
)
CALLS: Final = (REPOSITORIES, ZONES, ZONE)

_IMAGE: Final = lazy_regex(r"((\d+)\.dkr\.ecr\.([a-z0-9-]+)\.[a-z.]+/([^:@]+))")
_KEPT: Final = (
    *("repositoryArn", "repositoryName", "repositoryUri"),
    *("imageTagMutability", "imageTagMutabilityExclusionFilters"),
)


def collect(scene: Scene) -> Iterable[Resource]:
    """Repositories where a function is an image, and private zones where there is a function at all."""
    if any(one.configuration.get("PackageType") == "Image" for one in scene.functions):
        yield from _repositories(scene)
    if scene.functions:
        yield from _zones(scene)


def _repositories(scene: Scene) -> Iterator[Resource]:
    listing = scene.listing(REPOSITORIES)
    for one in listing.items:
        arn = str(one.get("repositoryArn", ""))
        document = scene.document(REPOSITORIES, arn, {name: one[name] for name in _KEPT if name in one})
        yield scene.resource("ecr:DescribeRepositories", arn, document)
    if listing.unread is not None:
        origin = listing.unread.value().origin
        for name, arn in sorted(_named(scene)):
            known = {
                "repositoryUri": Known(name, origin),
                "repositoryName": Known(name.partition("/")[2], origin),
            }
            yield scene.unread("ecr:DescribeRepositories", arn, listing.unread, **known)


def _named(scene: Scene) -> set[tuple[str, str]]:
    """The repositories of functions' images, as images name them and by their ARNs."""
    out: set[tuple[str, str]] = set()
    for one in scene.found.get("functions", ()):
        code = one.attributes.get("Code")
        uri = code.value.get("ImageUri") if isinstance(code, Known) and isinstance(code.value, dict) else None
        found = _IMAGE.match(str(uri.value)) if isinstance(uri, Known) else None
        if found and (found[2], found[3]) == (scene.place.account, scene.place.region):
            out.add((found[1], scene.arn("ecr", f"repository/{found[4]}")))
    return out


def _zones(scene: Scene) -> Iterator[Resource]:
    listing = scene.listing(ZONES)
    private = [str(one.get("Id", "")) for one in listing.items if one.get("Config", {}).get("PrivateZone")]
    answers = scene.each(private, lambda zone: scene.ask(ZONE, _arn(scene, zone), Id=zone.rpartition("/")[2]))
    for zone, answer in zip(private, answers, strict=True):
        arn = _arn(scene, zone)
        match answer:
            case Present(data):
                name = data.get("HostedZone", {}).get("Name", "")
                networks = [{"VPCId": one.get("VPCId", "")} for one in data.get("VPCs", [])]
                document = scene.document(ZONE, arn, {"HostedZone": {"Name": name}, "VPCs": networks})
                yield scene.resource("route53:GetHostedZone", arn, document)
            case Unread() as why:
                yield scene.unread("route53:GetHostedZone", arn, why)
    if listing.unread is not None:
        yield scene.unread("route53:GetHostedZone", _arn(scene, "/hostedzone/*"), listing.unread)


def _arn(scene: Scene, zone: str) -> str:
    return f"arn:{scene.place.partition}:route53:::{zone.removeprefix('/')}"
