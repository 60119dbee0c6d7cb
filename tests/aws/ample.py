"""An account with one of everything that a scan looks at, good and bad beside each other."""

from __future__ import annotations

import json
from typing import Any

from tests.aws.account import THEN, Account, Region, allow, document

LOGS = ("logs:CreateLogStream", "logs:PutLogEvents")


def ample(number: str = "111122223333", region: str = "us-east-1") -> Account:
    """The account. Its functions are named for what is the matter with them."""
    account = Account(number)
    here = account.region(region)
    _functions(account, here)
    _rest(here)
    _http(here)
    _edge(account, here)
    _network(here)
    _events(here)
    _watching(here)
    account.says(
        "route53:ListHostedZones",
        [
            {
                "Id": "/hostedzone/Z1",
                "Name": "corp.internal.",
                "CallerReference": "c",
                "Config": {"PrivateZone": True},
            }
        ],
    )
    zone = {"Id": "/hostedzone/Z1", "Name": "corp.internal.", "CallerReference": "c"}
    network = [{"VPCRegion": region, "VPCId": "vpc-1"}]
    account.says("route53:GetHostedZone", {"HostedZone": zone, "VPCs": network}, Id="Z1")
    return account


def permission(
    here: Region, name: str, principal: Any, source: str = "", sid: str = "s", **condition: Any
) -> Any:
    """A statement of a function's policy."""
    made: dict[str, Any] = {
        "Sid": sid,
        "Effect": "Allow",
        "Principal": principal,
        "Action": "lambda:InvokeFunction",
        "Resource": here.arn("lambda", f"function:{name}"),
    }
    if source:
        condition = {**condition, "ArnLike": {"AWS:SourceArn": source}}
    return {**made, "Condition": condition} if condition else made


def _functions(account: Account, here: Region) -> None:
    signing = here.signing("ours")
    queue = here.arn("sqs", "orders-failed")

    def role(name: str, *statements: Any, attached: tuple[str, ...] = ()) -> str:
        group = here.arn("logs", f"log-group:/aws/lambda/{name}:*")
        own = document(allow(LOGS, group), *statements)
        return account.role(f"{name}-role", inline={"own": own}, attached=attached)

    traced = allow(("xray:PutTraceSegments", "xray:PutTelemetryRecords"), "*")
    api = here.arn("execute-api", "rest1/prod/POST/orders")
    good: dict[str, Any] = {"TracingConfig": {"Mode": "Active"}, "DeadLetterConfig": {"TargetArn": queue}}
    sent = allow("sqs:SendMessage", queue)
    here.function(
        "good",
        role("good", traced, sent),
        settings={
            **good,
            "KMSKeyArn": here.arn("kms", "key/1111aaaa"),
            "Environment": {"Variables": {"SECRET": here.arn("secretsmanager", "secret:orders/db-AbCdEf")}},
            "VpcConfig": {
                "VpcId": "vpc-1",
                "SubnetIds": ["subnet-1", "subnet-2"],
                "SecurityGroupIds": ["sg-tight"],
            },
        },
        reserved=20,
        policy=[permission(here, "good", {"Service": "apigateway.amazonaws.com"}, api)],
        qualified={
            "live": [
                permission(
                    here, "good:live", {"Service": "events.amazonaws.com"}, here.arn("events", "rule/nightly")
                )
            ]
        },
        aliases={"live": "1"},
        versions=["1"],
        signing=signing,
        invoke={"DestinationConfig": {"OnFailure": {"Destination": queue}}, "MaximumRetryAttempts": 1},
        tags={"team": "orders"},
    )
    bucket = permission(here, "open", {"Service": "s3.amazonaws.com"}, "arn:aws:s3:::uploads", "s3")
    here.function(
        "open",
        role("open", allow("*", "*"), allow("s3:PutObject", "arn:aws:s3:::uploads/*")),
        settings={
            "Runtime": "python3.8",
            "Environment": {"Variables": {"DB_PASSWORD": "hunter2-hunter2", "HOST": "db.corp.internal"}},
            "VpcConfig": {"VpcId": "vpc-1", "SubnetIds": ["subnet-1"], "SecurityGroupIds": ["sg-wide"]},
            "Layers": [{"Arn": f"arn:aws:lambda:{here.name}:999988887777:layer:theirs:1", "CodeSize": 1}],
        },
        policy=[permission(here, "open", "*", sid="all"), bucket],
        qualified={"live": [permission(here, "open:live", "*", sid="alias")]},
        aliases={"live": "1"},
        versions=["1"],
        urls={"": {"AuthType": "NONE"}},
        recursion="Allow",
    )
    key, secret = here.arn("kms", "key/1111aaaa"), here.arn("secretsmanager", "secret:orders/db-AbCdEf")
    here.says("kms:DescribeKey", {"KeyMetadata": {"KeyId": "1111aaaa", "Arn": key, "KeyManager": "CUSTOMER"}})
    here.says("secretsmanager:ListSecrets", [{"ARN": secret, "Name": "orders/db", "KmsKeyId": key}])
    here.says("secretsmanager:GetResourcePolicy", {"ARN": secret, "Name": "orders/db"})
    there = f"{here.account}.dkr.ecr.{here.name}.amazonaws.com/images"
    here.function(
        "image",
        account.role(
            "image-role", attached=("arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",)
        ),
        settings={"PackageType": "Image", "Runtime": None, "Handler": None},
        policy=[permission(here, "image", {"Service": "sns.amazonaws.com"}, here.arn("sns", "news"))],
    )
    known = here.book.answer_of("lambda:GetFunction", FunctionName="image")
    known["Code"] = {
        "RepositoryType": "ECR",
        "ImageUri": f"{there}:v1",
        "ResolvedImageUri": f"{there}@sha256:0",
    }
    here.says(
        "ecr:DescribeRepositories",
        [
            {
                "repositoryArn": here.arn("ecr", "repository/images"),
                "repositoryName": "images",
                "repositoryUri": there,
                "imageTagMutability": "IMMUTABLE",
            }
        ],
    )
    here.function("scheduled", role("scheduled", allow("sqs:ReceiveMessage", queue)), reserved=1)
    here.limits(1000, 979, 4)
    account.last_accessed(f"arn:aws:iam::{account.number}:role/good-role", {"logs": THEN, "sqs": None})


