"""Patterns are compiled late, and every one of the product's does compile."""

from __future__ import annotations

import ast
import re
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import stockade
from stockade.patterns import lazy_regex
from stockade.read.terraform.lexemes import FREE, LINE

ROOT = Path(stockade.__file__).parent
TEMPLATES = ROOT / "new" / "templates"
MODULES = sorted(
    ".".join(path.relative_to(ROOT.parent).with_suffix("").parts).removesuffix(".__init__")
    for path in ROOT.rglob("*.py")
    if TEMPLATES not in path.parents and any(name in path.read_text() for name in ("lazy_regex", "seldom("))
)


def test_what_is_asked_of_a_pattern_is_answered_by_the_compiled_one() -> None:
    pattern = lazy_regex(r"(?P<word>[a-z]+)-(\d)", re.IGNORECASE)
    wanted = re.compile(r"(?P<word>[a-z]+)-(\d)", re.IGNORECASE)
    text = "Abc-1 def-2"
    for method in ("match", "fullmatch", "search"):
        ours, theirs = getattr(pattern, method)(text), getattr(wanted, method)(text)
        assert (ours and ours.groups()) == (theirs and theirs.groups())
    assert pattern.findall(text) == wanted.findall(text)
    assert pattern.sub("x", text) == "x x"
    assert (pattern.pattern, pattern.flags, pattern.groups) == (wanted.pattern, wanted.flags, wanted.groups)


def test_bytes_are_looked_through_as_well() -> None:
    assert [found.end() for found in lazy_regex(b"\n").finditer(b"a\nb\n")] == [2, 4]


def test_what_patterns_do_not_have_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError):
        _ = lazy_regex("a").nothing  # type: ignore[attr-defined]


def test_nothing_is_compiled_before_it_is_used() -> None:
    broken: Any = lazy_regex("(")
    with pytest.raises(re.error):
        broken.match("a")


@pytest.mark.parametrize("module", MODULES)
def test_every_pattern_of_the_product_compiles(module: str) -> None:
    found: list[Any] = []

    def gather(value: Any) -> None:
        if type(value).__module__ == "stockade.patterns":
            found.append(value)
        elif isinstance(value, dict):
            for one in value.values():
                gather(one)
        elif isinstance(value, (tuple, list)):
            for one in value:
                gather(one)

    loaded = import_module(module)
    gather([value for name, value in vars(loaded).items() if not name.startswith("__")])
    for value in vars(loaded).values():
        if isinstance(value, type) and value.__module__ == module:
            gather(list(vars(value).values()))
    for one in found:
        assert isinstance(one.pattern, (str, bytes))


def test_no_module_compiles_a_pattern_while_it_is_imported() -> None:
    """But those of Terraform's grammar that most files need, which a function compiles."""

    def compiled(node: ast.AST) -> bool:
        if isinstance(node, (ast.FunctionDef, ast.Lambda)):
            return False
        here = isinstance(node, ast.Call) and ast.unparse(node.func) == "re.compile"
        return here or any(compiled(one) for one in ast.iter_child_nodes(node))

    eager = [
        path.relative_to(ROOT).as_posix()
        for path in sorted(ROOT.rglob("*.py"))
        if TEMPLATES not in path.parents and compiled(ast.parse(path.read_text()))
    ]
    assert eager == []


@pytest.mark.parametrize("rules", [LINE, FREE], ids=["line", "free"])
@pytest.mark.parametrize("name", ["operand", "postfix", "operator", "colon"])
def test_what_may_follow_in_terraform_is_compiled_once(rules: Any, name: str) -> None:
    matcher = getattr(rules, name)
    assert isinstance(matcher.__self__, re.Pattern)
    assert getattr(rules, name) is matcher


def test_rules_know_no_other_names() -> None:
    with pytest.raises(AttributeError):
        _ = FREE.nothing
