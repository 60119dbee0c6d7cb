"""What a function's source does, in the words of AWS's API: one vocabulary for every language.

A front end reads the files of one language and ends here. Nothing behind it knows which language it
was, and nothing in it knows what infrastructure there is: what the environment holds is a reference.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from enum import Enum
from types import MappingProxyType
from typing import Any, Final

from stockade.records import dataclass
from stockade.source import Span
from stockade.value import Origin, Ref, Text, Unknown, Value, Written

ENVIRONMENT: Final = "environment"
"""The address of a reference to what a variable of the process's environment holds."""


def environment(name: str, origin: Origin) -> Unknown:
    """The value of an environment variable, as source knows it: a text with a name."""
    reason = f"it is what `{name}` holds in the environment"
    return Unknown(reason, origin, Text((Ref(ENVIRONMENT, name),)))


BY_ADDRESS: Final = "apigatewaymanagementapi"
"""The service whose client's address says what its calls are about."""


class Credentials(Enum):
    """Whose permissions a call is made with."""

    OWN = "own"  # the function's execution role
    OTHER = "other"  # a role it assumes, keys it is handed, a profile, an anonymous request
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One place from which an operation of an AWS service may be called.

    ``service`` is its name in the AWS SDK for Python (``dynamodb``, ``stepfunctions``) and ``operation`` the
    name of the API (``GetItem``), whichever SDK is used. ``arguments`` are the request's parameters by the
    API's names, nested ones as ``Known`` mappings and tuples; ``complete`` is false where there may be others.
    ``names`` are the keys of an argument whose keys are names themselves (the tables of ``RequestItems``), for
    a key may be known in part only, or not at all. Of calls about an API's connections the client's address is
    among the arguments as ``endpoint``, for nothing else says which API it is.

    ``way`` are the call sites that lead here from the handler, outermost first; ``reached`` is false where no
    way was found, and ``every`` says whether each invocation takes it, as far as can be told: what stands at
    module level or behind a cache is not called each time. ``certain`` is false where the receiver may also be
    something else. ``through`` says what makes the call where it is not the operation's own method:
    ``paginator``, ``presigned URL``, ``Table.batch_writer``.
    """

    service: str
    operation: str
    origin: Written
    arguments: Mapping[str, Value[Any]] = field(default_factory=lambda: MappingProxyType({}))
    complete: bool = True
    names: Mapping[str, tuple[Value[Any], ...]] = field(default_factory=lambda: MappingProxyType({}))
    credentials: Credentials = Credentials.OWN
    reached: bool = True
    every: bool = True
    certain: bool = True
    way: tuple[Span, ...] = ()
    through: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfollowed:
    """Something that may call AWS and was not followed: ``what`` names it, ``reason`` says why.

    ``service`` is the only service it can be, empty where it may be any. What is unused is then not known.
    """

    what: str
    reason: str
    origin: Origin
    service: str = ""
    reached: bool = True


@dataclass(frozen=True, slots=True)
class Note:
    """A file that was not analysed and cannot matter, or matters less than it seems: vendored, minified."""

    what: str
    reason: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Source:
    """What the source behind one handler does.

    ``handler`` is the place of the handler itself, ``None`` where it was not found: then everything in the
    files counts as reached and ``unfollowed`` says why. ``environment`` are the names that are read from the
    environment, each with its first place, and ``defaults`` what the source takes where such a variable is not
    set; ``files`` the paths that were read.
    """

    handler: Span | None
    calls: tuple[Call, ...] = ()
    unfollowed: tuple[Unfollowed, ...] = ()
    notes: tuple[Note, ...] = ()
    environment: Mapping[str, Written] = field(default_factory=lambda: MappingProxyType({}))
    defaults: Mapping[str, Value[Any]] = field(default_factory=lambda: MappingProxyType({}))
    files: tuple[str, ...] = ()
