locals {
  jobs = {
    report = {
      handler  = "orders.report.handler"
      memory   = 1024
      schedule = "cron(0 3 * * ? *)"
      environment = {
        SMTP_SECRET_ARN = aws_secretsmanager_secret.this["smtp"].arn
      }
      statements = [
        {
          actions   = ["secretsmanager:GetSecretValue"]
          resources = [aws_secretsmanager_secret.this["smtp"].arn]
        },
        {
          actions   = ["s3:GetObject", "s3:PutObject"]
          resources = ["${aws_s3_bucket.documents.arn}/reports/*"]
        },
      ]
    }

    cleanup = {
      handler     = "orders.cleanup.handler"
      memory      = 128
      schedule    = "cron(0 4 * * ? *)"
      environment = {}
      statements = [
        {
          actions   = ["s3:DeleteObject"]
          resources = ["${aws_s3_bucket.documents.arn}/reports/*"]
        },
      ]
    }
  }
}

module "job" {
  source   = "./modules/function"
  for_each = local.jobs

  name                 = "${local.prefix}-${each.key}"
  handler              = each.value.handler
  memory               = each.value.memory
  timeout              = 900
  artifacts            = local.artifacts
  package              = "report-${var.release}.zip"
  reserved_concurrency = 1
  expected_invocations = 5
  kms_key_arn          = aws_kms_key.main.arn
  alarm_topic_arn      = aws_sns_topic.alarms.arn
  failure_queue_arns   = [aws_sqs_queue.dead.arn]
  statements           = each.value.statements

  environment = merge(local.common_environment, each.value.environment, {
    REPORT_BUCKET = aws_s3_bucket.documents.bucket
  })
}

resource "aws_cloudwatch_event_rule" "nightly" {
  for_each = local.jobs

  name                = "${local.prefix}-${each.key}"
  schedule_expression = each.value.schedule
}

resource "aws_cloudwatch_event_target" "nightly" {
  for_each = local.jobs

  rule = aws_cloudwatch_event_rule.nightly[each.key].name
  arn  = module.job[each.key].arn
}

resource "aws_lambda_permission" "nightly" {
  for_each = local.jobs

  statement_id  = "AllowSchedule"
  action        = "lambda:InvokeFunction"
  function_name = module.job[each.key].function_name
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.nightly[each.key].arn
}
