# Regions, default tags, aliased providers handed to modules, and what data sources know of them.

terraform {
  required_providers {
    aws = {
      source                = "hashicorp/aws"
      configuration_aliases = []
    }
  }
}

variable "region" {
  default = "eu-central-1"
}

locals {
  credentials = { access_key = "x", secret_key = "x" }
}

provider "aws" {
  region                      = var.region
  access_key                  = local.credentials.access_key
  secret_key                  = local.credentials.secret_key
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
  skip_region_validation      = true

  default_tags {
    tags = {
      Project = "shop"
      Stage   = "prod"
    }
  }
}

provider "aws" {
  alias                       = "edge"
  region                      = "us-east-1"
  access_key                  = "x"
  secret_key                  = "x"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
  skip_region_validation      = true
}

data "aws_region" "here" {}

data "aws_region" "edge" {
  provider = aws.edge
}

data "aws_partition" "this" {}

resource "aws_sqs_queue" "tagged" {
  name = "tagged"
  tags = { Stage = "dev", Team = "orders" }
}

resource "aws_sqs_queue" "defaults" {
  name = "defaults-${data.aws_region.here.name}"
}

resource "aws_sqs_queue" "edge" {
  provider = aws.edge

  name = "edge-${data.aws_region.edge.name}"
  tags = { Only = "own" }
}

resource "terraform_data" "here" {
  input = {
    region    = data.aws_region.here.name
    edge      = data.aws_region.edge.name
    partition = data.aws_partition.this.partition
    suffix    = data.aws_partition.this.dns_suffix
    tags_all  = aws_sqs_queue.tagged.tags_all
    arn       = "arn:${data.aws_partition.this.partition}:s3:::${data.aws_region.here.name}-bucket"
  }
}

module "here" {
  source = "./service"
  name   = "here"
}

module "edge" {
  source = "./service"
  name   = "edge"

  providers = {
    aws = aws.edge
  }
}
