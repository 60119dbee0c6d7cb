"""What functions of whole projects need: the join with the infrastructure, keys, what is left open."""

from __future__ import annotations

from pathlib import Path

import pytest

from stockade.model.need import Certainty, FunctionNeeds
from stockade.needs.said import in_json
from stockade.value import Known
from tests.needs.made import needs

TERRAFORM = """
data "archive_file" "code" {
  type        = "zip"
  source_dir  = "${path.module}/src"
  output_path = "${path.module}/code.zip"
}

resource "aws_lambda_function" "f" {
  function_name = "f"
  role          = "arn:aws:iam::123456789012:role/f"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = data.archive_file.code.output_path
  environment {
    variables = { %s }
  }
}
"""

TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src
      Environment:
        Variables: { %s }
"""


def terraform(directory: Path, variables: str, resources: str, source: str) -> FunctionNeeds:
    return needs(directory, {"main.tf": TERRAFORM % variables + resources, "src/app.py": source})


def template(directory: Path, variables: str, resources: str, source: str) -> FunctionNeeds:
    return needs(directory, {"template.yaml": TEMPLATE % variables + resources, "src/app.py": source})


def shown(found: FunctionNeeds) -> set[str]:
    """``action resource`` of what the source needs; what is not certain says so."""
    out = set()
    for one in found.learned.needed:
        if one.found == "source":
            sure = "" if one.certainty is Certainty.CERTAIN else f" ({one.certainty.value})"
            out.add(f"{one.action} {in_json(one.resource)}{sure}")
    return out


TABLE = """
import os, boto3
table = boto3.resource("dynamodb").Table(os.environ["TABLE"])
def handler(event, context):
    return table.query(IndexName="by-day", Limit=1), table.get_item(Key={})
