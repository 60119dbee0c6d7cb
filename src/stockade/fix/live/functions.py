"""Commands for functions and what stands at their door: settings, concurrency, URLs, permissions, signing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any, Final

from stockade.errors import FixError
from stockade.fix.live.plain import differ, given, member, text
from stockade.fix.live.shell import Answered, Command
from stockade.patterns import lazy_regex
from stockade.read.account.answer import Place
from stockade.read.resource import Resource
from stockade.value import Known, Unknown, Value

_SETTINGS: Final[Mapping[str, str]] = {
    "Role": "role",
    "Runtime": "runtime",
    "Handler": "handler",
    "Timeout": "timeout",
    "MemorySize": "memory-size",
    "TracingConfig": "tracing-config",
    "KMSKeyArn": "kms-key-arn",
    "DeadLetterConfig": "dead-letter-config",
    "VpcConfig": "vpc-config",
    "LoggingConfig": "logging-config",
    "Layers": "layers",
    "Environment": "environment",
}
"""Members of a function's configuration that can be changed, with the option; each replaces the whole of it."""
_NETWORK: Final = ("SubnetIds", "SecurityGroupIds")
_OF_NETWORK: Final = (*_NETWORK, "Ipv6AllowedForDualStack")
_NAME: Final = lazy_regex(r"[A-Za-z]\w*")


def function(before: Resource, after: Resource, place: Place) -> Iterator[Command]:
    """The settings of a function that differ, each given whole, all in one call."""
    name = text(before, "Configuration", "FunctionName")
    options: dict[str, Any] = {"function-name": name}
    old, new = _members(before, "Configuration"), _members(after, "Configuration")
    for each in dict.fromkeys((*old, *new)):
        if not differ(old.get(each), new.get(each)):
            continue
        if each not in _SETTINGS:
            raise FixError(f"`{each}` of a function is not changed by its configuration")
        options[_SETTINGS[each]] = _setting(each, before, after, name, place)
    if len(options) > 1:
        yield Command("lambda", "update-function-configuration", options, place.region)
    known = dict.fromkeys((*before.attributes, *after.attributes))
    for each in known:
        if each != "Configuration" and differ(before.attributes.get(each), after.attributes.get(each)):
            yield _beside(each, after, name, place)


def _beside(each: str, after: Resource, name: str, place: Place) -> Command:
    """What is no part of the configuration, and has calls of its own."""
    of = {"function-name": name}
    match each:
        case "Concurrency":
            number = given(after, "Concurrency", "ReservedConcurrentExecutions")
            if number is None:
                return Command("lambda", "delete-function-concurrency", of, place.region)
            options = {**of, "reserved-concurrent-executions": number}
            return Command("lambda", "put-function-concurrency", options, place.region)
        case "CodeSigningConfigArn":
            options = {**of, "code-signing-config-arn": text(after, each)}
            return Command("lambda", "put-function-code-signing-config", options, place.region)
        case _:
            raise FixError(f"`{each}` of a function is changed with its code, or by its tags")


def _members(resource: Resource, name: str) -> Mapping[str, Value[Any]]:
    found = member(resource, name)
    return found.value if isinstance(found, Known) and isinstance(found.value, Mapping) else {}


def _setting(each: str, before: Resource, after: Resource, name: str, place: Place) -> Any:
    if each == "Environment":
        return _environment(before, after, name, place)
    said = given(after, "Configuration", each)
    match each:
        case "VpcConfig":
            kept = {one: said[one] for one in _OF_NETWORK if said and one in said}
            return {**{one: [] for one in _NETWORK}, **kept}
        case "Layers":
            return [one["Arn"] for one in said or ()]
        case "KMSKeyArn":
            return said or ""
        case "DeadLetterConfig":
            return {"TargetArn": (said or {}).get("TargetArn", "")}
        case _ if said is None:
            raise FixError(f"`{each}` of a function cannot be taken away")
        case _:
            return said


def _environment(before: Resource, after: Resource, name: str, place: Place) -> Any:
    """All variables: what stays is asked for when the command runs, so that no value is seen here."""
    path = ("Configuration", "Environment", "Variables")
    old, new = member(before, *path), member(after, *path)
    if isinstance(old, Unknown) or isinstance(new, Unknown):
        raise FixError("the variables that are there now are not known, and would be replaced")
    was, then = (dict(one.value) if one is not None and one.value else {} for one in (old, new))
    kept = [one for one in then if one in was and not differ(was[one], then[one])]
    fresh = {one: then[one] for one in then if one not in kept}
    if not kept:
        return {"Variables": {one: _text(value) for one, value in fresh.items()}}
    if not all(map(_NAME.fullmatch, then)):
        raise FixError("a variable has a name that cannot be asked for")
    parts = [f"{one}: Environment.Variables.{one}" for one in kept]
    parts += [f"{one}: {_literal(_text(value))}" for one, value in fresh.items()]
    options = {"function-name": name, "query": f"{{Variables: {{{', '.join(parts)}}}}}", "output": "json"}
    return Answered(Command("lambda", "get-function-configuration", options, place.region))


