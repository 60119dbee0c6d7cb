# Dynamic blocks: over lists, maps, sets and null, with iterators, nested, beside written ones.

variable "origins" {
  type    = list(string)
  default = ["https://b.example", "https://a.example"]
}

variable "vpc" {
  type    = object({ subnets = list(string), groups = set(string) })
  default = { subnets = ["subnet-2", "subnet-1"], groups = ["sg-1"] }
}

variable "dead_letter" {
  type    = string
  default = null
}

resource "aws_lambda_function" "this" {
  function_name = "dynamic"
  role          = "arn:aws:iam::123456789012:role/dynamic"
  runtime       = "python3.13"
  handler       = "main.handler"
  s3_bucket     = "artifacts"
  s3_key        = "dynamic.zip"

  dynamic "vpc_config" {
    for_each = var.vpc == null ? [] : [var.vpc]

    content {
      subnet_ids         = vpc_config.value.subnets
      security_group_ids = vpc_config.value["groups"]
    }
  }

  dynamic "dead_letter_config" {
    for_each = var.dead_letter[*]

    content {
      target_arn = dead_letter_config.value
    }
  }

  dynamic "tracing_config" {
    for_each = toset(["Active"])
    iterator = tracing

    content {
      mode = tracing.key == tracing.value ? tracing.value : "PassThrough"
    }
  }
}

resource "aws_lambda_function_url" "this" {
  function_name      = "dynamic"
  authorization_type = "AWS_IAM"

  dynamic "cors" {
    for_each = { for i, o in var.origins : i => o if i == 0 }

    content {
      allow_origins = concat([cors.value], slice(var.origins, 1, 2))
      max_age       = 300 + cors.key
    }
  }
}

resource "aws_s3_bucket_notification" "this" {
  bucket = "uploads"

  lambda_function {
    lambda_function_arn = "arn:aws:lambda:eu-west-1:123456789012:function:first"
    events              = ["s3:ObjectRemoved:*"]
  }

  dynamic "lambda_function" {
    for_each = { thumbnails = "images/", index = "documents/" }
    iterator = target

    content {
      lambda_function_arn = "arn:aws:lambda:eu-west-1:123456789012:function:${target.key}"
      events              = ["s3:ObjectCreated:*"]
      filter_prefix       = target.value
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "nested" {
  alarm_name          = "nested"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  threshold           = 5

  metric_query {
    id          = "total"
    expression  = "SUM(METRICS())"
    return_data = true
  }

  dynamic "metric_query" {
    for_each = ["Errors", "Throttles"]

    content {
      id = "m${metric_query.key}"

      dynamic "metric" {
        for_each = [{ name = metric_query.value, period = 60 * (metric_query.key + 1) }]
        iterator = inner

        content {
          namespace   = "AWS/Lambda"
          metric_name = inner.value.name
          period      = inner.value.period
          stat        = "Sum"
          dimensions  = { FunctionName = "dynamic", Which = metric_query.value }
        }
      }
    }
  }
}

resource "aws_iam_role" "inline" {
  name               = "dynamic"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }] })

  dynamic "inline_policy" {
    for_each = { logs = "logs:*", traces = "xray:*" }

    content {
      name   = inline_policy.key
      policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = inline_policy.value, Resource = "*" }] })
    }
  }
}
