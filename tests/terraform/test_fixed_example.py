"""What ``stockade fix`` makes of the example with every mistake is formatted, valid and plannable."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from stockade.cli.app import app
from stockade.cli.outside import Outside
from tests.terraform.plan import init, needs_terraform, terraform
from tests.terraform.test_examples import OFFLINE, copied

KEYS = {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x", "AWS_EC2_METADATA_DISABLED": "true"}


@pytest.fixture
def aws() -> Iterator[str]:
    """The address of an AWS API on loopback: a fix may ask which account it is in."""
    server_of = pytest.importorskip("moto.server", reason="moto[server] is not installed")
    server = server_of.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        yield "http://{}:{}".format(*server.get_host_and_port())
    finally:
        server.stop()


@needs_terraform
def test_the_example_with_its_fixes_written(tmp_path: Path, aws: str) -> None:
    directory = copied("checklist-before", tmp_path)
    outside = Outside(directory, {"SOURCE_DATE_EPOCH": "1795737600"})
    arguments = ["fix", ".", "--write", "--safety", "review"]
    ran = CliRunner().invoke(app, arguments, obj=outside, standalone_mode=False)
    assert ran.return_value == 1  # some of it is left to a person
    assert "a defect of ours" not in ran.stderr
    terraform(directory, "fmt", "-check", "-recursive")
    (directory / "offline_override.tf").write_text(OFFLINE)
    init(directory)
    terraform(directory, "validate", "-no-color")
    environment = {"AWS_ENDPOINT_URL": aws, **KEYS}
    planned = terraform(directory, "plan", "-no-color", "-input=false", environment=environment)
    assert "0 to change, 0 to destroy" in planned