def _integration(here: Region, name: str) -> dict[str, Any]:
    arn = here.arn("lambda", f"function:{name}")
    uri = f"arn:aws:apigateway:{here.name}:lambda:path/2015-03-31/functions/{arn}/invocations"
    return {"type": "AWS_PROXY", "httpMethod": "POST", "uri": uri}


def _rest(here: Region) -> None:
    here.says(
        "apigateway:GetRestApis",
        [
            {
                "id": "rest1",
                "name": "orders",
                "endpointConfiguration": {"types": ["REGIONAL"]},
                "createdDate": THEN,
            },
            {"id": "rest2", "name": "naked", "endpointConfiguration": {"types": ["EDGE"]}, "createdDate": THEN},
        ],
    )

    def method(verb: str, authorization: str, name: str, **more: Any) -> dict[str, Any]:
        own = {"httpMethod": verb, "authorizationType": authorization, "apiKeyRequired": False, **more}
        return {verb: {**own, "methodIntegration": _integration(here, name)}}

    resources = [
        {"id": "root", "path": "/"},
        {
            "id": "r1",
            "parentId": "root",
            "pathPart": "orders",
            "path": "/orders",
            "resourceMethods": method("POST", "CUSTOM", "good", authorizerId="auth1"),
        },
    ]
    here.says("apigateway:GetResources", resources, restApiId="rest1")
    naked = {"id": "n1", "path": "/", "resourceMethods": method("GET", "NONE", "open")}
    here.says("apigateway:GetResources", [naked], restApiId="rest2")
    here.says(
        "apigateway:GetAuthorizers", [{"id": "auth1", "name": "tokens", "type": "TOKEN"}], restApiId="rest1"
    )
    stage = {
        "stageName": "prod",
        "webAclArn": here.arn("wafv2", "regional/webacl/front/acl1"),
        "methodSettings": {"*/*": {"throttlingRateLimit": 50.0, "throttlingBurstLimit": 100}},
    }
    here.says("apigateway:GetStages", {"item": [stage]}, restApiId="rest1")
    logged = {"*/*": {"loggingLevel": "INFO", "throttlingRateLimit": 10000.0, "throttlingBurstLimit": 5000}}
    here.says(
        "apigateway:GetStages", {"item": [{"stageName": "prod", "methodSettings": logged}]}, restApiId="rest2"
    )
    here.says("apigateway:GetAccount", {"throttleSettings": {"rateLimit": 10000.0, "burstLimit": 5000}})
    here.says(
        "apigateway:GetUsagePlans",
        [
            {
                "id": "p1",
                "apiStages": [{"apiId": "rest2", "stage": "test"}],
                "throttle": {"rateLimit": 5.0, "burstLimit": 5},
            }
        ],
    )
    rule = {
        "Name": "many",
        "Priority": 1,
        "Statement": {"RateBasedStatement": {"Limit": 500, "AggregateKeyType": "IP"}},
    }
    seen = {"SampledRequestsEnabled": False, "CloudWatchMetricsEnabled": False, "MetricName": "m"}
    acl: dict[str, Any] = {
        "Name": "front",
        "Id": "acl1",
        "ARN": stage["webAclArn"],
        "DefaultAction": {"Allow": {}},
        "VisibilityConfig": seen,
    }
    acl["Rules"] = [{**rule, "VisibilityConfig": seen}]
    here.says("wafv2:GetWebACL", {"WebACL": acl, "LockToken": "t"}, Name="front", Id="acl1", Scope="REGIONAL")


