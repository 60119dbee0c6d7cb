"""What stands before APIs: the web ACLs of their stages, and CloudFront distributions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from stockade.patterns import lazy_regex
from stockade.read.account.answer import Absent, Present, Unread
from stockade.read.account.calls import CLOUDFRONT, WAF, Call
from stockade.read.account.collect.rest_apis import root
from stockade.read.account.scene import Scene
from stockade.read.account.ties import tied
from stockade.read.resource import Resource
from stockade.value import Known, Value

WEB_ACL: Final = Call(
    "wafv2",
    "GetWebACL",
    WAF,
    "the rate limits of the web ACLs that stand before stages",
    absent=("WAFNonexistentItemException",),
)
DISTRIBUTIONS: Final = Call(
    "cloudfront",
    "ListDistributions",
    CLOUDFRONT,
    "which CloudFront distributions there are, and where they fetch from",
    "DistributionList.Items",
    scope="account",
    region="us-east-1",
)
CALLS: Final = (WEB_ACL, DISTRIBUTIONS)

_HEADERS: Final = "DistributionConfig.Origins.Items.CustomHeaders.Items.HeaderValue"
_ACL: Final = lazy_regex(r"arn:[a-z-]+:wafv2:[\w-]+:\d+:regional/webacl/([\w-]+)/([\w-]+)")
_ENDPOINT: Final = lazy_regex(r"([a-z0-9]+)\.execute-api\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?")


def collect(scene: Scene) -> Iterable[Resource]:
    """Web ACLs and distributions, where there is an API that they may stand before."""
    found = [one for name in ("rest_apis", "http_apis") for one in scene.found.get(name, ())]
    acls: dict[str, None] = {}
    for one in found:
        arn = one.attributes.get("WebACLArn")
        if one.type == "wafv2:ListResourcesForWebACL" and isinstance(arn, Known):
            acls[arn.value] = None
    for made in scene.each(tuple(acls), lambda arn: tuple(_web_acl(scene, arn))):
        yield from made
    if any(one.type in ("apigateway:GetRestApis", "apigatewayv2:GetApis") for one in found):
        yield from _distributions(scene, found)


def _web_acl(scene: Scene, arn: str) -> Iterator[Resource]:
    match = _ACL.fullmatch(arn)
    if match is None:
        return  # a web ACL of the first WAF, which the model knows by its association alone
    answer = scene.ask(WEB_ACL, arn, Name=match[1], Id=match[2], Scope="REGIONAL")
    match answer:
        case Present(data):
            acl = data.get("WebACL", {})
            rules = [_rule(one) for one in acl.get("Rules", [])]
            document = scene.document(WEB_ACL, arn, {"WebACL": {"Name": acl.get("Name", ""), "Rules": rules}})
            yield scene.resource("wafv2:GetWebACL", arn, document)
        case Unread() as why:
            yield scene.unread("wafv2:GetWebACL", arn, why)
        case Absent():
            pass  # it was deleted since, and its association with it


def _rule(rule: Mapping[str, Any]) -> dict[str, Any]:
    """A rule, of which only a limit is looked at: what it matches may be a secret."""
    limit = rule.get("Statement", {}).get("RateBasedStatement", {}).get("Limit")
    return {
        "Name": rule.get("Name", ""),
        "Statement": {"RateBasedStatement": {"Limit": limit}} if limit else {},
    }


def _distributions(scene: Scene, found: Sequence[Resource]) -> Iterator[Resource]:
    listing = scene.listing(DISTRIBUTIONS)
    apis = {
        one.address.rpartition("/")[2]: one.address
        for one in found
        if one.type.endswith(("RestApis", "GetApis"))
    }
    for one in listing.items:
        address = str(one.get("ARN", ""))
        data = {"Aliases": one.get("Aliases", {}), "Origins": _origins(one)}
        document = scene.document(DISTRIBUTIONS, address, {"DistributionConfig": data}, (_HEADERS,))
        config = _led(scene, document.members["DistributionConfig"], apis)
        yield scene.resource("cloudfront:GetDistributionConfig", address, document, DistributionConfig=config)
    why = listing.unread or _hidden(scene, found)
    if why is not None:
        address = scene.arn("cloudfront", "distribution", region=False)
        yield scene.unread("cloudfront:GetDistributionConfig", address, why)


def _hidden(scene: Scene, found: Sequence[Resource]) -> Unread | None:
    """Why a distribution may fetch from an API by a domain name that is not known to be the API's."""
    for miss in (miss for _, miss in scene.client.misses):
        if miss.call.operation in ("GetDomainNames", "GetBasePathMappings", "GetApiMappings"):
            return miss
    return None


def _origins(distribution: Mapping[str, Any]) -> dict[str, Any]:
    """Where it fetches from, and the headers it adds; a path may have a secret in it and is not looked at."""
    origins = distribution.get("Origins", {}).get("Items", [])
    return {
        "Items": [
            {name: one[name] for name in ("Id", "DomainName", "CustomHeaders") if name in one}
            for one in origins
        ]
    }


def _led(scene: Scene, config: Value[Any], apis: Mapping[str, str]) -> Value[Any]:
    """The configuration with every origin that is an API's own endpoint tied to the API."""
    if not isinstance(config, Known) or not isinstance(origins := config.value.get("Origins"), Known):
        return config
    items = origins.value.get("Items")
    if not isinstance(items, Known):
        return config
    out: list[Value[Any]] = []
    for one in items.value:
        if isinstance(one, Known) and isinstance(domain := one.value.get("DomainName"), Known):
            match = _ENDPOINT.fullmatch(str(domain.value))
            if match and match[2] == scene.place.region:
                api = apis.get(match[1], f"{root(scene)}/apis/{match[1]}")
                one = Known({**one.value, "DomainName": tied(domain, api, "endpoint")}, one.origin)
        out.append(one)
    return Known(
        {**config.value, "Origins": Known({"Items": Known(tuple(out), items.origin)}, origins.origin)},
        config.origin,
    )
