"""The engine's decisions against the reference evaluator, and AWS's gotchas one by one."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from stockade.iam.decide import Access, Answer, Decision, Layer, decide
from stockade.iam.operators import OPERATORS, operator
from stockade.iam.policy import Document, parse
from stockade.iam.request import Caller, CallerKind, Request, caller
from stockade.value import Hole, Known, Unknown, Value
from tests.iam import strategies as make
from tests.iam.reference import Call, Scene, Unsaid, allowed
from tests.iam.strategies import OURS, THEIRS, Json, access, calls, document, policies, request, scenes

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
PATIENT = settings(max_examples=100, suppress_health_check=SLOW, deadline=None)
ELEMENTS = ["Effect", "Action", "Resource", "Condition", "", "*"]


def expected(scene: Scene, call: Call) -> bool | None:
    """The reference's answer; ``None`` where AWS says that it depends."""
    try:
        return allowed(scene, call)
    except Unsaid:
        return None


@given(scenes(), st.lists(calls(), min_size=3, max_size=8))
@PATIENT
def test_a_complete_request_is_decided_as_the_documentation_says(scene: Scene, asked: list[Call]) -> None:
    engine = access(scene)
    for call in asked:
        wanted = expected(scene, call)
        if wanted is not None:
            decision = engine.decide(request(call))
            got = f"{decision.answer} {decision.reason} {decision.undecided}"
            assert decision.answer is (Answer.ALLOW if wanted else Answer.DENY), (got, call, scene)


@given(policies(), st.lists(calls(make.USUAL), min_size=3, max_size=8))
@PATIENT
def test_documents_by_themselves_and_the_short_way_agree(policy: Json, asked: list[Call]) -> None:
    read = document(policy)
    alone, short = Access.alone([read]), Access([read])
    for call in asked:
        wanted = allowed(Scene([policy]), replace(call, action="s3:" + call.action.partition(":")[2]))
        call = replace(call, action="s3:" + call.action.partition(":")[2])
        if ":222" in call.resource:
            continue  # a resource of another account needs more
        assert alone.allows(request(call)) is wanted
        assert short.allows(request(call)) is wanted


def test_the_strategies_make_both_answers_often() -> None:
    seen: Counter[Any] = Counter()

    @given(scenes(), calls())
    @settings(
        max_examples=800,
        phases=[Phase.generate],
        derandomize=True,  # a mix that hangs on luck would fail by it
        database=None,
        suppress_health_check=SLOW,
        deadline=None,
    )
    def count(scene: Scene, call: Call) -> None:
        wanted = expected(scene, call)
        decision = access(scene).decide(request(call))
        seen[wanted] += 1
        seen["denied by a statement"] += bool(wanted is False and decision.deciding)
        seen.update(one.layer for one in decision.deciding)
        for layer in (scene.identity, [scene.resource] if scene.resource else []):
            for policy in layer:
                for statement in policy["Statement"]:
                    seen.update({*statement, *statement.get("Condition", {})})

    count()
    total = seen[True] + seen[False] + seen[None]
    assert seen[True] > total / 8
    assert seen[False] > total / 8
    assert seen["denied by a statement"] > total / 20
    assert all(seen[layer] for layer in Layer if layer is not Layer.POLICY), seen
    assert all(seen[one] for one in ("NotAction", "NotResource", "NotPrincipal", "Principal"))


def test_every_operator_is_drawn() -> None:
    written = {operator(one) for one in make.OPERATORS}
    assert None not in written
    assert {one.name for one in written if one} == {one.name for one in OPERATORS}


# --------------------------------------------------------------------------- what is not known yet


