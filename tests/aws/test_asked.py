"""What is asked for one control or two: how runtimes are updated, keys, secrets, VPC endpoints and the like.

Each is told as what it is; a denied or throttled call is an exact gap that leaves undecided what hangs on it.
"""

from __future__ import annotations

import io
import zipfile
from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import pytest

from stockade.report import Report
from tests.aws.account import Account, allow, document
from tests.aws.endpoint import running
from tests.aws.scanning import clients, report
from tests.aws.trouble import Trouble
from tests.cli.test_scan_live import OWN, log_in
from tests.cli.test_scan_live import report as ran
from tests.cli.test_scan_live import surroundings as surroundings  # a fixture, by its name

KEY = f"arn:aws:kms:us-east-1:{OWN}:key/1111aaaa-0000-0000-0000-000000000000"
AWS_OWN = f"arn:aws:kms:us-east-1:{OWN}:key/2222bbbb-0000-0000-0000-000000000000"
SECRET = f"arn:aws:secretsmanager:us-east-1:{OWN}:secret:orders/db-AbCdEf"
NAMED = "vpce-0a1b-2c3d.vpce-svc-4e5f.us-east-1.vpce.amazonaws.com"
VPC = {"VpcId": "vpc-1", "SubnetIds": ["subnet-1"], "SecurityGroupIds": ["sg-1"]}


def account(**functions: Mapping[str, Any]) -> Account:
    """Functions of one role."""
    made = Account(OWN)
    role = made.role("worker", inline={"own": document(allow("logs:PutLogEvents", "*"))})
    made.region()
    for name, more in functions.items():
        made.region().function(name, role, **more)
    return made


def env(**variables: str) -> dict[str, Any]:
    return {"Environment": {"Variables": variables}}


def states(of: Report, control: str) -> dict[str, str]:
    return {one.name or "": one.checklist[control].value for one in of.functions}


def messages(of: Report, control: str) -> list[str]:
    return [getattr(one.outcome, "message", "") for one in of.findings if one.control == control]


def runtimes() -> Account:
    return account(pinned={"updates": "Manual"}, patched={}, image={"settings": _IMAGE})


_IMAGE = {"PackageType": "Image", "Runtime": None, "Handler": None}


def keys() -> Account:
    made = account(
        theirs={"settings": {"KMSKeyArn": KEY, **env(A="1")}},
        amazons={"settings": {"KMSKeyArn": AWS_OWN, **env(A="1")}},
        gone={"settings": {"KMSKeyArn": f"{KEY}0", **env(A="1")}},
    )
    for key, manager in ((KEY, "CUSTOMER"), (AWS_OWN, "AWS")):
        told = {"KeyId": key.rpartition("/")[2], "Arn": key, "KeyManager": manager, "KeyState": "Enabled"}
        made.region().says("kms:DescribeKey", {"KeyMetadata": told}, KeyId=key)
    return made


def endpoints() -> Account:
    made = account(
        outside={"settings": env(API=f"https://{NAMED}/v1")},
        partner={"settings": env(API="https://api.partner.example/v1")},
        inside={"settings": {"VpcConfig": VPC, **env(API="https://api.partner.example/v1")}},
        within={"settings": {"VpcConfig": VPC, **env(API=f"https://{NAMED}/v1")}},
        other={"settings": {"VpcConfig": VPC, **env(API="https://api.other.example/v1")}},
        public={"settings": env(API="https://secretsmanager.us-east-1.amazonaws.com")},
    )
    theirs = {
        "VpcEndpointId": "vpce-0a1b",
        "VpcId": "vpc-1",
        "ServiceName": "com.amazonaws.vpce.us-east-1.vpce-svc-4e5f",
        "DnsEntries": [{"DnsName": NAMED}, {"DnsName": "api.partner.example"}],
    }
    of_aws = {
        "VpcEndpointId": "vpce-9",
        "VpcId": "vpc-1",
        "ServiceName": "com.amazonaws.us-east-1.secretsmanager",
        "DnsEntries": [{"DnsName": "secretsmanager.us-east-1.amazonaws.com"}],
    }
    made.region().says("ec2:DescribeVpcEndpoints", [theirs, of_aws])
    return made


def provisioned() -> Account:
    made = account(
        greedy={"reserved": 800},
        ready={"versions": ["1"], "aliases": {"live": "1"}, "provisioned": {"live": 150}},
        own={"reserved": 10, "versions": ["1"], "provisioned": {"1": 10}},
        plain={},
    )
    made.region().limits(1000, 190, 4)
    return made


def test_a_runtime_that_is_pinned_gets_no_patches() -> None:
    with running(runtimes()) as endpoint:
        found = report(endpoint, controls=("pinned-runtime",))
        counts = endpoint.counts
    assert states(found, "pinned-runtime") == {
        "pinned": "fails",
        "patched": "holds",
        "image": "not-applicable",
    }
    assert messages(found, "pinned-runtime")[-1].startswith("the function is pinned to one version of")
    assert counts["lambda:GetRuntimeManagementConfig"] == 2, "an image has no such thing"


def test_a_key_of_awss_own_is_no_customer_key() -> None:
    with running(keys()) as endpoint:
        found = report(endpoint, controls=("default-key-environment",))
    wanted = {"theirs": "holds", "amazons": "fails", "gone": "holds"}
    assert states(found, "default-key-environment") == wanted


def test_what_leads_to_a_vpc_endpoint_is_reached_from_inside_alone() -> None:
    with running(endpoints()) as endpoint:
        found = report(endpoint, controls=("misplaced-vpc",))
    # A name that the owner of a service gave it may be answered on the internet as well.
    wanted = {"outside": "fails", "partner": "undecided", "inside": "undecided", "public": "holds"}
    wanted |= {"within": "holds", "other": "fails"}
    assert states(found, "misplaced-vpc") == wanted
    assert any("vpc-endpoint/vpce-0a1b" in one for one in messages(found, "misplaced-vpc"))


