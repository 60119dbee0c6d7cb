"""AWS's own linter of templates, which every environment of ours has: it is a development dependency."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

_RUN = "import sys; from cfnlint.runner import main; sys.exit(main())"


def says_nothing(template: Path) -> None:
    """Fails with what cfn-lint says of a template, where it says anything."""
    run = [sys.executable, "-c", _RUN, "--regions", "eu-west-1", "--", str(template)]
    done = subprocess.run(run, capture_output=True, text=True, check=False, timeout=240, cwd=template.parent)
    assert (done.returncode, done.stdout) == (0, ""), done.stdout + done.stderr
