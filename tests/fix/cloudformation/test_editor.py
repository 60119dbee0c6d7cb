"""Templates are edited at the place that decides, and what cannot be written there is told."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from stockade.control import Add, Change, Drop, Put, Rewrite
from stockade.errors import FixError
from stockade.fix.cloudformation.editor import Editor
from stockade.fix.editor import Site
from stockade.read.build import build
from stockade.read.cloudformation.reader import read
from stockade.read.files import Tree
from stockade.source import apply
from stockade.value import Hole, Ref, Text

_SAM = "Transform: AWS::Serverless-2016-10-31\n"


def _edited(
    directory: Path,
    changes: Sequence[Change],
    text: str = "",
    *,
    files: dict[str, str] | None = None,
    name: str = "template.yaml",
    asked: Sequence[Change] = (),
    variables: dict[str, str] | None = None,
) -> dict[str, str]:
    """The files that a fix's changes make of others, by name."""
    for one, content in {name: text, **(files or {})}.items():
        (directory / one).write_bytes(content.encode())
    tree = Tree(directory)
    reading = read(directory / name, tree, variables=variables or {}, variable_files=[])
    editor = Editor(Site(reading, build(reading), tree))
    edits = editor.edits(changes, [*changes, *asked])
    return {source.path: data.decode() for source, data in apply(edits).items()}


def _one(directory: Path, change: Change, text: str, **given: object) -> str:
    made = _edited(directory, [change], text, **given)  # type: ignore[arg-type]
    (content,) = made.values()
    return content


_FUNCTION = """\
Resources:
  Api:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: {runtime}
      Role: arn:aws:iam::123456789012:role/api
"""
_RUNTIME = Put("Api", "runtime", "python3.14")

# ---------------------------------------------------------------------------- the place that decides


def test_a_parameter_that_nothing_else_takes_gets_another_default(tmp_path: Path) -> None:
    text = "Parameters:\n  Version:\n    Type: String\n    Default: python3.8\n" + _FUNCTION.format(
        runtime="!Ref Version"
    )
    assert _one(tmp_path, _RUNTIME, text) == text.replace("python3.8", "python3.14")


def test_and_is_allowed_to_have_it(tmp_path: Path) -> None:
    text = (
        "Parameters:\n  Version:\n    Type: String\n    Default: python3.8\n"
        "    AllowedValues: [python3.8, python3.9]\n" + _FUNCTION.format(runtime="!Ref Version")
    )
    made = _one(tmp_path, _RUNTIME, text)
    assert "Default: python3.14\n    AllowedValues: [python3.8, python3.9, python3.14]\n" in made


def test_a_parameter_that_others_take_as_well_is_left_alone(tmp_path: Path) -> None:
    text = (
        "Parameters:\n  Version:\n    Type: String\n    Default: python3.8\n"
        + _FUNCTION.format(runtime="!Ref Version")
        + "Outputs:\n  Version:\n    Value: !Sub 'it is ${Version}'\n"
    )
    assert _one(tmp_path, _RUNTIME, text) == text.replace("Runtime: !Ref Version", "Runtime: python3.14")


def test_a_value_that_deployment_gives_is_not_written_over(tmp_path: Path) -> None:
    text = "Parameters:\n  Version: {Type: String}\n" + _FUNCTION.format(runtime="!Ref Version")
    with pytest.raises(FixError, match="parameter `Version` is given at deployment"):
        _one(tmp_path, _RUNTIME, text, variables={"Version": "python3.8"})


def test_a_map_that_nothing_else_asks_gets_another_entry(tmp_path: Path) -> None:
    text = "Mappings:\n  Runtimes:\n    now: {python: python3.8}\n" + _FUNCTION.format(
        runtime="!FindInMap [Runtimes, now, python]"
    )
    assert _one(tmp_path, _RUNTIME, text) == text.replace("python3.8", "python3.14")


_CONDITION = """\
Parameters:
  Stage: {Type: String, Default: prod}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
"""


def test_the_branch_of_a_condition_that_counts_is_changed(tmp_path: Path) -> None:
    text = _CONDITION + _FUNCTION.format(runtime="!If [IsProd, python3.8, python3.9]")
    assert "!If [IsProd, python3.14, python3.9]" in _one(tmp_path, _RUNTIME, text)


