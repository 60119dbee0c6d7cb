"""Names of what calls functions by itself, and of what becomes of events that fail."""

from __future__ import annotations

from typing import Final

from stockade.model.machine import StateMachine
from stockade.model.names.table import Names, Row
from stockade.model.queue import Queue, QueueRedrive
from stockade.model.trigger import (
    Announcement,
    BucketNotification,
    BucketTrigger,
    EventInvokeConfig,
    EventRule,
    EventSourceMapping,
    EventTarget,
    Invocation,
    LogSubscription,
    ProvisionedConcurrency,
    RecursionConfig,
    RuntimeManagement,
    Schedule,
    TopicSubscription,
)
from stockade.model.typed import blocks, document_text, flag, number, optional, texts

_BUCKET_TRIGGER: Final = Names(
    BucketTrigger,
    (),
    (),
    (),
    (
        Row("function_name", "lambda_function_arn", "Function", "LambdaFunctionArn"),
        Row("events", "events", "Event", "Events", texts),
        Row("prefix", "filter_prefix", "", ""),
        Row("suffix", "filter_suffix", "", ""),
    ),
)
_TARGET: Final = Names(EventTarget, (), (), (), (Row("function_name", "", "Arn", ""),))

EVENTS: Final = (
    Names(
        BucketNotification,
        ("aws_s3_bucket_notification",),
        ("AWS::S3::Bucket",),
        ("s3:GetBucketNotificationConfiguration",),
        (
            Row("bucket", "bucket", "BucketName", "Bucket"),
            Row(
                "functions",
                "lambda_function",
                "NotificationConfiguration.LambdaConfigurations",
                "LambdaFunctionConfigurations",
                blocks,
                _BUCKET_TRIGGER,
            ),
        ),
    ),
    _BUCKET_TRIGGER,
    Names(
        TopicSubscription,
        ("aws_sns_topic_subscription",),
        ("AWS::SNS::Subscription",),
        ("sns:ListSubscriptionsByTopic",),
        (
            Row("topic_arn", "topic_arn", "TopicArn", "TopicArn"),
            Row("protocol", "protocol", "Protocol", "Protocol"),
            Row("endpoint", "endpoint", "Endpoint", "Endpoint"),
            Row("filter_policy", "filter_policy", "FilterPolicy", "FilterPolicy", document_text),
        ),
    ),
    Names(
        Queue,
        ("aws_sqs_queue",),
        ("AWS::SQS::Queue",),
        ("sqs:GetQueueAttributes",),
        (
            Row("name", "name", "QueueName", "QueueName"),
            Row("redrive_policy", "redrive_policy", "RedrivePolicy", "Attributes.RedrivePolicy", optional),
            Row(
                "retention_seconds",
                "message_retention_seconds",
                "MessageRetentionPeriod",
                "Attributes.MessageRetentionPeriod",
                number,
            ),
        ),
    ),
    Names(
        QueueRedrive,
        ("aws_sqs_queue_redrive_policy",),
        (),
        (),
        (Row("queue_url", "queue_url", "", ""), Row("redrive_policy", "redrive_policy", "", "")),
    ),
    Names(
        Announcement,
        ("aws_db_event_subscription",),
        ("AWS::RDS::EventSubscription",),
        ("rds:DescribeEventSubscriptions",),
        (Row("topic_arn", "sns_topic", "SnsTopicArn", "SnsTopicArn"),),
    ),
    Names(
        Announcement,
        ("aws_backup_vault_notifications",),
        (),
        ("backup:GetBackupVaultNotifications",),
        (Row("topic_arn", "sns_topic_arn", "", "SNSTopicArn"),),
    ),
    Names(
        Announcement,
        ("aws_autoscaling_notification",),
        (),
        ("autoscaling:DescribeNotificationConfigurations",),
        (Row("topic_arn", "topic_arn", "", "TopicARN"),),
    ),
    Names(
        EventRule,
        ("aws_cloudwatch_event_rule",),
        ("AWS::Events::Rule",),
        ("events:ListRules",),
        (
            Row("name", "name", "Name", "Name"),
            Row("schedule", "schedule_expression", "ScheduleExpression", "ScheduleExpression", optional),
            Row("pattern", "event_pattern", "EventPattern", "EventPattern", document_text),
            Row("bus", "event_bus_name", "EventBusName", "EventBusName", optional),
            Row("targets", "", "Targets", "", blocks, _TARGET),
        ),
    ),
    Names(
        EventTarget,
        ("aws_cloudwatch_event_target",),
        (),
        ("events:ListTargetsByRule",),
        (Row("rule", "rule", "", "Rule"), Row("function_name", "arn", "", "Arn")),
    ),
    Names(
        Schedule,
        ("aws_scheduler_schedule",),
        ("AWS::Scheduler::Schedule",),
        ("scheduler:ListSchedules",),
        (Row("function_name", "target.arn", "Target.Arn", "Target.Arn"),),
    ),
    Names(
        Invocation,
        ("aws_lambda_invocation", "data.aws_lambda_invocation"),
        ("AWS::CloudFormation::CustomResource",),
        (),
        (Row("function_name", "function_name", "ServiceToken", ""),),
    ),
    Names(
        StateMachine,
        ("aws_sfn_state_machine",),
        ("AWS::StepFunctions::StateMachine",),
        ("states:DescribeStateMachine",),
        (
            Row("name", "name", "StateMachineName", "name"),
            Row("definition", "definition", "DefinitionString", "definition"),
        ),
    ),
    Names(
        LogSubscription,
        ("aws_cloudwatch_log_subscription_filter",),
        ("AWS::Logs::SubscriptionFilter",),
        ("logs:DescribeSubscriptionFilters",),
        (
            Row("log_group", "log_group_name", "LogGroupName", "logGroupName"),
            Row("function_name", "destination_arn", "DestinationArn", "destinationArn"),
        ),
    ),
    Names(
        EventSourceMapping,
        ("aws_lambda_event_source_mapping",),
        ("AWS::Lambda::EventSourceMapping",),
        ("lambda:ListEventSourceMappings",),
        (
            Row("function_name", "function_name", "FunctionName", "FunctionArn"),
            Row("source_arn", "event_source_arn", "EventSourceArn", "EventSourceArn", optional),
            Row("enabled", "enabled", "Enabled", "Enabled", flag),
            Row(
                "filters", "filter_criteria.filter", "FilterCriteria.Filters", "FilterCriteria.Filters", blocks
            ),
            Row(
                "on_failure_arn",
                "destination_config.on_failure.destination_arn",
                "DestinationConfig.OnFailure.Destination",
                "DestinationConfig.OnFailure.Destination",
                optional,
            ),
            Row(
                "access",
                "source_access_configuration",
                "SourceAccessConfigurations",
                "SourceAccessConfigurations",
                blocks,
            ),
            Row(
                "maximum_concurrency",
                "scaling_config.maximum_concurrency",
                "ScalingConfig.MaximumConcurrency",
                "ScalingConfig.MaximumConcurrency",
                number,
            ),
        ),
    ),
    Names(
        EventInvokeConfig,
        ("aws_lambda_function_event_invoke_config",),
        ("AWS::Lambda::EventInvokeConfig",),
        ("lambda:ListFunctionEventInvokeConfigs",),
        (
            Row("function_name", "function_name", "FunctionName", "FunctionArn"),
            Row("qualifier", "qualifier", "Qualifier", "Qualifier", optional),
            Row(
                "on_failure_arn",
                "destination_config.on_failure.destination",
                "DestinationConfig.OnFailure.Destination",
                "DestinationConfig.OnFailure.Destination",
                optional,
            ),
            Row(
                "on_success_arn",
                "destination_config.on_success.destination",
                "DestinationConfig.OnSuccess.Destination",
                "DestinationConfig.OnSuccess.Destination",
                optional,
            ),
            Row(
                "maximum_event_age",
                "maximum_event_age_in_seconds",
                "MaximumEventAgeInSeconds",
                "MaximumEventAgeInSeconds",
                number,
            ),
            Row(
                "maximum_retry_attempts",
                "maximum_retry_attempts",
                "MaximumRetryAttempts",
                "MaximumRetryAttempts",
                number,
            ),
        ),
    ),
    Names(
        RecursionConfig,
        ("aws_lambda_function_recursion_config",),
        (),
        ("lambda:GetFunctionRecursionConfig",),
        (
            Row("function_name", "function_name", "", "FunctionName"),
            Row("recursive_loop", "recursive_loop", "", "RecursiveLoop"),
        ),
    ),
    Names(
        RuntimeManagement,
        ("aws_lambda_runtime_management_config",),
        (),
        ("lambda:GetRuntimeManagementConfig",),
        (
            Row("function_name", "function_name", "", "FunctionName"),
            Row("qualifier", "qualifier", "", "", optional),
            Row("update_on", "update_runtime_on", "", "UpdateRuntimeOn"),
            Row("version_arn", "runtime_version_arn", "", "RuntimeVersionArn", optional),
        ),
    ),
    Names(
        ProvisionedConcurrency,
        ("aws_lambda_provisioned_concurrency_config",),
        (),
        ("lambda:ListProvisionedConcurrencyConfigs",),
        (
            Row("function_name", "function_name", "", "FunctionArn"),
            Row("amount", "provisioned_concurrent_executions", "", "Requested", number),
        ),
    ),
)
