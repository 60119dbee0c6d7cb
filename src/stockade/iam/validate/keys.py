"""Condition keys: which there are, of which type, and whether a request has one value of them or many."""

from __future__ import annotations

import re
from typing import Final

from stockade.iam.catalog import Catalog, Service
from stockade.iam.validate.near import nearest
from stockade.memory import remembered
from stockade.patterns import lazy_regex
from stockade.records import record

GLOBAL_KEYS: Final[dict[str, str]] = {
    "aws:AssumedRoot": "Bool",
    "aws:CalledVia": "ArrayOfString",
    "aws:CalledViaAWSMCP": "",
    "aws:CalledViaFirst": "String",
    "aws:CalledViaLast": "String",
    "aws:ChatbotSourceArn": "ARN",
    "aws:CurrentTime": "Date",
    "aws:Ec2InstanceSourcePrivateIPv4": "IPAddress",
    "aws:Ec2InstanceSourceVpc": "String",
    "aws:EpochTime": "Date",
    "aws:FederatedProvider": "String",
    "aws:IsMcpServiceAction": "Bool",
    "aws:MultiFactorAuthAge": "Numeric",
    "aws:MultiFactorAuthPresent": "Bool",
    "aws:PrincipalAccount": "String",
    "aws:PrincipalArn": "ARN",
    "aws:PrincipalIsAWSService": "Bool",
    "aws:PrincipalOrgID": "String",
    "aws:PrincipalOrgMasterAccountId": "",
    "aws:PrincipalOrgPaths": "ArrayOfString",
    "aws:PrincipalServiceName": "String",
    "aws:PrincipalServiceNamesList": "ArrayOfString",
    "aws:PrincipalTag/${TagKey}": "String",
    "aws:PrincipalType": "String",
    "aws:Referer": "String",
    "aws:RequestedRegion": "String",
    "aws:RequestTag/${TagKey}": "String",
    "aws:ResourceAccount": "String",
    "aws:ResourceOrgID": "String",
    "aws:ResourceOrgPaths": "ArrayOfString",
    "aws:ResourceTag/${TagKey}": "String",
    "aws:SecureTransport": "Bool",
    "aws:SignInSessionArn": "ARN",
    "aws:SourceAccount": "String",
    "aws:SourceArn": "ARN",
    "aws:SourceIdentity": "String",
    "aws:SourceIp": "IPAddress",
    "aws:SourceOrgID": "String",
    "aws:SourceOrgPaths": "ArrayOfString",
    "aws:SourceOwner": "",
    "aws:SourceVpc": "String",
    "aws:SourceVpcArn": "ARN",
    "aws:SourceVpce": "String",
    "aws:TagKeys": "ArrayOfString",
    "aws:TokenIssueTime": "Date",
    "aws:UserAgent": "String",
    "aws:userid": "String",
    "aws:username": "String",
    "aws:ViaAWSMCPService": "Bool",
    "aws:ViaAWSService": "Bool",
    "aws:VpcSourceIp": "IPAddress",
    "aws:VpceAccount": "String",
    "aws:VpceOrgID": "String",
    "aws:VpceOrgPaths": "ArrayOfString",
}
"""AWS's global condition keys and their types, as its page on them listed them in October 2026; and two that
it does not list: ``aws:SourceOwner`` of Amazon SNS, and ``aws:PrincipalOrgMasterAccountId``, which AWS's own
policies use. Where the page gives no type there is none."""

_OF_SESSIONS: Final[dict[str, str]] = {
    "codebuild:BuildArn": "ARN",
    "codebuild:ProjectArn": "ARN",
    "ec2:RoleDelivery": "",
    "ec2:SourceInstanceArn": "ARN",
    "glue:CredentialIssuingService": "String",
    "glue:RoleAssumedBy": "String",
    "identitystore:UserId": "String",
    "lambda:SourceFunctionArn": "ARN",
    "ssm:SourceInstanceArn": "ARN",
}
"""Keys that a service puts into the sessions of its roles, so that all services have them."""

_UNDER: Final = {
    "catalog": "aws-marketplace",
    "cognito-identity-auth": "cognito-identity",
    "cognito-identity-unauth": "cognito-identity",
    "identitycenter": "sso",
    "saml": "sts",
}
"""Prefixes of keys that are no services', and the service that lists these keys."""

_TEMPLATE: Final = lazy_regex(r"\$\{[^}]*\}|<[^>]*>")
_TAGGING: Final = ("resourcetag", "requesttag", "principaltag")

OLD: Final = "aws:arn"


@record
class Found:
    """What is known of a key. ``type`` is empty where it is not known; ``code`` says what is wrong with it."""

    type: str
    many: bool
    code: str = ""
    message: str = ""
    help: str = ""

    @property
    def single(self) -> bool:
        return bool(self.type) and not self.many