"""


def test_a_variable_that_holds_a_tables_name_is_that_table(tmp_path: Path) -> None:
    found = terraform(
        tmp_path,
        "TABLE = aws_dynamodb_table.orders.name",
        'resource "aws_dynamodb_table" "orders" {\n  name = "orders"\n  hash_key = "id"\n}\n',
        TABLE,
    )
    assert shown(found) == {
        "dynamodb:GetItem ${aws_dynamodb_table.orders.arn}",
        "dynamodb:Query ${aws_dynamodb_table.orders.arn}/index/by-day",
    }
    assert found.learned.is_whole


def test_the_same_in_a_template(tmp_path: Path) -> None:
    resources = "  Orders:\n    Type: AWS::DynamoDB::Table\n    Properties: {}\n"
    found = template(tmp_path, "TABLE: !Ref Orders", resources, TABLE)
    assert shown(found) == {
        "dynamodb:GetItem ${Orders.Arn}",
        "dynamodb:Query ${Orders.Arn}/index/by-day",
    }


def test_through_modules_locals_and_count(tmp_path: Path) -> None:
    files = {
        "main.tf": TERRAFORM % "TABLE = local.name"
        + 'locals { name = module.data.table }\nmodule "data" { source = "./data" }\n',
        "data/main.tf": 'resource "aws_dynamodb_table" "this" {\n  count = 1\n  name = "orders"\n}\n'
        'output "table" { value = aws_dynamodb_table.this[0].name }\n',
        "src/app.py": TABLE,
    }
    assert "dynamodb:GetItem ${module.data.aws_dynamodb_table.this[0].arn}" in shown(needs(tmp_path, files))


def test_a_literal_name_is_what_is_declared_under_it(tmp_path: Path) -> None:
    source = 'import boto3\ndef handler(e, c):\n    boto3.client("s3").get_object(Bucket="files", Key=e["k"])\n'
    declared = 'resource "aws_s3_bucket" "files" {\n  bucket = "files"\n}\n'
    assert shown(terraform(tmp_path, "", declared, source)) == {"s3:GetObject ${aws_s3_bucket.files.arn}/*"}


def test_a_literal_name_that_nobody_declares_is_an_arn_of_its_own(tmp_path: Path) -> None:
    call = 'boto3.client("s3").get_object(Bucket="files", Key="in/" + e["k"])'
    source = f"import boto3\ndef handler(e, c):\n    {call}\n"
    assert shown(terraform(tmp_path, "", "", source)) == {"s3:GetObject arn:aws:s3:::files/in/*"}


@pytest.mark.parametrize(
    ("variables", "resources", "call", "expected"),
    [
        (
            "Q = aws_sqs_queue.jobs.url",
            'resource "aws_sqs_queue" "jobs" {}',
            'boto3.client("sqs").send_message(QueueUrl=os.environ["Q"], MessageBody="x")',
            "sqs:SendMessage ${aws_sqs_queue.jobs.arn}",
        ),
        (
            "T = aws_sns_topic.news.arn",
            'resource "aws_sns_topic" "news" {}',
            'boto3.client("sns").publish(TopicArn=os.environ["T"], Message="x")',
            "sns:Publish ${aws_sns_topic.news.arn}",
        ),
        (
            "S = aws_secretsmanager_secret.db.id",
            'resource "aws_secretsmanager_secret" "db" { name = "db" }',
            'boto3.client("secretsmanager").get_secret_value(SecretId=os.environ["S"])',
            "secretsmanager:GetSecretValue ${aws_secretsmanager_secret.db.arn}",
        ),
        (
            "P = aws_ssm_parameter.limit.name",
            'resource "aws_ssm_parameter" "limit" {\n  name = "/limit"\n  type = "String"\n  value = "1"\n}',
            'boto3.client("ssm").get_parameter(Name=os.environ["P"])',
            "ssm:GetParameter ${aws_ssm_parameter.limit.arn}",
        ),
        (
            "M = aws_sfn_state_machine.flow.arn",
            'resource "aws_sfn_state_machine" "flow" {\n  name = "flow"\n  definition = "{}"\n}',
            'boto3.client("stepfunctions").start_execution(stateMachineArn=os.environ["M"])',
            "states:StartExecution ${aws_sfn_state_machine.flow.arn}",
        ),
        (
            "B = aws_cloudwatch_event_bus.own.name",
            'resource "aws_cloudwatch_event_bus" "own" { name = "own" }',
            'boto3.client("events").put_events(Entries=[{"EventBusName": os.environ["B"], "Source": "x"}])',
            "events:PutEvents ${aws_cloudwatch_event_bus.own.arn}",
        ),
        (
            "U = aws_cognito_user_pool.users.id",
            'resource "aws_cognito_user_pool" "users" { name = "users" }',
            'boto3.client("cognito-idp").admin_get_user(UserPoolId=os.environ["U"], Username="x")',
            "cognito-idp:AdminGetUser ${aws_cognito_user_pool.users.arn}",
        ),
        (
            "K = aws_kinesis_stream.in.name",
            'resource "aws_kinesis_stream" "in" { name = "in" }',
            'boto3.client("kinesis").put_record(StreamName=os.environ["K"], Data=b"", PartitionKey="x")',
            "kinesis:PutRecord ${aws_kinesis_stream.in.arn}",
        ),
        (
            'PREFIX = "${terraform.workspace}-"',
            "",
            'boto3.client("dynamodb").scan(TableName=os.environ["PREFIX"] + "orders")',
            "dynamodb:Scan arn:aws:dynamodb:*:123456789012:table/${terraform.workspace}-orders",
        ),
    ],
)
def test_each_kind_of_resource_by_what_names_it(
    variables: str, resources: str, call: str, expected: str, tmp_path: Path
) -> None:
    source = f"import os, boto3\ndef handler(event, context):\n    {call}\n"
    found = terraform(tmp_path, variables, resources + "\n", source)
    assert shown(found) == {expected}


def test_a_name_that_comes_with_the_event_is_open_and_told(tmp_path: Path) -> None:
    source = 'import boto3\ndef handler(e, c):\n    boto3.client("dynamodb").scan(TableName=e["table"])\n'
    found = terraform(tmp_path, "", "", source)
    assert shown(found) == {"dynamodb:Scan arn:aws:dynamodb:*:123456789012:table/* (unknown)"}
    (left,) = found.learned.open
    assert (left.where, left.reason, left.actions) == ("resource", "which table it is", ("dynamodb:Scan",))
    assert found.learned.is_whole, "what is called is known all the same"


def test_a_policy_that_is_not_known_may_be_one_of_awss_own(tmp_path: Path) -> None:
    source = """
