# The least that a function has to say.

terraform {
  required_version = ">= 1.5"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.70"
    }
  }
}

provider "aws" {
  region = "eu-west-1"
}

resource "aws_sns_topic" "alarms" {
  name              = "alarms"
  kms_master_key_id = "alias/aws/sns"
}

# stockade: accept[unsigned-code] the pipeline is the only one who deploys
# stockade: accept[unencrypted-logs] nothing that it logs is confidential
module "hello" {
  source = "../.."

  name    = "hello"
  runtime = "python3.13"
  handler = "app.handler"
  package = { filename = "${path.module}/hello.zip" }

  reserved_concurrency = 5
  alarms               = { actions = [aws_sns_topic.alarms.arn] }
}
