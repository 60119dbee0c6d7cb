"""Globs over names and paths."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stockade.globs import fits_name, fits_path
from tests.patience import PATIENCE


@pytest.mark.parametrize(
    ("glob", "name", "fits"),
    [
        ("worker-*", "worker-${var.stage}", True),
        ("*", "", True),
        ("module.fn[*].*", 'module.fn["a.b"].aws_lambda_function.this', True),
        ('module.fn["a"].*', 'module.fn["b"].aws_lambda_function.this', False),
        ("aws_lambda_function.?", "aws_lambda_function.a", True),
        ("worker", "worker-a", False),
    ],
)
def test_names(glob: str, name: str, fits: bool) -> None:
    assert fits_name(glob, name) is fits


@pytest.mark.parametrize(
    ("glob", "path", "fits"),
    [
        ("infra", "infra", True),
        ("infra", "infra/main.tf", True),
        ("infra/", "infra/prod/main.tf", True),
        ("./infra", "infra/main.tf", True),
        ("infra", "infrastructure/main.tf", False),
        ("infra/*.tf", "infra/main.tf", True),
        ("infra/*.tf", "infra/prod/main.tf", False),
        ("**/*.tf", "main.tf", True),
        ("**/modules", "a/b/modules/c/main.tf", True),
        ("infra/**/main.tf", "infra/a/b/main.tf", True),
        ("infra/**/main.tf", "infra/main.tf", True),
        ("infra/**/main.tf", "infra/a/other.tf", False),
        (".", "anything", True),
        ("**", ".", True),
        ("../shared/*", "../shared/main.tf", True),
        ("*", "../shared/main.tf", True),
    ],
)
def test_paths(glob: str, path: str, fits: bool) -> None:
    assert fits_path(glob, path) is fits


def reference(glob: str, path: str) -> bool:
    """The same by a regular expression."""
    out = "".join(
        {"**": r"(?:[^/]+/)*", "*": r"[^/]+/"}.get(one, re.escape(one) + "/") for one in glob.split("/")
    )
    return re.fullmatch(rf"{out}(?:[^/]+/)*", path + "/") is not None


@given(
    st.lists(st.sampled_from(["a", "b", "*", "**"]), min_size=1, max_size=6).map("/".join),
    st.lists(st.sampled_from(["a", "b"]), min_size=1, max_size=6).map("/".join),
)
def test_paths_as_a_regular_expression_has_them(glob: str, path: str) -> None:
    assert fits_path(glob, path) is reference(glob, path)


def test_no_glob_is_slow() -> None:
    start = time.process_time()
    fits_path("**/a/" * 200 + "b", "a/" * 2000 + "c")
    fits_name("*a" * 500 + "b", "a" * 20_000)
    assert time.process_time() - start < PATIENCE
