# source_policy_documents, override_policy_documents, and merging by statement id.

data "aws_iam_policy_document" "base" {
  statement {
    sid       = "Read"
    actions   = ["s3:GetObject"]
    resources = ["*"]
  }

  statement {
    actions   = ["logs:PutLogEvents"]
    resources = ["*"]
  }
}

data "aws_iam_policy_document" "more" {
  statement {
    sid       = "Write"
    actions   = ["s3:PutObject"]
    resources = ["arn:aws:s3:::uploads/*"]
  }

  statement {
    actions   = ["xray:PutTraceSegments"]
    resources = ["*"]
  }
}

data "aws_iam_policy_document" "tightened" {
  statement {
    sid       = "Read"
    effect    = "Deny"
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::secret/*"]
  }
}

data "aws_iam_policy_document" "sourced" {
  source_policy_documents = [
    data.aws_iam_policy_document.base.json,
    data.aws_iam_policy_document.more.json,
    "",
  ]

  statement {
    sid       = "Write"
    actions   = ["s3:PutObject", "s3:DeleteObject"]
    resources = ["*"]
  }

  statement {
    sid       = "Own"
    actions   = ["sqs:SendMessage"]
    resources = ["*"]
  }
}

data "aws_iam_policy_document" "overridden" {
  source_policy_documents = [data.aws_iam_policy_document.base.json]

  statement {
    sid       = "Own"
    actions   = ["sqs:SendMessage"]
    resources = ["*"]
  }

  override_policy_documents = [
    data.aws_iam_policy_document.tightened.json,
    jsonencode({
      Version   = "2012-10-17"
      Id        = "given"
      Statement = [{ Sid = "Own", Effect = "Allow", Action = "sqs:*", Resource = "arn:aws:sqs:eu-west-1:123456789012:jobs" }]
    }),
    data.aws_iam_policy_document.more.json,
  ]
}

data "aws_iam_policy_document" "from_text" {
  source_policy_documents = [<<-EOT
    {
      "Version": "2008-10-17",
      "Statement": [{
        "Effect": "Allow",
        "NotAction": ["iam:*"],
        "Resource": ["b", "a"],
        "Condition": {"StringEquals": {"aws:RequestTag/k": "v"}, "Bool": {"aws:SecureTransport": "true"}}
      }]
    }
  EOT
  ]
}

data "aws_iam_policy_document" "nested" {
  source_policy_documents = concat([data.aws_iam_policy_document.sourced.json], [for d in [data.aws_iam_policy_document.tightened] : replace(d.json, "Read", "Hide")])
}

resource "aws_iam_policy" "this" {
  for_each = {
    sourced    = data.aws_iam_policy_document.sourced.json
    overridden = data.aws_iam_policy_document.overridden.json
    from_text  = data.aws_iam_policy_document.from_text.json
    nested     = data.aws_iam_policy_document.nested.json
  }

  name   = each.key
  policy = each.value
}
