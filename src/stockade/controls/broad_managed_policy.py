"""A managed policy of AWS's grants the function more than functions need.

## Why it matters

Policies such as `AmazonS3FullAccess` are written for people who administer a service. Attached to a
function they are every action of it on everything in the account: not "read and write the upload
bucket" but delete any bucket, change its policy, make it public. Even `AmazonS3ReadOnlyAccess` reads
every object of every bucket.

What counts is what the policy says (AWS's own text, as of the date that every report names): actions
that can be scoped to a resource, allowed on all of them. Policies that only read make a softer
finding. Those made for functions (`AWSLambdaBasicExecutionRole`, `AWSLambdaVPCAccessExecutionRole`,
the queue and stream ones, X-Ray's) hold here; what they allow on logs is `unscoped-logs`' business.

## What it does not see

Policies of AWS's newer than its data: they are undecided. Whether the function uses what it is
granted. Administrator-like policies are `admin-role`'s business, policies of your own
`wildcard-action`'s and `wildcard-resource`'s. Policies that only tell how things are set up, and
nothing of what is kept in them, are shown from `strict` on.

## Fix

Attach a policy of your own: the actions that the code calls, on the resources that it uses.

Where the policy is attached by itself, or listed by the role, the fix puts what the code needs of it in its
place, if all that the role's functions call is known from their source. Else it shows the policy detached, and
a policy of your own with places for actions and ARNs; that is never applied, since what belongs there is known
to the code alone. For an attachment that is for others too nothing is proposed.

## Example

```hcl
resource "aws_lambda_function" "worker" {
  function_name = "worker"
  role          = aws_iam_role.worker.arn
}

resource "aws_iam_role" "worker" {
  name = "worker"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy_attachment" "worker" {
  role       = aws_iam_role.worker.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonS3FullAccess"
}
```

Use instead:

```hcl
resource "aws_lambda_function" "worker" {
  function_name = "worker"
  role          = aws_iam_role.worker.arn
}

resource "aws_iam_role" "worker" {
  name = "worker"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy" "worker" {
  role = aws_iam_role.worker.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["s3:GetObject", "s3:PutObject"]
      Resource = "arn:aws:s3:::my-app-uploads/*"
    }]
  })
}
```
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache, partial
from typing import Final

from stockade.checklist import Item
from stockade.control import (
    Drop,
    Fails,
    Fix,
    Holds,
    Noise,
    Put,
    Safety,
    Severity,
    Undecided,
    Verdict,
    control,
)
from stockade.iam.breadth import formats, limit, only_tells_settings, reads, scopes, unscoped
from stockade.iam.catalog import Action, Catalog
from stockade.iam.managed import managed, wholesale
from stockade.iam.policy import Document
from stockade.iam.request import Request
from stockade.model.access import Barred, Powers, some_resource
from stockade.model.detach import detached
from stockade.model.function import Function
from stockade.model.grants import listed, policy_name
from stockade.model.role import Grant
from stockade.model.world import World
from stockade.needs.exact import in_place_of
from stockade.remedies.arns import blank_actions
from stockade.remedies.instead import instead_of
from stockade.remedies.policies import blank, granting, role_to_give, statement
from stockade.value import Known, Unknown, Value

# Made for the roles of functions: what Lambda or its extensions do in the function's name.
_FOR_FUNCTIONS: Final = frozenset(
    {
        "AWSLambdaBasicDurableExecutionRolePolicy",
        "AWSLambdaBasicExecutionRole",
        "AWSLambdaDynamoDBExecutionRole",
        "AWSLambdaENIManagementAccess",
        "AWSLambdaKinesisExecutionRole",
        "AWSLambdaMSKExecutionRole",
        "AWSLambdaSQSQueueExecutionRole",
        "AWSLambdaVPCAccessExecutionRole",
        "AWSXRayDaemonWriteAccess",
        "AWSXrayWriteOnlyAccess",
        "AmazonS3ObjectLambdaExecutionRolePolicy",
        "CloudWatchLambdaApplicationSignalsExecutionRolePolicy",
        "CloudWatchLambdaInsightsExecutionRolePolicy",
    }
)


@control(
    Grant,
    severity=Severity.MEDIUM,
    item=Item.CUSTOM_ROLE,
    since="0.1.0",
    references=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html",
        "https://docs.aws.amazon.com/lambda/latest/dg/permissions-managed-policies.html",
    ),
)
def check(grant: Grant, world: World) -> Verdict | None:
    policy = grant.policy
    if policy and policy.kind in ("inline", "customer"):
        return None
    match grant.statement:
        case Unknown() as gap:
            return Undecided(gap)
        case Known(statement):
            pass
    if policy is None or isinstance(policy.document, Unknown) or statement.index:
        return None  # a policy is judged once, at its first statement
    name, document, because = policy_name(grant), policy.document.value, policy.arn.origin
    if name in _FOR_FUNCTIONS:
        return Holds(because)
    whole = wholesale(document)
    if whole.all_but is not None or "iam" in whole.services:
        return None
    actions = _granted(name) if managed(name) else _unscoped(document)
    if not actions:
        return Holds(because)
    writes = not all(map(reads, actions))
    powers, functions = world.powers_of(grant.execution_role), world.functions_of(grant)
    shown = partial(_shown, sorted(actions, key=reads), powers, functions) if powers else None
    if shown and powers and powers.is_limited and isinstance(barred := shown(), Barred):
        return Holds(barred.by.origin if barred.by else because)
    return Fails(
        f"`{name}` grants {_what(whole.services, actions, writes)} on every resource",
        because,
        instead_of(grant, in_place_of(grant, world)) or _fix(grant, actions),
        severity=Severity.MEDIUM if writes else Severity.LOW,
        noise=Noise.STRICT if all(map(only_tells_settings, actions)) else Noise.REGULAR,
        witness=lambda: found if shown and isinstance(found := shown(), Request) else None,
    )


def _shown(
    actions: Sequence[Action], powers: Powers, functions: Sequence[Function]
) -> Request | Barred | Unknown:
    """A request of the role that uses one of the actions on a resource that nobody chose."""
    catalog = Catalog.load()
    answer: Request | Barred | Unknown = Barred()
    for action in actions[:_MOST]:
        service = catalog.service(action.service)
        arn_format = service.resource_types[scopes(action)[0]] if service else ""
        answer = powers.shown(str(action), some_resource(arn_format, functions=functions))
        if isinstance(answer, Request):
            return answer
    return answer


_MOST: Final = 30
"""Actions that are tried, what writes first."""


def _fix(grant: Grant, actions: Sequence[Action]) -> Fix | None:
    """A policy with places for what the code calls in place of AWS's: only shown, since that is in the code."""
    found, role = detached(grant), role_to_give(grant.execution_role)
    if found is None or role is None:
        return None
    whole = found.left is None
    change = Drop(found.address) if whole else Put(found.address, "managed_policy_arns", found.left)
    service = Counter(one.service for one in actions).most_common(1)[0][0]
    named = statement((blank_actions(service),), blank("the ARNs that it calls them on"))
    own = granting(role, f"own-{service}", named)
    title = f"replace `{policy_name(grant)}` by the actions that the code calls, on what it uses"
    return Fix(title, Safety.SHOW, (own, change))


