"""What an owner accepts, by comments and by the configuration, and what becomes of what accepts nothing."""

from __future__ import annotations

import time
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stockade.accept import Accept, Case, Ledger
from stockade.control import Noise, State
from stockade.model.remark import Remark
from stockade.report import SuppressionKind
from stockade.source import Source, Span
from tests.accepting import accepted, counted, function, notices, scanned
from tests.patience import PATIENCE

F = "aws_lambda_function.f"
ALL = ["deprecated-runtime", "unreserved-concurrency", "untraced-function"]
RUNTIME = "# stockade: accept[deprecated-runtime] moves in May"


def controls(found: list[tuple[str, str, str]]) -> list[str]:
    return sorted(control for control, _, _ in found)


# ----------------------------------------------------------------------------------- where it may stand


@pytest.mark.parametrize(
    "places",
    [
        {"beside": f" {RUNTIME}"},
        {"inside": f"  {RUNTIME}\n"},
        {"inside": f"  {RUNTIME}\n  # and more is said\n  // of it\n"},
        {"above": f"{RUNTIME}\n"},
        {"above": f"# the old one\n{RUNTIME}\n"},
        {"tail": f" {RUNTIME}"},
        {"tail": " /* stockade: accept[deprecated-runtime]\n  moves in May */"},
        {"tail": " // stockade: accept[deprecated-runtime]: moves in May"},
        {"tail": " // stockade: accept [ deprecated-runtime , ] - moves in May"},
    ],
)
def test_a_comment_accepts_what_is_on_its_line_or_begins_there(places: dict[str, str]) -> None:
    report = scanned(function("f", **places))
    assert accepted(report) == [("deprecated-runtime", F, "moves in May")]
    assert sorted(counted(report)) == [(name, F) for name in ALL[1:]]
    assert report.notices == ()
    assert report.functions[0].checklist["deprecated-runtime"] is State.ACCEPTED


def test_one_comment_may_name_several_controls() -> None:
    report = scanned(function("f", above="# stockade: accept[untraced-function, deprecated-runtime] why\n"))
    assert controls(accepted(report)) == ["deprecated-runtime", "untraced-function"]
    assert notices(report) == []


def test_several_comments_may_stand_above_one_line() -> None:
    above = "".join(f"# stockade: accept[{name}] because of {name}\n" for name in ALL)
    report = scanned(function("f", above=above))
    assert sorted(accepted(report)) == [(name, F, f"because of {name}") for name in ALL]
    assert report.worst() is None


def test_the_narrowest_comment_gives_the_reason_and_both_are_of_use() -> None:
    report = scanned(
        function("f", above=f"{RUNTIME}\n", beside=" # stockade: accept[deprecated-runtime] sooner")
    )
    assert accepted(report) == [("deprecated-runtime", F, "sooner")]
    assert notices(report) == []


def test_a_comment_is_about_nothing_else() -> None:
    report = scanned(function("f", above=f"{RUNTIME}\n") + function("g"))
    assert [address for _, address, _ in accepted(report)] == [F]
    report = scanned(function("f", beside=" # stockade: accept[untraced-function] why"))
    assert accepted(report) == []
    assert [one[0] for one in notices(report)] == ["unused"]


def test_what_looks_like_a_comment_in_a_text_accepts_nothing() -> None:
    text = function("f").replace('"f"\n', f'"f"\n  description = <<EOT\n{RUNTIME}\nEOT\n', 1)
    assert accepted(scanned(text)) == []
    quoted = 'description = "${"# stockade: accept[deprecated-runtime] no"}"'
    assert accepted(scanned(function("f", inside=f"  {quoted}\n"))) == []


def test_the_place_that_decides_may_be_far_from_the_resource() -> None:
    text = function("f").replace('"python3.8"', "local.runtime")
    text += f'locals {{\n  runtime = "python3.8" {RUNTIME}\n}}\n'
    assert controls(accepted(scanned(text))) == ["deprecated-runtime"]
    variable = function("f").replace('"python3.8"', "var.runtime") + 'variable "runtime" {}\n'
    files = {"main.tf": variable, "terraform.tfvars": f'{RUNTIME}\nruntime = "python3.8"\n'}
    assert controls(accepted(scanned(files))) == ["deprecated-runtime"]