@given(scenes(), calls(), st.lists(st.sampled_from(sorted(make.KINDS)), min_size=1, max_size=4))
@PATIENT
def test_an_answer_holds_whatever_unknown_keys_are(scene: Scene, call: Call, hidden: list[str]) -> None:
    hidden = [one.lower() for one in hidden if one.lower() not in make.derived(call.who)]
    decision = access(scene).decide(request(call, complete=False, without=hidden))
    fillings: list[dict[str, list[str] | None]] = [{}, dict.fromkeys(hidden)]
    for key, (_, values, _) in make.KINDS.items():
        fillings += [{key.lower(): [one]} for one in values if key.lower() in hidden]
    for one in fillings:
        context = {key: found for key, found in {**call.context, **one}.items() if found is not None}
        wanted = expected(scene, replace(call, context=context))
        if wanted is not None:
            _consistent(decision, wanted)
    if decision.answer is Answer.UNDECIDED:
        assert decision.undecided


@given(scenes(), calls(), st.sampled_from(["box", "alice", "red", "jobs", OURS]), st.booleans(), st.booleans())
@PATIENT
def test_an_answer_holds_whatever_holes_stand_for(
    scene: Scene, call: Call, hole: str, as_ref: bool, in_request: bool
) -> None:
    engine = access(scene, lambda one: make.holed(one, hole, as_ref))
    asked = request(call)
    if in_request and not as_ref and hole in call.resource:
        before, _, after = call.resource.partition(hole)
        shape = tuple(one for one in (before, Hole(hole), after) if one)
        if hole not in after:
            asked = Request(asked.caller, call.action, shape, asked.written, complete=True)
    decision = engine.decide(asked)
    for filling in (hole, "other", "", "a-much-longer-text/with/parts", "re"):
        if hole == OURS and len(filling) != 12:
            filling = THEIRS if filling == "other" else OURS
        real = Scene(
            make.filled(scene.identity, hole, filling),
            make.filled(scene.resource, hole, filling),
            scene.owner,
            make.filled(scene.boundary, hole, filling),
            make.filled(scene.session, hole, filling),
            make.filled(scene.scps, hole, filling),
            make.filled(scene.rcps, hole, filling),
        )
        resource = (
            call.resource if isinstance(asked.resource, str) else make.filled(call.resource, hole, filling)
        )
        wanted = expected(real, replace(call, resource=resource))
        if wanted is not None:
            _consistent(decision, wanted)
    if decision.answer is Answer.UNDECIDED:
        assert decision.undecided


@given(
    scenes(),
    calls(),
    st.integers(0, 30),
    st.sampled_from(ELEMENTS),
)
@PATIENT
def test_an_answer_holds_whatever_unknown_elements_are(scene: Scene, call: Call, at: int, element: str) -> None:
    count = 0

    def blinded(policy: Json) -> Value[Document]:
        """The policy with one element of one statement, the statement, or all of it not known."""
        nonlocal count
        read = document(policy)
        assert isinstance(read, Known)
        count += 1
        if count % 4 != at % 4:
            return read
        gap = Unknown("it comes from elsewhere", make.ORIGIN)
        if element == "*":
            return gap
        members = make.tree(policy)
        assert isinstance(members, Known)
        changed: list[Value[Any]] = []
        for number, one in enumerate(policy["Statement"]):
            statement = make.tree(one)
            assert isinstance(statement, Known)
            if number == at % len(policy["Statement"]):
                if not element:
                    changed.append(gap)
                    continue
                if element in one:
                    changed.append(Known({**statement.value, element: gap}, make.ORIGIN))
                    continue
            changed.append(statement)
        return parse(Known({**members.value, "Statement": Known(tuple(changed), make.ORIGIN)}, make.ORIGIN))

    decision = access(scene, blinded).decide(request(call))
    wanted = expected(scene, call)
    if wanted is not None:
        _consistent(decision, wanted)
    if decision.answer is Answer.UNDECIDED:
        assert decision.undecided


def _consistent(decision: Decision, wanted: bool) -> None:
    assert decision.answer is not (Answer.DENY if wanted else Answer.ALLOW), decision


# --------------------------------------------------------------------------- AWS's gotchas, one by one

ALICE = f"arn:aws:iam::{OURS}:user/alice"
ROLE = f"arn:aws:iam::{OURS}:role/app"
SESSION = f"arn:aws:sts::{OURS}:assumed-role/app/run"
KEY = "arn:aws:s3:::box/key"


