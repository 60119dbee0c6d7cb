"""Names of what functions are watched by: log groups and alarms."""

from __future__ import annotations

from typing import Final

from stockade.model.logs import LogGroup
from stockade.model.names.table import Names, Row
from stockade.model.typed import days, optional

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
)
