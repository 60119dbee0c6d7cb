"""What a call to AWS is: its operation, whose quota it spends, what it tells and what it needs to be allowed.

Every call that is made is such a row, and stands in the ``CALLS`` of the collector that makes it. The policy
that a reader needs is written from the rows (``policy``), and a test holds them to what goes over the wire.
"""

from __future__ import annotations

from typing import Final, Literal

from stockade.records import dataclass


@dataclass(frozen=True, slots=True)
class Quota:
    """Calls that AWS counts together; ``rate`` is how many of them a second it answers.

    ``everywhere`` says that the calls of all regions of an account are counted together.
    """

    name: str
    rate: float
    everywhere: bool = False


LAMBDA_FUNCTION: Final = Quota("lambda:GetFunction", 100)
LAMBDA_POLICY: Final = Quota("lambda:GetPolicy", 15)
LAMBDA: Final = Quota("lambda", 15)
"""All remaining control-plane calls of Lambda together, those of whoever deploys included."""
IAM: Final = Quota("iam", 15, everywhere=True)
"""AWS publishes none; this is what other readers keep to."""
STS: Final = Quota("sts", 100)
ORGANIZATIONS: Final = Quota("organizations", 4, everywhere=True)
ALARMS: Final = Quota("cloudwatch:DescribeAlarms", 9)
METRIC_DATA: Final = Quota("cloudwatch:GetMetricData", 50)
LOG_GROUPS: Final = Quota("logs:DescribeLogGroups", 10)
LOG_FILTERS: Final = Quota("logs", 5)
API_GATEWAY: Final = Quota("apigateway", 10)
"""All calls of both API Gateways together, in every account."""
API_RESOURCES: Final = Quota("apigateway:GetResources", 2.5)
WAF: Final = Quota("wafv2", 5)
CLOUDFRONT: Final = Quota("cloudfront", 5, everywhere=True)
ROUTE53: Final = Quota("route53", 5, everywhere=True)
"""All calls of one account together."""
EC2: Final = Quota("ec2", 20)
"""AWS publishes buckets that refill at this rate and begin five times as full."""
KMS: Final = Quota("kms", 500)
S3: Final = Quota("s3", 50)
SNS: Final = Quota("sns", 30)
SQS: Final = Quota("sqs", 50)
EVENTS: Final = Quota("events", 10)
SCHEDULER: Final = Quota("scheduler", 10)
STATES: Final = Quota("states", 10)
ECR: Final = Quota("ecr", 10)
SECRETS: Final = Quota("secretsmanager", 20)
"""Of the last eight AWS publishes none that is lower for these calls."""
ACCESS_ANALYZER: Final = Quota("access-analyzer", 5)
ACCESS_CHECKS: Final = Quota("access-analyzer:checks", 5)
"""AWS publishes none of either; checks wait for nothing but each other."""


@dataclass(frozen=True, slots=True)
class Call:
    """One operation. ``service`` is what botocore calls it, ``operation`` as AWS writes it.

    ``tells`` completes "it tells ..." in the documentation. ``items`` is the path in the answer to what an
    operation lists, by dots; an operation that botocore has no paginator for has its ``token``: the names of
    the marker in the request and in the answer. ``scope`` says whether all regions of an account get the
    same answer, which is then asked for once. ``actions`` are the IAM actions it needs, by default the one of
    its own name. ``absent`` are the errors that say that there is no such thing, which is an answer.
    ``region`` is where it has to be sent, wherever the functions are.
    """

    service: str
    operation: str
    quota: Quota
    tells: str
    items: str = ""
    scope: Literal["region", "account"] = "region"
    actions: tuple[str, ...] = ()
    absent: tuple[str, ...] = ("ResourceNotFoundException",)
    token: tuple[str, str] | None = None
    region: str = ""

    @property
    def name(self) -> str:
        """As people and reports write it: ``lambda:GetPolicy``."""
        return f"{self.service}:{self.operation}"

    @property
    def allowed_by(self) -> tuple[str, ...]:
        """The IAM actions that have to be allowed."""
        return self.actions or (self.name,)