def test_json_has_comments_too() -> None:
    text = """{"resource": {"aws_lambda_function": {"f": {
      "//": "stockade: accept[deprecated-runtime] moves in May",
      "function_name": "f", "role": "arn:aws:iam::123456789012:role/f", "runtime": "python3.8"
    }}}}"""
    assert accepted(scanned({"main.tf.json": text})) == [("deprecated-runtime", F, "moves in May")]


# --------------------------------------------------------------------------------------------- modules

CALLS = """\
{above}module "a" {{
  source = "./fn"
  runtime = {runtime}
}}
module "b" {{
  source = "./fn"
  runtime = {runtime}
}}
locals {{
  old = "python3.8"
}}
"""
CALLED = 'variable "runtime" {}\n' + function("f").replace('"python3.8"', "var.runtime")


@pytest.mark.parametrize("runtime", ['"python3.8"', "local.old"])
def test_on_a_module_call_it_accepts_what_is_inside_through_that_call_only(runtime: str) -> None:
    above = "# stockade: accept[deprecated-runtime, untraced-function] why\n"
    report = scanned({"main.tf": CALLS.format(above=above, runtime=runtime), "fn/main.tf": CALLED})
    assert {(control, address) for control, address, _ in accepted(report)} == {
        ("deprecated-runtime", f"module.a.{F}"),
        ("untraced-function", f"module.a.{F}"),
    }
    assert ("deprecated-runtime", f"module.b.{F}") in counted(report)
    assert notices(report) == []


def test_in_the_module_it_accepts_for_all_callers() -> None:
    inside = CALLED.replace("resource", "# stockade: accept[untraced-function] why\nresource")
    report = scanned({"main.tf": CALLS.format(above="", runtime='"python3.8"'), "fn/main.tf": inside})
    assert [address for _, address, _ in accepted(report)] == [f"module.a.{F}", f"module.b.{F}"]


def test_on_the_outer_call_it_reaches_through_nested_ones() -> None:
    files = {
        "main.tf": '# stockade: accept[untraced-function] why\nmodule "out" {\n  source = "./mid"\n}\n',
        "mid/main.tf": 'module "in" {\n  source = "../fn"\n}\n',
        "fn/main.tf": function("f"),
    }
    assert accepted(scanned(files)) == [("untraced-function", f"module.out.module.in.{F}", "why")]


def test_a_comment_of_a_shared_module_is_of_use_if_it_is_so_to_one_root() -> None:
    good = CALLED.replace("resource", "# stockade: accept[deprecated-runtime] why\nresource")
    root = 'module "a" {\n  source = "../fn"\n  runtime = "%s"\n}\n'
    files = {"new/main.tf": root % "python3.13", "old/main.tf": root % "python3.8", "fn/main.tf": good}
    report = scanned(files)
    assert len(report.inputs) == 2
    assert controls(accepted(report)) == ["deprecated-runtime"]
    assert notices(report) == []


# --------------------------------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("comment", "message", "help"),
    [
        ("accept[deprecated-runtime]", "`accept[deprecated-runtime]` gives no reason, so nothing", "write"),
        ("accept[deprecated-runtime] --", "`accept[deprecated-runtime]` gives no reason, so nothing", "write"),
        ("accept[deprecated-runtim] why", "no control is called `deprecated-runtim`", "did you mean"),
        ("accept[CKV_AWS_50] why", "no control is called `CKV_AWS_50`", "`stockade explain` lists them"),
        ("accept[*] why", "no control is called `*`", "name each control"),
        ("accept[] why", "this comment names no control", "write `stockade: accept[control] reason`"),
        ("accept why", "`accept why` is nothing that Stockade understands", "write"),
        ("ignore[deprecated-runtime] why", "`ignore[deprecated-runtime] why` is nothing that", "write"),
        ("", "`` is nothing that Stockade understands", "write"),
    ],
)
def test_what_is_not_understood_accepts_nothing_and_is_told(comment: str, message: str, help: str) -> None:
    report = scanned(function("f", above=f"# stockade: {comment}\n"))
    assert accepted(report) == []
    (notice,) = report.notices
    assert (notice.kind.value, notice.evidence[0].span.line) == ("refused", 1)
    assert notice.message.startswith(message)
    assert notice.help.startswith(help)


