"""From the parameters of a call to the names of the resources that it is about."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from stockade.code.facts import Call
from stockade.iam.catalog import Catalog
from stockade.needs.arguments import ANY, Environment, Pieces, expanded, follow
from stockade.patterns import lazy_regex
from stockade.records import dataclass
from stockade.value import Hole, Known, Ref, Value, text_of

_PLACEHOLDER: Final = lazy_regex(r"\$\{(\w+)\}")
_SURROUNDINGS: Final = frozenset({"Partition", "Region", "Account"})
_ENDINGS: Final = lazy_regex(r"(?:withpath|withoutleadingslash|names?|ids?|arns?|urls?|identifiers?)+$")

_PARAMETERS: Final[Mapping[str, tuple[str, ...]]] = {
    "athena:workgroup": ("WorkGroup=primary",),
    "bedrock:agent-alias": ("agentId", "agentAliasId"),
    "dynamodb:index": ("TableName", "IndexName"),
    "dynamodb:table": ("TableName|SourceTableName|TableArn|ResourceArn",),
    "ecs:task-definition": ("taskDefinition",),
    "events:event-bus": ("EventBusName|Entries[].EventBusName|Name=default",),
    "events:rule-on-custom-event-bus": ("EventBusName", "Rule|Name"),
    "events:rule-on-default-event-bus": ("Rule|Name",),
    "glue:database": ("DatabaseName|Name",),
    "glue:table": ("DatabaseName", "TableName|Name"),
    "iam:policy": ("PolicyArn|PolicyName",),
    "iam:role": ("RoleName|RoleArn",),
    "kms:key": ("KeyId|TargetKeyId",),
    "lambda:function": ("FunctionName|FunctionArn|Resource",),
    "logs:log-group": ("logGroupName|logGroupIdentifier|logGroupNames[]|logGroupIdentifiers[]",),
    "logs:log-stream": ("logGroupName|logGroupIdentifier", "logStreamName"),
    "mobiletargeting:messages": ("ApplicationId",),
    "rds-db:db-user": ("DbiResourceId", "DBUsername"),
    "s3:bucket": ("Bucket",),
    "s3:object": ("Bucket", "Key"),
    "s3vectors:Index": ("vectorBucketName|indexArn", "indexName"),
    "s3vectors:VectorBucket": ("vectorBucketName|vectorBucketArn",),
    "scheduler:schedule": ("GroupName=default", "Name"),
    "secretsmanager:Secret": ("SecretId|Name|SecretIdList[]",),
    "sns:topic": ("TopicArn|TargetArn|Name|ResourceArn",),
    "sqs:queue": ("QueueUrl|QueueName",),
    "ssm:parameter": ("Name|Names[]|ResourceId",),
    "states:execution": ("executionArn",),
    "states:statemachine": ("stateMachineArn|name",),
}
"""By service and type of resource: the parameters for each part of its ARN that is a name.

