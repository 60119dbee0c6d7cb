# What only `apply` can know, alone and inside strings, lists, documents and conditions.

resource "aws_sqs_queue" "this" {
  name = "unknowns"
}

resource "aws_s3_bucket" "this" {
  bucket_prefix = "unknowns-"
}

resource "aws_iam_role" "this" {
  name_prefix        = "unknowns-"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }] })
}

resource "aws_lambda_function" "this" {
  function_name = "unknowns"
  role          = aws_iam_role.this.arn
  runtime       = "python3.13"
  handler       = "main.handler"
  s3_bucket     = aws_s3_bucket.this.bucket
  s3_key        = "unknowns.zip"

  environment {
    variables = {
      KNOWN     = aws_sqs_queue.this.name
      QUEUE_URL = aws_sqs_queue.this.url
      BUCKET    = "s3://${aws_s3_bucket.this.id}/x"
    }
  }
}

resource "aws_iam_role_policy" "encoded" {
  role = aws_iam_role.this.name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sqs:*", Resource = aws_sqs_queue.this.arn }]
  })
}

data "aws_iam_policy_document" "deferred" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["${aws_s3_bucket.this.arn}/*"]
  }
}

resource "aws_iam_role_policy" "deferred" {
  role   = "fixed"
  policy = data.aws_iam_policy_document.deferred.json
}

resource "aws_lambda_permission" "this" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.this.function_name
  principal     = "s3.amazonaws.com"
  source_arn    = aws_s3_bucket.this.arn
}

resource "terraform_data" "spread" {
  input = {
    known     = "here"
    text      = "arn: ${aws_sqs_queue.this.arn}"
    list      = ["a", aws_sqs_queue.this.arn, "b"]
    length    = length(["a", aws_sqs_queue.this.arn])
    picked    = ["a", aws_sqs_queue.this.arn][0]
    map       = { known = 1, unknown = aws_sqs_queue.this.id }
    projected = [for v in ["x", aws_sqs_queue.this.id] : "v-${v}"]
    keys      = keys({ a = aws_sqs_queue.this.id })
    merged    = merge({ a = aws_sqs_queue.this.id }, { b = 2 }).b
    upper     = upper(aws_sqs_queue.this.id)
    compared  = aws_s3_bucket.this.id == "x"
    chosen    = aws_s3_bucket.this.id == "x" ? "one" : "other"
    tried     = try(aws_sqs_queue.this.arn, "fallback")
    split     = split(":", aws_sqs_queue.this.arn)[5]
    and_false = false && aws_sqs_queue.this.fifo_queue
    name      = aws_lambda_function.this.function_name
    default   = aws_lambda_function.this.memory_size
  }
}

resource "terraform_data" "later" {
  input = terraform_data.spread.output
}