def test_what_is_right_of_a_comment_counts_beside_what_is_not() -> None:
    report = scanned(function("f", above="# stockade: accept[untraced-function, no-such-thing] why\n"))
    assert controls(accepted(report)) == ["untraced-function"]
    assert [one[:2] for one in notices(report)] == [("refused", "no control is called `no-such-thing`")]


# --------------------------------------------------------------------------------------- what is unused

IDLE = "# stockade: accept[open-cors] why\n"


def test_a_comment_that_accepts_nothing_is_told() -> None:
    report = scanned(function("f", above=IDLE))
    (notice,) = report.notices
    assert notice.kind.value == "unused"
    assert notice.message.startswith("`accept[open-cors]` accepts nothing")
    report = scanned(function("f", above="# stockade: accept[open-cors, untraced-function] why\n"))
    assert [one.message.split()[0] for one in report.notices] == ["`accept[open-cors]`"]
    assert [one[0] for one in notices(scanned(f"{function('f')}{RUNTIME}\n\n"))] == ["unused"]


def test_what_was_not_asked_is_not_called_unused() -> None:
    assert scanned(function("f", above=IDLE), only=["untraced-function"]).notices == ()
    assert len(scanned(function("f", above=IDLE), only=["open-cors"]).notices) == 1


def test_a_finding_withheld_for_its_noise_is_of_use_all_the_same() -> None:
    text = function("f") + (
        "# stockade: accept[open-cors] why\n"
        'resource "aws_lambda_function_url" "u" {\n  function_name = "f"\n  authorization_type = "AWS_IAM"\n'
        '  cors {\n    allow_origins = ["*"]\n  }\n}\n'
    )
    loud = scanned(text, noise=Noise.AUDIT)
    (finding,) = (one for one in loud.findings if one.control == "open-cors")
    assert finding.suppressed is not None
    assert finding.noise > Noise.REGULAR
    assert scanned(text).notices == ()


# ------------------------------------------------------------------------------------ the configuration

SETTINGS = Source("stockade.toml", b"[[accept]]\n")


def entry(*names: str, **where: Any) -> Accept:
    return Accept(SuppressionKind.CONFIGURATION, names, "we know", Span(SETTINGS, 0, 10), **where)


TWO = function("f") + function("g")


@pytest.mark.parametrize(
    ("where", "addresses"),
    [
        ({}, ["f", "g"]),
        ({"address": "aws_lambda_function.f"}, ["f"]),
        ({"address": "aws_lambda_function.*"}, ["f", "g"]),
        ({"address": "*.h"}, []),
        ({"function": "g"}, ["g"]),
        ({"function": "aws_lambda_function.f"}, ["f"]),
        ({"function": "f", "address": "*.g"}, []),
    ],
)
def test_an_entry_accepts_where_all_its_globs_fit(where: dict[str, str], addresses: list[str]) -> None:
    report = scanned(TWO, accepts=[entry("untraced-function", **where)])
    assert [address[-1] for _, address, _ in accepted(report)] == addresses
    assert [one[0] for one in notices(report)] == ([] if addresses else ["unused"])


@pytest.mark.parametrize(
    ("path", "number"), [("infra", 2), ("infra/fn/*.tf", 2), ("**/fn", 2), ("infra/main.tf", 0), ("fn", 0)]
)
def test_paths_are_those_of_the_deciding_place_and_the_resource(path: str, number: int) -> None:
    files = {"infra/main.tf": CALLS.format(above="", runtime='"python3.13"'), "infra/fn/main.tf": CALLED}
    accept = entry("untraced-function", path=path)
    assert len(accepted(scanned(files, accepts=[accept]))) == number


