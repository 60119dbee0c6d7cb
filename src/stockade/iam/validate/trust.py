"""What only a role's trust policy is held to: providers of identities, their actions and their claims."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from stockade.iam.match import action_matches
from stockade.iam.request import PROVIDERS
from stockade.iam.validate.finding import Node
from stockade.iam.validate.principals import named
from stockade.iam.validate.sheet import Part, Sheet, children, items
from stockade.patterns import lazy_regex
from stockade.records import record

_PROVIDER: Final = lazy_regex(r"arn:[a-z-]+:iam::(?:[0-9]{12}|aws):(saml|oidc)-provider/(.+)")
_DOMAIN: Final = lazy_regex(
    r"(?=.{1,253}\Z)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+(?:/.*)?"
)
_GITHUB: Final = "token.actions.githubusercontent.com"

_WITH: Final = {
    "sts:assumerole": ("AWS", "Service"),
    "sts:assumerolewithsaml": ("saml",),
    "sts:assumerolewithwebidentity": ("oidc",),
}
"""Which principals each action goes with."""

_SUBJECTS: Final = (
    "sub",
    "job_workflow_ref",
    "repository",
    "repository_id",
    "repository_owner",
    "repository_owner_id",
)
_ROLES_ANYWHERE: Final = "rolesanywhere.amazonaws.com"
_TAKES: Final = ("sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession")
_SESSION: Final = lazy_regex(r"arn:([a-z-]+):sts::([0-9]{12}):assumed-role/([^/]+)/.+")
_ROLE: Final = lazy_regex(r"arn:([a-z-]+):iam::([0-9]{12}):role/(?:.+/)?([^/]+)")


@record
class _Federated:
    """A federated principal: ``kind`` is ``saml``, ``oidc``, or empty for what is neither; ``host`` is an OIDC
    provider's address, which its condition keys begin with."""

    node: Node
    text: str
    kind: str
    host: str


def check(part: Part, sheet: Sheet) -> None:
    """Everything about one statement of a trust policy that goes beyond any policy's grammar."""
    federated = [_provider(node, text) for node, text in named(part, "Federated")]
    for one in federated:
        if not one.kind and "${" not in one.text:
            sheet.say(
                "INVALID_FEDERATED_PRINCIPAL_SYNTAX_IN_ROLE_TRUST_POLICY",
                one.node,
                f"`{one.text}` is neither a provider's domain nor the ARN of a SAML or OIDC provider",
                "write its domain, or arn:aws:iam::ACCOUNT:saml-provider/NAME or …:oidc-provider/HOST",
            )
    _audiences(part, sheet)
    _repeated_principals(part, sheet)
    if part.effect == "Allow":
        _actions(part, federated, sheet)
        _claims(part, federated, sheet)


def check_all(parts: Sequence[Part], sheet: Sheet) -> None:
    """What several statements say together: all that IAM Roles Anywhere needs."""
    trusting = [
        (part, node)
        for part in parts
        if part.effect == "Allow"
        for node, text in named(part, "Service")
        if text == _ROLES_ANYWHERE
    ]
    if not trusting or any(not part.is_whole("Action") for part, _ in trusting):
        return
    patterns = [text for part, _ in trusting for _, text in part.known("Action")]
    missing = [action for action in _TAKES if not any(action_matches(one, action) for one in patterns)]
    if missing:
        sheet.say(
            "MISSING_ACTION_FOR_ROLES_ANYWHERE_TRUST_POLICY",
            trusting[0][1],
            f"IAM Roles Anywhere cannot assume the role without {' and '.join(f'`{one}`' for one in missing)}",
            "allow `sts:AssumeRole`, `sts:SetSourceIdentity` and `sts:TagSession`",
        )


def _provider(node: Node, text: str) -> _Federated:
    found = _PROVIDER.fullmatch(text)
    if found:
        return _Federated(node, text, found[1], found[2] if found[1] == "oidc" else "")
    if _DOMAIN.fullmatch(text.lower()) and not text.startswith("arn:"):
        return _Federated(node, text, "oidc", text)
    return _Federated(node, text, "", "")


# ----------------------------------------------------------------------------------------- actions


def _actions(part: Part, federated: Sequence[_Federated], sheet: Sheet) -> None:
    """Actions that go with none of the principals of their statement."""
    principal = part.elements.get("Principal")
    if principal is None:
        return
    there: list[tuple[str, Node, str]] = [(one.kind, one.node, one.text) for one in federated]
    for kind in ("AWS", "Service"):
        there += ((kind, node, text) for node, text in named(part, kind))
    if not there or _count(principal) != len(there) or any(not kind for kind, _, _ in there):
        return  # one that is not known, or is told to be none, may go with any
    for node, text in part.known("Action"):
        fitting = _WITH.get(text.lower())
        if fitting is None or any(kind in fitting for kind, _, _ in there):
            continue
        names = ", ".join(f"`{name}`" for _, _, name in there)
        sheet.say(
            "MISMATCHED_ACTION_FOR_PRINCIPAL",
            node,
            f"`{text}` does not go with {names}, so that nobody can assume the role by it",
            _instead(there),
            tuple(other for _, other, _ in there),
        )


