# Chains of locals in any order and over several files, with each kind of operator.

locals {
  last     = "${local.middle}!"
  middle   = upper(local.first)
  settings = merge(local.base, local.by_stage[local.stage], { chain = local.last })
  stage    = "prod"
}

locals {
  by_stage = {
    prod = { memory = 1024, tracing = "Active" }
    dev  = { memory = 128, tracing = "PassThrough" }
  }

  arithmetic = {
    precedence = 1 + 2 * 3 - 4 / 2 % 3
    division   = 10 / 4
    negative   = -local.by_stage.dev.memory
    modulo     = -7 % 3
    tenths     = 0.1 + 0.2
    large      = 9007199254740993 * 3
    third      = 1 / 4
    exponent   = 1.5e3
  }

  logic = {
    both    = true && !false
    either  = false || local.by_stage.prod.memory > 512
    equal   = [1, "a"] == [1, "a"]
    unequal = "1" != 1
    objects = { a = 1 } == { a = 1 }
    ranges  = 3 <= 3 && 2 < 3 && 4 >= 4
    chosen  = local.stage == "prod" ? "big" : "small"
    nested  = local.stage == "dev" ? "a" : local.stage == "prod" ? "b" : "c"
    mixed   = true ? 1 : "one"
  }
}

resource "terraform_data" "settings" {
  input = local.settings
}

resource "terraform_data" "arithmetic" {
  input = local.arithmetic
}

resource "terraform_data" "logic" {
  input = local.logic
}

resource "aws_lambda_function" "sized" {
  function_name = "sized-${local.settings.env["STAGE"]}"
  role          = "arn:aws:iam::123456789012:role/sized"
  runtime       = "python3.13"
  handler       = "main.handler"
  s3_bucket     = "artifacts"
  s3_key        = "sized.zip"
  memory_size   = local.settings.memory
  timeout       = "30"

  tracing_config {
    mode = local.settings.tracing
  }

  environment {
    variables = { for name, value in local.settings.env : upper(name) => value if value != "" }
  }
}
