"""Services of the Framework are edited in its own words, and read again they say what was asked."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from stockade.control import Add, Change, Drop, Put, Rewrite
from stockade.errors import FixError
from stockade.fix.alike import differences
from stockade.fix.editor import Site
from stockade.fix.rehearse import rehearse
from stockade.fix.serverless.editor import Editor
from stockade.read.build import build
from stockade.read.files import Tree
from stockade.read.resource import Reading
from stockade.read.serverless.reader import read
from stockade.source import apply

_SERVICE = """\
service: shop
provider:
  name: aws
  runtime: python3.8  # for all
  stage: live
  iam:
    role:
      statements:
        - Effect: Allow
          Action: "s3:*"
          Resource: "*"
  environment:
    TABLE: orders
functions:
  orders:
    handler: app.orders
    url: true
  mails:
    handler: app.mails
"""
_ORDERS, _MAILS, _ROLE = "OrdersLambdaFunction", "MailsLambdaFunction", "IamRoleLambdaExecution"


def _read(directory: Path) -> Reading:
    return read(directory / "serverless.yml", Tree(directory), variables={}, environment={})


def _edited(directory: Path, changes: Sequence[Change], text: str, asked: Sequence[Change] = ()) -> str:
    """The file with a fix's changes made, which read again says what the fix said, and nothing else."""
    path = directory / "serverless.yml"
    path.write_text(text)
    tree = Tree(directory)
    reading = read(path, tree, variables={}, environment={})
    editor = Editor(Site(reading, build(reading), tree))
    made = apply(editor.edits(changes, [*changes, *asked]))
    (content,) = made.values()
    if not asked:
        expected = rehearse(reading, editor.whole(changes, changes))
        path.write_bytes(content)
        assert list(map(str, differences(expected, _read(directory)))) == []
    return content.decode()


def test_a_function_gets_a_word_of_its_own(tmp_path: Path) -> None:
    made = _edited(tmp_path, [Put(_MAILS, "runtime", "python3.14")], _SERVICE)
    assert made == _SERVICE + "    runtime: python3.14\n"


def test_what_all_are_to_get_is_said_once(tmp_path: Path) -> None:
    changes = [Put(one, "runtime", "python3.14") for one in (_ORDERS, _MAILS)]
    made = {_edited(tmp_path, [one], _SERVICE, changes) for one in changes}
    assert made == {_SERVICE.replace("python3.8", "python3.14")}


def test_tracing_of_all_is_the_providers(tmp_path: Path) -> None:
    changes = [Put(one, "tracing_mode", "Active") for one in (_ORDERS, _MAILS)]
    made = _edited(tmp_path, [changes[0]], _SERVICE, changes)
    assert made == _SERVICE.replace("functions:", "  tracing:\n    lambda: true\nfunctions:")


def test_tracing_of_one_brings_the_roles_statement(tmp_path: Path) -> None:
    made = _edited(tmp_path, [Put(_MAILS, "tracing_mode", "Active")], _SERVICE)
    assert made == _SERVICE + "    tracing: Active\n"


def test_a_url_asks_for_iam_and_its_permission_goes(tmp_path: Path) -> None:
    made = _edited(tmp_path, [Put("OrdersLambdaFunctionUrl", "auth_type", "AWS_IAM")], _SERVICE)
    assert made == _SERVICE.replace("url: true", "url:\n      authorizer: aws_iam")


def test_a_statement_of_the_provider_is_rewritten(tmp_path: Path) -> None:
    change = Rewrite(_ROLE, "inline_policies[0].document", 2, "Action", "s3:GetObject")
    assert _edited(tmp_path, [change], _SERVICE) == _SERVICE.replace("s3:*", "s3:GetObject")


def test_a_statement_of_the_frameworks_own_is_told(tmp_path: Path) -> None:
    with pytest.raises(FixError, match="the Framework writes this statement"):
        _edited(tmp_path, [Rewrite(_ROLE, "inline_policies[0].document", 0, "Action", "logs:Put*")], _SERVICE)


def test_a_policy_for_the_role_becomes_statements(tmp_path: Path) -> None:
    document = {"Version": "2012-10-17", "Statement": ({"Effect": "Allow", "Action": "a:B", "Resource": "*"},)}
    made = _edited(tmp_path, [Add("InlinePolicy", _ROLE, (("name", "x"), ("document", document)))], _SERVICE)
    added = '        - Effect: Allow\n          Action: a:B\n          Resource: "*"\n'
    assert made == _SERVICE.replace("  environment:", added + "  environment:")


def test_a_resource_is_added_to_the_services_own(tmp_path: Path) -> None:
    made = _edited(
        tmp_path, [Add("Queue", _MAILS, (("retention_seconds", 1209600),), label="failed")], _SERVICE
    )
    assert made == _SERVICE + (
        "resources:\n  Resources:\n    MailsLambdaFunctionFailedQueue:\n      Type: AWS::SQS::Queue\n"
        "      Properties:\n        MessageRetentionPeriod: 1209600\n"
    )


def test_what_the_provider_gives_to_all_is_told(tmp_path: Path) -> None:
    with pytest.raises(FixError, match=r"`provider` gives `TABLE` to all functions, at serverless\.yml:13"):
        _edited(tmp_path, [Drop(_MAILS, "environment.TABLE")], _SERVICE)


def test_retention_is_said_in_the_frameworks_word(tmp_path: Path) -> None:
    made = _edited(tmp_path, [Put("MailsLogGroup", "retention_days", 30)], _SERVICE)
    assert made == _SERVICE + "    logRetentionInDays: 30\n"


def test_resources_of_other_files_are_left_alone(tmp_path: Path) -> None:
    text = _SERVICE + "resources:\n  - ${file(more.yml)}\n"
    (tmp_path / "more.yml").write_text("Resources: {T: {Type: AWS::SNS::Topic}}\n")
    with pytest.raises(FixError, match="written in other files"):
        _edited(tmp_path, [Add("Queue", _MAILS, ())], text)
