# Policies and other documents through jsonencode, with `for`, conditionals, nulls and escapes.

variable "tables" {
  type    = list(string)
  default = ["orders", "customers"]
}

variable "grants" {
  type = map(list(string))
  default = {
    "s3:::uploads"  = ["s3:GetObject"]
    "s3:::archived" = ["s3:PutObject", "s3:GetObject"]
  }
}

variable "admin" {
  type    = bool
  default = false
}

locals {
  statements = concat(
    [for table in var.tables : {
      Sid      = title(table)
      Effect   = "Allow"
      Action   = ["dynamodb:GetItem", "dynamodb:Query"]
      Resource = "arn:aws:dynamodb:*:*:table/${table}"
    }],
    [for bucket, actions in var.grants : {
      Effect    = "Allow"
      Action    = length(actions) == 1 ? actions[0] : join(",", actions)
      Resource  = "arn:aws:${bucket}/*"
      Condition = { Bool = { "aws:SecureTransport" = true } }
    }],
    var.admin ? [{ Effect = "Allow", Action = "*", Resource = "*" }] : [],
  )
}

resource "aws_iam_role" "this" {
  name = "jsonencoded"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = [for s in ["lambda", "edgelambda"] : "${s}.amazonaws.com"] }
      Action    = "sts:AssumeRole"
    }]
  })

  inline_policy {
    name   = "inline"
    policy = jsonencode({ Version = "2012-10-17", Statement = slice(local.statements, 0, 1) })
  }
}

resource "aws_iam_role_policy" "this" {
  name   = "policy"
  role   = "jsonencoded"
  policy = jsonencode({ Version = "2012-10-17", Statement = local.statements })
}

resource "terraform_data" "texts" {
  input = {
    escapes = jsonencode("<a href=\"x\">\t&\n\\ é 𝄞 \u0041</a>")
    numbers = jsonencode([1, 1.50, -0.25, 1e3, 12345678901234567890, 0.1 + 0.2])
    empty   = jsonencode([{}, [], "", null, tomap({}), toset([])])
    sorted  = jsonencode({ b = 1, a = 2, "A" = 3, "10" = 4, "9" = 5 })
    set     = jsonencode(toset(["b", "a", "b"]))
    nested  = jsonencode(jsonencode({ a = [true, false] }))
    grouped = jsonencode({ for s in ["apple", "avocado", "beet"] : substr(s, 0, 1) => s... })
    indexed = jsonencode([for i, s in ["x", "y"] : "${i}:${s}"])
    decoded = jsondecode("{\"a\": [1, 2.5, null, {\"b\": \"c\"}], \"d\": true}")
    back    = jsonencode(jsondecode("  [1,  {\"z\":1, \"a\":\"\\u00e9\"} ] "))
  }
}