import boto3
iam = boto3.client("iam")
def handler(e, c):
    for one in iam.list_attached_role_policies(RoleName="deploy")["AttachedPolicies"]:
        iam.get_policy(PolicyArn=one["PolicyArn"])
    iam.create_policy(PolicyName=e["name"], PolicyDocument="{}")
"""
    assert shown(terraform(tmp_path, "", "", source)) == {
        "iam:ListAttachedRolePolicies arn:aws:iam::123456789012:role/deploy",
        "iam:GetPolicy arn:aws:iam::*:policy/* (unknown)",
        "iam:CreatePolicy arn:aws:iam::123456789012:policy/* (unknown)",
    }


def test_a_variable_that_nobody_sets_is_open_and_told(tmp_path: Path) -> None:
    found = terraform(tmp_path, "", "", TABLE)
    assert {one.reason for one in found.learned.open} == {"what `TABLE` holds in the environment"}


def test_what_the_source_takes_where_a_variable_is_not_set(tmp_path: Path) -> None:
    source = TABLE.replace('os.environ["TABLE"]', 'os.environ.get("TABLE", "orders")')
    assert "dynamodb:GetItem arn:aws:dynamodb:*:123456789012:table/orders" in shown(
        terraform(tmp_path, "", "", source)
    )


def test_a_key_of_ones_own_is_needed_where_a_resource_has_one(tmp_path: Path) -> None:
    call = 'boto3.client("sqs").send_message(QueueUrl=os.environ["Q"], MessageBody="")'
    source = f"import os, boto3\ndef handler(e, c):\n    {call}\n"
    queue = 'resource "aws_sqs_queue" "jobs" {\n  %s\n}\nresource "aws_kms_key" "k" {}\n'
    own = terraform(
        tmp_path / "own", "Q = aws_sqs_queue.jobs.url", queue % "kms_master_key_id = aws_kms_key.k.arn", source
    )
    assert shown(own) == {
        "sqs:SendMessage ${aws_sqs_queue.jobs.arn}",
        "kms:Decrypt ${aws_kms_key.k.arn} (likely)",
        "kms:GenerateDataKey ${aws_kms_key.k.arn} (likely)",
    }
    awss = terraform(
        tmp_path / "awss", "Q = aws_sqs_queue.jobs.url", queue % 'kms_master_key_id = "alias/aws/sqs"', source
    )
    assert shown(awss) == {"sqs:SendMessage ${aws_sqs_queue.jobs.arn}"}


def test_a_variable_that_holds_a_whole_arn_is_that_one(tmp_path: Path) -> None:
    table = """
resource "aws_dynamodb_table" "t" {
  name           = "t"
  hash_key       = "id"
  stream_enabled = true
}
"""
    source = """
import os, boto3
def handler(event, context):
    boto3.client("dynamodbstreams").describe_stream(StreamArn=os.environ["STREAM"])
"""
    found = terraform(tmp_path, "STREAM = aws_dynamodb_table.t.stream_arn", table, source)
    assert shown(found) == {"dynamodb:DescribeStream ${aws_dynamodb_table.t.stream_arn}"}


def test_a_definition_by_its_arn_has_its_revision_already(tmp_path: Path) -> None:
    definition = 'resource "aws_ecs_task_definition" "t" { family = "t" }\n'
    source = """
import os, boto3
def handler(event, context):
    boto3.client("ecs").run_task(taskDefinition=os.environ["TASK"])
"""
    found = terraform(tmp_path, "TASK = aws_ecs_task_definition.t.arn", definition, source)
    assert shown(found) == {"ecs:RunTask ${aws_ecs_task_definition.t.arn}"}


def test_a_stack_is_made_with_the_functions_permissions_unless_a_role_is_given(tmp_path: Path) -> None:
    source = """
import boto3
def handler(event, context):
    boto3.client("cloudformation").update_stack(StackName="s"%s)
