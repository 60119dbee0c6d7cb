# What the module makes, as the provider itself would plan it. No account is asked.

provider "aws" {
  region                      = "eu-west-1"
  access_key                  = "testing"
  secret_key                  = "testing"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
}

override_data {
  target = data.aws_caller_identity.current
  values = {
    account_id = "111122223333"
  }
}

variables {
  name                 = "orders"
  runtime              = "python3.13"
  handler              = "app.handler"
  package              = { s3_bucket = "artifacts", s3_key = "orders.zip" }
  reserved_concurrency = 5
  alarms               = { actions = ["arn:aws:sns:eu-west-1:111122223333:alarms"] }
}

run "the_least" {
  command = plan

  assert {
    condition     = aws_lambda_function.this.tracing_config[0].mode == "Active"
    error_message = "it is traced"
  }

  assert {
    condition     = aws_lambda_function.this.reserved_concurrent_executions == 5
    error_message = "its concurrency is reserved"
  }

  assert {
    condition     = aws_cloudwatch_log_group.this.retention_in_days == 90
    error_message = "its logs end"
  }

  assert {
    condition = jsondecode(data.aws_iam_policy_document.this.json).Statement == [
      {
        Sid      = "Logs"
        Effect   = "Allow"
        Action   = ["logs:PutLogEvents", "logs:CreateLogStream"]
        Resource = "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/orders:*"
      },
      {
        Sid      = "Traces"
        Effect   = "Allow"
        Action   = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"]
        Resource = "*"
      },
    ]
    error_message = "it may write its own logs and traces, and nothing else"
  }

  assert {
    condition     = length(aws_lambda_permission.trigger) + length(aws_lambda_permission.api) + length(aws_lambda_function_url.this) == 0
    error_message = "nobody may call it"
  }

  assert {
    condition     = tolist(aws_cloudwatch_metric_alarm.errors.alarm_actions) == tolist(aws_cloudwatch_metric_alarm.spike.alarm_actions)
    error_message = "both alarms tell somebody"
  }
}

run "with_everything" {
  command = plan

  variables {
    secrets = {
      KEY_SECRET_ARN = {
        arn         = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:key-AbCdEf"
        kms_key_arn = "arn:aws:kms:eu-west-1:111122223333:key/0"
      }
    }
    permissions = {
      Orders = {
        actions   = ["dynamodb:GetItem"]
        resources = ["arn:aws:dynamodb:eu-west-1:111122223333:table/orders"]
      }
    }
    triggers = {
      Bucket = {
        principal      = "s3.amazonaws.com"
        source_arn     = "arn:aws:s3:::uploads"
        source_account = "111122223333"
      }
    }
    queues  = { Jobs = { arn = "arn:aws:sqs:eu-west-1:111122223333:jobs" } }
    streams = { Clicks = { kind = "kinesis", arn = "arn:aws:kinesis:eu-west-1:111122223333:stream/clicks" } }
    vpc     = { subnet_ids = ["subnet-1", "subnet-2"], security_group_ids = ["sg-1"] }
    url     = { cors_origins = ["https://shop.example.com"] }
    api = {
      routes   = ["GET /orders"]
      issuer   = "https://login.example.com/"
      audience = ["orders"]
    }
    on_failure = { topic_arn = "arn:aws:sns:eu-west-1:111122223333:failed" }
  }

  assert {
    condition = [for statement in jsondecode(data.aws_iam_policy_document.this.json).Statement : statement.Sid] == [
      "Logs", "Traces", "Secrets", "Keys", "Network", "NetworkNotFromCode", "FailuresToTopic", "Queues", "KinesisStreams", "Orders",
    ]
    error_message = "each thing it does has its statement"
  }

  assert {
    condition     = aws_lambda_function_url.this[0].authorization_type == "AWS_IAM"
    error_message = "callers of the URL sign their requests"
  }

  assert {
    condition     = aws_apigatewayv2_route.this["GET /orders"].authorization_type == "JWT" && aws_apigatewayv2_stage.this[0].default_route_settings[0].throttling_rate_limit == 50
    error_message = "the API authorizes and throttles"
  }

  assert {
    condition     = aws_lambda_permission.trigger["Bucket"].source_arn == "arn:aws:s3:::uploads" && aws_lambda_permission.trigger["Bucket"].source_account == "111122223333"
    error_message = "a trigger names its source and account"
  }
}

run "reasons_become_tags" {
  command = plan

  variables {
    reserved_concurrency = null
    unreserved_reason    = "a nightly job - one event a day"
    untraced_reason      = "10k requests a second - callers sample"
  }

  assert {
    condition     = aws_lambda_function.this.tags["stockade:unreserved"] == "a nightly job - one event a day" && aws_lambda_function.this.tracing_config[0].mode == "PassThrough"
    error_message = "who looks at the function sees why"
  }
}
