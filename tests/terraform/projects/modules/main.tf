# Three levels of modules; values go down as inputs and come up as outputs.

module "service" {
  source = "./service"

  name = "orders"
  functions = {
    api    = { memory = 512, env = { MODE = "api" } }
    worker = { memory = 1024 }
  }
}

resource "terraform_data" "outputs" {
  input = {
    names   = module.service.names
    api     = module.service.functions["api"].name
    policy  = jsondecode(module.service.functions.api.policy).Statement[0].Sid
    missing = try(module.service.functions.absent.name, "none")
  }
}
