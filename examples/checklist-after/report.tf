locals {
  jobs = {
    report = {
      handler  = "orders.report.handler"
      memory   = 1024
      schedule = "cron(0 3 * * ? *)"
      network  = local.network
      layers   = [aws_lambda_layer_version.postgres.arn]
      environment = {
        DATABASE_SECRET_ARN = aws_secretsmanager_secret.this["database"].arn
        SMTP_SECRET_ARN     = aws_secretsmanager_secret.this["smtp"].arn
      }
      statements = [
        {
          actions   = ["secretsmanager:GetSecretValue"]
          resources = [for name in ["database", "smtp"] : aws_secretsmanager_secret.this[name].arn]
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
      network     = null
      layers      = []
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

# The database driver, built by ourselves.
resource "aws_lambda_layer_version" "postgres" {
  layer_name          = "${local.prefix}-postgres"
  s3_bucket           = local.artifacts
  s3_key              = "postgres-${var.release}.zip"
  compatible_runtimes = ["python3.13"]
}

module "job" {
  source   = "./modules/function"
  for_each = local.jobs

  name                    = "${local.prefix}-${each.key}"
  handler                 = each.value.handler
  memory                  = each.value.memory
  timeout                 = 900
  artifacts               = local.artifacts
  package                 = "report-${var.release}.zip"
  reserved_concurrency    = 1
  expected_invocations    = 5
  kms_key_arn             = aws_kms_key.main.arn
  code_signing_config_arn = aws_lambda_code_signing_config.build.arn
  alarm_topic_arn         = aws_sns_topic.alarms.arn
  failure_queue_arns      = [aws_sqs_queue.dead.arn]
  statements              = each.value.statements
  network                 = each.value.network
  layers                  = each.value.layers

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
  qualifier     = module.job[each.key].alias
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.nightly[each.key].arn
}