"""
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    told = terraform(tmp_path / "a", "", "", source % "").learned.open
    assert [(one.service, one.actions) for one in told] == [("", ())]
    role = ', RoleARN="arn:aws:iam::123456789012:role/r"'
    assert not terraform(tmp_path / "b", "", "", source % role).learned.open


def test_an_alias_that_a_template_refers_to_is_told_by_a_condition(tmp_path: Path) -> None:
    alias = "  Alias: {Type: AWS::KMS::Alias, Properties: {AliasName: alias/app, TargetKeyId: 1-2}}\n"
    source = """
import os, boto3
def handler(event, context):
    boto3.client("kms").encrypt(KeyId=os.environ["KEY"], Plaintext=b"")
"""
    (need,) = (
        one
        for one in template(tmp_path, "KEY: !Ref Alias", alias, source).learned.needed
        if one.found == "source"
    )
    assert in_json(need.resource).endswith(":key/*")
    assert [one.key for one in need.tests] == ["kms:ResourceAliases"]


def test_a_role_that_is_handed_over_has_to_be_passed(tmp_path: Path) -> None:
    source = (
        "import boto3\ndef handler(e, c):\n"
        '    boto3.client("rds").start_export_task(ExportTaskIdentifier="x", SourceArn="a", S3BucketName="b",\n'
        '        IamRoleArn="arn:aws:iam::123456789012:role/export", KmsKeyId="k")\n'
    )
    found = terraform(tmp_path, "", "", source)
    assert "iam:PassRole arn:aws:iam::123456789012:role/export (likely)" in shown(found)
    assert "kms:creategrant" in found.learned.perhaps


def test_a_role_inside_of_a_parameter_has_to_be_passed(tmp_path: Path) -> None:
    source = (
        "import boto3, os\ndef handler(e, c):\n"
        '    boto3.client("mediapackage").create_harvest_job(Id="x", S3Destination={"BucketName": "b",\n'
        '        "RoleArn": "arn:aws:iam::123456789012:role/harvest"})\n'
        '    boto3.client("iot").create_topic_rule(ruleName="r", topicRulePayload={"sql": "s", "actions": [\n'
        '        {"sns": {"targetArn": "t", "roleArn": "arn:aws:iam::123456789012:role/rule"}}]})\n'
    )
    found = shown(terraform(tmp_path, "", "", source))
    assert "iam:PassRole arn:aws:iam::123456789012:role/harvest (likely)" in found
    assert "iam:PassRole arn:aws:iam::123456789012:role/rule (likely)" in found


def test_a_member_that_the_model_calls_a_role_has_to_be_passed(tmp_path: Path) -> None:
    source = (
        "import boto3\ndef handler(e, c):\n"
        '    boto3.client("s3").put_bucket_replication(Bucket="b", ReplicationConfiguration={"Rules": [],\n'
        '        "Role": "arn:aws:iam::123456789012:role/copy"})\n'
    )
    assert "iam:PassRole arn:aws:iam::123456789012:role/copy (likely)" in shown(
        terraform(tmp_path, "", "", source)
    )


@pytest.mark.parametrize(
    "call",
    [
        'client("mediapackage").create_harvest_job(Id="x", S3Destination=e["to"])',
        'client("mediapackage").create_harvest_job(Id="x", S3Destination={"BucketName": "b", **e})',
        'client("iot").create_topic_rule(ruleName="r", topicRulePayload={"actions": [{"sns": e["action"]}]})',
        'client("glue").update_job(JobName="j", JobUpdate=e["job"])',
        'client("events").put_rule(Name="r", **e)',
        'client("firehose").create_delivery_stream(**e)',
    ],
)
def test_what_is_not_known_and_may_hold_a_role_is_told(call: str, tmp_path: Path) -> None:
    source = f"import boto3\ndef handler(e, c):\n    boto3.{call}\n"
    learned = terraform(tmp_path, "", "", source).learned
    assert [one.actions for one in learned.open if one.where == "call"] == [("iam:PassRole",)]
    assert learned.may_use("iam:PassRole") is not None
    assert learned.may_use("s3:GetObject") is None


@pytest.mark.parametrize(
    "call",
    [
        'client("bedrock-runtime").converse(modelId="m", messages=e["messages"])',
        'client("sqs").send_message(**e)',
        'client("events").put_events(Entries=e["entries"])',
        'client("dynamodb").put_item(TableName="t", Item=e)',
        'client("mediapackage").create_harvest_job(Id="x", S3Destination={"BucketName": e["b"]})',
        'client("events").put_rule(Name="r", Tags=e["tags"])',
    ],
)
def test_where_no_role_can_be_nothing_is_told(call: str, tmp_path: Path) -> None:
    source = f"import boto3\ndef handler(e, c):\n    boto3.{call}\n"
    found = terraform(tmp_path, "", "", source)
    assert not [one for one in found.learned.open if one.where == "call"]
    assert not any("PassRole" in one for one in shown(found))


def test_an_attribute_that_is_called_a_role_is_none(tmp_path: Path) -> None:
    source = (
        "import boto3, os\ndef handler(e, c):\n"
        '    boto3.client("dynamodb").put_item(TableName="t",\n'
        '        Item={"role": {"S": "x"}, "roleArn": {"S": "a"}})\n'
        '    boto3.client("events").put_events(Entries=[{"Detail": "{}", "role": "x"}])\n'
    )
    assert not any("PassRole" in one for one in shown(terraform(tmp_path, "", "", source)))


def test_a_service_may_use_keys_in_the_name_of_its_caller(tmp_path: Path) -> None:
    """EC2 makes a grant on the key of encrypted volumes when it starts an instance."""
    source = 'import boto3\ndef handler(e, c):\n    boto3.client("ec2").%s(InstanceIds=[e["id"]])\n'
    started = terraform(tmp_path / "a", "", "", source % "start_instances")
    assert {"kms:creategrant", "kms:decrypt"} <= started.learned.perhaps
    described = terraform(tmp_path / "b", "", "", source % "describe_instances")
    assert "kms:creategrant" not in described.learned.perhaps


def test_a_layer_nobody_knows_may_call_anything(tmp_path: Path) -> None:
    text = TERRAFORM % ""
    layer = 'layers = ["arn:aws:lambda:eu-west-1:999999999999:layer:agent:1"]\n  environment'
    files = {"main.tf": text.replace("environment", layer, 1), "src/app.py": "def handler(e, c):\n    pass\n"}
    learned = needs(tmp_path, files).learned
    assert not learned.is_whole
    assert [one.what for one in learned.open] == ["the layer `agent`"]


def test_what_is_not_in_the_input_says_so(tmp_path: Path) -> None:
    text = (TERRAFORM % "").replace("data.archive_file.code.output_path", '"elsewhere.zip"')
    learned = needs(tmp_path, {"main.tf": text}).learned
    assert not isinstance(learned.source, Known)
    assert not learned.is_whole
    assert {one.found for one in learned.needed} == {"configuration"}


def test_a_mapper_that_is_inherited_from_may_call_its_tables(tmp_path: Path) -> None:
    source = """
