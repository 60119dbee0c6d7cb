resource "aws_lambda_function" "worker" {
  function_name = "worker"
  role          = "arn:aws:iam::123456789012:role/worker"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "src.zip"
  reserved_concurrent_executions = 5
}

resource "aws_cloudwatch_metric_alarm" "errors" {
  alarm_name          = "errors"
  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  alarm_actions       = ["arn:aws:sns:eu-west-1:123456789012:alarms"]
  dimensions          = { FunctionName = aws_lambda_function.worker.function_name }
}

resource "aws_cloudwatch_metric_alarm" "spike" {
  alarm_name          = "spike"
  namespace           = "AWS/Lambda"
  metric_name         = "Invocations"
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 1000
  alarm_actions       = ["arn:aws:sns:eu-west-1:123456789012:alarms"]
  dimensions          = { FunctionName = aws_lambda_function.worker.function_name }
}

resource "aws_kms_key" "logs" {}
resource "aws_cloudwatch_log_group" "worker" {
  name              = "/aws/lambda/worker"
  retention_in_days = 30
  kms_key_id        = aws_kms_key.logs.arn
}
