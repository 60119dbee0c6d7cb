"""The fake endpoint is held to real clients: every protocol, pages, quotas and every kind of trouble."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import botocore.session
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, HTTPClientError

from tests.aws.account import THEN, Account, Region, allow, document
from tests.aws.clients import client
from tests.aws.endpoint import Endpoint, apart, running
from tests.aws.trouble import FOREVER, Quotas, Trouble
from tests.aws.wire import Call

OPEN = {"Sid": "all", "Effect": "Allow", "Principal": "*", "Action": "lambda:InvokeFunction", "Resource": "*"}


def _account() -> Account:
    account = Account()
    region = account.region()
    role = account.role("worker", inline={"reads": document(allow("s3:GetObject", "*"))})
    region.function(
        "orders",
        role,
        tags={"team": "a b"},
        reserved=5,
        policy=[OPEN],
        qualified={"live": [{**OPEN, "Sid": "live"}]},
        aliases={"live": "1"},
        versions=["1"],
        urls={"live": {"AuthType": "NONE"}},
        signing=region.signing("ours"),
    )
    account.last_accessed(role, {"s3": THEN, "sqs": None})
    region.adds(
        "cloudwatch:DescribeAlarms",
        {"AlarmName": "errors", "Dimensions": [{"Name": "FunctionName", "Value": "orders"}], "Threshold": 1.5},
    )
    region.says("logs:DescribeLogGroups", [{"logGroupName": "/aws/lambda/orders", "retentionInDays": 14}])
    region.says("ec2:DescribeSubnets", [{"SubnetId": "subnet-1", "AvailabilityZone": "us-east-1a", "Tags": []}])
    region.says(
        "apigateway:GetRestApis", [{"id": "a1", "name": "<&>", "createdDate": THEN, "tags": {"k": "v"}}]
    )
    region.says("apigatewayv2:GetAuthorizers", [{"AuthorizerId": "z", "Name": "jwt"}], ApiId="b2")
    region.says("sqs:GetQueueAttributes", {"Attributes": {"QueueArn": "arn"}}, QueueUrl="http://q/1")
    region.says(
        "sns:GetTopicAttributes", {"Attributes": {"TopicArn": "t", "Policy": "{}"}}, TopicArn="t:t:t:t:t:t"
    )
    region.says(
        "s3:GetBucketNotificationConfiguration",
        {"LambdaFunctionConfigurations": [{"LambdaFunctionArn": "arn", "Events": ["s3:ObjectCreated:*"]}]},
        Bucket="files",
    )
    distribution = {
        "Id": "E1",
        "DomainName": "d.cloudfront.net",
        "Aliases": {"Quantity": 1, "Items": ["x.org"]},
    }
    account.says("cloudfront:ListDistributions", {"DistributionList": {"Items": [distribution], "Quantity": 1}})
    account.says(
        "route53:ListHostedZones",
        [{"Id": "/hostedzone/Z", "Name": "in.", "CallerReference": "c", "Config": {"PrivateZone": True}}],
    )
    return account


@pytest.fixture(scope="module")
def endpoint() -> Iterator[Endpoint]:
    with running(_account()) as made:
        yield made


def test_functions_are_served_with_all_that_belongs_to_them(endpoint: Endpoint) -> None:
    lambda_ = client(endpoint, "lambda")
    (listed,) = lambda_.list_functions()["Functions"]
    assert listed["FunctionName"] == "orders" and "State" not in listed
    whole = lambda_.get_function(FunctionName=listed["FunctionArn"])
    assert whole["Tags"] == {"team": "a b"} and whole["Concurrency"] == {"ReservedConcurrentExecutions": 5}
    assert whole["Configuration"]["State"] == "Active"
    (config,) = lambda_.list_code_signing_configs()["CodeSigningConfigs"]
    arn = config["CodeSigningConfigArn"]
    found = lambda_.list_functions_by_code_signing_config(CodeSigningConfigArn=arn)["FunctionArns"]
    assert found == [listed["FunctionArn"]]
    assert lambda_.get_function_recursion_config(FunctionName="orders")["RecursiveLoop"] == "Terminate"
    assert lambda_.get_runtime_management_config(FunctionName="orders")["UpdateRuntimeOn"] == "Auto"
    assert [one["Version"] for one in lambda_.list_functions(FunctionVersion="ALL")["Functions"]] == [
        "$LATEST",
        "1",
    ]
    assert (
        lambda_.list_function_url_configs(FunctionName="orders")["FunctionUrlConfigs"][0]["AuthType"] == "NONE"
    )


def test_every_qualifier_has_a_policy_of_its_own(endpoint: Endpoint) -> None:
    lambda_ = client(endpoint, "lambda")

    def sid(**of: str) -> str:
        return str(json.loads(lambda_.get_policy(FunctionName="orders", **of)["Policy"])["Statement"][0]["Sid"])

    assert (sid(), sid(Qualifier="live")) == ("all", "live")
    with pytest.raises(lambda_.exceptions.ResourceNotFoundException):
        sid(Qualifier="1")


def test_roles_come_with_their_policies_and_what_they_last_used(endpoint: Endpoint) -> None:
    iam = client(endpoint, "iam")
    details = iam.get_account_authorization_details(Filter=["Role", "LocalManagedPolicy"])
    (role,) = details["RoleDetailList"]
    assert role["RolePolicyList"][0]["PolicyDocument"]["Statement"][0]["Action"] == "s3:GetObject"
    job = iam.generate_service_last_accessed_details(Arn=role["Arn"])["JobId"]
    used = iam.get_service_last_accessed_details(JobId=job)["ServicesLastAccessed"]
    assert {one["ServiceNamespace"]: one.get("LastAuthenticated") for one in used} == {"s3": THEN, "sqs": None}


def test_every_protocol_is_spoken(endpoint: Endpoint) -> None:
    def ask(service: str, operation: str, **with_: Any) -> Any:
        return getattr(client(endpoint, service), operation)(**with_)

    (alarm,) = ask("cloudwatch", "describe_alarms", AlarmTypes=["MetricAlarm"])["MetricAlarms"]
    assert alarm["Threshold"] == 1.5 and alarm["Dimensions"][0]["Value"] == "orders"
    assert ask("logs", "describe_log_groups")["logGroups"][0]["retentionInDays"] == 14
    filters = [{"Name": "vpc-id", "Values": ["v1", "v2"]}]
    assert ask("ec2", "describe_subnets", Filters=filters)["Subnets"][0]["AvailabilityZone"] == "us-east-1a"
    (api,) = ask("apigateway", "get_rest_apis")["items"]
    assert api["name"] == "<&>" and api["createdDate"] == THEN
    assert ask("apigatewayv2", "get_authorizers", ApiId="b2")["Items"][0]["Name"] == "jwt"
    assert ask("sqs", "get_queue_attributes", QueueUrl="http://q/1")["Attributes"] == {"QueueArn": "arn"}
    assert ask("sns", "get_topic_attributes", TopicArn="t:t:t:t:t:t")["Attributes"]["Policy"] == "{}"
    notified = ask("s3", "get_bucket_notification_configuration", Bucket="files")
    assert notified["LambdaFunctionConfigurations"][0]["Events"] == ["s3:ObjectCreated:*"]
    distributions = ask("cloudfront", "list_distributions")["DistributionList"]
    assert distributions["Items"][0]["Aliases"]["Items"] == ["x.org"]
    assert ask("route53", "list_hosted_zones")["HostedZones"][0]["Config"] == {"PrivateZone": True}
    assert ask("sts", "get_caller_identity")["Account"] == "111122223333"
    assert ask("organizations", "list_accounts")["Accounts"] == []
    assert ask("accessanalyzer", "list_analyzers")["analyzers"] == []
    assert ask("wafv2", "list_web_acls", Scope="REGIONAL")["WebACLs"] == []


def test_pages_are_turned_by_the_services_own_tokens() -> None:
    account = Account()
    region = account.region()
    for number in range(7):
        region.function(f"f{number}", account.role(f"r{number}"))
        account.policy(f"p{number}", document(allow("s3:*", "*")))
    account.says(
        "cloudfront:ListDistributions", {"DistributionList": {"Items": [{"Id": f"E{n}"} for n in range(7)]}}
    )
    account.paged(3)
    with running(account) as endpoint:
        pages = list(client(endpoint, "lambda").get_paginator("list_functions").paginate())
        assert [len(page["Functions"]) for page in pages] == [3, 3, 1]
        whole = (
            client(endpoint, "iam")
            .get_paginator("get_account_authorization_details")
            .paginate()
            .build_full_result()
        )
        assert len(whole["RoleDetailList"]) == len(whole["Policies"]) == 7
        turned = client(endpoint, "cloudfront").get_paginator("list_distributions").paginate()
        assert [len(page["DistributionList"]["Items"]) for page in turned] == [3, 3, 1]
        assert endpoint.counts["lambda:ListFunctions"] == 3


def test_another_account_is_entered_by_a_role_and_its_credentials_expire() -> None:
    other = Account("444455556666")
    other.region().function("theirs", other.role("r"))
    with running(Account(), other, trouble=Trouble(expire_after=2)) as endpoint:
        sts = client(endpoint, "sts")
        given = sts.assume_role(RoleArn="arn:aws:iam::444455556666:role/reader", RoleSessionName="scan")[
            "Credentials"
        ]
        session = {"aws_access_key_id": given["AccessKeyId"], "aws_secret_access_key": "x"}
        lambda_ = botocore.session.Session().create_client(
            "lambda",
            region_name="us-east-1",
            endpoint_url=endpoint.url,
            aws_session_token=given["SessionToken"],
            **session,
        )
        for _ in range(2):
            assert lambda_.list_functions()["Functions"][0]["FunctionName"] == "theirs"
        with pytest.raises(ClientError, match="ExpiredToken"):
            lambda_.list_functions()
        with pytest.raises(ClientError, match="AccessDenied"):
            sts.assume_role(RoleArn="arn:aws:iam::999999999999:role/reader", RoleSessionName="scan")


def test_trouble_heals_after_as_many_attempts_as_the_plan_says() -> None:
    retrying = Config(retries={"mode": "standard", "total_max_attempts": 4})
    plan = Trouble(throttled=1, failing=1, cut=1, times=1)
    with running(_account(), trouble=plan) as endpoint:
        lambda_ = client(endpoint, "lambda")
        for wanted in ("TooManyRequestsException", "ServiceException"):
            with pytest.raises(ClientError, match=wanted):
                lambda_.list_functions()
        try:
            # Of an answer that is cut as long as it claims to be botocore makes one without members.
            assert "Functions" not in lambda_.list_functions()
        except HTTPClientError as cut:
            assert "IncompleteRead" in str(cut)
        assert len(lambda_.list_functions()["Functions"]) == 1
    with running(_account(), trouble=Trouble(throttled=1, failing=1)) as endpoint:
        assert len(client(endpoint, "logs", config=retrying).describe_log_groups()["logGroups"]) == 1


def test_which_calls_are_hit_does_not_depend_on_their_order() -> None:
    account = Account()
    names = [f"f{number}" for number in range(40)]
    for name in names:
        account.region().function(name, account.role(name))

    def lost(order: list[str]) -> set[str]:
        out = set()
        with running(account, trouble=Trouble(seed=3, failing=0.4, times=FOREVER)) as endpoint:
            lambda_ = client(endpoint, "lambda")
            for name in order:
                try:
                    lambda_.get_function(FunctionName=name)
                except ClientError:
                    out.add(name)
        return out

    assert lost(names) == lost(names[::-1])
    assert 5 < len(lost(names)) < 30


@pytest.mark.parametrize("service, operation", [("lambda", "list_functions"), ("ec2", "describe_vpcs")])
def test_a_denied_call_says_who_may_not_do_what(service: str, operation: str) -> None:
    denied = frozenset({"lambda:ListFunctions", "ec2:DescribeVpcs"})
    with running(_account(), trouble=Trouble(denied=denied)) as endpoint:
        with pytest.raises(ClientError, match="user/scanner is not authorized") as raised:
            getattr(client(endpoint, service), operation)()
        assert raised.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403


def test_quotas_are_per_account_region_and_group() -> None:
    now = 0.0
    quotas = Quotas(lambda: now)
    get, policy, other = (Call("lambda", name, {}) for name in ("GetFunction", "GetPolicy", "ListAliases"))
    urls = Call("lambda", "ListFunctionUrlConfigs", {})
    assert sum(quotas.take("1", "r", policy) for _ in range(40)) == 15
    assert sum(quotas.take("1", "r", one) for _ in range(20) for one in (other, urls)) == 15, "one group"
    assert sum(quotas.take("1", "r", get) for _ in range(200)) == 100
    assert quotas.take("2", "r", policy) and quotas.take("1", "s", policy)
    now = 1.0
    assert sum(quotas.take("1", "r", policy) for _ in range(40)) == 15


def test_a_client_that_is_too_fast_is_throttled() -> None:
    with running(_account(), quotas=1) as endpoint:
        lambda_ = client(endpoint, "lambda")
        with pytest.raises(lambda_.exceptions.TooManyRequestsException):
            for _ in range(200):
                lambda_.get_policy(FunctionName="orders")


def test_what_the_models_do_not_have_fails_the_test_that_declares_it() -> None:
    region = Region("1", "r")
    account = Account(regions={"us-east-1": region})
    region.says("logs:DescribeLogGroups", [{"logGroup": "misspelt"}])
    with (
        pytest.raises(AssertionError, match="no member `logGroup`"),
        running(account) as endpoint,
        pytest.raises(ClientError),
    ):
        client(endpoint, "logs").describe_log_groups()


def test_an_endpoint_in_a_process_counts_its_own_time() -> None:
    with apart(_account()) as endpoint:
        client(endpoint, "lambda").list_functions()
        told = endpoint.told()
    assert told["counts"] == {"lambda:ListFunctions": 1} and told["cpu"] > 0 and not told["faults"]
