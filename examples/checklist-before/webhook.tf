locals {
  webhook = {
    runtime = "nodejs16.x"
    secrets = {
      PAYMENT_API_KEY = "sk-live-abc123xyz-not-a-real-one"
    }
  }
}

resource "aws_iam_role" "webhook" {
  name = "${local.prefix}-webhook"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com", AWS = "arn:aws:iam::${var.partner_account}:root" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy_attachment" "webhook" {
  for_each = toset(["service-role/AWSLambdaBasicExecutionRole", "AdministratorAccess"])

  role       = aws_iam_role.webhook.name
  policy_arn = "arn:aws:iam::aws:policy/${each.value}"
}

resource "aws_lambda_function" "webhook" {
  function_name = "${local.prefix}-webhook"
  role          = aws_iam_role.webhook.arn
  runtime       = local.webhook.runtime
  handler       = "webhook.handler"
  s3_bucket     = local.artifacts
  s3_key        = "webhook-${var.release}.zip"
  timeout       = 10

  environment {
    variables = merge(local.common_environment, local.webhook.secrets)
  }
}

resource "aws_lambda_function_url" "webhook" {
  function_name      = aws_lambda_function.webhook.function_name
  authorization_type = "NONE"

  cors {
    allow_origins     = ["*"]
    allow_methods     = ["*"]
    allow_credentials = true
  }
}

resource "aws_lambda_permission" "webhook" {
  statement_id  = "AllowEveryone"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.webhook.function_name
  principal     = "*"
}
