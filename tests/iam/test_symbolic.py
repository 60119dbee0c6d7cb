"""Proofs and witnesses against the reference evaluator, which knows nothing of either."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from stockade.iam.decide import Access, Answer
from stockade.iam.policy import loads
from stockade.iam.request import CallerKind, Request, caller
from stockade.iam.symbolic import (
    Finding,
    Proved,
    Undecided,
    Witness,
    always_allows,
    can_anyone,
    ever_allows,
    no_wider_than,
    overlap,
)
from stockade.iam.zones import TrustZone
from stockade.value import Hole
from tests.iam import strategies as make
from tests.iam.reference import Call, Scene, Unsaid, Who, allowed, allowed_alone
from tests.iam.strategies import (
    ACTIONS,
    CALLERS,
    OURS,
    RESOURCES,
    Json,
    access,
    calls,
    document,
    policies,
    scenes,
)

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
PATIENT = settings(max_examples=50, suppress_health_check=SLOW, deadline=None)
STEPS = 50_000

_KINDS = {
    CallerKind.ANONYMOUS: "anonymous",
    CallerKind.ROOT: "root",
    CallerKind.USER: "user",
    CallerKind.ROLE: "role",
    CallerKind.SERVICE: "service",
    CallerKind.FEDERATED: "federated",
    CallerKind.CANONICAL: "canonical",
}


def call_of(request: Request, owner: str = "") -> Call:
    """A witness as the reference reads it; who does not matter is a role of the resource's own account."""
    assert isinstance(request.resource, str)
    context: dict[str, Sequence[str]] = {}
    for key, found in request.context.items():
        if found is not None:
            assert all(isinstance(one, str) for one in found)
            context[key] = [str(one) for one in found]
    if request.caller is None:
        account = owner or (request.resource.split(":") + [""] * 5)[4]
        account = account if account.isdigit() else OURS
        who = Who("role", f"arn:aws:iam::{account}:role/any", f"arn:aws:sts::{account}:assumed-role/any/run")
    else:
        who = Who(_KINDS[request.caller.kind], request.caller.name, request.caller.session)
        for key, derived in make.derived(who).items():
            if derived is not None:
                assert list(context.setdefault(key, derived)) == derived, "a caller that is not what it says"
            else:
                assert key not in context or key == "aws:principaltype"
    return Call(who, request.action, request.resource, context)


def unsaid(answer: Callable[[], bool]) -> bool | None:
    try:
        return answer()
    except Unsaid:
        return None


def tried(examples: Sequence[Call]) -> Iterator[Call]:
    """The examples, and requests for every action on every resource otherwise like the first two."""
    yield from examples
    for one, action, resource in product(examples[:2], ACTIONS, RESOURCES):
        yield replace(one, action=action, resource=resource)


def judge(
    finding: Finding, says: Callable[[Call], bool | None], examples: Sequence[Call], owner: str = ""
) -> str:
    """Hold a finding to a claim: its witness makes it, and if there is none, no request does."""
    if isinstance(finding, Witness):
        assert says(call_of(finding.request, owner)) is not False, finding.request
    elif isinstance(finding, Proved):
        for call in tried(examples):
            assert not says(call), call
    else:
        assert finding.reason
    return type(finding).__name__


def newly(new: Sequence[Json], old: Sequence[Json]) -> Callable[[Call], bool | None]:
    return lambda call: unsaid(lambda: allowed_alone(new, call) and not allowed_alone(old, call))


# --------------------------------------------------------------------------- documents by themselves

some_calls = st.lists(calls(make.USUAL), min_size=3, max_size=5)
any_calls = st.lists(calls(CALLERS), min_size=4, max_size=8)


@given(policies(), policies(), some_calls)
@PATIENT
def test_no_wider_than(new: Json, old: Json, examples: list[Call]) -> None:
    finding = no_wider_than([document(new)], [document(old)], steps=STEPS)
    judge(finding, newly([new], [old]), examples)


