"""The hardened module does what it says: by Terraform's own tests, by a scan, and applied to an AWS API."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from stockade.cli.app import app
from stockade.cli.outside import Outside
from tests.terraform.plan import init, needs_terraform, terraform

MODULE = Path(__file__).parents[2] / "terraform" / "lambda"
EXAMPLES = ("minimal", "complete")
OF_CODE = {
    "dirty-package",
    "secret-in-code",
    "secret-in-package",
    "unscanned-dependency",
    "vulnerable-dependency",
}
OF_CODE |= {"missing-permission", "uncached-secret", "unused-permission"}


@pytest.mark.parametrize("name", EXAMPLES)
def test_its_examples_have_every_item(name: str) -> None:
    """Nothing fails at the highest noise, but for what an example's owner accepts with a reason."""
    arguments = ["scan", str(MODULE / "examples" / name), "--noise", "audit", "--format", "json"]
    outside = Outside(MODULE, {"SOURCE_DATE_EPOCH": "1795737600"})
    ran = CliRunner().invoke(app, arguments, obj=outside, catch_exceptions=False)
    report = json.loads(ran.stdout)
    left = [one for one in report["findings"] if not one["suppressed"]]
    assert {one["verdict"] for one in left} == {"undecided"}
    assert {one["control"] for one in left} <= OF_CODE  # the examples bring no package
    # That an example is one is told, for what it makes is not deployed; nothing else was left unread.
    assert [one["reason"].partition(":")[0] for one in report["gaps"]] == ["it shows or tries a module"]
    assert (report["notices"], len(report["functions"])) == ([], 1)


@pytest.fixture(scope="module")
def module(tmp_path_factory: pytest.TempPathFactory) -> Path:
    to = tmp_path_factory.mktemp("module") / "lambda"
    shutil.copytree(MODULE, to, ignore=shutil.ignore_patterns(".terraform*"))
    return to


@needs_terraform
def test_it_is_formatted_and_passes_its_own_tests(module: Path) -> None:
    terraform(module, "fmt", "-check", "-recursive")
    init(module)
    terraform(module, "validate", "-no-color")
    said = terraform(module, "test", "-no-color")
    assert "0 failed" in said


@pytest.fixture(scope="module")
def aws() -> Iterator[str]:
    server_of = pytest.importorskip("moto.server", reason="moto[server] is not installed")
    server = server_of.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        yield "http://{}:{}".format(*server.get_host_and_port())
    finally:
        server.stop()


@needs_terraform
def test_what_the_least_example_makes(module: Path, aws: str) -> None:
    directory = module / "examples" / "minimal"
    with zipfile.ZipFile(directory / "hello.zip", "w") as archive:
        archive.writestr("app.py", "def handler(event, context):\n    return 'hello'\n")
    environment = {
        "AWS_ENDPOINT_URL": aws,
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    init(directory)
    terraform(directory, "apply", "-auto-approve", "-input=false", "-no-color", environment=environment)

    import boto3

    def client(service: str) -> Any:
        keys = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
        return boto3.client(service, region_name="eu-west-1", endpoint_url=aws, **keys)

    made = client("lambda").get_function(FunctionName="hello")
    assert made["Concurrency"]["ReservedConcurrentExecutions"] == 5
    assert made["Configuration"]["TracingConfig"]["Mode"] == "Active"
    policy = client("iam").get_role_policy(RoleName="hello-execution", PolicyName="hello")["PolicyDocument"]
    logs = "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda/hello:*"
    assert [one["Resource"] for one in policy["Statement"]] == [logs, "*"]
    groups = client("logs").describe_log_groups(logGroupNamePrefix="/aws/lambda/hello")["logGroups"]
    assert [(one["logGroupName"], one["retentionInDays"]) for one in groups] == [("/aws/lambda/hello", 90)]
    alarms = client("cloudwatch").describe_alarms(AlarmNamePrefix="hello")["MetricAlarms"]
    assert sorted(one["AlarmName"] for one in alarms) == ["hello-error-rate", "hello-invocation-spike"]
    assert all(one["AlarmActions"] for one in alarms)
