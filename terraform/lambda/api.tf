# An HTTP API in front of the function: authorized, throttled, logged.

resource "aws_apigatewayv2_api" "this" {
  count = var.api == null ? 0 : 1

  name          = var.name
  protocol_type = "HTTP"
  tags          = local.tags

  dynamic "cors_configuration" {
    for_each = length(var.api.cors_origins) > 0 ? [var.api] : []

    content {
      allow_origins = cors_configuration.value.cors_origins
      allow_methods = cors_configuration.value.cors_methods
      max_age       = 300
    }
  }
}

resource "aws_apigatewayv2_authorizer" "jwt" {
  count = try(var.api.issuer, null) == null ? 0 : 1

  api_id           = aws_apigatewayv2_api.this[0].id
  name             = "jwt"
  authorizer_type  = "JWT"
  identity_sources = ["$request.header.Authorization"]

  jwt_configuration {
    issuer   = var.api.issuer
    audience = var.api.audience
  }
}

resource "aws_apigatewayv2_integration" "this" {
  count = var.api == null ? 0 : 1

  api_id                 = aws_apigatewayv2_api.this[0].id
  integration_type       = "AWS_PROXY"
  integration_uri        = aws_lambda_function.this.invoke_arn
  payload_format_version = "2.0"
}

resource "aws_apigatewayv2_route" "this" {
  for_each = toset(try(var.api.routes, []))

  api_id             = aws_apigatewayv2_api.this[0].id
  route_key          = each.key
  target             = "integrations/${aws_apigatewayv2_integration.this[0].id}"
  authorization_type = var.api.iam ? "AWS_IAM" : "JWT"
  authorizer_id      = var.api.iam ? null : aws_apigatewayv2_authorizer.jwt[0].id
}

resource "aws_cloudwatch_log_group" "api" {
  count = var.api == null ? 0 : 1

  name              = "/aws/vendedlogs/apis/${var.name}"
  retention_in_days = var.api.retention_days
  kms_key_id        = var.log_kms_key_arn
  tags              = local.tags
}

resource "aws_apigatewayv2_stage" "this" {
  count = var.api == null ? 0 : 1

  api_id      = aws_apigatewayv2_api.this[0].id
  name        = "$default"
  auto_deploy = true
  tags        = local.tags

  default_route_settings {
    throttling_rate_limit  = var.api.rate_limit
    throttling_burst_limit = var.api.burst_limit
  }

  access_log_settings {
    destination_arn = aws_cloudwatch_log_group.api[0].arn
    format = jsonencode({
      requestId = "$context.requestId"
      ip        = "$context.identity.sourceIp"
      time      = "$context.requestTime"
      route     = "$context.routeKey"
      status    = "$context.status"
      error     = "$context.authorizer.error"
    })
  }
}

resource "aws_lambda_permission" "api" {
  count = var.api == null ? 0 : 1

  statement_id  = "HttpApi"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.this.function_name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_apigatewayv2_api.this[0].execution_arn}/$default/*"
}
