variable "name" {
  type = string
}

variable "timeout" {
  type    = number
  default = 3
}

variable "policies" {
  type    = list(string)
  default = []
}

resource "aws_lambda_function" "this" {
  function_name = var.name
  role          = "arn:aws:iam::123456789012:role/${var.name}"
  runtime       = "nodejs22.x"
  handler       = "index.handler"
  s3_bucket     = "artifacts"
  s3_key        = "${var.name}.zip"
  timeout       = var.timeout
}

resource "aws_iam_role_policy_attachment" "this" {
  for_each = toset(var.policies)

  role       = var.name
  policy_arn = "arn:aws:iam::123456789012:policy/${each.value}"
}

output "name" {
  value = aws_lambda_function.this.function_name
}

output "policies" {
  value = var.policies
}
