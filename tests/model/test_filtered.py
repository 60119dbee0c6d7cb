"""Which filter patterns look for errors as such, and which for one certain thing."""

from __future__ import annotations

import pytest

from stockade.model.filtered import looks_for_errors
from stockade.value import Default, Hole, Known, Unknown, text_of

HERE = Default("written in a test")


@pytest.mark.parametrize(
    "pattern",
    [
        "ERROR",
        '"[ERROR]"',
        "?ERROR ?Error ?error ?failed",
        "%ERROR | Exception%",
        '"Task timed out" ?ERROR',
        '{ $.level = "ERROR" }',
        '{ $.log.level = "error" || $.severity = "CRITICAL" }',
        "{ $.levelname = %ERROR% }",
        '{ ($.level = "ERROR") && ($.message != "*404*") }',
        '{ $.exception = "*" }',
        '"\\"levelname\\": \\"ERROR\\""',
        '[w1="*ERROR*" || w1="*Exception*"]',
        '[(w1="*ERROR*") && w1!="*429*"]',
        "[timestamp, id, level=ERROR, message]",
        "ERROR -429",
        '{ $.status = "Error" }',
    ],
)
def test_patterns_for_errors(pattern: str) -> None:
    assert looks_for_errors(Known(pattern, HERE))


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        " ",
        "INFO",
        "-ERROR",
        '{ $.level != "ERROR" }',
        '"Unable to delete file"',
        "failed with 429",
        '"EXPEDITE_UPLOAD_VALIDATION_FAILED"',
        '{ $.payment = "FAILED" }',
        '{ $.level = "ERROR" && $.route = "/pay" }',
        '{ $.level = "INFO" }',
        '{ $.status = "failed" }',
        '{ $.status = "Error" && $.route = "/pay" }',
        "{ $.latency > 1000 }",
        "%NDR-TR1%",
        "timed out",
        '"xray-celery: Failed"',
        "[ERROR]",
    ],
)
def test_patterns_for_something_else(pattern: str) -> None:
    assert not looks_for_errors(Known(pattern, HERE))


def test_what_is_not_known_of_a_pattern_may_narrow_it() -> None:
    assert not looks_for_errors(Unknown("why", HERE, text_of("ERROR ", Hole("var.more"))))
    assert not looks_for_errors(Unknown("why", HERE))
