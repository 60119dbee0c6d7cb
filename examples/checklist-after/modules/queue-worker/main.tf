variable "name" {
  type = string
}

variable "queue_arn" {
  type = string
}

variable "artifacts" {
  type = string
}

variable "package" {
  type = string
}

variable "statements" {
  type = list(object({
    actions   = list(string)
    resources = list(string)
  }))
}

variable "environment" {
  type = map(string)
}

variable "kms_key_arn" {
  type = string
}

variable "code_signing_config_arn" {
  type = string
}

variable "alarm_topic_arn" {
  type = string
}

module "function" {
  source = "../function"

  name                    = var.name
  handler                 = "orders.worker.handler"
  artifacts               = var.artifacts
  package                 = var.package
  environment             = var.environment
  reserved_concurrency    = 20
  expected_invocations    = 10000
  kms_key_arn             = var.kms_key_arn
  code_signing_config_arn = var.code_signing_config_arn
  alarm_topic_arn         = var.alarm_topic_arn

  statements = concat(var.statements, [
    {
      actions   = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
      resources = [var.queue_arn]
    },
  ])
}

resource "aws_lambda_event_source_mapping" "queue" {
  event_source_arn = var.queue_arn
  function_name    = module.function.arn
  batch_size       = 10

  scaling_config {
    maximum_concurrency = 15
  }
}
