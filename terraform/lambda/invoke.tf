# Who may call the function: each by what it is called for.

resource "aws_lambda_permission" "trigger" {
  for_each = var.triggers

  statement_id   = each.key
  action         = "lambda:InvokeFunction"
  function_name  = aws_lambda_function.this.function_name
  principal      = each.value.principal
  source_arn     = each.value.source_arn
  source_account = each.value.source_account
}

resource "aws_lambda_event_source_mapping" "queue" {
  for_each = var.queues

  event_source_arn                   = each.value.arn
  function_name                      = aws_lambda_function.this.arn
  batch_size                         = each.value.batch_size
  maximum_batching_window_in_seconds = each.value.batching_window
  function_response_types            = ["ReportBatchItemFailures"]
  tags                               = local.tags

  dynamic "scaling_config" {
    for_each = each.value.maximum_concurrency == null ? [] : [each.value.maximum_concurrency]

    content {
      maximum_concurrency = scaling_config.value
    }
  }
}

resource "aws_lambda_event_source_mapping" "stream" {
  for_each = var.streams

  event_source_arn                   = each.value.arn
  function_name                      = aws_lambda_function.this.arn
  starting_position                  = each.value.starting_position
  batch_size                         = each.value.batch_size
  maximum_batching_window_in_seconds = each.value.batching_window
  maximum_retry_attempts             = each.value.retries
  bisect_batch_on_function_error     = true
  function_response_types            = ["ReportBatchItemFailures"]
  tags                               = local.tags

  dynamic "destination_config" {
    for_each = var.on_failure == null ? [] : [coalesce(var.on_failure.queue_arn, var.on_failure.topic_arn)]

    content {
      on_failure {
        destination_arn = destination_config.value
      }
    }
  }
}

resource "aws_lambda_function_url" "this" {
  count = var.url == null ? 0 : 1

  function_name      = aws_lambda_function.this.function_name
  authorization_type = var.url.public_reason == null ? "AWS_IAM" : "NONE"

  dynamic "cors" {
    for_each = length(var.url.cors_origins) > 0 ? [var.url] : []

    content {
      allow_origins = cors.value.cors_origins
      allow_methods = cors.value.cors_methods
      max_age       = 300
    }
  }
}
