variable "memory" {
  default = 512
}

resource "aws_lambda_function" "this" {
  runtime = "python3.13"

  tracing_config {
    mode = "Active"
  }
}

resource "aws_sqs_queue" "this" {
  count         = 2
  delay_seconds = count.index
}
