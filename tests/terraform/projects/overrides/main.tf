# Files named override.tf or ending in _override.tf change what the others say.

variable "memory" {
  type    = number
  default = 128
}

locals {
  stage = "dev"
  owner = "team-a"
}

resource "aws_lambda_function" "this" {
  function_name = "overridden-${local.stage}-${local.owner}"
  role          = "arn:aws:iam::123456789012:role/overrides"
  runtime       = "python3.8"
  handler       = "main.handler"
  s3_bucket     = "artifacts"
  s3_key        = "overrides.zip"
  memory_size   = var.memory

  tracing_config {
    mode = "PassThrough"
  }

  environment {
    variables = { A = "1" }
  }
}

resource "aws_sqs_queue" "this" {
  count = 1

  name          = "overridden"
  delay_seconds = 1
}
