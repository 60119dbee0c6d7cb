"""No alarm tells when the function is invoked far more than usual.

## Why it matters

A loop, a retry storm, a client gone wild or an attack shows first in how often a function is invoked.
Each invocation is paid for, and a flood of them takes the concurrency that the account's other
functions share. The bill tells of it a month later.

An alarm on `Invocations` or `ConcurrentExecutions` counts if it would fire for this function (or for
all functions together) and somebody would hear of it: dimensions, statistic, a threshold above or a
band that can be crossed, actions that are set and enabled.

## What it does not see

Alarms of another stack, or on the bill. Whether the threshold is a good one. An alarm on *few*
invocations is about something else and does not count. Where an alarm of another input of the same
scan may be for the function, the answer is undecided.

Where an alarm is on the requests of the API in front, this is shown from `strict` on. So is a function
that nothing but the account's own operations invoke (a schedule, an alarm, a finding of GuardDuty, a
deployment or an object that it writes into a bucket, a state machine): it runs as often as these say.
And so is one that CloudFront runs at its edge.

A function whose event source mappings bound how many run at once is shown from `strict` on as well, and
so is one that reserves a concurrency of one, and a chore by its name (a migration, a restore, a load
test) that nothing here invokes: somebody runs it by hand. So is an alarm whose actions a variable of
the root module turns on: who deploys decides.

## Fix

Add an alarm above the band that CloudWatch learns from the function's own traffic, so that there is no
number to guess. It notifies `alarm-topic` under `[fix]` in `stockade.toml`, else what other alarms of the
project do, or a topic named for alarms; where there is none, one is added, to which you have to subscribe
somebody. Of an alarm that cannot fire the one attribute that is amiss is set.

## Example

```hcl
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = "arn:aws:iam::123456789012:role/orders"
}

resource "aws_cloudwatch_metric_alarm" "invocations" {
  alarm_name          = "orders-invocations"
  namespace           = "AWS/Lambda"
  metric_name         = "Invocations"
  statistic           = "Average" # of ones
  period              = 300
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 1000
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

resource "aws_cloudwatch_metric_alarm" "invocations" {
  alarm_name          = "orders-invocation-spike"
  evaluation_periods  = 3
  datapoints_to_alarm = 2
  comparison_operator = "GreaterThanUpperThreshold"
  threshold_metric_id = "band"
  treat_missing_data  = "notBreaching"
  alarm_actions       = ["arn:aws:sns:eu-west-1:123456789012:alarms"]

  metric_query {
    id          = "invocations"
    return_data = true

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

  metric_query {
    id          = "band"
    expression  = "ANOMALY_DETECTION_BAND(invocations, 3)"
    label       = "Invocations (expected)"
    return_data = true
  }
}
```
"""

from __future__ import annotations

from typing import Any

from stockade.checklist import Item
from stockade.control import Fails, Fix, Holds, Noise, Severity, Undecided, Verdict, control
from stockade.model.at_edge import at_edge
from stockade.model.by_hand import by_hand
from stockade.model.function import Function
from stockade.model.pace import pace_of
from stockade.model.polled import bound_of
from stockade.model.telling import telling
from stockade.model.trial import Blind, Matter
from stockade.model.world import World
from stockade.remedies.alarms import added, mended, query
from stockade.value import Default, Known, Ref, Unknown, text_of


@control(
    Function,
    severity=Severity.LOW,
    item=Item.INVOCATION_ALARM,
    since="0.1.0",
    references=(
        "https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html",
        "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Anomaly_Detection.html",
    ),
)
def check(function: Function, world: World) -> Verdict:
    sight = world.watch.over(function, Matter.INVOCATIONS)
    if sight is None and (gap := world.unread_alarms):
        return Undecided(Unknown(f"{gap.what}, and may have an alarm in it: {gap.reason}", gap.origin))
    if sight is None and (far := world.watch_elsewhere.over(function, Matter.INVOCATIONS)):
        reason = f"`{far.alarm.address}`, an alarm of another input, may be for this function"
        return Undecided(Unknown(reason, far.alarm.origin))
    if sight is None:
        message = "no alarm in this input tells when this function is invoked far more than usual"
        because = Default("nothing watches the metrics `Invocations` or `ConcurrentExecutions`")
        if edge := at_edge(function, world):
            message = f"{message}, though it runs only when somebody calls CloudFront"
            return Fails(message, because, also=(edge,), noise=Noise.STRICT)
        if told := telling(function, world, Matter.INVOCATIONS):
            message = f"no alarm is on the invocations of this function itself, though {told.clause}"
            return Fails(message, because, _added(function, world), also=(told.origin,), noise=Noise.STRICT)
        pace = pace_of(function, world)
        bound = bound_of(function, world)
        if pace is None and bound is not None:
            message = f"{message}, though {bound.clause}"
            return Fails(message, because, _added(function, world), also=(bound.origin,), noise=Noise.STRICT)
        if pace is not None:
            also, message = (pace.origin,), f"{message}, though nothing but {pace.by} invokes it"
            return Fails(message, because, _added(function, world), also=also, noise=Noise.STRICT)
        if hand := by_hand(function, world):
            message = f"{message}; by its name, and as nothing here invokes it, it is run by hand"
            return Fails(message, because, _added(function, world), also=(hand,), noise=Noise.STRICT)
        if (one_by_one := function.reserved_concurrency) and one_by_one == Known(1, one_by_one.origin):
            message = f"{message}, though no two of its invocations run at once"
            also = (one_by_one.origin,)
            return Fails(message, because, _added(function, world), also=also, noise=Noise.STRICT)
        together = "no alarm in this input tells when one of these {n} functions is invoked far more than usual"
        return Fails(message, because, _added(function, world), together=together)
    match sight.stands:
        case Unknown() as unknown:
            return Undecided(unknown)
        case Blind() as blind:
            message = f"the alarm on this function's invocations {blind.reason}"
            if blind.switch:
                return Fails(f"{message} unless `{blind.switch}` says so", blind.origin, noise=Noise.STRICT)
            return Fails(message, blind.origin, mended(sight, blind, function, world))
        case origin:
            return Holds(origin)


# ------------------------------------------------------------------------------------------ the alarm


def _added(function: Function, world: World) -> Fix:
    return added(
        function,
        world,
        "add an alarm on a spike of invocations",
        lambda: _attributes(function),
        "invocations",
    )


def _attributes(function: Function) -> tuple[tuple[str, Any], ...]:
    metric = {
        "namespace": "AWS/Lambda",
        "metric_name": "Invocations",
        "statistic": "Sum",
        "period": 300,
        "dimensions": {"FunctionName": Ref(function.address, "function_name")},
    }
    return (
        ("name", text_of(Ref(function.address, "function_name"), "-invocation-spike")),
        *query(0, id="invocations", returns=True, **metric),
        *query(1, id="band", expression="ANOMALY_DETECTION_BAND(invocations, 3)", returns=True),
        ("comparison", "GreaterThanUpperThreshold"),
        ("threshold_metric_id", "band"),
        ("evaluation_periods", 3),
        ("datapoints_to_alarm", 2),
        ("treat_missing_data", "notBreaching"),
    )
