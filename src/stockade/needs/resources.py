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
_ACCOUNT: Final = lazy_regex(r"^(arn:[^:]*:[^:]*:[^:]*:)\$\{\w+\}:")
"""The account of an ARN's format, whatever AWS's reference calls it there."""
_TAGS_OF_LOGS: Final = frozenset({"logs:ListTagsForResource", "logs:TagResource", "logs:UntagResource"})
_BELOW_GROUP: Final = (":*",)
"""How the ARN of a log group ends in policies, for all actions but those on tags."""
_ENDINGS: Final = lazy_regex(r"(?:withpath|withoutleadingslash|names?|ids?|arns?|urls?|identifiers?)+$")

_PARAMETERS: Final[Mapping[str, tuple[str, ...]]] = {
    "athena:workgroup": ("WorkGroup=primary",),
    "bedrock-agentcore:runtime": ("agentRuntimeArn",),
    "bedrock-agentcore:runtime-endpoint": ("agentRuntimeArn", "qualifier=DEFAULT"),
    "bedrock:agent-alias": ("agentId", "agentAliasId"),
    "cloudfront:distribution": ("DistributionId|Id",),
    "codepipeline:pipeline": ("pipelineName|name",),
    "dynamodb:index": ("TableName", "IndexName"),
    "dynamodb:table": ("TableName|SourceTableName|TableArn|ResourceArn|TargetTableName",),
    "ec2:security-group": ("GroupId",),
    "eks:cluster": ("clusterName|name",),
    "elasticmapreduce:cluster": ("ClusterId|JobFlowId|JobFlowIds[]",),
    "events:event-bus": ("EventBusName|Entries[].EventBusName|Name=default",),
    "glue:crawler": ("CrawlerName|Name",),
    "glue:database": ("DatabaseName|Name",),
    "glue:job": ("JobName|Name",),
    "glue:table": ("DatabaseName", "TableName|Name"),
    "glue:workflow": ("WorkflowName|Name",),
    "iam:policy": ("PolicyArn|PolicyName",),
    "iam:role": ("RoleName|RoleArn",),
    "kms:key": ("KeyId|TargetKeyId",),
    "lambda:function": ("FunctionName|FunctionArn|Resource",),
    "lambda:layerVersion": ("LayerName|Arn", "VersionNumber"),
    "logs:log-group": ("logGroupName|logGroupIdentifier|logGroupNames[]|logGroupIdentifiers[]",),
    "logs:log-stream": ("logGroupName|logGroupIdentifier", "logStreamName"),
    "mobiletargeting:messages": ("ApplicationId",),
    "rds-db:db-user": ("DbiResourceId", "DBUsername"),
    "rds:snapshot": ("DBSnapshotIdentifier",),
    "s3:bucket": ("Bucket",),
    "s3:object": ("Bucket", "Key"),
    "s3vectors:Index": ("vectorBucketName|indexArn", "indexName"),
    "s3vectors:VectorBucket": ("vectorBucketName|vectorBucketArn",),
    "scheduler:schedule": ("GroupName=default", "Name"),
    "secretsmanager:Secret": ("SecretId|Name|SecretIdList[]",),
    "servicediscovery:namespace": ("NamespaceId|Id",),
    "servicediscovery:service": ("ServiceId|Id",),
    "sns:topic": ("TopicArn|TargetArn|Name|ResourceArn",),
    "sqs:queue": ("QueueUrl|QueueName|SourceArn",),
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
    parameter takes nothing but an ARN, ``whole`` that it is all of this resource's.
    """

    service: str
    type: str
    format: str
    names: tuple[Pieces, ...]
    after: Pieces = ()
    by_arn: bool = False
    whole: bool = False


def targets(action: str, on: str, path: str, call: Call, environment: Environment) -> tuple[Target, ...]:
    """What a call is about, as far as one type of resource goes; several where it names several at once."""
    service = action.partition(":")[0]
    special = _SPECIAL.get(f"{service}:{on}")
    if special is not None:
        return tuple(special(service, path, call, environment))
    found = Catalog.load().service(service)
    arn = found.resource_types.get(on) if found else None
    if arn is None:
        return ()
    arn = _ACCOUNT.sub(r"\1${Account}:", arn)
    parts = [one for one in _PLACEHOLDER.findall(arn) if one not in _SURROUNDINGS]
    if on == "object" and path:
        return tuple(Target(service, on, arn, names) for names in _objects(path, call, environment))
    paths = (path,) if path else _PARAMETERS.get(f"{service}:{on}")
    if path and len(parts) > 1:
        paths = (path, *[""] * (len(parts) - 1))
    lists = _names(parts, on, paths, call, environment)
    if not lists:
        return (Target(service, on, arn, ()),)
    firsts, *others = lists
    rest = tuple(one[0] if len(one) == 1 else (ANY,) for one in others)
    by_arn = _is_by_arn(paths[0] if paths else "", call)
    if firsts == [(ANY,)] and (wholes := _wholes(arn, on, call, environment)):
        return tuple(Target(service, on, arn, (one,), by_arn=True, whole=True) for one in dict.fromkeys(wholes))
    after = _qualifier(call, environment) if (service, on) == ("lambda", "function") else ()
    if (service, on) == ("logs", "log-group") and action not in _TAGS_OF_LOGS:
        after = _BELOW_GROUP
    # A managed policy that is not known may be AWS's own, and those are in no account.
    anybodys = arn.replace("${Account}", "*") if by_arn and (service, on) == ("iam", "policy") else arn
    return tuple(
        Target(
            service,
            on,
            anybodys if first == (ANY,) else arn,
            (first,) if _is_whole(first, arn) else (first, *rest),
            after,
            by_arn,
        )
        for first in dict.fromkeys(firsts)
    )


def _names(
    parts: list[str], on: str, paths: tuple[str, ...] | None, call: Call, environment: Environment
) -> list[list[Pieces]]:
    """The names for each part of an ARN, of which no two are of one parameter."""
    used: set[str] = set()
    out = []
    for at, part in enumerate(parts):
        if paths is not None and at < len(paths):
            used |= set(paths[at].partition("=")[0].lower().split("|"))
            out.append(_values(paths[at], call, environment))
        else:
            out.append(_by_name(part, on if at == len(parts) - 1 else "", call, environment, used))
    return out


def _wholes(arn: str, on: str, call: Call, environment: Environment) -> list[Pieces]:
    """What the parameter has that takes the ARN of such a resource, by its name or by what it is given."""
    kind = _bare(on.replace("-", "").replace("_", ""))
    for name, value in call.arguments.items():
        if not name.lower().endswith(("arn", "arns")):
            continue
        listed = value.value if isinstance(value, Known) and isinstance(value.value, tuple | list) else (value,)
        found = [pieces for one in listed if (pieces := expanded(one, environment))]
        if all(_opens_as_arn(pieces) for pieces in found):
            found = [pieces for pieces in found if _is_whole(pieces, arn)]
        elif not kind or not _bare(name).endswith(kind):
            continue
        if found and (ANY,) not in found:
            return found
    return []


def _opens_as_arn(pieces: Pieces) -> bool:
    return isinstance(pieces[0], str) and pieces[0].startswith("arn:")


def _is_whole(pieces: Pieces, arn: str) -> bool:
    """Whether a text is an ARN of a format, down to its last name."""
    if not _opens_as_arn(pieces):
        return False
    pattern = "".join(
        re.escape(one) if at % 2 == 0 else "[^:]*" if one in _SURROUNDINGS else ".+"
        for at, one in enumerate(_PLACEHOLDER.split(arn))
    )
    return re.fullmatch(pattern, "".join(one if isinstance(one, str) else "?" for one in pieces)) is not None


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


def _by_name(part: str, kind: str, call: Call, environment: Environment, used: set[str]) -> list[Pieces]:
    """By the parameter that is called as a part of an ARN, or as the type of resource and the part.

    ``kind`` is the type where the part is the last: ``indexName`` does not say which bucket an index is in.
    ``used`` are the parameters that name other parts.
    """
    wanted = {_bare(part)}
    if kind:
        wanted |= {_bare(kind.replace("-", "").replace("_", "") + part), _bare(kind.replace("-", ""))}
    for name, value in call.arguments.items():
        if _bare(name) in wanted and name.lower() not in used:
            used.add(name.lower())
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
    """Bucket and key of objects that are said in one parameter: an object, ``bucket/key``, an S3 URI.

    Where a path ends in ``*`` the key is only how the keys of what is written begin.
    """
    if path.endswith("*"):
        for bucket_is, begins in _objects(path[:-1], call, environment):
            yield bucket_is, begins if begins[-1] == ANY else text_of(*begins, ANY).parts
        return
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
            if ":application-inference-profile/" in start:
                yield Target(service, "foundation-model", model, ((ANY,),))


def _rules(service: str, path: str, call: Call, environment: Environment) -> Iterator[Target]:
    """A rule, whose ARN names its bus unless that is the account's default one."""
    arn = "arn:${Partition}:events:${Region}:${Account}:rule/"
    bus = _values("EventBusName=default", call, environment)[0]
    if isinstance(bus[0], str):
        start = bus[0].rpartition(":event-bus/")[2]
        bus = text_of(start, *bus[1:]).parts or (ANY,)
    for rule in dict.fromkeys(_values("Rule|Name", call, environment)):
        if bus in (("default",), (ANY,)):
            yield Target(service, "rule-on-default-event-bus", arn + "${RuleName}", (rule,))
        if bus != ("default",):
            yield Target(service, "rule-on-custom-event-bus", arn + "${EventBusName}/${RuleName}", (bus, rule))


def _documents(service: str, path: str, call: Call, environment: Environment) -> Iterator[Target]:
    """A document of Systems Manager; those of AWS's own are in no account."""
    arn = "arn:${Partition}:ssm:${Region}:${Account}:document/${DocumentName}"
    for one in dict.fromkeys(_values("DocumentName|Name", call, environment)):
        of_aws = isinstance(one[0], str) and one[0].startswith(("AWS-", "AWSEC2-", "AWSSupport-", "Amazon"))
        yield Target(service, "document", arn.replace("${Account}", "") if of_aws else arn, (one,))


def _nodes(service: str, path: str, call: Call, environment: Environment) -> Iterator[Target]:
    """What a command of Systems Manager is sent to: instances of EC2, and machines elsewhere by their IDs."""
    instance = "arn:${Partition}:ec2:${Region}:${Account}:instance/${InstanceId}"
    machine = "arn:${Partition}:ssm:${Region}:${Account}:managed-instance/${InstanceId}"
    for one in dict.fromkeys(_values("InstanceIds[]", call, environment)):
        elsewhere = isinstance(one[0], str) and one[0].startswith("mi-")
        yield Target(service, "instance", machine if elsewhere else instance, (one,))


def _revised(kind: str, parameters: str) -> Any:
    """Definitions of which each change is a revision of its own, whose number is in what a request is about."""

    def found(service: str, path: str, call: Call, environment: Environment) -> Iterator[Target]:
        arn = f"arn:${{Partition}}:{service}:${{Region}}:${{Account}}:{kind}/${{Name}}"
        for one in dict.fromkeys(_values(parameters, call, environment)):
            if isinstance(one[-1], str) and re.search(r":(?:\d+|\*)$", one[-1]):
                yield Target(service, f"{kind}-revision", arn, (one,))
            elif len(one) == 1 and isinstance(one[0], Ref) and _says_arn(one[0]):
                yield Target(service, kind, arn, (one,), by_arn=True)
            else:
                yield Target(service, f"{kind}-revision", f"{arn}:${{Revision}}", (one, ("*",)))

    return found


def _says_arn(ref: Ref) -> bool:
    """Whether a reference is to an ARN; CloudFormation's to a definition as a whole is to one."""
    return ref.attribute.lower().endswith("arn") or ref.attribute in ("", "Ref")


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
    "batch:job-definition": _revised("job-definition", "jobDefinition|jobDefinitionName"),
    "bedrock:model": _models,
    "dynamodb:partiql": _statements,
    "ecs:task-definition": _revised("task-definition", "taskDefinition|family"),
    "events:rule-on-custom-event-bus": _rules,
    "execute-api:connections-delete": _connections("DELETE"),
    "execute-api:connections-get": _connections("GET"),
    "execute-api:connections-post": _connections("POST"),
    "secretsmanager:Secret": _secrets,
    "ses:identity": _senders,
    "ssm:document": _documents,
    "ssm:instance": _nodes,
    "ssm:path": _paths,
}
"""What a parameter and an ARN's format do not say, by service and type, some of which are the table's own."""
