"""Asks the real ``terraform console`` for the values of thousands of expressions at once."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

TERRAFORM = os.environ.get("STOCKADE_TERRAFORM", "")

needs_terraform = pytest.mark.skipif(
    not TERRAFORM, reason="set STOCKADE_TERRAFORM to the terraform binary to compare with it"
)

REFUSED = object()
"""What stands for an expression that Terraform refuses."""


def console(
    directory: Path,
    expressions: Sequence[str],
    *,
    configuration: str = "",
    files: Mapping[str, str] | None = None,
) -> list[Any]:
    """The JSON values of expressions, ``REFUSED`` for one that has none.

    Numbers come as text, so that no digit is lost. ``configuration`` stands beside the expressions;
    ``files`` are written into the directory first.
    """
    for name, text in (files or {}).items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, newline="")
    rows = ",\n".join(f"    try({{ v = jsonencode({one}) }}, {{ e = 1 }})" for one in expressions)
    (directory / "oracle.tf").write_text(f"{configuration}\nlocals {{\n  every = [\n{rows}\n  ]\n}}\n")
    done = subprocess.run(
        [TERRAFORM, "console"],
        input="jsonencode(local.every)\n",
        capture_output=True,
        text=True,
        cwd=directory,
        timeout=300,
        check=False,
        env={**os.environ, "CHECKPOINT_DISABLE": "1", "TF_CLI_CONFIG_FILE": os.devnull, "NO_COLOR": "1"},
    )
    assert done.returncode == 0, done.stderr
    answers = json.loads(json.loads(done.stdout))
    return [json.loads(row["v"], parse_float=str, parse_int=str) if "v" in row else REFUSED for row in answers]
