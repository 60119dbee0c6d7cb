"""What CloudTrail saw: files in every layout, whose calls they are, what they cannot show."""

from __future__ import annotations

import gzip
import json
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from stockade.needs import trail as trails
from stockade.needs.trail import Watched, read, records

WORKER = Watched("k", "worker-role", "worker")


def event(name: str, source: str, parameters: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    return {
        "eventVersion": "1.09",
        "eventTime": "2026-11-01T10:00:00Z",
        "eventSource": f"{source}.amazonaws.com",
        "eventName": name,
        "awsRegion": "eu-west-1",
        "recipientAccountId": "123456789012",
        "userIdentity": {
            "type": "AssumedRole",
            "arn": "arn:aws:sts::123456789012:assumed-role/worker-role/worker",
        },
        "requestParameters": parameters,
        **more,
    }


def written(path: Path, *events: dict[str, Any]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    data = json.dumps({"Records": list(events)}).encode()
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


def seen(path: Path) -> set[str]:
    return {f"{one.action} {one.resource}" for one in read([path], [WORKER]).needs("k")}


def test_an_export_of_s3_is_read_below_its_directories(tmp_path: Path) -> None:
    base = tmp_path / "AWSLogs" / "123456789012"
    written(
        base / "CloudTrail" / "eu-west-1" / "2026" / "11" / "01" / "a.json.gz",
        event("GetItem", "dynamodb", {"tableName": "orders", "key": {}}, eventCategory="Data"),
    )
    written(base / "CloudTrail-Digest" / "eu-west-1" / "x.json.gz", event("DeleteTable", "dynamodb"))
    assert seen(tmp_path) == {"dynamodb:GetItem arn:aws:dynamodb:eu-west-1:123456789012:table/orders"}


def test_events_become_the_actions_of_their_calls(tmp_path: Path) -> None:
    path = written(
        tmp_path / "a.json",
        event("GetObject", "s3", {"bucketName": "files", "key": "a/b"}),
        event("GetSecretValue", "secretsmanager", {"secretId": "db"}),
        event("Invoke", "lambda", {"functionName": "arn:aws:lambda:eu-west-1:123456789012:function:g"}),
        event("GetFunction20150331v2", "lambda", {"functionName": "g"}),
        event("ListMetrics", "monitoring", None),
        event("GetCallerIdentity", "sts", None),
        event("StartExecution", "states", {"stateMachineArn": "arn:aws:states:eu-west-1:1:stateMachine:m"}),
    )
    assert seen(path) == {
        "s3:GetObject arn:aws:s3:::files/*",
        "secretsmanager:GetSecretValue arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-??????",
        "lambda:InvokeFunction arn:aws:lambda:eu-west-1:123456789012:function:g",
        "lambda:GetFunction arn:aws:lambda:eu-west-1:123456789012:function:g",
        "cloudwatch:ListMetrics *",
        "states:StartExecution arn:aws:states:eu-west-1:1:stateMachine:m",
    }


def test_only_the_functions_own_calls_count(tmp_path: Path) -> None:
    other = {"type": "AssumedRole", "arn": "arn:aws:sts::123456789012:assumed-role/other/worker-2"}
    person = {"type": "IAMUser", "arn": "arn:aws:iam::123456789012:user/worker"}
    path = written(
        tmp_path / "a.json",
        event("ListQueues", "sqs", userIdentity=other),
        event("ListQueues", "sqs", userIdentity=person),
        event("ListQueues", "sqs", userIdentity=None),
    )
    found = read([path], [WORKER])
    assert (found.events, found.needs("k")) == (3, ())


def test_a_role_whose_name_nobody_knows_is_known_by_its_session(tmp_path: Path) -> None:
    path = written(tmp_path / "a.json", event("ListQueues", "sqs"))
    found = read([path], [Watched("k", "", "worker")])
    assert [one.action for one in found.needs("k")] == ["sqs:ListQueues"]


def test_what_was_refused_is_told_and_not_needed(tmp_path: Path) -> None:
    refused = event("DeleteTable", "dynamodb", {"tableName": "t"}, errorCode="AccessDenied")
    path = written(tmp_path / "a.json", refused)
    found = read([path], [WORKER])
    assert found.needs("k") == ()
    assert dict(found.by_key["k"].denied) == {"dynamodb:DeleteTable": 1}


def test_it_says_what_it_cannot_see(tmp_path: Path) -> None:
    without = read([written(tmp_path / "a.json", event("ListQueues", "sqs"))], [WORKER])
    assert "reads and writes of objects (s3)" in without.blind()[0]
    data = event("GetObject", "s3", {"bucketName": "b", "key": "k"}, eventCategory="Data")
    logged = read([written(tmp_path / "b.json", data)], [WORKER])
    assert "(s3)" not in logged.blind()[0]
    assert "(dynamodb)" in logged.blind()[0]
    assert "in no trail" in logged.blind()[-1]


def test_what_lookup_events_prints_and_one_event_a_line(tmp_path: Path) -> None:
    looked = tmp_path / "looked.json"
    inner = {"EventId": "1", "CloudTrailEvent": json.dumps(event("ListQueues", "sqs"))}
    looked.write_text(json.dumps({"Events": [inner]}))
    lines = tmp_path / "lines.json"
    lines.write_text("".join(json.dumps(event("ListQueues", "sqs")) + "\n" for _ in range(3)))
    assert [len(list(records(path))) for path in (looked, lines)] == [1, 3]


def test_what_is_cut_off_is_a_gap_and_what_came_before_counts(tmp_path: Path) -> None:
    path = written(tmp_path / "a.json", event("ListQueues", "sqs"), event("ListTables", "dynamodb"))
    path.write_bytes(path.read_bytes()[:-40])
    found = read([path], [WORKER])
    assert [one.action for one in found.needs("k")] == ["sqs:ListQueues"]
    assert "ends in the middle" in found.gaps[0].reason


def test_files_of_something_else_are_gaps(tmp_path: Path) -> None:
    for name, data in {
        "a.json": b'{"a": [1, 2]}',
        "b.json.gz": b"\x1f\x8b broken",
        "c.json": b"\xff\xfe",
        "d.json": b"",
        "e.json": b'{"Records": 3}',
    }.items():
        (tmp_path / name).write_bytes(data)
    found = read([tmp_path], [WORKER])
    assert found.events == 0
    assert {Path(gap.what.split("`")[1]).name for gap in found.gaps} >= {"b.json.gz", "c.json"}


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    path = tmp_path / "large.json.gz"
    one = json.dumps(event("ListQueues", "sqs", {"padding": "x" * 2_000}))
    with gzip.open(path, "wt", compresslevel=1) as file:
        file.write('{"Records":[' + ",".join([one] * 6_000) + "]}")
    tracemalloc.start()
    found = read([path], [WORKER])
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found.events == 6_000
    assert most < 8 * trails.CHUNK, "16 MB went through"


def test_many_resources_of_one_action_become_one(tmp_path: Path) -> None:
    events = [event("GetItem", "dynamodb", {"tableName": f"t{number}"}) for number in range(trails.MANY + 5)]
    found = read([written(tmp_path / "a.json", *events)], [WORKER]).needs("k")
    assert len(found) == trails.MANY + 1
    assert "*" in {one.resource for one in found}


def test_what_a_trail_makes_of_events_with_several_resources(tmp_path: Path) -> None:
    found = read(
        [
            written(
                tmp_path / "a.json",
                event("UpdateStack", "cloudformation", {"stackName": "s"}),
                event("PutRule", "events", {"name": "r"}),
                event("InvokeModel", "bedrock", {"modelId": "amazon.nova-pro-v1:0"}),
                event("SendCommand", "ssm", {"documentName": "AWS-RunShellScript", "instanceIds": ["i-1"]}),
            )
        ],
        [WORKER],
    )
    assert {f"{one.action} {one.resource}" for one in found.needs("k")} == {
        "cloudformation:UpdateStack arn:aws:cloudformation:eu-west-1:123456789012:stack/s/*",
        "events:PutRule arn:aws:events:eu-west-1:123456789012:rule/r",
        "bedrock:InvokeModel arn:aws:bedrock:*::foundation-model/amazon.nova-pro-v1:0",
        "ssm:SendCommand arn:aws:ssm:eu-west-1::document/AWS-RunShellScript",
        "ssm:SendCommand arn:aws:ec2:eu-west-1:123456789012:instance/i-1",
    }
    assert found.by_key["k"].events == found.events == 4


def test_streams_of_logs_are_one_permission_and_its_own_none(tmp_path: Path) -> None:
    names = [{"logGroupName": "/app", "logStreamName": f"{at}"} for at in range(3)]
    own = {"logGroupName": "/aws/lambda/worker", "logStreamName": "2026/11/01/[$LATEST]1"}
    path = written(tmp_path / "a.json", *(event("CreateLogStream", "logs", one) for one in (*names, own)))
    assert seen(path) == {"logs:CreateLogStream arn:aws:logs:eu-west-1:123456789012:log-group:/app:*"}


def test_an_event_without_an_account_is_of_any(tmp_path: Path) -> None:
    path = written(tmp_path / "a.json", event("PutRule", "events", {"name": "r"}, recipientAccountId=None))
    assert seen(path) == {"events:PutRule arn:aws:events:eu-west-1:*:rule/r"}


@pytest.mark.parametrize("text", ["", '{"Records": []}', "\n"])
def test_a_file_without_events_is_told_and_so_is_each_directory(tmp_path: Path, text: str) -> None:
    (tmp_path / "none").mkdir()
    (tmp_path / "empty.json").write_text(text)
    whole = written(tmp_path / "a.json", event("ListQueues", "sqs"))
    found = read([whole, tmp_path / "empty.json", tmp_path / "none"], [WORKER])
    assert [(one.what.rpartition("/")[2], one.reason) for one in found.gaps] == [
        ("empty.json`", "there is no event in it"),
        ("none`", "there is no file of CloudTrail's below it"),
    ]
