"""Proofs and witnesses against the reference evaluator, which knows nothing of either."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from stockade.iam.request import CallerKind, Request
from stockade.iam.symbolic import (
    Finding,
    Proved,
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
PATIENT = settings(max_examples=60, suppress_health_check=SLOW, deadline=None)
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
    """Requests for every action on every resource, in the contexts and by the callers of some examples."""
    for one, action, resource in product(examples, ACTIONS, RESOURCES):
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
                request.caller,
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
    examples = [one for one in examples if one.who.kind != "root"]
    resource = resource.replace("*", "?")
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
