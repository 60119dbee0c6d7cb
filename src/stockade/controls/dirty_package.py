"""The package ships what no running function needs.

## Why it matters

Whoever may read a function's code (`lambda:GetFunction` gives a link to it, and many read-only roles have
that) reads all of the package. The repository's history has every secret that was ever committed and
removed; a `.env` or a Terraform state has those of today. Infrastructure code and logs tell an attacker where
to go next. The rest is waste: every byte is downloaded and unpacked before a cold start, and a package with
its layers may have 250 MB.

The message says of each kind how much of it there is. What opens other doors is a high finding, what tells
or does not run a medium one, and waste a low one, shown from `strict` on until there is so much of it that
an owner should act, and below 100 kB in an audit only. The AWS SDK, which the runtime has, is never more than
that.

Compiled files for another processor (an x86-64 library in the package of an arm64 function, by the file's
own header) are a medium finding of any size, because importing them fails; where the package has the same for
the right one as well, the control is silent.

An archive that is made to harm whoever unpacks it (paths that lead out of it, a few bytes that claim to be
gigabytes) is a high finding as well; files that cannot be read leave the verdict undecided.

## What it does not see

A package that is not in the tree: the verdict is then undecided. Give it with `--package`. What a build
leaves out or adds: of source that SAM, a bundler or a module builds, the files that are copied are judged, and
where they are bundled none is. Bytecode: leaving `__pycache__` out makes the first start slower when it fits
the runtime. `dist-info` folders: without them nobody can say what is installed. `docs` inside of a library:
boto3 imports its own.

## Fix

Leave the files out where the package is made: `excludes` of `archive_file`, `package.patterns` of the
Serverless Framework, `exclude` of a CDK asset, a directory of its own for the code with SAM.

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

```python title="api/app.py"
def handler(event, context):
    return "ok"
```

```ini title="api/.env"
DB_HOST=db.internal
```

Use instead:

```hcl
data "archive_file" "api" {
  type        = "zip"
  source_dir  = "${path.module}/api"
  excludes    = [".env", ".env.*"]
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

```python title="api/app.py"
def handler(event, context):
    return "ok"
```

```ini title="api/.env"
DB_HOST=db.internal
```
"""

from __future__ import annotations

from typing import Final

from stockade.checklist import Item
from stockade.control import Fails, Fix, Holds, Noise, Safety, Severity, Undecided, Verdict, control
from stockade.model.clutter import Clutter, Weight
from stockade.model.package import ABSENT, Package
from stockade.model.shipped import Portion
from stockade.model.world import World
from stockade.value import Known, Unknown

_SEVERITY: Final = {Weight.OPENS: Severity.HIGH, Weight.TELLS: Severity.MEDIUM, Weight.WASTE: Severity.LOW}
_SHOWN: Final = 2
_TRIFLE: Final = 100_000
"""Bytes of waste that only an audit asks for."""


@control(
    Portion,
    severity=Severity.MEDIUM,
    item=Item.CLEAN_PACKAGE,
    since="0.1.0",
    references=(
        "https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html",
        "https://docs.aws.amazon.com/lambda/latest/dg/best-practices.html",
    ),
)
def check(portion: Portion, world: World) -> Verdict:
    match portion.shipment.package:
        case Unknown() as gap:
            return Undecided(gap)
        case Known(package):
            pass
    if portion.kind is None:
        hostile = [one for one in package.troubles if one.hostile]
        if hostile:
            first = hostile[0]
            more = f", and {len(hostile) - 1:,} more like it" if len(hostile) > 1 else ""
            message = f"the package has `{first.path}`, which no tool packs by mistake: {first.reason}{more}"
            return Fails(message, portion.origin, severity=Severity.HIGH)
        if package.troubles:
            first = package.troubles[0]
            return Undecided(Unknown(f"`{first.path}` was not read: {first.reason}", portion.origin))
        if package.cut:
            return Undecided(Unknown("it has more files than are listed", portion.origin))
        if package.absent:
            return Undecided(Unknown(ABSENT, portion.origin))
        if not package.copied:
            return Undecided(Unknown(f"what ships is not this source: {package.built}", portion.origin))
        return Holds(portion.origin)
    kind = portion.kind
    noise = None
    if kind.least and portion.size < kind.least:
        trifle = kind.weight is Weight.WASTE and portion.size < _TRIFLE
        noise = Noise.AUDIT if trifle else Noise.STRICT
    return Fails(
        f"the package ships {kind.what} ({_listed(portion)}): {kind.why}",
        portion.origin,
        _fix(package, kind, portion),
        severity=_SEVERITY[kind.weight],
        noise=noise,
    )


def _listed(portion: Portion) -> str:
    """The first files with all of their size."""
    names = [f"`{one.path}`" for one in portion.entries[:_SHOWN]]
    more = len(portion.entries) - len(names)
    return f"{', '.join(names)}{f' and {more:,} more' if more else ''}, {_size(portion.size)}"


def _size(size: int) -> str:
    for unit, scale in (("MB", 1_000_000), ("kB", 1_000)):
        if size >= scale:
            return f"{size / scale:.1f} {unit}"
    return f"{size} bytes"


def _fix(package: Package, kind: Clutter, portion: Portion) -> Fix | None:
    """What to write where the package is made; it is for a person to place it."""
    if kind.name == "architecture":
        arm, node = "runs on arm64" in kind.why, any(one.path.endswith(".node") for one in portion.entries)
        command = f"pip install --platform manylinux2014_{'aarch64' if arm else 'x86_64'} --only-binary=:all:"
        if node:
            command = f"npm install --os=linux --cpu={'arm64' if arm else 'x64'}"
        return Fix(f"install for the function's architecture: `{command}`", Safety.SHOW, ())
    globs = [one for one in kind.exclude if _is_met(one, portion)]
    globs = globs or [one.path for one in portion.entries[:_SHOWN]]
    quoted = ", ".join(f'"{one}"' for one in globs)
    match package.tool:
        case "archive_file":
            title = f"leave them out of the archive: `excludes = [{quoted}]`"
        case "serverless":
            title = "leave them out: " + ", ".join(f"`- '!{one}'`" for one in globs) + " in `package.patterns`"
        case "module":
            title = "leave them out with `patterns` of the module's `source_path`"
        case "cdk":
            title = f"leave them out of the asset: `exclude: [{quoted}]`"
        case "sam" | "cloudformation":
            title = "keep the code in a directory of its own, without them, and name that as `CodeUri`"
        case _:
            quoted = " ".join(f"'{one}'" for one in globs)
            title = f"leave them out when the zip is made: `zip -x {quoted}`"
    return Fix(title, Safety.SHOW, ())


def _is_met(glob: str, portion: Portion) -> bool:
    """Whether a glob is about a file that was found, by the text in it that is no wildcard."""
    core = glob.replace("**/", "").replace("/**", "/").strip("*")
    return any(core in one.path for one in portion.entries)
