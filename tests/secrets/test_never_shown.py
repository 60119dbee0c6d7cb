"""No output shows a secret, whichever controls are asked and wherever it is written."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SECRETS = (
    "hunter2",
    "kittens7",
    "opensesame9",
    "Winter2024!",
    "sk_live_4eC39HqLyjWDarjtT1",
    "letmein",
    "blackbird1",
)
PROJECT = """
variable "token" {
  sensitive = true
  default   = "opensesame9"
}

locals {
  one = "hunter2"
  key = <<-EOT
    password=Winter2024!
    host=10.0.0.7
  EOT
}

resource "aws_db_instance" "main" {
  password = "blackbird1"
}

resource "aws_lambda_function" "api" {
  function_name = "api"
  role          = "arn:aws:iam::123456789012:role/api"
  environment {
    variables = {
      DB_PASSWORD = local.one
      DB_URL      = "postgres://app:kittens7@db.internal/app"
      DB_URL_2    = "postgres://app:letmein@${aws_db_instance.main.address}/app"
      SETTING     = var.token
      CONFIG      = local.key
      PAYMENTS    = "sk_live_4eC39HqLyjWDarjtT1"
      COPY        = aws_db_instance.main.password
      UPSTREAM    = jsonencode({ host = "10.0.0.8", password = "hunter2" })
    }
  }
}
"""
CONTROLS = ("plaintext-secret", "leaked-hostname", "default-key-environment")


@pytest.mark.parametrize("form", ["terminal", "json"])
@pytest.mark.parametrize("controls", [*((one,) for one in CONTROLS), CONTROLS, ()], ids=" ".join)
def test_no_secret_is_shown(tmp_path: Path, controls: tuple[str, ...], form: str) -> None:
    (tmp_path / "main.tf").write_text(PROJECT)
    asked = [word for one in controls for word in ("--control", one)]
    command = [sys.executable, "-m", "stockade", "scan", str(tmp_path), "--noise", "audit", "--format", form]
    result = subprocess.run([*command, *asked], capture_output=True, timeout=120, check=False)
    output = (result.stdout + result.stderr).decode()
    assert result.returncode in (0, 1), output
    assert "aws_lambda_function.api" in output
    assert [secret for secret in SECRETS if secret in output] == []
