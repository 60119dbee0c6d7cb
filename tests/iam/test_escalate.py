"""Ways to more permissions: each row of the table is open to who is allowed its steps, and to nobody else."""

from __future__ import annotations

from typing import Any

import pytest

from stockade.iam.catalog import Catalog
from stockade.iam.decide import Access, Answer
from stockade.iam.escalate import escalate
from stockade.iam.gains import Escalations, Gain, Holder, Target
from stockade.iam.policy import Document
from stockade.iam.steps import Way
from stockade.iam.ways import WAYS
from stockade.value import Default, Hole, Known, Unknown, Value
from tests.iam.test_minimise import allow, document

ARN = "arn:aws:iam::111111111111:role/worker"
ADMIN = document(allow("*", "*"))
UNKNOWN = Unknown("a variable", Default("a test"))


def ways(
    *statements: Any,
    targets: tuple[Target, ...] = (),
    boundary: Value[Document] | Document | None = None,
    policies: tuple[str, ...] = (),
    arn: Any = (ARN,),
    more: tuple[Any, ...] = (),
    boundary_arn: str = "",
) -> Escalations:
    access = Access([document(*statements), *more], boundary=boundary, delegated=True)
    holder = Holder(arn, access, tuple((one,) for one in policies), (boundary_arn,) if boundary_arn else ())
    found = escalate(holder, targets)
    for path in found.paths:
        for step in path.steps:
            if step.step.action != "sts:AssumeRole":
                assert access.decide(step.request).answer is Answer.ALLOW, step
    return found


def names(found: Escalations) -> list[str]:
    return [path.way.name for path in found.paths]


def target(name: str, *statements: Any, trusts: Any = None, services: tuple[str, ...] = ()) -> Target:
    trust = {"Effect": "Allow", "Principal": trusts or {"Service": list(services)}, "Action": "sts:AssumeRole"}
    return Target(
        name,
        (f"arn:aws:iam::111111111111:role/{name}",),
        Access([document(*statements)], delegated=True),
        document_value(trust),
        frozenset(services),
    )


def document_value(statement: Any) -> Value[Document]:
    found = document(statement)
    return Known(found, found.origin)


# ------------------------------------------------------------------------------------------- the table


def test_the_table_is_sound() -> None:
    catalog = Catalog.load()
    assert len({way.name for way in WAYS}) == len(WAYS) > 60
    for way in WAYS:
        assert way.steps and way.source.startswith("https://")
        for step in way.steps:
            found = catalog.action(step.action)
            assert found is not None and str(found) == step.action, "in AWS's spelling"
            for key, _ in step.context:
                known = catalog.condition_key(key)
                assert known is not None and known.name == key


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_every_way_is_open_to_who_is_allowed_its_steps_and_to_nobody_with_one_less(way: Way) -> None:
    actions = [step.action for step in way.steps if not step.trusted]
    admin = target("admin", allow("*", "*"), trusts={"AWS": ARN})
    more: dict[str, Any] = {
        "policies": ("arn:aws:iam::111111111111:policy/own",),
        "targets": (admin,) if way.name == "assumed-role" else (),
    }
    if way.of_boundary:
        # What the boundary holds back is what taking it off brings.
        more["boundary"] = document(allow("iam:*", "*"))
        actions = [*actions, "s3:*"]
    assert way.name in names(ways(allow(actions, "*"), **more))
    for action in dict.fromkeys(step.action for step in way.steps if not step.trusted):
        if action == "sts:AssumeRole":
            continue  # the trust policy allows that by itself
        left = [one for one in actions if one != action]
        assert way.name not in names(ways(allow(left or "s3:GetObject", "*"), **more))
        denied = {"Effect": "Deny", "Action": action, "Resource": "*"}
        assert way.name not in names(ways(allow(actions, "*"), denied, **more))


def test_nothing_is_open_to_an_ordinary_role() -> None:
    found = ways(
        allow(["dynamodb:*", "s3:*", "sqs:*", "logs:*", "secretsmanager:*", "kms:*", "ec2:*Network*"], "*"),
        allow(["iam:Get*", "iam:List*", "sts:GetCallerIdentity", "lambda:InvokeFunction"], "*"),
    )
    assert found == Escalations()


# ----------------------------------------------------------------------------- conditions and resources

