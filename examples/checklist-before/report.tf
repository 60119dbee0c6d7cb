resource "aws_iam_role" "report" {
  name = "${local.prefix}-report"

  assume_role_policy = <<-EOT
    {
      "Version": "2012-10-17",
      "Statement": [
        {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}
      ]
    }
  EOT
}

resource "aws_iam_role_policy" "report" {
  name   = "report"
  role   = aws_iam_role.report.id
  policy = templatefile("${path.module}/policies/report.json.tftpl", { bucket = aws_s3_bucket.documents.arn })
}

resource "aws_iam_role_policy_attachment" "report" {
  role       = aws_iam_role.report.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"
}

resource "aws_kms_key" "report" {
  description = "What the report's environment is encrypted with."
}

# The report and its clean-up share a role: they started as one function.
resource "aws_lambda_function" "report" {
  for_each = {
    report  = { handler = "orders.report.handler", memory = 1024 }
    cleanup = { handler = "orders.cleanup.handler", memory = 128 }
  }

  function_name = "${local.prefix}-${each.key}"
  role          = aws_iam_role.report.arn
  runtime       = "python3.8"
  handler       = each.value.handler
  memory_size   = each.value.memory
  timeout       = 900
  s3_bucket     = local.artifacts
  s3_key        = "report-${var.release}.zip"
  kms_key_arn   = aws_kms_key.report.arn
  layers        = [var.postgres_layer]

  vpc_config {
    subnet_ids         = [aws_subnet.private["a"].id]
    security_group_ids = [aws_security_group.functions.id]
  }

  environment {
    variables = merge(local.common_environment, {
      DATABASE_HOST = aws_db_instance.orders.address
      REPORT_BUCKET = aws_s3_bucket.documents.bucket
      SMTP_HOST     = "ip-10-0-3-17.eu-west-1.compute.internal"
      SMTP_PASSWORD = "correct-horse-battery-not-real"
    })
  }
}

resource "aws_cloudwatch_event_rule" "nightly" {
  name                = "${local.prefix}-nightly"
  schedule_expression = "cron(0 3 * * ? *)"
}

resource "aws_cloudwatch_event_target" "nightly" {
  for_each = aws_lambda_function.report

  rule = aws_cloudwatch_event_rule.nightly.name
  arn  = each.value.arn
}

resource "aws_lambda_permission" "nightly" {
  for_each = aws_lambda_function.report

  action        = "lambda:InvokeFunction"
  function_name = each.value.function_name
  principal     = "events.amazonaws.com"
}
