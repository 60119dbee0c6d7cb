terraform {
  required_version = ">= 1.5"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= {{provider}}"
    }
  }
}

provider "aws" {
  region = var.region

  default_tags {
    tags = { Project = "{{name}}" }
  }
}
