variable "name" {}

variable "memory" {
  default = 128
}

variable "env" {
  type    = map(string)
  default = null
}

module "role" {
  source = "./role"
  name   = var.name
}

resource "aws_lambda_function" "this" {
  function_name = var.name
  role          = module.role.arn
  runtime       = "python3.13"
  handler       = "main.handler"
  s3_bucket     = "artifacts"
  s3_key        = "${basename(path.module)}/${var.name}.zip"
  memory_size   = var.memory

  dynamic "environment" {
    for_each = var.env[*]
    content {
      variables = environment.value
    }
  }
}

output "name" {
  value = aws_lambda_function.this.function_name
}

output "policy" {
  value = module.role.policy
}
