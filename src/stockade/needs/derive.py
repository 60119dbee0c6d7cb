"""What one function needs: by its source and its configuration, joined with what is declared."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field, replace
from typing import Any, Final, Literal

from stockade.code.facts import ENVIRONMENT, Call, Credentials, Source, Unfollowed
from stockade.iam.catalog import Catalog
from stockade.iam.cover import Piece
from stockade.iam.written import KeyTest
from stockade.model.function import Function
from stockade.model.need import Certainty, Fetch, Learned, Needed, Open, Reason
from stockade.model.world import World
from stockade.needs.actions import Wanted, maybe, prefix_of, wanted
from stockade.needs.arguments import Environment, is_there
from stockade.needs.configured import key_resource
from stockade.needs.implied import foreign_layers, implied
from stockade.needs.join import WHAT, Join, key_of
from stockade.needs.keys import PERHAPS, may_use_keys, with_key
from stockade.needs.passed import may_hold, named, passed
from stockade.needs.resources import targets
from stockade.needs.tasks import started_with
from stockade.patterns import lazy_regex
from stockade.records import dataclass
from stockade.value import Default, Hole, Known, Text, Unknown, Value, Written, places

_FETCHING = {
    "secretsmanager": frozenset({"BatchGetSecretValue", "GetSecretValue"}),
    "ssm": frozenset({"GetParameter", "GetParameters", "GetParametersByPath"}),
}
_PASSING: Final = "iam:PassRole"
_KEY = lazy_regex(r"kms|encryptionkey", re.IGNORECASE)
_WITH_KEYS = frozenset(f"kms:{one}" for one in PERHAPS)
_OF_AWS = lazy_regex(r"package `[^`]*(?:aws|amazon|dynamo|qldb|cognito|kinesis|sqs|sns|\bs3)", re.IGNORECASE)
"""Packages whose source was not read, and that are called after what they call."""
_SINGLE: Final[Mapping[str, tuple[Literal["secret", "parameter", ""], str]]] = {
    "GetSecretValue": ("secret", "SecretId"),
    "GetParameter": ("parameter", "Name"),
    "": ("", ""),
}
_RENEWING: Final = {
    "secretsmanager": frozenset({"PutSecretValue", "UpdateSecret", "UpdateSecretVersionStage"}),
    "ssm": frozenset({"PutParameter"}),
}
"""What writes that which the others read."""
_DURABLE = "durable"
_CLEANING_UP = "s3:AbortMultipartUpload"
"""What helpers for large files call when something goes wrong; they do without."""
_BY_HAND = "MultipartUpload"
"""The resource object whose ``abort`` the source itself calls."""
_CODE: Final = frozenset({"filename", "s3_key", "s3_object_version", "source_code_hash", "package"})
_FEW: Final = 1_500
"""Bytes of a file that may do nothing but stand in for another."""
_PLACEHOLDER: Final = lazy_regex(
    r"\b(?:place ?holder|dummy|stub)\b|\b(?:will|to) be (?:replaced|overwritten)|deployed separately",
    re.IGNORECASE,
)
_IN_ITS_NAME: Final = {
    "cloudcontrol": ("RoleArn", frozenset({"CreateResource", "DeleteResource", "UpdateResource"})),
    "cloudformation": (
        "RoleARN",
        frozenset({"CreateStack", "DeleteStack", "ExecuteChangeSet", "RollbackStack", "UpdateStack"}),
    ),
}
"""What makes, changes and deletes resources of any service in its caller's name, unless it is given a role."""
_SEVERAL = {
    # Which of these a function calls the SDK decides, by the size of what it moves.
    "s3:PutObject": ("s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"),
}


@dataclass
class _Draft:
    """What has been found so far."""

    needed: list[Needed] = field(default_factory=list)
    open: list[Open] = field(default_factory=list)
    aside: list[Reason] = field(default_factory=list)
    fetches: list[Fetch] = field(default_factory=list)
    perhaps: set[str] = field(default_factory=set)
    beyond: set[str] = field(default_factory=set)


