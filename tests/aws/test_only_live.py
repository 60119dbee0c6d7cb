"""What only a live account knows, as its owner reads it: who was let in by hand, what a role never used."""

from __future__ import annotations

import io
import zipfile
from base64 import b64encode
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import pytest

from tests.aws.account import Account, allow, document
from tests.aws.endpoint import running
from tests.aws.scanning import report
from tests.aws.test_asked import messages, states
from tests.cli.test_scan_live import OWN, log_in
from tests.cli.test_scan_live import report as ran
from tests.cli.test_scan_live import surroundings as surroundings  # a fixture, by its name

STRANGER = "999988887777"


def by_hand(principal: Any, **more: Any) -> dict[str, Any]:
    """A statement as somebody writes it, rather than `lambda:AddPermission`."""
    arn = f"arn:aws:lambda:us-east-1:{OWN}:function:orders"
    return {
        "Sid": "s",
        "Effect": "Allow",
        "Principal": principal,
        "Resource": arn,
        "Action": "lambda:*",
        **more,
    }


@pytest.mark.parametrize(
    ("statement", "control", "wanted"),
    [
        (by_hand({"AWS": f"arn:aws:iam::{STRANGER}:role/ci"}), "cross-account-invoke", "fails"),
        (by_hand({"AWS": ["*"]}), "public-invoke", "fails"),
        (
            by_hand("*", Condition={"StringEquals": {"aws:PrincipalOrgID": "o-1234567890"}}),
            "public-invoke",
            "holds",
        ),
        (
            by_hand("*", Condition={"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}),
            "public-invoke",
            "undecided",
        ),
        (by_hand({"AWS": f"arn:aws:iam::{OWN}:role/ours"}), "cross-account-invoke", "holds"),
    ],
)
def test_who_was_let_in_by_hand(statement: Any, control: str, wanted: str) -> None:
    made = Account(OWN)
    role = made.role("worker", inline={"own": document(allow("logs:PutLogEvents", "*"))})
    made.region().function("orders", role, policy=[statement])
    with running(made) as endpoint:
        found = report(endpoint, controls=(control,))
    assert states(found, control) == {"orders": wanted}
    if wanted == "fails" and control == "cross-account-invoke":
        assert any(STRANGER in one for one in messages(found, control))
    if wanted == "fails":
        evidence = next(one.evidence for one in found.findings if one.control == control)
        assert evidence[0].span is not None and evidence[0].span.path.startswith("GetPolicy of ")


def shipped(code: str, grants: Sequence[str], never: Sequence[str]) -> tuple[Account, bytes]:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("app.py", code)
    made = Account(OWN)
    role = made.role("worker", inline={"own": document(allow(list(grants), "*"))})
    services = dict.fromkeys(never)
    used = {one.partition(":")[0] for one in grants} - set(never)
    made.last_accessed(role, {**services, **dict.fromkeys(used, datetime(2026, 11, 1, tzinfo=UTC))})
    digest = b64encode(sha256(content.getvalue()).digest()).decode()
    settings = {"CodeSha256": digest, "Handler": "app.handler"}
    made.region().function("orders", role, settings=settings)
    return made, content.getvalue()


_READS = "import boto3\n\ndef handler(event, context):\n    return boto3.client('s3').list_buckets()\n"


def test_what_iam_remembers_is_cited_beside_what_the_code_needs(surroundings: pytest.MonkeyPatch) -> None:
    made, code = shipped(_READS, ["s3:ListAllMyBuckets", "sqs:SendMessage"], ["sqs"])
    with running(made, codes={"orders.zip": code}) as endpoint:
        whole = made.region().book.answer_of("lambda:GetFunction", FunctionName="orders")
        whole["Code"]["Location"] = f"{endpoint.url}/_code/orders.zip"
        log_in(surroundings, endpoint)
        found = ran("--packages", "--control", "unused-permission", "--noise", "audit")
    (said,) = [one for one in found["findings"] if one["verdict"] == "fails"]
    assert "sqs:SendMessage" in said["message"] and "s3" not in said["message"]
    assert any(one["path"].startswith("GetServiceLastAccessedDetails of") for one in said["evidence"])
