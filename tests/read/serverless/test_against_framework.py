"""What is made of a service is what the Framework itself makes of it.

The Framework (version 3) is found through ``STOCKADE_SERVERLESS``, the path of its command; without it
the tests skip. It packages without asking AWS anything.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from stockade import controls
from stockade.control import Noise
from stockade.read.build import build
from stockade.read.cloudformation import reader as cloudformation
from stockade.read.files import Tree
from stockade.read.inputs import Input
from stockade.read.resource import Reading, Resource
from stockade.read.serverless import reader
from stockade.scan import scan
from stockade.value import Hole, Known, Unknown, Value

FRAMEWORK = os.environ.get("STOCKADE_SERVERLESS")
SERVICES = sorted(path.name for path in (Path(__file__).parent / "services").iterdir())
REGIONS = {"orders": {"AWS::Region": "eu-west-1"}, "portal": {"AWS::Region": "us-east-1"}}

# What this reader leaves out: versions and deployments that are named by a hash, the bucket for the
# package, and settings that no control reads.
LEFT_OUT = (
    "AWS::ApiGateway::ApiKey",
    "AWS::ApiGateway::UsagePlanKey",
    "AWS::ApiGatewayV2::Deployment",
    "AWS::Lambda::Version",
    "AWS::S3::BucketPolicy",
)
UNREAD = frozenset(
    """
    AllowHeaders AllowMethods ApiKeyRequired AuthorizerPayloadFormatVersion AuthorizerResultTtlInSeconds
    BatchSize Code Conditions ContentHandling DefaultRouteSettings DeploymentId Description DisplayName Enabled
    FilterPattern FunctionVersion HealthCheckEnabled Id IdentitySource IntegrationResponses LambdaConfig
    MethodResponses Name PayloadFormatVersion Priority ProvisionedConcurrencyConfig Quota RequestParameters
    RequestTemplates RuleDisabled StartingPosition State Subscription Tags TargetGroupAttributes TimeoutInMillis
    UsagePlanName
    """.split()  # noqa: SIM905  # a list of them is as long again
)

needs_framework = pytest.mark.skipif(
    not FRAMEWORK, reason="needs the Serverless Framework: set STOCKADE_SERVERLESS"
)


def packaged(directory: Path) -> Reading:
    """The template that the Framework makes, read as such."""
    assert FRAMEWORK
    with zipfile.ZipFile(directory / "code.zip", "w") as archive:
        archive.writestr("code.py", "")
    file = directory / "serverless.yml"
    text = re.sub(r"\nlayers:\n.*?(?=\n\S)", "", file.read_text(), flags=re.DOTALL)  # these it asks AWS about
    text = re.sub(r"    layers:\n(?:      - .*\n)+", "", text)
    file.write_text(f"{text}\npackage:\n  artifact: code.zip\n")
    quiet = {"SLS_TELEMETRY_DISABLED": "1", "SLS_NOTIFICATIONS_MODE": "off", "CI": "1"}
    keys = {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x", "HOME": str(directory)}
    done = subprocess.run(
        [FRAMEWORK, "package"],
        cwd=directory,
        env={"PATH": os.environ["PATH"], **quiet, **keys},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    template = directory / ".serverless" / "cloudformation-template-update-stack.json"
    return cloudformation.read(template, Tree(directory), variables=REGIONS[directory.name], variable_files=[])


def plain(value: Value[Any]) -> Any:
    if isinstance(value, Unknown):
        return "".join(
            "${?}" if isinstance(p, Hole) else str(p) for p in (value.text.parts if value.text else ())
        )
    match value.value:
        case dict() as inner:
            return {name: plain(one) for name, one in inner.items() if name not in UNREAD}
        case tuple() as items:
            return [plain(one) for one in items]
        case bool() as flag:
            return str(flag).lower()
        case other:
            return str(other)


def by_address(found: Reading) -> dict[str, Resource]:
    """Resources by what they are called; a deployment is called by a hash of what is deployed."""
    out = {}
    for one in found.resources:
        if one.type not in LEFT_OUT and one.address != "ServerlessDeploymentBucket":
            out[re.sub(r"^ApiGatewayDeployment.*", "ApiGatewayDeployment", one.address)] = one
    return out


def differences(theirs: Any, ours: Any, where: str) -> Iterator[str]:
    if isinstance(theirs, dict) and isinstance(ours, dict):
        for name in sorted({*theirs, *ours} - UNREAD):
            yield from differences(theirs.get(name), ours.get(name), f"{where}.{name}")
    elif isinstance(theirs, list) and isinstance(ours, list) and len(theirs) == len(ours):
        for index, (one, other) in enumerate(zip(theirs, ours, strict=True)):
            yield from differences(one, other, f"{where}[{index}]")
    elif theirs != ours and [theirs] != ours and theirs != [ours]:
        # An authorization of none is what API Gateway takes none for, an empty policy none.
        if (theirs, ours) not in (("None", "NONE"), ("", "None")):
            yield f"{where}: {theirs!r}, but ours {ours!r}"


def statements(found: dict[str, Resource], role: str) -> list[Any]:
    policies = found[role].attributes["Policies"]
    assert isinstance(policies, Known)
    document = plain(policies.value[0])["PolicyDocument"]["Statement"]
    return [{name: [one] if isinstance(one, str) else one for name, one in each.items()} for each in document]


@needs_framework
@pytest.mark.parametrize("name", SERVICES)
def test_a_service_becomes_what_the_framework_makes_of_it(name: str, tmp_path: Path) -> None:
    directory = tmp_path / name
    shutil.copytree(Path(__file__).parent / "services" / name, directory)
    template = packaged(directory)
    theirs = by_address(template)
    read = reader.read(directory / "serverless.yml", Tree(directory), variables=REGIONS[name], environment={})
    ours = by_address(read)
    subscriptions = {one for one, resource in ours.items() if resource.type == "AWS::SNS::Subscription"}
    assert theirs.keys() - subscriptions == ours.keys() - subscriptions  # the Framework lists some in topics
    wrong = [
        line
        for address in theirs.keys() & ours.keys()
        for attribute in sorted(
            {*theirs[address].attributes, *ours[address].attributes} - UNREAD - {"Policies"}
        )
        for line in differences(
            plain(theirs[address].attributes.get(attribute, Known(None, theirs[address].origin))),
            plain(ours[address].attributes.get(attribute, Known(None, ours[address].origin))),
            f"{address}.{attribute}",
        )
        if "EventBridge" not in address or "SourceArn" not in line  # there by a name, here by the rule
    ]
    assert wrong == []
    granted, given = statements(theirs, "IamRoleLambdaExecution"), statements(ours, "IamRoleLambdaExecution")
    extra = [one for one in given if one not in granted]
    missing = [one for one in granted if one not in given and one["Effect"] != ["Deny"]]
    # A function of the service is told by its name there, by itself here; version 4 reads more of Kinesis.
    assert [one["Action"][0] for one in extra] == [one["Action"][0] for one in missing]
    assert {one["Action"][0] for one in extra} <= {"lambda:InvokeFunction", "kinesis:GetRecords"}
    assert verdicts(template) == verdicts(read)


def verdicts(found: Reading) -> dict[tuple[str, str], str]:
    """What every control says of every function, by the function's name."""
    source = Input(found.kind, found.path, len(found.resources), build(found))
    report = scan([source], controls.load(), at="2026-11-23", noise=Noise.AUDIT)
    return {
        (one.name, control): state.value for one in report.functions for control, state in one.checklist.items()
    }
