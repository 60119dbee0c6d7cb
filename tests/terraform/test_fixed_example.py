"""What ``stockade fix`` makes of the example with every mistake is formatted, valid and plannable."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from stockade.cli.app import app
from stockade.cli.outside import Outside
from tests.terraform.plan import init, needs_terraform, terraform
from tests.terraform.test_examples import OFFLINE, copied

KEYS = {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x", "AWS_EC2_METADATA_DISABLED": "true"}


UNWRITTEN = {"broad-managed-policy", "unscoped-secrets", "unused-permission"}
"""Of two modules' statements in one ``dynamic`` block, and of a table that the module is not handed."""
A_PERSONS = {
    *("admin-role", "broad-managed-policy", "wildcard-action", "wildcard-resource", "privilege-escalation"),
    *("uncached-secret", "plaintext-secret", "leaked-hostname"),
    *("unreserved-concurrency", "overcommitted-concurrency", "foreign-layer", "mutable-image"),
    *("cross-account-invoke", "public-invoke", "unauthenticated-api"),
    *("misplaced-vpc", "open-egress", "recursive-invocation"),
}
"""What ``docs/fixes.md`` lists, with the reasons."""


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
    arguments = ["fix", ".", "--write", "--safety", "review", "--format", "json"]
    ran = CliRunner().invoke(app, arguments, obj=outside, standalone_mode=False)
    assert ran.return_value == 1  # some of it is left to a person
    told = json.loads(ran.stdout)["fixes"]
    assert Counter(one["outcome"] for one in told) == {"made": 52, "person": 35, "impossible": 3}
    assert {one["control"] for one in told if one["outcome"] == "impossible"} == UNWRITTEN
    assert {one["control"] for one in told if one["outcome"] == "person"} == A_PERSONS
    terraform(directory, "fmt", "-check", "-recursive")
    (directory / "offline_override.tf").write_text(OFFLINE)
    init(directory)
    terraform(directory, "validate", "-no-color")
    environment = {"AWS_ENDPOINT_URL": aws, **KEYS}
    planned = terraform(directory, "plan", "-no-color", "-input=false", environment=environment)
    assert "0 to change, 0 to destroy" in planned
