"""No alarm tells when the function fails.

## Why it matters

A function that fails does so quietly: Lambda counts the error and, invoked asynchronously, drops the
event after two more attempts. Without an alarm on `Errors` somebody finds out when a customer asks.

An alarm counts if it would fire for this function and somebody would hear of it: metric, dimensions,
statistic, a threshold that can be crossed, actions that are set and enabled, its own or those of a
composite alarm on its state. An alarm on the error *rate* is best (`Errors` divided by `Invocations`,
or the average of `Errors`, which is the same); one on the *number* of errors holds too. So does an
alarm on all functions, without dimensions or by a query of Metrics Insights, and one on a metric filter
that looks for errors as such (`ERROR`, `{ $.level = "ERROR" }`) in the function's own log group.

Where something beside the function tells that it failed (an alarm on the server errors of its API, on the
dead-letter queue of what it reads or was sent, a topic named for failures that its role lets it publish
to, or Terraform that invokes it itself), this is shown from `strict` on. So is a function that CloudFront
runs at its edge, which counts errors in the region nearest to the visitor and as `LambdaExecutionError`
of the distribution.

## What it does not see

Alarms of another stack or of a monitoring service; those on a filter for one certain error. Whether
the threshold is a good one, and whether anybody is subscribed to the topic. A metric filter sees only
what is logged: not a function that cannot start, or is throttled. An action by an EventBridge rule on
alarm states does not count. Where a module that is named for alarms could not be read, or an alarm of
another input of the same scan may be for the function, the answer is undecided.

A chore by its name (a migration, a restore, a load test) that nothing here invokes is run by hand, by somebody
who sees what comes of it: it is shown from `strict` on. So is a custom resource of CloudFormation, which says
so when it fails, and what a schedule runs to keep other functions warm, by its name.

So is an alarm whose actions a variable of the root module turns on (`alarm_actions = var.alerts ? [...]
: []`, or `actions_enabled = var.alerts`): who deploys decides.

## Fix

Add an alarm on the error rate: more than 5 % of the invocations in two of three periods of five
minutes (`error-rate` under `[fix]` in `stockade.toml` is another number). It notifies `alarm-topic`, else
what other alarms of the project do, or a topic named for alarms; where there is none, one is added, to which
you have to subscribe somebody. Of an alarm that cannot fire the one attribute that is amiss is set.

## Example

```hcl
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = "arn:aws:iam::123456789012:role/orders"
}

resource "aws_cloudwatch_metric_alarm" "errors" {
  alarm_name          = "orders-errors"
  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  statistic           = "Average"
  period              = 300
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 5 # an average of errors is at most 1
  alarm_actions       = ["arn:aws:sns:eu-west-1:123456789012:alarms"]

  dimensions = {
    FunctionName = aws_lambda_function.orders.function_name
  }
}
```

Use instead:

```hcl
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = "arn:aws:iam::123456789012:role/orders"
}

resource "aws_cloudwatch_metric_alarm" "errors" {
  alarm_name          = "orders-error-rate"
  evaluation_periods  = 3
  datapoints_to_alarm = 2
  comparison_operator = "GreaterThanThreshold"
  threshold           = 5
  treat_missing_data  = "notBreaching"
  alarm_actions       = ["arn:aws:sns:eu-west-1:123456789012:alarms"]

  metric_query {
    id          = "rate"
    expression  = "100 * errors / invocations"
    label       = "Error rate (%)"
    return_data = true
  }

  metric_query {
    id = "errors"

    metric {
      namespace   = "AWS/Lambda"
      metric_name = "Errors"
      stat        = "Sum"
      period      = 300

      dimensions = {
        FunctionName = aws_lambda_function.orders.function_name
      }
    }
  }

  metric_query {
    id = "invocations"

    metric {
      namespace   = "AWS/Lambda"
      metric_name = "Invocations"
      stat        = "Sum"
      period      = 300

      dimensions = {
        FunctionName = aws_lambda_function.orders.function_name
      }
    }
  }
}
```
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from stockade.checklist import Item
from stockade.control import Fails, Fix, Holds, Noise, Severity, Undecided, Verdict, control
from stockade.model.at_edge import at_edge
from stockade.model.by_hand import by_hand, keeps_warm
from stockade.model.function import Function
from stockade.model.telling import telling
from stockade.model.trial import Blind, Matter
from stockade.model.world import World
from stockade.remedies.alarms import added, mended, query
from stockade.value import Default, Ref, Unknown, text_of


@control(
    Function,
    severity=Severity.MEDIUM,
    item=Item.ERROR_ALARM,
    since="0.1.0",
    references=(
        "https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html",
        "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Best_Practice_Recommended_Alarms_AWS_Services.html",
        "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html",
    ),
)
def check(function: Function, world: World) -> Verdict:
    sight = world.watch.over(function, Matter.ERRORS)
    if sight is None and (gap := world.unread_alarms):
        return Undecided(Unknown(f"{gap.what}, and may have an alarm in it: {gap.reason}", gap.origin))
    if sight is None and (far := world.watch_elsewhere.over(function, Matter.ERRORS)):
        reason = f"`{far.alarm.address}`, an alarm of another input, may be for this function"
        return Undecided(Unknown(reason, far.alarm.origin))
    if sight is None:
        because, fix = Default("nothing watches the metric `Errors`"), _added(function, world)
        if edge := at_edge(function, world):
            message = "no alarm in this input tells when this function fails, which CloudFront runs at its edge"
            return Fails(message, because, also=(edge,), noise=Noise.STRICT)
        if told := telling(function, world, Matter.ERRORS):
            message = f"no alarm is on the errors of this function itself, though {told.clause}"
            return Fails(message, because, fix, also=(told.origin,), noise=Noise.STRICT)
        message = "no alarm in this input tells when this function fails"
        if hand := by_hand(function, world, seen=True):
            message = f"{message}; by its name, and as nothing here invokes it, it is run by hand"
            return Fails(message, because, fix, also=(hand,), noise=Noise.STRICT)
        if warm := keeps_warm(function, world):
            message = f"{message}, though by its name and its schedule it only keeps others warm"
            return Fails(message, because, fix, also=(warm,), noise=Noise.STRICT)
        return Fails(
            message, because, fix, together="no alarm in this input tells when one of these {n} functions fails"
        )
    match sight.stands:
        case Unknown() as unknown:
            return Undecided(unknown)
        case Blind() as blind:
            message = f"the alarm on this function's errors {blind.reason}"
            if blind.switch:
                return Fails(f"{message} unless `{blind.switch}` says so", blind.origin, noise=Noise.STRICT)
            return Fails(message, blind.origin, mended(sight, blind, function, world))
        case origin:
            return Holds(origin)


# ------------------------------------------------------------------------------------------ the alarm


def _added(function: Function, world: World) -> Fix:
    attributes = lambda: (  # noqa: E731 - made only for whoever applies the fix
        ("name", text_of(Ref(function.address, "function_name"), "-error-rate")),
        *query(0, id="rate", expression="100 * errors / invocations", returns=True),
        *_metric(1, "errors", "Errors", function),
        *_metric(2, "invocations", "Invocations", function),
        ("comparison", "GreaterThanThreshold"),
        ("threshold", world.choices.error_rate),
        ("evaluation_periods", 3),
        ("datapoints_to_alarm", 2),
        ("treat_missing_data", "notBreaching"),
    )
    title = f"add an alarm on an error rate above {world.choices.error_rate} %"
    return added(function, world, title, attributes, "errors")


def _metric(index: int, name: str, metric: str, function: Function) -> Iterator[tuple[str, Any]]:
    return query(
        index,
        id=name,
        namespace="AWS/Lambda",
        metric_name=metric,
        statistic="Sum",
        period=300,
        dimensions={"FunctionName": Ref(function.address, "function_name")},
        returns=False,
    )