@cache
def _granted(name: str) -> tuple[Action, ...]:
    policy = managed(name)
    return _unscoped(policy.document) if policy else ()


def _unscoped(document: Document) -> tuple[Action, ...]:
    """The actions that a document allows on all there is, without a condition, though they can be scoped."""
    catalog = Catalog.load()
    out: dict[Action, None] = {}
    for stated in document.statements:
        if isinstance(stated, Unknown) or not stated.allows or limit(stated) is not None:
            continue
        seen: dict[str, Value[str] | None] = {}
        for pattern in stated.actions or ():
            for action in catalog.expand(pattern.value) if isinstance(pattern, Known) else ():
                service = catalog.service(action.service)
                if (
                    action not in out
                    and service
                    and isinstance(unscoped(stated, action, formats(action, service), seen), Known)
                ):
                    out[action] = None
    return tuple(out)


def _what(services: tuple[str, ...], actions: tuple[Action, ...], writes: bool) -> str:
    """What is granted: whole services where there are some, else single actions or how many."""
    catalog = Catalog.load()
    if services:
        # The largest first: it is what the policy is about.
        services = tuple(sorted(services, key=lambda one: -len(catalog.expand(f"{one}:*"))))
        first = catalog.service(services[0])
        what = f"all {len(first.expand('*'))} actions of {first.title}" if first else f"`{services[0]}:*`"
        others = len(services) - 1
        return f"{what} and of {others} more service{'s' if others > 1 else ''}" if others else what
    if len(actions) < 3:
        return listed(map(str, actions))
    titles = [
        service.title for one in dict.fromkeys(a.service for a in actions) if (service := catalog.service(one))
    ]
    of = " and ".join(titles) if len(titles) < 3 else f"{len(titles)} services"
    return f"{len(actions)} actions of {of}, {'writing ones among them' if writes else 'all of them reading'},"
