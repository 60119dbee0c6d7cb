"""A third party's package in a version with known vulnerabilities ships with the function.

## Why it matters

A dependency's code runs with the function's role, and with its data. Attackers read advisories too, and what
is known to be exploitable is tried on everybody. The package is in the zip until somebody builds it again.

What ships is told by what is installed in the package (`dist-info`, `node_modules`, jars, what Go writes into
binaries), or else by lock files beside the source; dependencies for development alone do not ship. Every
package is looked up in advisories of OSV's form (PyPA, GitHub, Go and others), or in the reports of other
scanners, by its ecosystem's own order of versions. Names of one vulnerability in several databases count once.
The severity is the worst score's, and a low one is shown from `strict` on; what is known to be exploited, or is
malicious itself, is critical. Of a Go module the message names the packages that are concerned; where no
version mends them it is shown from `strict` on, for most that need the module do not import these. What Go's
database says of other systems than Linux alone does not concern a function.

## What it does not see

Whether the function calls what is vulnerable. Packages without an exact version and files that nobody
can tell the origin of, such as bundles: `unscanned-dependency` is about those. The runtime's own packages and
the operating system of a container image. Layers that are not of this input. What became known after the
day of the advisories, which the report names. Without advisories the verdict is undecided: get them with
`stockade advisories update`, or give a report of Trivy, Grype, Snyk, osv-scanner or pip-audit with
`--advisories FILE`.

## Fix

Update to the version that the message names, and build the package again. Where there is none, look for
another package, or accept the finding with the reason why the function is not concerned.

## Example

```hcl
data "archive_file" "api" {
  type        = "zip"
  source_dir  = "${path.module}/api"
  output_path = "${path.module}/api.zip"
}

resource "aws_lambda_function" "api" {
  function_name = "api"
  role          = "arn:aws:iam::123456789012:role/api"
  handler       = "app.handler"
  runtime       = "python3.13"
  filename      = data.archive_file.api.output_path
}
```

```text title="api/requirements.txt"
stale-parser==1.4.0
```

Use instead:

```hcl
data "archive_file" "api" {
  type        = "zip"
  source_dir  = "${path.module}/api"
  output_path = "${path.module}/api.zip"
}

resource "aws_lambda_function" "api" {
  function_name = "api"
  role          = "arn:aws:iam::123456789012:role/api"
  handler       = "app.handler"
  runtime       = "python3.13"
  filename      = data.archive_file.api.output_path
}
```

```text title="api/requirements.txt"
stale-parser==1.5.2
```
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from stockade.checklist import Item
from stockade.control import Fails, Fix, Holds, Noise, Safety, Severity, Undecided, Verdict, control
from stockade.model.dependency import Component
from stockade.model.shipped import Dependency
from stockade.model.vulnerability import Vulnerability
from stockade.model.world import World
from stockade.value import Unknown

_SEVERITY: Final = {
    "critical": Severity.CRITICAL,
    "high": Severity.HIGH,
    "medium": Severity.MEDIUM,
    "low": Severity.LOW,
    "none": Severity.LOW,
}
_NAMED: Final = 3


@control(
    Dependency,
    severity=Severity.HIGH,
    item=Item.SCANNED_DEPENDENCIES,
    since="0.1.0",
    references=(
        "https://ossf.github.io/osv-schema/",
        "https://docs.aws.amazon.com/inspector/latest/user/scanning-lambda.html",
    ),
)
def check(dependency: Dependency, world: World) -> Verdict | None:
    if isinstance(dependency.component, Unknown):
        return Undecided(dependency.component)
    component = dependency.component.value
    if component is None:
        return None  # whether none was found because there is none is for `unscanned-dependency` to say
    origin = component.origin
    known = world.advisories
    if known is None or not known.covers(component.ecosystem):
        what = "no advisories were given to look dependencies up in"
        if known is not None:
            what = f"the advisories that were given are not about {component.ecosystem}"
        return Undecided(Unknown(what, origin)) if dependency.first else None
    if not component.version:
        return None
    found = known.of(component)
    if found:
        return _fails(component, found, known.fixing(component))
    if why := known.failed():
        return Undecided(Unknown(why, origin)) if dependency.first else None
    return Holds(origin)


def _fails(component: Component, found: Sequence[Vulnerability], fixing: str) -> Fails:
    worst = max(map(_severity, found))
    names = [f"`{one.id}`" for one in found[:_NAMED]]
    more = len(found) - len(names)
    listed = f"{', '.join(names)}{f' and {more} more' if more else ''}"
    kinds = "a known vulnerability" if len(found) == 1 else f"{len(found)} known vulnerabilities"
    first = found[0]
    summary = f" ({first.summary})" if first.summary else ""
    if any(one.malicious for one in found):
        message = f"`{component.name}` {component.version} is known to be malicious: {listed}{summary}"
        return Fails(message, component.origin, severity=Severity.CRITICAL)
    message = f"`{component.name}` {component.version} has {kinds}: {listed}{summary}"
    if any(one.exploited for one in found):
        message += ", known to be exploited"
    message += f"; fixed in {fixing}" if fixing else _partly(found)
    title = f"update `{component.name}` to {fixing} in `{component.path}`"
    fix = Fix(title, Safety.SHOW, ()) if fixing else None
    parts = tuple(dict.fromkeys(part for one in found for part in one.within))
    partly = bool(parts) and all(one.within and not one.fixed for one in found)
    if parts and all(one.within for one in found):
        message += f"; only in {_parts(parts)}"
    noise = Noise.STRICT if worst is Severity.LOW or partly else None
    return Fails(message, component.origin, fix, severity=worst, noise=noise)


def _parts(parts: Sequence[str]) -> str:
    named = [f"`{part}`" for part in parts[:_NAMED]]
    more = len(parts) - len(named)
    return f"{', '.join(named)} and {more} more" if more else " and ".join(named)


def _severity(one: Vulnerability) -> Severity:
    if one.exploited or one.malicious:
        return Severity.CRITICAL
    return _SEVERITY.get(one.severity, Severity.MEDIUM)


def _partly(found: Sequence[Vulnerability]) -> str:
    open_ = [one for one in found if not one.fixed]
    return "; no version is known to fix it" if len(open_) == len(found) else "; not all of them have a fix"
