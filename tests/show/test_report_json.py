"""``stockade.report/1``: what is printed is what the published schema says, byte for byte the same."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from stockade.checklist import Item
from stockade.control import Noise, Severity, State
from stockade.show.json import document, show
from stockade.source import Source, Span
from tests.show.sample import many, small

SCHEMA: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "docs" / "schema" / "report-1.json").read_text()
)
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("report", [small(), many(), replace(small(), functions=(), findings=(), gaps=())])
def test_what_is_printed_fits_the_schema(report: Any) -> None:
    VALIDATOR.validate(json.loads(show(report)))


def _objects(schema: Any) -> list[dict[str, Any]]:
    if isinstance(schema, list):
        return [found for one in schema for found in _objects(one)]
    if not isinstance(schema, dict):
        return []
    below = [found for one in schema.values() for found in _objects(one)]
    return [schema, *below] if schema.get("type") == "object" else below


def test_the_schema_allows_nothing_it_does_not_name() -> None:
    for one in _objects(SCHEMA):
        assert "additionalProperties" in one
        if "properties" in one:
            assert one["additionalProperties"] is False


@pytest.mark.parametrize(
    "change",
    [
        {"schema": "stockade.report/2"},
        {"extra": 1},
        {"at": 5},
        {"noise": "loud"},
        {"findings": [{}]},
        {"functions": [{"address": "a"}]},
    ],
)
def test_the_schema_refuses(change: dict[str, Any]) -> None:
    with pytest.raises(jsonschema.ValidationError):
        VALIDATOR.validate(document(small()) | change)


def test_the_contract_of_version_1() -> None:
    """The keys that were promised first; more may come, none of these may go or change."""
    got = document(small())
    assert got["schema"] == "stockade.report/1"
    assert got["tool"] == {"name": "stockade", "version": "0.1.0", "data": {"runtimes": "2026-11-01"}}
    assert got["at"] == "2026-11-23T10:00:00Z"
    assert got["inputs"][0].items() >= {"kind": "terraform", "path": "infra"}.items()
    orders = got["functions"][0]
    assert (orders["address"], orders["name"]) == ("aws_lambda_function.orders", "orders-api")
    assert orders["checklist"]["public-function-url"] == "fails"
    assert orders["checklist"]["unscoped-api-invoker"] == "not-applicable"
    first = got["findings"][0]
    assert first["evidence"][0] == {
        "path": "infra/main.tf",
        "line": 30,
        "column": 24,
        "end_line": 30,
        "end_column": 30,
        "note": "",
    }
    title = "require IAM authentication"
    assert first["fix"] == {"title": title, "safety": "review", "note": None, "code": []}
    assert {
        key: first[key] for key in ("control", "verdict", "severity", "noise", "witness", "suppressed")
    } == {
        "control": "public-function-url",
        "verdict": "fails",
        "severity": "critical",
        "noise": "regular",
        "witness": None,
        "suppressed": None,
    }
    assert first["functions"] == ["aws_lambda_function.orders"]
    assert set(got["gaps"][0]) >= {"what", "reason", "evidence"}
    assert got["coverage"]["public-function-url"] == {"holds": 2, "fails": 1, "undecided": 0, "crashed": 0}


def test_rows_without_a_control_are_said_to_be_undecided() -> None:
    rows = {one["item"]: one for one in document(small())["checklist_items"]}
    assert list(rows) == [item.name.lower().replace("_", "-") for item in Item]
    assert rows["no-unused-permissions"]["status"] == "not-decided"
    assert rows["custom-role"]["status"] == "decided"
    assert rows["custom-role"]["controls"] == ["admin-role", "shared-role"]


def test_names_of_states_and_levels_are_those_of_the_schema() -> None:
    definitions = SCHEMA["$defs"]
    assert set(definitions["state"]["enum"]) == {state.value for state in State}
    assert definitions["noise"]["enum"] == [level.name.lower() for level in Noise]
    severities = SCHEMA["properties"]["findings"]["items"]["properties"]["severity"]["enum"]
    assert severities == [severity.name.lower() for severity in Severity]


def test_the_bytes_do_not_depend_on_the_order_of_mappings() -> None:
    report = small()
    turned = replace(
        report,
        coverage=dict(reversed(list(report.coverage.items()))),
        data={"b": "2", "a": "1"},
        functions=tuple(
            replace(one, checklist=dict(reversed(list(one.checklist.items())))) for one in report.functions
        ),
    )
    assert show(turned) == show(replace(report, data={"a": "1", "b": "2"}))


def test_only_ascii_is_written_whatever_the_input_says() -> None:
    evil = "\x1b[2J\u202e日本\udc80\x00"
    report = small()
    one = replace(report.findings[0], message=evil, address=evil)
    printed = show(replace(report, findings=(one,)))
    assert printed.isascii()
    assert b"\x1b" not in printed
    assert json.loads(printed)["findings"][0]["message"] == evil


def test_columns_count_characters() -> None:
    report = small()
    source = Source("x.tf", 'é = "日本" + "NONE"\n'.encode())
    start = source.data.index(b'"NONE"')
    one = report.findings[0]
    evidence = (replace(one.evidence[0], span=Span(source, start, start + 6)),)
    place = document(replace(report, findings=(replace(one, evidence=evidence),)))["findings"][0]["evidence"][0]
    assert (place["column"], place["end_column"]) == (12, 18)


def test_no_secret_is_in_it() -> None:
    assert b"4eC39" not in show(small())


def test_lines_are_written_as_an_encoder_would_write_them() -> None:
    """Findings, functions and gaps are written as text: it has to be exactly what JSON's own encoder makes."""
    evil = '"\\\x1b\u202e\udc80\n'
    report = many()
    report = replace(report, findings=(replace(report.findings[0], message=evil, help=evil), *small().findings))
    for one in (report, small()):
        read = json.loads(show(one))
        for line in show(one).decode().splitlines():
            if line.startswith("    "):
                text = line.strip().removesuffix(",")
                assert text == json.dumps(json.loads(text))
        assert [finding["message"] for finding in read["findings"]] == [found.message for found in one.findings]
        assert [function["address"] for function in read["functions"]] == [
            function.address for function in one.functions
        ]


def test_answers_and_places_are_told_apart_however_many_share_them() -> None:
    report = small()
    first = report.functions[0]
    other = dict.fromkeys(first.checklist, State.HOLDS)
    functions = (first, replace(first, address="b"), replace(first, address="c", checklist=other))
    one = report.findings[0]
    source = Source("x.tf", b"a\nb\n")
    spans = (Span(source, 0, 1), Span(source, 2, 3), Span(source, 0, 1))
    findings = tuple(replace(one, evidence=(replace(one.evidence[0], span=span),)) for span in spans)
    got = document(replace(report, functions=functions, findings=findings))
    told = [function["checklist"] for function in got["functions"]]
    assert told[0] == told[1] == {name: state.value for name, state in first.checklist.items()}
    assert set(told[2].values()) == {"holds"}
    assert [finding["evidence"][0]["line"] for finding in got["findings"]] == [1, 2, 1]
