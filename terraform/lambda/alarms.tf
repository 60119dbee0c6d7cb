# Two alarms: too many invocations fail, and there are far more of them than usual.

resource "aws_cloudwatch_metric_alarm" "errors" {
  alarm_name          = "${var.name}-error-rate"
  alarm_description   = "More than ${var.alarms.error_rate * 100} % of the invocations of ${var.name} fail."
  comparison_operator = "GreaterThanThreshold"
  threshold           = var.alarms.error_rate
  evaluation_periods  = 3
  datapoints_to_alarm = 2
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarms.actions
  ok_actions          = var.alarms.actions
  tags                = local.tags

  metric_query {
    id          = "rate"
    expression  = "errors / invocations"
    label       = "Error rate"
    return_data = true
  }

  metric_query {
    id = "errors"

    metric {
      namespace   = "AWS/Lambda"
      metric_name = "Errors"
      period      = 300
      stat        = "Sum"

      dimensions = {
        FunctionName = aws_lambda_function.this.function_name
      }
    }
  }

  metric_query {
    id = "invocations"

    metric {
      namespace   = "AWS/Lambda"
      metric_name = "Invocations"
      period      = 300
      stat        = "Sum"

      dimensions = {
        FunctionName = aws_lambda_function.this.function_name
      }
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "spike" {
  alarm_name          = "${var.name}-invocation-spike"
  alarm_description   = "${var.name} is invoked far more than usual."
  comparison_operator = "GreaterThanUpperThreshold"
  threshold_metric_id = "usual"
  evaluation_periods  = 3
  datapoints_to_alarm = 2
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarms.actions
  ok_actions          = var.alarms.actions
  tags                = local.tags

  metric_query {
    id          = "usual"
    expression  = "ANOMALY_DETECTION_BAND(invocations, ${var.alarms.spike_deviations})"
    label       = "Usual number of invocations"
    return_data = true
  }

  metric_query {
    id          = "invocations"
    return_data = true

    metric {
      namespace   = "AWS/Lambda"
      metric_name = "Invocations"
      period      = 300
      stat        = "Sum"

      dimensions = {
        FunctionName = aws_lambda_function.this.function_name
      }
    }
  }
}
