# Policies as heredocs, quoted JSON and files.

variable "account" {
  default = "123456789012"
}

resource "aws_iam_role" "this" {
  name               = "heredoc"
  assume_role_policy = <<EOF
{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Action": "sts:AssumeRole",
      "Principal": {"Service": "lambda.amazonaws.com"},
      "Effect": "Allow",
      "Sid": ""
    }
  ]
}
EOF
}

resource "aws_iam_role_policy" "flush" {
  role   = "heredoc"
  policy = <<-POLICY
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": ["logs:*"],
        "Resource": "arn:aws:logs:*:${var.account}:*",
        "Condition": {"StringLike": {"aws:PrincipalTag/team": "$${aws:ResourceTag/team}"}}
      }
    }
  POLICY
}

resource "aws_iam_role_policy" "quoted" {
  role   = "heredoc"
  policy = "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Deny\", \"Action\": \"*\", \"Resource\": \"*\"}]}"
}

resource "aws_iam_role_policy" "file" {
  role   = "heredoc"
  policy = file("${path.module}/policy.json")
}

resource "aws_iam_role_policy" "edited" {
  role   = "heredoc"
  policy = replace(file("${path.module}/policy.json"), "uploads", "reports")
}

resource "aws_iam_role_policy" "reencoded" {
  role = "heredoc"
  policy = jsonencode(merge(jsondecode(file("${path.module}/policy.json")), {
    Id = "from a file"
  }))
}
