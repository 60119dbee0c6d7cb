variable "region" {
  type    = string
  default = "eu-west-1"
}

variable "stage" {
  type    = string
  default = "prod"
}

variable "release" {
  description = "Which build of the functions to deploy."
  type        = string
  default     = "2024-11-05"
}

variable "worker_actions" {
  description = "What the worker may do. Wide until we know what it needs."
  type        = list(string)
  default     = ["*"]
}

variable "db_password" {
  type    = string
  default = "hunter2-not-a-real-one"
}

variable "postgres_layer" {
  description = "A layer with the database driver, found in a blog post."
  type        = string
  default     = "arn:aws:lambda:eu-west-1:777788889999:layer:psycopg2:3"
}

variable "partner_account" {
  description = "The fulfilment partner's AWS account."
  type        = string
  default     = "444455556666"
}
