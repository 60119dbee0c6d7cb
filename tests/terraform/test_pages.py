"""What a control's page shows is Terraform that the real provider takes, written as Terraform formats it."""

from __future__ import annotations

import re
from pathlib import Path

from tests.cases_harness import LIVE, all_controls, examples
from tests.terraform.plan import PROVIDER, init, needs_terraform, terraform

FUNCTION = re.compile(r'^resource "aws_lambda_function" "(\w+)" \{\n(.*?)^\}', re.MULTILINE | re.DOTALL)

# Pages may leave out what runs, which no control of theirs is about.
CODE = """\
resource "aws_lambda_function" "{name}" {{
  filename = "code.zip"
  handler  = "main.handler"
  runtime  = "python3.13"
}}
"""


@needs_terraform
def test_examples_are_valid_and_formatted(tmp_path: Path) -> None:
    """All at once, each as a module: a provider takes seconds to start."""
    calls = []
    for name, control in all_controls().items():
        if name in LIVE:
            continue  # its page shows what is deployed, which no configuration says
        for number, case in enumerate(examples(control), 1):
            directory = tmp_path / f"{name}-{number}"
            directory.mkdir()
            (directory / "main.tf").write_text(case.files["main.tf"])
            functions = FUNCTION.finditer(case.files["main.tf"])
            bare = [found[1] for found in functions if not re.search(r"\b(filename|image_uri)\b", found[2])]
            (directory / "main_override.tf").write_text("\n".join(CODE.format(name=one) for one in bare))
            if "archive_file" in case.files["main.tf"]:
                continue  # of another provider than the mirror's: only its format is looked at
            calls.append(f'module "{directory.name}" {{\n  source = "./{directory.name}"\n}}\n')
    (tmp_path / "main.tf").write_text("\n".join([PROVIDER, *calls]))
    init(tmp_path)
    terraform(tmp_path, "validate", "-no-color")
    terraform(tmp_path, "fmt", "-check", "-diff", "-recursive")
