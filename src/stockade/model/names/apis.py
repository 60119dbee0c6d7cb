"""Names of API Gateway."""

from __future__ import annotations

from typing import Final

from stockade.model.api import Api
from stockade.model.names.table import Names, Row

APIS: Final = (
    Names(
        Api,
        ("aws_api_gateway_rest_api",),
        ("AWS::ApiGateway::RestApi",),
        ("apigateway:GetRestApis",),
        (Row("name", "name", "Name", "name"),),
    ),
    Names(
        Api,
        ("aws_apigatewayv2_api",),
        ("AWS::ApiGatewayV2::Api",),
        ("apigateway:GetApis",),
        (
            Row("name", "name", "Name", "Name"),
            Row("protocol", "protocol_type", "ProtocolType", "ProtocolType"),
        ),
    ),
)
