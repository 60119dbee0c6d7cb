variable "name" {
  type = string
}

variable "runtime" {
  type    = string
  default = "python3.8"
}

variable "handler" {
  type = string
}

variable "artifacts" {
  description = "The bucket that holds the packages."
  type        = string
}

variable "package" {
  description = "The package's key in the bucket."
  type        = string
}

variable "timeout" {
  type    = number
  default = 30
}

variable "environment" {
  type    = map(string)
  default = {}
}

variable "managed_policies" {
  description = "ARNs of managed policies to attach."
  type        = list(string)
  default     = []
}

variable "statements" {
  description = "What the function may do beside writing logs."
  type = list(object({
    actions   = list(string)
    resources = list(string)
  }))
  default = []
}

variable "policy" {
  description = "A policy document of the caller's, as JSON."
  type        = string
  default     = null
}

variable "reserved_concurrency" {
  type    = number
  default = null
}

variable "tracing" {
  type    = string
  default = "PassThrough"
}
