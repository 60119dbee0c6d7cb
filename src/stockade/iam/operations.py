"""Operations of AWS's SDKs whose action has another name, and what people call services beside their prefix.

Where an operation has no row here it needs the action of its own name, if there is one; that is so for 19
of 20. The rows are AWS's own, from the API references of the services named; many are still missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

OTHERWISE_NAMED: Final[Mapping[str, Mapping[str, str]]] = {
    "execute-api": {
        "DeleteConnection": "execute-api:ManageConnections",
        "GetConnection": "execute-api:ManageConnections",
        "PostToConnection": "execute-api:ManageConnections",
    },
    "lambda": {
        "Invoke": "lambda:InvokeFunction",
        "InvokeWithResponseStream": "lambda:InvokeFunction",
    },
    "s3": {
        "CompleteMultipartUpload": "s3:PutObject",
        "CreateMultipartUpload": "s3:PutObject",
        "DeleteObjects": "s3:DeleteObject",
        "HeadBucket": "s3:ListBucket",
        "HeadObject": "s3:GetObject",
        "ListBuckets": "s3:ListAllMyBuckets",
        "ListMultipartUploads": "s3:ListBucketMultipartUploads",
        "ListObjects": "s3:ListBucket",
        "ListObjectsV2": "s3:ListBucket",
        "ListObjectVersions": "s3:ListBucketVersions",
        "ListParts": "s3:ListMultipartUploadParts",
        "UploadPart": "s3:PutObject",
    },
    "sns": {"PublishBatch": "sns:Publish"},
    "sqs": {
        "ChangeMessageVisibilityBatch": "sqs:ChangeMessageVisibility",
        "DeleteMessageBatch": "sqs:DeleteMessage",
        "SendMessageBatch": "sqs:SendMessage",
    },
}
"""By the prefix of the service that the client signs for, then by operation."""

CALLED: Final[Mapping[str, str]] = {
    "cloudwatch-logs": "logs",
    "cloudwatchlogs": "logs",
    "cognito": "cognito-idp",
    "eventbridge": "events",
    "parameterstore": "ssm",
    "step-functions": "states",
}
"""Names in lower case that no SDK has for a client, and the prefix of what they mean."""
