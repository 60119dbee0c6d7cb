"""Globs mean the same to all tools but for what their dialects say."""

from __future__ import annotations

import re

import pytest

from stockade.read.globs import MalformedError, expression
from stockade.read.package.globs import _NODE as NODE
from stockade.read.terraform.functions.fileset import _DOUBLESTAR as DOUBLESTAR


@pytest.mark.parametrize(
    ("glob", "path", "node", "doublestar"),
    [
        ("*.py", "a.py", True, True),
        ("*.py", "a/b.py", False, False),
        ("**/*.py", "a/b/c.py", True, True),
        ("**/*.py", "c.py", True, True),
        ("a/**", "a/b/c", True, True),
        ("a**/c", "a/b/c", False, False),
        ("?.{js,ts}", "a.ts", True, True),
        ("[ab].js", "b.js", True, True),
        ("[^a].js", "b.js", True, True),
        (r"\*.js", "*.js", True, True),
        # what they disagree about
        ("[!a].js", "b.js", True, False),
        ("**.py", "a/b.py", True, False),
        ("{a,**}/x", "b/c/x", True, False),
        ("{a/b,c}", "a/b", True, None),
        ("[ab", "[ab", True, None),
        ("{ab", "{ab", True, None),
    ],
)
def test_a_path_fits(glob: str, path: str, node: bool, doublestar: bool | None) -> None:
    assert bool(re.fullmatch(expression(glob, NODE), path)) is node
    if doublestar is None:
        with pytest.raises(MalformedError, match="has a "):
            expression(glob, DOUBLESTAR)
    else:
        assert bool(re.fullmatch(expression(glob, DOUBLESTAR), path)) is doublestar