def test_the_branch_without_a_value_gets_one(tmp_path: Path) -> None:
    text = _CONDITION + _FUNCTION.format(
        runtime="python3.13\n      KmsKeyArn: !If [IsProd, !Ref AWS::NoValue, arn:k]"
    )
    made = _one(tmp_path, Put("Api", "kms_key_arn", "arn:aws:kms:eu-west-1:123456789012:key/a"), text)
    assert "!If [IsProd, 'arn:aws:kms:eu-west-1:123456789012:key/a', arn:k]" in made


def test_a_condition_that_is_not_known_is_told(tmp_path: Path) -> None:
    text = _CONDITION.replace(", Default: prod", "") + _FUNCTION.format(
        runtime="!If [IsProd, python3.8, python3.9]"
    )
    with pytest.raises(FixError, match="a condition that is not known"):
        _one(tmp_path, _RUNTIME, text)


def test_a_fragment_is_changed_where_it_lies(tmp_path: Path) -> None:
    text = (
        "Resources:\n  Fn::Transform: {Name: AWS::Include, Parameters: {Location: more.yaml}}\n"
        "  Topic: {Type: AWS::SNS::Topic}\n"
    )
    more = "Api:\n  Type: AWS::Lambda::Function\n  Properties:\n    Runtime: python3.8\n"
    made = _edited(tmp_path, [_RUNTIME], text, files={"more.yaml": more})
    assert made == {"more.yaml": more.replace("python3.8", "python3.14")}


_NESTED = "Resources:\n" + "".join(
    f"  {name}:\n    Type: AWS::CloudFormation::Stack\n    Properties: {{TemplateURL: child.yaml}}\n"
    for name in ("One", "Two")
)


def test_a_template_that_is_nested_twice_is_changed_if_both_are_to_be(tmp_path: Path) -> None:
    files = {"child.yaml": _FUNCTION.format(runtime="python3.8")}
    first, second = (Put(f"stack.{name}.Api", "runtime", "python3.14") for name in ("One", "Two"))
    with pytest.raises(FixError, match="nested twice"):
        _edited(tmp_path, [first], _NESTED, files=files)
    made = _edited(tmp_path, [first], _NESTED, files=files, asked=[second])
    assert made == {"child.yaml": files["child.yaml"].replace("python3.8", "python3.14")}


def test_a_loop_is_told(tmp_path: Path) -> None:
    text = (
        "Transform: AWS::LanguageExtensions\nResources:\n  Fn::ForEach::Each:\n    - Name\n    - [A, B]\n"
        "    - Api${Name}:\n        Type: AWS::Lambda::Function\n        Properties: {Runtime: python3.8}\n"
    )
    with pytest.raises(FixError, match="loop `Fn::ForEach::Each`"):
        _one(tmp_path, Put("ApiA", "runtime", "python3.14"), text)


# ---------------------------------------------------------------------------------------------- SAM

_TWO = (
    _SAM
    + """\
Globals:
  Function:
    Runtime: python3.8
    Handler: app.handler
    CodeUri: src/
Resources:
  One:
    Type: AWS::Serverless::Function
  Two:
    Type: AWS::Serverless::Function
    Properties:
      MemorySize: 128
"""
)


def test_globals_stay_for_the_others(tmp_path: Path) -> None:
    made = _one(tmp_path, Put("Two", "runtime", "python3.14"), _TWO)
    assert made == _TWO + "      Runtime: python3.14\n"


def test_globals_are_changed_where_all_functions_are_to_be(tmp_path: Path) -> None:
    changes = [Put(name, "runtime", "python3.14") for name in ("One", "Two")]
    made = [_edited(tmp_path, [one], _TWO, asked=changes) for one in changes]
    assert made[0] == made[1] == {"template.yaml": _TWO.replace("python3.8", "python3.14")}


def test_a_function_without_properties_gets_some(tmp_path: Path) -> None:
    made = _one(tmp_path, Put("One", "tracing_mode", "Active"), _TWO)
    assert "  One:\n    Type: AWS::Serverless::Function\n    Properties:\n      Tracing: Active\n  Two:" in made


_URL = _TWO + "      FunctionUrlConfig:\n        AuthType: NONE  # for now\n"