``|`` stands between alternatives, ``=`` before what AWS takes where none is given. Types that are not here are
read by parameters that are called as the parts of their ARN.
"""

_OF_LAMBDA: Final = ("Qualifier",)
_STATEMENT: Final = lazy_regex(
    r"""\b(?:from|into|update)\s+["']?((?:[\w.-]|\0\d+\0)+?)["']?(?:\s|$|\.["']((?:[\w.-]|\0\d+\0)+)["'])""",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Target:
    """What a call is about: a type of resource and the names in its ARN, of which the first may be an ARN.

    ``format`` is its ARN as AWS's reference writes it. ``after`` follows the ARN. ``by_arn`` says that the
    parameter takes nothing but an ARN.
    """

    service: str
    type: str
    format: str
    names: tuple[Pieces, ...]
    after: Pieces = ()
    by_arn: bool = False


def targets(action: str, on: str, path: str, call: Call, environment: Environment) -> tuple[Target, ...]:
    """What a call is about, as far as one type of resource goes; several where it names several at once."""
    service = action.partition(":")[0]
    special = _SPECIAL.get(on)
    if special is not None:
        return tuple(special(service, path, call, environment))
    found = Catalog.load().service(service)
    arn = found.resource_types.get(on) if found else None
    if arn is None:
        return ()
    parts = [one for one in _PLACEHOLDER.findall(arn) if one not in _SURROUNDINGS]
    if on == "object" and path:
        return tuple(Target(service, on, arn, names) for names in _objects(path, call, environment))
    paths = (path,) if path else _PARAMETERS.get(f"{service}:{on}")
    if path and len(parts) > 1:
        paths = (path, *[""] * (len(parts) - 1))
    lists = [
        _values(paths[at], call, environment)
        if paths is not None and at < len(paths)
        else _by_name(part, on if at == len(parts) - 1 else "", call, environment)
        for at, part in enumerate(parts)
    ]
    if not lists:
        return (Target(service, on, arn, ()),)
    firsts, *others = lists
    rest = tuple(one[0] if len(one) == 1 else (ANY,) for one in others)
    after = _qualifier(call, environment) if (service, on) == ("lambda", "function") else ()
    by_arn = _is_by_arn(paths[0] if paths else "", call)
    # A managed policy that is not known may be AWS's own, and those are in no account.
    anybodys = arn.replace("${Account}", "*") if by_arn and (service, on) == ("iam", "policy") else arn
    return tuple(
        Target(service, on, anybodys if first == (ANY,) else arn, (first, *rest), after, by_arn)
        for first in dict.fromkeys(firsts)
    )


def _is_by_arn(path: str, call: Call) -> bool:
    """Whether the parameter that a call names a resource by is one for ARNs."""
    for one in path.partition("=")[0].split("|"):
        if follow(call, one):
            return one.rstrip("[]").lower().endswith("arn")
    return False


def _values(path: str, call: Call, environment: Environment) -> list[Pieces]:
    """The texts that a parameter has; what is not known is anything."""
    alternatives, _, usual = path.partition("=")
    for one in alternatives.split("|") if alternatives else ():
        found = [expanded(value, environment) for value in follow(call, one)]
        found = [pieces for pieces in found if pieces]
        if found:
            return found
    if usual and call.complete:
        return [(usual,)]
    return [(ANY,)]


def _by_name(part: str, kind: str, call: Call, environment: Environment) -> list[Pieces]:
    """By the parameter that is called as a part of an ARN, or as the type of resource and the part.

    ``kind`` is the type where the part is the last: ``indexName`` does not say which bucket an index is in.
    """
    wanted = {_bare(part)}
    if kind:
        wanted |= {_bare(kind.replace("-", "").replace("_", "") + part), _bare(kind.replace("-", ""))}
    for name, value in call.arguments.items():
        if _bare(name) in wanted:
            if isinstance(value, Known) and isinstance(value.value, tuple | list):
                return [expanded(one, environment) or (ANY,) for one in value.value] or [(ANY,)]
            return [expanded(value, environment) or (ANY,)]
    return [(ANY,)]


def _bare(name: str) -> str:
    lower = name.lower()
    return _ENDINGS.sub("", lower) or lower


def _qualifier(call: Call, environment: Environment) -> Pieces:
    found = call.arguments.get(_OF_LAMBDA[0])
    if found is None or (isinstance(found, Known) and found.value in (None, "", "$LATEST")):
        return ()
    pieces = expanded(found, environment)
    return (":", *pieces) if pieces else ()


# ------------------------------------------------------------------------------------------ S3 objects


def _objects(path: str, call: Call, environment: Environment) -> Iterator[tuple[Pieces, Pieces]]:
    """Bucket and key of objects that are said in one parameter: an object, ``bucket/key``, an S3 URI."""
    if "/" in path:
        bucket, key = path.split("/")
        yield _values(bucket, call, environment)[0], _values(key, call, environment)[0]
        return
    found = list(follow(call, path))
    if not found:
        yield (ANY,), (ANY,)
    for value in found:
        match value:
            case Known(Mapping() as members):
                bucket_of = members.get("Bucket") or members.get("S3Bucket")
                key_of = members.get("Key") or members.get("Name") or members.get("S3Prefix")
                yield _or_any(bucket_of, environment), _or_any(key_of, environment)
            case _:
                yield _uri(expanded(value, environment))


def _or_any(value: Value[Any] | None, environment: Environment) -> Pieces:
    return (expanded(value, environment) if value is not None else ()) or (ANY,)


def _uri(pieces: Pieces) -> tuple[Pieces, Pieces]:
    """A text of the form ``s3://bucket/key`` or ``/bucket/key`` in its two parts."""
    if pieces and isinstance(pieces[0], str):
        start = pieces[0].removeprefix("s3://").lstrip("/")
        pieces = text_of(start, *pieces[1:]).parts
    for at, piece in enumerate(pieces):
        if isinstance(piece, str) and "/" in piece:
            bucket, _, key = piece.partition("/")
            return text_of(*pieces[:at], bucket).parts or (ANY,), text_of(key, *pieces[at + 1 :]).parts or (
                ANY,
            )
    return pieces or (ANY,), (ANY,)


# --------------------------------------------------------------------------------------- special cases


def _paths(service: str, path: str, call: Call, environment: Environment) -> Iterator[Target]:
    """A path of parameters: the path itself, which is asked for, and what is below it."""
    arn = "arn:${Partition}:ssm:${Region}:${Account}:parameter/${Name}"
    for one in _values("Path", call, environment):
        start = one
        if isinstance(one[-1], str) and one[-1] != "/":
            start = text_of(*one[:-1], one[-1].rstrip("/")).parts
        yield Target(service, "parameter", arn, (start,))
        yield Target(service, "parameter", arn, (text_of(*start, "/*").parts,))


def _statements(service: str, path: str, call: Call, environment: Environment) -> Iterator[Target]:
    """The tables that statements in PartiQL name."""
    arn = "arn:${Partition}:dynamodb:${Region}:${Account}:table/${TableName}"
    index = f"{arn}/index/${{IndexName}}"
    for value in follow(call, path):
        pieces = expanded(value, environment)
        marked = "".join(piece if isinstance(piece, str) else f"\0{at}\0" for at, piece in enumerate(pieces))
        found = _STATEMENT.search(marked)
        if found is None:
            yield Target(service, "table", arn, ((ANY,),))
            continue
        table = _unmarked(found[1], pieces)
        if found[2]:
            yield Target(service, "index", index, (table, _unmarked(found[2], pieces)))
        else:
            yield Target(service, "table", arn, (table,))


def _unmarked(text: str, pieces: Pieces) -> Pieces:
    parts = re.split(r"\0(\d+)\0", text)
    return text_of(*(pieces[int(one)] if at % 2 else one for at, one in enumerate(parts))).parts


def _models(service: str, path: str, call: Call, environment: Environment) -> Iterator[Target]:
    """A model by its ID or ARN. An inference profile needs the models behind it as well, in all its regions."""
    model = "arn:${Partition}:bedrock:*::foundation-model/${ModelId}"
    profile = "arn:${Partition}:bedrock:${Region}:${Account}:inference-profile/${ProfileId}"
    for one in _values(path or "modelId", call, environment):
        start = one[0] if isinstance(one[0], str) else ""
        crossing = re.match(r"(?:us|us-gov|eu|apac|au|ca|jp|global)\.", start)
        if crossing:
            yield Target(service, "inference-profile", profile, (one,))
            yield Target(
                service, "foundation-model", model, (text_of(start[crossing.end() :], *one[1:]).parts,)
            )
        else:
            yield Target(service, "foundation-model", model, (one,))


def _senders(service: str, path: str, call: Call, environment: Environment) -> Iterator[Target]:
    """The identity that mail is sent from: the address itself or its domain, whichever is verified."""
    arn = "arn:${Partition}:ses:${Region}:${Account}:identity/${IdentityName}"
    for name in ("FromEmailAddressIdentityArn", "SourceArn"):
        for value in follow(call, name):
            yield Target(service, "identity", arn, (expanded(value, environment),))
            return
    sender = _values("Source|FromEmailAddress", call, environment)[0]
    text = "".join(map(str, sender)) if all(isinstance(one, str) for one in sender) else ""
    found = re.search(r"[\w.+-]+@([\w.-]+)", text)
    if found is None:
        yield Target(service, "identity", arn, ((ANY,),))
        return
    yield Target(service, "identity", arn, ((found[0],),))
    yield Target(service, "identity", arn, ((found[1],),))


def _connections(method: str) -> Any:
    def found(service: str, path: str, call: Call, environment: Environment) -> Iterator[Target]:
        arn = f"arn:${{Partition}}:execute-api:${{Region}}:${{Account}}:${{ApiId}}/*/{method}/@connections/*"
        for one in _values("endpoint", call, environment):
            yield Target(service, "execute-api-general", arn, (_api(one),))

    return found


def _api(address: Pieces) -> Pieces:
    """The API that an address of its own names: what stands before ``.execute-api.``."""
    out: list[str | Ref | Hole] = []
    for one in address:
        if not isinstance(one, str):
            out.append(one)
            continue
        before, found, _ = (one.rpartition("//")[2] if not out else one).partition(".execute-api.")
        out += [before] if before else []
        if found:
            return tuple(out) or (ANY,)
    return (ANY,)


def _secrets(service: str, path: str, call: Call, environment: Environment) -> Iterator[Target]:
    arn = "arn:${Partition}:secretsmanager:${Region}:${Account}:secret:${SecretId}"
    for one in dict.fromkeys(_values(path or _PARAMETERS["secretsmanager:Secret"][0], call, environment)):
        yield Target(service, "Secret", arn, (one,))


_SPECIAL: Final[Mapping[str, Any]] = {
    "Secret": _secrets,
    "connections-delete": _connections("DELETE"),
    "connections-get": _connections("GET"),
    "connections-post": _connections("POST"),
    "identity": _senders,
    "model": _models,
    "partiql": _statements,
    "path": _paths,
}
"""Names of the table's for what a parameter and an ARN's format do not say."""