def allow(**more: Any) -> Value[Document]:
    """A policy of one statement that allows everything, but for what is said."""
    statement = {"Effect": "Allow", "Action": "*", "Resource": "*", **more}
    return document({"Version": statement.pop("Version", "2012-10-17"), "Statement": [statement]})


def answer_of(
    access: Access, who: str = ALICE, action: str = "s3:GetObject", resource: str = KEY, **context: Any
) -> str:
    keys = {key.replace("__", ":"): value for key, value in context.items()}
    return access.decide(Request(caller(who), action, resource, keys, complete=True)).answer.value


@pytest.mark.parametrize(
    ("operator", "values", "absent"),
    [
        ("StringEquals", ["a"], "DENY"),
        ("StringNotEquals", ["a"], "ALLOW"),
        ("NumericNotEquals", ["1"], "ALLOW"),
        ("NotIpAddress", ["10.0.0.0/8"], "ALLOW"),
        ("ArnNotLike", ["arn:*"], "ALLOW"),
        ("Bool", ["false"], "DENY"),
        ("BoolIfExists", ["true"], "ALLOW"),
        ("ForAllValues:StringEquals", ["a"], "ALLOW"),
        ("ForAnyValue:StringEquals", ["a"], "DENY"),
        ("ForAnyValue:StringNotEquals", ["a"], "DENY"),
        ("ForAllValues:StringEquals", [], "ALLOW"),
        ("Null", ["true"], "ALLOW"),
        ("Null", ["false"], "DENY"),
    ],
)
def test_a_key_that_is_absent(operator: str, values: list[str], absent: str) -> None:
    assert answer_of(Access([allow(Condition={operator: {"x:Key": values}})])) == absent


def test_an_empty_set_is_no_value() -> None:
    all_ = Access([allow(Condition={"ForAllValues:StringEquals": {"x:Key": "a"}})])
    assert answer_of(all_, x__Key=()) == answer_of(all_, x__Key="") == "ALLOW"
    any_ = Access([allow(Condition={"ForAnyValue:StringLike": {"x:Key": "*"}})])
    assert answer_of(any_, x__Key=()) == answer_of(any_, x__Key="") == "DENY"
    there = Access([allow(Condition={"Null": {"x:Key": "false"}})])
    assert answer_of(there, x__Key=()) == "DENY"


@pytest.mark.parametrize(
    ("written", "value", "answer"),
    [
        ({"StringEqualsIgnoreCase": {"x:K": "${aws:username}"}}, "ALICE", "ALLOW"),
        ({"StringEquals": {"x:K": "${aws:username}"}}, "ALICE", "DENY"),
        ({"StringLike": {"x:K": "a${*}"}}, "a*", "ALLOW"),
        ({"StringLike": {"x:K": "a${*}"}}, "ab", "DENY"),
        ({"StringLike": {"x:K": "a${?}${$}"}}, "a?$", "ALLOW"),
        ({"StringEquals": {"x:K": "${x:None, 'red'}"}}, "red", "ALLOW"),
        ({"StringEquals": {"x:K": "${x:None}"}}, "", "DENY"),
        ({"StringNotEquals": {"x:K": "${x:None}"}}, "anything", "ALLOW"),
        ({"StringEquals": {"X:k": "red"}}, "red", "ALLOW"),
        ({"StringEquals": {"x:K": "r*"}}, "red", "DENY"),
        ({"NumericEquals": {"x:K": "1e1"}}, "10.0", "ALLOW"),
        ({"DateLessThan": {"x:K": "2026-01-01T00:00:00Z"}}, "1700000000", "ALLOW"),
        ({"IpAddress": {"x:K": "2001:db8::/32"}}, "2001:db8::7", "ALLOW"),
        ({"IpAddress": {"x:K": "0.0.0.0/0"}}, "2001:db8::7", "DENY"),
        ({"ArnLike": {"x:K": "arn:aws:x:*:1:f/*"}}, "arn:aws:x:a:9:b:1:f/d", "DENY"),
        ({"StringLike": {"x:K": "arn:aws:x:*:1:f/*"}}, "arn:aws:x:a:9:b:1:f/d", "ALLOW"),
        ({"ArnLike": {"x:K": "arn:aws:x:${aws:PrincipalType}:*:f"}}, "arn:aws:x:User:1:y:f", "DENY"),
    ],
)
def test_conditions_to_the_letter(written: Json, value: str, answer: str) -> None:
    assert answer_of(Access([allow(Condition=written)]), x__K=value) == answer


