# Types, defaults, conversion on the way into a module, optional attributes, nullable, sensitive.

variable "stage" {
  default = "dev"
}

variable "replicas" {
  type    = number
  default = "3"
}

variable "enabled" {
  type    = bool
  default = "true"
}

variable "names" {
  type    = set(string)
  default = ["b", "a", "b", 7]
}

variable "limits" {
  type    = map(number)
  default = { low = "1", high = 20.50 }
}

variable "pair" {
  type    = tuple([string, number])
  default = [1, "2"]
}

variable "anything" {
  type    = any
  default = { a = [1, "two", true, null], b = {} }
}

variable "nothing" {
  type    = string
  default = null
}

module "settings" {
  source = "./settings"

  retention = "14"
  emails    = ["z@example.com", "a@example.com", "z@example.com"]
  mode      = null
  kept_null = null
  secret    = "not-a-real-secret"
  service = {
    name  = "orders"
    ports = ["443", 8443]
    extra = "dropped by the conversion"
  }
  routes = {
    get  = { path = "/orders" }
    post = { path = "/orders", timeout = "29", headers = { accept = true } }
  }
}

resource "terraform_data" "given" {
  input = {
    stage    = var.stage
    replicas = var.replicas
    enabled  = var.enabled
    names    = tolist(var.names)
    limits   = var.limits
    pair     = var.pair
    anything = var.anything
    nothing  = var.nothing
    doubled  = var.replicas * 2
  }
}

resource "terraform_data" "converted" {
  input = module.settings.all
}

resource "aws_cloudwatch_log_group" "typed" {
  name              = "/shop/${var.stage}/${module.settings.all.service.name}"
  retention_in_days = module.settings.all.retention
  skip_destroy      = var.enabled
}
