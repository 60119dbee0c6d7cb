variable "region" {
  description = "Where it is deployed."
  type        = string
  default     = "eu-west-1"
}
