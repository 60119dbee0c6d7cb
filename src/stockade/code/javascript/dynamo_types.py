"""dynamo-types: classes that decorators make tables of, whose objects and static members call DynamoDB."""

from __future__ import annotations

from typing import Final

from stockade.code.facts import Credentials
from stockade.code.javascript import sdk
from stockade.code.javascript.machine import Machine
from stockade.code.javascript.values import (
    ClassValue,
    External,
    Helper,
    Listing,
    Literal,
    Thing,
    Values,
    is_nothing,
    join,
)
from stockade.source import Span

PACKAGE: Final = "dynamo-types"
_TABLE: Final = f"{PACKAGE}.Table"
_RECORD: Final = f"{PACKAGE}.record"

_ONE: Final = "one"
_MANY: Final = "many"
_ASKING: Final = {"query": ("Query", _MANY), "scan": ("Scan", _MANY)}
_BY_KEY: Final = {
    "get": ("GetItem", _ONE),
    "update": ("UpdateItem", _ONE),
    "delete": ("DeleteItem", ""),
    "scan": ("Scan", _MANY),
    "batchGet": ("BatchGetItem", _MANY),
    "batchGetFull": ("BatchGetItem", _MANY),
    "batchDelete": ("BatchWriteItem", ""),
}
_METHODS: Final[dict[str, dict[str, tuple[str, str]]]] = {
    _RECORD: {
        "save": ("PutItem", _ONE),
        "delete": ("DeleteItem", ""),
        "createTable": ("CreateTable", ""),
        "dropTable": ("DeleteTable", ""),
    },
    f"{PACKAGE}.Writer": {
        "put": ("PutItem", _ONE),
        "batchPut": ("BatchWriteItem", ""),
        "delete": ("DeleteItem", ""),
    },
    f"{PACKAGE}.HashPrimaryKey": _BY_KEY,
    f"{PACKAGE}.FullPrimaryKey": {**_BY_KEY, **_ASKING},
    f"{PACKAGE}.HashGlobalSecondaryIndex": _ASKING,
    f"{PACKAGE}.FullGlobalSecondaryIndex": _ASKING,
    f"{PACKAGE}.LocalSecondaryIndex": _ASKING,
}
"""By what an object is: what its methods call, and whether they give one record, or many below ``records``."""

_OPTIONS: Final = {"FullGlobalSecondaryIndex": 2, "HashGlobalSecondaryIndex": 1, "LocalSecondaryIndex": 1}
"""Which argument of a decorator holds the index's name."""


def call(external: External, arguments: list[Values], at: Span) -> Values | None:
    """A decorator: what it makes of a class or of a static member is said by its kind."""
    match external.path:
        case ("Decorator", name):
            index = _OPTIONS.get(name, 0)
            options = arguments[index] if index < len(arguments) else ()
            return (Helper(f"{PACKAGE}.{name}", at, "dynamodb", options),)
    return None


def construct(external: External, arguments: list[Values], at: Span) -> Values | None:
    """``new Query.Writer(Session)``; ``None`` for what is not known of the package."""
    first = arguments[0] if arguments else ()
    bases = [base for of in first if isinstance(of, ClassValue) for base in of.base]
    asked = [base.input for base in bases if isinstance(base, Helper) and base.kind == _RECORD]
    if external.path[:1] != ("Query",) or not asked or f"{PACKAGE}.{external.path[-1]}" not in _METHODS:
        return None
    return (Helper(f"{PACKAGE}.{external.path[-1]}", at, "dynamodb", join(*asked)),)


def member(decorators: list[Values]) -> Values:
    """What a static member with these decorators is, of a class whose table is not known yet."""
    found = (atom for one in decorators for atom in one if isinstance(atom, Helper) and atom.kind in _METHODS)
    return tuple(found)


def decorates(machine: Machine, result: Values, of: ClassValue, at: Span) -> bool:
    """Whether a class's decorator makes it a table; then it is one, and its members know which."""
    mark = next((one for one in result if isinstance(one, Helper) and one.kind == _TABLE), None)
    if mark is None:
        return False
    names = _given(machine, mark.input, "name", at) or (Literal(of.node.name, of.node.at),)
    if _given(machine, mark.input, "connection", at):
        machine.mapper_credentials = Credentials.UNKNOWN
    for name, values in of.table.items():
        made = tuple(
            Helper(one.kind, one.at, one.service, _request(machine, names, name, one, at))
            for one in (values if isinstance(values, tuple) else ())
            if isinstance(one, Helper) and one.kind in _METHODS
        )
        if made:
            of.table[name] = made
    asked = Thing(at, open=True)
    asked.table["TableName"] = names
    of.base = (Helper(_RECORD, at, "dynamodb", (asked,)),)
    return True


def _given(machine: Machine, options: Values, name: str, at: Span) -> Values:
    """What an option is set to; nothing where it is not."""
    found = machine.get(options, name, at) if options else ()
    return tuple(atom for atom in found if not is_nothing(atom))


def _request(machine: Machine, names: Values, member: str, helper: Helper, at: Span) -> Values:
    asked = Thing(at, open=True)
    asked.table["TableName"] = names
    if helper.kind.removeprefix(f"{PACKAGE}.") in _OPTIONS:
        asked.table["IndexName"] = _given(machine, helper.input, "name", at) or (Literal(member, at),)
    return (asked,)


def record(machine: Machine, base: Helper, of: ClassValue | None, at: Span) -> Values:
    """An object of a class that is a table."""
    made = Thing(at, of=of, open=True)
    for name in ("save", "delete"):
        made.table[name] = machine.get((Helper(_RECORD, base.at, base.service, base.input),), name, at)
    return (made,)


def helper(machine: Machine, holder: Helper, name: str, at: Span) -> Values:
    """Call a method of a record, of a writer, of a key or of an index."""
    operation, gives = _METHODS.get(holder.kind, {}).get(name, ("", ""))
    if not operation:
        return machine.unknown(f"it is the result of `{name}`", at)
    credentials = machine.mapper_credentials
    sdk.record(machine, "dynamodb", operation, holder.input, at, credentials=credentials, through=PACKAGE)
    if not gives:
        return machine.unknown(f"it is the result of `{name}`", at)
    one = record(machine, holder, _class(machine, holder.input), at)
    if gives == _ONE:
        return join(one, machine.unknown("there may be none", at))
    found = Thing(at, open=True)
    found.table["records"] = (Listing(at, [one], (), open=True),)
    return (found,)


def _class(machine: Machine, asked: Values) -> ClassValue | None:
    """The class of the table that a request asks."""
    tables = [machine.get((one,), "TableName", one.at) for one in asked if isinstance(one, Thing)]
    for of in machine.classes:
        records = [base for base in of.base if isinstance(base, Helper) and base.kind == _RECORD]
        given = [one for base in records for one in base.input if isinstance(one, Thing)]
        if any(one.table["TableName"] in tables for one in given):
            return of
    return None
