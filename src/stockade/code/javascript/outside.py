"""AWS asked from outside of the SDK: by its command line, and by its extensions for parameters and secrets."""

from __future__ import annotations

import re

from stockade.code.javascript.machine import Machine
from stockade.code.javascript.sdk import record, unfollowed
from stockade.code.javascript.values import Literal, Thing, Values, Words
from stockade.source import Span


def program(machine: Machine, arguments: list[Values], at: Span) -> Values | None:
    """Another program is run: AWS's command line may be one."""
    for values in arguments[:1]:
        for atom in values:
            if not isinstance(atom, Literal):
                unfollowed(machine, "another program", "which one is run is not known", at)
            elif re.match(r"(\S*/)?aws(\s|$)", str(atom.value)):
                unfollowed(machine, "the AWS command line", "what it is run for is not followed", at)
    return None


def requested(machine: Machine, arguments: list[Values], at: Span) -> None:
    """A request over HTTP: so AWS's extensions for parameters, secrets and configuration are asked."""
    for values in arguments[:1]:
        for atom in values:
            if isinstance(atom, Thing):
                path = machine.get((atom,), "path", at)
                atom = path[0] if path else atom
            match atom:
                case Literal(value=str() as address):
                    _extension(machine, address, address, at)
                case Words(text):
                    known = "".join(one if isinstance(one, str) else "\0" for one in text.parts)
                    _extension(machine, known, "", at)


def _extension(machine: Machine, address: str, exact: str, at: Span) -> None:
    made = Thing(at, open=True)
    if "/applications/" in address and "/configurations/" in address and (":2772/" in address or not exact):
        for operation in ("StartConfigurationSession", "GetLatestConfiguration"):
            record(machine, "appconfigdata", operation, (made,), at, every=False, through="Lambda extension")
        return
    if "/secretsmanager/get?" in address:
        service, operation, key, parameter = "secretsmanager", "GetSecretValue", "secretId", "SecretId"
    elif "/systemsmanager/parameters/get" in address:
        service, operation, key, parameter = "ssm", "GetParameter", "name", "Name"
    else:
        return
    value = re.search(rf"[?&]{key}=([^&]+)", address)
    if value and "\0" not in value[1]:
        made.table[parameter] = (Literal(value[1].replace("%2F", "/"), at),)
    record(machine, service, operation, (made,), at, every=False, through="Lambda extension")
