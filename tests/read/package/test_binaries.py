"""Compiled files say which processor they are for; a function that cannot load them is told."""

from __future__ import annotations

import json
import struct
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from stockade.cli import main
from stockade.model.binaries import machine

X86, ARM = 0x3E, 0xB7
NATIVE = {"x86_64": X86, "aarch64": ARM}

MAIN = """
resource "aws_lambda_function" "f" {{
  function_name = "f"
  role          = "arn:aws:iam::123456789012:role/f"
  handler       = "app.handler"
  runtime       = "python3.13"
  filename      = "f.zip"
  architectures = {architectures}
}}
"""


def elf(number: int, big: bool = False) -> bytes:
    """The beginning of an ELF file for a processor."""
    order = ">" if big else "<"
    return (
        b"\x7fELF"
        + bytes((2, 2 if big else 1, 1, 0))
        + bytes(8)
        + struct.pack(f"{order}HH", 3, number)
        + bytes(44)
    )


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (elf(X86), "x86_64"),
        (elf(ARM), "arm64"),
        (elf(ARM, big=True), "arm64"),
        (elf(0x03), "i386"),
        (elf(0x1234), None),
        (elf(X86)[:19], None),
        (b"\xcf\xfa\xed\xfe" + bytes(60), None),
        (b"#!/bin/sh\nexec node app.js\n", None),
        (b"", None),
    ],
)
def test_the_header_says_the_processor(header: bytes, said: str | None) -> None:
    assert machine(header) == said


def test_the_interpreter_that_runs_this_is_for_this_machine() -> None:
    import platform

    if not sys.platform.startswith("linux") or platform.machine() not in NATIVE:
        pytest.skip("no ELF files of a processor that Lambda has")
    with Path(sys.executable).resolve().open("rb") as opened:
        assert machine(opened.read(64)) == {X86: "x86_64", ARM: "arm64"}[NATIVE[platform.machine()]]


def findings(
    project: Path, capsys: pytest.CaptureFixture[str], files: dict[str, bytes], architectures: str
) -> list[dict[str, Any]]:
    (project / "main.tf").write_text(MAIN.format(architectures=architectures))
    with zipfile.ZipFile(project / "f.zip", "w", zipfile.ZIP_DEFLATED) as out:
        for path, data in ({"app.py": b"def handler(event, context): ...\n"} | files).items():
            out.writestr(path, data)
    main(["scan", str(project), "--control", "dirty-package", "--format", "json"])
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["findings"]
    return found


def test_a_library_for_another_processor_is_told_at_regular_noise(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {"numpy/core.cpython-313-x86_64-linux-gnu.so": elf(X86), "numpy/libs/libblas.so.3": elf(X86)}
    (one,) = findings(tmp_path, capsys, files, '["arm64"]')
    assert one["verdict"] == "fails"
    assert one["severity"] == "medium"
    assert "binaries for x86_64" in one["message"]
    assert "runs on arm64" in one["message"]
    assert "manylinux2014_aarch64" in one["fix"]["title"]


@pytest.mark.parametrize(
    ("files", "architectures"),
    [
        ({"a.so": elf(X86)}, '["x86_64"]'),
        ({"a.so": elf(X86)}, "null"),  # Lambda's default
        ({"a.so": elf(ARM)}, '["arm64"]'),
        ({"a.so": elf(X86)}, "[var.architecture]"),
        ({"a.so": b"a script with an odd name, of more than twenty bytes"}, '["arm64"]'),
        ({"a.so.txt": elf(X86)}, '["arm64"]'),
        ({"p/linux-x64/a.node": elf(X86), "p/linux-arm64/a.node": elf(ARM)}, '["arm64"]'),
        (
            {
                "node_modules/@img/sharp-linux-x64/lib/sharp-linux-x64.node": elf(X86),
                "node_modules/@img/sharp-linux-arm64/lib/sharp-linux-arm64.node": elf(ARM),
            },
            '["arm64"]',
        ),
        ({"p/linux-x64/one.node": elf(X86), "p/linux-arm64/two.node": elf(ARM)}, '["arm64"]'),
    ],
)
def test_what_can_be_loaded_or_is_chosen_at_run_time_is_silent(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], files: dict[str, bytes], architectures: str
) -> None:
    assert findings(tmp_path, capsys, files, architectures) == []


def test_without_its_own_for_the_right_processor_it_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {"p/linux-arm64/a.node": elf(ARM), "q/linux-arm64/b.node": elf(ARM), "q/linux-x64/b.node": elf(X86)}
    (one,) = findings(tmp_path, capsys, files, '["x86_64"]')
    assert "`p/linux-arm64/a.node`" in one["message"]
    assert "q/" not in one["message"]
    assert "--cpu=x64" in one["fix"]["title"]
