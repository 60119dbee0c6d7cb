"""Execution roles with everything that is attached to them, their trust policies and their boundaries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from stockade.read.account.answer import Absent, Listing, Present, Unread
from stockade.read.account.calls import IAM, Call
from stockade.read.account.scene import Scene
from stockade.read.resource import Resource
from stockade.value import Known, Unknown, Value

_NONE: Final = ("NoSuchEntity", "NoSuchEntityException")

DETAILS: Final = Call(
    "iam",
    "GetAccountAuthorizationDetails",
    IAM,
    "all roles and customer managed policies of the account, in bulk",
    "RoleDetailList",
    scope="account",
)
ROLE: Final = Call(
    "iam", "GetRole", IAM, "a role, where the bulk call is not answered", scope="account", absent=_NONE
)
INLINE: Final = Call(
    "iam",
    "ListRolePolicies",
    IAM,
    "the names of a role's inline policies, where the bulk call is not answered",
    "PolicyNames",
    scope="account",
    absent=_NONE,
)
DOCUMENT: Final = Call(
    "iam",
    "GetRolePolicy",
    IAM,
    "an inline policy, where the bulk call is not answered",
    scope="account",
    absent=_NONE,
)
ATTACHED: Final = Call(
    "iam",
    "ListAttachedRolePolicies",
    IAM,
    "the managed policies of a role, where the bulk call is not answered",
    "AttachedPolicies",
    scope="account",
    absent=_NONE,
)
POLICY: Final = Call(
    "iam",
    "GetPolicy",
    IAM,
    "the default version of a customer managed policy, where the bulk call is not answered",
    scope="account",
    absent=_NONE,
)
VERSION: Final = Call(
    "iam",
    "GetPolicyVersion",
    IAM,
    "the document of a customer managed policy, where the bulk call is not answered",
    scope="account",
    absent=_NONE,
)
CALLS: Final = (DETAILS, ROLE, INLINE, DOCUMENT, ATTACHED, POLICY, VERSION)
_KINDS: Final = ["Role", "LocalManagedPolicy"]
_HIDE: Final = ("Role.Description", "Role.Tags")


def collect(scene: Scene) -> Iterable[Resource]:
    """The roles that functions here run as, and the customer managed policies on them.

    One sweep reads all of an account's; where it is not allowed each role is asked for.
    """
    wanted = dict.fromkeys(seen.role for seen in scene.functions if seen.role)
    if not wanted:
        return
    roles, policies = sweep(scene)
    if roles.unread is not None or policies.unread is not None:
        yield from _one_by_one(scene, list(wanted))
        return
    used: dict[str, None] = {}
    for one in roles.items:
        if one.get("Arn") in wanted:
            yield _role(scene, DETAILS, one)
            used.update(dict.fromkeys(_managed(one)))
    for one in policies.items:
        if one.get("Arn") in used:
            yield _policy(scene, DETAILS, one, _default(one))


def sweep(scene: Scene) -> tuple[Listing, Listing]:
    """All roles and customer managed policies of the account, asked for once whoever wants them."""
    roles = scene.tried(DETAILS, "", Filter=_KINDS)
    return roles, scene.tried(DETAILS, "", items="Policies", Filter=_KINDS)


def _managed(role: Mapping[str, Any]) -> Iterator[str]:
    """The ARNs of what is attached to a role, and of what bounds it."""
    yield from (str(one.get("PolicyArn", "")) for one in role.get("AttachedManagedPolicies", ()))
    if boundary := role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn"):
        yield str(boundary)


def _default(policy: Mapping[str, Any]) -> Any:
    """The document of the version that is in force."""
    return next(
        (one.get("Document") for one in policy.get("PolicyVersionList", ()) if one.get("IsDefaultVersion")),
        None,
    )


def _role(scene: Scene, call: Call, one: Mapping[str, Any]) -> Resource:
    """A role, without what other tools keep in it: its instance profiles."""
    kept = {name: value for name, value in one.items() if name != "InstanceProfileList"}
    arn = str(one.get("Arn", ""))
    return scene.resource("iam:GetRole", arn, scene.document(call, arn, {"Role": kept}, _HIDE))


def _policy(scene: Scene, call: Call, one: Mapping[str, Any], found: Any) -> Resource:
    arn = str(one.get("Arn", ""))
    names = {name: one[name] for name in ("PolicyName", "Path", "Arn") if name in one}
    if found is None:
        document = scene.document(call, arn, names)
        why: Value[Any] = Unknown("the answer has no version of the policy that is in force", document.origin)
        return scene.resource("iam:GetPolicyVersion", arn, document, PolicyVersion=why)
    document = scene.document(call, arn, {**names, "PolicyVersion": {"Document": found}})
    return scene.resource("iam:GetPolicyVersion", arn, document)


# ------------------------------------------------------------------------------------- one by one


def _one_by_one(scene: Scene, wanted: list[str]) -> Iterator[Resource]:
    used: dict[str, None] = {}
    for found in scene.each(wanted, lambda arn: _asked(scene, arn)):
        if found is not None:
            resource, managed = found
            yield resource
            used.update(dict.fromkeys(arn for arn in managed if ":iam::aws:" not in arn))
    yield from scene.each(list(used), lambda arn: _fetched(scene, arn))


def _asked(scene: Scene, arn: str) -> tuple[Resource, list[str]] | None:
    """A role, and the ARNs of the managed policies on it; ``None`` where there is none or nothing is known."""
    name = arn.rpartition("/")[2]
    answer = scene.ask(ROLE, arn, RoleName=name)
    if isinstance(answer, Unread):
        return _unread(scene, arn, answer), []
    if not isinstance(answer, Present):
        return None
    inline = scene.listing(INLINE, arn, RoleName=name)
    attached = scene.listing(ATTACHED, arn, RoleName=name)
    lost: dict[str, Value[Any]] = {}
    documents = []
    for each in inline.items:
        found = scene.ask(DOCUMENT, f"{arn} {each}", RoleName=name, PolicyName=str(each))
        if isinstance(found, Present):
            documents.append({"PolicyName": str(each), "PolicyDocument": found.data.get("PolicyDocument")})
        elif isinstance(found, Unread):
            lost["RolePolicyList"] = found.value()
    if inline.unread is not None:
        lost["RolePolicyList"] = inline.unread.value()
    if attached.unread is not None:
        lost["AttachedManagedPolicies"] = attached.unread.value()
    role = {
        **answer.data.get("Role", {}),
        "RolePolicyList": documents,
        "AttachedManagedPolicies": attached.items,
    }
    made = _role(scene, ROLE, role)
    whole = made.attributes["Role"]
    if lost and isinstance(whole, Known):
        members: Known[Any] = Known({**whole.value, **lost}, whole.origin)
        made = scene.made(made.type, arn, {"Role": members}, made.origin)
    return made, list(_managed(role))


_OF_ROLE: Final = (
    *("AssumeRolePolicyDocument", "RolePolicyList", "AttachedManagedPolicies", "PermissionsBoundary"),
)


def _unread(scene: Scene, arn: str, why: Unread) -> Resource:
    """A role that a function runs as, and of which no more is known than its ARN."""
    lost = why.value()
    path = f"/{'/'.join(arn.partition(':role/')[2].split('/')[:-1])}/".replace("//", "/")
    known = {"Arn": arn, "RoleName": arn.rpartition("/")[2], "Path": path}
    members: dict[str, Value[Any]] = {name: Known(text, lost.origin) for name, text in known.items()}
    members |= dict.fromkeys(_OF_ROLE, lost)
    return scene.made("iam:GetRole", arn, {"Role": Known(members, lost.origin)}, lost.origin)


def _fetched(scene: Scene, arn: str) -> Resource:
    named = {"Arn": arn, "PolicyName": arn.rpartition("/")[2], "Path": _path(arn)}
    match scene.ask(POLICY, arn, PolicyArn=arn):
        case Present(data):
            version = str(data.get("Policy", {}).get("DefaultVersionId", ""))
        case Unread() as why:
            document = scene.document(POLICY, arn, named)
            return scene.resource("iam:GetPolicyVersion", arn, document, PolicyVersion=why.value())
        case Absent():
            return _policy(scene, POLICY, named, None)
    match scene.ask(VERSION, arn, PolicyArn=arn, VersionId=version):
        case Present(data):
            return _policy(scene, VERSION, named, data.get("PolicyVersion", {}).get("Document"))
        case Unread() as why:
            document = scene.document(VERSION, arn, named)
            return scene.resource("iam:GetPolicyVersion", arn, document, PolicyVersion=why.value())
        case Absent():
            return _policy(scene, VERSION, named, None)


def _path(arn: str) -> str:
    """The path in a policy's ARN: ``/`` for ``policy/name``."""
    return f"/{'/'.join(arn.partition(':policy/')[2].split('/')[:-1])}/".replace("//", "/")
