"""What ``Ref`` and ``Fn::GetAtt`` stand for, and what is known of that before deployment.

As AWS's resource reference has it under "Return values". A ``Ref`` mostly stands for a property (the name)
or for what ``Fn::GetAtt`` gives as well (the ARN); both then are one attribute, so that they are one text.
``{Name}`` in a template is the resource's own attribute or property.
"""

from __future__ import annotations

from typing import Final

REFS: Final[dict[str, str]] = {
    "AWS::ApiGateway::ApiKey": "APIKeyId",
    "AWS::ApiGateway::Authorizer": "AuthorizerId",
    "AWS::ApiGateway::Deployment": "DeploymentId",
    "AWS::ApiGateway::DomainName": "DomainName",
    "AWS::ApiGateway::Resource": "ResourceId",
    "AWS::ApiGateway::RestApi": "RestApiId",
    "AWS::ApiGateway::Stage": "StageName",
    "AWS::ApiGateway::UsagePlan": "Id",
    "AWS::ApiGatewayV2::Api": "ApiId",
    "AWS::ApiGatewayV2::Authorizer": "AuthorizerId",
    "AWS::ApiGatewayV2::DomainName": "DomainName",
    "AWS::ApiGatewayV2::Integration": "IntegrationId",
    "AWS::ApiGatewayV2::Route": "RouteId",
    "AWS::ApiGatewayV2::Stage": "StageName",
    "AWS::AppSync::GraphQLApi": "Arn",
    "AWS::Batch::JobDefinition": "JobDefinitionArn",
    "AWS::Batch::JobQueue": "JobQueueArn",
    "AWS::CertificateManager::Certificate": "CertificateArn",
    "AWS::CloudFront::Distribution": "Id",
    "AWS::CloudWatch::Alarm": "AlarmName",
    "AWS::CloudWatch::CompositeAlarm": "AlarmName",
    "AWS::Cognito::UserPool": "UserPoolId",
    "AWS::Cognito::UserPoolClient": "ClientId",
    "AWS::DynamoDB::GlobalTable": "TableName",
    "AWS::DynamoDB::Table": "TableName",
    "AWS::EC2::EgressOnlyInternetGateway": "Id",
    "AWS::EC2::Instance": "InstanceId",
    "AWS::EC2::NatGateway": "NatGatewayId",
    "AWS::EC2::RouteTable": "RouteTableId",
    "AWS::EC2::SecurityGroup": "GroupId",
    "AWS::EC2::Subnet": "SubnetId",
    "AWS::EC2::VPC": "VpcId",
    "AWS::ECR::Repository": "RepositoryName",
    "AWS::ECS::Cluster": "ClusterName",
    "AWS::ECS::TaskDefinition": "TaskDefinitionArn",
    "AWS::EFS::AccessPoint": "AccessPointId",
    "AWS::EFS::FileSystem": "FileSystemId",
    "AWS::ElasticLoadBalancingV2::Listener": "ListenerArn",
    "AWS::ElasticLoadBalancingV2::LoadBalancer": "LoadBalancerArn",
    "AWS::ElasticLoadBalancingV2::TargetGroup": "TargetGroupArn",
    "AWS::Events::EventBus": "Name",
    "AWS::Events::Rule": "Name",
    "AWS::IAM::Group": "GroupName",
    "AWS::IAM::InstanceProfile": "InstanceProfileName",
    "AWS::IAM::ManagedPolicy": "PolicyArn",
    "AWS::IAM::Role": "RoleName",
    "AWS::IAM::User": "UserName",
    "AWS::KMS::Alias": "AliasName",
    "AWS::KMS::Key": "KeyId",
    "AWS::Kinesis::Stream": "Name",
    "AWS::KinesisFirehose::DeliveryStream": "DeliveryStreamName",
    "AWS::Lambda::Alias": "AliasArn",
    "AWS::Lambda::CodeSigningConfig": "CodeSigningConfigArn",
    "AWS::Lambda::EventSourceMapping": "Id",
    "AWS::Lambda::Function": "FunctionName",
    "AWS::Lambda::LayerVersion": "LayerVersionArn",
    "AWS::Lambda::Url": "FunctionArn",
    "AWS::Lambda::Version": "FunctionArn",
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::MSK::Cluster": "Arn",
    "AWS::RDS::DBCluster": "DBClusterIdentifier",
    "AWS::RDS::DBInstance": "DBInstanceIdentifier",
    "AWS::Route53::HostedZone": "Id",
    "AWS::S3::Bucket": "BucketName",
    "AWS::SNS::Topic": "TopicArn",
    "AWS::SQS::Queue": "QueueUrl",
    "AWS::SSM::Parameter": "Name",
    "AWS::Scheduler::Schedule": "Name",
    "AWS::SecretsManager::Secret": "Id",
    "AWS::StepFunctions::StateMachine": "Arn",
}
"""Resource type -> the property or attribute that a ``Ref`` to it stands for; ``Ref`` for all others."""

