locals {
  name = "{{name}}"
}

# Who hears of alarms subscribes here.
resource "aws_sns_topic" "alarms" {
  name              = "${local.name}-alarms"
  kms_master_key_id = "alias/aws/sns"
}

resource "aws_dynamodb_table" "items" {
  name         = "${local.name}-items"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"

  attribute {
    name = "id"
    type = "S"
  }

  point_in_time_recovery {
    enabled = true
  }
}

# The value is put in by hand or by a rotation, never by Terraform: its state would show it.
resource "aws_secretsmanager_secret" "api_key" {
  name = "${local.name}/api-key"
}

resource "aws_sqs_queue" "failed" {
  name                    = "${local.name}-failed"
  sqs_managed_sse_enabled = true
}

resource "aws_sqs_queue" "jobs" {
  name                       = "${local.name}-jobs"
  sqs_managed_sse_enabled    = true
  visibility_timeout_seconds = 60

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.failed.arn
    maxReceiveCount     = 5
  })
}

# stockade: accept[unsigned-code] only the pipeline deploys, from the main branch
# stockade: accept[default-key-environment] the environment holds names and ARNs, no secrets
# stockade: accept[unencrypted-logs] nothing that is logged is confidential
module "function" {
  source = "./lambda"

  name        = local.name
  description = "Works off the queue of jobs"
  runtime     = "{{runtime}}"
  handler     = "{{handler}}"

  package = {
    filename         = "${path.module}/../dist/${local.name}.zip"
    source_code_hash = fileexists("${path.module}/../dist/${local.name}.zip") ? filebase64sha256("${path.module}/../dist/${local.name}.zip") : null
  }

  environment = {
    TABLE_NAME = aws_dynamodb_table.items.name
  }

  secrets = {
    API_KEY_SECRET_ARN = { arn = aws_secretsmanager_secret.api_key.arn }
  }

  permissions = {
    Items = {
      actions   = ["dynamodb:PutItem"]
      resources = [aws_dynamodb_table.items.arn]
    }
  }

  queues = {
    Jobs = { arn = aws_sqs_queue.jobs.arn }
  }

  reserved_concurrency = 10
  alarms               = { actions = [aws_sns_topic.alarms.arn] }
}
