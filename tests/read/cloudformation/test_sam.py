"""SAM through AWS's own translator: what it makes, each at the line that caused it, and what it refuses."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from stockade.read.build import build
from tests.read.cloudformation.template import gaps, line, plain, read, resource

FULL = """\
Transform: AWS::Serverless-2016-10-31
Parameters:
  Stage: {Type: String}
Globals:
  Function:
    Runtime: python3.13
    Tracing: Active
    Environment: {Variables: {SHARED: x}}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
Resources:
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/
      Handler: app.handler
      ReservedConcurrentExecutions: !If [IsProd, 50, !Ref AWS::NoValue]
      Environment: {Variables: {OWN: !Ref Stage}}
      AutoPublishAlias: live
      Policies:
        - AmazonS3ReadOnlyAccess
        - DynamoDBCrudPolicy: {TableName: !Ref Table}
        - Statement:
            - Effect: Allow
              Action: sqs:SendMessage
              Resource: "*"
      FunctionUrlConfig:
        AuthType: NONE
      EventInvokeConfig:
        MaximumRetryAttempts: 0
      Events:
        Get: {Type: Api, Properties: {Path: /x, Method: get}}
        Put: {Type: HttpApi, Properties: {Path: /y, Method: put}}
        Upload: {Type: S3, Properties: {Bucket: !Ref Bucket, Events: "s3:ObjectCreated:*"}}
        Job: {Type: SQS, Properties: {Queue: !GetAtt Queue.Arn, Enabled: false}}
  Bucket: {Type: AWS::S3::Bucket}
  Queue: {Type: AWS::SQS::Queue}
  Table:
    Type: AWS::Serverless::SimpleTable
    Connectors:
      Out: {Properties: {Destination: {Id: Fn}, Permissions: [Read]}}
