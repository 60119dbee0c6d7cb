"""What functions make of lists and trees of values: an element, blocks of addresses, JSON."""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from stockade.read.cloudformation.texts import pieces_of, spliced
from stockade.value import Hole, Known, Origin, Ref, Structured, Text, Unknown, Value

_MOST_BLOCKS: Final = 256


def selected(index: Value[Any], items: Value[Any], origin: Origin) -> Value[Any]:
    """An element of a list; of a list that only deployment knows a reference to the element."""
    if isinstance(index, Unknown):
        return Unknown(index.reason, origin)
    if not str(index.value).isdecimal():
        return Unknown(f"CloudFormation would refuse it: `{index.value}` is no index", origin)
    at = int(index.value)
    if isinstance(items, Unknown):
        ref = items.ref
        if ref is None:
            return Unknown(items.reason, origin)
        return Unknown(items.reason, origin, Text((Ref(ref.address, f"{ref.attribute}.{at}", None, ref.type),)))
    if not isinstance(items.value, tuple) or at >= len(items.value):
        return Unknown(f"CloudFormation would refuse it: there is no element {at}", origin)
    found: Value[Any] = items.value[at]
    return found


def blocks_in(parts: Sequence[str], origin: Origin) -> Value[Any]:
    """Blocks of addresses in another: of which, how many, and how many bits each leaves to hosts."""
    try:
        block, count, *rest = parts
        network = ipaddress.ip_network(block)
        bits, wanted = int(rest[0]) if rest else 8, int(count)
        if not 0 < wanted <= _MOST_BLOCKS:
            raise ValueError(f"`Fn::Cidr` makes up to {_MOST_BLOCKS} blocks")
        made = [
            str(one)
            for one, _ in zip(
                network.subnets(new_prefix=network.max_prefixlen - bits), range(wanted), strict=False
            )
        ]
        if len(made) < wanted:
            raise ValueError("the block has not that many in it")
    except ValueError as error:
        return Unknown(f"CloudFormation would refuse it: {error}", origin)
    return Known(tuple(Known(one, origin) for one in made), origin)


def json_of(tree: Value[Any], origin: Origin) -> Value[Any]:
    """A tree of values as JSON text, which remembers the tree."""
    if isinstance(tree, Unknown):
        return Unknown(tree.reason, origin)
    parts: list[str | Ref | Hole] = []
    cause = _json(tree, parts)
    made = spliced(parts, cause, origin)
    if isinstance(made, Known):
        return Known(Structured.of(made.value, lambda: tree), origin)
    return Unknown(made.reason, origin, Text(made.text.parts, lambda: tree) if made.text else None)


def _json(value: Value[Any], out: list[str | Ref | Hole]) -> Unknown | None:
    """Append a tree as JSON; why some of it is not known, if it is not."""
    cause: Unknown | None = None
    match value:
        case Unknown():
            pieces, cause = pieces_of(value)
            out += ('"', *pieces, '"')
        case Known(dict() as members):
            for index, (name, one) in enumerate(members.items()):
                out.append(f"{',' if index else '{'}{json.dumps(name)}:")
                cause = _json(one, out) or cause
            out.append("}" if members else "{}")
        case Known(tuple() as items):
            for index, one in enumerate(items):
                out.append("," if index else "[")
                cause = _json(one, out) or cause
            out.append("]" if items else "[]")
        case Known(Decimal() as number):
            out.append(format(number, "f"))
        case Known(other):
            out.append(json.dumps(other, ensure_ascii=False))
    return cause
