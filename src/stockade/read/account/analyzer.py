"""What IAM Access Analyzer is asked: policies by its checks, and the findings that analyzers have already.

Nothing of it is asked without `--access-analyzer`: custom checks are billed by AWS by the call. Answers become
documents as all others do, so that they can be cited; none of them is taken for ours.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final, Literal, TypeAlias

from stockade.read.account.answer import Document, Present, Unread
from stockade.read.account.calls import ACCESS_ANALYZER, ACCESS_CHECKS, Call
from stockade.read.account.client import Client
from stockade.records import dataclass
from stockade.value import Origin

_ACTIONS: Final = "access-analyzer:"
VALIDATE: Final = Call(
    "accessanalyzer",
    "ValidatePolicy",
    ACCESS_CHECKS,
    "what AWS's own policy validation says (`--access-analyzer`)",
    "findings",
    actions=(f"{_ACTIONS}ValidatePolicy",),
)
PUBLIC: Final = Call(
    "accessanalyzer",
    "CheckNoPublicAccess",
    ACCESS_CHECKS,
    "whether AWS takes a resource-based policy for public (`--access-analyzer`; AWS bills it)",
    actions=(f"{_ACTIONS}CheckNoPublicAccess",),
)
GRANTED: Final = Call(
    "accessanalyzer",
    "CheckAccessNotGranted",
    ACCESS_CHECKS,
    "whether AWS says, too, that a policy grants what a finding shows (`--access-analyzer`; AWS bills it)",
    actions=(f"{_ACTIONS}CheckAccessNotGranted",),
)
ANALYZERS: Final = Call(
    "accessanalyzer",
    "ListAnalyzers",
    ACCESS_ANALYZER,
    "which analyzers there are (`--access-analyzer`)",
    "analyzers",
    actions=(f"{_ACTIONS}ListAnalyzers",),
)
FINDINGS: Final = Call(
    "accessanalyzer",
    "ListFindingsV2",
    ACCESS_ANALYZER,
    "what analyzers have found at functions and roles (`--access-analyzer`)",
    "findings",
    actions=(f"{_ACTIONS}ListFindings",),
)
FINDING: Final = Call(
    "accessanalyzer",
    "GetFindingV2",
    ACCESS_ANALYZER,
    "what an analyzer's finding says (`--access-analyzer`)",
    "findingDetails",
    actions=(f"{_ACTIONS}GetFinding",),
)
CALLS: Final = (VALIDATE, PUBLIC, GRANTED, ANALYZERS, FINDINGS, FINDING)

Kind: TypeAlias = Literal["identity", "trust", "function"]
_TYPES: Final[Mapping[Kind, str]] = {
    "identity": "IDENTITY_POLICY",
    "trust": "RESOURCE_POLICY",
    "function": "RESOURCE_POLICY",
}
_RESOURCES: Final[Mapping[Kind, str]] = {
    "trust": "AWS::IAM::AssumeRolePolicyDocument",
    "function": "AWS::Lambda::Function",
}
_LOOKED_AT: Final = ("AWS::Lambda::Function", "AWS::IAM::Role")
_STATUSES: Final = ("ACTIVE", "ARCHIVED")
_NOT_GIVEN: Final = "it gave no result that is known here"


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that AWS says of a policy: a code of its validation with its type."""

    code: str
    type: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Checked:
    """The result of a custom check: whether the access is there."""

    granted: bool
    origin: Origin


@dataclass(frozen=True, slots=True)
class Found:
    """A finding of an analyzer at a function or a role, by its ARN.

    ``kind`` is AWS's (``ExternalAccess``); ``who`` are the principals of an external access, ``services`` those
    of which permissions are unused. ``archived`` says that somebody, or a rule, has put it aside.
    """

    resource: str
    kind: str
    public: bool
    who: tuple[str, ...]
    services: tuple[str, ...]
    archived: bool
    origin: Origin


