resource "aws_iam_policy" "stockade" {
  name        = "stockade-reader"
  description = "What a scan by Stockade asks; all of it reads."

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "StockadeReads"
        Effect = "Allow"
        Action = [
          "apigateway:GET",
          "cloudfront:ListDistributions",
          "cloudwatch:DescribeAlarms",
          "cloudwatch:GetMetricData",
          "ec2:DescribeRouteTables",
          "ec2:DescribeSecurityGroups",
          "ec2:DescribeSubnets",
          "ec2:DescribeVpcEndpoints",
          "ecr:DescribeRepositories",
          "events:ListEventBuses",
          "events:ListRules",
          "events:ListTargetsByRule",
          "iam:GenerateServiceLastAccessedDetails",
          "iam:GetAccountAuthorizationDetails",
          "iam:GetPolicy",
          "iam:GetPolicyVersion",
          "iam:GetRole",
          "iam:GetRolePolicy",
          "iam:GetServiceLastAccessedDetails",
          "iam:ListAttachedRolePolicies",
          "iam:ListRolePolicies",
          "kms:DescribeKey",
          "lambda:GetAccountSettings",
          "lambda:GetFunction",
          "lambda:GetFunctionRecursionConfig",
          "lambda:GetFunctionUrlConfig",
          "lambda:GetLayerVersion",
          "lambda:GetPolicy",
          "lambda:GetRuntimeManagementConfig",
          "lambda:ListAliases",
          "lambda:ListCodeSigningConfigs",
          "lambda:ListEventSourceMappings",
          "lambda:ListFunctionEventInvokeConfigs",
          "lambda:ListFunctionUrlConfigs",
          "lambda:ListFunctions",
          "lambda:ListFunctionsByCodeSigningConfig",
          "lambda:ListProvisionedConcurrencyConfigs",
          "logs:DescribeLogGroups",
          "logs:DescribeMetricFilters",
          "logs:DescribeSubscriptionFilters",
          "rds:DescribeDBInstances",
          "route53:GetHostedZone",
          "route53:ListHostedZones",
          "s3:GetBucketNotification",
          "scheduler:ListSchedules",
          "secretsmanager:GetResourcePolicy",
          "secretsmanager:ListSecrets",
          "sns:GetSubscriptionAttributes",
          "sns:ListSubscriptions",
          "sns:ListTopics",
          "sqs:GetQueueAttributes",
          "states:DescribeStateMachine",
          "states:ListStateMachines",
          "wafv2:GetWebACL",
        ]
        Resource = "*"
      },
      {
        Sid    = "StockadeAsksAccessAnalyzer"
        Effect = "Allow"
        Action = [
          "access-analyzer:CheckAccessNotGranted",
          "access-analyzer:CheckNoPublicAccess",
          "access-analyzer:GetFinding",
          "access-analyzer:ListAnalyzers",
          "access-analyzer:ListFindings",
          "access-analyzer:ValidatePolicy",
        ]
        Resource = "*"
      },
    ]
  })
}
