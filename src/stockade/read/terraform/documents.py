"""``aws_iam_policy_document`` rendered as the AWS provider renders it, every element with its place.

Actions, resources and the identifiers of one principals block lose duplicates and are sorted
descending; a list of one becomes a string; numbers and booleans become strings; ``&{`` becomes
``${``; blocks of the same principal type, and of the same condition operator and key, are joined, in
the order of their names; a statement replaces an earlier one of the same non-empty ``Sid`` (sources,
then own statements, then overrides).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, Protocol

from stockade.json_text import document
from stockade.read.terraform.cty import convert
from stockade.read.terraform.kinds import STRING
from stockade.value import (
    Default,
    Hole,
    Known,
    Origin,
    Ref,
    Structured,
    Text,
    Unknown,
    Value,
    Written,
    elements_of,
    text_of,
)

VERSION: Value[Any] = Known(
    "2012-10-17", Default("`aws_iam_policy_document` writes this version unless told otherwise")
)
_EFFECT = Known("Allow", Default("a statement without `effect` allows"))


class Document(Protocol):
    """The data source instance."""

    @property
    def origin(self) -> Written: ...

    def get(self, name: str, /) -> Value[Any] | None: ...


def document_json(data: Document, *, minified: bool) -> Value[str]:
    """The ``json`` attribute; where parts are unknown, a partly-known string that keeps its structure."""
    tree = document_tree(data)
    parts = text_of(*_encode(tree, None if minified else 0)).parts
    if all(isinstance(part, str) for part in parts):
        return Known(Structured.of("".join(map(str, parts)), lambda: tree), data.origin)
    return Unknown(_reason(tree) or "it is known only after deployment", data.origin, Text(parts, lambda: tree))


def document_tree(data: Document) -> Known[dict[str, Value[Any]]]:
    """The document as a tree of values in the policy language's own words."""
    version: Value[Any] = VERSION
    identifier: Value[Any] | None = None
    statements: list[Value[Any]] = []
    for name in ("source_json", "source_policy_documents"):
        for source in _documents(data.get(name)):
            version, identifier = _merge(statements, source, version, identifier)
    own_version, own_id = data.get("version"), data.get("policy_id")
    version = VERSION if own_version is None or _absent(own_version) else own_version
    if not _absent(own_id):
        identifier = own_id
    for block in _blocks(data.get("statement")):
        _put(statements, block if isinstance(block, Unknown) else _statement(block))
    for name in ("override_json", "override_policy_documents"):
        for override in _documents(data.get(name)):
            if isinstance(override, Unknown):
                _doubt(statements, override)
            version, identifier = _merge(statements, override, version, identifier)
    tree: dict[str, Value[Any]] = {"Version": version}
    if identifier is not None:
        tree["Id"] = identifier
    if statements:
        tree["Statement"] = Known(tuple(statements), data.origin)
    return Known(tree, data.origin)


# ---------------------------------------------------------------------------------------- merging


def _documents(value: Value[Any] | None) -> Iterator[Value[Any]]:
    if value is None or (isinstance(value, Known) and value.value in (None, "")):
        return
    items = elements_of(value)
    if items is not None:
        for item in items:
            yield from _documents(item)
    else:
        yield document(value)


def _merge(
    statements: list[Value[Any]], source: Value[Any], version: Value[Any], identifier: Value[Any] | None
) -> tuple[Value[Any], Value[Any] | None]:
    if isinstance(source, Unknown):
        statements.append(source)
        return version, identifier
    if not isinstance(source.value, dict):
        statements.append(Unknown("a source document is not a JSON object", source.origin))
        return version, identifier
    found = source.value.get("Statement")
    if found is not None:
        listed = elements_of(found)
        for statement in (found,) if listed is None else listed:
            _put(statements, statement)
    return source.value.get("Version", version), source.value.get("Id", identifier)


def _put(statements: list[Value[Any]], statement: Value[Any]) -> None:
    sid = _sid(statement)
    if sid:
        for index, earlier in enumerate(statements):
            if _sid(earlier) == sid:
                statements[index] = statement
                return
    statements.append(statement)


def _doubt(statements: list[Value[Any]], override: Unknown) -> None:
    """An override nobody can read may replace any statement that has a ``Sid``."""
    for index, statement in enumerate(statements):
        if _sid(statement):
            statements[index] = Unknown(override.reason, override.origin)


def _sid(statement: Value[Any]) -> str:
    if isinstance(statement, Known) and isinstance(statement.value, dict):
        sid = statement.value.get("Sid")
        if isinstance(sid, Known) and isinstance(sid.value, str):
            return sid.value
    return ""


# ------------------------------------------------------------------------------------- statements


def _blocks(value: Value[Any] | None) -> Iterator[Value[Any]]:
    """Nested blocks; in JSON syntax one block may stand without a list around it."""
    if value is None:
        return
    if isinstance(value, Known) and isinstance(value.value, tuple):
        yield from value.value
    elif not _absent(value):
        yield value


def _absent(value: Value[Any] | None) -> bool:
    return value is None or (isinstance(value, Known) and value.value is None)


def _statement(block: Known[Mapping[str, Value[Any]]]) -> Value[Any]:
    body = block.value
    out: dict[str, Value[Any]] = {}
    sid = body.get("sid")
    if sid is not None and not (isinstance(sid, Known) and not sid.value):
        out["Sid"] = sid
    effect = body.get("effect")
    out["Effect"] = _EFFECT if effect is None or _absent(effect) else effect
    for name, element in (
        ("actions", "Action"),
        ("not_actions", "NotAction"),
        ("resources", "Resource"),
        ("not_resources", "NotResource"),
    ):
        given = body.get(name)
        if given is not None and not _absent(given):
            strings = _strings(given, variables=name.endswith("resources"))
            if strings is not None:
                out[element] = strings
    for name, element in (("principals", "Principal"), ("not_principals", "NotPrincipal")):
        principals = _principals(body.get(name))
        if principals is not None:
            out[element] = principals
    condition = _conditions(body.get("condition"))
    if condition is not None:
        out["Condition"] = condition
    return Known(out, block.origin)