def test_what_is_provisioned_is_taken_from_what_others_share() -> None:
    with running(provisioned()) as endpoint:
        found = report(endpoint, controls=("overcommitted-concurrency",))
        counts = endpoint.counts
    (said,) = messages(found, "overcommitted-concurrency")
    assert said == (
        "810 of the account's 1,000 are reserved, and 2 others share the 190 left, of which 150 are provisioned"
    )
    assert counts["lambda:ListProvisionedConcurrencyConfigs"] == 1, "who reserves has it out of the reservation"


@pytest.mark.parametrize(
    ("made", "control", "call"),
    [
        (runtimes, "pinned-runtime", "lambda:GetRuntimeManagementConfig"),
        (keys, "default-key-environment", "kms:DescribeKey"),
        (endpoints, "misplaced-vpc", "ec2:DescribeVpcEndpoints"),
        (provisioned, "overcommitted-concurrency", "lambda:ListProvisionedConcurrencyConfigs"),
        (provisioned, "overcommitted-concurrency", "lambda:ListFunctions"),
    ],
)
@pytest.mark.parametrize("how", ["denied", "throttled"])
def test_a_call_that_is_not_answered_is_an_exact_gap(made: Any, control: str, call: str, how: str) -> None:
    def of(trouble: Trouble) -> Report:
        with running(made(), trouble=trouble, check=False) as endpoint:
            made_by = clients(endpoint, OWN, attempts=1)
            return report(endpoint, controls=(control,), made=made_by)

    whole = states(of(Trouble()), control)
    denied = Trouble(denied=frozenset({call}))
    found = of(denied if how == "denied" else Trouble(throttled=1, times=99, only=frozenset({call})))
    gaps = [gap for gap in found.gaps if call in gap.what]
    assert len(gaps) == 1
    assert f"`{control}`" in (gaps[0].help or "")
    assert ("AWS denies it" in gaps[0].reason) is (how == "denied")
    if call == "lambda:ListFunctions":
        assert not found.functions
        return
    partly = states(found, control)
    changed = {name for name in whole if partly[name] != whole[name]}
    assert changed, "something hangs on it"
    assert {partly[name] for name in changed} == {"undecided"}


# ------------------------------------------------------------------------------------------- secrets

_CODE = """
import os
import boto3

CLIENT = boto3.client("secretsmanager")


def handler(event, context):
    return CLIENT.get_secret_value(SecretId=os.environ["SECRET"])
"""


def reading_secrets(grants: Any, policy: str = "", key: str = KEY) -> tuple[Account, bytes]:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("app.py", _CODE)
    digest = b64encode(sha256(content.getvalue()).digest()).decode()
    made = Account(OWN)
    role = made.role("worker", inline={"own": document(*grants)})
    here = made.region()
    more = {"CodeSha256": digest, "Handler": "app.handler", **env(SECRET=SECRET)}
    here.function("orders", role, settings=more, code="CODE")
    of_key = {"KmsKeyId": key} if key else {}
    here.says("secretsmanager:ListSecrets", [{"ARN": SECRET, "Name": "orders/db", **of_key}])
    told = {"ARN": SECRET, "Name": "orders/db"} | ({"ResourcePolicy": policy} if policy else {})
    here.says("secretsmanager:GetResourcePolicy", told, SecretId=SECRET)
    return made, content.getvalue()


def scanned(
    surroundings: pytest.MonkeyPatch,
    grants: Any,
    denied: str = "",
    **more: Any,
) -> Any:
    made, code = reading_secrets(grants, **more)
    trouble = Trouble(denied=frozenset({denied} if denied else ()))
    with running(made, codes={"orders.zip": code}, trouble=trouble) as endpoint:
        made.region().book.answer_of("lambda:GetFunction", FunctionName="orders")["Code"]["Location"] = (
            f"{endpoint.url}/_code/orders.zip"
        )
        log_in(surroundings, endpoint)
        controls = ("missing-permission", "unused-permission")
        return ran("--packages", "--noise", "audit", *(x for one in controls for x in ("--control", one)))


@pytest.mark.parametrize(
    ("denied", "policy", "wanted"),
    [
        ("", "", "fails"),
        ("", '{"Version": "2012-10-17", "Statement": []}', "undecided"),
        ("secretsmanager:GetResourcePolicy", "", "undecided"),
        ("secretsmanager:ListSecrets", "", "undecided"),
    ],
)
def test_a_secrets_own_policy_may_allow_what_the_role_does_not(
    surroundings: pytest.MonkeyPatch,
    denied: str,
    policy: str,
    wanted: str,
) -> None:
    found = scanned(surroundings, [allow("logs:PutLogEvents", "*")], denied, policy=policy)
    assert found["functions"][0]["checklist"]["missing-permission"] == wanted
    assert [one["what"] for one in found["gaps"] if denied and denied in one["what"]] != [] or not denied


def test_who_may_read_a_secret_misses_nothing(surroundings: pytest.MonkeyPatch) -> None:
    found = scanned(surroundings, [allow("secretsmanager:GetSecretValue", SECRET)])
    assert found["functions"][0]["checklist"]["missing-permission"] == "holds"
    assert found["gaps"] == []


def test_without_packages_no_secret_is_asked_about() -> None:
    made, _ = reading_secrets([allow("logs:PutLogEvents", "*")])
    with running(made) as endpoint:
        report(endpoint)
        assert not [one for one in endpoint.counts if one.startswith("secretsmanager:")]
