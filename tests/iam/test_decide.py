"""The engine's decisions against the reference evaluator, and AWS's gotchas one by one."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from stockade.iam.decide import Access, Answer, Decision, Layer
from stockade.iam.operators import OPERATORS, operator
from stockade.iam.policy import Document, parse
from stockade.iam.request import Request
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
        max_examples=600, phases=[Phase.generate], database=None, suppress_health_check=SLOW, deadline=None
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