def _of_type(written: str) -> Found:
    return Found(written.removeprefix("ArrayOf"), written.startswith("ArrayOf"))


@remembered(4096)
def look_up(key: str, catalog: Catalog) -> Found:
    """What is known of a condition key as it is written."""
    prefix, colon, name = key.partition(":")
    if not colon or not prefix or not name:
        return Found(
            "",
            False,
            "INVALID_CONDITION_KEY_FORMAT",
            f"`{key}` is not of the form `service:key`",
            _near_global(key) or "write the prefix of its service, or `aws`, and a colon before the key",
        )
    if key.lower() == OLD:
        return Found("ARN", False)
    tag = name.partition("/")
    if tag[0].lower() in _TAGGING and not tag[2]:
        return Found(
            "",
            False,
            "MISSING_TAG_KEY_IN_CONDITION",
            f"`{key}` does not name the tag",
            f"write `{prefix}:{tag[0]}/` and the tag's key",
        )
    if prefix.lower() == "aws":
        return _global(key)
    if "." in prefix or "/" in prefix:
        found = _in(catalog.service("sts"), key)
        return _of_type(found) if found is not None else Found("", False)
    if key.lower() in _SESSION_KEYS:
        return _of_type(_SESSION_KEYS[key.lower()])
    service = catalog.service(_UNDER.get(prefix.lower(), prefix))
    if service is None:
        near = nearest(prefix, catalog.services())
        return Found(
            "",
            False,
            "INVALID_SERVICE",
            f"there is no service `{prefix}`, as of {catalog.date}",
            f"did you mean `{near[0]}:{name}`?" if near else "a condition key begins with its service's prefix",
        )
    found = _in(service, key)
    if found is not None:
        return _of_type(found)
    if prefix.lower() in _UNDER:
        return Found("", False)
    meant = nearest(key, service.condition_keys)
    return Found(
        "",
        False,
        "INVALID_SERVICE_CONDITION_KEY",
        f"{service.title} has no condition key `{key}`, as of {catalog.date}",
        f"did you mean `{meant[0]}`?" if meant else "its keys stand in AWS's Service Authorization Reference",
    )


def _global(key: str) -> Found:
    exact = _GLOBAL.get(key.lower())
    if exact is not None:
        return _of_type(exact)
    head, slash, tag = key.lower().partition("/")
    if slash and tag and f"{head}/" in _GLOBAL_TAGS:
        return Found("String", False)
    return Found(
        "",
        False,
        "INVALID_GLOBAL_CONDITION_KEY",
        f"there is no global condition key `{key}`, as of October 2026",
        _near_global(key) or "AWS lists them on its page on global condition context keys",
    )


def _near_global(key: str) -> str:
    wanted = key if ":" in key else f"aws:{key}"
    near = [one for one in GLOBAL_KEYS if one.lower() == wanted.lower()] or nearest(wanted, GLOBAL_KEYS)
    return f"did you mean `{near[0]}`?" if near else ""


def _in(service: Service | None, key: str) -> str | None:
    """The type of a key in a service's list, in any case; ``None`` where it has none such."""
    if service is None:
        return None
    exact, patterns = _table(service)
    found = exact.get(key.lower())
    if found is not None:
        return found
    return next((type for pattern, type in patterns if pattern.fullmatch(key.lower())), None)


@remembered(512)
def _table(service: Service) -> tuple[dict[str, str], tuple[tuple[re.Pattern[str], str], ...]]:
    exact: dict[str, str] = {}
    patterns: list[tuple[re.Pattern[str], str]] = []
    for key, type in service.condition_keys.items():
        pieces = _TEMPLATE.split(key.lower())
        if len(pieces) == 1:
            exact[key.lower()] = type
        else:
            patterns.append((re.compile(".+".join(map(re.escape, pieces)), re.DOTALL), type))
    return exact, tuple(patterns)


def among(key: str, keys: tuple[str, ...]) -> bool:
    """Whether a key is one of those that an action has, templates among them."""
    return any(_matches(one, key.lower()) for one in keys)


@remembered(8192)
def _matches(template: str, key: str) -> bool:
    pieces = _TEMPLATE.split(template.lower())
    if len(pieces) == 1:
        return pieces[0] == key
    return re.fullmatch(".+".join(map(re.escape, pieces)), key, re.DOTALL) is not None


_GLOBAL: Final = {key.lower(): type for key, type in GLOBAL_KEYS.items() if "$" not in key}
_GLOBAL_TAGS: Final = tuple(key.lower().partition("$")[0] for key in GLOBAL_KEYS if "$" in key)
_SESSION_KEYS: Final = {key.lower(): type for key, type in _OF_SESSIONS.items()}
