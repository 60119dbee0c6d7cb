"""Whose permissions a client's calls are made with, by what its constructor is given."""

from __future__ import annotations

from typing import Final

from stockade.code.facts import ENVIRONMENT, Credentials
from stockade.code.javascript.known import OTHER_PROVIDERS, OWN_PROVIDERS
from stockade.code.javascript.machine import Machine
from stockade.code.javascript.values import (
    Atom,
    Bound,
    Closure,
    External,
    Literal,
    Native,
    Opaque,
    Thing,
    Values,
    Words,
    is_nothing,
)
from stockade.patterns import lazy_regex
from stockade.source import Span

_LOCAL: Final = lazy_regex(
    r"(https?://)?(localhost|127\.0\.0\.1|0\.0\.0\.0|host\.docker\.internal|localstack)\b"
)

ASSUMED: Final = "assumed"
"""The kind of what is (a part of) credentials of somebody else."""

OWN: Final = "own credentials"
"""The kind of what is a provider of the function's own credentials."""

_KEYS: Final = frozenset(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"))

ASSUMING: Final = frozenset(
    ("fromTemporaryCredentials", "ChainableTemporaryCredentials", "TemporaryCredentials")
)
"""Providers that call AssumeRole themselves, with the function's own permissions."""


def provider(name: str) -> str:
    """The kind of value that a provider of credentials gives, empty where the name is none."""
    if name in OWN_PROVIDERS:
        return OWN
    return ASSUMED if name in OTHER_PROVIDERS else ""


def whose(machine: Machine, config: Values, version: int, at: Span) -> Credentials:
    """Whose credentials a client has that is constructed with ``config``."""
    found: set[Credentials] = set()
    for atom in config:
        if isinstance(atom, Thing):
            given = atom.table.get("credentials", ())
            if _is_local(atom.table.get("endpoint", ())):
                found.add(Credentials.OTHER)  # a stand-in for AWS on this machine asks for no permission
            elif given and not all(map(is_nothing, given)):
                found |= _all(machine, given, at, 0)
            elif version == 2 and "accessKeyId" in atom.table:
                found.add(_of_keys(atom))
            elif version == 2 and machine.default_credentials:
                found |= _all(machine, machine.default_credentials, at, 0)
            elif any(isinstance(one, Opaque) and one.kind == ASSUMED for one in atom.base):
                found.add(Credentials.OTHER)
            else:
                found.add(Credentials.OWN)
        elif isinstance(atom, Opaque) and atom.kind == ASSUMED:
            found.add(Credentials.OTHER)
        else:
            found.add(Credentials.OWN)
    if not found:
        if version == 2 and machine.default_credentials:
            found = _all(machine, machine.default_credentials, at, 0)
        else:
            return Credentials.OWN
    # A client that has others' keys only now and then (for local runs, say) has the function's own otherwise.
    for one in (Credentials.OWN, Credentials.UNKNOWN):
        if one in found:
            return one
    return Credentials.OTHER


def _is_local(endpoint: Values) -> bool:
    """Whether an address is one on this machine, and nothing else."""
    return bool(endpoint) and all(
        isinstance(atom, Literal) and isinstance(atom.value, str) and _LOCAL.match(atom.value)
        for atom in endpoint
    )


def _all(machine: Machine, values: Values, at: Span, depth: int) -> set[Credentials]:
    out: set[Credentials] = set()
    for atom in values:
        match atom:
            case Opaque(kind=kind):
                known = {ASSUMED: Credentials.OTHER, OWN: Credentials.OWN}
                out.add(known.get(kind, Credentials.UNKNOWN))
            case Thing():
                out.add(_of_keys(atom))
            case Closure() | Native() | Bound() if depth < 3:
                out |= _all(machine, machine.call((atom,), (), [], at), at, depth + 1)
            case External(path=path):
                kind = provider(path[-1]) if path else ""
                out.add({ASSUMED: Credentials.OTHER, OWN: Credentials.OWN}.get(kind, Credentials.UNKNOWN))
            case Literal() if is_nothing(atom):
                out.add(Credentials.OWN)
            case _:
                out.add(Credentials.UNKNOWN)
    return out


def is_own_key(atom: Atom) -> bool:
    """Whether a key is one of the function's own, which its environment holds anyway."""
    return isinstance(atom, Words) and atom.text.ref is not None and atom.text.ref.attribute in _KEYS


def _of_keys(thing: Thing) -> Credentials:
    """Keys that are handed over are somebody else's, unless they are those of the function's environment."""
    for atom in thing.table.get("accessKeyId", ()):
        match atom:
            case Words(text) if text.ref is not None and text.ref.address == ENVIRONMENT:
                return Credentials.OWN if text.ref.attribute in _KEYS else Credentials.OTHER
            case Literal() if is_nothing(atom):
                continue
            case _:
                return Credentials.OTHER
    return Credentials.UNKNOWN if thing.open else Credentials.OTHER
