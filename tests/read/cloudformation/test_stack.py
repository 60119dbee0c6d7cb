"""Stacks: conditions, parameters, loops, fragments, nested templates; what is not read is told by its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from stockade.errors import UsageError
from stockade.read.budget import Budget
from stockade.read.build import build
from stockade.read.cloudformation import reader as cloudformation
from stockade.read.files import Tree
from stockade.value import Known, Unknown, is_sensitive
from tests.read.cloudformation.template import gaps, line, plain, read, resource

QUEUE = "{Type: AWS::SQS::Queue}"


def addresses(directory: Path, text: str, **variables: str) -> list[str]:
    return [one.address for one in read(directory, text, **variables).resources]


def test_resources_are_made_as_their_conditions_say(tmp_path: Path) -> None:
    text = """\
        Parameters: {Stage: {Type: String, Default: dev}, Open: {Type: String}}
        Conditions:
          IsProd: !Equals [!Ref Stage, prod]
          IsOpen: !Equals [!Ref Open, "yes"]
        Resources:
          Always: {Type: AWS::SQS::Queue}
          Prod: {Type: AWS::SQS::Queue, Condition: IsProd}
          Perhaps: {Type: AWS::SQS::Queue, Condition: IsOpen}
          Probe: {Type: Custom::Probe, Properties: {Value: !GetAtt Prod.Arn}}
        """
    assert addresses(tmp_path, text) == ["Always", "Perhaps", "Probe"]
    assert addresses(tmp_path, text, Stage="prod", Open="no") == ["Always", "Prod", "Probe"]
    reading = read(tmp_path, text)
    doubt = resource(reading, "Perhaps").doubt
    assert doubt is not None
    assert "the condition `IsOpen`, which is not known: the parameter `Open` has no value" in doubt.reason
    assert line(doubt) == 1
    gone = resource(reading, "Probe").attributes["Value"]
    assert isinstance(gone, Unknown)
    assert "`Prod` is not made" in gone.reason


@pytest.mark.parametrize(
    "content",
    [
        '[{"ParameterKey": "Stage", "ParameterValue": "prod"}]',
        '{"Parameters": {"Stage": "prod"}}',
        '["Stage=prod"]',
        '{"Stage": "prod"}',
    ],
)
def test_parameter_files_have_the_forms_that_aws_takes(tmp_path: Path, content: str) -> None:
    (tmp_path / "p.json").write_text(content)
    (tmp_path / "t.yaml").write_text(
        "Parameters: {Stage: {Type: String}}\nResources:\n  P: {Type: Custom::P, Properties: {V: !Ref Stage}}\n"
    )

    def value(**variables: str) -> object:
        tree = Tree(tmp_path)
        files = [tmp_path / "p.json"]
        reading = cloudformation.read(tmp_path / "t.yaml", tree, variables=variables, variable_files=files)
        return plain(resource(reading, "P").attributes["V"])

    assert value() == "prod"
    assert value(Stage="test") == "test"


@pytest.mark.parametrize("content", ["{", '{"Stage": ["a"]}'])
def test_a_parameter_file_that_is_wrong_is_the_users_to_mend(tmp_path: Path, content: str) -> None:
    (tmp_path / "p.json").write_text(content)
    (tmp_path / "t.yaml").write_text(f"Resources:\n  Q: {QUEUE}\n")
    with pytest.raises(UsageError) as caught:
        files = [tmp_path / "p.json"]
        cloudformation.read(tmp_path / "t.yaml", Tree(tmp_path), variables={}, variable_files=files)
    assert "`p.json`" in caught.value.message
    assert caught.value.help


def test_what_is_not_to_be_echoed_is_kept_out_of_sight(tmp_path: Path) -> None:
    text = (
        "Parameters: {Token: {Type: String, NoEcho: true, Default: x}}\n"
        "Resources:\n  P: {Type: Custom::P, Properties: {V: !Ref Token}}\n"
    )
    assert is_sensitive(resource(read(tmp_path, text), "P").attributes["V"])


def test_loops_are_written_out(tmp_path: Path) -> None:
    reading = read(
        tmp_path,
        """\
        Transform: AWS::LanguageExtensions
        Parameters: {Names: {Type: CommaDelimitedList, Default: "a,b-c"}, Nobody: {Type: CommaDelimitedList}}
        Resources:
          'Fn::ForEach::Queues':
            - Name
            - !Ref Names
            - 'Queue&{Name}':
                Type: AWS::SQS::Queue
                Properties: {QueueName: !Sub '${Name}-${AWS::Region}', Tag: !Ref Name}
          'Fn::ForEach::Others':
            - Name
            - !Ref Nobody
            - 'Other${Name}': {Type: AWS::SQS::Queue}
        """,
    )
    assert [one.address for one in reading.resources] == ["Queuea", "Queuebc"]
    assert plain(reading.resources[1].attributes["QueueName"]) == "b-c-${region}"
    assert plain(reading.resources[1].attributes["Tag"]) == "b-c"
    (gap,) = gaps(reading)
    assert "`Fn::ForEach::Others`" in gap[0]
    assert "the parameter `Nobody` has no value" in gap[0]
    assert gap[1] == 10


def test_fragments_of_the_tree_are_included(tmp_path: Path) -> None:
    (tmp_path / "queue.yaml").write_text("QueueName: jobs\nKmsMasterKeyId: k\n")
    (tmp_path / "more.yaml").write_text(f"Second: {QUEUE}\n")
    reading = read(
        tmp_path,
        """\
        Resources:
          First:
            Type: AWS::SQS::Queue
            Properties:
              Fn::Transform: {Name: AWS::Include, Parameters: {Location: queue.yaml}}
              QueueName: own
          Probe:
            Type: Custom::Probe
            Properties:
              Value:
                Fn::Transform: {Name: AWS::Include, Parameters: {Location: ./queue.yaml}}
              Gone:
                Fn::Transform: {Name: AWS::Include, Parameters: {Location: s3://bucket/x.yaml}}
              Macro:
                Fn::Transform: {Name: Mine}
          Fn::Transform: {Name: AWS::Include, Parameters: {Location: more.yaml}}
        """,
    )
    assert [one.address for one in reading.resources] == ["Second", "First", "Probe"]
    first, probe = resource(reading, "First").attributes, resource(reading, "Probe").attributes
    assert {name: plain(first[name]) for name in first} == {"QueueName": "own", "KmsMasterKeyId": "k"}
    assert plain(probe["Value"]) == {"QueueName": "jobs", "KmsMasterKeyId": "k"}
    assert plain(probe["Gone"]) is plain(probe["Macro"]) is ...
    assert reading.gaps == ()


CHILD = """\
Parameters: {Name: {Type: String}, Other: {Type: String, Default: other}}
Resources:
  Fn: {Type: AWS::Lambda::Function, Properties: {FunctionName: !Ref Name, Description: !Ref Other}}
Outputs:
  Arn: {Value: !GetAtt Fn.Arn}
"""


def test_nested_stacks_are_read_with_what_they_are_given(tmp_path: Path) -> None:
    (tmp_path / "child.yaml").write_text(CHILD)
    reading = read(
        tmp_path,
        """\
        Parameters: {Stage: {Type: String}}
        Conditions: {IsProd: !Equals [!Ref Stage, prod]}
        Resources:
          Inner:
            Type: AWS::CloudFormation::Stack
            Condition: IsProd
            Properties: {TemplateURL: ./child.yaml, Parameters: {Name: !Sub 'orders-${Stage}'}}
          Url:
            Type: AWS::Lambda::Url
            Properties: {TargetFunctionArn: !GetAtt Inner.Outputs.Arn, AuthType: NONE}
        """,
        Other="not for the child",
    )
    assert reading.gaps == ()
    inner = resource(reading, "stack.Inner.Fn")
    assert plain(inner.attributes["FunctionName"]) == "orders-${Stage}"
    assert plain(inner.attributes["Description"]) == "other"
    assert inner.doubt is not None
    assert inner.origin.span.path == "child.yaml"  # type: ignore[union-attr]
    assert [span.line for span in inner.origin.via] == [4]  # type: ignore[union-attr]
    world = build(reading)
    assert world.functions_of(world.urls[0]) == world.functions


@pytest.mark.parametrize(
    ("location", "said"),
    [
        ("https://s3.amazonaws.com/b/t.yaml", "its template is not a file of this tree"),
        ("!Ref AWS::NoValue", "its template is not a file of this tree"),
        ("nope.yaml", "there is no such file"),
        ("../../outside.yaml", "lies outside the scanned tree"),
        ("template.yaml", "it is within itself"),
    ],
)
def test_nested_stacks_that_cannot_be_read_are_gaps(tmp_path: Path, location: str, said: str) -> None:
    inner = f"{{Type: AWS::CloudFormation::Stack, Properties: {{TemplateURL: '{location}'}}}}"
    text = f"Resources:\n  Inner: {inner}\n"
    reading = read(tmp_path, text.replace("'!Ref AWS::NoValue'", "!Ref AWS::NoValue"))
    (gap,) = gaps(reading)
    assert "the nested stack `Inner`" in gap[0]
    assert said in gap[0]
    assert gap[1] == 2


@pytest.mark.parametrize(
    ("text", "said", "line"),
    [
        ("Resources: []\n", "`Resources` of `template.yaml` was not read: it is not an object", 1),
        ("- 1\n", "it is not an object of sections", 1),
        ("Parameters: {}\n", "it has no `Resources`", 1),
        (f"Resources: {{Q: {QUEUE}}}\nResuorces: {{}}\n", "a template has no such section", 2),
        (f"Resources: {{Q: {QUEUE}}}\nTransform: [Mine]\n", "macros run at deployment", 2),
        ("Resources:\n  Q: 1\n", "it is no resource with a `Type`", 2),
        ("Resources:\n  Q: {Type: AWS::CloudFormation::StackSet}\n", "stack sets are deployed elsewhere", 2),
        ("Resources:\n  Q: {Type: 'My::Own::Thing::MODULE'}\n", "CloudFormation's registry", 2),
        ("Resources:\n\tQ: 1\n", "a tab stands where only spaces may indent", 2),
        ("Resources: {}\nname: {{ cookiecutter.name }}\n", "placeholder of a template language", 2),
    ],
)
def test_what_is_not_read_says_so_with_its_line(tmp_path: Path, text: str, said: str, line: int) -> None:
    found = [where for what, where in gaps(read(tmp_path, text)) if said in what]
    assert found == [line]


def test_a_step_too_many_is_an_unknown_and_no_hang(tmp_path: Path) -> None:
    path = tmp_path / "t.yaml"
    path.write_text("Resources:\n  P: {Type: Custom::P, Properties: {V: [1, 2, 3, 4, 5, 6]}}\n")
    reading = cloudformation.read(path, Tree(tmp_path), variables={}, variable_files=[], budget=Budget(3))
    found = resource(reading, "P").attributes["V"]
    assert isinstance(found, Unknown)
    assert "more steps than a scan allows" in found.reason


def test_names_that_deployment_gives_relate(tmp_path: Path) -> None:
    world = build(
        read(
            tmp_path,
            """\
            Resources:
              Fn: {Type: AWS::Lambda::Function, Properties: {Role: !GetAtt Role.Arn}}
              Role: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {}}}
              Logs: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: !Sub '/aws/lambda/${Fn}'}}
              Version: {Type: AWS::Lambda::Version, Properties: {FunctionName: !GetAtt Fn.Arn}}
              Alias:
                Type: AWS::Lambda::Alias
                Properties: {Name: live, FunctionName: !Ref Fn, FunctionVersion: "1"}
              One:
                Type: AWS::Lambda::Permission
                Properties: {FunctionName: !Ref Alias, Action: a, Principal: p}
              Two:
                Type: AWS::Lambda::Permission
                Properties: {FunctionName: !Ref Version, Action: a, Principal: p}
              Three:
                Type: AWS::Lambda::Permission
                Properties: {FunctionName: !Ref Fn, Action: a, Principal: p}
            """,
        )
    )
    (function,) = world.functions
    assert [one.address for one in world.log_groups_of(function)] == ["Logs"]
    assert [one.address for one in world.aliases_of(function)] == ["Alias"]
    assert [one.address for one in world.permissions_of(function)] == ["One", "Two", "Three"]
    assert [world.is_qualified(one.function_name) for one in world.permissions] == [True, True, False]
    role = world.role_of(function)
    assert role is not None
    assert isinstance(role.role, Known)
