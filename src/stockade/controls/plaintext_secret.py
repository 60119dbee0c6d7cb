"""A secret is in the function's environment, where the configuration shows it to everybody who may read that.

## Why it matters

`lambda:GetFunctionConfiguration` returns environment variables as they are, and so does the console.
Many roles have it that should not have the secret: read-only access for support, tools that take
inventories, the deployment pipeline. Every published version keeps a copy that cannot be changed. What
is written in the configuration is in version control besides, and what Terraform computes is in its
state. A key of your own narrows who can read the environment, and nothing else.

A value counts as a secret when it has a format that a provider documents (a checksum or an inner
structure that is right makes it critical), when it is a private key, a token, or a password in a URL or
a connection string, or when its name says so and it is a literal: `hunter2` too. So do values that come
from elsewhere: a generated password, an attribute of a database, and a secret that Terraform, or a
dynamic reference of CloudFormation (`{{resolve:…}}`), fetches from Secrets Manager or Parameter Store, for
it ends in the configuration all the same. `sensitive` and `NoEcho` hide a value from outputs only. A
variable or parameter that is called a secret and has no default is a finding too: whatever it will be
set to will be readable.

## What it does not see

Secrets of no known format under an innocent name. A variable that the code hands to Secrets Manager or
Parameter Store to look something up by holds a name, however it is called. Of a secret's document,
members that are mere addresses or identifiers by their names (`base_url`, `mailbox_id`) count for
nothing. Whether a secret is still valid: nothing is asked of any provider. Texts that only stand for a
secret (`REPLACE_ME`, `<password>`) are shown from `strict` on, since somebody will put a secret there.
Keys that providers call publishable, such as Stripe's `pk_live_`, and ciphertexts are no secrets.

The value is never shown: only its first four characters, if it is long enough, and the beginning of
its SHA-256, by which to tell whether two are the same. A weak password can be guessed from that.

## Fix

Keep the secret in Secrets Manager or Parameter Store, give the function its name or ARN and the
permission to read that one, and fetch it at run time, with a cache. Then rotate it: what was in an
environment or a repository is known.

The fix declares a secret without a value, replaces the variable by one that has its ARN
(`API_KEY_SECRET_ARN`), and lets the function's role read that secret; of what is kept in Secrets Manager or
Parameter Store already it gives the ARN or the name. What is left to you is told with it: the code, the value
and the rotation. Where the role is made elsewhere, or another resource has the value, it is only shown.

Deployed before the code asks for the secret, it would stop the function. It is therefore made by `stockade fix
--safety breaking` alone, which is for a change of code and configuration in one go.

```python
import functools, os, boto3


@functools.cache
def password():
    client = boto3.client("secretsmanager")
    return client.get_secret_value(SecretId=os.environ["DB_SECRET_ARN"])["SecretString"]
```

## Example

```hcl
resource "aws_lambda_function" "api" {
  function_name = "api"
  role          = "arn:aws:iam::123456789012:role/api"

  environment {
    variables = {
      DB_PASSWORD = "hunter2"
    }
  }
}
```

Use instead:

```hcl
resource "aws_secretsmanager_secret" "db" {
  name = "api/db"
}

resource "aws_lambda_function" "api" {
  function_name = "api"
  role          = "arn:aws:iam::123456789012:role/api"

  environment {
    variables = {
      DB_SECRET_ARN = aws_secretsmanager_secret.db.arn
    }
  }
}
```
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from stockade.checklist import Item
from stockade.control import (
    OF_SECRETS,
    Add,
    Fails,
    Fix,
    Holds,
    Noise,
    Safety,
    Severity,
    Undecided,
    Verdict,
    control,
)
from stockade.model.environment import EnvironmentVariable
from stockade.model.exposure import Exposure, Way, exposure
from stockade.model.world import World
from stockade.remedies.dynamic import fetched
from stockade.remedies.fetched import (
    PARAMETER,
    SECRET,
    allowed,
    can_be_replaced,
    code,
    free_name,
    instead,
    label_of,
)
from stockade.remedies.policies import own_name, same_module
from stockade.secrets.classify import Confidence
from stockade.value import Ref, Text, Unknown, Written, parts_of

_WHO: Final = "whoever may read the function's configuration"


@control(
    EnvironmentVariable,
    severity=Severity.HIGH,
    item=Item.NO_PLAINTEXT_SECRETS,
    since="0.1.0",
    references=(
        "https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html",
        "https://docs.aws.amazon.com/lambda/latest/dg/with-secrets-manager.html",
        "https://docs.aws.amazon.com/securityhub/latest/userguide/lambda-controls.html",
    ),
)
def check(variable: EnvironmentVariable, world: World) -> Verdict:
    match exposure(variable):
        case None:
            return Holds(variable.value.origin)
        case Unknown() as gap:
            return Undecided(gap)
        case Exposure() as found:
            if found.way is Way.VARIABLE and _is_looked_up(variable, world):
                return Holds(variable.value.origin)
            return replace(_fails(variable, found), fix=_fix(variable, found, world))


_LOOKING_UP: Final = frozenset(("secretsmanager:GetSecretValue", "ssm:GetParameter", "ssm:GetParameters"))


def _is_looked_up(variable: EnvironmentVariable, world: World) -> bool:
    """Whether the code asks for a secret by what the variable holds: a name then, however it is called."""
    needs = world.needs_of(variable.function)
    held = set(parts_of(variable.value))
    if needs is None or needs.unknown is not None or not held:
        return False
    looked_up = (one.resource for one in needs.learned.needed if one.action in _LOOKING_UP)
    return any(held.issubset(one.parts) for one in looked_up if isinstance(one, Text))


def _fails(variable: EnvironmentVariable, found: Exposure) -> Fails:
    name, value, entry = variable.key, variable.value.origin, variable.origin
    match found.way:
        case Way.VARIABLE:
            message = f"whatever `{found.source}` is set to, `{name}` shows it to {_WHO}: {found.kind}"
            return Fails(f"{message}{_marked(found)}", entry, also=(value,), severity=Severity.MEDIUM)
        case Way.ATTRIBUTE:
            message = f"`{name}` shows {found.kind} to {_WHO}: `{found.source}`"
            return Fails(f"{message}{_marked(found)}", entry, also=(value,))
        case Way.WRITTEN if found.confidence is Confidence.PLACEHOLDER:
            message = f"`{name}` stands for {found.kind} that will be shown to {_WHO}"
            return Fails(message, value, also=(entry,), noise=Noise.STRICT, severity=Severity.LOW, secret=True)
        case Way.WRITTEN:
            message = f"`{name}` is {found.kind} in plaintext ({found.label}){_marked(found)}"
            severity = OF_SECRETS[found.confidence]
            return Fails(message, value, also=(entry,), severity=severity, secret=True)


def _marked(found: Exposure) -> str:
    return "; marking it sensitive hides it from outputs only" if found.marked else ""


# ------------------------------------------------------------------------------------------------ fix


def _fix(variable: EnvironmentVariable, found: Exposure, world: World) -> Fix | None:
    """Keep the secret where it is fetched from when the function runs, and say where that is instead."""
    if not can_be_replaced(variable):
        return None
    ref = variable.value.ref if found.way is Way.ATTRIBUTE else None
    if ref is not None and (kept := _kept(ref)) is not None:
        return _by_reference(variable, ref, *kept, world)
    if ref is not None and ref.address.startswith("resolve:"):
        return _by_dynamic_reference(variable, ref, world)
    name = free_name(variable, "_SECRET_ARN")
    if name is None:
        return None
    function, label = variable.function, label_of(variable)
    named = own_name(function, f"/{label.replace('_', '-')}")
    secret = Add("Secret", function.address, (("name", named),) if named else (), label=label)
    permission = allowed(function, world, label, SECRET, secret.ref("arn"))
    changes = (secret, *(permission or ()), *instead(variable, name, secret.ref("arn")))
    return Fix(
        f"keep `{variable.key}` in Secrets Manager, and give the function its ARN",
        Safety.SHOW if permission is None or found.way is Way.ATTRIBUTE else Safety.BREAKING,
        changes,
        note=_note(variable, found, permission is None),
        code=code(function, name, SECRET),
    )


def _by_dynamic_reference(variable: EnvironmentVariable, ref: Ref, world: World) -> Fix:
    """What CloudFormation fetches, fetched by the function itself."""
    kept = fetched(ref)
    origin = variable.value.origin
    # One that does not stand there as it is may hang on a parameter, and be another one elsewhere.
    written = kept is not None and isinstance(origin, Written) and kept.name.encode() in origin.span.raw
    name = free_name(variable, kept.end) if kept is not None and written else None
    if kept is None or name is None:
        note = "change the code, which looks for the value in its environment, and let the role fetch it"
        return Fix(
            "let the function fetch it itself, by the name or ARN that is given to it",
            Safety.SHOW,
            (),
            note=note,
        )
    permission = allowed(variable.function, world, label_of(variable), kept.action, kept.resource)
    steps = ["change the code, which looks for the value in its environment"]
    if kept.member:
        steps.append(f"the secret is JSON, of which the code takes `{kept.member}`")
    if permission is None:
        steps.append(f"let the function's role use `{kept.action}` on it")
    return Fix(
        f"give the function the {kept.by} `{kept.name}` instead of what is in it",
        Safety.SHOW if permission is None else Safety.BREAKING,
        (*(permission or ()), *instead(variable, name, kept.name)),
        note="; ".join(steps),
        code=code(variable.function, name, kept.action),
    )


def _note(variable: EnvironmentVariable, found: Exposure, unpermitted: bool) -> str:
    steps = []
    if unpermitted:
        steps.append(f"let the function's role use `{SECRET}` on the secret")
    if found.way is Way.ATTRIBUTE:
        steps.append(f"put `{found.source}` into the secret with a version of it, or generate it there")
        steps.append("change the code, which looks for the value in its environment")
    else:
        steps.append("change the code, which looks for the value in its environment")
        if found.way is Way.WRITTEN:
            steps.append("rotate the secret, for this one is in the history of the code and of the deployments")
        put = "aws secretsmanager put-secret-value --secret-id ARN --secret-string file://VALUE"
        steps.append(f"put the value into the secret by hand, and nowhere else: `{put}`")
    if found.way is Way.VARIABLE:
        steps.append(f"remove `{found.source}`, which nobody sets any more")
    return "; ".join(steps)


def _kept(ref: Ref) -> tuple[str, str, str, str] | None:
    """How what is kept already is read: the end of the variable, the attributes to name it by, the action."""
    kind = ref.address.rpartition(".")[0].rpartition(".")[2]
    match kind:
        case "aws_secretsmanager_secret_version":
            return "_SECRET_ARN", "arn", "arn", SECRET
        case "aws_ssm_parameter":
            return "_PARAMETER", "arn", "name", PARAMETER
        case _:
            return None


def _by_reference(
    variable: EnvironmentVariable, ref: Ref, end: str, arn: str, named: str, action: str, world: World
) -> Fix | None:
    """What is kept in Secrets Manager or Parameter Store already is only not to be copied."""
    name = free_name(variable, end)
    if name is None:
        return None
    permission = None
    if same_module(ref.address, variable.address):
        permission = allowed(variable.function, world, label_of(variable), action, Ref(ref.address, arn))
    by = "ARN" if end == "_SECRET_ARN" else "name"
    steps = ["change the code, which looks for the value in its environment"]
    if ref.attribute.startswith("jsondecode("):
        steps.append("the secret is JSON, of which the code takes the member that it needs")
    if permission is None:
        steps.append(f"let the function's role use `{action}` on it")
    return Fix(
        f"give the function the {by} of `{ref.address}` instead of what is in it",
        Safety.SHOW if permission is None else Safety.BREAKING,
        (*(permission or ()), *instead(variable, name, Ref(ref.address, named))),
        note="; ".join(steps),
        code=code(variable.function, name, action),
    )
