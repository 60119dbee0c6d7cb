"""Variables of the Framework: every source, defaults, nesting, circles, and what cannot be known."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from stockade.read.budget import Budget
from stockade.read.cloudformation.nodes import Fields, Items, Node, Scalar, span
from stockade.read.cloudformation.template import parse
from stockade.read.files import Tree
from stockade.read.serverless.nodes import is_later
from stockade.read.serverless.variables import Known, Variables
from stockade.source import Source

CONFIGURATION = """\
service: shop
provider:
  stage: ${opt:stage, 'test'}
params:
  default:
    size: small
  test:
    colour: blue
custom:
  plain: here
  number: 5
  flag: true
  nothing: ~
  list:
    - first
    - second
  by:
    test: of test
    prod: of prod
  again: ${self:custom.plain}
  round: ${self:custom.about}
  about: ${self:custom.round}
  deep: ${self:custom.deeper}
  deeper:
    inner: ${self:service}
"""


def resolved(tmp_path: Path, written: str, **given: Any) -> Node:
    text = f"{CONFIGURATION}value: {written}\n"
    problems: list[Any] = []
    root = parse(Source("serverless.yml", text.encode()), problems)
    assert isinstance(root, Fields)
    known = Known(given.get("options", {}), given.get("environment", {}))
    variables = Variables(root, tmp_path, Tree(tmp_path), known, Budget())
    return variables.resolved(root.members["value"])


def plain(node: Node) -> Any:
    match node:
        case Scalar():
            return node.value
        case Items():
            return [plain(one) for one in node.items]
        case Fields():
            return {name: plain(one) for name, one in node.members.items()}


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("${self:service}", "shop"),
        ("${self:service.name}", "shop"),
        ("${self:custom.number}", 5),
        ("${self:custom.flag}", True),
        ("${self:custom.list}", ["first", "second"]),
        ("${self:custom.list.1}", "second"),
        ("${self:custom.again}", "here"),
        ("${self:custom.deep.inner}", "shop"),
        ("${self:custom.deep}", {"inner": "shop"}),
        ("a-${self:custom.plain}-${self:custom.number}", "a-here-5"),
        ("${self:custom.missing, 'else'}", "else"),
        ('${self:custom.missing, "else"}', "else"),
        ("${self:custom.nothing, self:custom.plain}", "here"),
        ("${self:custom.missing, self:custom.gone, 7}", 7),
        ("${self:custom.missing, ''}", ""),
        ("${self:custom.missing, false}", False),
        ("${opt:stage, 'dev'}", "dev"),
        ("${sls:stage}", "test"),
        ("${self:provider.stage}", "test"),
        ("${self:custom.by.${sls:stage}}", "of test"),
        ("${self:custom.by.${opt:stage, self:provider.stage}}", "of test"),
        ("${self:custom.by.${opt:stage, 'prod'}, 'none'}", "of prod"),
        ("${param:size}", "small"),
        ("${param:colour}", "blue"),
        ("${env:HOME_TOWN, 'nowhere'}", "nowhere"),
        ("${aws:region}", "us-east-1"),
        ("${aws:accountId}", {"Ref": "AWS::AccountId"}),
        ("${strToBool(true)}", True),
        ("${strToBool(${self:custom.missing, 'false'})}", False),
        ('"${AWS::Region}-${NotOurs}"', "${AWS::Region}-${NotOurs}"),
        ("no variable: here", {}),
    ],
)
def test_values(tmp_path: Path, written: str, value: Any) -> None:
    if value == {}:
        written, value = f"'{written}'", written
    assert plain(resolved(tmp_path, written)) == value


def test_options_and_the_environment(tmp_path: Path) -> None:
    options = {"stage": "prod", "size": "large", "region": "eu-west-1"}
    assert plain(resolved(tmp_path, "${sls:stage}", options=options)) == "prod"
    assert plain(resolved(tmp_path, "${self:provider.stage}", options=options)) == "prod"
    assert plain(resolved(tmp_path, "${self:custom.by.${sls:stage}}", options=options)) == "of prod"
    assert plain(resolved(tmp_path, "${param:size}", options=options)) == "large"
    assert plain(resolved(tmp_path, "${aws:region}", options=options)) == "eu-west-1"
    assert plain(resolved(tmp_path, "${env:A}", environment={"A": "set"})) == "set"


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("${ssm:/a/b}", "the parameter is looked up in SSM at deployment"),
        ("${ssm(eu-west-1):/a/b, 'x'}", "the parameter is looked up in SSM at deployment"),
        ("${cf:other.Output}", "the outputs of another stack are looked up at deployment"),
        ("${cf(eu-west-1):other.Output}", "the outputs of another stack are looked up at deployment"),
        ("${s3:bucket/key}", "the object is read from S3 at deployment"),
        ("${opt:size}", "variable `size` has no default and was not given"),
        ("${env:MISSING}", "the environment variable `MISSING` is not set"),
        ("${self:custom.missing}", "`self:custom.missing` stands for nothing"),
        ("${self:custom.round}", "it depends on itself"),
        ("${file(x.js):made}", "`x.js` is a program, which is not run"),
        ("${file(~/.aws/credentials)}", "`~/.aws/credentials` lies outside the scanned tree"),
        ("${file(../../etc/passwd)}", "`../../etc/passwd` was not read: it lies outside the scanned tree"),
        ("${file(gone.yml)}", "`file(gone.yml)` stands for nothing"),
        ("${own:thing}", "what `own` gives is known to a plugin, which is not run"),
        ("${self:custom.by.${opt:unknown}}", "variable `unknown` has no default and was not given"),
    ],
)
def test_what_is_not_known_says_why(tmp_path: Path, written: str, reason: str) -> None:
    found = resolved(tmp_path, written)
    assert is_later(found)
    said = plain(found)["Fn::Later"]
    assert (said if isinstance(said, str) else said[0]) == reason


def test_a_part_that_is_not_known_leaves_the_rest_known(tmp_path: Path) -> None:
    found = plain(resolved(tmp_path, "arn:aws:s3:::${ssm:/bucket}/*"))
    assert found["Fn::Join"][1][0] == "arn:aws:s3:::"
    assert found["Fn::Join"][1][2] == "/*"


def test_within_sub_names_of_cloudformation_are_left_alone(tmp_path: Path) -> None:
    found = plain(resolved(tmp_path, '!Sub "arn:${AWS::Partition}:${self:service}:${ssm:/x}"'))
    template, names = found["Fn::Sub"]
    assert template == "arn:${AWS::Partition}:shop:${Variable0}"
    assert list(names) == ["Variable0"]


def test_files(tmp_path: Path) -> None:
    (tmp_path / "more.yml").write_text("outer:\n  inner: ${self:service}\n  list: [1, 2]\n")
    (tmp_path / "more.json").write_text('{"key": "of json"}')
    (tmp_path / "note.txt").write_text("as it is")
    (tmp_path / "test.yml").write_text("stage: it")
    assert plain(resolved(tmp_path, "${file(more.yml):outer.inner}")) == "shop"
    assert plain(resolved(tmp_path, "${file(./more.yml):outer}")) == {"inner": "shop", "list": [1, 2]}
    assert plain(resolved(tmp_path, "${file(more.json):key}")) == "of json"
    assert plain(resolved(tmp_path, "${file(note.txt)}")) == "as it is"
    assert plain(resolved(tmp_path, "${file(./${sls:stage}.yml):stage}")) == "it"
    assert plain(resolved(tmp_path, "${file(more.yml):outer.gone, 'else'}")) == "else"
    assert plain(resolved(tmp_path, "${file(gone.yml):x, 'else'}")) == "else"


def test_a_value_keeps_the_place_where_it_is_written(tmp_path: Path) -> None:
    found = resolved(tmp_path, "${self:custom.again}")
    assert span(found).line == CONFIGURATION.splitlines().index("  plain: here") + 1


@pytest.mark.parametrize(
    "text", ["${", "${self:", "${self:custom.${", "${self:a${b}}", "${:}", "${a:b:c}", "${,}"]
)
def test_odd_texts_end(tmp_path: Path, text: str) -> None:
    resolved(tmp_path, f"'{text}'")
