"""ASFF by AWS's own model of the API and the lengths it documents; OCSF by the schema that is published."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import cache
from typing import Any

import jsonschema
import pytest
from botocore.loaders import Loader
from botocore.model import ServiceModel
from botocore.validate import ParamValidator
from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema

from stockade.report import Report
from stockade.show import asff, ocsf
from stockade.show.hub import Hub, cut
from tests.show.sample import many, small

ACCOUNT, REGION = "111122223333", "eu-west-1"
_LENGTHS = {"Id": 512, "GeneratorId": 512, "Title": 256, "Description": 1024}
"""From the API reference of AwsSecurityFinding."""


@cache
def _importing() -> Any:
    model = ServiceModel(Loader().load_service_model("securityhub", "service-2"))
    return model.operation_model("BatchImportFindings").input_shape


@cache
def _ocsf(profiles: tuple[str, ...]) -> Any:
    schema = OcsfJsonSchemaEmbedded(get_ocsf_schema(version=ocsf.VERSION))
    made = schema.get_class_schema(class_name="compliance_finding", profiles=list(profiles))
    return jsonschema.Draft202012Validator(made)


def _long() -> Report:
    """Names and messages longer than any format takes, with what cannot be printed."""
    report = small()
    first = replace(
        report.findings[0],
        message="x\n\x1b" * 3000,
        functions=tuple(f"f{number}" for number in range(50)),
        address="a" * 3000,
    )
    return replace(report, findings=(first, *report.findings[1:]))


@pytest.mark.parametrize("report", [small(), many(), _long()], ids=["small", "many", "long"])
def test_security_hub_takes_the_findings(report: Report) -> None:
    listed = json.loads(asff.show(report, Hub(ACCOUNT, REGION)))
    assert len(listed) == len(report.findings) + sum(not one.spare for one in report.gaps)
    for start in range(0, len(listed), 100):
        errors = ParamValidator().validate({"Findings": listed[start : start + 100]}, _importing())
        assert not errors.has_errors(), errors.generate_report()
    assert len({one["Id"] for one in listed}) == len(listed)
    for one in listed:
        assert all(0 < len(one[name]) <= most for name, most in _LENGTHS.items())
        assert 1 <= len(one["Resources"]) <= 32
        assert re.fullmatch(
            r"arn:aws:securityhub:eu-west-1:111122223333:product/111122223333/default", one["ProductArn"]
        )
        assert len(one["ProductFields"]) <= 50
        assert all(len(key) <= 128 and 0 < len(text) <= 2048 for key, text in one["ProductFields"].items())
        assert one["Compliance"]["Status"] in ("FAILED", "WARNING", "NOT_AVAILABLE")
        assert one["Severity"]["Label"] in ("LOW", "MEDIUM", "HIGH", "CRITICAL")


def test_the_model_refuses_what_is_not_asff() -> None:
    """Or the test before could not fail."""
    one = json.loads(asff.show(small(), Hub(ACCOUNT, REGION)))[0]
    for wrong in (
        {key: value for key, value in one.items() if key != "ProductArn"},
        one | {"Resources": [{"Id": "x"}]},
        one | {"Severitty": {}, "Types": "x"},
    ):
        assert ParamValidator().validate({"Findings": [wrong]}, _importing()).has_errors()


def test_a_function_is_told_by_its_arn_only_where_its_name_is_known() -> None:
    listed = json.loads(asff.show(small(), Hub(ACCOUNT, REGION)))
    ids = {resource["Id"] for one in listed for resource in one["Resources"]}
    assert "arn:aws:lambda:eu-west-1:111122223333:function:orders-api" in ids
    assert "module.worker.aws_lambda_function.this" in ids, "`worker-${var.stage}` is no name"
    assert not any("${" in one for one in ids)


def test_partitions() -> None:
    (first, *_) = json.loads(asff.show(small(), Hub(ACCOUNT, "cn-north-1")))
    assert first["ProductArn"].startswith("arn:aws-cn:") and first["Resources"][0]["Partition"] == "aws-cn"


@pytest.mark.parametrize("whose", [(None, None), (ACCOUNT, None), (ACCOUNT, REGION)])
@pytest.mark.parametrize("report", [small(), _long()], ids=["small", "long"])
def test_ocsf_is_what_its_schema_says(report: Report, whose: tuple[str | None, str | None]) -> None:
    listed = json.loads(ocsf.show(report, Hub(*whose)))
    assert len(listed) == len(report.findings) + sum(not one.spare for one in report.gaps)
    for one in listed:
        _ocsf(tuple(one["metadata"].get("profiles", ()))).validate(one)


@pytest.mark.parametrize(
    "change", [{"type_uid": 1}, {"severity_id": 7}, {"invented": 1}, {"resources": [{}]}, {"metadata": {}}]
)
def test_the_schema_refuses_what_is_not_ocsf(change: dict[str, Any]) -> None:
    one = json.loads(ocsf.show(small(), Hub()))[0]
    with pytest.raises(jsonschema.ValidationError):
        _ocsf(()).validate(one | change)


def test_nothing_undecided_accepted_or_unread_reads_as_a_pass() -> None:
    report = small()
    events = json.loads(ocsf.show(report, Hub()))
    found = json.loads(asff.show(report, Hub(ACCOUNT, REGION)))
    wanted = {
        "Fails": ("Fail", "FAILED"),
        "Undecided": ("Warning", "WARNING"),
        "Crashed": ("Unknown", "NOT_AVAILABLE"),
    }
    for one, event, finding in zip(report.findings, events, found, strict=False):
        kind = type(one.outcome).__name__
        assert (event["compliance"]["status"], finding["Compliance"]["Status"]) == wanted[kind]
        held = one.suppressed is not None
        assert (event["status"] == "Suppressed", finding["Workflow"]["Status"] == "SUPPRESSED") == (held, held)
    assert {one["compliance"]["status"] for one in events[len(report.findings) :]} == {"Unknown"}
    assert "INFORMATIONAL" not in {one["Severity"]["Label"] for one in found}, "AWS reads that as: no issue"


def test_texts_are_cut_to_characters_and_never_empty() -> None:
    assert cut("\x1b\n", 10) == "-"
    assert cut("é" * 20, 10) == "é" * 9 + "…"
    assert cut("a\ud800b", 10) == "a b"


def test_two_repositories_with_equal_addresses_have_findings_of_their_own() -> None:
    def ids(source: str) -> set[str]:
        found = {one["Id"] for one in json.loads(asff.show(small(), Hub(ACCOUNT, REGION, source)))}
        events = json.loads(ocsf.show(small(), Hub(ACCOUNT, REGION, source)))
        return found | {one["finding_info"]["uid"] for one in events}

    assert ids("github.com/a/infra") == ids("github.com/a/infra")
    assert not ids("github.com/a/infra") & ids("github.com/b/infra")


def test_what_is_read_of_an_account_is_of_that_account_and_of_no_repository() -> None:
    report = small()
    inputs = tuple(
        replace(one, kind="account", path=f"999988887777/us-east-{n}") for n, one in enumerate(report.inputs)
    )
    live = replace(report, inputs=inputs)
    listed = json.loads(asff.show(live, Hub(ACCOUNT, REGION, "here")))
    assert {one["AwsAccountId"] for one in listed} == {"999988887777"}
    assert {one["Resources"][0]["Region"] for one in listed} == {path.path.partition("/")[2] for path in inputs}
    assert listed == json.loads(asff.show(live, Hub(None, None, "elsewhere")))
    events = json.loads(ocsf.show(live, Hub()))
    assert {one["cloud"]["account"]["uid"] for one in events} == {"999988887777"}
