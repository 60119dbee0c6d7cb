variable "name" {
  type = string
}

variable "runtime" {
  type    = string
  default = "python3.13"
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