def _http(here: Region) -> None:
    cors = {"AllowOrigins": ["*"], "AllowCredentials": False}
    own = {"ProtocolType": "HTTP", "RouteSelectionExpression": "$request.method $request.path"}
    here.says(
        "apigatewayv2:GetApis",
        [
            {
                "ApiId": "http1",
                "Name": "front",
                **own,
                "CorsConfiguration": cors,
                "DisableExecuteApiEndpoint": False,
            }
        ],
    )
    of = {"ApiId": "http1"}
    arn = here.arn("lambda", "function:open")
    made = {
        "IntegrationId": "i1",
        "IntegrationType": "AWS_PROXY",
        "IntegrationUri": arn,
        "PayloadFormatVersion": "2.0",
    }
    here.says("apigatewayv2:GetIntegrations", [made], **of)
    routes = [
        {"RouteId": "r1", "RouteKey": "GET /open", "Target": "integrations/i1", "AuthorizationType": "NONE"},
        {
            "RouteId": "r2",
            "RouteKey": "GET /mine",
            "Target": "integrations/i1",
            "AuthorizationType": "JWT",
            "AuthorizerId": "a1",
        },
    ]
    here.says("apigatewayv2:GetRoutes", routes, **of)
    here.says(
        "apigatewayv2:GetAuthorizers", [{"AuthorizerId": "a1", "Name": "jwt", "AuthorizerType": "JWT"}], **of
    )
    limits = {"GET /mine": {"ThrottlingRateLimit": 5.0, "ThrottlingBurstLimit": 5}}
    here.says(
        "apigatewayv2:GetStages", [{"StageName": "$default", "RouteSettings": limits, "AutoDeploy": True}], **of
    )
    here.says("apigatewayv2:GetDomainNames", [{"DomainName": "api.example.com"}])
    here.says(
        "apigatewayv2:GetApiMappings",
        [{"ApiId": "http1", "ApiMappingId": "m1", "Stage": "$default"}],
        DomainName="api.example.com",
    )
    here.says("apigateway:GetDomainNames", [{"domainName": "api.example.com"}])


def _edge(account: Account, here: Region) -> None:
    header = {"Quantity": 1, "Items": [{"HeaderName": "x-origin", "HeaderValue": "let-me-in"}]}
    origin = {"Id": "o", "DomainName": f"http1.execute-api.{here.name}.amazonaws.com", "CustomHeaders": header}
    distribution = {
        "Id": "E1",
        "ARN": f"arn:aws:cloudfront::{account.number}:distribution/E1",
        "Aliases": {"Quantity": 1, "Items": ["www.example.com"]},
        "Origins": {"Quantity": 1, "Items": [origin]},
    }
    account.says("cloudfront:ListDistributions", {"DistributionList": {"Items": [distribution], "Quantity": 1}})


