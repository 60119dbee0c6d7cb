"""Commands for roles and policies: every document is given whole, what is granted comes before what goes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from stockade.errors import FixError
from stockade.fix.live.plain import differ, given, member, plain, text
from stockade.fix.live.shell import Command
from stockade.read.resource import Resource
from stockade.value import Known, Unknown, Value


def role(before: Resource, after: Resource) -> Iterator[Command]:
    """What differs of a role: its trust policy, the policies in it, those attached to it."""
    named = {"role-name": text(before, "Role", "RoleName")}
    handled = ("AssumeRolePolicyDocument", "RolePolicyList", "AttachedManagedPolicies")
    old, new = (_members(one) for one in (before, after))
    for each in dict.fromkeys((*old, *new)):
        if each not in handled and differ(old.get(each), new.get(each)):
            raise FixError(f"`{each}` of a role is not changed by a call of its own")
    if differ(old.get(handled[0]), new.get(handled[0])):
        trust = given(after, "Role", handled[0])
        yield Command("iam", "update-assume-role-policy", {**named, "policy-document": trust})
    was, then = (_by(one, handled[1], "PolicyName") for one in (before, after))
    attached, wanted = (_by(one, handled[2], "PolicyArn") for one in (before, after))
    for name, one in then.items():
        if name not in was or differ(was[name], one):
            document = plain(one.value["PolicyDocument"])
            options = {**named, "policy-name": name, "policy-document": document}
            yield Command("iam", "put-role-policy", options)
    for arn in wanted:
        if arn not in attached:
            yield Command("iam", "attach-role-policy", {**named, "policy-arn": arn})
    for name in was:
        if name not in then:
            yield Command("iam", "delete-role-policy", {**named, "policy-name": name})
    for arn in attached:
        if arn not in wanted:
            yield Command("iam", "detach-role-policy", {**named, "policy-arn": arn})


def _members(resource: Resource) -> Mapping[str, Value[Any]]:
    found = member(resource, "Role")
    return found.value if isinstance(found, Known) else {}


def _by(resource: Resource, items: str, key: str) -> dict[str, Known[Any]]:
    """The elements of a list by what names them."""
    found = member(resource, "Role", items)
    if isinstance(found, Unknown):
        raise FixError(f"the role's policies are not known: {found.reason}")
    out = {}
    for one in found.value if found is not None and found.value else ():
        if isinstance(one, Unknown):
            raise FixError(f"the role's policies are not known: {one.reason}")
        out[str(plain(one.value[key]))] = one
    return out


def inline_of(resource: Resource) -> list[str]:
    """The names of the policies in a role."""
    return list(_by(resource, "RolePolicyList", "PolicyName"))


_VERSIONS: Final = "a policy has five versions at most; `aws iam delete-policy-version` makes room"


def customer_policy(before: Resource, after: Resource) -> Iterator[Command]:
    """A managed policy of the account's own: a new version that is in force at once."""
    document = given(after, "PolicyVersion", "Document")
    options = {"policy-arn": text(before, "Arn"), "policy-document": document, "set-as-default": None}
    yield Command("iam", "create-policy-version", options, note=_VERSIONS)


def inline(role_name: str, name: str, document: Any) -> Iterator[Command]:
    """A new policy in a role."""
    options = {"role-name": role_name, "policy-name": name, "policy-document": document}
    yield Command("iam", "put-role-policy", options)
