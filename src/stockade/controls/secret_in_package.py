"""A file in the package holds a secret.

## Why it matters

`lambda:GetFunction` gives a link to the package to everybody who may read the function, and read-only roles
for support and inventory have that. A private key, a token in `.npmrc` or a password in `.env` or `config.json`
that was packed with the code is theirs as well, and every published version keeps its copy.

Files are searched as `secret-in-code` searches source: by the formats that providers document, for private keys
and passwords in URLs, and for values whose name says that they are secret. In files such as `.env` and
`.properties` a value needs no quotes, and a password may be a word.

## What it does not see

Secrets of no known format under an innocent name; archives within the package, binaries, and files of more than
2 MB. Files of third parties, but for keys and settings among them: a bundle of certificates is public. What
is said to be for tests, examples or documentation. A package that is not in the tree: the verdict is undecided.
Whether a secret is still valid: nothing is asked of any provider.

The value is never shown: only its first four characters, if it is long enough, and the beginning of its
SHA-256, by which to tell whether two are the same.

## Fix

Take the file out of the package, rotate what it holds, and fetch the new secret from Secrets Manager or
Parameter Store at run time.

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
DB_PASSWORD=correcthorse
```

Use instead:

```hcl
data "archive_file" "api" {
  type        = "zip"
  source_dir  = "${path.module}/api"
  excludes    = [".env"]
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
DB_PASSWORD=correcthorse
```
"""

from __future__ import annotations

from stockade.checklist import Item
from stockade.control import OF_SECRETS, Fails, Holds, Severity, Undecided, Verdict, control
from stockade.model.shipped import PackagedSecret
from stockade.model.world import World
from stockade.value import Unknown


@control(
    PackagedSecret,
    severity=Severity.HIGH,
    item=Item.CLEAN_PACKAGE,
    since="0.1.0",
    references=(
        "https://docs.aws.amazon.com/lambda/latest/api/API_GetFunction.html",
        "https://docs.aws.amazon.com/lambda/latest/dg/with-secrets-manager.html",
    ),
)
def check(found: PackagedSecret, world: World) -> Verdict:
    if isinstance(found.secret, Unknown):
        return Undecided(found.secret)
    secret, origin = found.secret.value, found.secret.origin
    if secret is None:
        return Holds(origin)
    called = f", `{secret.name}`" if secret.name else ""
    message = f"`{found.path}` ships with the code and holds {secret.kind}{called} ({secret.label})"
    return Fails(message, origin, severity=OF_SECRETS[secret.confidence], secret=True)
