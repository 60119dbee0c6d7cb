"""Nobody can tell which dependencies ship, so nobody can tell whether they are vulnerable.

## Why it matters

A list such as `requests>=2.0` says what is allowed and not what ships: that is decided anew at every build. No
scanner finds a vulnerability in a version that nobody knows, and what was tested need not be what is deployed;
a release that an attacker published an hour ago is taken as well. A lock file settles both.

## What it does not see

Whether the build uses the lock file that lies beside it. Exact versions without a lock file, as in a plain
`requirements.txt`, are scanned; that they say nothing of what those packages bring with them is shown from
`strict` on. A list inside of a finished zip or image counts only for what lies there as well. Modules of third
parties without `dist-info` are known by their names where these are well known; others count as the function's
own. Of a bundle of JavaScript without `node_modules` or a lock file beside it nobody can say what is in it: the
verdict is undecided. So it is where the package is not in the tree.

## Fix

Write a lock file and build from it: `uv lock`, `poetry lock`, `pip-compile --generate-hashes`, `npm install`
with `npm ci` in the pipeline. Leave `dist-info` folders and `package.json` files in the package.

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
requests>=2.0
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
requests==2.32.5
```
"""

from __future__ import annotations

from typing import Final

from stockade.checklist import Item
from stockade.control import Fails, Holds, Noise, Severity, Undecided, Verdict, control
from stockade.model.dependency import Component, Evidence
from stockade.model.package import ABSENT, Package
from stockade.model.shipped import Manifest
from stockade.model.world import World
from stockade.value import Known, Unknown

_BUNDLE: Final = 50_000
_COMPILED: Final = (".jar", ".dll", ".so", ".node", ".class")
_NAMED: Final = 3
_WELL_KNOWN: Final = frozenset(
    (
        *(
            "requests",
            "urllib3",
            "certifi",
            "idna",
            "chardet",
            "charset_normalizer",
            "boto3",
            "botocore",
            "yaml",
        ),
        *(
            "numpy",
            "pandas",
            "scipy",
            "PIL",
            "lxml",
            "cryptography",
            "jwt",
            "jose",
            "psycopg2",
            "pymysql",
            "redis",
        ),
        *("jinja2", "markupsafe", "flask", "django", "fastapi", "pydantic", "sqlalchemy", "aiohttp", "httpx"),
        *(
            "dateutil",
            "pytz",
            "simplejson",
            "bs4",
            "openpyxl",
            "google",
            "grpc",
            "attr",
            "elasticsearch",
            "pymongo",
        ),
        *("node_modules", "site-packages", "vendor"),
    )
)
"""Directories that are somebody else's, whatever is missing beside them."""


@control(
    Manifest,
    severity=Severity.LOW,
    item=Item.SCANNED_DEPENDENCIES,
    since="0.1.0",
    references=(
        "https://pip.pypa.io/en/stable/topics/repeatable-installs/",
        "https://docs.npmjs.com/cli/commands/npm-ci",
    ),
)
def check(manifest: Manifest, world: World) -> Verdict:
    match manifest.shipment.package:
        case Unknown() as gap:
            return Undecided(gap)
        case Known(package):
            pass
    if manifest.broken:
        return Undecided(Unknown(f"`{manifest.path}` was not read: {manifest.broken}", manifest.origin))
    if not manifest.components:
        if manifest.lack is not None:
            why = (
                f"`{manifest.lack.name}` is imported, and neither the package nor a layer that was read has it"
            )
            return Undecided(Unknown(why, manifest.lack.origin))
        why = _opaque(package)
        return Undecided(Unknown(why, manifest.origin)) if why else Holds(manifest.origin)
    loose = [one for one in manifest.components if not one.version]
    if loose:
        verb = "has" if len(loose) == 1 else "have"
        message = (
            f"{_listed(loose)} in `{manifest.path}` {verb} no exact version: "
            "which one ships is decided by the build, and nobody can look it up"
        )
        return Fails(message, loose[0].origin)
    if all(one.evidence is Evidence.PINNED for one in manifest.components):
        message = f"`{manifest.path}` says exact versions, and not of what those packages bring with them"
        return Fails(message, manifest.origin, noise=Noise.STRICT)
    return Holds(manifest.origin)


def _listed(loose: list[Component]) -> str:
    names = [f"`{one.name}`" for one in loose[:_NAMED]]
    more = len(loose) - len(names)
    if more:
        return f"{', '.join(names)} and {more} more"
    return " and ".join((", ".join(names[:-1]), names[-1])) if len(names) > 1 else names[0]


def _opaque(package: Package) -> str:
    """Why it cannot be said what others made in a package of which nothing tells; empty for a plain one."""
    if package.cut:
        return "it has more files than are listed"
    if package.absent:
        return ABSENT
    if not package.copied:
        return f"nothing beside the source says what is built in: {package.built}"
    for entry in package.entries:
        module = entry.path.partition("/")[0]
        if module in _WELL_KNOWN and "/" in entry.path:
            return f"`{module}` is in it, and nothing that its installer wrote says in which version"
        if entry.path.endswith((".js", ".mjs", ".cjs")) and entry.size > _BUNDLE:
            return "a bundle has no list of what it was made of"
        if entry.path.endswith(_COMPILED) or (entry.path == "bootstrap" and entry.size > _BUNDLE):
            return "compiled code has no list of what it was made of"
    return ""
