"""What CloudTrail saw functions do: from its files, as S3 or an export has them, one event at a time.

A function is known by its role's session: Lambda assumes the execution role under the function's name. What a
trail does not log nobody can see in it: data events, unless somebody chose them, and some calls in no case.
"""

from __future__ import annotations

import codecs
import gzip
import json
import re
import zlib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import field
from pathlib import Path
from typing import IO, Any, Final, TypeAlias, cast

from stockade.code.facts import Call
from stockade.iam.match import arn_parts
from stockade.model.need import Certainty, Needed, Reason
from stockade.model.world import Gap, World
from stockade.needs.actions import prefix_of, table, wanted
from stockade.needs.arguments import Environment
from stockade.needs.join import Join
from stockade.needs.resources import targets
from stockade.patterns import lazy_regex
from stockade.records import dataclass
from stockade.source import Source, Span
from stockade.value import Default, Fetched, Known, Value, Written

CHUNK: Final = 1 << 20
"""Bytes of text that are decoded at once."""
LONGEST: Final = 16 * CHUNK
"""Characters of one event; CloudTrail's own limit is a quarter of a megabyte."""
FILE: Final = 4_000_000_000
"""Bytes of one file, unpacked, that are read."""
MANY: Final = 200
"""Resources of one action of one function that are told apart."""

_VERSION: Final = lazy_regex(r"\d{4}_?\d{2}_?\d{2}(?:v\d+)?$")
_SOURCES: Final = {
    "email": "ses",
    "monitoring": "cloudwatch",
    "states": "stepfunctions",
    "streams.dynamodb": "dynamodbstreams",
    "tagging": "resourcegroupstaggingapi",
}
"""Where an event's source is not what the SDK calls the service."""
_RENAMED: Final = {"bucketName": "Bucket", "keyId": "KeyId", "secretId": "SecretId"}
_DENIED: Final = lazy_regex(
    r"AccessDenied|UnauthorizedOperation|AuthorizationError|NotAuthorized", re.IGNORECASE
)

DATA_EVENTS: Final[Mapping[str, str]] = {
    "bedrock": "models and agents that are invoked",
    "dynamodb": "reads and writes of items",
    "kinesis": "records",
    "lambda": "invocations",
    "s3": "reads and writes of objects",
    "sns": "messages that are published",
    "sqs": "messages",
    "states": "executions that are started synchronously",
}
"""What a trail has only where it was told to log data events: CloudTrail User Guide, "Logging data events"."""
UNLOGGED: Final = (
    "writing logs, traces and metrics; connecting to databases; requests that other services answer"
)
"""What no trail has."""


@dataclass(frozen=True, slots=True)
class Watched:
    """Whose calls are looked for: a role by its name, if it is known, and the function that is its session."""

    key: str
    role: str
    function: str


@dataclass
class Seen:
    """What was seen of one function: actions on resources with how often, and what was refused to it."""

    events: int = 0
    calls: Counter[tuple[str, str]] = field(default_factory=Counter)
    resources: Counter[str] = field(default_factory=Counter)  # how many different ones, of each action
    last: dict[tuple[str, str], str] = field(default_factory=dict)
    where: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    denied: Counter[str] = field(default_factory=Counter)
    unmapped: Counter[str] = field(default_factory=Counter)


@dataclass
class Trail:
    """Everything a trail showed. ``data`` are the services of which it has data events at all."""

    by_key: dict[str, Seen] = field(default_factory=dict)
    files: int = 0
    events: int = 0
    first: str = ""
    last: str = ""
    data: set[str] = field(default_factory=set)
    gaps: list[Gap] = field(default_factory=list)

    def needs(self, key: str) -> tuple[Needed, ...]:
        """What a function was seen to do, as needs."""
        seen = self.by_key.get(key)
        return tuple(_needs(seen)) if seen else ()

    def blind(self, services: Collection[str] = ()) -> tuple[str, ...]:
        """What this trail cannot show, in words."""
        missing = [
            f"{what} ({service})"
            for service, what in sorted(DATA_EVENTS.items())
            if service not in self.data and (not services or service in services)
        ]
        out = [f"in no trail: {UNLOGGED}"]
        if missing:
            out.insert(0, f"not in this trail, which has no data events of them: {', '.join(missing)}")
        return tuple(out)


def _needs(seen: Seen) -> Iterator[Needed]:
    for (action, resource), count in sorted(seen.calls.items()):
        region, account = seen.where[action, resource]
        at = seen.last[action, resource]
        times = "once" if count == 1 else f"{count} times"
        said = f"`{action}` was seen {times} in the trail, last on {at[:10]}"
        yield Needed(
            action=action,
            resource=resource,
            certainty=Certainty.CERTAIN,
            found="trail",
            reasons=(Reason(said, Fetched("cloudtrail", "", account, region, at)),),
        )


