# One role for one function, with what it needs and nothing else.

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "this" {
  statement {
    sid       = "Logs"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${local.log_group_arn}:*"]
  }

  dynamic "statement" {
    for_each = var.untraced_reason == null ? [true] : []

    content {
      sid       = "Traces"
      actions   = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"]
      resources = ["*"] # these have no resources to scope them to
    }
  }

  dynamic "statement" {
    for_each = length(var.secrets) > 0 ? [true] : []

    content {
      sid       = "Secrets"
      actions   = ["secretsmanager:GetSecretValue"]
      resources = [for secret in values(var.secrets) : secret.arn]
    }
  }

  dynamic "statement" {
    for_each = length(local.keys) > 0 ? [true] : []

    content {
      sid       = "Keys"
      actions   = ["kms:Decrypt"]
      resources = local.keys
    }
  }

  dynamic "statement" {
    for_each = var.vpc == null ? [] : [true]

    content {
      sid = "Network"
      # Lambda makes the network interfaces with the role. AWS scopes none of these to a subnet or group beforehand.
      actions = [
        "ec2:CreateNetworkInterface",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSubnets",
        "ec2:DeleteNetworkInterface",
        "ec2:AssignPrivateIpAddresses",
        "ec2:UnassignPrivateIpAddresses",
      ]
      resources = ["*"]
    }
  }

  # The function's own code has no business with network interfaces, though its role needs them.
  dynamic "statement" {
    for_each = var.vpc == null ? [] : [true]

    content {
      sid    = "NetworkNotFromCode"
      effect = "Deny"
      actions = [
        "ec2:CreateNetworkInterface",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSubnets",
        "ec2:DeleteNetworkInterface",
        "ec2:AssignPrivateIpAddresses",
        "ec2:UnassignPrivateIpAddresses",
      ]
      resources = ["*"]

      condition {
        test     = "ArnEquals"
        variable = "lambda:SourceFunctionArn"
        values   = [local.arn]
      }
    }
  }

  dynamic "statement" {
    for_each = try(var.on_failure.queue_arn, null) == null ? [] : [true]

    content {
      sid       = "FailuresToQueue"
      actions   = ["sqs:SendMessage"]
      resources = [var.on_failure.queue_arn]
    }
  }

  dynamic "statement" {
    for_each = try(var.on_failure.topic_arn, null) == null ? [] : [true]

    content {
      sid       = "FailuresToTopic"
      actions   = ["sns:Publish"]
      resources = [var.on_failure.topic_arn]
    }
  }

  dynamic "statement" {
    for_each = try(var.on_failure.kms_key_arn, null) == null ? [] : [true]

    content {
      sid       = "FailuresKey"
      actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
      resources = [var.on_failure.kms_key_arn]
    }
  }

  # What Lambda's pollers do with the function's role.

  dynamic "statement" {
    for_each = length(var.queues) > 0 ? [true] : []

    content {
      sid       = "Queues"
      actions   = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
      resources = [for queue in values(var.queues) : queue.arn]
    }
  }

  dynamic "statement" {
    for_each = length(local.kinesis) > 0 ? [true] : []

    content {
      sid = "KinesisStreams"
      actions = [
        "kinesis:DescribeStream",
        "kinesis:DescribeStreamSummary",
        "kinesis:GetRecords",
        "kinesis:GetShardIterator",
        "kinesis:ListShards",
      ]
      resources = local.kinesis
    }
  }

  dynamic "statement" {
    for_each = length(local.dynamodb) > 0 ? [true] : []

    content {
      sid       = "TableStreams"
      actions   = ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"]
      resources = local.dynamodb
    }
  }

  dynamic "statement" {
    for_each = var.permissions

    content {
      sid       = statement.key
      actions   = statement.value.actions
      resources = statement.value.resources
    }
  }
}

locals {
  kinesis  = [for stream in values(var.streams) : stream.arn if stream.kind == "kinesis"]
  dynamodb = [for stream in values(var.streams) : stream.arn if stream.kind == "dynamodb"]

  keys = distinct(compact(concat(
    [for secret in values(var.secrets) : secret.kms_key_arn],
    [for queue in values(var.queues) : queue.kms_key_arn],
    [for stream in values(var.streams) : stream.kms_key_arn],
    [var.environment_kms_key_arn],
  )))
}

resource "aws_iam_role" "this" {
  name                 = "${var.name}-execution"
  description          = "What the function ${var.name} may do."
  assume_role_policy   = data.aws_iam_policy_document.trust.json
  permissions_boundary = var.permissions_boundary
  tags                 = local.tags
}

resource "aws_iam_role_policy" "this" {
  name   = var.name
  role   = aws_iam_role.this.id
  policy = data.aws_iam_policy_document.this.json
}
