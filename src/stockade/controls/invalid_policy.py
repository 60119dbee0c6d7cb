"""A policy of the function says what AWS does not understand, or takes otherwise than it reads.

## Why it matters

IAM saves a policy with a misspelt action, an ARN in the wrong form or a condition on a key that does not
exist. It then does not allow what it was written for, or does not deny it, and nobody is told: a Deny with a
misspelt action denies nothing.

AWS checks policies for such mistakes with IAM Access Analyzer's policy validation. This says what it says, by
its codes, without asking it: of the role's policies, its trust policy and its permissions boundary. What
AWS calls errors is shown, its security warnings from `strict` on where no other control tells them, its
warnings and suggestions for an `audit`. So is the name of an operation that is no action
(`sqs:DeleteMessageBatch`) beside the action that allows it: it changes nothing. `stockade iam validate` says
all of it of policies in files.

## What it does not see

Actions, condition keys and ARNs are held against a copy of AWS's Service Authorization Reference, whose date
every report gives: what AWS has added since is taken for a mistake. Some codes cannot be decided offline,
others not in full; the table in docs/iam/validation-codes.md says which and why. The values of conditions
that are known only after deployment are not looked at, and neither are policies that AWS keeps or the policies
of other resources, such as a bucket's.

## Fix

Where a name that does not exist comes near to exactly one that does, it is replaced by that. Anything else
only its author can know; the message says what AWS would take.

## Example

```hcl
resource "aws_lambda_function" "reader" {
  function_name = "reader"
  role          = aws_iam_role.reader.arn
}

resource "aws_iam_role" "reader" {
  name = "reader"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy" "reader" {
  role = aws_iam_role.reader.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["s3:GetObjects", "s3:ListBucket"]
      Resource = ["arn:aws:s3:::my-app-uploads", "arn:aws:s3:::my-app-uploads/*"]
    }]
  })
}
```

Use instead:

```hcl
resource "aws_lambda_function" "reader" {
  function_name = "reader"
  role          = aws_iam_role.reader.arn
}

resource "aws_iam_role" "reader" {
  name = "reader"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy" "reader" {
  role = aws_iam_role.reader.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["s3:GetObject", "s3:ListBucket"]
      Resource = ["arn:aws:s3:::my-app-uploads", "arn:aws:s3:::my-app-uploads/*"]
    }]
  })
}
```
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from stockade.checklist import Item
from stockade.control import Fails, Fix, Holds, Noise, Rewrite, Safety, Severity, Undecided, Verdict, control
from stockade.iam.match import action_matches
from stockade.iam.validate import Finding, Type, allowing
from stockade.model.validity import PolicyPart, element
from stockade.model.world import World
from stockade.value import Known, Text, Unknown, Value

_NOISE: Final = {
    Type.ERROR: Noise.REGULAR,
    Type.SECURITY_WARNING: Noise.STRICT,
    Type.WARNING: Noise.AUDIT,
    Type.SUGGESTION: Noise.AUDIT,
}

# What another control tells of the same statements, with more to say about it.
_TOLD_BY: Final = {
    "PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE": "wildcard-action",
    "PASS_ROLE_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE": "wildcard-action",
    "PASS_ROLE_WITH_STAR_IN_RESOURCE": "wildcard-resource",
    "MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL": "foreign-trust",
    "MISSING_GITHUB_REPO_CONDITION_KEY": "foreign-trust",
}


@control(
    PolicyPart,
    severity=Severity.MEDIUM,
    item=Item.VALID_POLICIES,
    since="0.1.0",
    references=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-policy-validation.html",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html",
    ),
)
def check(part: PolicyPart, world: World) -> Verdict | None:
    noise = {one: _noise(part, one) for one in part.findings}
    if Noise.REGULAR not in noise.values() and (gap := _open(part)) is not None:
        return Undecided(gap)
    if not noise:
        return Holds(part.origin)
    first = min(part.findings, key=noise.__getitem__)
    alike = [one for one in part.findings if noise[one] is noise[first]]
    grave = first.type is Type.SECURITY_WARNING or noise[first] is Noise.REGULAR
    return Fails(
        _message(first, alike),
        first.origin,
        _fix(part, alike),
        also=tuple(one.origin for one in alike[1:]),
        severity=Severity.MEDIUM if grave else Severity.LOW,
        noise=noise[first],
        told_by=_TOLD_BY.get(first.code, "") if len(alike) == 1 else "",
    )


def _noise(part: PolicyPart, one: Finding) -> Noise:
    """An operation's name beside the action that allows it changes nothing: SAM's own templates have some."""
    match element(part.tree, one.path):
        case Known(str() as text) if one.code == "INVALID_ACTION" and (meant := allowing(text)):
            if _has(_texts(element(part.tree, one.path[:-1])), meant):
                return Noise.AUDIT
    return _NOISE[one.type]


def _open(part: PolicyPart) -> Unknown | None:
    """What keeps it from being known whether there is an error.

    A value of a condition that is not known is none: what is wrong with such values are mostly warnings, and
    nearly every project has account identifiers there that only deployment fills in.
    """
    return next((why for path, why in part.open if not (len(path) > 4 and path[2] == "Condition")), None)


def _message(first: Finding, alike: Sequence[Finding]) -> str:
    more = len(alike) - 1
    others = f", and {more} more mistake{'s' if more > 1 else ''} in the same statement" if more else ""
    return f"{first.message}{others} ({first.code}); {first.help}"


def _fix(part: PolicyPart, findings: Sequence[Finding]) -> Fix | None:
    """Write the one name that is meant, where that is beyond doubt for all that is wrong."""
    instead: dict[str, dict[str, str]] = {}
    if any(one.instead is None for one in findings):
        return None
    for one in findings:
        name = one.path[2] if len(one.path) > 2 else None
        match element(part.tree, one.path):
            case Known(str() as text) if one.instead and name in ("Action", "NotAction", "Effect"):
                instead.setdefault(str(name), {})[text] = one.instead
            case _:
                return None
    if not instead or not part.attribute or part.statement is None:
        return None
    changes = []
    steps: dict[str, None] = {}
    for name, names in instead.items():
        written = element(part.tree, ("Statement", part.statement, name))
        value = _rewritten(written, names)
        if value is None:
            return None
        changes.append(Rewrite(part.address, part.attribute, part.statement, name, value))
        there = _texts(written)
        for old, new in names.items():
            steps[f"remove `{old}`" if _has(there, new) else f"write `{new}`"] = None
    return Fix(", ".join(steps), Safety.REVIEW, tuple(changes))


def _texts(value: Value[Any] | None) -> frozenset[str]:
    """The known texts of an element that is a list."""
    inner = value.value if isinstance(value, Known) and isinstance(value.value, tuple) else ()
    return frozenset(one.value for one in inner if isinstance(one, Known) and isinstance(one.value, str))


def _has(texts: frozenset[str], name: str) -> bool:
    """Whether an action is among texts, or covered by a wildcard of them."""
    return any(action_matches(one, name) for one in texts)


def _rewritten(value: Value[Any] | None, names: Mapping[str, str]) -> Any:
    """An element with names replaced, each once, or removed where what they mean is there already.

    ``None`` where a part of it is not known.
    """
    if not isinstance(value, Known):
        return None
    if isinstance(value.value, str):
        return names.get(value.value, value.value)
    there = _texts(value)
    out: dict[str | Text, None] = {}
    for one in value.value:
        match one:
            case Known(str() as text):
                if text not in names:
                    out[str(text)] = None
                elif not _has(there, names[text]):
                    out[names[text]] = None
            case Unknown(_, _, Text() as text):
                out[text] = None
            case _:
                return None
    return list(out)