from pynamodb.models import Model
class T(Model):
    pass
def handler(event, context):
    return T.get("x")
"""
    learned = terraform(tmp_path, "", "", source).learned
    assert any("pynamodb" in one.what and one.service in ("", "dynamodb") for one in learned.open)


def test_a_package_that_is_called_after_a_service_may_call_it(tmp_path: Path) -> None:
    text = (TERRAFORM % "").replace("python3.13", "nodejs22.x")
    source = """
const { QldbDriver } = require("amazon-qldb-driver-nodejs");
exports.handler = async () => new QldbDriver("x");
"""
    learned = needs(tmp_path, {"main.tf": text, "src/app.js": source}).learned
    assert not learned.is_whole


def test_a_session_that_may_be_another_roles_is_not_certain(tmp_path: Path) -> None:
    source = """
import os, boto3
def session(role):
    if not role:
        return boto3.Session()
    there = boto3.client("sts").assume_role(RoleArn=role, RoleSessionName="x")["Credentials"]
    return boto3.Session(there["AccessKeyId"], there["SecretAccessKey"], there["SessionToken"])
def handler(event, context):
    session(event["role"]).client("sqs").send_message(QueueUrl=event["queue"], MessageBody="")
"""
    learned = terraform(tmp_path, "", "", source).learned
    sent = [one for one in learned.needed if one.action == "sqs:SendMessage"]
    assert all(one.certainty is not Certainty.CERTAIN for one in sent)


LAYER = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Shared:
    Type: AWS::Serverless::LayerVersion
    Metadata: { BuildMethod: %s }
    Properties: { ContentUri: ./shared }
  F:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src
      Layers: [!Ref Shared]
"""