@given(policies(), some_calls, st.data())
@PATIENT
def test_a_policy_and_what_is_made_of_it(policy: Json, examples: list[Call], data: st.DataObject) -> None:
    """Between relatives proofs are likely: something is left out, or denied on top."""
    statements = list(policy["Statement"])
    at = data.draw(st.integers(0, len(statements) - 1))
    fewer = {**policy, "Statement": statements[:at] + statements[at + 1 :]}
    denial = data.draw(make.statements(effect="Deny"))
    narrower = {**policy, "Statement": [*statements, denial]}
    for new, old in ((fewer, policy), (policy, fewer), (policy, narrower)):
        judge(no_wider_than([document(new)], [document(old)], steps=STEPS), newly([new], [old]), examples)
    assert isinstance(no_wider_than([document(policy)], [document(policy)], steps=STEPS), Proved)
    assert isinstance(no_wider_than([document(narrower)], [document(policy)], steps=STEPS), Proved)


@given(policies(of_resource=True), policies(of_resource=True), any_calls)
@PATIENT
def test_no_wider_than_with_principals(new: Json, old: Json, examples: list[Call]) -> None:
    judge(no_wider_than([document(new)], [document(old)], steps=STEPS), newly([new], [old]), examples)
    assert isinstance(no_wider_than([document(new)], [document(new)], steps=STEPS), Proved)


@given(policies(), policies(), some_calls)
@PATIENT
def test_overlap(one: Json, other: Json, examples: list[Call]) -> None:
    def both(call: Call) -> bool | None:
        return unsaid(lambda: allowed_alone([one], call) and allowed_alone([other], call))

    judge(overlap([document(one)], [document(other)], steps=STEPS), both, examples)


@given(policies(), st.sampled_from(make.ACTION_GLOBS), st.sampled_from(make.RESOURCES[1:]), some_calls)
@PATIENT
def test_ever_and_always(policy: Json, action: str, resource: str, examples: list[Call]) -> None:
    asked = [action], [resource.replace("*", "?")]
    within: Json = {"Statement": [{"Effect": "Allow", "Action": asked[0], "Resource": asked[1]}]}

    def is_asked(call: Call) -> bool:
        return allowed_alone([within], call)

    judge(
        ever_allows([document(policy)], *asked, steps=STEPS),
        lambda call: is_asked(call) and allowed_alone([policy], call),
        examples,
    )
    judge(
        always_allows([document(policy)], *asked, steps=STEPS),
        lambda call: is_asked(call) and not allowed_alone([policy], call),
        examples,
    )


@given(policies(of_resource=True), any_calls)
@PATIENT
def test_who_is_let_in_from_outside(policy: Json, examples: list[Call]) -> None:
    zone = TrustZone(accounts=frozenset([OURS]))

    def from_outside(call: Call) -> bool | None:
        source = call.context.get("aws:sourcearn", [""])[0]
        inside = call.who.account == OURS or source.split(":")[4:5] == [OURS]
        return False if inside else unsaid(lambda: allowed_alone([policy], call))

    judge(can_anyone([document(policy)], outside=zone, steps=STEPS), from_outside, examples)


@given(policies(), policies(), some_calls, st.sampled_from(["box", "alice", "red", "jobs"]), st.booleans())
@PATIENT
def test_a_finding_holds_whatever_holes_stand_for(
    new: Json, old: Json, examples: list[Call], hole: str, as_ref: bool
) -> None:
    finding = no_wider_than([make.holed(new, hole, as_ref)], [make.holed(old, hole, as_ref)], steps=STEPS)
    name = f"aws_thing.{hole}.name" if as_ref else hole
    for filling in (hole, "other", "re"):
        real = newly([make.filled(new, hole, filling)], [make.filled(old, hole, filling)])
        if isinstance(finding, Witness):
            request = finding.request
            filled = Request(
                request.caller and caller(request.caller.name.replace(f"${{{name}}}", filling) or "*"),
                request.action,
                _filled(request.resource, name, filling),
                {
                    key: None if found is None else [_filled(one, name, filling) for one in found]
                    for key, found in request.context.items()
                },
                complete=True,
            )
            assert real(call_of(filled)) is not False
        elif isinstance(finding, Proved):
            for call in tried(examples):
                changed = replace(call, resource=call.resource.replace(hole, filling))
                assert not real(changed)


def _filled(shape: Any, name: str, filling: str) -> str:
    if isinstance(shape, str):
        return shape
    return "".join(filling if isinstance(one, Hole) and one.name == name else str(one) for one in shape)


# ------------------------------------------------------------------------------- whole principals


def says(scene: Scene) -> Callable[[Call], bool | None]:
    return lambda call: unsaid(lambda: allowed(scene, call))


@given(scenes(), any_calls)
@PATIENT
def test_whether_anything_is_allowed_at_all(scene: Scene, examples: list[Call]) -> None:
    examples = [one for one in examples if one.who.kind != "root"]
    judge(ever_allows(access(scene), steps=STEPS), says(scene), examples, scene.owner)


