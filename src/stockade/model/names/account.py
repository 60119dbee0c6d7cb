"""Names of what is known of live accounts only."""

from __future__ import annotations

from typing import Final

from stockade.model.limits import AccountLimits, LastAccessed, Usage
from stockade.model.names.table import Names, Row
from stockade.model.typed import number, texts

ACCOUNT: Final = (
    Names(
        AccountLimits,
        (),
        (),
        ("lambda:GetAccountSettings",),
        (
            Row("concurrency", "", "", "AccountLimit.ConcurrentExecutions", number),
            Row("unreserved", "", "", "AccountLimit.UnreservedConcurrentExecutions", number),
        ),
    ),
    Names(
        Usage,
        (),
        (),
        ("cloudwatch:GetMetricData",),
        (
            Row("function_name", "", "", "FunctionArn"),
            Row("invocations", "", "", "Invocations", number),
            Row("days", "", "", "Days", number),
            Row("since", "", "", "LastModified"),
        ),
    ),
    Names(
        LastAccessed,
        (),
        (),
        ("iam:GetServiceLastAccessedDetails",),
        (
            Row("role", "", "", "Role"),
            Row("never", "", "", "Never", texts),
            Row("used", "", "", "Used", texts),
            Row("since", "", "", "CreateDate"),
        ),
    ),
)
