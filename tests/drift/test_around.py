"""What stands around a function, written against a live account: as it was deployed, and changed by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from stockade.cli import main
from tests.aws.account import Account, allow, document
from tests.aws.endpoint import running
from tests.cli.test_scan_live import OWN, REGION, log_in
from tests.cli.test_scan_live import surroundings as surroundings  # a fixture, by its name

_WRITTEN = """
resource "aws_iam_role" "orders" {
  name               = "orders"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "lambda.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role_policy" "orders" {
  role   = aws_iam_role.orders.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "*" }]
  })
}

resource "aws_security_group" "orders" {
  name   = "orders"
  vpc_id = "vpc-1"

  egress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["10.0.0.0/16"]
  }
}

resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = aws_iam_role.orders.arn
  runtime       = "python3.13"
  handler       = "index.handler"

  vpc_config {
    subnet_ids         = ["subnet-1", "subnet-2"]
    security_group_ids = [aws_security_group.orders.id]
  }
}

resource "aws_apigatewayv2_api" "orders" {
  name          = "orders-api"
  protocol_type = "HTTP"
}

resource "aws_apigatewayv2_integration" "orders" {
  api_id           = aws_apigatewayv2_api.orders.id
  integration_type = "AWS_PROXY"
  integration_uri  = aws_lambda_function.orders.invoke_arn
}

resource "aws_apigatewayv2_route" "orders" {
  api_id             = aws_apigatewayv2_api.orders.id
  route_key          = "POST /orders"
  target             = "integrations/${aws_apigatewayv2_integration.orders.id}"
  authorization_type = "AWS_IAM"
}

resource "aws_apigatewayv2_stage" "live" {
  api_id = aws_apigatewayv2_api.orders.id
  name   = "live"

  default_route_settings {
    throttling_rate_limit  = 100
    throttling_burst_limit = 50
  }
}
"""


def deployed(changed: bool) -> Account:
    """What the project is once it is applied; or what became of it."""
    account = Account(OWN)
    role = account.role("orders", inline={"own": document(allow("s3:GetObject", "*"))})
    here = account.region()
    network = {"VpcId": "vpc-1", "SubnetIds": ["subnet-1", "subnet-2"], "SecurityGroupIds": ["sg-1"]}
    here.function(
        "orders",
        role,
        settings={"VpcConfig": network},
        recursion="Allow" if changed else "Terminate",
        updates="Manual" if changed else "Auto",
    )
    here.says("ec2:DescribeSubnets", [{"SubnetId": f"subnet-{n}", "VpcId": "vpc-1"} for n in (1, 2)])
    tight = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "10.0.0.0/16"}]}
    wide = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    rules = [tight, wide] if changed else [tight]
    here.says(
        "ec2:DescribeSecurityGroups", [{"GroupId": "sg-1", "VpcId": "vpc-1", "IpPermissionsEgress": rules}]
    )
    here.says("apigatewayv2:GetApis", [{"ApiId": "h1", "Name": "orders-api", "ProtocolType": "HTTP", **_API}])
    uri = {"IntegrationType": "AWS_PROXY", "IntegrationUri": here.arn("lambda", "function:orders")}
    here.says("apigatewayv2:GetIntegrations", [{"IntegrationId": "i1", **uri}], ApiId="h1")
    route = {"RouteId": "r1", "RouteKey": "POST /orders", "Target": "integrations/i1"}
    routes = [{**route, "AuthorizationType": "NONE" if changed else "AWS_IAM"}]
    if changed:
        routes.append({"RouteId": "r2", "RouteKey": "GET /debug", "Target": "integrations/i1"})
    here.says("apigatewayv2:GetRoutes", routes, ApiId="h1")
    limits = {"ThrottlingRateLimit": 5000.0 if changed else 100.0, "ThrottlingBurstLimit": 50}
    here.says("apigatewayv2:GetStages", [{"StageName": "live", "DefaultRouteSettings": limits}], ApiId="h1")
    return account


_API = {"RouteSelectionExpression": "$request.method $request.path"}


def compared(account: Account, surroundings: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    with running(account) as endpoint:
        log_in(surroundings, endpoint)
        main(["drift", "project", "--live", "--region", REGION, "--max-share", "1", "--format", "json"])
    return json.loads(capsys.readouterr().out)


def test_what_stands_around_is_compared_and_what_lambda_does_by_itself_is_no_drift(
    tmp_path: Path, surroundings: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / "main.tf").write_text(_WRITTEN)
    surroundings.chdir(tmp_path)
    told = compared(deployed(False), surroundings, capsys)
    assert [one for one in told["differences"] if one["standing"] != "unknown"] == []
    told = compared(deployed(True), surroundings, capsys)
    found = [one for one in told["differences"] if one["standing"] != "unknown"]
    assert {(one["kind"], one["name"], one["attribute"], one["standing"]) for one in found} == {
        ("API route", "GET /debug of orders-api", None, "extra"),
        ("API route", "POST /orders of orders-api", "authorization", "different"),
        ("API stage", "live of orders-api", "rate_limit", "different"),
        ("recursion setting", found_in(found, "recursion setting"), "recursive_loop", "different"),
        ("runtime management", found_in(found, "runtime management"), "update_on", "different"),
        ("way out of the VPC", "aws_lambda_function.orders", "open", "different"),
    }
    places = [(one["written"], one["other"]) for one in found]
    assert all(mine["place"]["path"].endswith("main.tf") for mine, _ in places), "both places are cited"
    assert {there["place"]["path"].partition(" ")[0] for _, there in places} >= {
        "GetRoutes",
        "GetStages",
        "GetFunctionRecursionConfig",
        "GetRuntimeManagementConfig",
        "DescribeSecurityGroups",
    }


def found_in(found: list[Any], kind: str) -> str:
    return next(str(one["name"]) for one in found if one["kind"] == kind)


_REST = """
resource "aws_api_gateway_rest_api" "orders" {
  name = "orders-rest"
}