def test_an_entry_of_a_function_is_not_about_what_it_shares_with_others() -> None:
    url = (
        'resource "aws_lambda_function_url" "u" {\n  function_name = "f"\n  authorization_type = "NONE"\n'
        '  cors {\n    allow_origins = ["*"]\n  }\n}\n'
    )
    orphan = url.replace('"f"', '"somewhere-else"')
    for text, number in ((url, 1), (orphan, 0)):
        report = scanned(function("f") + text, noise=Noise.AUDIT, accepts=[entry("open-cors", function="*")])
        assert len(accepted(report)) == number


@pytest.mark.parametrize(("day", "counts"), [("2026-11-22", False), ("2026-11-23", True), ("2027-01-01", True)])
def test_an_entry_counts_up_to_its_last_day(day: str, counts: bool) -> None:
    report = scanned(TWO, accepts=[entry("untraced-function", until=date.fromisoformat(day))])
    assert len(accepted(report)) == (2 if counts else 0)
    expected = (
        []
        if counts
        else [("expired", f"`[[accept]]` of `untraced-function` ended on {day}: 2 findings are back", 1)]
    )
    assert notices(report) == expected
    assert [one.suppressed.until for one in report.findings if one.suppressed] == [date.fromisoformat(day)] * (
        2 * counts
    )


def test_an_entry_that_is_over_and_has_nothing_to_accept() -> None:
    report = scanned(TWO, accepts=[entry("open-cors", until=date(2026, 1, 1))])
    assert notices(report) == [
        ("expired", "`[[accept]]` of `open-cors` ended on 2026-01-01 and has nothing to accept", 1)
    ]


def test_an_entry_that_may_be_about_something_else_is_not_called_unused() -> None:
    assert scanned(TWO, accepts=[entry("open-cors", partial=True)]).notices == ()


def test_a_comment_speaks_before_the_configuration_and_both_are_of_use() -> None:
    report = scanned(function("f", beside=f" {RUNTIME}"), accepts=[entry("deprecated-runtime")])
    (finding,) = (one for one in report.findings if one.suppressed)
    assert finding.suppressed is not None
    assert (finding.suppressed.kind, finding.suppressed.reason) == (SuppressionKind.COMMENT, "moves in May")
    assert report.notices == ()


# --------------------------------------------------------------------------------------------- lookup

CODE = Source("main.tf", b"x" * 40)
SPANS = st.tuples(st.integers(0, 30), st.integers(1, 12)).map(lambda pair: Span(CODE, pair[0], sum(pair)))


@given(st.lists(SPANS, max_size=8), st.lists(SPANS, max_size=4))
def test_comments_are_found_by_place_as_a_look_at_each_would(scopes: list[Span], places: list[Span]) -> None:
    remarks = [Remark(f"accept[x] {n}", Span(CODE, n, n + 1), scope) for n, scope in enumerate(scopes)]
    ledger = Ledger({"x"}, {"x"}, date(2026, 11, 23))
    ledger.open(remarks)
    fitting = [
        (scope.end - scope.start, number)
        for number, scope in enumerate(scopes)
        if any(scope.start <= place.start < scope.end for place in places)
    ]
    got = ledger.accepted(Case(("x",), "a", (), places, ()))
    assert (got.reason if got else None) == (str(min(fitting)[1]) if fitting else None)
    idle = {one.evidence[0].span.start for one in ledger.notices()}
    assert idle == set(range(len(scopes))) - {number for _, number in fitting}


def test_a_place_in_another_file_is_another_place() -> None:
    other = Source("main.tf", b"x" * 40)
    ledger = Ledger({"x"}, {"x"}, date(2026, 11, 23))
    ledger.open([Remark("accept[x] why", Span(CODE, 0, 1), Span(CODE, 0, 40))])
    assert ledger.accepted(Case(("x",), "a", (), [Span(other, 5, 6)], ())) is None


