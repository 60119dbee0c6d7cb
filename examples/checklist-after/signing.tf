# The build signs what it uploads; Lambda takes nothing else. Images are not signed this way.
resource "aws_signer_signing_profile" "build" {
  platform_id = "AWSLambda-SHA384-ECDSA"
  name        = replace("${local.prefix}-build", "-", "_")
}

resource "aws_lambda_code_signing_config" "build" {
  allowed_publishers {
    signing_profile_version_arns = [aws_signer_signing_profile.build.version_arn]
  }

  policies {
    untrusted_artifact_on_deployment = "Enforce"
  }
}