# -------------------------------------------------------------------------------------------- reading


def read(paths: Collection[Path], watched: Collection[Watched]) -> Trail:
    """Go through the files of a trail, below directories too. What cannot be read is a gap."""
    out = Trail()
    roles = {one.role: one for one in watched if one.role}
    sessions = {one.function: one for one in watched if one.function}
    known: _Known = {}
    for path in paths:
        before, files = out.events + len(out.gaps), out.files
        for file in _files(path):
            out.files += 1
            try:
                for record in records(file):
                    _take(record, roles, sessions, known, out)
            except (OSError, EOFError, zlib.error, ValueError, RecursionError) as error:
                place = Written(Span(Source(file.as_posix(), b""), 0, 0))
                reason = str(error).partition("\n")[0] or type(error).__name__
                out.gaps.append(Gap(f"`{file.as_posix()}` was not read whole", reason, place))
        if out.events + len(out.gaps) == before:
            reason = (
                "there is no event in it" if out.files > files else "there is no file of CloudTrail's below it"
            )
            out.gaps.append(Gap(f"`{path.as_posix()}`", reason, Default("nothing was read")))
    return out


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    for file in sorted(path.rglob("*")):
        if file.name.endswith((".json", ".json.gz", ".gz", ".jsonl")) and file.is_file():
            if not any(part in ("CloudTrail-Digest", "CloudTrail-Insight") for part in file.parts):
                yield file


def records(file: Path) -> Iterator[dict[str, Any]]:
    """The events in one file: ``{"Records": [...]}``, what ``lookup-events`` prints, or one event a line."""
    with file.open("rb") as raw:
        start = raw.read(2)
        raw.seek(0)
        opened = cast("IO[bytes]", gzip.GzipFile(fileobj=raw) if start == b"\x1f\x8b" else raw)
        for found in _objects(opened):
            inner = found.get("CloudTrailEvent")
            if isinstance(inner, str):
                found = json.loads(inner)
            if isinstance(found, dict) and "eventName" in found:
                yield found


_ARRAY: Final = lazy_regex(r'"(?:Records|Events)"\s*:\s*\[')
_SPACE: Final = lazy_regex(r"[\s,]*")


def _objects(stream: IO[bytes]) -> Iterator[dict[str, Any]]:
    """The objects of the one array in a text, or one after another, with no more in memory than needed."""
    decode = json.JSONDecoder().raw_decode
    text = codecs.getincrementaldecoder("utf-8")("strict")
    buffer, total, inside = "", 0, False
    while True:
        data = stream.read(CHUNK)
        total += len(data)
        if total > FILE:
            raise ValueError(f"it has more than the {FILE:,} bytes that are read of one file")
        buffer += text.decode(data, final=not data)
        if not inside:
            if (found := _ARRAY.search(buffer)) is not None:
                buffer, inside = buffer[found.end() :], True
            elif buffer.lstrip().startswith('{"eventVersion"') or not data:
                inside = True
            elif len(buffer) > LONGEST:
                raise ValueError("it is no file of CloudTrail's: there are no `Records` in it")
            else:
                continue
        at = 0
        while True:
            at = _SPACE.match(buffer, at).end()  # type: ignore[union-attr]  # it matches anywhere
            if at >= len(buffer) or buffer[at] in "]}":
                break
            try:
                found_object, at = decode(buffer, at)
            except json.JSONDecodeError:
                if not data:
                    raise ValueError("it ends in the middle of an event, or is no JSON") from None
                break
            if isinstance(found_object, dict):
                yield found_object
        ended = at < len(buffer) and buffer[at] == "]"
        buffer = buffer[at:]
        if ended or not data:
            return
        if len(buffer) > LONGEST:
            raise ValueError("it has an event of more than 16 MB")


# -------------------------------------------------------------------------------------------- events


def _take(
    record: Mapping[str, Any],
    roles: Mapping[str, Watched],
    sessions: Mapping[str, Watched],
    known: _Known,
    out: Trail,
) -> None:
    out.events += 1
    time = str(record.get("eventTime") or "")
    if time:
        out.first = min(out.first or time, time)
        out.last = max(out.last, time)
    client = _client(str(record.get("eventSource") or ""))
    if record.get("eventCategory") == "Data" or record.get("managementEvent") is False:
        out.data.add(prefix_of(client) or client)
    who = _whose(record.get("userIdentity"), roles, sessions)
    if who is None:
        return
    seen = out.by_key.setdefault(who.key, Seen())
    seen.events += 1
    name = _VERSION.sub("", str(record["eventName"]))
    if _DENIED.search(str(record.get("errorCode") or "")):
        seen.denied[f"{prefix_of(client) or client}:{name}"] += 1
        return
    identity = record["userIdentity"]
    account = str(record.get("recipientAccountId") or identity.get("accountId") or "*")
    region = str(record.get("awsRegion") or "*")
    done = _done(client, name, record, account, region, known)
    if done is None:
        seen.unmapped[f"{client}.{name}"] += 1
        return
    for action, resource in done:
        if action in _OWN_LOGS and f":log-group:/aws/lambda/{who.function}:" in resource:
            continue  # that it writes its logs its configuration says
        key = (action, resource)
        if key not in seen.calls:
            if seen.resources[action] >= MANY:
                key = (action, "*")
            seen.resources[action] += 1
        seen.calls[key] += 1
        seen.last[key] = max(seen.last.get(key, ""), time)
        seen.where[key] = (region, account)


