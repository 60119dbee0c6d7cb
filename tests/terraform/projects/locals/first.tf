locals {
  first = join("-", [local.stage, "first"])
  base  = { memory = 256, env = { STAGE = local.stage, COUNT = 3, DEBUG = false, empty = "" } }
}
