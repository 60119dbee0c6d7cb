variable "name" {
  type = string
}

variable "runtime" {
  type    = string
  default = "python3.13"
}

variable "handler" {
  type    = string
  default = null
}

variable "artifacts" {
  description = "The bucket that holds the packages."
  type        = string
  default     = null
}

variable "package" {
  description = "The package's key in the bucket."
  type        = string
  default     = null
}

variable "code_signing_config_arn" {
  description = "Whose signature a package must bear."
  type        = string
  default     = null
}

variable "image_uri" {
  description = "The image, for a function that is no package."
  type        = string
  default     = null
}

variable "layers" {
  type    = list(string)
  default = []
}

variable "network" {
  description = "Where in a VPC the function runs, if what it talks to is in one."
  type = object({
    subnet_ids         = list(string)
    security_group_ids = list(string)
  })
  default = null
}

variable "timeout" {
  type    = number
  default = 30
}

variable "memory" {
  type    = number
  default = 256
}

variable "reserved_concurrency" {
  description = "The most that may run at once: bounds both the bill and the harm of a flood."
  type        = number
}

variable "expected_invocations" {
  description = "Invocations in five minutes above which something is wrong."
  type        = number
}

variable "environment" {
  type    = map(string)
  default = {}
}

variable "statements" {
  description = "What the function may do beside writing its logs and traces."
  type = list(object({
    actions   = list(string)
    resources = list(string)
  }))
  default = []
}

variable "kms_key_arn" {
  description = "Encrypts the logs, the environment, and whatever the function reads."
  type        = string
}

variable "alarm_topic_arn" {
  type = string
}

variable "failure_queue_arns" {
  description = "Where events go that an asynchronous invocation failed on: one queue, or none."
  type        = list(string)
  default     = []
}
