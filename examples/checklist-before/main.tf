# An online shop's order service: an HTTP API takes orders, a worker fulfils them from a queue, a
# webhook hears from the payment provider, thumbnails are made of customers' pictures, and a report is
# made every night.

data "aws_caller_identity" "current" {}

locals {
  prefix    = "shop-${var.stage}"
  account   = data.aws_caller_identity.current.account_id
  artifacts = "shop-artifacts-${local.account}"

  tags = {
    Project = "order-service"
    Stage   = var.stage
  }

  common_environment = {
    STAGE      = var.stage
    LOG_LEVEL  = "DEBUG"
    CACHE_HOST = "cache-01.orders.shop.internal"
  }
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
  bucket = "${local.prefix}-documents-${local.account}"
}
