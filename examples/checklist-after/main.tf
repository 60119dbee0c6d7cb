# An online shop's order service: an HTTP API takes orders, a worker fulfils them from a queue, a
# webhook hears from the payment provider, thumbnails are made of customers' pictures, and a report is
# made every night.

locals {
  prefix          = "shop-${var.stage}"
  artifacts       = "shop-artifacts-${var.account}"
  payment_gateway = "arn:aws:iam::${var.account}:role/payment-gateway"

  tags = {
    Project = "order-service"
    Stage   = var.stage
  }

  common_environment = {
    STAGE     = var.stage
    LOG_LEVEL = "INFO"
  }
}

# Everything the service keeps is encrypted with a key of its own.
data "aws_iam_policy_document" "key" {
  statement {
    sid       = "Account"
    actions   = ["kms:*"]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::${var.account}:root"]
    }
  }

  statement {
    sid       = "Logs"
    actions   = ["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey"]
    resources = ["*"]

    principals {
      type        = "Service"
      identifiers = ["logs.${var.region}.amazonaws.com"]
    }

    condition {
      test     = "ArnLike"
      variable = "kms:EncryptionContext:aws:logs:arn"
      values   = ["arn:aws:logs:${var.region}:${var.account}:log-group:/aws/lambda/${local.prefix}-*"]
    }
  }
}

resource "aws_kms_key" "main" {
  description         = "${local.prefix} order service"
  enable_key_rotation = true
  policy              = data.aws_iam_policy_document.key.json
}

resource "aws_dynamodb_table" "orders" {
  name         = "${local.prefix}-orders"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"

  attribute {
    name = "id"
    type = "S"
  }
}

resource "aws_s3_bucket" "documents" {
  bucket = "${local.prefix}-documents-${var.account}"
}

# Only the secrets' ARNs reach the functions, which fetch and cache the values.
resource "aws_secretsmanager_secret" "this" {
  for_each = toset(["database", "payments", "smtp"])

  name       = "${local.prefix}/${each.key}"
  kms_key_id = aws_kms_key.main.arn
}

resource "aws_sns_topic" "alarms" {
  name = "${local.prefix}-alarms"
}