def learned(function: Function, world: World, source: Value[Source]) -> Learned:
    """What a function needs. Where its source is not known this is what its configuration needs."""
    join = Join(world, function)
    out = _Draft()
    notes: tuple[Reason, ...] = ()
    where: Value[str]
    match source:
        case Known(found, origin):
            environment = Environment.of(function.environment, found.defaults, _reserved(function))
            _follow(found, environment, join, world, out)
            notes = tuple(Reason(f"{one.what}: {one.reason}", one.origin) for one in found.notes)
            if isinstance(unset := function.environment, Unknown) and any(
                one.reason.startswith(WHAT) for one in out.open
            ):
                notes = (
                    *notes,
                    Reason(f"what is in its environment is not known: {unset.reason}", unset.origin),
                )
            where = Known(_path(found), origin)
            for name, layer in foreign_layers(function, world):
                out.open.append(Open(f"the layer `{name}`", "its code is not in this input", layer.origin))
            if reason := _stands_in(found, function):
                out.open.append(Open("its code", reason, origin))
        case Unknown(reason, origin):
            where = Unknown(reason, origin)
    configured = implied(function, world, join)
    out.needed += configured.needed
    out.open += configured.open
    out.perhaps |= configured.perhaps
    return _made(out, where, notes)


def _stands_in(source: Source, function: Function) -> str:
    """Why source that calls nothing is there for the first deployment only; empty where nothing says so.

    Some stacks make a function with a few lines in place of its code, which a pipeline then replaces.
    """
    if source.calls or source.unfollowed or source.handler is None or len(source.files) > 1:
        return ""
    if function.unmanaged & _CODE:
        return "other code is deployed later: changes of it are ignored"
    data = source.handler.source.data
    text = f"{source.handler.path}\n{data.decode(errors='replace')}" if len(data) <= _FEW else ""
    return "it stands in for what is deployed later, by its own words" if _PLACEHOLDER.search(text) else ""


def learned_alone(source: Source, environment: Environment) -> Learned:
    """What source needs of which no infrastructure is known."""
    out = _Draft()
    world = World()
    known = replace(environment, defaults={**source.defaults, **environment.defaults}, free=True)
    _follow(source, known, Join(world, None), world, out)
    notes = tuple(Reason(f"{one.what}: {one.reason}", one.origin) for one in source.notes)
    origin = out.needed[0].reasons[0].origin if out.needed else None
    place = next(iter(places(origin)), None) if origin else None
    at = Written(source.handler) if source.handler else place or Default("the source that was given")
    return _made(out, Known(_path(source), at), notes)


def _path(source: Source) -> str:
    """The file that the handler is in, or the first that was read."""
    return source.handler.path if source.handler is not None else ", ".join(source.files[:1])


def _reserved(function: Function) -> dict[str, Value[Any]]:
    """Variables that Lambda sets itself."""
    out: dict[str, Value[Any]] = {"AWS_LAMBDA_FUNCTION_NAME": function.name}
    if function.region is not None:
        unknown = Unknown("the region is known when it is deployed", function.origin, Text((Hole("region"),)))
        region = function.region if isinstance(function.region, Known) else unknown
        out.update(AWS_REGION=region, AWS_DEFAULT_REGION=region)
    return out


def _made(out: _Draft, where: Value[str], notes: tuple[Reason, ...]) -> Learned:
    return Learned(
        source=where,
        needed=tuple(merged(out.needed)),
        open=tuple(dict.fromkeys(out.open)),
        aside=tuple(dict.fromkeys(out.aside)),
        fetches=tuple(out.fetches),
        notes=notes,
        perhaps=frozenset(one.lower() for one in out.perhaps),
        beyond=frozenset(one.lower() for one in out.beyond),
    )


_SURENESS = (Certainty.CERTAIN, Certainty.LIKELY, Certainty.UNKNOWN)


def merged(needs: Iterable[Needed]) -> Iterator[Needed]:
    """Each permission once, with every reason for it and the surest of its certainties."""
    groups: dict[tuple[object, ...], list[Needed]] = {}
    for one in needs:
        groups.setdefault((one.action, one.resource, one.tests, one.found), []).append(one)
    for group in groups.values():
        best = min(group, key=lambda one: _SURENESS.index(one.certainty))
        reasons = tuple(dict.fromkeys(reason for one in group for reason in one.reasons))
        yield replace(
            best,
            reasons=reasons,
            calls=tuple(dict.fromkeys(name for one in group for name in one.calls)),
            every=any(one.every for one in group),
            direct=any(one.direct for one in group),
        )


