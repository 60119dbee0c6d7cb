output "function_name" {
  description = "The function's name."
  value       = aws_lambda_function.this.function_name
}

output "function_arn" {
  description = "The function's ARN."
  value       = aws_lambda_function.this.arn
}

output "invoke_arn" {
  description = "The ARN by which an API of API Gateway invokes the function."
  value       = aws_lambda_function.this.invoke_arn
}

output "role_name" {
  description = "The execution role's name."
  value       = aws_iam_role.this.name
}

output "role_arn" {
  description = "The execution role's ARN."
  value       = aws_iam_role.this.arn
}

output "log_group_name" {
  description = "The function's log group."
  value       = aws_cloudwatch_log_group.this.name
}

output "url" {
  description = "The function URL, where there is one."
  value       = one(aws_lambda_function_url.this[*].function_url)
}

output "api_endpoint" {
  description = "The HTTP API's endpoint, where there is one."
  value       = one(aws_apigatewayv2_api.this[*].api_endpoint)
}

output "alarm_arns" {
  description = "The alarms' ARNs."
  value       = [aws_cloudwatch_metric_alarm.errors.arn, aws_cloudwatch_metric_alarm.spike.arn]
}
