"""Worlds and controls make a report."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from stockade.accept import Accept
from stockade.checklist import Item
from stockade.control import (
    Control,
    Crashed,
    Fails,
    Fix,
    Holds,
    Noise,
    Safety,
    Severity,
    State,
    Undecided,
    Verdict,
)
from stockade.errors import BudgetExceeded
from stockade.model.function import Function
from stockade.model.role import ExecutionRole, Grant, Role, RolePolicy
from stockade.model.url import FunctionUrl
from stockade.model.world import Gap, World
from stockade.read.inputs import Input
from stockade.report import CALLED, Finding, NoticeKind, Report, SuppressionKind
from stockade.scan import scan
from stockade.source import Source, Span
from stockade.value import Default, Derived, Fetched, Hole, Known, Origin, Ref, Unknown, Written, text_of

MAIN = Source(
    "main.tf",
    b"""resource "aws_lambda_function" "a" {
  runtime = "python2.7"
  environment {
    variables = { KEY = "hunter2hunter2" }
  }
}
resource "aws_lambda_function" "b" {
}
resource "aws_lambda_function_url" "a" {
  authorization_type = "NONE"
}
module "m" {
  source = "./m"
}
""",
)
AT = "2026-11-23T10:00:00Z"


def at(text: str, source: Source = MAIN) -> Span:
    start = source.data.index(text.encode())
    return Span(source, start, start + len(text.encode()))


def block(first_line: str) -> Span:
    """A whole block, from its first line to its brace."""
    start = MAIN.data.index(first_line.encode())
    return Span(MAIN, start, MAIN.data.index(b"\n}", start) + 2)


HEADER_A = 'resource "aws_lambda_function" "a"'
HEADER_B = 'resource "aws_lambda_function" "b"'
HEADER_URL = 'resource "aws_lambda_function_url" "a"'


def function(letter: str, origin: Origin | None = None) -> Function:
    address = f"aws_lambda_function.{letter}"
    origin = origin or Written(block(f'resource "aws_lambda_function" "{letter}"'))
    return Function(
        address=address,
        origin=origin,
        name=Known(f"fn-{letter}", origin),
        role=Unknown("it is made elsewhere", origin),
    )


def url(of: Function, *, key: str = "", address: str = "aws_lambda_function_url.a") -> FunctionUrl:
    origin = Written(block(HEADER_URL))
    name = Known("fn", origin, Ref(of.address, "function_name"))
    return FunctionUrl(
        address=address,
        origin=origin,
        key=key,
        function_name=name,
        auth_type=Known("NONE", Written(at('"NONE"'))),
    )


A, B = function("a"), function("b")
URL = url(A)
WORLD = World(functions=(B, A), urls=(URL,))


def control(
    check: Callable[[Any, World], Verdict | None],
    subject: type[Any] = Function,
    *,
    name: str = "bad-thing",
    item: Item = Item.TRACING,
    severity: Severity = Severity.MEDIUM,
    noise: Noise = Noise.REGULAR,
) -> Control[Any]:
    return Control(name, "A bad thing.", subject, severity, noise, item, "0.1.0", (), check)


def run(*controls: Control[Any], world: World = WORLD, **options: Any) -> Report:
    return scan([Input("terraform", "infra", 7, world)], controls, at=AT, **options)


def fails(because: Origin | None = None, **more: Any) -> Callable[[Any, World], Verdict]:
    return lambda subject, world: Fails("it is bad", because or subject.origin, **more)


def holds(subject: Any, world: World) -> Verdict:
    return Holds(subject.origin)


def accept(control: str, **where: Any) -> Accept:
    """An entry of the configuration."""
    return Accept(SuppressionKind.CONFIGURATION, (control,), "we know", at("module"), **where)


def only(report: Report) -> Finding:
    assert len(report.findings) == 1
    return report.findings[0]


def states(report: Report, name: str = "bad-thing") -> list[State]:
    return [one.checklist[name] for one in report.functions]


# ------------------------------------------------------------------------------------------- states


def test_every_function_is_told_in_the_order_of_addresses() -> None:
    report = run(control(holds))
    assert [(one.address, one.name) for one in report.functions] == [
        ("aws_lambda_function.a", "fn-a"),
        ("aws_lambda_function.b", "fn-b"),
    ]
    first = report.functions[0].span
    assert first is not None and first.raw == HEADER_A.encode()
    assert (report.at, report.inputs[0].resources) == (AT, 7)


def test_a_control_without_subjects_does_not_apply() -> None:
    report = run(control(fails(), FunctionUrl))
    assert states(report) == [State.FAILS, State.NOT_APPLICABLE]
    assert only(report).functions == ("aws_lambda_function.a",)


def test_the_worst_answer_of_all_subjects_counts() -> None:
    urls = (url(A, key="1"), url(A, key="2"), url(A, key="3"))
    answers: dict[str, Verdict] = {
        "1": Holds(A.origin),
        "2": Fails("it is bad", A.origin),
        "3": Undecided(Unknown("who knows", A.origin)),
    }
    world = World(functions=(A,), urls=urls)
    report = run(control(lambda one, _: answers[one.key], FunctionUrl), world=world)
    assert states(report) == [State.FAILS]
    tally = report.coverage["bad-thing"]
    assert (tally.holds, tally.fails, tally.undecided, tally.crashed) == (1, 1, 1, 0)


def test_a_subject_that_a_control_is_not_about_counts_nowhere() -> None:
    report = run(control(lambda one, _: Holds(one.origin) if one is A else None))
    assert states(report) == [State.HOLDS, State.NOT_APPLICABLE]
    assert report.coverage["bad-thing"].holds == 1
    assert report.functions[1].rows[Item.TRACING] is State.NOT_APPLICABLE


def test_a_crash_is_a_finding_and_costs_no_other_answer() -> None:
    def broken(one: Function, _: World) -> Verdict:
        raise KeyError(one.address)

    report = run(control(broken, name="a-broken", noise=Noise.AUDIT), control(fails(), name="b-fine"))
    assert states(report, "a-broken") == [State.CRASHED, State.CRASHED]
    assert states(report, "b-fine") == [State.FAILS, State.FAILS]
    crashed = [one for one in report.findings if one.control == "a-broken"]
    assert [one.outcome for one in crashed] == [
        Crashed("KeyError: 'aws_lambda_function.a'"),
        Crashed("KeyError: 'aws_lambda_function.b'"),
    ]
    assert "please report" in (crashed[0].help or "")


def test_a_control_that_runs_out_of_budget_is_undecided() -> None:
    def endless(one: Function, _: World) -> Verdict:
        raise BudgetExceeded("evaluating it takes more steps than a scan allows")

    report = run(control(endless))
    assert states(report) == [State.UNDECIDED] * 2
    assert report.findings[0].cause == "evaluating it takes more steps than a scan allows"


def test_rows_take_the_worst_of_their_controls_and_unasked_ones_stay_open() -> None:
    report = run(
        control(holds, name="a"),
        control(fails(), name="b"),
        control(holds, name="c", item=Item.ERROR_ALARM),
        control(fails(), FunctionUrl, name="d", item=Item.ERROR_ALARM),
    )
    first, second = report.functions
    assert first.rows[Item.TRACING] is State.FAILS
    assert (first.rows[Item.ERROR_ALARM], second.rows[Item.ERROR_ALARM]) == (State.FAILS, State.HOLDS)
    assert first.rows[Item.NETWORK] is State.NOT_DECIDED
    assert report.items[Item.ERROR_ALARM] == ("c", "d")


def test_only_what_is_wanted_is_asked() -> None:
    report = run(control(fails(), name="a"), control(fails(), name="b", item=Item.NETWORK), only=["b"])
    assert {one.control for one in report.findings} == {"b"}
    assert report.asked == ("b",)
    assert list(report.functions[0].checklist) == ["b"]
    assert report.items[Item.TRACING] == ("a",)
    assert report.functions[0].rows[Item.TRACING] is State.NOT_DECIDED


# -------------------------------------------------------------------------------------------- noise


def test_noisier_findings_are_counted_and_neither_fail_nor_hold() -> None:
    quiet = run(control(fails(), noise=Noise.STRICT))
    assert quiet.findings == ()
    assert states(quiet) == [State.NOT_DECIDED] * 2
    assert quiet.withheld == {Noise.STRICT: 2}
    assert quiet.worst() is None

    strict = run(control(fails(), noise=Noise.STRICT), noise=Noise.STRICT)
    assert states(strict) == [State.FAILS] * 2
    assert strict.withheld == {}


def test_a_finer_point_is_withheld_and_does_not_count_as_holding() -> None:
    def check(one: Function, _: World) -> Verdict:
        return (
            Fails("a bit bad", one.origin, noise=Noise.AUDIT, severity=Severity.LOW)
            if one is A
            else holds(one, _)
        )

    report = run(control(check))
    assert states(report) == [State.NOT_DECIDED, State.HOLDS]
    loud = run(control(check), noise=Noise.AUDIT)
    assert (only(loud).severity, only(loud).noise) == (Severity.LOW, Noise.AUDIT)
    assert states(loud) == [State.FAILS, State.HOLDS]


def test_what_another_finding_tells_counts_and_is_not_told_again() -> None:
    def check(one: Function, _: World) -> Verdict:
        return Fails("all of it", one.origin, told_by="admin-role") if one is A else holds(one, _)

    report = run(control(check))
    assert states(report) == [State.FAILS, State.HOLDS]
    assert not report.findings
    assert report.coverage["bad-thing"].fails == 1
    assert only(run(control(check), noise=Noise.AUDIT)).noise is Noise.AUDIT


@pytest.mark.parametrize(("noise", "state"), [(Noise.STRICT, State.NOT_DECIDED), (Noise.AUDIT, State.HOLDS)])
def test_a_row_does_not_hold_where_a_strict_failure_of_it_is_withheld(noise: Noise, state: State) -> None:
    report = run(control(holds, name="a"), control(fails(), name="b", noise=noise))
    assert report.functions[0].rows[Item.TRACING] is state
    report = run(control(fails(), name="a"), control(fails(), name="b", noise=noise))
    assert report.functions[0].rows[Item.TRACING] is State.FAILS


def test_what_the_owner_accepts_does_not_fail() -> None:
    known = accept("bad-thing", address="aws_lambda_function.a")
    report = run(control(fails()), accepts=[known])
    assert states(report) == [State.ACCEPTED, State.FAILS]
    reasons = [one.suppressed and one.suppressed.reason for one in report.findings]
    assert reasons == ["we know", None]
    everything = run(control(fails()), accepts=[accept("bad-thing")])
    assert everything.worst() is None


def test_what_is_accepted_and_not_even_listed_leaves_the_state_as_it_was() -> None:
    report = run(control(fails(), noise=Noise.STRICT), accepts=[accept("bad-thing")])
    assert states(report) == [State.NOT_DECIDED] * 2
    assert report.notices == ()


def test_a_crash_is_not_the_owners_to_accept() -> None:
    def broken(one: Function, _: World) -> Verdict:
        raise KeyError(one.address)

    report = run(control(broken), accepts=[accept("bad-thing")])
    assert states(report) == [State.CRASHED] * 2
    assert [one.kind for one in report.notices] == [NoticeKind.UNUSED]


def test_who_accepts_a_finding_accepts_what_it_tells() -> None:
    told = control(fails(told_by="worse-thing"))
    worse = control(fails(), name="worse-thing")
    report = run(told, worse, accepts=[accept("worse-thing")])
    assert states(report) == states(report, "worse-thing") == [State.ACCEPTED] * 2


def test_the_owners_accounts_reach_the_controls() -> None:
    seen: list[frozenset[str]] = []

    def check(one: Function, world: World) -> Verdict:
        seen.append(world.accounts)
        return Holds(one.origin)

    run(control(check), accounts=frozenset({"123456789012"}))
    assert seen == [frozenset({"123456789012"})] * 2


# ----------------------------------------------------------------------------------------- evidence


def test_the_written_place_is_primary_and_the_resource_stands_beside_it() -> None:
    evidence = only(run(control(fails(Written(at('"NONE"'))), FunctionUrl))).evidence
    assert [(one.span.raw.decode(), one.note) for one in evidence] == [
        ('"NONE"', ""),
        (HEADER_URL, "aws_lambda_function_url.a"),
    ]


def test_a_statement_stands_beside_the_resource_that_holds_its_policy() -> None:
    document = Unknown("who knows", A.origin)
    policy = RolePolicy(
        address="aws_iam_role_policy.p",
        origin=Written(block(HEADER_B)),
        kind="inline",
        name=A.name,
        arn=Known(None, A.origin),
        document=document,
    )
    name, role_origin = Known("r", A.origin), Written(block(HEADER_A))
    role = Role(
        address="r",
        origin=role_origin,
        name=name,
        trust=document,
        arn=Known("arn", A.origin),
        policies=(policy,),
    )
    execution = ExecutionRole(
        address="r", origin=role_origin, key="run", role=Known(role, A.origin), functions=(A.address,)
    )
    grant = Grant(
        address=policy.address,
        origin=Written(at("variables")),
        key="0",
        execution_role=execution,
        policy=policy,
        statement=Unknown("who knows", A.origin),
    )
    world = World(functions=(A,), roles=(role,), execution_roles=(execution,), grants=(grant,))
    evidence = only(run(control(fails(Written(at("KEY"))), Grant), world=world)).evidence
    assert [(one.span.raw.decode(), one.note) for one in evidence] == [
        ("KEY", ""),
        (HEADER_B, "aws_iam_role_policy.p"),
    ]


def test_a_default_shows_the_resource_and_says_whose_default() -> None:
    report = run(control(fails(Default("nothing is traced by default"))), world=World(functions=(A,)))
    evidence = only(report).evidence
    assert [(one.span.raw.decode(), one.note) for one in evidence] == [
        (HEADER_A, "nothing is traced by default")
    ]


def test_module_calls_lead_to_the_place() -> None:
    via = (block('module "m"'),)
    report = run(
        control(fails(Written(at('"python2.7"'), via), also=(Written(at('"NONE"')),))),
        world=World(functions=(A,)),
    )
    evidence = only(report).evidence
    assert [(one.span.raw.decode(), one.note) for one in evidence] == [
        ('"python2.7"', ""),
        ('module "m"', CALLED),
        ('"NONE"', ""),
        (HEADER_A, "aws_lambda_function.a"),
    ]


def test_a_derived_origin_shows_all_its_places_once() -> None:
    key, runtime = Written(at("KEY")), Written(at('"python2.7"'))
    origin = Derived("joined", (Default("x"), key, Derived("inner", (runtime, key))))
    evidence = only(run(control(fails(origin)), world=World(functions=(A,)))).evidence
    assert [one.span.raw for one in evidence][:2] == [b"KEY", b'"python2.7"']
    assert len(evidence) == 3


def test_what_was_fetched_has_no_place() -> None:
    origin = Fetched("lambda:GetFunction", "/Configuration", "123456789012", "eu-west-1", AT)
    world = World(functions=(function("a", origin),))
    report = run(control(fails()), world=world)
    assert only(report).evidence == ()
    assert report.functions[0].span is None


def test_places_of_secrets_are_concealed_even_when_the_finding_is_not_listed() -> None:
    check = fails(Written(at('"hunter2hunter2"')), secret=True)
    report = run(control(check, noise=Noise.AUDIT), world=World(functions=(A,)))
    assert report.findings == ()
    assert [span.raw for span in report.concealed] == [b'"hunter2hunter2"']


def test_an_undecided_answer_tells_its_cause_and_what_would_settle_it() -> None:
    reason = "variable `stage` has no default and was not given"
    finding = run(control(lambda one, _: Undecided(Unknown(reason, Written(at("KEY")))))).findings[0]
    assert finding.cause == reason
    assert finding.message == f"not known: {reason}"
    assert "`--var stage=…`" in (finding.help or "")
    assert finding.evidence[0].span.raw == b"KEY"
    other = run(control(lambda one, _: Undecided(Unknown("AWS decides", one.origin)))).findings[0]
    assert other.help is None


def test_a_doubt_about_the_subject_is_kept() -> None:
    doubtful = Function(
        address="aws_lambda_function.a",
        origin=A.origin,
        name=A.name,
        role=A.role,
        doubt=Unknown("`count` is not known", A.origin),
    )
    report = run(control(fails()), world=World(functions=(doubtful,)))
    assert only(report).doubt == "`count` is not known"
    assert report.functions[0].doubt == "`count` is not known"


def test_names_that_are_partly_known_are_shown_as_far_as_they_are() -> None:
    name = Unknown("it depends", A.origin, text_of("api-", Hole("var.stage")))
    world = World(functions=(Function(address="f", origin=A.origin, name=name, role=A.role),))
    assert run(control(holds), world=world).functions[0].name == "api-${var.stage}"


# ------------------------------------------------------------------------- order, fingerprints, gaps


def test_findings_are_sorted_worst_first_then_by_place() -> None:
    severe = control(fails(), name="z-severe", severity=Severity.CRITICAL)
    mild = control(fails(), name="a-mild", severity=Severity.LOW)
    report = run(mild, severe)
    assert [(one.control, one.address[-1]) for one in report.findings] == [
        ("z-severe", "a"),
        ("z-severe", "b"),
        ("a-mild", "a"),
        ("a-mild", "b"),
    ]
    assert report.worst() is Severity.CRITICAL


def test_the_order_of_a_world_does_not_matter() -> None:
    urls = tuple(url(one, key=key, address=f"u.{key}") for one, key in ((A, "1"), (B, "2"), (A, "3")))
    controls = (control(fails(), FunctionUrl, name="x"), control(fails(), name="y"))
    one = run(*controls, world=World(functions=(A, B), urls=urls))
    other = run(*controls, world=World(functions=(B, A), urls=urls[::-1]))
    assert one.findings == other.findings
    assert one.functions == other.functions


def test_fingerprints_come_from_control_address_and_key_not_from_lines() -> None:
    moved = Source("elsewhere.tf", b"# a line more\n" + MAIN.data)
    origin = Written(at(HEADER_A, moved))
    before = run(control(fails()), world=World(functions=(A,)))
    after = run(control(fails()), world=World(functions=(function("a", origin),)))
    assert only(before).fingerprint == only(after).fingerprint
    assert only(before).evidence != only(after).evidence
    other = run(control(fails(), name="other"), world=World(functions=(A,)))
    assert only(other).fingerprint != only(before).fingerprint


def test_fingerprints_tell_keys_and_repetitions_apart() -> None:
    urls = (url(A, key="1"), url(A, key="2"), url(A, key="2"))
    report = run(control(fails(), FunctionUrl), world=World(functions=(A,), urls=urls))
    prints = [one.fingerprint for one in report.findings]
    assert len(set(prints)) == 3
    assert all(len(one) == 16 and int(one, 16) >= 0 for one in prints)


def test_inputs_are_told_apart() -> None:
    inputs = [Input("terraform", path, 1, World(functions=(A,))) for path in ("prod", "stage")]
    report = scan(inputs, [control(fails())], at=AT)
    assert [(one.input, one.address) for one in report.functions] == [
        (0, "aws_lambda_function.a"),
        (1, "aws_lambda_function.a"),
    ]
    assert [one.input for one in report.findings] == [0, 1]
    assert len({one.fingerprint for one in report.findings}) == 2


def test_gaps_are_told_once_and_in_order() -> None:
    late = Gap("`b`", "it is not there", Written(at("module")), "look for it")
    early = Gap("`a`", "it is not there", Written(at(HEADER_A)))
    report = run(world=World(gaps=(late, early, late)))
    assert [(one.what, one.help) for one in report.gaps] == [("`a`", None), ("`b`", "look for it")]
    assert report.gaps[1].evidence[0].span.raw == b"module"


def test_inputs_are_taken_one_at_a_time() -> None:
    seen: list[str] = []

    def inputs() -> Iterator[Input]:
        for path in ("prod", "stage"):
            seen.append(f"read {path}")
            yield Input("terraform", path, 1, World(functions=(A,)))

    def check(one: Function, _: World) -> Verdict:
        seen.append("ask")
        return Holds(one.origin)

    scan(inputs(), [control(check)], at=AT)
    assert seen == ["read prod", "ask", "read stage", "ask"]


def test_a_fix_is_kept() -> None:
    fix = Fix("mend it", Safety.SAFE, ())
    assert only(run(control(fails(fix=fix)), world=World(functions=(A,)))).fix == fix