def _network(here: Region) -> None:
    here.says(
        "ec2:DescribeSubnets",
        [
            {"SubnetId": f"subnet-{n}", "VpcId": "vpc-1", "AvailabilityZone": f"{here.name}{zone}"}
            for n, zone in ((1, "a"), (2, "b"))
        ],
    )
    wide = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}], "Ipv6Ranges": [], "UserIdGroupPairs": []}
    tight = {
        "IpProtocol": "tcp",
        "FromPort": 443,
        "ToPort": 443,
        "IpRanges": [{"CidrIp": "10.0.0.0/16"}],
        "UserIdGroupPairs": [{"GroupId": "sg-wide"}],
    }
    here.says(
        "ec2:DescribeSecurityGroups",
        [
            {"GroupId": "sg-wide", "VpcId": "vpc-1", "IpPermissions": [], "IpPermissionsEgress": [wide]},
            {"GroupId": "sg-tight", "VpcId": "vpc-1", "IpPermissions": [], "IpPermissionsEgress": [tight]},
        ],
    )
    main = {"Main": True, "RouteTableId": "rtb-1", "RouteTableAssociationId": "a1"}
    route = {"DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "nat-1", "State": "active"}
    here.says(
        "ec2:DescribeRouteTables",
        [{"RouteTableId": "rtb-1", "VpcId": "vpc-1", "Associations": [main], "Routes": [route]}],
    )


def _events(here: Region) -> None:
    good, opened = (here.arn("lambda", f"function:{name}") for name in ("good", "open"))
    bus = {"Name": "default", "Arn": here.arn("events", "event-bus/default")}
    here.says("events:ListEventBuses", [bus])
    nightly = {
        "Name": "nightly",
        "Arn": here.arn("events", "rule/nightly"),
        "ScheduleExpression": "rate(1 day)",
    }
    here.says("events:ListRules", [{**nightly, "State": "ENABLED"}], EventBusName="default")
    here.says("events:ListTargetsByRule", [{"Id": "t", "Arn": f"{good}:live"}], Rule="nightly")
    schedule = {"Arn": here.arn("scheduler", "schedule/default/often"), "Name": "often", "State": "ENABLED"}
    here.says(
        "scheduler:ListSchedules", [{**schedule, "Target": {"Arn": here.arn("lambda", "function:scheduled")}}]
    )
    machine = {"stateMachineArn": here.arn("states", "stateMachine:flow"), "name": "flow", "type": "STANDARD"}
    here.says("stepfunctions:ListStateMachines", [{**machine, "creationDate": THEN}])
    task = {"Type": "Task", "Resource": here.arn("lambda", "function:scheduled"), "End": True}
    definition = json.dumps({"StartAt": "a", "States": {"a": task}})
    whole = {**machine, "definition": definition, "roleArn": "arn:aws:iam::1:role/r", "creationDate": THEN}
    here.says("stepfunctions:DescribeStateMachine", whole, stateMachineArn=machine["stateMachineArn"])
    news = here.arn("sns", "news")
    here.says("sns:ListTopics", [{"TopicArn": news}, {"TopicArn": here.arn("sns", "alarms")}])
    image = here.arn("lambda", "function:image")
    told = {
        "SubscriptionArn": f"{news}:1",
        "TopicArn": news,
        "Protocol": "lambda",
        "Endpoint": image,
        "Owner": "o",
    }
    mail = {
        "SubscriptionArn": here.arn("sns", "alarms:2"),
        "TopicArn": here.arn("sns", "alarms"),
        "Protocol": "email",
    }
    here.says("sns:ListSubscriptions", [told, {**mail, "Endpoint": "ops@example.com", "Owner": "o"}])
    here.says(
        "sns:GetSubscriptionAttributes", {"Attributes": {"FilterPolicy": "{}"}}, SubscriptionArn=f"{news}:1"
    )
    url = f"https://sqs.{here.name}.amazonaws.com/{here.account}/orders-failed"
    failed = {"QueueArn": here.arn("sqs", "orders-failed"), "MessageRetentionPeriod": "1209600"}
    here.says("sqs:GetQueueAttributes", {"Attributes": failed}, QueueUrl=url)
    rules = [{"Name": "Prefix", "Value": "in/"}]
    here.says(
        "s3:GetBucketNotificationConfiguration",
        {
            "LambdaFunctionConfigurations": [
                {
                    "Id": "n",
                    "LambdaFunctionArn": opened,
                    "Events": ["s3:ObjectCreated:*"],
                    "Filter": {"Key": {"FilterRules": rules}},
                }
            ]
        },
        Bucket="uploads",
    )
    mapping = {
        "UUID": "u",
        "FunctionArn": here.arn("lambda", "function:scheduled"),
        "State": "Enabled",
        "BatchSize": 10,
    }
    here.says(
        "lambda:ListEventSourceMappings", [{**mapping, "EventSourceArn": here.arn("sqs", "orders-failed")}]
    )


def _watching(here: Region) -> None:
    groups = [
        {
            "logGroupName": f"/aws/lambda/{name}",
            "arn": here.arn("logs", f"log-group:/aws/lambda/{name}:*"),
            "logGroupArn": here.arn("logs", f"log-group:/aws/lambda/{name}"),
            **more,
        }
        for name, more in (
            ("good", {"retentionInDays": 30, "kmsKeyId": here.arn("kms", "key/k")}),
            ("open", {}),
        )
    ]
    here.says("logs:DescribeLogGroups", groups)

    def alarm(metric: str, name: str) -> dict[str, Any]:
        return {
            "AlarmName": f"{name} {metric}",
            "AlarmArn": here.arn("cloudwatch", f"alarm:{name} {metric}"),
            "Namespace": "AWS/Lambda",
            "MetricName": metric,
            "Dimensions": [{"Name": "FunctionName", "Value": name}],
            "Statistic": "Sum",
            "Period": 300,
            "EvaluationPeriods": 1,
            "Threshold": 1.0,
            "ComparisonOperator": "GreaterThanOrEqualToThreshold",
            "ActionsEnabled": True,
            "AlarmActions": [here.arn("sns", "alarms")],
            "TreatMissingData": "notBreaching",
        }

    alarms = {"MetricAlarms": [alarm("Errors", "good"), alarm("Invocations", "good")], "CompositeAlarms": []}
    here.says("cloudwatch:DescribeAlarms", alarms)
