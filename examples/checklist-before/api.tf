module "api" {
  source = "./modules/function"

  name      = "${local.prefix}-api"
  runtime   = "python3.12"
  handler   = "orders.api.handler"
  artifacts = local.artifacts
  package   = "api-${var.release}.zip"

  environment = merge(local.common_environment, {
    TABLE        = aws_dynamodb_table.orders.name
    DATABASE_URL = "postgres://orders:${var.db_password}@${aws_db_instance.orders.address}:5432/orders"
  })

  managed_policies = [
    "arn:aws:iam::aws:policy/AmazonS3FullAccess",
    "arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess",
  ]

  statements = [
    {
      actions   = ["secretsmanager:GetSecretValue"]
      resources = ["*"]
    },
    {
      actions   = ["s3:PutObject"]
      resources = ["${aws_s3_bucket.documents.arn}/*"]
    },
  ]
}

resource "aws_apigatewayv2_api" "main" {
  name          = "${local.prefix}-api"
  protocol_type = "HTTP"

  cors_configuration {
    allow_origins = ["*"]
    allow_methods = ["*"]
    allow_headers = ["*"]
  }
}

resource "aws_apigatewayv2_stage" "main" {
  api_id      = aws_apigatewayv2_api.main.id
  name        = "$default"
  auto_deploy = true
}

resource "aws_apigatewayv2_integration" "api" {
  api_id                 = aws_apigatewayv2_api.main.id
  integration_type       = "AWS_PROXY"
  integration_uri        = module.api.invoke_arn
  payload_format_version = "2.0"
}

resource "aws_apigatewayv2_route" "api" {
  for_each = toset(["GET /orders/{id}", "POST /orders"])

  api_id    = aws_apigatewayv2_api.main.id
  route_key = each.value
  target    = "integrations/${aws_apigatewayv2_integration.api.id}"
}

# Who may call the function: the API, and the bucket that customers upload documents to.
resource "aws_lambda_permission" "api" {
  for_each = {
    api       = "apigateway.amazonaws.com"
    documents = "s3.amazonaws.com"
  }

  statement_id  = "Allow-${each.key}"
  action        = "lambda:InvokeFunction"
  function_name = module.api.function_name
  principal     = each.value
}

resource "aws_s3_bucket_notification" "documents" {
  bucket = aws_s3_bucket.documents.id

  lambda_function {
    lambda_function_arn = module.api.arn
    events              = ["s3:ObjectCreated:*"]
  }
}
