# What the module refuses. A run takes as many refusals as there are variables: each must be refused.

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

run "refused_1" {
  command = plan

  variables {
    reserved_concurrency = null
  }

  expect_failures = [
    aws_lambda_function.this,
  ]
}

run "refused_2" {
  command = plan

  variables {
    unreserved_reason = "a nightly job of one event"
  }

  expect_failures = [
    aws_lambda_function.this,
  ]
}

run "refused_3" {
  command = plan

  variables {
    unreserved_reason  = "n/a"
    alarms             = {}
    permissions        = { A = { actions = ["s3:*"], resources = ["arn:aws:s3:::b/*"] } }
    secrets            = { A = { arn = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:*" } }
    triggers           = { A = { principal = "sns.amazonaws.com", source_arn = "*" } }
    environment        = { DB_PASSWORD = "hunter2" }
    runtime            = "python3.8"
    api                = { routes = ["GET /"] }
    url                = { public_reason = "yes" }
    vpc                = { subnet_ids = ["subnet-1"], security_group_ids = ["sg-1"] }
    package            = { image_uri = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/a:latest" }
    log_retention_days = 0
  }

  expect_failures = [
    var.unreserved_reason,
    var.alarms,
    var.permissions,
    var.secrets,
    var.triggers,
    var.environment,
    var.runtime,
    var.api,
    var.url,
    var.vpc,
    var.package,
    var.log_retention_days,
  ]
}

run "refused_4" {
  command = plan

  variables {
    permissions = { A = { actions = ["s3:GetObject"], resources = ["*"] } }
    triggers    = { A = { principal = "s3.amazonaws.com", source_arn = "arn:aws:s3:::b" } }
    environment = { DATABASE = "postgres://app:hunter2@db/orders" }
    api         = { routes = ["GET /"], issuer = "https://login.example.com/" }
    url         = { cors_origins = ["*"] }
    package     = { filename = "a.zip", image_uri = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/a@sha256:0000000000000000000000000000000000000000000000000000000000000000" }
  }

  expect_failures = [
    var.permissions,
    var.triggers,
    var.environment,
    var.api,
    var.url,
    var.package,
  ]
}

run "refused_5" {
  command = plan

  variables {
    permissions = { A = { actions = ["s3:GetObject"], resources = ["arn:aws:s3:::*"] } }
    triggers    = { A = { principal = "111122223333", source_arn = "arn:aws:sns:eu-west-1:111122223333:t" } }
  }

  expect_failures = [
    var.permissions,
    var.triggers,
  ]
}