def test_a_version_without_variables_takes_them_as_text() -> None:
    resource = {"Resource": "arn:aws:s3:::box/${aws:username}"}
    mine, literal = "arn:aws:s3:::box/alice", "arn:aws:s3:::box/${aws:username}"
    assert answer_of(Access([allow(**resource)]), resource=mine) == "ALLOW"
    old = Access([allow(Version="2008-10-17", **resource)])
    assert (answer_of(old, resource=mine), answer_of(old, resource=literal)) == ("DENY", "ALLOW")


def test_actions_are_compared_without_case_and_resources_with_it() -> None:
    assert answer_of(Access([allow(Action="S3:getOBJECT")])) == "ALLOW"
    assert answer_of(Access([allow(Resource=KEY.upper())])) == "DENY"
    assert (
        answer_of(Access([allow(Resource="arn:aws:lambda:*:*:function:f")]), resource=f"{KEY}:PROD") == "DENY"
    )


@pytest.mark.parametrize(
    ("principal", "who", "answer"),
    [
        (ROLE, ROLE, "DENY"),  # limited by the implicit deny of the boundary
        (SESSION, SESSION, "ALLOW"),  # granted to the session itself
        (ALICE, ALICE, "ALLOW"),
        ("*", ROLE, "ALLOW"),
        (OURS, ROLE, "DENY"),  # the account only delegates
    ],
)
def test_a_boundary_limits_what_is_granted_to_a_role_only(principal: str, who: str, answer: str) -> None:
    policy = allow(Principal={"AWS": principal})
    access = Access([], resource=policy, account=OURS, boundary=allow(Action="sqs:*"))
    assert answer_of(access, who) == answer


def test_accounts_within_and_across() -> None:
    policy = allow(Principal={"AWS": [OURS, THEIRS]})
    assert answer_of(Access([], resource=policy, account=OURS)) == "DENY"
    assert answer_of(Access([allow()], account=OURS)) == "ALLOW"
    assert answer_of(Access([allow()], account=THEIRS)) == "DENY"
    assert answer_of(Access([], resource=policy, account=THEIRS)) == "DENY"
    assert answer_of(Access([allow()], resource=policy, account=THEIRS)) == "ALLOW"


def test_roles_and_keys_have_a_policy_of_their_own() -> None:
    role, key = f"arn:aws:iam::{OURS}:role/r", f"arn:aws:kms:eu:{OURS}:key/k"
    for action, resource in (("sts:AssumeRole", role), ("kms:Decrypt", key)):
        assert answer_of(Access([allow()]), action=action, resource=resource) == "UNDECIDED"
        trusting = Access([allow()], resource=allow(Principal={"AWS": OURS}))
        assert answer_of(trusting, action=action, resource=resource) == "ALLOW"
        other = Access([allow()], resource=allow(Principal={"AWS": THEIRS}))
        assert answer_of(other, action=action, resource=resource) == "DENY"
    assert answer_of(Access([allow()]), action="kms:ListKeys", resource="*") == "ALLOW"


def test_who_is_spared_by_not_principal() -> None:
    def deny(*names: str) -> Access:
        statement = {"Effect": "Deny", "NotPrincipal": {"AWS": list(names)}, "Action": "*", "Resource": "*"}
        return Access([allow()], resource=document({"Statement": [statement]}), account=OURS)

    root = f"arn:aws:iam::{OURS}:root"
    assert answer_of(deny(ALICE, root)) == "ALLOW"
    assert answer_of(deny(THEIRS)) == "DENY"
    assert answer_of(deny(ALICE)) == answer_of(deny(root)) == "UNDECIDED"
    statement = {"Effect": "Deny", "NotPrincipal": {"AWS": [ALICE, root]}, "Action": "*", "Resource": "*"}
    bounded = Access([allow()], resource=document({"Statement": [statement]}), account=OURS, boundary=allow())
    assert answer_of(bounded) == "DENY"


