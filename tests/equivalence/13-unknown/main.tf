variable "runtime" {
  type = string
}
variable "auth" {
  type = string
}
variable "concurrency" {
  type = number
}
resource "aws_lambda_function" "worker" {
  function_name                  = "worker"
  role                           = "arn:aws:iam::123456789012:role/worker"
  runtime                        = var.runtime
  handler                        = "app.handler"
  filename                       = "src.zip"
  reserved_concurrent_executions = var.concurrency
}
resource "aws_lambda_function_url" "worker" {
  function_name      = aws_lambda_function.worker.function_name
  authorization_type = var.auth
}
