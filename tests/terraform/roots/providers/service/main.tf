variable "name" {
  type = string
}

data "aws_region" "current" {}

resource "aws_sqs_queue" "this" {
  name = "${var.name}-${data.aws_region.current.name}"
}