def test_organizations_bind_accounts_and_not_services() -> None:
    nothing = allow(Action="sqs:*")
    everyone = allow(Principal="*")
    assert answer_of(Access([allow()], scps=[[allow()], [nothing]])) == "DENY"
    assert answer_of(Access([], resource=everyone, scps=[[nothing]]), "sns.amazonaws.com") == "ALLOW"
    rcp = document({"Statement": [{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}]})
    assert answer_of(Access([], resource=everyone, rcps=[[rcp]]), "sns.amazonaws.com") == "DENY"
    assert answer_of(Access([], scps=[[nothing]]), f"arn:aws:iam::{OURS}:root") == "DENY"
    assert answer_of(Access([]), f"arn:aws:iam::{OURS}:root") == "ALLOW"


def test_anyone_is_services_and_the_anonymous_too() -> None:
    for principal in ("*", {"AWS": "*"}):
        access = Access([], resource=allow(Principal=principal))
        assert answer_of(access, "*") == answer_of(access, "sns.amazonaws.com") == "ALLOW"
    only = Access([], resource=allow(Principal="*", Condition={"StringEquals": {"aws:SourceAccount": OURS}}))
    assert answer_of(only, "sns.amazonaws.com", aws__SourceAccount=OURS) == "ALLOW"
    assert answer_of(only, ROLE) == "DENY"  # only services send it


def test_what_decided_is_named() -> None:
    denial = {"Sid": "No", "Effect": "Deny", "Action": "s3:Get*", "Resource": "*"}
    policies_ = [
        allow(),
        document({"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}, denial]}),
    ]
    ask = Request(caller(ALICE), "s3:GetObject", KEY, complete=True)
    for engine in (Access(policies_), Access(policies_, boundary=allow())):
        found = engine.decide(ask)
        (by,) = found.deciding
        assert (found.answer, by.layer, by.document, by.statement.index) == (Answer.DENY, Layer.IDENTITY, 1, 1)
    both = Access([allow()], boundary=allow(), scps=[[allow()]]).decide(ask)
    assert [one.layer for one in both.deciding] == [Layer.IDENTITY, Layer.BOUNDARY, Layer.SCP]
    refused = Access([allow()], boundary=allow(Action="sqs:*")).decide(ask)
    assert "permissions boundary" in refused.reason


def test_what_would_settle_it_is_named() -> None:
    gap = Unknown("the file could not be read", make.ORIGIN)
    ask = Request(caller(ALICE), "s3:GetObject", KEY)
    assert decide(ask, [gap]).undecided == ("the identity-based policy: the file could not be read",)
    named = decide(ask, [allow(Sid="Odd", Condition={"StringSounds": {"x:K": "a"}})])
    assert named.undecided == (
        "`StringSounds` in statement Odd of the identity-based policy is no condition operator",
    )
    assert decide(ask, None).answer is Answer.UNDECIDED
    assert answer_of(Access([allow(Condition={"NumericEquals": {"x:K": "1"}})]), x__K="one") == "UNDECIDED"


def test_a_role_is_told_by_its_name_where_a_part_of_that_has_slashes() -> None:
    arn = ("arn:aws:iam::", Hole("account"), ":role/service/", Hole("Stack/Orders/Role.RoleName"))
    caller = Caller(CallerKind.ROLE, "".join(map(str, arn)), shape=arn)
    told = Request(caller, "s3:GetObject", "arn:aws:s3:::b/o").sentence()
    assert told.startswith("the role `${Stack/Orders/Role.RoleName}` can call")
    named = Caller(CallerKind.ROLE, "arn:aws:iam::123456789012:role/service/orders")
    assert (
        Request(named, "s3:GetObject", "arn:aws:s3:::b/o").sentence().startswith("the role `orders` can call")
    )