resource "aws_api_gateway_resource" "orders" {
  rest_api_id = aws_api_gateway_rest_api.orders.id
  parent_id   = aws_api_gateway_rest_api.orders.root_resource_id
  path_part   = "orders"
}

resource "aws_api_gateway_method" "get" {
  rest_api_id   = aws_api_gateway_rest_api.orders.id
  resource_id   = aws_api_gateway_resource.orders.id
  http_method   = "GET"
  authorization = "AWS_IAM"
}

resource "aws_api_gateway_integration" "get" {
  rest_api_id             = aws_api_gateway_rest_api.orders.id
  resource_id             = aws_api_gateway_resource.orders.id
  http_method             = "GET"
  type                    = "AWS_PROXY"
  integration_http_method = "POST"
  uri                     = aws_lambda_function.orders.invoke_arn
}

resource "aws_api_gateway_deployment" "orders" {
  rest_api_id = aws_api_gateway_rest_api.orders.id
}

resource "aws_api_gateway_stage" "prod" {
  rest_api_id   = aws_api_gateway_rest_api.orders.id
  deployment_id = aws_api_gateway_deployment.orders.id
  stage_name    = "prod"
}

resource "aws_wafv2_web_acl_association" "prod" {
  resource_arn = aws_api_gateway_stage.prod.arn
  web_acl_arn  = "arn:aws:wafv2:us-east-1:111122223333:regional/webacl/front/acl1"
}
"""


@pytest.mark.parametrize("guarded", [True, False])
def test_a_web_acl_that_somebody_took_away_is_found(
    tmp_path: Path, surroundings: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], guarded: bool
) -> None:
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / "main.tf").write_text(_WRITTEN + _REST)
    surroundings.chdir(tmp_path)
    account = deployed(False)
    here = account.region()
    kind = {"types": ["REGIONAL"]}
    here.says("apigateway:GetRestApis", [{"id": "r1", "name": "orders-rest", "endpointConfiguration": kind}])
    function = here.arn("lambda", "function:orders")
    uri = f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{function}/invocations"
    calls = {"type": "AWS_PROXY", "httpMethod": "POST", "uri": uri}
    method = {"httpMethod": "GET", "authorizationType": "AWS_IAM", "methodIntegration": calls}
    orders = {"id": "n1", "parentId": "root", "pathPart": "orders", "path": "/orders"}
    listed = [{"id": "root", "path": "/"}, {**orders, "resourceMethods": {"GET": method}}]
    here.says("apigateway:GetResources", listed, restApiId="r1")
    acl = f"arn:aws:wafv2:{REGION}:{OWN}:regional/webacl/front/acl1"
    stage = {"stageName": "prod", **({"webAclArn": acl} if guarded else {})}
    here.says("apigateway:GetStages", {"item": [stage]}, restApiId="r1")
    rules = {"Name": "front", "Id": "acl1", "ARN": acl, "DefaultAction": {"Allow": {}}, "Rules": []}
    seen = {"SampledRequestsEnabled": False, "CloudWatchMetricsEnabled": False, "MetricName": "m"}
    here.says("wafv2:GetWebACL", {"WebACL": {**rules, "VisibilityConfig": seen}, "LockToken": "t"})
    told = compared(account, surroundings, capsys)
    found = [one for one in told["differences"] if one["standing"] != "unknown"]
    assert [(one["kind"], one["attribute"]) for one in found] == (
        [] if guarded else [("API stage", "has_web_acl")]
    )
