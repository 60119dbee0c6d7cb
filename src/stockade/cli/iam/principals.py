"""The users and roles of an account, each with all policies that apply to it.

From what ``aws iam get-account-authorization-details`` prints: policies of their own, attached ones, those
of a user's groups, permissions boundaries, and the trust policies of roles.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from stockade.cli.iam.documents import list_of, members_of, text_of, within
from stockade.iam.decide import Access
from stockade.iam.managed import managed
from stockade.iam.policy import Document, parse
from stockade.records import dataclass
from stockade.value import Known, Unknown, Value

Members = Mapping[str, Value[Any]]


@dataclass(frozen=True, slots=True)
class Owner:
    """A user or role: its ARN, its policies, its boundary, and for a role who may assume it."""

    arn: str
    policies: tuple[Value[Document], ...]
    boundary: Value[Document] | None
    trust: Value[Document] | None

    def access(self, resource: Value[Document] | None = None) -> Access:
        """Everything that applies to its requests, and the policy of the resource where one is given."""
        return Access(self.policies, boundary=self.boundary, resource=resource, delegated=True)


def owners(account: Members) -> Iterator[Owner]:
    """The users and roles of an account."""
    customer = dict(_customer(account))
    groups = {
        text_of(found.get("GroupName")): found
        for found in map(members_of, list_of(account.get("GroupDetailList")))
    }

    def document(arn: str, said: Value[Any]) -> Value[Document]:
        if arn in customer:
            return customer[arn]
        if (kept := managed(arn)) is not None:
            return Known(kept.document, said.origin)
        return Unknown(f"the policy `{arn}` is not among what was read", said.origin)

    def policies(holder: Members, what: str) -> Iterator[Value[Document]]:
        for one in list_of(holder.get(f"{what}PolicyList")):
            if "PolicyDocument" in (inline := members_of(one)):
                yield parse(within(inline["PolicyDocument"]))
        for one in list_of(holder.get("AttachedManagedPolicies")):
            yield document(text_of(members_of(one).get("PolicyArn")), one)

    for key, what in (("UserDetailList", "User"), ("RoleDetailList", "Role")):
        for one in list_of(account.get(key)):
            found = members_of(one)
            all_of = list(policies(found, what))
            for group in list_of(found.get("GroupList")):
                all_of += policies(groups.get(text_of(group), {}), "Group")
            bound = members_of(found.get("PermissionsBoundary")).get("PermissionsBoundaryArn")
            trust = found.get("AssumeRolePolicyDocument")
            yield Owner(
                text_of(found.get("Arn")) or text_of(found.get(f"{what}Name")),
                tuple(all_of),
                None if bound is None else document(text_of(bound), bound),
                None if trust is None else parse(within(trust)),
            )


def _customer(account: Members) -> Iterator[tuple[str, Value[Document]]]:
    """The default versions of the customer's own managed policies."""
    for one in list_of(account.get("Policies")):
        policy = members_of(one)
        for version in map(members_of, list_of(policy.get("PolicyVersionList"))):
            default = version.get("IsDefaultVersion")
            if isinstance(default, Known) and default.value is True and "Document" in version:
                yield text_of(policy.get("Arn")), parse(within(version["Document"]))
