"""Names for statements that say what they are for."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Final

from stockade.iam.catalog import Catalog
from stockade.iam.cover import Piece
from stockade.iam.written import Plain
from stockade.patterns import lazy_regex
from stockade.value import Hole, Ref, Text

_LONGEST: Final = 64
_SERVICES: Final = {
    "apigateway": "ApiGateway",
    "dynamodb": "DynamoDB",
    "ec2": "EC2",
    "ecr": "ECR",
    "ecs": "ECS",
    "elasticache": "ElastiCache",
    "events": "EventBridge",
    "execute-api": "Api",
    "iam": "IAM",
    "kms": "KMS",
    "rds": "RDS",
    "s3": "S3",
    "secretsmanager": "SecretsManager",
    "ses": "SES",
    "sns": "SNS",
    "sqs": "SQS",
    "ssm": "SSM",
    "states": "StepFunctions",
    "sts": "STS",
    "xray": "XRay",
}


def sid(plain: Plain, whys: Iterable[str]) -> str:
    """A Sid, letters and digits alone: the reason if all have the same, else what is done to what."""
    actions = [str(value) for value in plain.actions.values]
    resources = plain.resources.values if plain.resources else ()
    if resources == ("*",) and all(Catalog.load().scopable(one) is False for one in actions):
        return "ActionsThatTakeNoResource"
    reasons = {_camel(why) for why in whys}
    if len(reasons) == 1 and (reason := reasons.pop()):
        return reason[:_LONGEST]
    services = sorted({one.partition(":")[0].lower() for one in actions})
    what = "".join(_SERVICES.get(one, _camel(one)) for one in services[:2])
    if services == ["s3"] and resources != ("*",):
        # An object's ARN begins with that of its bucket, and both would be called the same.
        what += "Objects" if all("/" in str(one) for one in resources) else "Bucket"
    where = "Everywhere" if resources == ("*",) else _names(resources)
    return f"{_verb(actions)}{what}{where}"[:_LONGEST]


def distinct(names: Iterable[str]) -> list[str]:
    """The same names, those that repeat numbered from 2."""
    counts: Counter[str] = Counter()
    taken: set[str] = set()
    out: list[str] = []
    for name in names:
        counts[name] += 1
        found = name if counts[name] == 1 else f"{name}{counts[name]}"
        while found in taken:
            counts[name] += 1
            found = f"{name}{counts[name]}"
        taken.add(found)
        out.append(found)
    return out


def _verb(actions: list[str]) -> str:
    catalog = Catalog.load()
    levels = {found.access if (found := catalog.action(one)) else "" for one in actions}
    if all(":invoke" in one.lower() for one in actions):
        return "Invoke"
    if levels <= {"Read", "List"}:
        return "Read"
    if "Permissions management" in levels or "" in levels:
        return "Manage" if "" not in levels else "Use"
    if levels == {"Tagging"}:
        return "Tag"
    return "ReadAndWrite" if levels & {"Read", "List"} else "Write"


def _names(resources: tuple[Piece, ...]) -> str:
    names = list(dict.fromkeys(filter(None, map(_name, resources))))
    return "And".join(names) if len(names) <= 2 else ""


_WILD: Final = lazy_regex(r"[*?]|\$\{[^}]*\}")


def _name(resource: Piece) -> str:
    """What a person would call a resource: the name in its ARN, or in the code that makes it."""
    parts: tuple[str | Ref | Hole, ...] = resource.parts if isinstance(resource, Text) else (resource,)
    text = ""
    for part in parts:
        match part:
            case Ref(address):
                return _camel(address.rpartition(".")[2])
            case Hole(name, shown):
                text += f"/{shown or name}"
            case str():
                text += part
    own = text.split(":", 5)[5] if text.count(":") >= 5 else text
    segments = [_camel(one) for one in re.split(r"[:/]", _WILD.sub("", own))]
    return next((one for one in reversed(segments) if one), "")


def _camel(text: str) -> str:
    return "".join(word[:1].upper() + word[1:] for word in re.findall(r"[A-Za-z0-9]+", text))
