module "webhook" {
  source = "./modules/function"

  name                    = "${local.prefix}-webhook"
  runtime                 = "nodejs22.x"
  handler                 = "webhook.handler"
  artifacts               = local.artifacts
  package                 = "webhook-${var.release}.zip"
  timeout                 = 10
  reserved_concurrency    = 10
  expected_invocations    = 2000
  kms_key_arn             = aws_kms_key.main.arn
  code_signing_config_arn = aws_lambda_code_signing_config.build.arn
  alarm_topic_arn         = aws_sns_topic.alarms.arn

  environment = merge(local.common_environment, {
    PAYMENTS_SECRET_ARN = aws_secretsmanager_secret.this["payments"].arn
    QUEUE_URL           = aws_sqs_queue.orders.url
  })

  statements = [
    {
      actions   = ["secretsmanager:GetSecretValue"]
      resources = [aws_secretsmanager_secret.this["payments"].arn]
    },
    {
      actions   = ["sqs:SendMessage"]
      resources = [aws_sqs_queue.orders.arn]
    },
  ]
}

resource "aws_lambda_function_url" "webhook" {
  function_name      = module.webhook.function_name
  qualifier          = module.webhook.alias
  authorization_type = "AWS_IAM"
}

# The payment provider talks to a gateway of ours, which checks the call and signs its own. A caller of
# a function URL needs both permissions.
resource "aws_lambda_permission" "webhook_url" {
  statement_id           = "AllowPaymentGatewayUrl"
  action                 = "lambda:InvokeFunctionUrl"
  function_name          = module.webhook.function_name
  qualifier              = module.webhook.alias
  principal              = local.payment_gateway
  function_url_auth_type = "AWS_IAM"
}

resource "aws_lambda_permission" "webhook" {
  statement_id  = "AllowPaymentGateway"
  action        = "lambda:InvokeFunction"
  function_name = module.webhook.function_name
  qualifier     = module.webhook.alias
  principal     = local.payment_gateway
}