PASS = ["lambda:CreateFunction", "lambda:InvokeFunction"]


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        pytest.param(
            [allow("iam:PassRole", "*", {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}})],
            ["new-function-invoked"],
            id="passed to the service that it takes",
        ),
        pytest.param(
            [allow("iam:PassRole", "*", {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}})],
            [],
            id="passed to another service",
        ),
        pytest.param(
            [allow("iam:PassRole", "*", {"StringLike": {"iam:PassedToService": ["lambda.*", "ecs*"]}})],
            ["new-function-invoked"],
            id="passed to services by a pattern",
        ),
        pytest.param(
            [allow("iam:PassRole", "*", {"StringEquals": {"iam:ResourceTag/team": "a"}})],
            [],
            id="roles that somebody chose by a tag",
        ),
        pytest.param(
            [allow("iam:PassRole", "*"), {"Effect": "Deny", "Action": "iam:PassRole", "NotResource": ARN}],
            [],
            id="all roles denied but its own",
        ),
        pytest.param([allow("iam:PassRole", ARN)], [], id="its own role"),
        pytest.param(
            [{"Effect": "Allow", "NotAction": ["s3:*"], "Resource": "*"}, allow("s3:*", "*")],
            None,
            id="everything but, and that as well",
        ),
    ],
)
def test_roles_passed(statements: list[Any], expected: list[str] | None) -> None:
    found = ways(*statements, allow(PASS, "*"))
    assert found.doubts == ()
    assert names(found) == expected if expected is not None else len(found.paths) > 50


def test_a_function_made_in_one_place_and_invoked_in_another_is_no_way() -> None:
    functions = "arn:aws:lambda:eu-west-1:111111111111:function:"
    apart = [
        allow("lambda:CreateFunction", f"{functions}new-*"),
        allow("lambda:InvokeFunction", f"{functions}old"),
    ]
    assert names(ways(allow("iam:PassRole", "*"), *apart)) == []
    together = [*apart, allow("lambda:InvokeFunction", f"{functions}new-*")]
    (path,) = ways(allow("iam:PassRole", "*"), *together).paths
    assert [step.request.resource for step in path.steps][1] == [step.request.resource for step in path.steps][
        2
    ]


def test_what_is_asked_of_what_nobody_can_choose_is_in_doubt() -> None:
    found = ways(allow("iam:PutRolePolicy", "*", {"StringEquals": {"aws:SourceVpc": "vpc-1"}}))
    assert found.paths == ()
    assert [doubt.way.name for doubt in found.doubts] == ["own-inline-policy"]
    assert "aws:sourcevpc" in found.doubts[0].reason
    chosen = ways(allow("ssm:SendCommand", "*", {"StringEquals": {"ssm:resourceTag/team": "a"}}))
    assert chosen == Escalations()
    without_mfa = ways(allow("iam:PutRolePolicy", "*", {"Bool": {"aws:MultiFactorAuthPresent": "true"}}))
    assert without_mfa == Escalations()
    region = ways(allow("iam:PutRolePolicy", "*", {"StringEquals": {"aws:RequestedRegion": "us-east-1"}}))
    assert names(region) == ["own-inline-policy"]


def test_only_policies_that_do_no_harm_may_be_attached() -> None:
    read_only = {"ArnEquals": {"iam:PolicyARN": "arn:aws:iam::aws:policy/ReadOnlyAccess"}}
    assert ways(allow("iam:AttachRolePolicy", "*", read_only)) == Escalations()


def test_only_what_is_its_own() -> None:
    own, other = "arn:aws:iam::111111111111:policy/own", "arn:aws:iam::111111111111:policy/other"
    assert names(ways(allow("iam:CreatePolicyVersion", own), policies=(own,))) == ["own-policy-version"]
    assert ways(allow("iam:CreatePolicyVersion", other), policies=(own,)) == Escalations()
    assert ways(allow("iam:CreatePolicyVersion", "*")) == Escalations()
    assert names(ways(allow("iam:PutRolePolicy", ARN))) == ["own-inline-policy"]
    assert ways(allow("iam:PutRolePolicy", f"{ARN}-2")) == Escalations()


def test_an_arn_that_is_known_in_part() -> None:
    account = Hole("account")
    own = ("arn:aws:iam::", account, ":role/worker")
    assert names(ways(allow("iam:PutRolePolicy", "arn:aws:iam::*:role/work*"), arn=own)) == [
        "own-inline-policy"
    ]
    found = ways(allow("iam:UpdateAssumeRolePolicy", "*"), arn=own)
    assert names(found) == ["role-trust"]


# ------------------------------------------------------------------------------------- roles that are known


def test_a_known_role_counts_for_what_it_may_do() -> None:
    strong = target("strong", allow("*", "*"), services=("lambda.amazonaws.com",))
    weak = target("weak", allow("lambda:InvokeFunction", "*"), services=("lambda.amazonaws.com",))
    other = target("other", allow("s3:GetObject", "*"), services=("lambda.amazonaws.com",))
    elsewhere = target("elsewhere", allow("*", "*"), services=("ecs-tasks.amazonaws.com",))
    for one, gain in ((strong, Gain.EVERYTHING), (weak, None), (other, Gain.SOME), (elsewhere, None)):
        found = ways(allow("iam:PassRole", "".join(map(str, one.arn))), allow(PASS, "*"), targets=(one,))
        assert [(path.gain, path.target) for path in found.paths] == ([(gain, one)] if gain else []), one.name
        assert found.doubts == ()