def _count(principal: Node) -> int:
    """How many principals are written, known or not."""
    return sum(1 for _, child in children(principal) for _ in items(child))


def _instead(there: Sequence[tuple[str, Node, str]]) -> str:
    kinds = {kind for kind, _, _ in there}
    if kinds == {"oidc"}:
        return "an OIDC provider's identities use `sts:AssumeRoleWithWebIdentity`"
    if kinds == {"saml"}:
        return "a SAML provider's identities use `sts:AssumeRoleWithSAML`"
    return "accounts and services use `sts:AssumeRole`"


# ------------------------------------------------------------------------------------------ claims


def _claims(part: Part, federated: Sequence[_Federated], sheet: Sheet) -> None:
    """What an OIDC provider's tokens must say, where they are trusted."""
    if not part.whole_condition:
        return
    keys = {test.name for test in part.tests}
    for one in federated:
        if one.kind != "oidc":
            continue
        host = one.host.lower()
        if host.split("/", 1)[0] == _GITHUB:
            if not any(f"{host}:{claim}" in keys or f"{_GITHUB}:{claim}" in keys for claim in _SUBJECTS):
                sheet.say(
                    "MISSING_GITHUB_REPO_CONDITION_KEY",
                    one.node,
                    "every repository on GitHub can assume the role, anybody's",
                    f"add a condition on `{_GITHUB}:sub` with the repository and the branch",
                )
            _repositories(part, host, sheet)
        elif not any(key.startswith(f"{host}:") for key in keys):
            sheet.say(
                "MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL",
                one.node,
                f"every identity of `{one.host}` can assume the role",
                f"add conditions on its claims, such as `{one.host}:aud` and `{one.host}:sub`",
            )


def _repositories(part: Part, host: str, sheet: Sheet) -> None:
    """Subjects of GitHub's tokens that leave the repository or the branch open."""
    if any(test.name in (f"{host}:ref", f"{_GITHUB}:ref") for test in part.tests):
        return  # the branch is said apart; what AWS makes of the subject then was not confirmed
    for test in part.tests:
        if test.name not in (f"{host}:sub", f"{_GITHUB}:sub") or test.operator.negated:
            continue
        for node, text in test.known():
            fields = text.split(":")
            wild = test.operator.like and len(fields) > 1 and fields[1].rpartition("/")[2].strip("*") == ""
            if wild or ":ref:refs/" not in text:
                lacking = "repository" if wild or not text.startswith("repo:") else "branch"
                sheet.say(
                    "SPECIFIC_GITHUB_REPO_AND_BRANCH_RECOMMENDED",
                    node,
                    f"`{text}` does not name the {lacking} that may assume the role",
                    "write repo:OWNER/REPOSITORY:ref:refs/heads/BRANCH",
                )


def _audiences(part: Part, sheet: Sheet) -> None:
    for test in part.tests:
        provider, _, claim = test.name.rpartition(":")
        if claim != "aud" or "." not in provider:
            continue
        if test.operator.qualifier == "ForAnyValue":
            sheet.say(
                "FORANYVALUE_WITH_AUDIENCE_CLAIM_TYPE",
                test.node.named(),
                f"`{test.key}` has one value, for which ForAnyValue is not meant",
                "remove `ForAnyValue:`",
            )
        elif not test.operator.qualifier and provider not in PROVIDERS:
            sheet.say(
                "CONFIRM_AUDIENCE_CLAIM_TYPE",
                test.node.named(),
                f"`{test.key}` is compared as one value, which the provider's tokens should have",
                "nothing, if the audience is one value, as it mostly is",
            )


def _repeated_principals(part: Part, sheet: Sheet) -> None:
    """Sessions that are trusted beside the role that they are sessions of."""
    trusted = list(named(part, "AWS"))
    roles = {found.groups(): node for node, text in trusted if (found := _ROLE.fullmatch(text))}
    for node, text in trusted:
        found = _SESSION.fullmatch(text)
        if found and (role := roles.get(found.groups())) is not None:
            sheet.say(
                "REDUNDANT_PRINCIPAL_IN_ROLE_TRUST_POLICY",
                node,
                f"the session `{text}` is trusted already, with its role",
                "remove the session",
                (role,),
            )
