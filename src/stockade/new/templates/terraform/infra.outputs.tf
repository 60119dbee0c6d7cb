output "function_name" {
  description = "The function's name."
  value       = module.function.function_name
}

output "queue_url" {
  description = "Where jobs are sent to."
  value       = aws_sqs_queue.jobs.url
}

output "alarm_topic_arn" {
  description = "Subscribe here to hear of alarms."
  value       = aws_sns_topic.alarms.arn
}