# ------------------------------------------------------------------------------------------------ calls


def _follow(source: Source, environment: Environment, join: Join, world: World, out: _Draft) -> None:
    others = {call.origin for call in source.calls if call.credentials is Credentials.OTHER}
    for call in source.calls:
        if not call.reached:
            out.aside.append(Reason(f"{_said(call)} is not reached from the handler", call.origin))
            out.beyond.update(one.action for one in wanted(call) or ())
        elif call.service == "xray" and call.through and not call.certain:
            # The configuration says whether there is anything to send.
            out.aside.append(Reason(f"{_said(call)} sends traces where tracing is on", call.origin, call.way))
            out.perhaps.update(one.action for one in wanted(call) or ())
        elif call.credentials is Credentials.OTHER:
            out.aside.append(Reason(f"{_said(call)} is made with other credentials", call.origin, call.way))
        else:
            # A session that may be another role's or its own: which of them it is depends on what it is given.
            own = call.origin not in others and call.credentials is Credentials.OWN
            # Where the handler was not found everything counts as reached, and some of it may never run.
            sure = call.certain and own and source.handler is not None
            _call(replace(call, certain=sure), environment, join, world, out)
    written = {one.service for one in source.calls if one.operation in _RENEWING.get(one.service, ())}
    out.fetches = [replace(one, renewed=one.service in written) for one in out.fetches]
    for one in source.unfollowed:
        _unfollowed(one, out)
    for note in source.notes:
        if _OF_AWS.search(note.what):
            # By its name it is there to call AWS, so that not having read it is not nothing.
            out.open.append(Open(note.what, note.reason, note.origin))
    if any(_DURABLE in call.through for call in source.calls):
        out.perhaps.add("lambda:InvokeFunction")  # which steps of an execution call, and no SDK's client does


def _unfollowed(one: Unfollowed, out: _Draft) -> None:
    if not one.reached:
        out.aside.append(Reason(f"{one.what} is not reached from the handler", one.origin))
        return
    service = prefix_of(one.service) or one.service if one.service else ""
    out.open.append(Open(one.what, one.reason, one.origin, service))


def _said(call: Call) -> str:
    through = f" ({call.through})" if call.through else ""
    return f"`{call.service}.{call.operation}`{through}"


def _call(call: Call, environment: Environment, join: Join, world: World, out: _Draft) -> None:
    found = wanted(call)
    if found is None:
        reason = "the action that it needs is not known"
        out.open.append(Open(_said(call), reason, call.origin, prefix_of(call.service) or ""))
        return
    started = started_with(call, environment, join)
    if started is not None:
        passing = Wanted(_PASSING, (), own=False)
        certainty = _sureness(passing, call)
        why = Reason(f"{_said(call)}, whose definition has this role", call.origin, call.way)
        out.needed += (_needed(passing, role, certainty, why, call) for role in started.roles)
        if started.whole:
            found = tuple(one for one in found if one.action != passing.action)
    told = tuple(one.action for one in found if one.told)
    if told:
        reason = "what it works on needs permissions of its own, which are not in the call"
        out.open.append(Open(_said(call), reason, call.origin, "", told))
    role, makers = _IN_ITS_NAME.get(call.service, ("", frozenset()))
    if call.operation in makers and is_there(call, role) is not True:
        reason = "what it makes or deletes needs the function's permissions, where no role was given for that"
        out.open.append(Open(_said(call), reason, call.origin))
    if beside := tuple(maybe(call)):
        reason = "not all of its parameters are known, of which some need more"
        out.open.append(Open(_said(call), reason, call.origin, "", beside))
    for one in found:
        if one.perhaps or (call.through not in ("", _BY_HAND) and one.action == _CLEANING_UP):
            out.perhaps.add(one.action)
        else:
            _wanted(one, call, environment, join, world, out)
            action = Catalog.load().action(one.action)
            out.perhaps.update(action.dependent_actions if action else ())
            if action is None or may_use_keys(action):
                out.perhaps |= _WITH_KEYS
    _passed(call, found, environment, join, world, out)
    if call.operation in _FETCHING.get(call.service, ()) and _decrypts(call) is not False:
        certain = call.certain and _decrypts(call) is True
        out.fetches.append(_fetch(call, certain))


