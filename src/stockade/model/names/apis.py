"""Names of API Gateway."""

from __future__ import annotations

from typing import Final

from stockade.model.api import (
    Api,
    ApiPolicy,
    Authorizer,
    Integration,
    MethodSettings,
    PathPart,
    PlanStage,
    Route,
    RouteLimit,
    Stage,
    UsagePlan,
)
from stockade.model.names.table import Names, Row
from stockade.model.typed import blocks, by_route, flag, limit, optional, texts, tree

_ROUTE_LIMIT: Final = Names(
    RouteLimit,
    (),
    (),
    (),
    (
        Row("route_key", "route_key", "RouteKey", "RouteKey"),
        Row("rate_limit", "throttling_rate_limit", "ThrottlingRateLimit", "ThrottlingRateLimit", limit),
        Row("burst_limit", "throttling_burst_limit", "ThrottlingBurstLimit", "ThrottlingBurstLimit", limit),
    ),
)
_PLAN_STAGE: Final = Names(
    PlanStage,
    (),
    (),
    (),
    (Row("api_id", "api_id", "ApiId", "apiId"), Row("stage_name", "stage", "Stage", "stage")),
)
_METHOD_INTEGRATION: Final = Names(
    Integration,
    (),
    (),
    (),
    (Row("kind", "", "Type", "type"), Row("uri", "", "Uri", "uri", optional)),
)
_METHOD_SETTING: Final = Names(
    MethodSettings,
    (),
    (),
    (),
    (
        Row("method_path", "", "ResourcePath", ""),
        Row("http_method", "", "HttpMethod", ""),
        Row("rate_limit", "", "ThrottlingRateLimit", "", limit),
        Row("burst_limit", "", "ThrottlingBurstLimit", "", limit),
    ),
)

