"""The function may cause the very event that invokes it.

## Why it matters

A function that writes to the bucket, queue or topic that invokes it runs for ever: each run makes the
next, often more than one. The bill grows until somebody notices, and the loop takes the concurrency of
all other functions.

Lambda stops such a loop after 16 rounds, where it sees it: through SQS, SNS, S3 and direct invocations,
with a recent AWS SDK. It does not see loops through DynamoDB or Kinesis streams, and
`recursive_loop = "Allow"` switches it off, which makes the finding a severe one.

It fails only where both halves are known: a trigger, and a statement of the role that names what pulls
it. Where the statement covers it only by a wildcard, or the trigger has a filter that what is written may
not pass, and for streams, it is shown from `strict` on. So is a queue that the function reads and may
send to: who grants just that has a worker in mind that puts messages back.

## What it does not see

What the code really does; loops over several functions, or over a service in between. A function that
calls itself on purpose is a reason to accept the finding, as is one that publishes again.

## Fix

Write somewhere else: to another bucket, queue or topic. Where it has to be the same bucket, invoke on
one prefix and allow writing to another; the fix shows where the prefix belongs. What the function is meant to
write, and where, the configuration does not say.

## Example

```hcl
resource "aws_lambda_function" "thumbnails" {
  function_name = "thumbnails"
  role          = aws_iam_role.thumbnails.arn
}

resource "aws_s3_bucket_notification" "uploads" {
  bucket = "uploads"

  lambda_function {
    lambda_function_arn = aws_lambda_function.thumbnails.arn
    events              = ["s3:ObjectCreated:*"]
  }
}

resource "aws_iam_role" "thumbnails" {
  name = "thumbnails"
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
  role = aws_iam_role.thumbnails.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["s3:GetObject", "s3:PutObject"]
      Resource = "arn:aws:s3:::uploads/*"
    }]
  })
}
```

Use instead:

```hcl
resource "aws_lambda_function" "thumbnails" {
  function_name = "thumbnails"
  role          = aws_iam_role.thumbnails.arn
}

resource "aws_s3_bucket_notification" "uploads" {
  bucket = "uploads"

  lambda_function {
    lambda_function_arn = aws_lambda_function.thumbnails.arn
    events              = ["s3:ObjectCreated:*"]
    filter_prefix       = "originals/"
  }
}

resource "aws_iam_role" "thumbnails" {
  name = "thumbnails"
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
  role = aws_iam_role.thumbnails.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = "s3:GetObject"
        Resource = "arn:aws:s3:::uploads/originals/*"
      },
      {
        Effect   = "Allow"
        Action   = "s3:PutObject"
        Resource = "arn:aws:s3:::uploads/thumbnails/*"
      },
    ]
  })
}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.checklist import Item
from stockade.control import Fails, Fix, Holds, Noise, Put, Safety, Severity, Undecided, Verdict, control
from stockade.model.function import Function
from stockade.model.grants import place
from stockade.model.loops import Loop, loops, pulls
from stockade.model.trigger import BucketTrigger, EventSourceMapping, TopicSubscription, Trigger
from stockade.model.world import World
from stockade.remedies.policies import blank
from stockade.value import Known, Origin, Unknown


@control(
    Function,
    severity=Severity.MEDIUM,
    item=Item.OPERATIONS,
    since="0.1.0",
    references=(
        "https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html",
        "https://docs.aws.amazon.com/lambda/latest/dg/with-s3.html",
    ),
)
def check(function: Function, world: World) -> Verdict | None:
    found = list(loops(function, world))
    closed = [one for one in found if isinstance(one, Loop)]
    if closed:
        return _failing(min(closed, key=lambda one: (_doubt(one) is not None, not one.plain)), function, world)
    gap = next((one for one in found if isinstance(one, Unknown)), None)
    if gap is not None:
        return Undecided(gap)
    unread = next(filter(None, map(_unread, world.triggers_of(function))), None)
    if unread is not None:
        return Undecided(unread)
    trigger = next((one for one in world.triggers_of(function) if pulls(one)), None)
    return Holds(trigger.origin) if trigger else None


def _unread(trigger: Trigger) -> Unknown | None:
    """What a trigger belongs to, where nothing at all is known of that and the trigger itself is in doubt."""
    match trigger:
        case BucketTrigger(bucket=Unknown(text=None) as source):
            pass
        case TopicSubscription(topic_arn=Unknown(text=None) as source):
            pass
        case EventSourceMapping(source_arn=Unknown(text=None) as source):
            pass
        case _:
            return None
    return source if trigger.doubt is not None else None


def _failing(loop: Loop, function: Function, world: World) -> Verdict:
    doubt = _doubt(loop)
    if doubt is not None:
        return Undecided(doubt)
    allowed = next((one for one in _allowed(function, world)), None)
    also = (loop.trigger.origin,) if loop.trigger else ()
    return Fails(
        f"{loop.sentence}, and Lambda is told not to stop such a loop" if allowed else loop.sentence,
        place(loop.grant, loop.origin),
        _fix(loop, len(world.functions_of(loop.grant))),
        also=(*also, allowed) if allowed else also,
        severity=Severity.HIGH if allowed else None,
        noise=None if loop.plain and (allowed or not _is_intended(loop)) else Noise.STRICT,
    )


def _fix(loop: Loop, sharing: int) -> Fix:
    """Somewhere else to write to, or a prefix that tells what is read from what is written.

    ``sharing`` functions have the permission: which of them writes, the role does not say.
    """
    trigger = loop.trigger
    note = "let the function write to another bucket, queue, topic or table than the one that invokes it"
    if isinstance(trigger, BucketTrigger) and isinstance(trigger.prefix, Known) and not trigger.prefix.value:
        change = Put(trigger.address, f"functions[{trigger.key}].prefix", blank("the prefix of what it reads"))
        note = "the role may write to another prefix only, best in another bucket"
        return Fix("invoke on one prefix, and let the role write to another", Safety.SHOW, (change,), note=note)
    if sharing > 1:
        note += f"; if another of the {sharing} functions with this role writes there, give each its own"
    return Fix("write somewhere else", Safety.SHOW, (), note=note)


def _is_intended(loop: Loop) -> bool:
    """Whether the permission has no other use than to put back what was read, as workers do with a queue."""
    return isinstance(loop.trigger, EventSourceMapping)


def _doubt(loop: Loop) -> Unknown | None:
    """Why one half of the loop may not exist."""
    return loop.grant.doubt or (loop.trigger.doubt if loop.trigger else None)


def _allowed(function: Function, world: World) -> Iterator[Origin]:
    """Where Lambda is told to let the function loop."""
    for config in world.recursion_configs_of(function):
        match config.recursive_loop:
            case Known("Allow", origin) if config.doubt is None:
                yield origin
