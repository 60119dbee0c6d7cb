# count and for_each on resources, over lists, maps, sets and `for`, and the ways to refer to them.

variable "create" {
  type    = bool
  default = true
}

variable "queues" {
  type = map(object({ delay = number, dead = optional(bool, false) }))
  default = {
    orders = { delay = 5, dead = true }
    mail   = { delay = 10 }
  }
}

resource "aws_sqs_queue" "single" {
  count = var.create ? 1 : 0

  name          = "single"
  delay_seconds = count.index + 7
}

resource "aws_sqs_queue" "none" {
  count = var.create ? 0 : 1
  name  = "none"
}

resource "aws_sqs_queue" "three" {
  count = 3
  name  = "three-${count.index}"
}

resource "aws_sqs_queue" "keyed" {
  for_each = var.queues

  name          = "${each.key}-queue"
  delay_seconds = each.value.delay
}

resource "aws_sqs_queue" "dead" {
  for_each = { for name, queue in var.queues : "${name}-dead" => queue if queue.dead }

  name = each.key
}

resource "aws_sqs_queue" "set" {
  for_each = toset([for s in ["a", "b", "a", "c"] : upper(s) if s != "c"])

  name = "${each.key}${each.value}"
}

resource "aws_sqs_queue" "product" {
  for_each = { for pair in setproduct(["eu", "us"], keys(var.queues)) : join("/", pair) => { region = pair[0], queue = pair[1] } }

  name = "${each.value.region}-${each.value.queue}"
}

resource "aws_sqs_queue" "flattened" {
  for_each = { for item in flatten([for team, names in { web = ["x", "y"], ops = ["z"] } : [for n in names : { team = team, name = n }]]) : "${item.team}.${item.name}" => item }

  name = "flat-${each.value.name}"
  tags = { Team = each.value.team, "quoted \"key\"" = each.key }
}

resource "aws_sqs_queue" "escaped" {
  for_each = { "a b" = 1, "c\"d" = 2, "é/1.2[3]" = 3 }

  name = "escaped-${each.value}"
}

resource "aws_sns_topic" "chained" {
  for_each = aws_sqs_queue.keyed

  name = "${each.key}-${each.value.delay_seconds}"
}

resource "terraform_data" "references" {
  input = {
    one       = one(aws_sqs_queue.single[*].name)
    none      = one(aws_sqs_queue.none[*].name)
    legacy    = join(",", aws_sqs_queue.three.*.name)
    splat     = aws_sqs_queue.three[*].name
    index     = aws_sqs_queue.three[1].name
    last      = element(aws_sqs_queue.three, 4).name
    length    = length(aws_sqs_queue.three)
    values    = values(aws_sqs_queue.keyed)[*].name
    keys      = keys(aws_sqs_queue.keyed)
    key       = aws_sqs_queue.keyed["mail"].name
    map       = { for k, q in aws_sqs_queue.keyed : k => q.delay_seconds }
    absent    = try(aws_sqs_queue.none[0].name, "absent")
    can       = can(aws_sqs_queue.keyed["nope"].name)
    condition = var.create ? aws_sqs_queue.single[0].name : "not created"
  }
}
