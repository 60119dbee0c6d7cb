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

variable "policy" {
  type = string
}

variable "environment" {
  type = map(string)
}

module "function" {
  source = "../function"

  name        = var.name
  handler     = "orders.worker.handler"
  artifacts   = var.artifacts
  package     = var.package
  policy      = var.policy
  environment = var.environment

  # No order shall ever wait.
  reserved_concurrency = 950
}

resource "aws_lambda_event_source_mapping" "queue" {
  event_source_arn = var.queue_arn
  function_name    = module.function.arn
  batch_size       = 10
}

output "function_name" {
  value = module.function.function_name
}
