"""Names of resources that calls are made to: by what each type is told, and where its ARN is.

``SCOPABLE`` beside this is what a policy may be narrowed to without knowing any code; this is what code may
name.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from stockade.model.names.table import Dialect
from stockade.records import dataclass


@dataclass(frozen=True, slots=True)
class Named:
    """One type of resource: ``service`` and ``type`` are those of its ARN in AWS's reference.

    ``name`` is the attribute or property that code names it by, ``arn`` the attribute that has its ARN, as
    what refers to it would write it; with a ``{`` it is a text that has the resource's attributes in it.
    ``key`` is the path to the KMS key it is encrypted with, empty where it has none of its own.
    """

    service: str
    type: str
    name: str
    arn: str = "arn"
    key: str = ""


_SSM: Final = "arn:{partition}:ssm:{region}:{account}:parameter{/Name}"
_POOL: Final = "arn:{partition}:cognito-identity:{region}:{account}:identitypool/{Id}"
_GROUP: Final = "arn:{partition}:logs:{region}:{account}:log-group:{LogGroupName}"
_WORKGROUP: Final = "arn:{partition}:athena:{region}:{account}:workgroup/{Name}"

TERRAFORM: Final[Mapping[str, Named]] = MappingProxyType(
    {
        "aws_appsync_graphql_api": Named("appsync", "graphqlapi", "id"),
        "aws_athena_workgroup": Named("athena", "workgroup", "name"),
        "aws_batch_job_definition": Named("batch", "job-definition", "name"),
        "aws_batch_job_queue": Named("batch", "job-queue", "name"),
        "aws_bedrockagent_agent": Named("bedrock", "agent", "agent_id", "agent_arn"),
        "aws_bedrockagent_knowledge_base": Named("bedrock", "knowledge-base", "id"),
        "aws_cloudwatch_event_bus": Named("events", "event-bus", "name"),
        "aws_cloudwatch_log_group": Named("logs", "log-group", "name", key="kms_key_id"),
        "aws_codebuild_project": Named("codebuild", "project", "name"),
        "aws_cognito_identity_pool": Named("cognito-identity", "identitypool", "id"),
        "aws_cognito_user_pool": Named("cognito-idp", "userpool", "id"),
        "aws_dynamodb_table": Named("dynamodb", "table", "name", key="server_side_encryption.kms_key_arn"),
        "aws_ecr_repository": Named("ecr", "repository", "name"),
        "aws_ecs_cluster": Named("ecs", "cluster", "name"),
        "aws_ecs_task_definition": Named("ecs", "task-definition", "family"),
        "aws_elasticsearch_domain": Named("es", "domain", "domain_name"),
        "aws_glue_crawler": Named("glue", "crawler", "name"),
        "aws_glue_job": Named("glue", "job", "name"),
        "aws_iam_role": Named("iam", "role", "name"),
        "aws_kinesis_firehose_delivery_stream": Named("firehose", "deliverystream", "name"),
        "aws_kinesis_stream": Named("kinesis", "stream", "name", key="kms_key_id"),
        "aws_kinesis_stream_consumer": Named("kinesis", "consumer", "name"),
        "aws_kms_alias": Named("kms", "key", "name", "target_key_arn"),
        "aws_kms_key": Named("kms", "key", "key_id"),
        "aws_lambda_alias": Named("lambda", "function", "arn"),
        "aws_lambda_function": Named("lambda", "function", "function_name"),
        "aws_msk_cluster": Named("kafka", "cluster", "cluster_name"),
        "aws_msk_serverless_cluster": Named("kafka", "cluster", "cluster_name"),
        "aws_opensearch_domain": Named("es", "domain", "domain_name"),
        "aws_rds_cluster": Named("rds", "cluster", "cluster_identifier"),
        "aws_s3_bucket": Named("s3", "bucket", "bucket"),
        "aws_scheduler_schedule_group": Named("scheduler", "schedule-group", "name"),
        "aws_secretsmanager_secret": Named("secretsmanager", "Secret", "name", key="kms_key_id"),
        "aws_secretsmanager_secret_version": Named("secretsmanager", "Secret", "secret_id", "arn"),
        "aws_ses_email_identity": Named("ses", "identity", "email"),
        "aws_sfn_state_machine": Named("states", "statemachine", "name"),
        "aws_sns_topic": Named("sns", "topic", "name", key="kms_master_key_id"),
        "aws_sqs_queue": Named("sqs", "queue", "name", key="kms_master_key_id"),
        "aws_ssm_parameter": Named("ssm", "parameter", "name", key="key_id"),
    }
)
"""By resource type, without a leading ``data.``."""

CLOUDFORMATION: Final[Mapping[str, Named]] = MappingProxyType(
    {
        "AWS::AppSync::GraphQLApi": Named("appsync", "graphqlapi", "ApiId", "Arn"),
        "AWS::Athena::WorkGroup": Named("athena", "workgroup", "Name", _WORKGROUP),
        "AWS::Batch::JobDefinition": Named("batch", "job-definition", "JobDefinitionName", "JobDefinitionArn"),
        "AWS::Batch::JobQueue": Named("batch", "job-queue", "JobQueueName", "JobQueueArn"),
        "AWS::CodeBuild::Project": Named("codebuild", "project", "Name", "Arn"),
        "AWS::Cognito::IdentityPool": Named("cognito-identity", "identitypool", "Id", _POOL),
        "AWS::Cognito::UserPool": Named("cognito-idp", "userpool", "UserPoolId", "Arn"),
        "AWS::DynamoDB::GlobalTable": Named("dynamodb", "table", "TableName", "Arn"),
        "AWS::DynamoDB::Table": Named(
            "dynamodb", "table", "TableName", "Arn", key="SSESpecification.KMSMasterKeyId"
        ),
        "AWS::ECR::Repository": Named("ecr", "repository", "RepositoryName", "Arn"),
        "AWS::ECS::Cluster": Named("ecs", "cluster", "ClusterName", "Arn"),
        "AWS::ECS::TaskDefinition": Named("ecs", "task-definition", "Family", "TaskDefinitionArn"),
        "AWS::Elasticsearch::Domain": Named("es", "domain", "DomainName", "Arn"),
        "AWS::Events::EventBus": Named("events", "event-bus", "Name", "Arn"),
        "AWS::IAM::Role": Named("iam", "role", "RoleName", "Arn"),
        "AWS::KMS::Key": Named("kms", "key", "KeyId", "Arn"),
        "AWS::Kinesis::Stream": Named("kinesis", "stream", "Name", "Arn", key="StreamEncryption.KeyId"),
        "AWS::Kinesis::StreamConsumer": Named("kinesis", "consumer", "ConsumerName", "ConsumerARN"),
        "AWS::KinesisFirehose::DeliveryStream": Named(
            "firehose", "deliverystream", "DeliveryStreamName", "Arn"
        ),
        "AWS::Lambda::Alias": Named("lambda", "function", "AliasArn", "AliasArn"),
        "AWS::Lambda::Function": Named("lambda", "function", "FunctionName", "Arn"),
        "AWS::Logs::LogGroup": Named("logs", "log-group", "LogGroupName", _GROUP, key="KmsKeyId"),
        "AWS::MSK::Cluster": Named("kafka", "cluster", "ClusterName", "Arn"),
        "AWS::MSK::ServerlessCluster": Named("kafka", "cluster", "ClusterName", "Arn"),
        "AWS::OpenSearchService::Domain": Named("es", "domain", "DomainName", "Arn"),
        "AWS::RDS::DBCluster": Named("rds", "cluster", "DBClusterIdentifier", "DBClusterArn"),
        "AWS::S3::Bucket": Named("s3", "bucket", "BucketName", "Arn"),
        "AWS::SNS::Topic": Named("sns", "topic", "TopicName", "TopicArn", key="KmsMasterKeyId"),
        "AWS::SQS::Queue": Named("sqs", "queue", "QueueName", "Arn", key="KmsMasterKeyId"),
        "AWS::SSM::Parameter": Named("ssm", "parameter", "Name", _SSM),
        "AWS::SecretsManager::Secret": Named("secretsmanager", "Secret", "Name", "Id", key="KmsKeyId"),
        "AWS::StepFunctions::StateMachine": Named("states", "statemachine", "StateMachineName", "Arn"),
    }
)


API: Final[Mapping[str, Named]] = MappingProxyType(
    {
        "secretsmanager:DescribeSecret": Named("secretsmanager", "Secret", "Name", "ARN", key="KmsKeyId"),
        "sqs:GetQueueAttributes": Named("sqs", "queue", "QueueName", "QueueArn", key="KmsMasterKeyId"),
    }
)
"""The same of a live account: what is read of it because functions name it."""


def named(dialect: Dialect, kind: str) -> Named | None:
    """The row of a resource type; ``None`` for one that calls do not name."""
    if dialect == "cloudformation":
        return CLOUDFORMATION.get(kind)
    if dialect == "api":
        return API.get(kind)
    return TERRAFORM.get(kind.removeprefix("data."))


POLICIES: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "aws_cloudwatch_event_bus_policy": ("events", "policy"),
        "aws_cloudwatch_event_permission": ("events", ""),
        "aws_dynamodb_resource_policy": ("dynamodb", "policy"),
        "aws_ecr_repository_policy": ("ecr", "policy"),
        "aws_elasticsearch_domain": ("es", "access_policies"),
        "aws_elasticsearch_domain_policy": ("es", "access_policies"),
        "aws_kinesis_resource_policy": ("kinesis", "policy"),
        "aws_lambda_permission": ("lambda", ""),
        "aws_opensearch_domain": ("es", "access_policies"),
        "aws_opensearch_domain_policy": ("es", "access_policies"),
        "aws_s3_bucket": ("s3", "policy"),
        "aws_s3_bucket_policy": ("s3", "policy"),
        "aws_secretsmanager_secret": ("secretsmanager", "policy"),
        "aws_secretsmanager_secret_policy": ("secretsmanager", "policy"),
        "aws_sns_topic": ("sns", "policy"),
        "aws_sns_topic_policy": ("sns", "policy"),
        "aws_sqs_queue": ("sqs", "policy"),
        "aws_sqs_queue_policy": ("sqs", "policy"),
        "AWS::DynamoDB::Table": ("dynamodb", "ResourcePolicy"),
        "AWS::ECR::Repository": ("ecr", "RepositoryPolicyText"),
        "AWS::Events::EventBusPolicy": ("events", ""),
        "AWS::Kinesis::ResourcePolicy": ("kinesis", ""),
        "AWS::Lambda::Permission": ("lambda", ""),
        "AWS::OpenSearchService::Domain": ("es", "AccessPolicies"),
        "AWS::S3::BucketPolicy": ("s3", "PolicyDocument"),
        "AWS::SNS::TopicPolicy": ("sns", "PolicyDocument"),
        "AWS::SQS::QueuePolicy": ("sqs", "PolicyDocument"),
        "AWS::SecretsManager::ResourcePolicy": ("secretsmanager", "ResourcePolicy"),
        "secretsmanager:DescribeSecret": ("secretsmanager", "ResourcePolicy"),
        "sqs:GetQueueAttributes": ("sqs", "Policy"),
    }
)
"""Types of resources that are a policy of another, or may hold their own: the service, and the attribute.

Without an attribute the resource is nothing else."""

POLICED: Final = frozenset(
    {"dynamodb", "ecr", "es", "events", "kinesis", "lambda", "s3", "secretsmanager", "sns", "sqs"}
)
"""Services whose resources may have policies of their own, which a live account has without anybody's file."""
