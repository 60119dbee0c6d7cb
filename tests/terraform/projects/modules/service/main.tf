variable "name" {
  type = string
}

variable "functions" {
  type = map(object({
    memory = number
    env    = optional(map(string))
  }))
}

locals {
  prefix = "shop-${var.name}"
}

module "api" {
  source = "./function"

  name   = "${local.prefix}-api"
  memory = var.functions.api.memory
  env    = merge({ PREFIX = local.prefix }, var.functions.api.env)
}

module "worker" {
  source = "./function"

  name   = "${local.prefix}-worker"
  memory = var.functions["worker"].memory
  env    = var.functions["worker"].env
}

output "names" {
  value = [module.api.name, module.worker.name]
}

output "functions" {
  value = {
    api    = module.api
    worker = module.worker
  }
}
