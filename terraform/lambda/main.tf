data "aws_partition" "current" {}

data "aws_caller_identity" "current" {}

data "aws_region" "current" {}

locals {
  image = var.package.image_uri != null

  # Written out, so that a plan shows the whole policy before anything exists.
  account       = data.aws_caller_identity.current.account_id
  place         = "${data.aws_region.current.id}:${local.account}"
  arn           = "arn:${data.aws_partition.current.partition}:lambda:${local.place}:function:${var.name}"
  log_group_arn = "arn:${data.aws_partition.current.partition}:logs:${local.place}:log-group:/aws/lambda/${var.name}"

  reasons = {
    "stockade:unreserved" = var.unreserved_reason
    "stockade:untraced"   = var.untraced_reason
    "stockade:public-url" = try(var.url.public_reason, null)
    "stockade:unalarmed"  = var.alarms.no_actions_reason
  }
  tags = merge(var.tags, { for name, reason in local.reasons : name => reason if reason != null })

  environment = merge(var.environment, { for name, secret in var.secrets : name => secret.arn })
}

resource "aws_lambda_function" "this" {
  function_name = var.name
  description   = var.description
  role          = aws_iam_role.this.arn

  package_type      = local.image ? "Image" : "Zip"
  filename          = var.package.filename
  source_code_hash  = var.package.source_code_hash
  s3_bucket         = var.package.s3_bucket
  s3_key            = var.package.s3_key
  s3_object_version = var.package.s3_object_version
  image_uri         = var.package.image_uri

  runtime       = var.runtime
  handler       = var.handler
  architectures = [var.architecture]
  layers        = var.layers
  memory_size   = var.memory_size
  timeout       = var.timeout

  reserved_concurrent_executions = var.reserved_concurrency
  code_signing_config_arn        = var.code_signing_config_arn
  kms_key_arn                    = var.environment_kms_key_arn

  tags = local.tags

  tracing_config {
    mode = var.untraced_reason == null ? "Active" : "PassThrough"
  }

  logging_config {
    log_format = "JSON"
    log_group  = aws_cloudwatch_log_group.this.name
  }

  dynamic "environment" {
    for_each = length(local.environment) > 0 ? [local.environment] : []

    content {
      variables = environment.value
    }
  }

  dynamic "vpc_config" {
    for_each = var.vpc == null ? [] : [var.vpc]

    content {
      subnet_ids         = vpc_config.value.subnet_ids
      security_group_ids = vpc_config.value.security_group_ids
    }
  }

  lifecycle {
    precondition {
      condition     = (var.reserved_concurrency == null) != (var.unreserved_reason == null)
      error_message = "Give `reserved_concurrency`, or say in `unreserved_reason` why the function has none."
    }

    precondition {
      condition     = local.image || (var.runtime != null && var.handler != null)
      error_message = "A zip needs `runtime` and `handler`."
    }

    precondition {
      condition     = !local.image || (var.runtime == null && var.handler == null && length(var.layers) == 0)
      error_message = "A container image has its own runtime, handler and layers."
    }

    precondition {
      condition     = length(setintersection(keys(var.environment), keys(var.secrets))) == 0
      error_message = "A name stands in both `environment` and `secrets`."
    }
  }

  # The function is made when its role may already do what it needs.
  depends_on = [aws_iam_role_policy.this]
}

resource "aws_lambda_function_event_invoke_config" "this" {
  count = var.on_failure == null ? 0 : 1

  function_name = aws_lambda_function.this.function_name

  destination_config {
    on_failure {
      destination = coalesce(var.on_failure.queue_arn, var.on_failure.topic_arn)
    }
  }
}

resource "aws_cloudwatch_log_group" "this" {
  name              = "/aws/lambda/${var.name}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.log_kms_key_arn
  tags              = local.tags
}
