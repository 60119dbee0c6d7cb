"""What is known before deployment of the attributes that AWS fills in: mostly the shapes of ARNs.

A template's ``{name}`` is the instance's own attribute; ``{partition}``, ``{region}`` and
``{account}`` are those of its provider. The ARN formats are those of AWS's Service Authorization
Reference; a computed attribute that is not listed is a reference without a shape. ``{/name}`` is the
attribute with exactly one leading slash.
"""

from __future__ import annotations

COMPUTED: dict[str, dict[str, str]] = {
    "aws_api_gateway_rest_api": {
        "arn": "arn:{partition}:apigateway:{region}::/restapis/{id}",
        "execution_arn": "arn:{partition}:execute-api:{region}:{account}:{id}",
    },
    "aws_api_gateway_stage": {
        "execution_arn": "arn:{partition}:execute-api:{region}:{account}:{rest_api_id}/{stage_name}",
        "invoke_url": "https://{rest_api_id}.execute-api.{region}.amazonaws.com/{stage_name}",
    },
    "aws_api_gateway_deployment": {
        "execution_arn": "arn:{partition}:execute-api:{region}:{account}:{rest_api_id}/{stage_name}",
    },
    "aws_apigatewayv2_api": {
        "arn": "arn:{partition}:apigateway:{region}::/apis/{id}",
        "execution_arn": "arn:{partition}:execute-api:{region}:{account}:{id}",
        "api_endpoint": "https://{id}.execute-api.{region}.amazonaws.com",
    },
    "aws_apigatewayv2_stage": {
        "arn": "arn:{partition}:apigateway:{region}::/apis/{api_id}/stages/{name}",
        "execution_arn": "arn:{partition}:execute-api:{region}:{account}:{api_id}/{name}",
    },
    "aws_cloudfront_distribution": {"arn": "arn:{partition}:cloudfront::{account}:distribution/{id}"},
    "aws_cloudwatch_event_bus": {"arn": "arn:{partition}:events:{region}:{account}:event-bus/{name}"},
    "aws_cloudwatch_event_rule": {
        "arn": "arn:{partition}:events:{region}:{account}:rule/{name}",
        "id": "{name}",
    },
    "aws_cloudwatch_log_group": {
        "arn": "arn:{partition}:logs:{region}:{account}:log-group:{name}",
        "id": "{name}",
    },
    "aws_cloudwatch_metric_alarm": {
        "arn": "arn:{partition}:cloudwatch:{region}:{account}:alarm:{alarm_name}",
        "id": "{alarm_name}",
    },
    "aws_codecommit_repository": {
        "arn": "arn:{partition}:codecommit:{region}:{account}:{repository_name}",
    },
    "aws_cognito_user_pool": {"arn": "arn:{partition}:cognito-idp:{region}:{account}:userpool/{id}"},
    "aws_dynamodb_table": {
        "arn": "arn:{partition}:dynamodb:{region}:{account}:table/{name}",
        "stream_arn": "arn:{partition}:dynamodb:{region}:{account}:table/{name}/stream/{stream_label}",
        "id": "{name}",
    },
    "aws_ecr_repository": {
        "arn": "arn:{partition}:ecr:{region}:{account}:repository/{name}",
        "repository_url": "{account}.dkr.ecr.{region}.amazonaws.com/{name}",
        "id": "{name}",
    },
    "aws_ecs_cluster": {"arn": "arn:{partition}:ecs:{region}:{account}:cluster/{name}"},
    "aws_efs_access_point": {
        "arn": "arn:{partition}:elasticfilesystem:{region}:{account}:access-point/{id}",
    },
    "aws_iam_instance_profile": {"arn": "arn:{partition}:iam::{account}:instance-profile/{name}"},
    "aws_iam_policy": {
        "arn": "arn:{partition}:iam::{account}:policy{path}{name}",
        "id": "arn:{partition}:iam::{account}:policy{path}{name}",
    },
    "aws_iam_role": {
        "arn": "arn:{partition}:iam::{account}:role{path}{name}",
        "id": "{name}",
    },
    "aws_iam_role_policy": {"id": "{role}:{name}"},
    "aws_iam_user": {"arn": "arn:{partition}:iam::{account}:user{path}{name}"},
    "aws_kinesis_firehose_delivery_stream": {
        "arn": "arn:{partition}:firehose:{region}:{account}:deliverystream/{name}",
    },
    "aws_kinesis_stream": {"arn": "arn:{partition}:kinesis:{region}:{account}:stream/{name}"},
    "aws_kms_alias": {"arn": "arn:{partition}:kms:{region}:{account}:{name}"},
    "aws_kms_key": {"arn": "arn:{partition}:kms:{region}:{account}:key/{key_id}", "id": "{key_id}"},
    "aws_lambda_alias": {
        "arn": "arn:{partition}:lambda:{region}:{account}:function:{function_name}:{name}",
        "invoke_arn": "arn:{partition}:apigateway:{region}:lambda:path/2015-03-31/functions/"
        "arn:{partition}:lambda:{region}:{account}:function:{function_name}:{name}/invocations",
    },
    "aws_lambda_function": {
        "arn": "arn:{partition}:lambda:{region}:{account}:function:{function_name}",
        "qualified_arn": "arn:{partition}:lambda:{region}:{account}:function:{function_name}:{version}",
        "invoke_arn": "arn:{partition}:apigateway:{region}:lambda:path/2015-03-31/functions/"
        "arn:{partition}:lambda:{region}:{account}:function:{function_name}/invocations",
        "qualified_invoke_arn": "arn:{partition}:apigateway:{region}:lambda:path/2015-03-31/functions/"
        "arn:{partition}:lambda:{region}:{account}:function:{function_name}:{version}/invocations",
        "id": "{function_name}",
    },
    "aws_lambda_layer_version": {
        "arn": "arn:{partition}:lambda:{region}:{account}:layer:{layer_name}:{version}",
        "layer_arn": "arn:{partition}:lambda:{region}:{account}:layer:{layer_name}",
    },
    "aws_s3_bucket": {
        "arn": "arn:{partition}:s3:::{bucket}",
        "bucket_domain_name": "{bucket}.s3.amazonaws.com",
        "bucket_regional_domain_name": "{bucket}.s3.{region}.amazonaws.com",
        "id": "{bucket}",
    },
    "aws_scheduler_schedule": {
        "arn": "arn:{partition}:scheduler:{region}:{account}:schedule/{group_name}/{name}"
    },
    "aws_secretsmanager_secret": {
        "arn": "arn:{partition}:secretsmanager:{region}:{account}:secret:{name}-{suffix}",
        "id": "arn:{partition}:secretsmanager:{region}:{account}:secret:{name}-{suffix}",
    },
    "aws_secretsmanager_secret_version": {"arn": "{secret_id}"},
    "aws_sfn_state_machine": {
        "arn": "arn:{partition}:states:{region}:{account}:stateMachine:{name}",
        "id": "arn:{partition}:states:{region}:{account}:stateMachine:{name}",
    },
    "aws_sns_topic": {
        "arn": "arn:{partition}:sns:{region}:{account}:{name}",
        "id": "arn:{partition}:sns:{region}:{account}:{name}",
    },
    "aws_sqs_queue": {
        "arn": "arn:{partition}:sqs:{region}:{account}:{name}",
        "id": "https://sqs.{region}.amazonaws.com/{account}/{name}",
        "url": "https://sqs.{region}.amazonaws.com/{account}/{name}",
    },
    "aws_ssm_parameter": {
        "arn": "arn:{partition}:ssm:{region}:{account}:parameter{/name}",
        "id": "{name}",
    },
}
"""Resource type -> computed attribute -> template of its text."""

DEFAULTS: dict[str, dict[str, object]] = {
    "aws_iam_policy": {"path": "/"},
    "aws_iam_policy_document": {"version": "2012-10-17"},
    "aws_iam_role": {"path": "/", "max_session_duration": 3600},
    "aws_iam_user": {"path": "/"},
    "aws_lambda_function": {"memory_size": 128, "timeout": 3, "package_type": "Zip"},
    "aws_scheduler_schedule": {"group_name": "default"},
    "aws_cloudwatch_event_rule": {"event_bus_name": "default"},
}
"""Resource type -> optional attribute -> the provider's default, where other resources read it."""
