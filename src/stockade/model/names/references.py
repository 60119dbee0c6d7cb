"""How a resource is referred to: what the attributes of a reference in the model's words are in a dialect.

A fix says "the ARN of that queue"; Terraform has an attribute ``arn`` for nearly everything, so its words are
the model's. CloudFormation says it by ``Fn::GetAtt``, by ``Ref``, or only by a text that has the name in it.
``{Name}`` is an attribute or a property of the resource, ``{/Name}`` one with exactly one leading slash.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_EXECUTION: Final = "arn:{partition}:execute-api:{region}:{account}:"

CLOUDFORMATION: Final[Mapping[str, Mapping[str, str]]] = {
    "AWS::ApiGateway::Authorizer": {"id": "{AuthorizerId}"},
    "AWS::ApiGateway::RestApi": {"id": "{RestApiId}", "execution_arn": f"{_EXECUTION}{{RestApiId}}"},
    "AWS::ApiGateway::Stage": {"stage_name": "{StageName}"},
    "AWS::ApiGatewayV2::Api": {"id": "{ApiId}", "execution_arn": f"{_EXECUTION}{{ApiId}}"},
    "AWS::ApiGatewayV2::Authorizer": {"id": "{AuthorizerId}"},
    "AWS::ApiGatewayV2::Stage": {"stage_name": "{StageName}"},
    "AWS::CloudWatch::Alarm": {"arn": "{Arn}"},
    "AWS::DynamoDB::Table": {"arn": "{Arn}"},
    "AWS::Events::Rule": {"arn": "{Arn}"},
    "AWS::IAM::Role": {"name": "{RoleName}", "arn": "{Arn}"},
    "AWS::KMS::Key": {"arn": "{Arn}"},
    "AWS::Kinesis::Stream": {"arn": "{Arn}"},
    "AWS::KinesisFirehose::DeliveryStream": {"arn": "{Arn}"},
    "AWS::Lambda::Alias": {"name": "{Name}", "arn": "{AliasArn}"},
    "AWS::Lambda::Function": {"function_name": "{FunctionName}", "arn": "{Arn}"},
    "AWS::Logs::LogGroup": {
        "name": "{LogGroupName}",
        "arn": "arn:{partition}:logs:{region}:{account}:log-group:{LogGroupName}",
    },
    "AWS::S3::Bucket": {"arn": "{Arn}"},
    "AWS::SNS::Topic": {"arn": "{TopicArn}"},
    "AWS::SQS::Queue": {"arn": "{Arn}"},
    "AWS::SSM::Parameter": {"arn": "arn:{partition}:ssm:{region}:{account}:parameter{/Name}"},
    "AWS::SecretsManager::Secret": {"arn": "{Id}"},
    "AWS::StepFunctions::StateMachine": {"arn": "{Arn}"},
}
"""Resource type -> attribute in the model's words -> text in CloudFormation's."""

ELSEWHERE: Final[Mapping[tuple[str, str], tuple[str, str]]] = {
    ("AWS::Lambda::Permission", "qualifier"): ("function_name", "arn"),
}
"""Type and attribute that CloudFormation has no property for -> the attribute that says it, and by what of the
resource that is referred to: a permission for an alias names the alias for the function."""
