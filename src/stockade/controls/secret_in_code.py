"""A secret is written in the function's source.

## Why it matters

Source is in version control, where it stays after the secret was removed, on every machine that cloned it, in
the pipeline, and in the package, which `lambda:GetFunction` gives to everybody who may read the function. A
secret that is written there cannot be rotated without a deployment, so it is not rotated.

A literal counts when it has a format that a provider documents (a checksum or an inner structure that is
right makes it critical), when it is a private key, or a password in a URL, or when its name says that it is
a secret and it looks like one: letters with digits or signs among them.

## What it does not see

A secret of no known format under an innocent name, one that is put together from pieces or encoded, and a
password that is a plain word: source is full of words beside the word password. Code that is not in the tree
(the verdict is undecided), that of third parties, and what is said to be for tests, examples or
documentation by its folder or name. Whether a secret is still valid: nothing is asked of any provider.
Literals that say of themselves that they are examples, passwords of databases on the machine itself, keys that
providers call publishable, and public keys are no secrets.

The value is never shown: only its first four characters, if it is long enough, and the beginning of its
SHA-256, by which to tell whether two are the same.

## Fix

Keep the secret in Secrets Manager or Parameter Store, give the function its name or ARN and the permission
to read that one, and fetch it at run time, with a cache. Then rotate it: what was in a repository is known.

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
import psycopg

DB_PASSWORD = "c0rrect-h0rse!staple"


def handler(event, context):
    return psycopg.connect(host="db", password=DB_PASSWORD)
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

```python title="api/app.py"
import functools, os, boto3, psycopg


@functools.cache
def password():
    client = boto3.client("secretsmanager")
    return client.get_secret_value(SecretId=os.environ["DB_SECRET_ARN"])["SecretString"]


def handler(event, context):
    return psycopg.connect(host="db", password=password())
```
"""

from __future__ import annotations

from stockade.checklist import Item
from stockade.control import OF_SECRETS, Fails, Holds, Severity, Undecided, Verdict, control
from stockade.model.shipped import CodeSecret
from stockade.model.world import World
from stockade.value import Unknown


@control(
    CodeSecret,
    severity=Severity.HIGH,
    item=Item.RUNTIME_SECRETS,
    since="0.1.0",
    references=(
        "https://docs.aws.amazon.com/lambda/latest/dg/with-secrets-manager.html",
        "https://docs.aws.amazon.com/lambda/latest/api/API_GetFunction.html",
    ),
)
def check(found: CodeSecret, world: World) -> Verdict:
    if isinstance(found.secret, Unknown):
        return Undecided(found.secret)
    secret, origin = found.secret.value, found.secret.origin
    if secret is None:
        return Holds(origin)
    named = f"`{secret.name}`" if secret.name else f"`{found.path}`"
    verb = "is" if secret.name else "has"
    message = f"{named} {verb} {secret.kind} in the source ({secret.label})"
    return Fails(message, origin, severity=OF_SECRETS[secret.confidence], secret=True)
