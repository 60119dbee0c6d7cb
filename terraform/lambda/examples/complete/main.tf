# A function with everything around it: it takes orders over an HTTP API, reads a queue and a stream, keeps orders
# in a table, and fetches a secret.

terraform {
  required_version = ">= 1.5"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.70"
    }
  }
}

provider "aws" {
  region = "eu-west-1"
}

data "aws_caller_identity" "current" {}

locals {
  account = data.aws_caller_identity.current.account_id
}

data "aws_iam_policy_document" "key" {
  statement {
    sid       = "Account"
    actions   = ["kms:*"]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::${local.account}:root"]
    }
  }

  statement {
    sid       = "Logs"
    actions   = ["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey"]
    resources = ["*"]

    principals {
      type        = "Service"
      identifiers = ["logs.eu-west-1.amazonaws.com"]
    }

    condition {
      test     = "ArnLike"
      variable = "kms:EncryptionContext:aws:logs:arn"
      values   = ["arn:aws:logs:eu-west-1:${local.account}:log-group:*"]
    }
  }

  # CloudWatch publishes alarms to the encrypted topic.
  statement {
    sid       = "Alarms"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = ["*"]

    principals {
      type        = "Service"
      identifiers = ["cloudwatch.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account]
    }
  }
}

resource "aws_kms_key" "orders" {
  description         = "The order service"
  enable_key_rotation = true
  policy              = data.aws_iam_policy_document.key.json
}

resource "aws_sns_topic" "alarms" {
  name              = "orders-alarms"
  kms_master_key_id = aws_kms_key.orders.id
}

resource "aws_sqs_queue" "failed" {
  name              = "orders-failed"
  kms_master_key_id = aws_kms_key.orders.arn
}

resource "aws_sqs_queue" "jobs" {
  name                       = "orders-jobs"
  visibility_timeout_seconds = 120
  kms_master_key_id          = aws_kms_key.orders.arn

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.failed.arn
    maxReceiveCount     = 5
  })
}

resource "aws_dynamodb_table" "orders" {
  name         = "orders"
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

resource "aws_secretsmanager_secret" "payments" {
  name       = "orders/payments"
  kms_key_id = aws_kms_key.orders.arn
}

resource "aws_cloudwatch_event_rule" "nightly" {
  name                = "orders-nightly"
  schedule_expression = "cron(0 3 * * ? *)"
}

resource "aws_cloudwatch_event_target" "nightly" {
  rule = aws_cloudwatch_event_rule.nightly.name
  arn  = module.orders.function_arn
}

resource "aws_signer_signing_profile" "this" {
  platform_id = "AWSLambda-SHA384-ECDSA"
  name_prefix = "orders"
}

resource "aws_lambda_code_signing_config" "this" {
  allowed_publishers {
    signing_profile_version_arns = [aws_signer_signing_profile.this.version_arn]
  }

  policies {
    untrusted_artifact_on_deployment = "Enforce"
  }
}

# stockade: accept[unfronted-api] every route has an authorizer, and the stage is throttled
module "orders" {
  source = "../.."

  name        = "orders"
  description = "Takes and fulfils orders"
  runtime     = "python3.13"
  handler     = "app.handler"

  package = {
    s3_bucket         = "orders-artifacts-${local.account}"
    s3_key            = "orders.zip"
    s3_object_version = "3HL4kqtJvjVBH40Nrjfkd"
  }
  code_signing_config_arn = aws_lambda_code_signing_config.this.arn

  environment             = { TABLE_NAME = aws_dynamodb_table.orders.name }
  environment_kms_key_arn = aws_kms_key.orders.arn

  secrets = {
    PAYMENTS_SECRET_ARN = {
      arn         = aws_secretsmanager_secret.payments.arn
      kms_key_arn = aws_kms_key.orders.arn
    }
  }

  permissions = {
    Orders = {
      actions   = ["dynamodb:GetItem", "dynamodb:PutItem"]
      resources = [aws_dynamodb_table.orders.arn]
    }
  }

  triggers = {
    Nightly = {
      principal  = "events.amazonaws.com"
      source_arn = aws_cloudwatch_event_rule.nightly.arn
    }
  }

  queues = {
    Jobs = {
      arn                 = aws_sqs_queue.jobs.arn
      maximum_concurrency = 5
      kms_key_arn         = aws_kms_key.orders.arn
    }
  }

  api = {
    routes       = ["GET /orders/{id}", "POST /orders"]
    issuer       = "https://login.example.com/"
    audience     = ["orders"]
    cors_origins = ["https://shop.example.com"]
  }

  on_failure = {
    queue_arn   = aws_sqs_queue.failed.arn
    kms_key_arn = aws_kms_key.orders.arn
  }

  reserved_concurrency = 20
  log_kms_key_arn      = aws_kms_key.orders.arn
  alarms               = { actions = [aws_sns_topic.alarms.arn] }
}
