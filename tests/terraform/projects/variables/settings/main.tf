variable "retention" {
  type = number
}

variable "emails" {
  type = set(string)
}

variable "mode" {
  type     = string
  default  = "standard"
  nullable = false
}

variable "kept_null" {
  type    = string
  default = "never used"
}

variable "secret" {
  type      = string
  sensitive = true
}

variable "service" {
  type = object({
    name    = string
    ports   = list(number)
    tier    = optional(string, "bronze")
    owner   = optional(string)
    limits  = optional(object({ burst = optional(number, 10), rate = number }), { rate = 5 })
    aliases = optional(list(string), [])
  })
}

variable "routes" {
  type = map(object({
    path    = string
    timeout = optional(number, 3)
    headers = optional(map(string), {})
  }))

  validation {
    condition     = alltrue([for route in var.routes : startswith(route.path, "/")])
    error_message = "A path begins with a slash."
  }
}

output "all" {
  value = {
    retention = var.retention
    emails    = sort(var.emails)
    mode      = var.mode
    kept_null = var.kept_null == null ? "null stays null" : var.kept_null
    length    = length(nonsensitive(var.secret))
    service   = var.service
    routes    = var.routes
  }
}
