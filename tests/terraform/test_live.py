"""An example applied to an AWS API by Terraform, and scanned as it runs: the verdicts are those of its files.

The API is moto's, in a process of its own: what it keeps is its process's. What only one of the two scans can
know is listed below, each with why.
"""

from __future__ import annotations

import io
import json
import os
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from stockade.cli.app import app
from stockade.cli.outside import Outside
from tests.terraform.plan import init, needs_terraform, terraform
from tests.terraform.test_examples import copied

ACCOUNT, REGION = "123456789012", "eu-west-1"
LAYER = f"arn:aws:lambda:{REGION}:{ACCOUNT}:layer:psycopg2:1"
KEYS = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_DEFAULT_REGION": REGION,
}

OF_CODE = {
    "dirty-package",
    "missing-permission",
    "secret-in-code",
    "secret-in-package",
    "uncached-secret",
    "unscanned-dependency",
    "unused-permission",
    "vulnerable-dependency",
}
"""The files have the code; the scan of what runs was not asked to download it."""
OF_THE_ACCOUNT = {"cross-account-invoke", "foreign-layer", "foreign-trust"}
"""Only what runs says which account it is in."""
NOT_IN_MOTO = {
    "open-egress": "moto makes up the VPC of a function",
    "overcommitted-concurrency": "moto has no account settings",
    "pinned-runtime": "moto has no runtime management",
    "recursive-invocation": "a bucket is found by the permission that names it, and this one names none",
    "unsigned-code": "moto has no code signing",
}
LIVE = {"idle-function": "nothing is invoked, and everything is new"}


@pytest.fixture(scope="module")
def aws() -> Iterator[str]:
    """The address of an AWS API of a process of its own, which knows AWS's managed policies."""
    pytest.importorskip("moto.server", reason="moto[server] is not installed")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    environment = {**os.environ, "MOTO_IAM_LOAD_MANAGED_POLICIES": "true"}
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/"
    )
    try:
        for _ in range(600):
            with socket.socket() as asked:
                if asked.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert process.poll() is None, "the AWS API ended"
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()  # it would wait for connections that are kept open
        process.wait()


@pytest.fixture(scope="module")
def applied(aws: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example with every mistake of the checklist, deployed."""
    directory = copied("checklist-before", tmp_path_factory.mktemp("live"))
    _stage(aws)
    (directory / "loopback_override.tf").write_text('provider "aws" {\n  allowed_account_ids = null\n}\n')
    environment = {"AWS_ENDPOINT_URL": aws, **KEYS}
    init(directory)
    arguments = ("apply", "-auto-approve", "-input=false", "-no-color", f"-var=postgres_layer={LAYER}")
    terraform(directory, *arguments, environment=environment)
    return directory


def _stage(aws: str) -> None:
    """What the example takes for granted: its pipeline's artifacts, and the layer."""
    import boto3

    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("main.py", "def handler(event, context):\n    return 1\n")
    own: dict[str, Any] = {
        "region_name": REGION,
        "endpoint_url": aws,
        "aws_access_key_id": "testing",
        "aws_secret_access_key": "testing",
    }
    bucket = f"shop-artifacts-{ACCOUNT}"
    store = boto3.client("s3", **own)
    store.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    for name in ("api", "cleanup", "report", "webhook", "worker"):
        store.put_object(Bucket=bucket, Key=f"{name}-2024-11-05.zip", Body=content.getvalue())
    boto3.client("lambda", **own).publish_layer_version(
        LayerName="psycopg2", Content={"ZipFile": content.getvalue()}
    )


def scanned(directory: Path, *arguments: str) -> Any:
    outside = Outside(directory, {"SOURCE_DATE_EPOCH": "1795737600"})
    line = ["scan", *arguments, "--noise", "audit", "--format", "json", "--fail-on", "never"]
    ran = CliRunner().invoke(app, line, obj=outside, catch_exceptions=False)
    return json.loads(ran.stdout)


def verdicts(report: Any) -> Mapping[str, Mapping[str, str]]:
    return {one["name"]: one["checklist"] for one in report["functions"]}


@needs_terraform
def test_what_runs_gets_the_verdicts_of_what_is_written(
    applied: Path, aws: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = scanned(applied, ".", "--var", f"postgres_layer={LAYER}")
    for name, value in {"AWS_ENDPOINT_URL": aws, **KEYS}.items():
        monkeypatch.setenv(name, value)
    running = scanned(applied, "--live", "--max-share", "1")
    assert [(one["kind"], one["path"]) for one in running["inputs"]] == [("account", f"{ACCOUNT}/{REGION}")]
    before, after = verdicts(written), verdicts(running)
    assert before.keys() == after.keys()
    differing = {
        control
        for name, answers in after.items()
        for control, state in answers.items()
        if before[name][control] != state
    }
    assert differing <= OF_CODE | OF_THE_ACCOUNT | NOT_IN_MOTO.keys() | LIVE.keys()
    for name, answers in after.items():
        for control in OF_CODE | NOT_IN_MOTO.keys():
            # What was not read is no pass: nothing that failed holds now.
            assert (before[name][control], answers[control]) != ("fails", "holds")
    agreeing = sum(
        state == "fails" and before[name][control] == state
        for name, answers in after.items()
        for control, state in answers.items()
    )
    assert agreeing > 40
    secret = "hunter2-not-a-real-one"
    assert secret not in json.dumps(running)
    shown = CliRunner().invoke(
        app,
        ["scan", "--live", "--max-share", "1", "--control", "plaintext-secret"],
        obj=Outside(applied, {"SOURCE_DATE_EPOCH": "1795737600"}),
        catch_exceptions=False,
    )
    assert "DATABASE_URL" in shown.stdout
    assert secret not in shown.stdout + shown.stderr
