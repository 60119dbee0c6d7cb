"""Several functions run as one role, so each has the permissions of all.

## Why it matters

A role that several functions share must allow what any of them needs. Who takes over the least guarded
of them, through a bug or a dependency, may then do what the most trusted one was given: write to its
tables, read its secrets. With a role each, the damage ends where the function's own task ends, and an
unused permission can be told from a used one.

Functions of one `for_each` or `count`, or of one package and handler, do the same thing; that they
share a role is a finer point, shown from `strict` on. So is one function in several regions, and a role that
only lets its functions write logs and the like.

## What it does not see

Functions outside of this input that run as the same role. Which of several functions are made, where that
depends on a variable: "up to" so many share it then. Which of the permissions each function
needs: that they differ is taken from their code and handlers.

## Fix

Give each function a role of its own, with what that function needs. The fix shows a role for each but the
first, with the permissions that any function needs (its logs; network interfaces and traces where it has them):
which of the others belong to which function only their code can tell, so it is never applied.

## Example

```hcl
resource "aws_iam_role" "lambda" {
  name = "lambda"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "lambda.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role_policy" "lambda" {
  name = "lambda"
  role = aws_iam_role.lambda.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "dynamodb:PutItem"
      Resource = "arn:aws:dynamodb:eu-west-1:123456789012:table/orders"
    }]
  })
}

resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = aws_iam_role.lambda.arn
  filename      = "orders.zip"
  handler       = "orders.handler"
  runtime       = "python3.13"
}

resource "aws_lambda_function" "thumbnails" {
  function_name = "thumbnails"
  role          = aws_iam_role.lambda.arn
  filename      = "thumbnails.zip"
  handler       = "thumbnails.handler"
  runtime       = "python3.13"
}
```

Use instead:

```hcl
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = "arn:aws:iam::123456789012:role/orders"
  filename      = "orders.zip"
  handler       = "orders.handler"
  runtime       = "python3.13"
}

resource "aws_lambda_function" "thumbnails" {
  function_name = "thumbnails"
  role          = "arn:aws:iam::123456789012:role/thumbnails"
  filename      = "thumbnails.zip"
  handler       = "thumbnails.handler"
  runtime       = "python3.13"
}
```
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from stockade.checklist import Item
from stockade.control import Fails, Fix, Holds, Noise, Safety, Severity, Undecided, Verdict, control
from stockade.iam.match import Shape
from stockade.model.failures import keeps_failures
from stockade.model.function import Function
from stockade.model.grants import listed
from stockade.model.power import heaviest
from stockade.model.relate import calls_of, comparable
from stockade.model.role import ExecutionRole
from stockade.model.world import World
from stockade.patterns import lazy_regex
from stockade.remedies.own_role import own_role
from stockade.remedies.policies import one_of_several
from stockade.value import Hole, Known, Unknown, Value, places

_INDEX: Final = lazy_regex(r'\[(?:"[^"]*"|\d+)\]')
_PLACES: Final = 6
"""How many of the functions are shown as evidence."""
_NAMED: Final = 3
"""Up to how many functions are named in the message: of more the list beside it is easier to read."""


@control(
    ExecutionRole,
    severity=Severity.LOW,
    item=Item.CUSTOM_ROLE,
    since="0.1.0",
    references=("https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html",),
)
def check(role: ExecutionRole, world: World) -> Verdict:
    functions = world.functions_of(role)
    first = functions[0].role
    if len(functions) < 2:
        if isinstance(first, Unknown) and first.text is None and len(world.functions) > 1:
            return Undecided(first)
        return Holds(first.origin)
    power = heaviest(
        grant
        for grant in world.grants_of(functions[0])
        if not any(keeps_failures(grant, one, world) for one in functions)
    )
    regular = power is not None and _differ(functions)
    names = f", {listed((_name(one) for one in functions), most=_NAMED)}" if len(functions) <= _NAMED else ""
    most = "up to " if any(one.doubt for one in functions) else ""
    given = f": each of them has `{power}`, whichever needs it" if power else ""
    return Fails(
        f"{most}{len(functions)} functions run as this role{names}{given}",
        role.role.value.origin if isinstance(role.role, Known) else first.origin,
        _fix(role, functions, world),
        also=tuple(one.role.origin for one in functions[:_PLACES]),
        noise=None if regular else Noise.STRICT,
    )


def _fix(role: ExecutionRole, functions: Sequence[Function], world: World) -> Fix:
    """A role for each but the first, with what any function needs: what else is whose the code alone tells."""
    note = (
        "move to each role the statements that its function needs; what is left in the old one is then the "
        f"business of `{_name(functions[0])}` alone"
    )
    title = "give each function a role of its own"
    made = [own_role(one, world) for one in functions[1:]]
    if isinstance(role.role, Unknown) or any(one_of_several(one.address) for one in functions) or not all(made):
        how = "make the role as often as the function, by the same `for_each` or `count`, or name one for each"
        return Fix(title, Safety.SHOW, (), note=f"{how}; {note}")
    changes = tuple(change for one in made for change in one)
    return Fix(title, Safety.SHOW, changes, note=note)


def _differ(functions: Sequence[Function]) -> bool:
    """Whether functions are there for different things."""
    blocks = {_INDEX.sub("", one.address) for one in functions}
    tasks = [_task(one) for one in functions]
    return len(blocks) > 1 and (None in tasks or len(set(tasks)) > 1) and not _is_one_in_regions(functions)


def _is_one_in_regions(functions: Sequence[Function]) -> bool:
    """Whether it is one function in several regions: of one declaration, and one name but for the region's."""
    names = {_name_anywhere(one) for one in functions}
    written = {(place.span.source.path, place.span.start) for one in functions for place in places(one.origin)}
    regions = {comparable(one.region) if one.region else () for one in functions}
    return len(names) == len(written) == 1 and bool(*names) and len(regions) == len(functions)


def _name_anywhere(function: Function) -> Shape:
    """The name as text to compare, without the region that may be a part of it.

    What it takes from its own module is the same in each region's call of the module around it.
    """
    region = function.region.value if isinstance(function.region, Known) else ""
    around = next(iter(calls_of(function.address)), "")
    out: list[str | Hole] = []
    for one in comparable(function.name):
        if isinstance(one, str):
            out.append(one.replace(region, "") if region else one)
        else:
            out.append(Hole(one.name.removeprefix(around)))
    return tuple(out)


def _task(function: Function) -> tuple[Shape, ...] | None:
    """The code and handler by which a function is known; ``None`` where not all of it is."""
    parts: list[Value[str | None]] = [
        function.filename,
        function.s3_bucket,
        function.s3_key,
        function.image_uri,
        function.handler,
    ]
    found: list[Shape] = []
    for part in parts:
        if isinstance(part, Unknown):
            if not (shape := comparable(part)):
                return None
            found.append(shape)
        else:
            found.append((part.value,) if part.value is not None else ())
    return tuple(found) if any(found[:4]) else None


def _name(function: Function) -> str:
    return function.name.value if isinstance(function.name, Known) else function.address
