"""The function's runtime is deprecated, or soon will be.

## Why it matters

A deprecated runtime gets no more security patches, and AWS gives no support for it. Some time later
no function can be created with it any more, and then none be updated: the fix for tomorrow's
vulnerability cannot be deployed without a migration first.

A runtime that will be deprecated within 180 days is a low finding, until the last 90 of them for a strict
reader; a deprecated one is a medium finding, and
one whose functions can no longer be updated a high one.

## What it does not see

The base image of a function that is a container image, unless its Dockerfile is known from the input (SAM's
`DockerContext`, an asset of the CDK, a `docker_image` of Terraform's that the function's `image_uri` is read
through) and builds on one of those that AWS publishes: otherwise the verdict stays undecided. What AWS
announced after the day that the table is of: dates that lay in the future then are AWS's plan, which has
moved before. The version of the runtime within its family, which AWS patches on its own unless the function
pins one: that is `pinned-runtime`.

## Fix

Move to the newest runtime of the family, as the fix does, for review. The code must be tested with it, and
dependencies with compiled parts built for it. Tools that are older than the runtime, Terraform's AWS provider
among them, refuse it: where a project pins such a provider, the fix takes the newest that it knows.

From `go1.x` the fix is a breaking one, since the executable has to be called `bootstrap` for its successor; and
for .NET, since the package has to be built for the newer framework. Both are deployed together with the new
package.

## Example

```hcl
resource "aws_lambda_function" "api" {
  function_name = "api"
  role          = "arn:aws:iam::123456789012:role/api"
  filename      = "api.zip"
  handler       = "main.handler"
  runtime       = "python3.8"
}
```

Use instead:

```hcl
resource "aws_lambda_function" "api" {
  function_name = "api"
  role          = "arn:aws:iam::123456789012:role/api"
  filename      = "api.zip"
  handler       = "main.handler"
  runtime       = "python3.13"
}
```
"""

from __future__ import annotations

import re

from stockade.checklist import Item
from stockade.control import Fails, Fix, Holds, Noise, Put, Safety, Severity, Undecided, Verdict, control
from stockade.model.function import Function
from stockade.model.runtimes import Runtime, Stage, as_of, runtime_of_image, runtimes, told
from stockade.model.world import World
from stockade.value import Known, Unknown


@control(
    Function,
    severity=Severity.MEDIUM,
    item=Item.CURRENT_RUNTIME,
    since="0.1.0",
    references=("https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html",),
)
def check(function: Function, world: World) -> Verdict:
    match function.package_type, function.runtime:
        case (_, Known(str() as name, origin)):
            pass
        case (Known("Image", origin), Known(None)):
            image = world.shelf.base_image_of(function)
            if isinstance(image, Unknown):
                return Undecided(image)
            name, origin = runtime_of_image(image.value) or "", image.origin
            if not name:
                reason = f"`{image.value}` is none of the base images that AWS publishes"
                return Undecided(Unknown(reason, origin))
        case (_, Known(None, origin)):
            return Undecided(Unknown("no runtime is set, which only a container image may leave out", origin))
        case (_, Unknown() as gap):
            return Undecided(gap)
    runtime = runtimes().get(name)
    if runtime is None:
        return Undecided(Unknown(f"`{name}` is not a runtime in the table of {as_of()}", origin))
    match runtime.stage(world.today):
        case Stage.CURRENT:
            return Holds(origin)
        case Stage.ENDING:
            message = f"`{name}` will be deprecated on {told(runtime.deprecated)}"
            noise = None if runtime.is_near(world.today) else Noise.STRICT
            return Fails(message, origin, _fix(function, runtime), severity=Severity.LOW, noise=noise)
        case Stage.DEPRECATED:
            message, severity = f"{_deprecated(runtime)}{_outlook(runtime)}", Severity.MEDIUM
        case Stage.FROZEN:
            message, severity = f"{_deprecated(runtime)}, and the function cannot be updated", Severity.HIGH
    return Fails(f"{message} (AWS's dates as of {as_of()})", origin, _fix(function, runtime), severity=severity)


def _deprecated(runtime: Runtime) -> str:
    return f"`{runtime.name}` was deprecated on {runtime.deprecated} and gets no security patches"


def _outlook(runtime: Runtime) -> str:
    """What comes next; whoever tells it says of which day AWS's dates are."""
    blocked = runtime.update_blocked
    return f"; AWS plans that the function cannot be updated from {blocked} on" if blocked else ""


def _fix(function: Function, runtime: Runtime) -> Fix | None:
    if runtime.successor is None:
        return None
    if isinstance(function.package_type, Known) and function.package_type.value == "Image":
        return Fix(f"build on the image of {runtime.successor}", Safety.SHOW, ())
    change = Put(function.address, "runtime", runtime.successor)
    safety = Safety.BREAKING if _needs_new_package(runtime.name) else Safety.REVIEW
    return Fix(f"move to {runtime.successor}", safety, (change,), note=_note(runtime.name, runtime.successor))


def _needs_new_package(name: str) -> bool:
    """Whether the package of a runtime cannot run on its successor as it is."""
    return name == "go1.x" or name.startswith("dotnet")


def _note(name: str, successor: str) -> str:
    """What has to be seen to with a move, as AWS describes it of each family."""
    if name == "go1.x":
        return f"{successor} runs an executable called `bootstrap`, whatever the handler says: package it so"
    if name.startswith("dotnet"):
        return "build the package for the newer framework, and deploy both together"
    tests = "test the code with it, and build dependencies with compiled parts for it"
    older = re.fullmatch(r"nodejs(\d+)\..*", name)
    newer = re.fullmatch(r"nodejs(\d+)\..*", successor)
    if older and newer and int(older[1]) < 18:
        tests += "; from nodejs18.x on the SDK `aws-sdk` does not come with the runtime, `@aws-sdk/...` does"
    if older and newer and int(newer[1]) >= 24:
        tests += "; from nodejs24.x on a handler cannot answer by a callback"
    return tests