_OWN_LOGS: Final = frozenset({"logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"})
_Done: TypeAlias = tuple[tuple[str, str], ...] | None
_Known: TypeAlias = dict[tuple[str, ...], _Done]

_CONTENTS: Final = frozenset(
    {"body", "expressionAttributeValues", "item", "key", "message", "messageBody", "payload"}
)
"""Parameters that are another thing in every event, and of which only counts whether they are there."""
_KEPT: Final = 10_000


def _done(client: str, name: str, record: Mapping[str, Any], account: str, region: str, known: _Known) -> _Done:
    """The actions of an event and on what they were done; most events ask for what one before them did."""
    given = record.get("requestParameters")
    if isinstance(given, Mapping):
        given = {key: "" if key in _CONTENTS else value for key, value in given.items()}
    key = (client, name, account, region, repr(given), repr(record.get("resources")))
    if key in known:
        return known[key]
    if len(known) >= _KEPT:
        known.clear()
    if (client, name) not in table():
        # Events say one service where the SDK has several clients: models are asked by one of their own.
        same = (one for one, of in table() if of == name and prefix_of(one) == prefix_of(client))
        client = next(same, client)
    call = Call(service=client, operation=name, origin=_NOWHERE, arguments=_parameters(given))
    found = wanted(call)
    made: _Done = None
    if found is not None:
        made = tuple(
            (one.action, resource)
            for one in found
            if not one.perhaps and one.sure
            for resource in _resources(one.action, one.on, call, record, account, region)
        )
    known[key] = made
    return made


_NOWHERE: Final = Written(Span(Source("", b""), 0, 0))


def _client(source: str) -> str:
    """What the SDK calls the service that an event is of."""
    name = source.removesuffix(".amazonaws.com")
    return _SOURCES.get(name, name)


def _whose(identity: Any, roles: Mapping[str, Watched], sessions: Mapping[str, Watched]) -> Watched | None:
    if not isinstance(identity, Mapping) or identity.get("type") != "AssumedRole":
        return None
    arn = str(identity.get("arn") or "")
    _, _, rest = arn.partition(":assumed-role/")
    role, _, session = rest.partition("/")
    found = sessions.get(session)
    if found is not None and found.role in ("", role):
        return found
    return roles.get(role)


def _parameters(found: Any) -> dict[str, Value[Any]]:
    if not isinstance(found, Mapping):
        return {}
    out: dict[str, Value[Any]] = {}
    for name, value in found.items():
        known = _value(value)
        out[str(name)] = known
        if name in _RENAMED:
            out[_RENAMED[name]] = known
        elif name[:1].islower():
            out[name[:1].upper() + name[1:]] = known
    if "key" in found and "Bucket" in out:
        out["Key"] = _value("*")
    return out


def _value(value: Any) -> Value[Any]:
    match value:
        case Mapping():
            return Known({str(key): _value(one) for key, one in value.items()}, _NOWHERE)
        case list():
            return Known(tuple(map(_value, value)), _NOWHERE)
        case _:
            return Known(value, _NOWHERE)


def _resources(
    action: str,
    on: tuple[tuple[str, str], ...],
    call: Call,
    record: Mapping[str, Any],
    account: str,
    region: str,
) -> Iterator[str]:
    """The ARNs that an event names, or what its parameters make of them."""
    if not on:
        yield "*"
        return
    service = action.partition(":")[0]
    join = Join(World(), None)
    for kind, path in on:
        for target in targets(action, kind, path, call, Environment()):
            text = str(join.joined(target).resource)
            text = (
                text.replace("${partition}", "aws").replace("${account}", account).replace("${region}", region)
            )
            if kind == "log-stream":
                text = text.partition(":log-stream:")[0] + ":*"  # every environment makes one of its own
            elif "*" in text and kind != "object":
                text = _named(record, service) or text
            yield text


def _named(record: Mapping[str, Any], service: str) -> str | None:
    """The ARN of a service's resource that an event lists, where there is one alone."""
    listed = record.get("resources")
    arns = [str(one.get("ARN") or one.get("arn") or "") for one in listed or () if isinstance(one, Mapping)]
    fitting = [one for one in arns if (parts := arn_parts((one,))) and parts[2] == (service,)]
    return fitting[0] if len(fitting) == 1 else None
