"""Policy documents part by part: one for each place of fault, told apart whatever moves around it."""

from __future__ import annotations

import json
from typing import Any

from stockade.iam.policy import parse
from stockade.iam.validate import Key, Kind
from stockade.json_text import decode
from stockade.model.role import ExecutionRole, PolicyKind, Role, RolePolicy
from stockade.model.validity import PolicyPart, element, policy_parts
from stockade.value import Default, Known, Unknown, Value

HERE = Default("written in a test")
GOOD = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::a/*"}
BAD = {"Effect": "Allow", "Action": "s3:GetObjects", "Resource": "arn:aws:s3:::a/*"}
TRUST = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}


def tree_of(*statements: dict[str, Any]) -> Value[Any]:
    return decode([(json.dumps({"Version": "2012-10-17", "Statement": statements}), None, None)], HERE)


def policy(
    address: str, tree: Value[Any] | None, holder: str = "", kind: PolicyKind = "customer"
) -> RolePolicy:
    return RolePolicy(
        address=address,
        origin=HERE,
        kind=kind,
        name=Known(address, HERE),
        arn=Known(None, HERE),
        document=parse(tree) if tree is not None else Unknown("it is not in this input", HERE),
        holder=holder or address,
        attribute="document",
        tree=tree,
    )


def role(
    address: str, *policies: RolePolicy, trust: Value[Any] | None = None, boundary: RolePolicy | None = None
) -> ExecutionRole:
    trust = trust or tree_of(TRUST)
    made = Role(
        address=address,
        origin=HERE,
        name=Known(address, HERE),
        arn=Known(address, HERE),
        trust=parse(trust),
        trust_tree=trust,
        policies=policies,
        boundary_policy=boundary,
    )
    return ExecutionRole(address=address, origin=HERE, role=Known(made, HERE), functions=("f",))


def faults(*roles: ExecutionRole) -> list[PolicyPart]:
    return [one for one in policy_parts(roles) if one.findings]


def test_a_document_without_fault_is_one_part() -> None:
    parts = policy_parts([role("r", policy("p", tree_of(GOOD, GOOD | {"Resource": "arn:aws:s3:::b/*"})))])
    assert [(one.address, one.kind, one.statement, one.findings) for one in parts] == [
        ("r", Kind.TRUST, None, ()),
        ("p", Kind.IDENTITY, None, ()),
    ]


def test_every_statement_with_a_fault_is_a_part() -> None:
    deny = BAD | {"Effect": "Deny"}
    parts = faults(role("r", policy("p", tree_of(GOOD, BAD, deny))))
    assert [one.statement for one in parts] == [1, 2]
    assert len({one.key for one in parts}) == 2


def test_the_key_of_a_part_stays_when_others_come_before_it() -> None:
    (before,) = faults(role("r", policy("p", tree_of(BAD))))
    (after,) = faults(role("r", policy("p", tree_of(GOOD, BAD))))
    (other,) = faults(role("r", policy("p", tree_of(BAD | {"Action": "s3:PutObjects"}))))
    assert before.key == after.key
    assert before.key != other.key


def test_a_policy_that_two_roles_share_is_looked_at_once() -> None:
    shared = tree_of(BAD)
    one, other = (role(name, policy(f"{name}_has_p", shared, "p")) for name in ("a", "b"))
    (part,) = faults(one, other)
    assert part.address == "p"
    assert [each.address for each in part.roles] == ["a", "b"]


def test_trust_and_boundary_are_documents_too() -> None:
    trust = tree_of(TRUST | {"Resource": "*"})
    parts = faults(role("r", trust=trust, boundary=policy("b", tree_of(BAD))))
    assert [(one.address, one.attribute, one.findings[0].code) for one in parts] == [
        ("r", "trust", "ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE"),
        ("b", "document", "INVALID_ACTION"),
    ]


def test_what_aws_keeps_is_left_out_and_what_is_not_there_is_open() -> None:
    parts = policy_parts([role("r", policy("a", tree_of(BAD), kind="aws"), policy("gone", None))])
    assert [one.address for one in parts] == ["r", "gone"]
    assert [why.reason for _, why in parts[1].open] == ["it is not in this input"]


def test_a_role_that_is_not_there_is_open() -> None:
    elsewhere = Unknown("the role is made elsewhere", HERE)
    (part,) = policy_parts([ExecutionRole(address="f", origin=HERE, role=elsewhere, functions=("f",))])
    assert part.open == (((), elsewhere),)
    assert part.findings == ()


def test_a_path_leads_to_its_element() -> None:
    tree = tree_of(GOOD, BAD)
    found = element(tree, ("Statement", 1, "Action"))
    assert isinstance(found, Known)
    assert found.value == "s3:GetObjects"
    assert element(tree, ("Statement", 2)) is None
    assert element(tree, ("Statement", 1, Key("Action"))) is None
    assert element(tree, ("Statement", 1, "NotAction")) is None
    single = decode([(json.dumps({"Statement": BAD}), None, None)], HERE)
    found = element(single, ("Statement", 0, "Effect"))
    assert isinstance(found, Known)
    assert found.value == "Allow"