@pytest.mark.parametrize(
    ("method", "name", "found"),
    [("makefile", "shared.work", True), ("python3.13", "shared.work", False), ("python3.13", "work", True)],
)
def test_a_layer_that_is_built_of_source(tmp_path: Path, method: str, name: str, found: bool) -> None:
    """`sam build` puts what it builds into `python/`, a `Makefile` wherever it likes: into a package, say."""
    makefile = {"shared/Makefile": "build-Shared:\n\tcp -r . $(ARTIFACTS_DIR)/python/shared\n"}
    files = {
        "template.yaml": LAYER % method,
        **(makefile if method == "makefile" else {}),
        "shared/work.py": 'import boto3\ndef work():\n    boto3.client("sqs").purge_queue(QueueUrl="u")\n',
        "src/app.py": f"from {name} import work\ndef handler(e, c):\n    work()\n",
    }
    made = needs(tmp_path, files)
    assert bool(shown(made)) is found
    assert made.learned.is_whole is found


def test_items_of_a_transaction_that_grow_in_a_loop_are_what_was_put_in(tmp_path: Path) -> None:
    source = """
import boto3

client = boto3.client("dynamodb")


def handler(event, context):
    items = [{"Put": {"TableName": "orders", "Item": {}}}]
    for line in event["lines"]:
        items.append({"Update": {"TableName": "stock", "Key": line}})
    client.transact_write_items(TransactItems=items)
"""
    actions = {one.partition(" ")[0] for one in shown(terraform(tmp_path, "", "", source))}
    assert {one for one in actions if one.startswith("dynamodb:")} == {
        "dynamodb:PutItem",
        "dynamodb:UpdateItem",
    }


def test_items_of_a_transaction_that_a_generator_gives_are_each_of_their_own_table(tmp_path: Path) -> None:
    source = """
import boto3

client = boto3.client("dynamodb")


def writes(event):
    for line in event["lines"]:
        yield {"Update": {"TableName": "stock", "Key": line}}
    yield {"Put": {"TableName": "orders", "Item": {}}}


def handler(event, context):
    client.transact_write_items(TransactItems=list(writes(event)))
"""
    found = {one for one in shown(terraform(tmp_path, "", "", source)) if one.startswith("dynamodb:")}
    assert {tuple(one.split()[:2]) for one in found} == {
        ("dynamodb:PutItem", "arn:aws:dynamodb:*:123456789012:table/orders"),
        ("dynamodb:UpdateItem", "arn:aws:dynamodb:*:123456789012:table/stock"),
    }


@pytest.mark.parametrize(
    ("bus", "resource"),
    [
        ("aws_cloudwatch_event_bus.own.arn", "rule/own/r"),
        ("aws_cloudwatch_event_bus.own.name", "rule/${aws_cloudwatch_event_bus.own.name}/r"),
        ('"default"', "rule/r"),
    ],
)
def test_the_bus_of_a_rule_by_a_reference(tmp_path: Path, bus: str, resource: str) -> None:
    source = (
        "import boto3, os\ndef handler(event, context):\n"
        '    boto3.client("events").disable_rule(Name="r", EventBusName=os.environ["B"])\n'
    )
    found = terraform(
        tmp_path, f"B = {bus}", '\nresource "aws_cloudwatch_event_bus" "own" { name = "own" }\n', source
    )
    (only,) = shown(found)
    assert only.endswith(resource), only
    assert not found.learned.open


def test_a_name_is_no_id_of_service_discovery(tmp_path: Path) -> None:
    source = (
        "import boto3\ndef handler(event, context):\n"
        '    boto3.client("servicediscovery").discover_instances(NamespaceName="n", ServiceName="s")\n'
    )
    found = terraform(tmp_path, "", "", source)
    assert not any(one.endswith(("/n", "/s", "/s (unknown)", "/n (unknown)")) for one in shown(found))
