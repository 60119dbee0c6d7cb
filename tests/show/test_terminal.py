"""The report at a terminal.

The pages beside this file are what a person sees; STOCKADE_UPDATE=1 writes them anew, to be read
before they are committed.
"""

from __future__ import annotations

import os
import random
import re
from dataclasses import replace
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from stockade.checklist import Item
from stockade.control import Code, Fails, Fix, Noise, Safety, Severity
from stockade.report import Evidence, Finding, GapReport, Report, Suppression, SuppressionKind
from stockade.show.checklist import LABELS
from stockade.show.groups import together
from stockade.show.terminal import show
from stockade.source import Source, Span
from stockade.value import Written
from tests.show.sample import MAIN, at, finding, function, many, small, states

PAGES = Path(__file__).parent / "pages"


def page(report: Report, width: int = 80, **options: object) -> str:
    file = StringIO()
    show(report, Console(file=file, width=width, **options))  # type: ignore[arg-type]
    return file.getvalue()


@pytest.mark.parametrize("width", [80, 200])
@pytest.mark.parametrize("name", ["small", "many"])
def test_pages(name: str, width: int) -> None:
    path = PAGES / f"{name}-{width}.txt"
    text = page({"small": small, "many": many}[name](), width)
    if os.environ.get("STOCKADE_UPDATE"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("width", [40, 60, 80, 100, 132, 200])
@pytest.mark.parametrize("report", [small(), many()], ids=["small", "many"])
def test_lines_fit(report: Report, width: int) -> None:
    """Only paths, commands and the key to the table may be longer than a narrow terminal."""
    long = [line for line in page(report, width).splitlines() if cell_len(line) > width]
    assert width < 80 or long == []
    assert all(cell_len(line) <= 80 for line in long)


def test_without_colour_there_is_not_one_escape_and_with_it_the_words_are_the_same() -> None:
    plain = page(small())
    assert "\x1b" not in plain
    coloured = page(small(), force_terminal=True, color_system="standard")
    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == plain


def test_an_encoding_without_the_glyphs_gets_others() -> None:
    raw = BytesIO()
    file = TextIOWrapper(raw, encoding="ascii")
    name = "日本"
    report = small()
    renamed = replace(report, functions=(replace(report.functions[0], name=name), *report.functions[1:]))
    show(renamed, Console(file=file, width=80))
    file.flush()
    text = raw.getvalue().decode("ascii")
    assert "x no plain secrets" in text
    assert r"\u65e5\u672c" in text
    assert '"live..."' in text


def test_secrets_are_nowhere_in_it() -> None:
    for width in (80, 200):
        assert "4eC39" not in page(small(), width)
        assert "correct horse" not in page(small(), width)


def test_hostile_text_reaches_no_terminal() -> None:
    evil = "\x1b[2J[red]x[/red]\u202e\r\n\x07"
    source = Source(f"a{evil}.tf", f"x = {evil}\n".encode())
    span = Span(source, 0, 6)
    one = finding(
        "admin-role", evil, (evil,), Severity.HIGH, evil, Evidence(span, evil), Evidence(span, "called here")
    )
    also = finding("admin-role", evil, (), Severity.HIGH, evil, Evidence(Span(source, 2, 3), evil), doubt=evil)
    open_one = finding("shared-role", evil, (), Severity.LOW, evil, Evidence(span, ""), cause=evil, help=evil)
    accepted = finding(
        "shared-role", evil, (), Severity.LOW, evil, suppressed=Suppression(SuppressionKind.COMMENT, evil, span)
    )
    report = replace(
        small(),
        version=evil,
        inputs=(replace(small().inputs[0], path=evil),),
        functions=tuple(function(f"{evil}{n}", evil, span, states()) for n in range(3)),
        findings=(one, also, open_one, accepted),
        gaps=(GapReport(0, evil, evil, evil, (Evidence(span, evil),)),),
    )
    crowd = replace(report, functions=report.functions * 5)
    for text in (page(report), page(crowd), page(report, 200)):
        assert all(line.isprintable() for line in text.split("\n"))
        assert "[red]x[/red]" in text


def test_findings_that_say_the_same_are_told_once() -> None:
    text = page(many())
    assert text.count("anyone on the internet may call this function") == 1
    assert text.count("`s3:*` allows every action of S3") == 1
    assert "and 59 other calls" in text
    assert "service-000, service-001, service-002 and 57 more" in text
    assert "and 11 more places" in text


def test_findings_that_differ_in_the_names_they_quote_are_told_once_and_named() -> None:
    report = small()
    template = next(one for one in report.findings if isinstance(one.outcome, Fails))
    messages = [
        "`GET /a` asks nobody",
        "`POST /b` and `PUT /b` ask",
        "`POST /b` asks nobody",
        "`PUT /c` asks all",
    ]
    report = replace(report, findings=tuple(replace(template, message=one) for one in messages))
    lines = page(report).splitlines()
    assert sum("asks nobody" in line for line in lines) == 1
    assert sum("asks all" in line for line in lines) == 1
    also = lines.index("    = also")
    assert "`POST /b`" in lines[also + 1]
    assert not lines[also + 2].strip()


def test_the_order_of_equal_findings_does_not_show_in_names() -> None:
    report = many()
    shuffled = list(report.functions)
    random.Random(1).shuffle(shuffled)
    assert page(replace(report, functions=tuple(shuffled))) == page(report)


def test_undecided_questions_are_told_by_their_cause() -> None:
    text = page(small())
    assert text.count("variable `stage` has no default") == 1
    assert "leaked-hostname (2), public-invoke, unscoped-logs" in text
    assert "`--var stage=…`" in text


def test_nothing_wrong() -> None:
    report = replace(small(), findings=(), gaps=(), withheld={}, excluded=())
    text = page(report)
    assert text.splitlines()[-1] == "nothing fails"
    assert "Findings" not in text


def test_no_functions() -> None:
    report = replace(small(), functions=(), findings=(), gaps=(), withheld={Noise.AUDIT: 3})
    text = page(report)
    assert "There are no Lambda functions here." in text
    assert text.splitlines()[-1] == "Not listed: 3 with `--noise audit`."


def test_no_functions_where_something_was_not_read() -> None:
    text = page(replace(small(), functions=(), findings=()))
    assert "No Lambda function was found in what could be read; see below what was not." in text


def test_only_the_asked_rows_are_shown() -> None:
    report = replace(small(), asked=("untraced-function",))
    text = page(report)
    assert "✗ tracing" in text
    assert "least privilege" not in text


def test_findings_without_a_place_show_the_address() -> None:
    report = replace(small(), findings=(finding("admin-role", "arn:aws:x", (), Severity.HIGH, "it is bad"),))
    assert "   --> arn:aws:x" in page(report)


def test_a_place_in_another_file_than_its_resource_names_the_resource() -> None:
    other = Source("vars.tf", b'default = "NONE"\n')
    header = Evidence(at(MAIN, 'resource "aws_lambda_function_url" "orders"'), "u")
    primary = Evidence(Span(other, 10, 16), "")
    text = page(
        replace(small(), findings=(finding("admin-role", "u", (), Severity.HIGH, "bad", primary, header),))
    )
    assert "= of        u  infra/main.tf:27\n" in text


def test_functions_of_several_inputs_stand_under_their_input() -> None:
    report = many(8)
    inputs = (report.inputs[0], replace(report.inputs[0], path="other"))
    functions = (*report.functions[:4], *(replace(one, input=1) for one in report.functions[4:]))
    lines = page(replace(report, inputs=inputs, functions=functions)).splitlines()
    assert lines.index("  infra") != lines.index("  other")
    first = lines.index("  other")
    names = [line.split()[0] for line in lines[first + 1 : first + 5]]
    assert sorted(names) == ["service-004", "service-005", "service-006", "service-007"]


def test_further_places_stand_in_the_excerpt_when_near_and_below_it_when_not() -> None:
    primary, near = Evidence(at(MAIN, '"NONE"'), ""), Evidence(at(MAIN, '"BUFFERED"'), "")
    far, told = (
        Evidence(at(MAIN, '"nodejs16.x"'), ""),
        Evidence(at(MAIN, 'variable "stage"'), "it has no default"),
    )
    one = finding("admin-role", "u", (), Severity.HIGH, "bad", primary, near, far, told)
    text = page(replace(small(), findings=(one,)))
    assert ' 29 │   invoke_mode        = "BUFFERED"\n 30 │   authorization_type = "NONE"\n' in text
    assert '= see       infra/main.tf:13  runtime       = "nodejs16.x"\n' in text
    assert "= see       infra/main.tf:5  it has no default\n" in text


def test_one_reason_is_told_once_however_often_it_is_written() -> None:
    places = [Span(MAIN, n, n + 1) for n in (0, 40, 80)]
    held = [
        finding(
            "admin-role",
            f"a{n}",
            (),
            Severity.LOW,
            "bad",
            Evidence(place, ""),
            suppressed=Suppression(SuppressionKind.COMMENT, "we know", place),
        )
        for n, place in enumerate(places)
    ]
    notice = small().notices[0]
    again = replace(notice, evidence=(Evidence(places[2], ""),))
    text = page(replace(small(), findings=tuple(held), notices=(notice, again)))
    assert text.count("a admin-role: we know") == 1
    assert (
        "    at    infra/main.tf:1 and 2 other places\n    by    infra/main.tf:1 and 2 other places\n" in text
    )
    assert text.count(notice.message) == 1
    assert f"{notice.message}\n    at    infra/main.tf:1 and 1 other place\n" in text


def test_a_baseline_of_which_nothing_is_there() -> None:
    text = page(replace(small(), findings=()))
    assert "none of them is there" in text
    assert "3 of the baseline are gone" in text


def test_every_row_has_a_label() -> None:
    assert set(LABELS) == set(Item)
    assert all(len(label) <= 16 for label in LABELS.values())
    assert len(set(LABELS.values())) == len(LABELS)


def _fails_of(name: str, control: str, line: int) -> Finding:
    """A finding that several functions may have in common."""
    place = Span(MAIN, line, line + 1)
    outcome = Fails("this one is bad", Written(place), together="these {n} are bad")
    address = f"aws_lambda_function.{name}"
    return finding(
        control, address, (address,), Severity.LOW, "this one is bad", Evidence(place, ""), outcome=outcome
    )


def test_what_several_functions_have_in_common_is_told_in_one_sentence() -> None:
    found = [_fails_of(name, "unalarmed-errors", n * 40) for n, name in enumerate("abc")]
    text = page(replace(small(), findings=tuple(found)))
    assert "[unalarmed-errors]: these 3 are bad\n" in text
    assert "this one is bad" not in text
    assert all(f"aws_lambda_function.{name} " in text for name in "abc")


def test_functions_are_listed_once_for_several_sentences() -> None:
    found = [
        _fails_of(name, control, n * 40)
        for control in ("unalarmed-errors", "untraced-function")
        for n, name in enumerate("abc")
    ]
    other = [_fails_of(name, "unreserved-concurrency", n * 40) for n, name in enumerate("ab")]
    text = page(replace(small(), findings=(*found, *other)))
    assert text.count("= functions the same 3 as for unalarmed-errors\n") == 1
    assert text.count("aws_lambda_function.c ") == 1
    assert text.count("aws_lambda_function.b ") == 2


def test_one_function_is_told_as_one() -> None:
    text = page(replace(small(), findings=(_fails_of("a", "unalarmed-errors", 0),)))
    assert "[unalarmed-errors]: this one is bad\n" in text
    assert "these" not in text


def test_gaps_that_differ_in_names_alone_are_told_once() -> None:
    gaps = tuple(
        GapReport(0, f"`module.{name}` was not read", f"module `{name}` is not downloaded", "get it", ())
        for name in "abc"
    )
    text = page(replace(small(), gaps=gaps))
    assert (
        "! `module.a`, `module.b`, `module.c` were not read: module `a` is not downloaded (and 2 more likewise)"
        in " ".join(text.split())
    )
    assert text.count("get it") == 1


def test_what_was_not_read_is_put_together_where_one_name_differs() -> None:
    assert together(["`a` was not read"]) == "`a` was not read"
    assert together(["what `p` makes of `a`", "what `p` makes of `b`"]) == "what `p` makes of `a`, `b`"
    assert together(["what `p` makes of `a`", "what `q` makes of `b`"]) == (
        "what `p` makes of `a`, what `q` makes of `b`"
    )
    assert together(["a part of `a` was", "the rest of `a` was"]) == "a part of `a` was, the rest of `a` was"
    assert together([f"`{one}` was not read" for one in "abcdefg"]) == (
        "`a`, `b`, `c`, `d` and 3 more were not read"
    )


def test_what_a_fix_leaves_to_a_person_is_told_and_the_code_shown() -> None:
    text = 'def handler(event, context):\n    password = secret_from_env("DB_SECRET_ARN")\n'
    fix = Fix("keep it elsewhere", Safety.REVIEW, (), note="rotate the secret", code=(Code("python", text),))
    one = replace(_fails_of("a", "unalarmed-errors", 0), fix=fix)
    shown = page(replace(small(), findings=(one,)), 120)
    assert "= fix       keep it elsewhere (to be reviewed)\n" in shown
    assert "= note      rotate the secret\n" in shown
    assert "= code      in python:\n" in shown
    assert all(f"        {line}\n" in shown for line in text.splitlines())


def test_many_other_places_are_a_line_for_each_file() -> None:
    text = b"".join(b"line-%02d\n" % number for number in range(1, 60))
    files = [Source(f"infra/{name}.tf", text) for name in ("a", "b", "c", "d")]
    rows = [(0, 1), (0, 40), (0, 45), (1, 3), (2, 7), (3, 9), (3, 11)]
    places = [Evidence(at(files[file], f"line-{line:02}"), "") for file, line in rows]
    many = finding("shared-role", "aws_iam_role.a", (), Severity.LOW, "they share it", *places)
    shown = page(replace(small(), findings=(many,)))
    assert (
        "    = see       infra/a.tf:40, 45\n    = see       infra/b.tf:3\n    = see       infra/c.tf:7\n"
        "                and 2 other places\n" in shown
    )
    few = page(replace(small(), findings=(replace(many, evidence=many.evidence[:3]),)))
    assert "    = see       infra/a.tf:40  line-40\n    = see       infra/a.tf:45  line-45\n" in few