@given(scenes(), scenes(), any_calls)
@PATIENT
def test_whether_a_principal_may_do_more(new: Scene, old: Scene, examples: list[Call]) -> None:
    examples = [one for one in examples if one.who.kind != "root"]

    def claim(call: Call) -> bool | None:
        mine, theirs = says(new)(call), says(old)(call)
        return mine and not theirs if mine is not None and theirs is not None else None

    for other in (old, replace(new, boundary=old.boundary), replace(new, scps=old.scps), new):
        old = other
        finding = no_wider_than(access(new), access(other), steps=STEPS)
        judge(finding, claim, examples, new.owner)
        if other is new and new.resource is None:
            assert isinstance(finding, Proved)


@given(scenes(), st.sampled_from(ACTIONS), st.sampled_from(RESOURCES[1:]), any_calls)
@PATIENT
def test_whether_a_principal_always_may(scene: Scene, action: str, resource: str, examples: list[Call]) -> None:
    resource = resource.replace("*", "?")
    if scene.resource is None:
        # Those are thought of whose policies these are: somebody of the resource's account.
        owner = scene.owner or resource.split(":")[4]
        examples = [
            one for one in examples if one.who.account and one.who.account == (owner or one.who.account)
        ]
    examples = [one for one in examples if one.who.kind != "root"]
    within: Json = {"Statement": [{"Effect": "Allow", "Action": action, "Resource": resource}]}

    def refused(call: Call) -> bool | None:
        answer = says(scene)(call)
        return None if answer is None else allowed_alone([within], call) and not answer

    judge(always_allows(access(scene), [action], [resource], steps=STEPS), refused, examples, scene.owner)


# ----------------------------------------------------------------------------------- the mixture


def test_all_three_answers_occur() -> None:
    seen: Counter[str] = Counter()

    @given(policies(), policies(), scenes())
    @settings(PATIENT, max_examples=150, phases=[Phase.generate], database=None)
    def count(new: Json, old: Json, scene: Scene) -> None:
        seen[type(no_wider_than([document(new)], [document(old)], steps=STEPS)).__name__] += 1
        seen[f"Principal {type(ever_allows(access(scene), steps=STEPS)).__name__}"] += 1

    count()
    assert seen["Proved"] > 10
    assert seen["Witness"] > 30
    assert seen["Undecided"] < 15
    assert seen["Principal Witness"] > 30
    assert seen["Principal Undecided"] < 60


# ------------------------------------------------------------------------------- what must not hang


def _policy(*statements: Json) -> Any:
    return document({"Version": "2012-10-17", "Statement": list(statements)})


def _allow(**more: Any) -> Json:
    return {"Effect": "Allow", "Action": "s3:*", "Resource": "*", **more}


@pytest.mark.parametrize("width", [5, 40, 300])
def test_globs_made_to_explode_end_within_their_budget(width: int) -> None:
    """Whatever comes of them: an answer that a reference confirms, or an honest one."""
    new = _policy(*(_allow(Resource=f"arn:aws:s3:::*{'a?b*' * width}{one}*") for one in "cdefgh"))
    old = _policy(*(_allow(Resource=f"arn:aws:s3:::*{'b*a?' * width}{one}*") for one in "cdefgh"))
    for finding in (no_wider_than([new], [old], steps=20_000), overlap([new], [old], steps=20_000)):
        assert isinstance(finding, Witness | Undecided)


def test_variables_among_many_stars_end_within_their_budget() -> None:
    stars = "*a" * 60
    new = _policy(_allow(Resource=f"arn:aws:s3:::{stars}${{aws:username}}b"))
    old = _policy(_allow(Resource=f"arn:aws:s3:::{stars}c*"), _allow(Resource=f"arn:aws:s3:::{stars}b*"))
    assert isinstance(no_wider_than([new], [old], steps=20_000), Witness | Undecided)


def test_a_thousand_principals() -> None:
    listed = [f"arn:aws:iam::{one:012}:role/r{one}" for one in range(2_000)]
    new = _policy(_allow(Principal={"AWS": listed}))
    old = _policy(_allow(Principal={"AWS": listed[:-1]}))
    assert isinstance(no_wider_than([old], [new]), Proved)
    finding = no_wider_than([new], [old])
    assert isinstance(finding, Witness)
    assert finding.request.caller is not None and finding.request.caller.name == listed[-1]