def test_a_role_that_is_not_known_is_in_doubt() -> None:
    stranger = "arn:aws:iam::111111111111:role/stranger"
    found = ways(allow("iam:PassRole", stranger), allow(PASS, "*"))
    assert found.paths == ()
    assert f"what `{stranger}` may do" in found.doubts[0].reason
    assert ways(allow("iam:PassRole", stranger), allow("lambda:InvokeFunction", "*")) == Escalations()


def test_roles_that_trust_it() -> None:
    trusting = target("trusting", allow("*", "*"), trusts={"AWS": ARN})
    account = target("account", allow("*", "*"), trusts={"AWS": "arn:aws:iam::111111111111:root"})
    foreign = target("foreign", allow("*", "*"), trusts={"AWS": "arn:aws:iam::222222222222:root"})
    assume = allow("sts:AssumeRole", "*")
    assert [path.target for path in ways(assume, targets=(trusting, account, foreign)).paths] == [
        trusting,
        account,
    ]
    # Named itself it needs no permission of its own; through its account it does.
    nothing = allow("s3:GetObject", "*")
    assert [path.target for path in ways(nothing, targets=(trusting, account, foreign)).paths] == [trusting]


def test_the_code_of_another_function() -> None:
    functions = "arn:aws:lambda:eu-west-1:111111111111:function:"
    other = Target(
        "other",
        (f"{functions}other",),
        Access([ADMIN], delegated=True),
        UNKNOWN,
        frozenset({"lambda.amazonaws.com"}),
        True,
    )
    found = ways(allow("lambda:UpdateFunctionCode", f"{functions}other"), targets=(other,))
    assert [(path.way.name, path.gain, path.target) for path in found.paths] == [
        ("function-code", Gain.EVERYTHING, other)
    ]
    assert ways(allow("lambda:UpdateFunctionCode", f"{functions}worker"), targets=(other,)) == Escalations()
    (path,) = ways(allow("lambda:UpdateFunctionCode", "*"), targets=(other,)).paths
    assert (path.gain, path.target) == (Gain.WHOEVERS, None)


# --------------------------------------------------------------------------------------- boundaries, unknowns


def test_a_boundary_limits_what_it_can_give_itself() -> None:
    s3 = document(allow("s3:*", "*"))
    both = document(allow(["s3:*", "iam:PutRolePolicy"], "*"))
    assert ways(allow("iam:PutRolePolicy", "*"), boundary=s3) == Escalations()
    (path,) = ways(allow("iam:PutRolePolicy", "*"), boundary=both).paths
    assert path.gain is Gain.SOME
    assert ways(allow(["iam:PutRolePolicy", "s3:*"], "*"), boundary=both) == Escalations()
    (path,) = ways(allow("iam:PutRolePolicy", "*"), boundary=ADMIN).paths
    assert path.gain is Gain.EVERYTHING


def test_roles_with_a_boundary_only() -> None:
    boundary = "arn:aws:iam::111111111111:policy/limit"
    only = {"StringEquals": {"iam:PermissionsBoundary": boundary}}
    statement = allow(["iam:CreateRole", "iam:PutRolePolicy"], "*", only)
    assert ways(statement) == Escalations()
    limit = document(allow(["iam:*", "s3:*"], "*"))
    found = ways(statement, boundary=limit, boundary_arn=boundary)
    assert [(path.way.name, path.gain) for path in found.paths] == [("own-inline-policy", Gain.SOME)]
    assert ways(statement, boundary=limit, boundary_arn=f"{boundary}-2") == Escalations()


def test_what_is_not_known_leaves_it_in_doubt() -> None:
    found = ways(allow("iam:PutRolePolicy", "*"), more=(UNKNOWN,))
    assert found.paths == ()
    assert any(doubt.way.name == "own-inline-policy" for doubt in found.doubts)
    found = ways(allow("iam:PutRolePolicy", "*"), boundary=UNKNOWN)
    assert found.paths == ()
    assert found.doubts


def test_the_plainest_comes_first() -> None:
    found = ways(allow("*", "*"))
    assert found.paths[0].way.name == "own-inline-policy"
    needs = [bool(path.way.needs) for path in found.paths]
    assert needs == sorted(needs)
    assert len(found.paths) > 50
    request = found.paths[0].steps[0].request
    assert (request.action, request.resource) == ("iam:PutRolePolicy", ARN)
