"""A process that writes fixes is killed between two files: each is old or new, and a second run finishes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

NAMES = ("a", "b", "c")
FUNCTION = """\
resource "aws_lambda_function" "{name}" {{
  function_name = "{name}"
  role          = "arn:aws:iam::123456789012:role/{name}"
  runtime       = "python3.8"
  handler       = "main.handler"
}}
"""

CHILD = """
import sys
from pathlib import Path

original = Path.replace


def replace(self, target):
    print("next", flush=True)
    sys.stdin.readline()  # whoever started this says go on, or kills it
    return original(self, target)


Path.replace = replace
from stockade.cli.app import app
from stockade.cli.outside import Outside

outside = Outside(Path.cwd(), {"SOURCE_DATE_EPOCH": "1795737600"})
arguments = ["fix", ".", "--write", "--safety", "review", "--control", "deprecated-runtime"]
sys.exit(app(arguments, obj=outside, standalone_mode=False))
"""


def started(directory: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", CHILD],
        cwd=directory,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )


def go_on(process: subprocess.Popen[str], times: int) -> None:
    """Let a process replace so many files, and wait until it is about to replace another one."""
    assert process.stdin is not None and process.stdout is not None
    for number in range(times + 1):
        assert process.stdout.readline() == "next\n"
        if number < times:
            process.stdin.write("\n")
            process.stdin.flush()


@pytest.mark.parametrize("replaced", range(len(NAMES)))
def test_killed_between_two_files(tmp_path: Path, replaced: int) -> None:
    old = {name: FUNCTION.format(name=name) for name in NAMES}
    new = {name: text.replace("python3.8", "python3.14") for name, text in old.items()}
    for name, text in old.items():
        (tmp_path / f"{name}.tf").write_text(text)

    def held() -> dict[str, str]:
        return {name: (tmp_path / f"{name}.tf").read_text() for name in NAMES}

    with started(tmp_path) as process:
        go_on(process, replaced)
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    assert held() == {name: new[name] if at < replaced else old[name] for at, name in enumerate(NAMES)}

    with started(tmp_path) as process:
        go_on(process, len(NAMES) - replaced - 1)
        process.communicate("\n" * len(NAMES))
    assert process.returncode == 0
    assert held() == new
    assert sorted(os.listdir(tmp_path)) == [f"{name}.tf" for name in NAMES]
