"""A stranger's repository: nothing it holds may hang a scan, crash it, or lead it outside the tree."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from stockade.read.budget import Budget
from stockade.read.files import Tree, Unreadable
from stockade.value import Known, Unknown, Value
from tests.patience import PATIENCE
from tests.read.terraform.project import at, known, reading, unknown


def attribute(
    directory: Path, expression: str, *, extra: str = "", budget: Budget | None = None
) -> Value[object]:
    started = time.process_time()
    found = reading(directory, f'resource "x_y" "z" {{\n  a = {expression}\n}}\n{extra}', budget=budget)
    value: Value[object] = at(found, "x_y.z").attributes["a"]
    assert time.process_time() - started < PATIENCE
    return value


LAUGHS = "a0: &a0 [x, x]\\n" + "".join(
    f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 6)}]\\n" for i in range(1, 12)
)
"""YAML whose aliases multiply to two billion elements."""


@pytest.mark.parametrize(
    "expression",
    [
        "range(1e12)",
        'format("%999999999d", 1)',
        'format("%*d", 999999999, 1)',
        "[for a in range(1000) : [for b in range(1000) : [for c in range(1000) : [for d in range(1000) : d]]]]",
        'join("", [for a in range(999) : join("", [for b in range(999) : local.long])])',
        "setproduct(range(1000), range(1000), range(1000), range(1000))",
        "pow(10, 1e9)",
        "1e999999999",
        'replace(join("", [for i in range(999) : local.long]), "", local.long)',
        'indent(999999999, "a\\nb")',
        f'yamldecode("{LAUGHS}")',
    ],
)
def test_what_explodes_becomes_unknown(tmp_path: Path, expression: str) -> None:
    long = 'locals {\n  long = "' + "a" * 5000 + '"\n}\n'
    value = attribute(tmp_path, expression, extra=long, budget=Budget(300_000))
    assert isinstance(value, Unknown)
    assert value.reason


@pytest.mark.parametrize("expression", ['regex("(a+)+$", local.long)', 'replace(local.long, "/(a|a)*b/", "")'])
def test_slow_regexes_are_not_slow(tmp_path: Path, expression: str) -> None:
    attribute(tmp_path, expression, extra='locals {\n  long = "' + "a" * 5000 + '!"\n}\n')


def doubling(first: str, step: str, times: int = 60) -> str:
    rows = "\n".join(f"  s{i + 1} = {step.replace('@', f'local.s{i}')}" for i in range(times))
    return f"locals {{\n  s0 = {first}\n{rows}\n}}\n"


@pytest.mark.parametrize(
    ("first", "step"),
    [
        ('"x"', '"${@}${@}"'),
        ("[1]", "concat(@, @)"),
        ("[1]", "[@, @]"),
        ("{ a = 1 }", "{ l = @, r = @ }"),
        ('"x"', 'join("", [@, @])'),
        ("[1]", "flatten([@, @])"),
    ],
)
@pytest.mark.parametrize(
    "use",
    [
        "local.s60",
        "jsonencode(local.s60)",
        "local.s60 == local.s59",
        'local.s60 == [local.s60, "x"]',
        "toset([local.s60])",
        "length(local.s60)",
    ],
)
def test_values_that_double_do_not_explode(tmp_path: Path, first: str, step: str, use: str) -> None:
    attribute(tmp_path, use, extra=doubling(first, step), budget=Budget(300_000))


def test_a_long_chain_of_locals_is_followed_or_given_up(tmp_path: Path) -> None:
    value = attribute(tmp_path, "local.s3000", extra=doubling("1", "@ + 1", 3000))
    assert isinstance(value, Unknown) or known(value) == 3001


def test_deep_nesting_is_a_gap_or_unknown(tmp_path: Path) -> None:
    found = reading(tmp_path, 'resource "x_y" "z" {\n  a = ' + "[" * 20_000 + "]" * 20_000 + "\n  b = 1\n}\n")
    assert found.gaps


def test_a_huge_count_is_one_instance_and_a_gap(tmp_path: Path) -> None:
    found = reading(tmp_path, 'resource "x_y" "z" {\n  count = 1e9\n  a = 1\n}\n')
    assert [one.address for one in found.resources] == ["x_y.z[?]"]
    assert any("1,000,000,000" in gap.reason for gap in found.gaps)


def test_modules_that_multiply_or_call_themselves_end(tmp_path: Path) -> None:
    rows = [
        f'module "a" {{\n  source = "./{i + 1}"\n}}\nmodule "b" {{\n  source = "./{i + 1}"\n}}\n'
        for i in range(25)
    ]
    directory = tmp_path
    for row in rows:
        directory.mkdir(exist_ok=True)
        (directory / "main.tf").write_text(row)
        directory = directory / str(rows.index(row) + 1)
    directory.mkdir()
    (directory / "main.tf").write_text('resource "x_y" "z" {}\n')
    for index, row in enumerate(rows):
        path = tmp_path.joinpath(*map(str, range(1, index + 1)))
        (path / "main.tf").write_text(row.replace(f"./{rows.index(row) + 1}", f"./{index + 1}"))
    started = time.process_time()
    found = reading(tmp_path, budget=Budget(300_000))
    assert time.process_time() - started < PATIENCE
    assert found.gaps

    itself = tmp_path / "itself"
    itself.mkdir()
    (itself / "main.tf").write_text('module "me" {\n  source = "./"\n}\nresource "x_y" "z" {}\n')
    assert any("nested more than" in gap.reason for gap in reading(itself).gaps)


@pytest.mark.parametrize(
    "expression",
    [
        'file("../secret.txt")',
        'file("/etc/hostname")',
        'file("${path.module}/../secret.txt")',
        'file("link.txt")',
        'file("/dev/zero")',
        'file("zero")',
        'filebase64("link.txt")',
        'filemd5("link.txt")',
        'templatefile("link.txt", {})',
        'fileexists("/etc/hostname")',
        'fileset("..", "*.txt")',
        'fileset("/etc", "host*")',
        "data.local_file.secret.content",
    ],
)
def test_nothing_outside_the_tree_is_read(tmp_path: Path, expression: str) -> None:
    (tmp_path / "secret.txt").write_text("hunter2")
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "link.txt").symlink_to(tmp_path / "secret.txt")
    (inside / "zero").symlink_to("/dev/zero")
    value = attribute(
        inside, expression, extra='data "local_file" "secret" {\n  filename = "../secret.txt"\n}\n'
    )
    assert "hunter2" not in repr(value)
    assert isinstance(value, Unknown) or known(value) in ([], False)


def test_module_sources_and_variable_files_stay_inside(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "main.tf").write_text('resource "x_y" "stolen" {}\n')
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "linked").symlink_to(outside)
    (inside / "linked.tf").symlink_to(outside / "main.tf")
    found = reading(
        inside, 'module "a" {\n  source = "../outside"\n}\nmodule "b" {\n  source = "./linked"\n}\n'
    )
    assert not found.resources
    assert len(found.gaps) == 3
    assert all("outside the scanned tree" in gap.reason for gap in found.gaps)


def test_hostile_files_are_gaps(tmp_path: Path) -> None:
    (tmp_path / "ok.tf").write_text('resource "x_y" "ok" {\n  a = 1\n}\n')
    (tmp_path / "latin.tf").write_bytes(b'resource "x_y" "latin" {\n  a = "caf\xe9"\n}\n')
    (tmp_path / "nul.tf").write_bytes(b'resource "x_y" "nul" {\n  a = "\x00"\n}\n')
    (tmp_path / "zero.tf").symlink_to("/dev/zero")
    (tmp_path / "loop.tf").symlink_to(tmp_path / "loop.tf")
    (tmp_path / "broken.tf.json").write_text('{"resource": {"x_y": ')
    (tmp_path / "deep.tf.json").write_text("[" * 100_000)
    (tmp_path / "directory.tf").mkdir()
    os.mkfifo(tmp_path / "pipe.tf")
    with (tmp_path / "big.tf").open("wb") as big:
        big.truncate(50_000_000)
    started = time.process_time()
    found = reading(tmp_path)
    assert time.process_time() - started < PATIENCE
    assert known(at(found, "x_y.ok").attributes["a"]) == 1
    text = " ".join(f"{gap.what} {gap.reason}" for gap in found.gaps)
    for name in (
        "latin.tf",
        "zero.tf",
        "loop.tf",
        "broken.tf.json",
        "deep.tf.json",
        "directory.tf",
        "pipe.tf",
        "big.tf",
    ):
        assert name in text, name
    assert unknown_or_replaced(at(found, "x_y.latin").attributes["a"])


def unknown_or_replaced(value: Value[object]) -> bool:
    return isinstance(value, Unknown) or value == Known("caf\ufffd", value.origin)


def test_the_tree_reads_only_regular_files_inside(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x").write_text("x")
    tree = Tree(tmp_path / "a", limit=1)
    assert tree.read(tmp_path / "a" / "x").data == b"x"
    assert tree.read(tmp_path / "a" / "x") is tree.read(tmp_path / "a" / ".." / "a" / "x")
    for path, reason in [
        (tmp_path / "a", "regular"),
        (tmp_path / "a" / "absent", "no such file"),
        (tmp_path / "b", "outside"),
        (Path("/dev/zero"), "outside"),
    ]:
        with pytest.raises(Unreadable, match=reason):
            tree.read(path)
    (tmp_path / "a" / "x2").write_text("xx")
    with pytest.raises(Unreadable, match="2 bytes"):
        tree.read(tmp_path / "a" / "x2")


def test_unknown_reasons_stay_short(tmp_path: Path) -> None:
    value = attribute(tmp_path, "local." + "x" * 5000)
    assert len(unknown(value).reason) < 6000
