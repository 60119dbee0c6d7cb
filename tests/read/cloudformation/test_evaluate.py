"""Intrinsic functions: what is known, what deployment decides, and what CloudFormation would refuse."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from stockade.value import Known, Ref, Unknown, structure
from tests.read.cloudformation.template import evaluated, gaps, line, plain, read, resource, value

DECLARED = """\
Parameters:
  Stage: {Type: String, Default: dev}
  Open: {Type: String}
  Names: {Type: CommaDelimitedList, Default: "a, b,c"}
  Nobody: {Type: "List<String>"}
  Looked: {Type: "AWS::SSM::Parameter::Value<String>", Default: /path}
  Secret: {Type: String, NoEcho: true, Default: x}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  IsOpen: !Equals [!Ref Open, "yes"]
  Either: !Or [!Condition IsProd, !Condition IsOpen]
  Neither: !And [!Condition IsProd, !Condition IsOpen]
  NotProd: !Not [!Condition IsProd]
  Same: !Equals [!Ref Open, !Ref Open]
Mappings:
  Sizes:
    dev: {memory: 128, same: 1}
    prod: {memory: 512, same: 1}
"""


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("!Ref Stage", "dev"),
        ("!Ref Open", "${Open}"),
        ("!Ref Names", ["a", "b", "c"]),
        ("!Ref Nobody", ...),
        ("!Ref Looked", "${Looked}"),
        ("!Ref AWS::Region", "${region}"),
        ("!Ref AWS::AccountId", "${account}"),
        ("!Ref AWS::Partition", "${partition}"),
        ("!Ref AWS::StackName", "${AWS::StackName}"),
        ("!Ref Named", "orders"),
        ("!Ref Fn", "${Fn.FunctionName}"),
        ("!Ref Topic", "${Topic.TopicArn}"),
        ("!Ref Queue", "${Queue.QueueUrl}"),
        ("!GetAtt Fn.Arn", "${Fn.Arn}"),
        ("!GetAtt [Fn, Arn]", "${Fn.Arn}"),
        ("!Sub '${Stage}-${Open}'", "dev-${Open}"),
        ("!Sub '${!Literal} $x'", "${Literal} $x"),
        ("!Sub ['${A}-${Stage}', {A: !Ref Names}]", "${…}-dev"),
        ("!Sub ['${A}-${Stage}', {A: b}]", "b-dev"),
        ("!Sub '${Fn.Arn}:live'", "${Fn.Arn}:live"),
        ("!Join ['-', [a, !Ref Stage, !Ref Open]]", "a-dev-${Open}"),
        ("!Join [',', !Ref Names]", "a,b,c"),
        ("!Join [',', !Ref Nobody]", ...),
        ("!Split ['-', a-b-c]", ["a", "b", "c"]),
        ("!Select [1, !Split ['-', a-b-c]]", "b"),
        ("!Select [2, !Ref Names]", "c"),
        ("!Select [9, !Ref Names]", ...),
        ("!Select [3, !Split [':', !GetAtt Queue.Arn]]", "${region}"),
        ("!Select [5, !Split [':', !GetAtt Queue.Arn]]", "jobs"),
        ("!Select [0, !GetAZs '']", "${availability zones of ${region}.names.0}"),
        ("!FindInMap [Sizes, !Ref Stage, memory]", 128),
        ("!FindInMap [Sizes, prod, memory]", 512),
        ("!FindInMap [Sizes, !Ref Open, memory]", ...),
        ("!FindInMap [Sizes, !Ref Open, same]", 1),
        ("!FindInMap [Sizes, nope, memory]", ...),
        ("!FindInMap [Sizes, nope, memory, {DefaultValue: 7}]", 7),
        ("!If [IsProd, a, b]", "b"),
        ("!If [NotProd, a, b]", "a"),
        ("!If [IsOpen, a, b]", ...),
        ("!If [IsOpen, a, a]", "a"),
        ("!If [Either, a, b]", ...),
        ("!If [Neither, a, b]", "b"),
        ("!If [Same, a, b]", "a"),
        ("!If [Nope, a, b]", ...),
        ("[a, !If [IsProd, b, !Ref AWS::NoValue], c]", ["a", "c"]),
        ("{a: 1, b: !If [IsProd, 2, !Ref AWS::NoValue]}", {"a": 1}),
        ("{a: !If [IsOpen, 2, !Ref AWS::NoValue]}", {"a": ...}),
        ("!Base64 abc", "YWJj"),
        ("!Cidr [10.0.0.0/16, 2, 8]", ["10.0.0.0/24", "10.0.1.0/24"]),
        ("!Cidr [10.0.0.0/31, 99, 1]", ...),
        ("!Cidr [nonsense, 2, 8]", ...),
        ("!ImportValue shared-vpc", "${Fn::ImportValue.shared-vpc}"),
        ("{'Fn::Length': !Ref Names}", 3),
        ("{'Fn::ToJsonString': {a: [1, !Ref Stage]}}", '{"a":[1,"dev"]}'),
        ("!Ref Nowhere", ...),
        ("!GetAtt Nowhere.Arn", ...),
        ("!Sub [1, 2, 3]", ...),
        ("!Join x", ...),
        ("!If [IsProd, a]", ...),
        ("'{{resolve:ssm:/db/host}}'", "${resolve:ssm:/db/host.Value}"),
        (
            "'{{resolve:secretsmanager:db:SecretString:password}}'",
            "${resolve:secretsmanager:db.SecretString.password}",
        ),
        (
            "!Sub 'p:{{resolve:secretsmanager:${Stage}-${Open}:SecretString:user}}@h'",
            "p:${resolve:secretsmanager:dev-${Open}.SecretString.user}@h",
        ),
        (
            "'{{resolve:secretsmanager:arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-x:SecretString:a}}'",
            "${resolve:secretsmanager:arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-x.SecretString.a}",
        ),
    ],
)
def test_functions(tmp_path: Path, expression: str, expected: Any) -> None:
    assert evaluated(tmp_path, expression, DECLARED) == expected


def test_what_is_known_before_deployment_has_its_shape(tmp_path: Path) -> None:
    def shape(expression: str) -> str:
        found = value(tmp_path, expression)
        assert isinstance(found, Unknown)
        assert found.text is not None
        return "".join(map(str, found.text.shape()))

    assert shape("!GetAtt Named.Arn") == "arn:${partition}:lambda:${region}:${account}:function:orders"
    assert shape("!GetAtt Fn.Arn") == "arn:${partition}:lambda:${region}:${account}:function:${Fn.FunctionName}"
    assert shape("!GetAtt Role.Arn") == "arn:${partition}:iam::${account}:role/${Role.RoleName}"
    assert shape("!Ref Queue") == "https://sqs.${region}.amazonaws.com/${account}/jobs"


def test_a_reference_knows_what_it_is_to(tmp_path: Path) -> None:
    found = value(tmp_path, "!Ref Named")
    assert isinstance(found, Known)
    assert found.ref == Ref("Named", "FunctionName")
    assert found.ref.type == "AWS::Lambda::Function"


def test_the_region_may_be_given(tmp_path: Path) -> None:
    given = {"AWS::Region": "cn-north-1", "AWS::AccountId": "123456789012"}
    expression = "!Sub '${AWS::Region}.${AWS::URLSuffix} ${AWS::Partition} ${AWS::AccountId}'"
    assert evaluated(tmp_path, expression, **given) == "cn-north-1.amazonaws.com.cn aws-cn 123456789012"


@pytest.mark.parametrize("name", ["account", "region", "partition"])
def test_a_parameter_is_not_what_it_is_called(tmp_path: Path, name: str) -> None:
    assert evaluated(tmp_path, f"!Ref {name}", f"Parameters: {{{name}: {{Type: String}}}}") != f"${{{name}}}"


def test_json_remembers_its_tree(tmp_path: Path) -> None:
    found = value(tmp_path, "{'Fn::ToJsonString': {a: !Ref Fn}}")
    assert plain(structure(found)) == {"a": "${Fn.FunctionName}"}


def test_circles_are_unknown_and_name_their_path(tmp_path: Path) -> None:
    reading = read(
        tmp_path,
        """\
        Conditions:
          A: !Condition B
          B: !Not [!Condition A]
        Resources:
          Probe: {Type: Custom::Probe, Properties: {Value: !If [A, 1, 2]}}
          One: {Type: AWS::SQS::Queue, Properties: {QueueName: !Ref Two, Other: !GetAtt Two.QueueName}}
          Two: {Type: AWS::SQS::Queue, Properties: {QueueName: !GetAtt One.QueueName}}
        """,
    )
    found = resource(reading, "Probe").attributes["Value"]
    assert isinstance(found, Unknown)
    assert "it depends on itself: A -> B -> A" in found.reason
    other = resource(reading, "One").attributes["Other"]
    assert isinstance(other, Unknown)


def test_values_stand_where_they_were_written(tmp_path: Path) -> None:
    reading = read(
        tmp_path,
        """\
        Parameters:
          Stage:
            Type: String
            Default: dev
        Mappings: {Sizes: {dev: {
          memory: 128}}}
        Resources:
          Probe:
            Type: Custom::Probe
            Properties:
              A: !Ref Stage
              B: !FindInMap [Sizes, !Ref Stage, memory]
              C: !Ref Nobody
        """,
    )
    attributes = resource(reading, "Probe").attributes
    assert [line(attributes[name]) for name in "ABC"] == [4, 6, 13]
    assert next(iter(reading.resources)).origin.span.line == 8  # type: ignore[union-attr]


@pytest.mark.parametrize("name", ["!Nope", "!Rain::Embed"])
def test_unknown_functions_are_gaps_and_unknown(tmp_path: Path, name: str) -> None:
    reading = read(tmp_path, f"Resources:\n  P:\n    Type: Custom::P\n    Properties:\n      V: {name} x\n")
    assert gaps(reading) == [
        (f"`{name}` in `template.yaml` was not read: CloudFormation has no such function", 5)
    ]
    assert plain(resource(reading, "P").attributes["V"]) is ...
