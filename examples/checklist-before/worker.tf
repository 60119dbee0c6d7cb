resource "aws_sqs_queue" "orders" {
  name                       = "${local.prefix}-orders"
  visibility_timeout_seconds = 180
}

data "aws_iam_policy_document" "worker" {
  statement {
    sid       = "Work"
    actions   = var.worker_actions
    resources = ["*"]
  }
}

module "worker" {
  source = "./modules/queue-worker"

  name        = "${local.prefix}-worker"
  queue_arn   = aws_sqs_queue.orders.arn
  artifacts   = local.artifacts
  package     = "worker-${var.release}.zip"
  policy      = data.aws_iam_policy_document.worker.json
  environment = merge(local.common_environment, { TABLE = aws_dynamodb_table.orders.name })
}

# The fulfilment partner starts the worker for express orders.
resource "aws_lambda_permission" "partner" {
  statement_id  = "AllowPartner"
  action        = "lambda:InvokeFunction"
  function_name = module.worker.function_name
  principal     = var.partner_account
}
