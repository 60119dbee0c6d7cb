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

variable "account" {
  description = "The account this is deployed to; written down so that every ARN can be checked before it is."
  type        = string
  default     = "111122223333"
}

variable "partner_role_arn" {
  description = "The one role of the fulfilment partner that may call us."
  type        = string
  default     = "arn:aws:iam::444455556666:role/order-dispatch"
}

variable "jwt_issuer" {
  type    = string
  default = "https://login.shop.example"
}
