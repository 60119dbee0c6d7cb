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

variable "domain" {
  type    = string
  default = "shop.example"
}

variable "zone_id" {
  description = "The domain's hosted zone."
  type        = string
  default     = "Z0123456789ABCDEFGHIJ"
}

variable "origin_certificate_arn" {
  description = "For the name that CloudFront fetches from, in this region."
  type        = string
  default     = "arn:aws:acm:eu-west-1:111122223333:certificate/11111111-2222-3333-4444-555555555555"
}

variable "edge_certificate_arn" {
  description = "For the name that customers use, in us-east-1."
  type        = string
  default     = "arn:aws:acm:us-east-1:111122223333:certificate/66666666-7777-8888-9999-000000000000"
}
