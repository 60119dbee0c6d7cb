output "function_name" {
  value = aws_lambda_function.this.function_name
}

output "alias" {
  description = "The qualifier that callers go by."
  value       = aws_lambda_alias.live.name
}

output "arn" {
  value = aws_lambda_alias.live.arn
}

output "invoke_arn" {
  value = aws_lambda_alias.live.invoke_arn
}
