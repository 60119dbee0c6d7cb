# One service as people write it: settings by stage, merged maps, a function per entry, everything beside it.

variable "stage" {
  type    = string
  default = "prod"
}

locals {
  defaults = {
    runtime     = "python3.13"
    memory      = 256
    timeout     = 10
    concurrency = null
    environment = {}
    policies    = []
    routes      = []
    tracing     = "Active"
  }

  functions = { for name, settings in yamldecode(file("${path.module}/functions.yaml")) :
    name => merge(local.defaults, settings, try(settings.stages[var.stage], {}))
  }

  routes = merge([for name, f in local.functions : { for route in f.routes : route => name }]...)
}

resource "aws_iam_role" "this" {
  for_each = local.functions

  name = "${each.key}-${var.stage}"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

data "aws_iam_policy_document" "this" {
  for_each = local.functions

  statement {
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["arn:aws:logs:*:*:log-group:/aws/lambda/${each.key}-${var.stage}:*"]
  }

  dynamic "statement" {
    for_each = each.value.policies

    content {
      effect    = lookup(statement.value, "effect", "Allow")
      actions   = flatten([statement.value.actions])
      resources = [for r in statement.value.resources : replace(r, "STAGE", var.stage)]
    }
  }
}

resource "aws_iam_role_policy" "this" {
  for_each = local.functions

  name   = "inline"
  role   = aws_iam_role.this[each.key].id
  policy = data.aws_iam_policy_document.this[each.key].json
}

resource "aws_cloudwatch_log_group" "this" {
  for_each = local.functions

  name              = "/aws/lambda/${aws_lambda_function.this[each.key].function_name}"
  retention_in_days = var.stage == "prod" ? 90 : 7
}

resource "aws_lambda_function" "this" {
  for_each = local.functions

  function_name                  = join("-", [each.key, var.stage])
  role                           = aws_iam_role.this[each.key].arn
  runtime                        = each.value.runtime
  handler                        = "${each.key}.handler"
  s3_bucket                      = "artifacts"
  s3_key                         = "${each.key}.zip"
  memory_size                    = each.value.memory
  timeout                        = each.value.timeout
  reserved_concurrent_executions = each.value.concurrency
  layers                         = [for n in range(2) : "arn:aws:lambda:eu-west-1:123456789012:layer:l${n}:1"]

  environment {
    variables = merge({ STAGE = var.stage }, each.value.environment)
  }

  tracing_config {
    mode = each.value.tracing
  }

  tags = {
    Name = each.key
  }
}

resource "aws_apigatewayv2_api" "this" {
  name          = "stack-${var.stage}"
  protocol_type = "HTTP"
}

resource "aws_apigatewayv2_route" "this" {
  for_each = local.routes

  api_id    = aws_apigatewayv2_api.this.id
  route_key = each.key
}

resource "aws_lambda_permission" "this" {
  for_each = toset(values(local.routes))

  statement_id  = "AllowApi"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.this[each.value].function_name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_apigatewayv2_api.this.execution_arn}/*/*"
}

resource "aws_cloudwatch_metric_alarm" "errors" {
  for_each = { for name, f in local.functions : name => f if f.tracing == "Active" }

  alarm_name          = "${each.key}-errors"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  threshold           = 0
  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  statistic           = "Sum"
  period              = 60 * 5
  dimensions          = { FunctionName = aws_lambda_function.this[each.key].function_name }
  alarm_actions       = []
}