def test_many_comments_take_linear_time() -> None:
    source = Source("main.tf", b"x" * 40_000)
    lines = [Span(source, n, n + 1) for n in range(40_000)]
    ledger = Ledger({"x"}, {"x"}, date(2026, 11, 23))
    start = time.process_time()
    ledger.open([Remark("accept[x] why", line, line) for line in lines])
    assert all(ledger.accepted(Case(("x",), "a", (), [line], ())) for line in lines)
    assert ledger.notices() == ()
    assert time.process_time() - start < PATIENCE


# -------------------------------------------------------------------------------- what others were told


@pytest.mark.parametrize(
    "comment", ["# checkov:skip=CKV_AWS_50: a nightly job", "//checkov:skip=CKV_AWS_50:a nightly job"]
)
def test_a_reason_told_to_checkov_is_a_reason_unless_that_is_turned_off(comment: str) -> None:
    files = function("f", inside=f"  {comment}\n") + function("g")
    assert accepted(scanned(files, checkov_skips=False)) == []
    report = scanned(files)
    assert accepted(report) == [("untraced-function", F, "a nightly job")]
    assert ("untraced-function", "aws_lambda_function.g") in counted(report)
    assert report.notices == ()


@pytest.mark.parametrize(
    "inside",
    [
        "  # checkov:skip=CKV_AWS_50\n",
        "  # checkov:skip=CKV_AWS_50:\n",
        "  # checkov:skip=CKV_AWS_1: of another kind\n",
        "  # checkov:skip=CKV_AWS_363: not for us: runtimes are decided here\n",
        '  description = "# checkov:skip=CKV_AWS_50: in a string"\n',
    ],
)
def test_what_gives_no_reason_or_is_about_something_else_accepts_nothing(inside: str) -> None:
    report = scanned(function("f", inside=inside))
    assert accepted(report) == []
    assert report.notices == ()


@pytest.mark.parametrize(
    ("above", "inside"),
    [
        ("# tfsec:ignore:aws-lambda-enable-tracing\n", ""),
        ("#trivy:ignore:AVD-AWS-0017\n#trivy:ignore:AVD-AWS-0066\n", ""),
        ("# tfsec:ignore:aws-lambda-enable-code-signing tfsec:ignore:aws-lambda-enable-tracing\n", ""),
        ("", "  # checkov:skip=CKV_AWS_50\n"),
        ("", "  memory_size = 128 #tfsec:ignore:aws-lambda-enable-tracing\n"),
    ],
)
def test_what_is_left_out_without_a_reason_waits_for_strict(above: str, inside: str) -> None:
    files = above + function("f", inside=inside) + function("g")
    report = scanned(files)
    assert accepted(report) == []
    told = {one for one in counted(report) if one[0] == "untraced-function"}
    assert told == {("untraced-function", "aws_lambda_function.g")}
    assert ("untraced-function", F) in counted(scanned(files, noise=Noise.STRICT))
    assert ("untraced-function", F) in counted(scanned(files, checkov_skips=False))
    assert report.notices == ()


@pytest.mark.parametrize(
    "above",
    ["# tfsec:ignore:aws-lambda-enable-code-signing\n", "# tfsec:ignore:aws-lambda-enable-tracing\n\n\n\n\n\n"],
)
def test_what_is_left_out_elsewhere_is_told(above: str) -> None:
    assert ("untraced-function", F) in counted(scanned(above + function("f")))


def test_many_wrong_comments_take_little_time_and_space() -> None:
    ledger = Ledger({"untraced-function"}, (), date(2026, 11, 23))
    line = Span(CODE, 0, 1)
    start = time.process_time()
    ledger.open([Remark(f"accept[untraced-{n}] why", Span(CODE, n, n), line) for n in range(5_000)])
    ledger.open([Remark("x" * 100_000, Span(CODE, 9_000, 9_000), line)])
    assert time.process_time() - start < PATIENCE
    found = ledger.notices()
    assert len(found) == 5_001
    assert found[0].help == "did you mean `untraced-function`?"
    assert max(len(one.message) for one in found) < 120