def test_a_url_is_changed_at_sams_word(tmp_path: Path) -> None:
    assert _one(tmp_path, Put("TwoUrl", "auth_type", "AWS_IAM"), _URL) == _URL.replace("NONE", "AWS_IAM")


_POLICIES = _TWO + (
    "      Policies:\n        - S3ReadPolicy: {BucketName: b}\n        - Statement:\n"
    '            - {Effect: Allow, Action: "s3:*", Resource: "*"}\n'
)


def test_a_statement_of_sams_list_is_rewritten(tmp_path: Path) -> None:
    change = Rewrite("TwoRole", "inline_policies[1].document", 0, "Action", ("s3:GetObject", "s3:PutObject"))
    made = _one(tmp_path, change, _POLICIES)
    assert made == _POLICIES.replace('"s3:*"', '["s3:GetObject", "s3:PutObject"]')


def test_a_policy_template_of_sams_is_told(tmp_path: Path) -> None:
    with pytest.raises(FixError, match=r"policy template `S3ReadPolicy` at template\.yaml:15"):
        _one(
            tmp_path, Rewrite("TwoRole", "inline_policies[0].document", 0, "Action", "s3:GetObject"), _POLICIES
        )


def test_a_policy_is_added_to_sams_list(tmp_path: Path) -> None:
    document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "a:B", "Resource": "*"}]}
    made = _one(tmp_path, Add("InlinePolicy", "TwoRole", (("name", "x"), ("document", document))), _TWO)
    assert made == _TWO + (
        '      Policies:\n        - Version: "2012-10-17"\n          Statement:\n            - Effect: Allow\n'
        '              Action: a:B\n              Resource: "*"\n'
    ).replace('"', "'")


def test_what_sam_makes_by_itself_is_told(tmp_path: Path) -> None:
    text = _TWO + "      Events:\n        Rule: {Type: Schedule, Properties: {Schedule: rate(1 day)}}\n"
    with pytest.raises(FixError, match="SAM makes the permission `TwoRulePermission`"):
        _one(tmp_path, Put("TwoRulePermission", "source_account", "123456789012"), text)
    with pytest.raises(FixError, match="SAM makes `TwoRulePermission` of `Two`"):
        _one(tmp_path, Drop("TwoRulePermission"), text)


# ------------------------------------------------------------------------------------------ policies

_ROLE = """\
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: logs
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              # first
              - Effect: Allow
                Action: [logs:PutLogEvents]
                Resource: !Sub arn:aws:logs:*:${AWS::AccountId}:*
              # second
              - Effect: Allow
                Action: "*"
                Resource:
                  - "*"
                  - !GetAtt Queue.Arn
  Queue: {Type: AWS::SQS::Queue}
"""


def test_a_reference_is_written_into_a_statement(tmp_path: Path) -> None:
    value = Text((Ref("Queue", "arn"), "/", Hole("region")))
    made = _one(tmp_path, Rewrite("Role", "inline_policies[0].document", 0, "Resource", value), _ROLE)
    old = "!Sub arn:aws:logs:*:${AWS::AccountId}:*"
    assert made == _ROLE.replace(old, "!Sub ${Queue.Arn}/${AWS::Region}")


def test_a_list_keeps_what_stays_in_it(tmp_path: Path) -> None:
    value = (Ref("Queue", "arn"),)
    made = _one(tmp_path, Rewrite("Role", "inline_policies[0].document", 1, "Resource", value), _ROLE)
    assert made == _ROLE.replace('                  - "*"\n', "")


def test_a_statement_goes_with_its_comment(tmp_path: Path) -> None:
    made = _one(tmp_path, Rewrite("Role", "inline_policies[0].document", 0, None, None, 2), _ROLE)
    start, end = _ROLE.index("              # first"), _ROLE.index("              # second")
    assert made == _ROLE[:start] + _ROLE[end:]


def test_the_only_statement_is_not_taken_out(tmp_path: Path) -> None:
    start = _ROLE.index("              # second")
    text = _ROLE[:start] + "  Queue: {Type: AWS::SQS::Queue}\n"
    with pytest.raises(FixError, match="the only statement"):
        _one(tmp_path, Rewrite("Role", "inline_policies[0].document", 0, None, None, 1), text)


