"""What a trail shows, as the infrastructure has it: the ARN in an event becomes the resource that is declared.

A name that is known settles it, and so does the name that CloudFormation makes up of a resource's logical id.
Of a name that is known in part only this is said: which resource it may be.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from stockade.iam.catalog import Catalog
from stockade.iam.cover import Piece
from stockade.iam.match import arn_parts
from stockade.model.account import is_account, own_account
from stockade.model.declared import Callee
from stockade.model.function import Function
from stockade.model.need import Needed
from stockade.model.world import World
from stockade.needs.derive import merged
from stockade.needs.join import arn_of, piece_of
from stockade.patterns import lazy_regex
from stockade.value import Known, shape_of, text_of

_PLACEHOLDER: Final = lazy_regex(r"\$\{(\w+)\}")
_BELOW: Final = {
    "dynamodb:table": r"/(?:index|stream)/.+",
    "lambda:function": r":.+",
    "logs:log-group": r":.+",
    "s3:bucket": r"/.*",
    "sns:topic": r":.+",
}
"""What the ARNs of what is inside of a resource have after its own."""
_AFTER_NAME: Final = r"-(?:\?{6}|[A-Za-z0-9]{6})"
"""What AWS puts after a secret's name, which is part of the secret's ARN."""


def joined(
    seen: Iterable[Needed], world: World, function: Function
) -> tuple[tuple[Needed, ...], tuple[str, ...]]:
    """What was seen, by the resources that are declared; and what is to be said of those that may be."""
    out: list[Needed] = []
    told: list[str] = []
    for one in seen:
        found, near = _found(str(one.resource), world, function)
        out.append(one if found is None else replace(one, resource=found))
        told += (
            f"`{one.resource}` may be `{name}`, whose name is not known before it is deployed" for name in near
        )
    return tuple(merged(out)), tuple(dict.fromkeys(told))


def _found(arn: str, world: World, function: Function) -> tuple[Piece | None, list[str]]:
    """The resource that an ARN is of, if one is declared under its name; else those that it may be."""
    if not _may_be_here(arn, function):
        return None, []
    service = arn.split(":", 3)[2]
    sure: list[tuple[str, Callee]] = []
    near: list[str] = []
    for callee in world.declared.callees:
        if callee.named.service != service or callee.doubt is not None:
            continue
        if (pattern := _pattern(callee, world)) is None:
            continue
        if (match := re.fullmatch(pattern, arn)) is None:
            continue
        if _is_settled(callee):
            sure.append((match["below"] or "", callee))
        else:
            near.append(callee.address)
    if not sure:
        return None, near
    below, callee = min(sure, key=lambda one: len(one[0]))
    whole = arn_of(callee)
    if whole is None or sum(len(one) == len(below) for one, _ in sure) > 1:
        return None, []
    return piece_of(text_of(*whole.parts, *([below] if below else []))), []


def _may_be_here(arn: str, function: Function) -> bool:
    """Whether an ARN is of the region and the account that a function is in, as far as these are known."""
    parts = arn_parts((arn,))
    if parts is None:
        return False
    own = own_account((function,))
    if parts[4] and is_account(own) and parts[4] != own:
        return False
    region = function.region
    return not parts[3] or not isinstance(region, Known) or parts[3] == (region.value,)


def _is_settled(callee: Callee) -> bool:
    """Whether the name is known, or is made by CloudFormation of the logical id."""
    name = callee.attributes.get(callee.named.name)
    return isinstance(name, Known) or (name is None and callee.dialect == "cloudformation")


def _pattern(callee: Callee, world: World) -> str | None:
    """What the ARNs of a resource and of what is in it look like; ``None`` where its name says nothing."""
    name = _name(callee, world)
    found = Catalog.load().service(callee.named.service)
    written = found.resource_types.get(callee.named.type) if found else None
    if name is None or written is None or callee.named.arn == callee.named.name:
        return None
    resource = written.split(":", 5)[5]
    pieces = _PLACEHOLDER.split(resource)
    if len(pieces) != 3:  # one name, and what stands around it
        return None
    before, after = (re.escape(one) for one in (pieces[0], pieces[2]))
    kind = f"{callee.named.service}:{callee.named.type}"
    after += _AFTER_NAME if kind == "secretsmanager:Secret" else ""
    return (
        f"arn:[^:]*:{callee.named.service}:[^:]*:[^:]*:{before}{name}{after}(?P<below>{_BELOW.get(kind, '')})?"
    )


def _name(callee: Callee, world: World) -> str | None:
    """A resource's name as a pattern; ``None`` where no letter of it is known."""
    name = callee.attributes.get(callee.named.name)
    if name is None:
        if callee.dialect != "cloudformation":
            return None
        # Of the stack, the logical id and letters of its own; buckets have it in small ones.
        logical = re.escape(world.declared.ids.get(callee.address, callee.address))
        return rf"(?:[\w-]+-)?(?i:{logical})-[A-Za-z0-9]+"
    if isinstance(name, Known) and not isinstance(name.value, str):
        return None
    shape = shape_of(name)
    if callee.named.service == "ssm" and shape and isinstance(shape[0], str):
        shape = (shape[0].removeprefix("/"), *shape[1:])
    if not any(one.strip("-_/.") for one in shape if isinstance(one, str)):
        return None
    return "".join(re.escape(one) if isinstance(one, str) else "[^:/]+" for one in shape)