def test_a_long_policy() -> None:
    statements = [
        _allow(Action=[f"s3:Get{n}*", f"sqs:*{n}"], Resource=[f"arn:aws:s3:::b{n}/*", f"arn:aws:sqs:*:*:q*{n}"])
        for n in range(150)
    ]
    whole, less = _policy(*statements), _policy(*statements[:-1])
    assert isinstance(no_wider_than([less], [whole]), Proved)
    assert isinstance(no_wider_than([whole], [less]), Witness)


def test_many_conditions_on_many_keys() -> None:
    conditions = {
        operator: {f"aws:PrincipalTag/k{one}": [f"v{one}*", f"*w{one}"] for one in range(30)}
        for operator in ("StringLike", "StringNotLike")
    }
    deep = _policy(_allow(Condition=conditions), {**_allow(), "Effect": "Deny", "Condition": conditions})
    other = _policy(_allow(Condition={"StringLike": conditions["StringLike"]}))
    assert isinstance(no_wider_than([deep], [other], steps=20_000), Proved)
    assert isinstance(no_wider_than([other], [deep], steps=20_000), Witness | Undecided)


def test_numbers_of_any_size_are_only_numbers() -> None:
    huge = _policy(_allow(Condition={"NumericLessThan": {"s3:max-keys": "1e999999999"}}))
    long = _policy(_allow(Condition={"NumericLessThan": {"s3:max-keys": "1" + "0" * 150}}))
    more = _policy(_allow(Condition={"NumericLessThan": {"s3:max-keys": "1" + "0" * 149 + "1"}}))
    assert not isinstance(no_wider_than([huge], [long]), Witness)
    assert isinstance(no_wider_than([long], [more]), Proved)
    assert isinstance(no_wider_than([more], [long]), Witness)


# ------------------------------------------------------------------------------------- by example


def test_a_misspelt_account_is_shown_rather_than_left_out() -> None:
    principal = {"AWS": "arn:aws:iam::12345678901234:root"}
    new = _policy(_allow(Principal=principal))
    old = _policy(_allow(Principal=principal, Action="s3:ListBucket"))
    assert isinstance(no_wider_than([new], [old]), Witness)


def test_variables_in_a_version_that_has_none() -> None:
    text = {"Resource": "arn:aws:s3:::b/${aws:username}"}
    with_, without = _policy(_allow(**text)), document({"Statement": [_allow(**text)]})
    assert isinstance(no_wider_than([with_], [without]), Witness)
    assert isinstance(no_wider_than([with_], [with_]), Proved)


def test_a_caller_is_what_its_keys_say() -> None:
    new = _policy(
        _allow(
            Resource="arn:aws:s3:::b/${aws:username}",
            Condition={"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:user/*"}},
        )
    )
    finding = ever_allows([new])
    assert isinstance(finding, Witness) and finding.request.caller is not None
    name = finding.request.caller.name.rpartition("/")[2]
    assert finding.request.resource == f"arn:aws:s3:::b/{name}"


def test_what_is_unknown_is_neither_proved_nor_shown() -> None:
    unknown = loads("not json")
    assert isinstance(ever_allows([unknown]), Undecided)
    assert isinstance(no_wider_than([unknown], [_policy(_allow())]), Undecided)
    assert isinstance(ever_allows(Access(None)), Undecided)


def test_a_resources_policy_without_principals_lets_nobody_in() -> None:
    finding = can_anyone([_policy(_allow())])
    assert isinstance(finding, Undecided)
    assert finding.depends_on == ("the policy: a statement of a resource-based policy needs a Principal",)


def test_a_witness_is_a_request_that_people_know_again() -> None:
    finding = ever_allows([_policy(_allow(Action="sqs:SendMessage"))])
    assert isinstance(finding, Witness) and finding.is_real
    assert str(finding.request.resource).startswith("arn:aws:sqs:")


def test_a_boundary_and_a_resources_policy_count() -> None:
    nothing = _policy({**_allow(), "Action": "sqs:*"})
    assert isinstance(ever_allows(Access([_policy(_allow())], boundary=nothing), ["s3:*"]), Proved)
    granted = Access([], resource=_policy(_allow(Principal="*")), account=OURS)
    finding = ever_allows(granted)
    assert isinstance(finding, Witness) and finding.allowed.answer is Answer.ALLOW