def test_a_policy_that_is_a_text_is_told(tmp_path: Path) -> None:
    text = (
        "Resources:\n  Role:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument: >\n"
        '        {"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": "*"}]}\n'
    )
    with pytest.raises(FixError, match="is a text, not an object"):
        _one(tmp_path, Rewrite("Role", "trust", 0, "Principal", {"Service": "lambda.amazonaws.com"}), text)


# ----------------------------------------------------------------------------------------- resources

_GROUP = Add(
    "LogGroup", "Api", (("name", Text(("/aws/lambda/", Ref("Api", "function_name")))), ("retention_days", 30))
)


def test_a_resource_is_added_after_its_kin_with_its_condition(tmp_path: Path) -> None:
    text = (
        _CONDITION
        + _FUNCTION.format(runtime="python3.13").replace(
            "    Properties:", "    Condition: IsProd\n    Properties:"
        )
        + "  Last: {Type: AWS::SNS::Topic}\n"
    )
    made = _one(tmp_path, _GROUP, text)
    added = (
        "  ApiLogGroup:\n    Type: AWS::Logs::LogGroup\n    Condition: IsProd\n    Properties:\n"
        "      LogGroupName: !Sub /aws/lambda/${Api}\n      RetentionInDays: 30\n"
    )
    assert made == text.replace("  Last:", added + "  Last:")


def test_a_name_that_is_taken_is_not_taken_again(tmp_path: Path) -> None:
    text = _FUNCTION.format(runtime="python3.13") + "  ApiLogGroup: {Type: AWS::Logs::LogGroup}\n"
    assert "  ApiLogGroup2:\n" in _one(tmp_path, _GROUP, text)


def test_json_keeps_its_form_and_long_functions(tmp_path: Path) -> None:
    text = '{"Resources":{"Api":{"Type":"AWS::Lambda::Function","Properties":{"Runtime":"python3.13"}}}}\n'
    assert _one(tmp_path, _GROUP, text, name="t.json") == text.replace(
        "}}}}",
        '}},"ApiLogGroup":{"Type":"AWS::Logs::LogGroup","Properties":{"LogGroupName":'
        '{"Fn::Sub":"/aws/lambda/${Api}"},"RetentionInDays":30}}}}',
    )


_INLINE = """\
Resources:
  Api:
    Type: AWS::Lambda::Function
    Properties:
      {name}
      Role: !GetAtt Role.Arn
  Role:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: logs
          PolicyDocument:
            Statement:
              - Effect: Allow
                Action: logs:PutLogEvents
                Resource: "*"
"""
_SCOPED = (
    _GROUP,
    Rewrite("Role", "inline_policies[0].document", 0, "Resource", Text((_GROUP.ref("arn"), ":*"))),
)


def test_a_circle_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(FixError, match="would be a circle"):
        _edited(tmp_path, _SCOPED, _INLINE.format(name="Timeout: 3"))


def test_a_function_with_a_name_is_called_by_it(tmp_path: Path) -> None:
    (made,) = _edited(tmp_path, _SCOPED, _INLINE.format(name="FunctionName: api")).values()
    assert "LogGroupName: /aws/lambda/api\n" in made
    assert "Resource: !GetAtt ApiLogGroup.Arn\n" in made


def test_what_others_refer_to_is_not_removed(tmp_path: Path) -> None:
    with pytest.raises(FixError, match=r"`Queue` cannot be removed: template\.yaml:19 refers to it"):
        _one(tmp_path, Drop("Queue"), _ROLE)


def test_what_only_waits_for_it_waits_no_longer(tmp_path: Path) -> None:
    text = "Resources:\n  A: {Type: AWS::SNS::Topic}\n  B:\n    Type: AWS::SNS::Topic\n    DependsOn: [A, C]\n"
    made = _one(tmp_path, Drop("A"), text + "  C: {Type: AWS::SNS::Topic}\n")
    assert made == (
        "Resources:\n  B:\n    Type: AWS::SNS::Topic\n    DependsOn: [C]\n  C: {Type: AWS::SNS::Topic}\n"
    )


def test_what_somebody_has_to_say_is_told(tmp_path: Path) -> None:
    with pytest.raises(FixError, match="somebody has to say"):
        _one(
            tmp_path,
            Put("Api", "kms_key_arn", Text((Hole("the ARN of your key"),))),
            _FUNCTION.format(runtime="x"),
        )