def _fetch(call: Call, certain: bool) -> Fetch:
    """What a call reads, as the code names it."""
    what, parameter = _SINGLE.get(call.operation, _SINGLE[""])
    name = call.arguments.get(parameter)
    ref = name.ref if name is not None else None
    literal = name.value if isinstance(name, Known) and isinstance(name.value, str) and ref is None else ""
    return Fetch(
        operation=_said(call),
        service=call.service,
        origin=call.origin,
        every=call.every,
        certain=certain,
        way=call.way,
        what=what,
        variable=ref.attribute if ref is not None and ref.address == ENVIRONMENT else "",
        literal=literal if literal.isprintable() and '"' not in literal and "\\" not in literal else "",
    )


def _passed(
    call: Call, found: Iterable[Wanted], environment: Environment, join: Join, world: World, out: _Draft
) -> None:
    """The roles and keys that a call hands to the service: one has to be allowed to pass or use them."""
    if call.service != "kms" and any(_KEY.search(path.rpartition(".")[2]) for path, _ in named(call)):
        out.perhaps |= _WITH_KEYS
    if any(one.action == _PASSING for one in found) or call.service in ("iam", "sts"):
        return
    roles = [*passed(call)]
    for path in roles:
        passing = Wanted(_PASSING, (("role", path),), sure=False, own=False)
        _wanted(passing, call, environment, join, world, out)
    if not roles and (parameter := may_hold(call)):
        reason = f"`{parameter}` may be or hold a role, which then has to be passed, and is not known"
        out.open.append(Open(_said(call), reason, call.origin, "", (_PASSING,)))


def _decrypts(call: Call) -> bool | None:
    """Whether what is fetched is a secret: of a parameter only where it is asked for in clear."""
    if call.service == "secretsmanager":
        return True
    match call.arguments.get("WithDecryption"):
        case None:
            return False if call.complete else None
        case Known(flag):
            return bool(flag)
        case _:
            return None


def _wanted(one: Wanted, call: Call, environment: Environment, join: Join, world: World, out: _Draft) -> None:
    reason = Reason(_said(call), call.origin, call.way)
    certainty = _sureness(one, call)
    found = [target for kind, path in one.on for target in targets(one.action, kind, path, call, environment)]
    out.perhaps.update(_SEVERAL.get(one.action, ()))
    if not found:
        out.needed.append(_needed(one, "*", certainty, reason, call))
        return
    for target in found:
        joined = join.joined(target)
        if joined.open:
            service = one.action.partition(":")[0]
            out.open.append(Open(_said(call), joined.open, call.origin, service, (one.action,), "resource"))
        alone = join.is_alone and joined.open.startswith(WHAT)
        sureness = Certainty.UNKNOWN if joined.open and not alone else certainty
        out.needed.append(_needed(one, joined.resource, sureness, reason, call, joined.tests))
        keyed = with_key(one.action) if _decrypts_for(one.action, call) else ()
        out.perhaps.update(keyed)
        key = key_of(joined.callee, world) if joined.callee is not None and keyed else None
        if key is not None:
            resource, tests = key_resource(key, join)
            for action in keyed:
                why = Reason(f"{reason.said}, whose resource is encrypted with this key", call.origin, call.way)
                need = _needed(
                    replace(one, action=action, own=False), resource, Certainty.LIKELY, why, call, tests
                )
                out.needed.append(need)


def _sureness(one: Wanted, call: Call) -> Certainty:
    sure = call.certain and one.sure and call.credentials is Credentials.OWN
    return Certainty.CERTAIN if sure else Certainty.LIKELY


def _decrypts_for(action: str, call: Call) -> bool:
    return not action.startswith("ssm:Get") or _decrypts(call) is not False


def _needed(
    one: Wanted,
    resource: Piece,
    certainty: Certainty,
    reason: Reason,
    call: Call,
    tests: tuple[KeyTest, ...] = (),
) -> Needed:
    return Needed(
        action=one.action,
        resource=resource,
        certainty=certainty,
        found="source",
        reasons=(reason,),
        tests=tests,
        calls=(f"{call.service}.{call.operation}",),
        every=call.every,
        direct=one.own,
    )
