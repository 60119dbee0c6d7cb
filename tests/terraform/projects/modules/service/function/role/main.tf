variable "name" {
  type = string
}

data "aws_iam_policy_document" "this" {
  statement {
    sid       = replace(title(var.name), "-", "")
    actions   = ["logs:PutLogEvents"]
    resources = ["arn:aws:logs:*:*:log-group:/aws/lambda/${var.name}:*"]
  }
}

resource "aws_iam_role" "this" {
  name = var.name

  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "this" {
  role   = aws_iam_role.this.id
  policy = data.aws_iam_policy_document.this.json
}

output "arn" {
  value = aws_iam_role.this.arn
}

output "policy" {
  value = data.aws_iam_policy_document.this.json
}