_FUNCTION: Final = "arn:{partition}:lambda:{region}:{account}:function:{FunctionName}"

COMPUTED: Final[dict[str, dict[str, str]]] = {
    "AWS::AppSync::GraphQLApi": {"Arn": "arn:{partition}:appsync:{region}:{account}:apis/{ApiId}"},
    "AWS::ApiGatewayV2::Api": {"ApiEndpoint": "https://{ApiId}.execute-api.{region}.amazonaws.com"},
    "AWS::CloudWatch::Alarm": {"Arn": "arn:{partition}:cloudwatch:{region}:{account}:alarm:{AlarmName}"},
    "AWS::CloudWatch::CompositeAlarm": {
        "Arn": "arn:{partition}:cloudwatch:{region}:{account}:alarm:{AlarmName}"
    },
    "AWS::CodeCommit::Repository": {
        "Arn": "arn:{partition}:codecommit:{region}:{account}:{RepositoryName}",
        "Name": "{RepositoryName}",
    },
    "AWS::Cognito::UserPool": {"Arn": "arn:{partition}:cognito-idp:{region}:{account}:userpool/{UserPoolId}"},
    "AWS::DynamoDB::GlobalTable": {
        "Arn": "arn:{partition}:dynamodb:{region}:{account}:table/{TableName}",
        "StreamArn": "arn:{partition}:dynamodb:{region}:{account}:table/{TableName}/stream/{StreamLabel}",
    },
    "AWS::DynamoDB::Table": {
        "Arn": "arn:{partition}:dynamodb:{region}:{account}:table/{TableName}",
        "StreamArn": "arn:{partition}:dynamodb:{region}:{account}:table/{TableName}/stream/{StreamLabel}",
    },
    "AWS::ECR::Repository": {
        "Arn": "arn:{partition}:ecr:{region}:{account}:repository/{RepositoryName}",
        "RepositoryUri": "{account}.dkr.ecr.{region}.amazonaws.com/{RepositoryName}",
    },
    "AWS::ECS::Cluster": {"Arn": "arn:{partition}:ecs:{region}:{account}:cluster/{ClusterName}"},
    "AWS::ECS::TaskDefinition": {
        "TaskDefinitionArn": "arn:{partition}:ecs:{region}:{account}:task-definition/{Family}:{Revision}"
    },
    "AWS::EFS::AccessPoint": {
        "Arn": "arn:{partition}:elasticfilesystem:{region}:{account}:access-point/{AccessPointId}"
    },
    "AWS::EFS::FileSystem": {
        "Arn": "arn:{partition}:elasticfilesystem:{region}:{account}:file-system/{FileSystemId}"
    },
    "AWS::Events::EventBus": {"Arn": "arn:{partition}:events:{region}:{account}:event-bus/{Name}"},
    "AWS::Events::Rule": {"Arn": "arn:{partition}:events:{region}:{account}:rule/{Name}"},
    "AWS::IAM::Group": {"Arn": "arn:{partition}:iam::{account}:group{Path}{GroupName}"},
    "AWS::IAM::InstanceProfile": {
        "Arn": "arn:{partition}:iam::{account}:instance-profile{Path}{InstanceProfileName}"
    },
    "AWS::IAM::ManagedPolicy": {"PolicyArn": "arn:{partition}:iam::{account}:policy{Path}{ManagedPolicyName}"},
    "AWS::IAM::Role": {"Arn": "arn:{partition}:iam::{account}:role{Path}{RoleName}"},
    "AWS::IAM::User": {"Arn": "arn:{partition}:iam::{account}:user{Path}{UserName}"},
    "AWS::KMS::Key": {"Arn": "arn:{partition}:kms:{region}:{account}:key/{KeyId}"},
    "AWS::Kendra::Index": {"Arn": "arn:{partition}:kendra:{region}:{account}:index/{Id}"},
    "AWS::Kinesis::Stream": {"Arn": "arn:{partition}:kinesis:{region}:{account}:stream/{Name}"},
    "AWS::KinesisFirehose::DeliveryStream": {
        "Arn": "arn:{partition}:firehose:{region}:{account}:deliverystream/{DeliveryStreamName}"
    },
    "AWS::Lambda::Alias": {"AliasArn": f"{_FUNCTION}:{{Name}}"},
    "AWS::Lambda::Function": {"Arn": _FUNCTION},
    "AWS::Lambda::LayerVersion": {
        "LayerVersionArn": "arn:{partition}:lambda:{region}:{account}:layer:{LayerName}:{Version}"
    },
    "AWS::Lambda::Url": {"FunctionArn": "{TargetFunctionArn}"},
    "AWS::Lambda::Version": {"FunctionArn": f"{_FUNCTION}:{{Version}}"},
    "AWS::Logs::LogGroup": {"Arn": "arn:{partition}:logs:{region}:{account}:log-group:{LogGroupName}:*"},
    "AWS::S3::Bucket": {
        "Arn": "arn:{partition}:s3:::{BucketName}",
        "DomainName": "{BucketName}.s3.amazonaws.com",
        "RegionalDomainName": "{BucketName}.s3.{region}.amazonaws.com",
    },
    "AWS::SNS::Topic": {"TopicArn": "arn:{partition}:sns:{region}:{account}:{TopicName}"},
    "AWS::SQS::Queue": {
        "Arn": "arn:{partition}:sqs:{region}:{account}:{QueueName}",
        "QueueUrl": "https://sqs.{region}.amazonaws.com/{account}/{QueueName}",
    },
    "AWS::Scheduler::Schedule": {
        "Arn": "arn:{partition}:scheduler:{region}:{account}:schedule/{GroupName}/{Name}"
    },
    "AWS::SecretsManager::Secret": {
        "Id": "arn:{partition}:secretsmanager:{region}:{account}:secret:{Name}-{Suffix}"
    },
    "AWS::StepFunctions::StateMachine": {
        "Arn": "arn:{partition}:states:{region}:{account}:stateMachine:{StateMachineName}",
        "Name": "{StateMachineName}",
    },
}
"""Resource type -> attribute -> template of its text. The ARN formats are those of AWS's references."""

DEFAULTS: Final[dict[str, dict[str, str]]] = {
    "AWS::IAM::Group": {"Path": "/"},
    "AWS::IAM::InstanceProfile": {"Path": "/"},
    "AWS::IAM::ManagedPolicy": {"Path": "/"},
    "AWS::IAM::Role": {"Path": "/"},
    "AWS::IAM::User": {"Path": "/"},
    "AWS::Scheduler::Schedule": {"GroupName": "default"},
}
"""Resource type -> optional property -> CloudFormation's default, where an ARN has it in it."""

INNER: Final[dict[str, str]] = {
    "AWS::Lambda::Alias": "FunctionName",
    "AWS::Lambda::Version": "FunctionName",
}
"""Resource type -> a property that may hold an ARN where its template wants the name that ends it."""