APIS: Final = (
    Names(
        Api,
        ("aws_api_gateway_rest_api",),
        ("AWS::ApiGateway::RestApi",),
        ("apigateway:GetRestApis",),
        (
            Row("name", "name", "Name", "name"),
            Row(
                "endpoint_types",
                "endpoint_configuration.types",
                "EndpointConfiguration.Types",
                "endpointConfiguration.types",
                texts,
            ),
            Row(
                "default_endpoint_disabled",
                "disable_execute_api_endpoint",
                "DisableExecuteApiEndpoint",
                "disableExecuteApiEndpoint",
                flag,
            ),
            Row("policy", "policy", "Policy", "policy", tree),
            Row("body", "body", "Body", "", tree),
        ),
    ),
    Names(
        Api,
        ("aws_apigatewayv2_api",),
        ("AWS::ApiGatewayV2::Api",),
        ("apigatewayv2:GetApis",),
        (
            Row("name", "name", "Name", "Name"),
            Row("protocol", "protocol_type", "ProtocolType", "ProtocolType"),
            Row(
                "default_endpoint_disabled",
                "disable_execute_api_endpoint",
                "DisableExecuteApiEndpoint",
                "DisableExecuteApiEndpoint",
                flag,
            ),
            Row("body", "body", "Body", "", tree),
            Row("target", "target", "Target", "", optional),
            Row("route_key", "route_key", "RouteKey", ""),
            Row(
                "allow_origins",
                "cors_configuration.allow_origins",
                "CorsConfiguration.AllowOrigins",
                "CorsConfiguration.AllowOrigins",
                texts,
            ),
        ),
    ),
    Names(
        ApiPolicy,
        ("aws_api_gateway_rest_api_policy",),
        (),
        (),
        (Row("api_id", "rest_api_id", "", ""), Row("document", "policy", "", "", tree)),
    ),
    Names(
        PathPart,
        ("aws_api_gateway_resource",),
        ("AWS::ApiGateway::Resource",),
        ("apigateway:GetResources",),
        (
            Row("api_id", "rest_api_id", "RestApiId", "restApiId"),
            Row("parent_id", "parent_id", "ParentId", "parentId"),
            Row("segment", "path_part", "PathPart", "pathPart"),
        ),
    ),
    Names(
        Integration,
        ("aws_api_gateway_integration",),
        (),
        ("apigateway:GetIntegration",),
        (
            Row("api_id", "rest_api_id", "", ""),
            Row("resource_id", "resource_id", "", "", optional),
            Row("http_method", "http_method", "", "", optional),
            Row("kind", "type", "", "type"),
            Row("uri", "uri", "", "uri", optional),
        ),
    ),
    Names(
        Integration,
        ("aws_apigatewayv2_integration",),
        ("AWS::ApiGatewayV2::Integration",),
        ("apigatewayv2:GetIntegrations",),
        (
            Row("api_id", "api_id", "ApiId", "ApiId"),
            Row("kind", "integration_type", "IntegrationType", "IntegrationType"),
            Row("uri", "integration_uri", "IntegrationUri", "IntegrationUri", optional),
            Row("subtype", "integration_subtype", "IntegrationSubtype", "IntegrationSubtype", optional),
        ),
    ),
    Names(
        Route,
        ("aws_api_gateway_method",),
        ("AWS::ApiGateway::Method",),
        ("apigateway:GetMethod",),
        (
            Row("api_id", "rest_api_id", "RestApiId", "restApiId"),
            Row("resource_id", "resource_id", "ResourceId", "", optional),
            Row("http_method", "http_method", "HttpMethod", "httpMethod", optional),
            Row("authorization", "authorization", "AuthorizationType", "authorizationType"),
            Row("authorizer_id", "authorizer_id", "AuthorizerId", "authorizerId", optional),
            Row("needs_api_key", "api_key_required", "ApiKeyRequired", "apiKeyRequired", flag),
            Row("path", "", "", "path", optional),
            Row("calls", "", "Integration", "methodIntegration", blocks, _METHOD_INTEGRATION),
        ),
    ),
    Names(
        Route,
        ("aws_apigatewayv2_route",),
        ("AWS::ApiGatewayV2::Route",),
        ("apigatewayv2:GetRoutes",),
        (
            Row("api_id", "api_id", "ApiId", "ApiId"),
            Row("route_key", "route_key", "RouteKey", "RouteKey", optional),
            Row("target", "target", "Target", "Target", optional),
            Row("authorization", "authorization_type", "AuthorizationType", "AuthorizationType"),
            Row("authorizer_id", "authorizer_id", "AuthorizerId", "AuthorizerId", optional),
            Row("needs_api_key", "api_key_required", "ApiKeyRequired", "ApiKeyRequired", flag),
        ),
    ),
    Names(
        Authorizer,
        ("aws_api_gateway_authorizer",),
        ("AWS::ApiGateway::Authorizer",),
        ("apigateway:GetAuthorizers",),
        (
            Row("api_id", "rest_api_id", "RestApiId", "restApiId"),
            Row("name", "name", "Name", "name"),
            Row("kind", "type", "Type", "type"),
        ),
    ),
    Names(
        Authorizer,
        ("aws_apigatewayv2_authorizer",),
        ("AWS::ApiGatewayV2::Authorizer",),
        ("apigatewayv2:GetAuthorizers",),
        (
            Row("api_id", "api_id", "ApiId", "ApiId"),
            Row("name", "name", "Name", "Name"),
            Row("kind", "authorizer_type", "AuthorizerType", "AuthorizerType"),
        ),
    ),
    Names(
        Stage,
        ("aws_api_gateway_stage", "aws_api_gateway_deployment"),
        ("AWS::ApiGateway::Stage",),
        ("apigateway:GetStages",),
        (
            Row("api_id", "rest_api_id", "RestApiId", "restApiId"),
            Row("name", "stage_name", "StageName", "stageName", optional),
            Row("settings", "", "MethodSettings", "", blocks, _METHOD_SETTING),
        ),
    ),
    Names(
        Stage,
        (),
        ("AWS::ApiGateway::Deployment",),
        (),
        (
            Row("api_id", "", "RestApiId", ""),
            Row("name", "", "StageName", "", optional),
            Row("settings", "", "StageDescription.MethodSettings", "", blocks, _METHOD_SETTING),
            Row("rate_limit", "", "StageDescription.ThrottlingRateLimit", "", limit),
            Row("burst_limit", "", "StageDescription.ThrottlingBurstLimit", "", limit),
        ),
    ),
    Names(
        Stage,
        ("aws_apigatewayv2_stage",),
        ("AWS::ApiGatewayV2::Stage",),
        ("apigatewayv2:GetStages",),
        (
            Row("api_id", "api_id", "ApiId", "ApiId"),
            Row("name", "name", "StageName", "StageName", optional),
            Row(
                "rate_limit",
                "default_route_settings.throttling_rate_limit",
                "DefaultRouteSettings.ThrottlingRateLimit",
                "DefaultRouteSettings.ThrottlingRateLimit",
                limit,
            ),
            Row(
                "burst_limit",
                "default_route_settings.throttling_burst_limit",
                "DefaultRouteSettings.ThrottlingBurstLimit",
                "DefaultRouteSettings.ThrottlingBurstLimit",
                limit,
            ),
            Row("route_limits", "route_settings", "RouteSettings", "RouteSettings", by_route, _ROUTE_LIMIT),
        ),
    ),
    Names(
        MethodSettings,
        ("aws_api_gateway_method_settings",),
        (),
        ("apigateway:UpdateStage",),
        (
            Row("api_id", "rest_api_id", "", "restApiId"),
            Row("stage_name", "stage_name", "", "stageName"),
            Row("method_path", "method_path", "", "methodPath"),
            Row("rate_limit", "settings.throttling_rate_limit", "", "throttlingRateLimit", limit),
            Row("burst_limit", "settings.throttling_burst_limit", "", "throttlingBurstLimit", limit),
        ),
    ),
    Names(
        UsagePlan,
        ("aws_api_gateway_usage_plan",),
        ("AWS::ApiGateway::UsagePlan",),
        ("apigateway:GetUsagePlans",),
        (
            Row("stages", "api_stages", "ApiStages", "apiStages", blocks, _PLAN_STAGE),
            Row(
                "rate_limit", "throttle_settings.rate_limit", "Throttle.RateLimit", "throttle.rateLimit", limit
            ),
            Row(
                "burst_limit",
                "throttle_settings.burst_limit",
                "Throttle.BurstLimit",
                "throttle.burstLimit",
                limit,
            ),
        ),
    ),
)