def _strings(given: Value[Any], *, variables: bool = True, ordered: bool = False) -> Value[Any] | None:
    """A list of strings as the provider writes it; ``None`` when it is empty."""
    listed = elements_of(given)
    if isinstance(given, Unknown) and listed is None:
        return given
    items = tuple(convert(item, STRING) for item in ((given,) if listed is None else listed))
    if variables:
        items = tuple(_policy_variables(item) for item in items)
    if not ordered:
        items = _sorted(items)
    if not items:
        return None
    return items[0] if len(items) == 1 else Known(tuple(items), given.origin)


def _sorted(items: Iterable[Value[Any]]) -> tuple[Value[Any], ...]:
    known: dict[str, Value[Any]] = {}
    unknown: dict[object, Value[Any]] = {}
    for item in items:
        if isinstance(item, Known):
            known.setdefault(str(item.value), item)
        else:
            unknown.setdefault(item.text or id(item), item)
    return (*(known[key] for key in sorted(known, reverse=True)), *unknown.values())


def _policy_variables(item: Value[Any]) -> Value[Any]:
    """``&{aws:username}`` is how Terraform writes IAM's own ``${aws:username}``."""
    match item:
        case Known(str() as text, origin, ref) if "&{" in text:
            return Known(text.replace("&{", "${"), origin, ref)
        case Unknown(reason, origin, Text(parts)) if any("&{" in p for p in parts if isinstance(p, str)):
            mended = [p.replace("&{", "${") if isinstance(p, str) else p for p in parts]
            return Unknown(reason, origin, text_of(*mended))
        case _:
            return item


def _principals(value: Value[Any] | None) -> Value[Any] | None:
    by_type: dict[str, list[Value[Any]]] = {}
    origins: dict[str, Origin] = {}
    first: Origin | None = None
    for block in _blocks(value):
        if isinstance(block, Unknown):
            return block
        first = first or block.origin
        kind, given = block.value.get("type"), block.value.get("identifiers")
        if isinstance(kind, Unknown):
            return kind
        if kind is None or given is None:
            continue
        names = by_type.setdefault(str(kind.value), [])
        origins.setdefault(str(kind.value), block.origin)
        listed = elements_of(given)
        names += [given] if listed is None else _sorted(convert(item, STRING) for item in listed)
    if not by_type or first is None:
        return None
    if set(by_type) == {"*"}:
        return by_type["*"][0] if len(by_type["*"]) == 1 else Known(tuple(by_type["*"]), first)
    out: dict[str, Value[Any]] = {}
    for kind, identifiers in sorted(by_type.items()):
        strings = _strings(Known(tuple(identifiers), origins[kind]), ordered=True)
        if strings is not None:
            out[kind] = strings
    return Known(out, first)


def _conditions(value: Value[Any] | None) -> Value[Any] | None:
    out: dict[str, dict[str, list[Value[Any]]]] = {}
    first: Origin | None = None
    for block in _blocks(value):
        if isinstance(block, Unknown):
            return block
        first = first or block.origin
        test, key, given = (block.value.get(name) for name in ("test", "variable", "values"))
        for needed in (test, key):
            if isinstance(needed, Unknown):
                return needed
        if not (isinstance(test, Known) and isinstance(key, Known)) or given is None:
            continue
        values = out.setdefault(str(test.value), {}).setdefault(str(key.value), [])
        listed = elements_of(given)
        values += [given] if listed is None else listed
    if first is None:
        return None
    made: dict[str, Value[Any]] = {}
    for test_name, keys in sorted(out.items()):
        by_key = {
            name: _strings(Known(tuple(values), first), ordered=True) or Known((), first)
            for name, values in sorted(keys.items())
        }
        made[test_name] = Known(by_key, first)
    return Known(made, first)


# --------------------------------------------------------------------------------------- encoding


def _encode(value: Value[Any], indent: int | None) -> Iterator[str | Ref | Hole]:
    """JSON text as Go's encoder writes it; ``indent`` is the depth, ``None`` for no white space."""
    if isinstance(value, Unknown):
        if value.text is None:
            yield Hole(value.reason)
        else:
            yield '"'
            yield from value.text.parts
            yield '"'
        return
    deeper = None if indent is None else indent + 1
    space = "" if indent is None else "\n" + "  " * (indent + 1)
    end = "" if indent is None else "\n" + "  " * indent
    match value.value:
        case dict() as fields:
            separator = "{"
            for key, item in fields.items():
                yield f"{separator}{space}{json.dumps(key)}:{'' if indent is None else ' '}"
                yield from _encode(item, deeper)
                separator = ","
            yield end + "}" if fields else "{}"
        case tuple() as items:
            separator = "["
            for item in items:
                yield separator + space
                yield from _encode(item, deeper)
                separator = ","
            yield end + "]" if items else "[]"
        case Decimal() as number:
            yield str(number)
        case plain:
            text = json.dumps(plain, ensure_ascii=False)
            yield text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _reason(value: Value[Any]) -> str | None:
    if isinstance(value, Unknown):
        return value.reason
    items = value.value.values() if isinstance(value.value, dict) else value.value
    if isinstance(value.value, dict | tuple):
        return next((reason for reason in map(_reason, items) if reason), None)
    return None
