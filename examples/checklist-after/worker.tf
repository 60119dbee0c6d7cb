resource "aws_sqs_queue" "dead" {
  name              = "${local.prefix}-orders-dead"
  kms_master_key_id = aws_kms_key.main.arn
}

resource "aws_sqs_queue" "orders" {
  name                       = "${local.prefix}-orders"
  visibility_timeout_seconds = 180
  kms_master_key_id          = aws_kms_key.main.arn

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead.arn
    maxReceiveCount     = 5
  })
}

module "worker" {
  source = "./modules/queue-worker"

  name                    = "${local.prefix}-worker"
  queue_arn               = aws_sqs_queue.orders.arn
  artifacts               = local.artifacts
  package                 = "worker-${var.release}.zip"
  kms_key_arn             = aws_kms_key.main.arn
  code_signing_config_arn = aws_lambda_code_signing_config.build.arn
  alarm_topic_arn         = aws_sns_topic.alarms.arn
  environment             = merge(local.common_environment, { TABLE = aws_dynamodb_table.orders.name })

  statements = [
    {
      actions   = ["dynamodb:UpdateItem"]
      resources = [aws_dynamodb_table.orders.arn]
    },
  ]
}

# The fulfilment partner sends express orders to the queue: it needs no way to the function.
data "aws_iam_policy_document" "queue" {
  statement {
    sid       = "PartnerSends"
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.orders.arn]

    principals {
      type        = "AWS"
      identifiers = [var.partner_role_arn]
    }
  }
}

resource "aws_sqs_queue_policy" "orders" {
  queue_url = aws_sqs_queue.orders.id
  policy    = data.aws_iam_policy_document.queue.json
}
