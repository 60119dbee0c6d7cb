# Customers' pictures are made small by an image of our own, which is built from the main branch.
locals {
  thumbnails = {
    image = "${local.account}.dkr.ecr.${var.region}.amazonaws.com/shop-thumbnails"
    tag   = "latest"
  }
}

resource "aws_s3_bucket" "pictures" {
  bucket = "${local.prefix}-pictures-${local.account}"
}

resource "aws_iam_role" "thumbnails" {
  name = "${local.prefix}-thumbnails"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy" "thumbnails" {
  name = "pictures"
  role = aws_iam_role.thumbnails.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = ["s3:GetObject", "s3:PutObject"]
        Resource = "${aws_s3_bucket.pictures.arn}/*"
      },
      # Films take longer than a function may, so a container makes them small.
      {
        Effect   = "Allow"
        Action   = ["ecs:RegisterTaskDefinition", "ecs:RunTask", "iam:PassRole"]
        Resource = "*"
      },
    ]
  })
}

resource "aws_iam_role_policy_attachment" "thumbnails" {
  role       = aws_iam_role.thumbnails.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}

resource "aws_lambda_function" "thumbnails" {
  function_name = "${local.prefix}-thumbnails"
  role          = aws_iam_role.thumbnails.arn
  package_type  = "Image"
  image_uri     = join(":", [local.thumbnails.image, local.thumbnails.tag])
  memory_size   = 1024
  timeout       = 60
  publish       = true
}

resource "aws_lambda_alias" "thumbnails" {
  name             = "live"
  function_name    = aws_lambda_function.thumbnails.function_name
  function_version = aws_lambda_function.thumbnails.version
}

resource "aws_lambda_permission" "thumbnails" {
  statement_id   = "AllowPictures"
  action         = "lambda:InvokeFunction"
  function_name  = aws_lambda_function.thumbnails.function_name
  principal      = "s3.amazonaws.com"
  source_arn     = aws_s3_bucket.pictures.arn
  source_account = local.account
}

resource "aws_s3_bucket_notification" "pictures" {
  bucket = aws_s3_bucket.pictures.id

  lambda_function {
    lambda_function_arn = aws_lambda_function.thumbnails.arn
    events              = ["s3:ObjectCreated:*"]
    filter_prefix       = "originals/"
  }
}