def validation(client: Client, kind: Kind, about: str, text: str) -> Sequence[Said] | Unread:
    """What AWS's validation says of a policy, all of it or why not."""
    more = {"validatePolicyResourceType": _RESOURCES[kind]} if kind == "trust" else {}
    asked = {"policyDocument": text, "policyType": _TYPES[kind], "locale": "EN", **more}
    listing = client.listing(_READER, VALIDATE, about, "", asked)
    if listing.unread is not None:
        return listing.unread
    out = []
    for one in listing.items:
        document = Document(client.place, VALIDATE, about, one)
        code, type = str(one.get("issueCode", "")), str(one.get("findingType", ""))
        out.append(Said(code, type, document.said(code, "issueCode").origin))
    return out


def public(client: Client, kind: Kind, about: str, text: str) -> Checked | Unread:
    """Whether AWS says that a resource-based policy can let anybody in."""
    asked = {"policyDocument": text, "resourceType": _RESOURCES[kind]}
    return _checked(client, PUBLIC, about, asked)


def granted(client: Client, about: str, text: str, action: str, resource: str) -> Checked | Unread:
    """Whether AWS says that an identity policy grants an action on a resource."""
    access = {"actions": [action], **({"resources": [resource]} if resource != "*" else {})}
    asked = {"policyDocument": text, "access": [access], "policyType": "IDENTITY_POLICY"}
    return _checked(client, GRANTED, about, asked)


def _checked(client: Client, call: Call, about: str, asked: Mapping[str, Any]) -> Checked | Unread:
    answer = client.ask(_READER, call, about, asked)
    if isinstance(answer, Present) and (result := answer.data.get("result")) in ("PASS", "FAIL"):
        document = Document(client.place, call, about, answer.data)
        return Checked(result == "FAIL", document.said(result, "result").origin)
    if isinstance(answer, Unread):
        return answer
    why = Unread(call, about, _NOT_GIVEN, client.place)
    client.miss(_READER, why)
    return why


def findings(client: Client, resources: Collection[str]) -> tuple[Found, ...]:
    """What the analyzers of a region have found at some functions and roles; what is not read is a miss."""
    listing = client.listing(_READER, ANALYZERS, "", "", {})
    analyzers = [str(one.get("arn")) for one in listing.items if one.get("status") == "ACTIVE"]
    wanted: list[tuple[str, Mapping[str, Any]]] = []
    for analyzer in analyzers:
        filter = {
            "resourceType": {"eq": list(_LOOKED_AT)},
            "status": {"eq": list(_STATUSES)},
            "resourceOwnerAccount": {"eq": [client.place.account]},
        }
        asked = {"analyzerArn": analyzer, "filter": filter}
        for one in client.listing(_READER, FINDINGS, analyzer, "", asked).items:
            if one.get("resource") in resources and one.get("status") in _STATUSES:
                wanted.append((analyzer, one))
    found = client.each(wanted, lambda one: _found(client, *one))
    return tuple(one for one in found if one is not None)


def _found(client: Client, analyzer: str, one: Mapping[str, Any]) -> Found | None:
    """A finding with its details; without them nobody knows whom it is about."""
    about = str(one.get("resource", ""))
    listing = client.listing(_READER, FINDING, about, "", {"analyzerArn": analyzer, "id": one.get("id")})
    if listing.unread is not None:
        return None
    whole = {**one, "findingDetails": list(listing.items)}
    document = Document(client.place, FINDING, about, whole)
    external = [each.get("externalAccessDetails", {}) for each in listing.items]
    unused = [each.get("unusedPermissionDetails", {}) for each in listing.items]
    who = dict.fromkeys(str(name) for each in external for name in each.get("principal", {}).values())
    services = dict.fromkeys(str(each["serviceNamespace"]) for each in unused if "serviceNamespace" in each)
    return Found(
        resource=about,
        kind=str(one.get("findingType", "")),
        public=any(each.get("isPublic") for each in external),
        who=tuple(who),
        services=tuple(services),
        archived=one.get("status") == "ARCHIVED",
        origin=document.said("", "findingType").origin,
    )


_READER: Final = "analyzer"
"""What asks; no control waits for it."""
