"""The function's logs are not encrypted with a customer key where its other data is.

## Why it matters

CloudWatch encrypts all logs, with a key of its own. A customer key adds that you decide who can read
them, see every use in CloudTrail and can take the key away. That matters where you have decided so for
the same data elsewhere: a function whose environment is encrypted with a customer key logs what it reads
from there, and one log group without the key that others have is mostly an oversight. It counts where
half of the functions log with such a key. The message names the fact. Without such a fact this is shown
at `audit` noise only.

## What it does not see

What the function really logs, whether the key's policy lets CloudWatch Logs use it, and log groups of
another stack.

## Fix

Give the log group the key that the function, or the other log groups of the project, have; one that nobody
declares is declared, with a retention besides. The key's
policy has to allow `logs.<region>.amazonaws.com` to use it, without which the change is refused: hence
a review. What was logged before stays as it was.

## Example

```hcl
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = "arn:aws:iam::123456789012:role/orders"
  kms_key_arn   = "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
}

resource "aws_cloudwatch_log_group" "orders" {
  name              = "/aws/lambda/orders"
  retention_in_days = 30
}
```

Use instead:

```hcl
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = "arn:aws:iam::123456789012:role/orders"
  kms_key_arn   = "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
}

resource "aws_cloudwatch_log_group" "orders" {
  name              = "/aws/lambda/orders"
  retention_in_days = 30
  kms_key_id        = "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
}
```
"""

from __future__ import annotations

from stockade.checklist import Item
from stockade.control import Fails, Fix, Holds, Noise, Put, Safety, Severity, Undecided, Verdict, control
from stockade.model.function import Function
from stockade.model.logs import LogGroup
from stockade.model.reach import is_given
from stockade.model.world import World
from stockade.records import dataclass
from stockade.remedies.logs import declared, writable
from stockade.value import Default, Origin, Unknown, Value


@control(
    Function,
    severity=Severity.LOW,
    noise=Noise.AUDIT,
    item=Item.OPERATIONS,
    since="0.1.0",
    same_as=("CKV_AWS_158", "aws-cloudwatch-log-group-customer-key", "AVD-AWS-0017", "AWS-0017"),
    references=(
        "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html",
        "https://docs.aws.amazon.com/lambda/latest/dg/security-encryption-at-rest.html",
    ),
)
def check(function: Function, world: World) -> Verdict:
    groups = world.log_groups_of(function)
    if not groups:
        return _undeclared(function, world)
    verdicts = [_group(one, function, world) for one in groups]
    return next((one for one in verdicts if not isinstance(one, Holds)), verdicts[0])


def _group(group: LogGroup, function: Function, world: World) -> Verdict:
    key = group.kms_key_arn
    if is_given(key):
        return Undecided(group.doubt) if group.doubt else Holds(key.origin)
    if isinstance(key, Unknown):
        return Undecided(key)
    because = group.origin if isinstance(key.origin, Default) else key.origin
    fact = _fact(function, world)
    written = writable(fact.key, group.address) if fact else None
    fix = None
    if written is not None:
        title = "encrypt the log group with the same key, which has to let CloudWatch Logs use it"
        fix = Fix(title, Safety.REVIEW, (Put(group.address, "kms_key_arn", written),))
    return _failing(because, fact, fix)


def _undeclared(function: Function, world: World) -> Verdict:
    """No log group of this input is the function's: Lambda makes one, without a customer key."""
    if isinstance(function.log_group, Unknown):
        return Undecided(function.log_group)
    if function.log_group.value is not None:
        name = function.log_group
        return Undecided(Unknown(f"the log group `{name.value}` is not in this input", name.origin))
    made = Default("Lambda makes the log group, without a customer key")
    fact = _fact(function, world)
    key = writable(fact.key, function.address) if fact else None
    fix = None
    if key is not None:
        title = "declare the log group, encrypted with the same key, which has to let CloudWatch Logs use it"
        said = declared(function, world)
        fix = Fix(title, Safety.REVIEW, said.changes, note=said.note)
    return _failing(made, fact, fix)


@dataclass(frozen=True, slots=True)
class _Fact:
    """What makes a customer key matter: a clause for the message, its place and the key."""

    clause: str
    origin: Origin
    key: Value[str | None]


def _fact(function: Function, world: World) -> _Fact | None:
    key = function.kms_key_arn
    if is_given(key):
        return _Fact("the function's environment is encrypted with a customer key", key.origin, key)
    if group := world.log_group_with_key:
        clause = "another function's logs here are encrypted with a customer key"
        return _Fact(clause, group.kms_key_arn.origin, group.kms_key_arn)
    return None


def _failing(because: Origin, fact: _Fact | None, fix: Fix | None) -> Verdict:
    if fact is None:
        return Fails("the logs of this function are not encrypted with a customer key", because)
    message = f"{fact.clause}, the logs of this function are not"
    return Fails(message, because, fix, also=(fact.origin,), noise=Noise.REGULAR)