"""


@pytest.mark.parametrize(
    ("address", "type", "where"),
    [
        ("Fn", "AWS::Lambda::Function", 12),
        ("FnRole", "AWS::IAM::Role", 12),
        ("FnAliaslive", "AWS::Lambda::Alias", 19),
        ("FnUrl", "AWS::Lambda::Url", 27),
        ("FnUrlPublicPermissions", "AWS::Lambda::Permission", 27),
        ("FnEventInvokeConfig", "AWS::Lambda::EventInvokeConfig", 29),
        ("FnGetPermissionProd", "AWS::Lambda::Permission", 32),
        ("FnPutPermission", "AWS::Lambda::Permission", 33),
        ("FnUploadPermission", "AWS::Lambda::Permission", 34),
        ("FnJob", "AWS::Lambda::EventSourceMapping", 35),
        ("ServerlessRestApi", "AWS::ApiGateway::RestApi", 32),
        ("ServerlessHttpApi", "AWS::ApiGatewayV2::Api", 33),
        ("Table", "AWS::DynamoDB::Table", 38),
        ("Bucket", "AWS::S3::Bucket", 36),
    ],
)
def test_what_sam_makes_stands_where_it_was_caused(tmp_path: Path, address: str, type: str, where: int) -> None:
    found = resource(read(tmp_path, FULL.replace("    Connectors:\n      Out:", "    X:\n      Out:")), address)
    assert (found.type, found.origin.span.line) == (type, where)  # type: ignore[union-attr]


def test_properties_stand_where_they_were_written(tmp_path: Path) -> None:
    reading = read(tmp_path, FULL.split("    Connectors:")[0])
    assert reading.gaps == ()
    function = resource(reading, "Fn").attributes
    assert plain(function["Code"]) == {"LocalPath": "src/"}
    assert line(function["Runtime"]) == 6
    assert line(function["TracingConfig"].value["Mode"]) == 7  # type: ignore[union-attr]
    variables = function["Environment"].value["Variables"].value  # type: ignore[union-attr]
    assert {name: line(one) for name, one in variables.items()} == {"SHARED": 8, "OWN": 3}
    assert plain(variables["OWN"]) == "${Stage}"
    assert plain(function["ReservedConcurrentExecutions"]) is ...
    role = resource(reading, "FnRole").attributes
    arns = role["ManagedPolicyArns"].value  # type: ignore[union-attr]
    assert {plain(one): line(one) for one in arns}["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"] == 21
    templated, written = role["Policies"].value  # type: ignore[union-attr]
    assert line(templated) == 22
    (statement,) = written.value["PolicyDocument"].value["Statement"].value
    assert [line(statement.value[name]) for name in ("Effect", "Action", "Resource")] == [24, 25, 26]
    assert line(resource(reading, "FnJob").attributes["Enabled"]) == 35


def test_connectors_are_policies_of_their_function(tmp_path: Path) -> None:
    reading = read(tmp_path, FULL)
    assert reading.gaps == ()
    (made,) = [one for one in reading.resources if one.address.startswith("TableOut")]
    assert made.type == "AWS::IAM::ManagedPolicy"
    assert made.origin.span.line == 41  # type: ignore[union-attr]
    world = build(reading)
    names = {policy.address for role in world.roles for policy in role.policies}
    assert made.address in names


def function(name: str, properties: str) -> str:
    return f"  {name}:\n    Type: AWS::Serverless::Function\n    Properties: {{{properties}}}\n"


GOOD = "CodeUri: src/, Handler: a.b, Runtime: python3.13"


def test_what_sam_refuses_costs_that_alone(tmp_path: Path) -> None:
    good = "Good: {Type: Schedule, Properties: {Schedule: rate(1 day)}}"
    events = f"Events: {{Bad: {{Type: Schedule, Properties: {{}}}}, {good}}}"
    reading = read(
        tmp_path,
        "Transform: AWS::Serverless-2016-10-31\nResources:\n"
        + function("Fine", f"{GOOD}, {events}")
        + function("Broken", "CodeUri: src/")
        + "  Queue: {Type: AWS::SQS::Queue}\n",
    )
    assert [one.address for one in build(reading).functions] == ["Fine"]
    assert resource(reading, "FineGood").type == "AWS::Events::Rule"
    assert resource(reading, "Queue").type == "AWS::SQS::Queue"
    first, second = sorted(gaps(reading))
    assert first[0].startswith("`Broken` was not read: SAM refuses it: Resource with id [Broken] is invalid")
    assert first[1] == 6
    assert second[0].startswith("the event `Bad` of `Fine` was not read: SAM refuses it")
    assert second[1] == 5


def test_a_template_without_any_sense_is_a_gap_for_each_resource(tmp_path: Path) -> None:
    text = "Transform: AWS::Serverless-2016-10-31\nGlobals: {Function: {Nope: 1}}\nResources:\n"
    reading = read(tmp_path, text + function("Fn", GOOD) + "  Queue: {Type: AWS::SQS::Queue}\n")
    assert [one.address for one in reading.resources] == ["Queue"]
    ((said, where),) = gaps(reading)
    assert "`Fn` was not read: SAM refuses it" in said
    assert "Globals" in said
    assert where == 4


def test_types_of_sam_without_its_transform_are_read_and_told(tmp_path: Path) -> None:
    reading = read(tmp_path, "Resources:\n" + function("Fn", GOOD))
    assert reading.kind == "sam"
    assert [one.address for one in build(reading).functions] == ["Fn"]
    ((said, where),) = gaps(reading)
    assert "has types of SAM and does not say so" in said
    assert where == 2


def test_what_only_exists_before_packaging_is_kept(tmp_path: Path) -> None:
    (tmp_path / "api.yaml").write_text(
        "openapi: 3.0.1\npaths:\n  /x:\n    get:\n      x-amazon-apigateway-integration:\n"
        "        {type: aws_proxy, httpMethod: POST, uri: !Sub '${Fn.Arn}'}\n"
    )
    reading = read(
        tmp_path,
        "Transform: AWS::Serverless-2016-10-31\nResources:\n"
        + function("Fn", "Handler: a.b, Runtime: python3.13")
        + function("Image", "PackageType: Image")
        + "  Api:\n    Type: AWS::Serverless::Api\n    Properties: {StageName: x, DefinitionUri: api.yaml}\n"
        + "  App: {Type: AWS::Serverless::Application, Properties: {Location: child.yaml}}\n"
        + "  Store: {Type: AWS::Serverless::Application, Properties: {Location: {ApplicationId: a}}}\n",
    )
    assert plain(resource(reading, "Fn").attributes["Code"]) == {"LocalPath": "."}
    assert plain(resource(reading, "Image").attributes["Code"]) == {"ImageUri": ...}
    body = resource(reading, "Api").attributes["Body"]
    path = body.value["paths"].value["/x"].value["get"]  # type: ignore[union-attr]
    assert next(iter([path.origin.span.path])) == "api.yaml"
    assert [what.split(":")[0] for what, _ in gaps(reading)] == [
        "what the nested stack `App` makes",
        "what the nested stack `Store` makes",
    ]


def test_a_parameter_that_sam_wants_to_see_and_nobody_set(tmp_path: Path) -> None:
    text = "Transform: AWS::Serverless-2016-10-31\nParameters: {Alias: {Type: String}}\nResources:\n"
    text += function("Fn", f"{GOOD}, AutoPublishAlias: !Ref Alias")
    reading = read(tmp_path, text)
    assert reading.gaps == ()
    (alias,) = build(reading).aliases
    assert plain(alias.name) == "${Alias}"
    (given,) = build(
        read(tmp_path, text + function("Fn", f"{GOOD}, AutoPublishAlias: !Ref Alias"), Alias="x")
    ).aliases
    assert plain(given.name) == "x"


def test_the_region_that_is_given_decides_the_partition(tmp_path: Path) -> None:
    text = "Transform: AWS::Serverless-2016-10-31\nResources:\n" + function("Fn", GOOD)
    reading = read(tmp_path, text, **{"AWS::Region": "cn-north-1"})
    (arn,) = resource(reading, "FnRole").attributes["ManagedPolicyArns"].value  # type: ignore[union-attr]
    assert plain(arn) == "arn:aws-cn:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"


def test_the_translator_is_loaded_for_sam_alone_and_cannot_call_aws(tmp_path: Path) -> None:
    script = (
        "import sys\n"
        "from pathlib import Path\n"
        "from stockade.read.cloudformation import reader as cloudformation\n"
        "from stockade.read.files import Tree\n"
        "here = Path(sys.argv[1])\n"
        "def read(name):\n"
        "    return cloudformation.read(here / name, Tree(here), variables={}, variable_files=[])\n"
        "read('plain.yaml')\n"
        "assert not any(one.startswith(('samtranslator', 'boto')) for one in sys.modules)\n"
        "assert [one.address for one in read('sam.yaml').resources][0] == 'Fn'\n"
        "assert 'samtranslator' in sys.modules\n"
        "assert not any(one.startswith('boto') for one in sys.modules)\n"
    )
    (tmp_path / "plain.yaml").write_text("Resources:\n  Queue: {Type: AWS::SQS::Queue}\n")
    (tmp_path / "sam.yaml").write_text(
        "Transform: AWS::Serverless-2016-10-31\nResources:\n" + function("Fn", GOOD)
    )
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
