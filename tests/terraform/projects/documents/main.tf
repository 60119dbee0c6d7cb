# Everything that one aws_iam_policy_document can say.

variable "readers" {
  type    = list(string)
  default = ["arn:aws:iam::111122223333:role/z", "arn:aws:iam::111122223333:role/a"]
}

variable "grants" {
  type = map(object({ actions = list(string), sid = optional(string) }))
  default = {
    "arn:aws:s3:::b/*" = { actions = ["s3:GetObject", "s3:PutObject"], sid = "B" }
    "arn:aws:s3:::a/*" = { actions = ["s3:GetObject"] }
  }
}

locals {
  documents = {
    plain      = data.aws_iam_policy_document.plain.json
    lists      = data.aws_iam_policy_document.lists.json
    principals = data.aws_iam_policy_document.principals.json
    conditions = data.aws_iam_policy_document.conditions.json
    inverted   = data.aws_iam_policy_document.inverted.json
    dynamic    = data.aws_iam_policy_document.dynamic.json
    old        = data.aws_iam_policy_document.old.json
    variables  = data.aws_iam_policy_document.variables.json
    empty      = data.aws_iam_policy_document.empty.json
    indexed    = data.aws_iam_policy_document.indexed[1].json
    keyed      = data.aws_iam_policy_document.keyed["sqs"].json
  }
}

data "aws_iam_policy_document" "plain" {
  statement {
    actions   = ["sts:AssumeRole"]
    resources = ["*"]
  }
}

data "aws_iam_policy_document" "lists" {
  policy_id = "lists"

  statement {
    sid       = "Sorted"
    effect    = "Deny"
    actions   = ["s3:PutObject", "s3:GetObject", "s3:GetObject", "dynamodb:Query"]
    resources = ["arn:aws:s3:::a", "arn:aws:s3:::c", "arn:aws:s3:::b", "arn:aws:s3:::a"]
  }

  statement {
    sid       = "Single"
    actions   = toset(["kms:Decrypt"])
    resources = tolist(["*"])
  }
}

data "aws_iam_policy_document" "principals" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com", "edgelambda.amazonaws.com"]
    }

    principals {
      type        = "AWS"
      identifiers = var.readers
    }
  }

  statement {
    sid     = "Everyone"
    effect  = "Deny"
    actions = ["s3:*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }
  }

  statement {
    sid     = "Anyone"
    actions = ["s3:GetObject"]

    principals {
      type        = "AWS"
      identifiers = ["*"]
    }
  }

  statement {
    sid     = "Merged"
    actions = ["s3:GetObject"]

    principals {
      type        = "AWS"
      identifiers = ["111122223333"]
    }

    principals {
      type        = "AWS"
      identifiers = ["444455556666", "111122223333"]
    }

    principals {
      type        = "Federated"
      identifiers = ["cognito-identity.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "conditions" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["*"]

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = ["111122223333"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = ["444455556666", "111122223333"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:PrincipalTag/team"
      values   = ["z", "a"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = [true]
    }

    condition {
      test     = "NumericLessThan"
      variable = "s3:max-keys"
      values   = [10]
    }

    condition {
      test     = "ForAllValues:StringLike"
      variable = "dynamodb:LeadingKeys"
      values   = ["&{www.amazon.com:user_id}", "a*"]
    }
  }
}

data "aws_iam_policy_document" "inverted" {
  statement {
    not_actions   = ["iam:*", "sts:*"]
    not_resources = ["arn:aws:s3:::secret/*"]

    not_principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::111122223333:root"]
    }
  }
}

data "aws_iam_policy_document" "dynamic" {
  dynamic "statement" {
    for_each = var.grants

    content {
      sid       = statement.value.sid
      actions   = statement.value.actions
      resources = [statement.key]

      dynamic "condition" {
        for_each = length(statement.value.actions) > 1 ? ["on"] : []

        content {
          test     = "StringEquals"
          variable = "aws:RequestedRegion"
          values   = ["eu-west-1", condition.value]
        }
      }
    }
  }

  dynamic "statement" {
    for_each = toset(var.readers)
    iterator = reader

    content {
      actions   = ["sts:TagSession"]
      resources = [reader.value, reader.key]
    }
  }
}

data "aws_iam_policy_document" "old" {
  version = "2008-10-17"

  statement {
    actions   = ["s3:*"]
    resources = ["*"]
  }
}

data "aws_iam_policy_document" "variables" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::homes/&{aws:username}/*", "arn:aws:s3:::homes/$${aws:userid}/*"]
  }
}

data "aws_iam_policy_document" "empty" {}

data "aws_iam_policy_document" "indexed" {
  count = 2

  statement {
    sid       = "Number${count.index}"
    actions   = ["logs:PutLogEvents"]
    resources = ["*"]
  }
}

data "aws_iam_policy_document" "keyed" {
  for_each = toset(["sqs", "sns"])

  statement {
    actions   = ["${each.key}:*"]
    resources = ["*"]
  }
}

resource "aws_iam_role_policy" "document" {
  for_each = { for name, document in local.documents : name => document if name != "empty" }

  role   = "documents"
  policy = each.value
}

resource "terraform_data" "exact" {
  input = local.documents
}

resource "terraform_data" "attributes" {
  input = {
    minified  = data.aws_iam_policy_document.lists.minified_json
    version   = data.aws_iam_policy_document.plain.version
    statement = length(data.aws_iam_policy_document.lists.statement)
  }
}
