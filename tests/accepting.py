"""What the tests of accepts and baselines share: Terraform as text, scanned by three controls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from stockade.control import Control
from stockade.controls.deprecated_runtime import check as deprecated_runtime
from stockade.controls.open_cors import check as open_cors
from stockade.controls.unreserved_concurrency import check as unreserved_concurrency
from stockade.controls.untraced_function import check as untraced_function
from stockade.read.inputs import Options, read_all
from stockade.report import Report
from stockade.scan import scan

CONTROLS: tuple[Control[Any], ...] = (
    deprecated_runtime,
    open_cors,
    unreserved_concurrency,
    untraced_function,
)
DAY = "2026-11-23T10:00:00Z"


def function(name: str, *, above: str = "", inside: str = "", beside: str = "", tail: str = "") -> str:
    """A function with three mistakes, and room for a comment on or above its header and its runtime."""
    return (
        f'{above}resource "aws_lambda_function" "{name}" {{{tail}\n  function_name = "{name}"\n'
        f'  role = "arn:aws:iam::123456789012:role/{name}"\n{inside}  runtime = "python3.8"{beside}\n}}\n'
    )


def scanned(files: Mapping[str, str] | str, *, at: str = DAY, root: str = ".", **more: Any) -> Report:
    """What the controls say of files, or of one ``main.tf``; paths in accepts are relative to them."""
    files = {"main.tf": files} if isinstance(files, str) else files
    with TemporaryDirectory() as name:
        here = Path(name).resolve()
        (here / ".git").mkdir()
        for path, text in files.items():
            (here / path).parent.mkdir(parents=True, exist_ok=True)
            (here / path).write_text(text, "utf-8")
        options = Options(here, {}, (), {})
        inputs = read_all([Path(root)], options, lambda *_: None)
        more["accepts"] = [replace(one, directory=here) for one in more.get("accepts", ())]
        return scan(inputs, CONTROLS, at=at, **more)


def accepted(report: Report) -> list[tuple[str, str, str]]:
    """Control, address and reason of what does not count."""
    return [(one.control, one.address, one.suppressed.reason) for one in report.findings if one.suppressed]


def counted(report: Report) -> list[tuple[str, str]]:
    """Control and address of what does."""
    return [(one.control, one.address) for one in report.findings if not one.suppressed]


def notices(report: Report) -> list[tuple[str, str, int]]:
    """What the owner should look at again: kind, message, line."""
    return [(one.kind.value, one.message, one.evidence[0].span.line) for one in report.notices]
