# count and for_each on modules, and references into them.

locals {
  functions = {
    api  = { timeout = 10, policies = ["read"] }
    cron = { timeout = 900, policies = ["read", "write"] }
  }
}

module "keyed" {
  source   = "./function"
  for_each = local.functions

  name     = each.key
  timeout  = each.value.timeout
  policies = each.value.policies
}

module "counted" {
  source = "./function"
  count  = 2

  name = "counted-${count.index}"
}

module "absent" {
  source = "./function"
  count  = 0

  name = "absent"
}

module "filtered" {
  source   = "./function"
  for_each = { for k, v in local.functions : k => v if v.timeout > 60 }

  name = "${each.key}-long"
}

module "chained" {
  source   = "./function"
  for_each = module.keyed

  name     = "after-${each.value.name}"
  policies = each.value.policies
}

resource "terraform_data" "references" {
  input = {
    key      = module.keyed["api"].name
    names    = [for f in module.keyed : f.name]
    splat    = module.counted[*].name
    index    = module.counted[1].name
    absent   = length(module.absent)
    one      = one(module.absent[*].name)
    filtered = keys(module.filtered)
    values   = sort(values(module.keyed)[*].name)
  }
}

resource "aws_lambda_permission" "keyed" {
  for_each = module.keyed

  statement_id  = "Allow${title(each.key)}"
  action        = "lambda:InvokeFunction"
  function_name = each.value.name
  principal     = "events.amazonaws.com"
}
