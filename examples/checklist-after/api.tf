module "api" {
  source = "./modules/function"

  name                    = "${local.prefix}-api"
  handler                 = "orders.api.handler"
  artifacts               = local.artifacts
  package                 = "api-${var.release}.zip"
  reserved_concurrency    = 50
  expected_invocations    = 20000
  kms_key_arn             = aws_kms_key.main.arn
  code_signing_config_arn = aws_lambda_code_signing_config.build.arn
  alarm_topic_arn         = aws_sns_topic.alarms.arn
  failure_queue_arns      = [aws_sqs_queue.dead.arn]
  network                 = local.network
  layers                  = [aws_lambda_layer_version.postgres.arn]

  environment = merge(local.common_environment, {
    TABLE               = aws_dynamodb_table.orders.name
    DOCUMENTS           = aws_s3_bucket.documents.bucket
    DATABASE_SECRET_ARN = aws_secretsmanager_secret.this["database"].arn
  })

  statements = [
    {
      actions   = ["dynamodb:GetItem", "dynamodb:PutItem"]
      resources = [aws_dynamodb_table.orders.arn]
    },
    {
      actions   = ["s3:GetObject"]
      resources = ["${aws_s3_bucket.documents.arn}/uploads/*"]
    },
    {
      actions   = ["secretsmanager:GetSecretValue"]
      resources = [aws_secretsmanager_secret.this["database"].arn]
    },
  ]
}

resource "aws_apigatewayv2_api" "main" {
  name          = "${local.prefix}-api"
  protocol_type = "HTTP"

  disable_execute_api_endpoint = true

  cors_configuration {
    allow_origins = ["https://shop.example"]
    allow_methods = ["GET", "POST"]
    allow_headers = ["authorization", "content-type"]
    max_age       = 300
  }
}

resource "aws_apigatewayv2_authorizer" "customers" {
  api_id           = aws_apigatewayv2_api.main.id
  name             = "customers"
  authorizer_type  = "JWT"
  identity_sources = ["$request.header.Authorization"]

  jwt_configuration {
    issuer   = var.jwt_issuer
    audience = ["orders"]
  }
}

resource "aws_apigatewayv2_stage" "main" {
  api_id      = aws_apigatewayv2_api.main.id
  name        = "live"
  auto_deploy = true

  default_route_settings {
    throttling_rate_limit  = 200
    throttling_burst_limit = 400
  }
}

resource "aws_apigatewayv2_integration" "api" {
  api_id                 = aws_apigatewayv2_api.main.id
  integration_type       = "AWS_PROXY"
  integration_uri        = module.api.invoke_arn
  payload_format_version = "2.0"
}

resource "aws_apigatewayv2_route" "api" {
  for_each = toset(["GET /orders/{id}", "POST /orders"])

  api_id             = aws_apigatewayv2_api.main.id
  route_key          = each.value
  target             = "integrations/${aws_apigatewayv2_integration.api.id}"
  authorization_type = "JWT"
  authorizer_id      = aws_apigatewayv2_authorizer.customers.id
}

# Who may call the function: this API's two routes, and the bucket that customers upload documents to.
resource "aws_lambda_permission" "api" {
  for_each = {
    get  = "GET/orders/*"
    post = "POST/orders"
  }

  statement_id  = "Allow-${each.key}"
  action        = "lambda:InvokeFunction"
  function_name = module.api.function_name
  qualifier     = module.api.alias
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_apigatewayv2_api.main.execution_arn}/${aws_apigatewayv2_stage.main.name}/${each.value}"
}

resource "aws_lambda_permission" "documents" {
  statement_id   = "Allow-documents"
  action         = "lambda:InvokeFunction"
  function_name  = module.api.function_name
  qualifier      = module.api.alias
  principal      = "s3.amazonaws.com"
  source_arn     = aws_s3_bucket.documents.arn
  source_account = var.account
}

resource "aws_s3_bucket_notification" "documents" {
  bucket = aws_s3_bucket.documents.id

  lambda_function {
    lambda_function_arn = module.api.arn
    events              = ["s3:ObjectCreated:*"]
    filter_prefix       = "uploads/"
  }

  depends_on = [aws_lambda_permission.documents]
}