def _text(value: Value[Any]) -> str:
    if isinstance(value, Known) and isinstance(value.value, str):
        return str(value.value)
    raise FixError("a variable's value is not known")


def _literal(value: str) -> str:
    """A text as a raw string of JMESPath."""
    if "\n" in value:
        raise FixError("a variable's value has several lines")
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


# ------------------------------------------------------------------------------------ at the door


def url(before: Resource, after: Resource, place: Place) -> Iterator[Command]:
    """A function URL; its CORS rules are replaced as a whole."""
    arn = text(before, "FunctionArn").split(":")
    options: dict[str, Any] = {"function-name": arn[6]}
    if len(arn) > 7:
        options["qualifier"] = arn[7]
    if differ(member(before, "AuthType"), member(after, "AuthType")):
        options["auth-type"] = text(after, "AuthType")
    if differ(member(before, "Cors"), member(after, "Cors")):
        options["cors"] = given(after, "Cors") or {}
    yield Command("lambda", "update-function-url-config", options, place.region)


_OF_PERMISSION: Final[Mapping[str, str]] = {
    "Action": "action",
    "Principal": "principal",
    "SourceArn": "source-arn",
    "SourceAccount": "source-account",
    "PrincipalOrgID": "principal-org-id",
    "FunctionUrlAuthType": "function-url-auth-type",
    "InvokedViaFunctionUrl": "invoked-via-function-url",
    "EventSourceToken": "event-source-token",
}
_LONGEST: Final = 100


def permission(
    before: Resource, after: Resource | None, place: Place, siblings: Sequence[str]
) -> Iterator[Command]:
    """A statement of a function's policy: the new one first, so that who calls is never shut out, then it goes.

    ``siblings`` are the addresses of other permissions that the same statement comes to.
    """
    if siblings:
        raise FixError("the statement lets in several at once, and is changed as a whole")
    sid = given(before, "StatementId")
    if not isinstance(sid, str):
        raise FixError("the statement has no `Sid`, by which alone AWS takes one away")
    whole = before.address.partition("#")[0].split(":")
    of = {"function-name": whole[6]}
    qualifier = given(after, "Qualifier") if after is not None else None
    if after is not None:
        options = {**of, "statement-id": renamed(sid)}
        for name, option in _OF_PERMISSION.items():
            said = given(after, name)
            if said is not None:
                options[option] = _flag(said)
        if qualifier:
            options["qualifier"] = qualifier
        yield Command("lambda", "add-permission", options, place.region)
    gone = {**of, "statement-id": sid, **({"qualifier": whole[7]} if len(whole) > 7 else {})}
    yield Command("lambda", "remove-permission", gone, place.region)


def _flag(said: Any) -> Any:
    """A condition on a flag may be written as a text."""
    return {"true": True, "false": False}.get(said.lower(), said) if isinstance(said, str) else said


def renamed(sid: str) -> str:
    """What the statement is called that takes another's place while both are there."""
    made = f"{sid}-narrowed"
    return made if len(made) <= _LONGEST else f"narrowed-{sha256(sid.encode()).hexdigest()[:16]}"


def signing(before: Resource, after: Resource, place: Place) -> Iterator[Command]:
    """A code signing configuration."""
    arn = text(before, "CodeSigningConfigArn")
    policies = given(after, "CodeSigningPolicies")
    options = {"code-signing-config-arn": arn, "code-signing-policies": policies}
    yield Command("lambda", "update-code-signing-config", options, place.region)


def invoke_config(attributes: Mapping[str, Any], place: Place) -> Iterator[Command]:
    """A new configuration of asynchronous invocation, where a function has none."""
    destinations = {"OnFailure": {"Destination": attributes["on_failure_arn"]}}
    options: dict[str, Any] = {"function-name": attributes["function_name"], "destination-config": destinations}
    if attributes.get("qualifier") not in (None, "$LATEST"):
        options["qualifier"] = attributes["qualifier"]
    yield Command("lambda", "put-function-event-invoke-config", options, place.region)


def changed_invoke_config(before: Resource, after: Resource, place: Place) -> Iterator[Command]:
    """One that is there; what is not given stays as it is."""
    arn = text(before, "FunctionArn").split(":")
    options: dict[str, Any] = {"function-name": arn[6]}
    if len(arn) > 7 and arn[7] != "$LATEST":
        options["qualifier"] = arn[7]
    options["destination-config"] = given(after, "DestinationConfig") or {}
    yield Command("lambda", "update-function-event-invoke-config", options, place.region)
