"""Metric math: what an expression comes to, and that none can do harm."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stockade.model.metric_math import evaluate, identifiers

METRICS = {"errors": 20.0, "invocations": 100.0, "m1": 3.0, "gone": None}


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("errors", 20.0),
        ("errors/invocations*100", 20.0),
        ("(errors / invocations) * 100", 20.0),
        ("100 - 100 * errors / MAX([errors, invocations])", 80.0),
        ("1 + 2 * 3 ^ 2", 19.0),
        ("-m1 + 1", -2.0),
        ("2 - 1 - 1", 0.0),
        ("IF(invocations > 10, errors, 0)", 20.0),
        ("IF(invocations < 10 OR errors == 0, 1, 0)", 0.0),
        ("IF(invocations >= 100 && errors != 0, 1, 0)", 1.0),
        ("IF(gone > 1, 5, 5)", 5.0),
        ("IF(gone > 1, 5, 6)", None),
        ("FILL(errors, 0) + FILL(m1, REPEAT)", 23.0),
        ("SUM(METRICS())", None),
        ("SUM([errors, m1])", 23.0),
        ("AVG([errors, m1 + 1, 0])", 8.0),
        ("MIN([errors, m1] * 2)", 6.0),
        ("CEIL(m1 / 2) + FLOOR(m1 / 2) + ABS(-1)", 4.0),
        ("errors / 0", None),
        ("gone + 1", None),
        ("missing", None),
        ("RATE(errors)", None),
        ("SEARCH('{AWS/Lambda,FunctionName} MetricName=\"Errors\"', 'Sum', 300)", None),
        ("ANOMALY_DETECTION_BAND(m1, 2)", None),
        ("errors +", None),
        ("errors errors", None),
        ("(errors", None),
        ("[errors, m1]", None),
        ("[] + 1", None),
        ("errors $ 1", None),
        ("9 ^ 9 ^ 9 ^ 9", None),
        ("(0 - 1) ^ 0.5", None),
        ("", None),
        ("(" * 5000 + ")" * 5000, None),
        ("(" * 1000 + "1" + ")" * 1000, None),
        ("-" * 3000 + "1", None),
    ],
)
def test_what_an_expression_comes_to(expression: str, value: float | None) -> None:
    assert evaluate(expression, METRICS) == value


def test_all_metrics_at_once() -> None:
    assert evaluate("SUM(METRICS())", {"a": 1.0, "b": 2.0}) == 3.0


def test_what_an_expression_speaks_of() -> None:
    assert identifiers("IF(m1 > 10, m2 / FILL(e_1, 0), 'not_this')") == {"m1", "m2", "e_1"}


WORDS = [
    *METRICS,
    "IF",
    "FILL",
    "MAX",
    "METRICS",
    "AND",
    "(",
    ")",
    "[",
    "]",
    ",",
    "+",
    "-",
    "/",
    "^",
    "<",
    "1",
    "0",
]


@given(st.lists(st.sampled_from(WORDS), max_size=60).map(" ".join) | st.text(string.printable, max_size=80))
def test_no_text_raises(expression: str) -> None:
    identifiers(expression)
    found = evaluate(expression, METRICS)
    assert found is None or isinstance(found, float)
