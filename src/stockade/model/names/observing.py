"""Names of what functions are watched by: log groups and alarms."""

from __future__ import annotations

from typing import Final

from stockade.model.alarm import Alarm, CompositeAlarm, MetricQuery, Topic
from stockade.model.logs import LogGroup, MetricFilter
from stockade.model.names.table import Names, Row
from stockade.model.trigger import TopicSubscription
from stockade.model.typed import blocks, days, decimal, dimensions, flag, number, optional, texts

_METRIC_QUERY: Final = Names(
    MetricQuery,
    (),
    (),
    (),
    (
        Row("id", "id", "Id", "Id"),
        Row("expression", "expression", "Expression", "Expression", optional),
        Row("returns", "return_data", "ReturnData", "ReturnData", flag),
        Row(
            "namespace",
            "metric.namespace",
            "MetricStat.Metric.Namespace",
            "MetricStat.Metric.Namespace",
            optional,
        ),
        Row(
            "metric_name",
            "metric.metric_name",
            "MetricStat.Metric.MetricName",
            "MetricStat.Metric.MetricName",
            optional,
        ),
        Row(
            "dimensions",
            "metric.dimensions",
            "MetricStat.Metric.Dimensions",
            "MetricStat.Metric.Dimensions",
            dimensions,
        ),
        Row("statistic", "metric.stat", "MetricStat.Stat", "MetricStat.Stat", optional),
        Row("period", "metric.period", "MetricStat.Period", "MetricStat.Period", number),
    ),
)
_SUBSCRIPTION: Final = Names(
    TopicSubscription,
    (),
    (),
    (),
    (Row("protocol", "", "Protocol", ""), Row("endpoint", "", "Endpoint", "")),
)

OBSERVING: Final = (
    Names(
        LogGroup,
        ("aws_cloudwatch_log_group",),
        ("AWS::Logs::LogGroup",),
        ("logs:DescribeLogGroups",),
        (
            Row("name", "name", "LogGroupName", "logGroupName"),
            Row("retention_days", "retention_in_days", "RetentionInDays", "retentionInDays", days),
            Row("kms_key_arn", "kms_key_id", "KmsKeyId", "kmsKeyId", optional),
        ),
    ),
    Names(
        MetricFilter,
        ("aws_cloudwatch_log_metric_filter",),
        ("AWS::Logs::MetricFilter",),
        ("logs:DescribeMetricFilters",),
        (
            Row("log_group", "log_group_name", "LogGroupName", "logGroupName"),
            Row("pattern", "pattern", "FilterPattern", "filterPattern"),
            Row(
                "namespace",
                "metric_transformation.namespace",
                "MetricTransformations.MetricNamespace",
                "metricTransformations.metricNamespace",
            ),
            Row(
                "metric_name",
                "metric_transformation.name",
                "MetricTransformations.MetricName",
                "metricTransformations.metricName",
            ),
        ),
    ),
    Names(
        Alarm,
        ("aws_cloudwatch_metric_alarm",),
        ("AWS::CloudWatch::Alarm",),
        ("cloudwatch:DescribeAlarms",),
        (
            Row("name", "alarm_name", "AlarmName", "AlarmName"),
            Row("comparison", "comparison_operator", "ComparisonOperator", "ComparisonOperator"),
            Row("evaluation_periods", "evaluation_periods", "EvaluationPeriods", "EvaluationPeriods", number),
            Row("namespace", "namespace", "Namespace", "Namespace", optional),
            Row("metric_name", "metric_name", "MetricName", "MetricName", optional),
            Row("dimensions", "dimensions", "Dimensions", "Dimensions", dimensions),
            Row("statistic", "statistic", "Statistic", "Statistic", optional),
            Row("extended_statistic", "extended_statistic", "ExtendedStatistic", "ExtendedStatistic", optional),
            Row("period", "period", "Period", "Period", number),
            Row("metric_queries", "metric_query", "Metrics", "Metrics", blocks, _METRIC_QUERY),
            Row("threshold", "threshold", "Threshold", "Threshold", decimal),
            Row(
                "threshold_metric_id", "threshold_metric_id", "ThresholdMetricId", "ThresholdMetricId", optional
            ),
            Row("datapoints_to_alarm", "datapoints_to_alarm", "DatapointsToAlarm", "DatapointsToAlarm", number),
            Row("treat_missing_data", "treat_missing_data", "TreatMissingData", "TreatMissingData"),
            Row("actions_enabled", "actions_enabled", "ActionsEnabled", "ActionsEnabled", flag),
            Row("alarm_actions", "alarm_actions", "AlarmActions", "AlarmActions", texts),
        ),
    ),
    _METRIC_QUERY,
    Names(
        CompositeAlarm,
        ("aws_cloudwatch_composite_alarm",),
        ("AWS::CloudWatch::CompositeAlarm",),
        ("cloudwatch:DescribeAlarms/CompositeAlarms",),
        (
            Row("name", "alarm_name", "AlarmName", "AlarmName"),
            Row("rule", "alarm_rule", "AlarmRule", "AlarmRule"),
            Row("actions_enabled", "actions_enabled", "ActionsEnabled", "ActionsEnabled", flag),
            Row("alarm_actions", "alarm_actions", "AlarmActions", "AlarmActions", texts),
        ),
    ),
    Names(
        Topic,
        ("aws_sns_topic",),
        ("AWS::SNS::Topic",),
        ("sns:GetTopicAttributes",),
        (
            Row("name", "name", "TopicName", "TopicName"),
            Row("name_prefix", "name_prefix", "", "", optional),
            Row("subscriptions", "", "Subscription", "", blocks, _SUBSCRIPTION),
        ),
    ),
)
