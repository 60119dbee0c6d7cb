# Lists and maps of which a part is known only to `apply`: the plan knows none of the whole.

resource "aws_sqs_queue" "this" {
  name = "open-ends"
}

resource "terraform_data" "list" {
  input = ["c", "d"]
}

resource "terraform_data" "map" {
  input = { c = "3" }
}

locals {
  later   = tolist(terraform_data.list.output)
  members = tomap(terraform_data.map.output)
}

resource "terraform_data" "lists" {
  input = {
    concat   = concat(["a", "b"], local.later)
    flatten  = flatten(["a", local.later, ["b"]])
    looped   = [for x in concat(["a"], local.later) : upper(x)]
    filtered = [for x in ["a", "b"] : x if !contains(local.later, x)]
    distinct = distinct(concat(["a", "a"], local.later))
    compact  = compact(concat(["a", ""], local.later))
    union    = setunion(["a"], local.later)
    sorted   = sort(concat(["b", "a"], local.later))
    reversed = reverse(concat(["b", "a"], local.later))
    splat    = concat([{ n = "1" }], [for x in local.later : { n = x }])[*].n
    first    = concat(["a"], local.later)[0]
    length   = length(concat(["a"], local.later))
    joined   = join(",", concat(["a"], local.later))
    contains = contains(concat(["a"], local.later), "z")
    equal    = concat(["a"], local.later) == tolist(["a"])
    last     = element(concat(local.later, ["z"]), 0)
    nothing  = concat([], ["a"])
  }
}

resource "terraform_data" "maps" {
  input = {
    before = merge({ a = "1" }, local.members)
    after  = merge(local.members, { a = "1" })
    member = merge(local.members, { a = "1" }).a
    lookup = lookup(merge({ a = "1" }, local.members), "a", "2")
    keys   = keys(merge({ a = "1" }, local.members))
    named  = { a = "1", (aws_sqs_queue.this.id) = "2" }
    looped = { for k, v in merge({ a = "1" }, local.members) : k => upper(v) }
  }
}

resource "aws_iam_role_policy" "statements" {
  role = "fixed"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat([{ Effect = "Allow", Action = "sqs:SendMessage", Resource = "arn:aws:sqs:*:*:jobs" }],
    [for x in local.later : { Effect = "Allow", Action = "sqs:${x}", Resource = "*" }])
  })
}

data "aws_iam_policy_document" "dynamic" {
  dynamic "statement" {
    for_each = concat(["a"], local.later)

    content {
      actions   = ["sqs:${statement.value}"]
      resources = ["arn:aws:sqs:*:*:jobs"]
    }
  }
}

resource "aws_iam_role_policy" "dynamic" {
  role   = "fixed"
  policy = data.aws_iam_policy_document.dynamic.json
}
