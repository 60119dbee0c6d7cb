locals {
  stage = "prod"
}

resource "aws_lambda_function" "this" {
  environment {
    variables = { B = "2" }
  }
}
