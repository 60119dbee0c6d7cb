# A tag of this repository names one image for ever.
resource "aws_ecr_repository" "thumbnails" {
  name                 = "${local.prefix}-thumbnails"
  image_tag_mutability = "IMMUTABLE"

  image_scanning_configuration {
    scan_on_push = true
  }
}

resource "aws_s3_bucket" "pictures" {
  bucket = "${local.prefix}-pictures-${var.account}"
}

# stockade: accept[deprecated-runtime] the image is built weekly, from the newest base image of AWS
module "thumbnails" {
  source = "./modules/function"

  name                 = "${local.prefix}-thumbnails"
  image_uri            = "${aws_ecr_repository.thumbnails.repository_url}:${var.release}"
  memory               = 1024
  timeout              = 60
  reserved_concurrency = 20
  expected_invocations = 5000
  environment          = local.common_environment
  kms_key_arn          = aws_kms_key.main.arn
  alarm_topic_arn      = aws_sns_topic.alarms.arn
  failure_queue_arns   = [aws_sqs_queue.dead.arn]

  statements = [
    {
      actions   = ["s3:GetObject"]
      resources = ["${aws_s3_bucket.pictures.arn}/originals/*"]
    },
    {
      actions   = ["s3:PutObject"]
      resources = ["${aws_s3_bucket.pictures.arn}/thumbnails/*"]
    },
  ]
}

resource "aws_lambda_permission" "thumbnails" {
  statement_id   = "AllowPictures"
  action         = "lambda:InvokeFunction"
  function_name  = module.thumbnails.function_name
  qualifier      = module.thumbnails.alias
  principal      = "s3.amazonaws.com"
  source_arn     = aws_s3_bucket.pictures.arn
  source_account = var.account
}

resource "aws_s3_bucket_notification" "pictures" {
  bucket = aws_s3_bucket.pictures.id

  lambda_function {
    lambda_function_arn = module.thumbnails.arn
    events              = ["s3:ObjectCreated:*"]
    filter_prefix       = "originals/"
  }

  depends_on = [aws_lambda_permission.thumbnails]
}
