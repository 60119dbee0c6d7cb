"""The policies of a world that IAM Access Analyzer can be asked about, each as the text that AWS would have.

A policy of which a part is known only after deployment cannot be asked about: nothing is put in the place of
what is not known, but for account, region and partition, which the credentials tell.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from stockade.iam.validate import Kind as Grammar
from stockade.json_text import document
from stockade.model.access import arn_of, function_arn, policy_of
from stockade.model.function import Function
from stockade.model.permission import Permission
from stockade.model.role import ExecutionRole
from stockade.model.validity import PolicyPart
from stockade.model.world import World
from stockade.read.account.analyzer import Kind
from stockade.read.account.answer import Place
from stockade.records import dataclass
from stockade.value import Hole, Known, Ref, Text, Unknown, Value, places

LATER: Final = "a part of it is known only after deployment"
_HIDDEN: Final = "…"
"""What a text ends in that is cut off since it is a key."""


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy. ``text`` is ``None`` where it cannot be asked about, and ``why`` says why not.

    ``about`` is what reports call it, ``subjects`` are the addresses of what our controls are asked of there,
    ``tree`` is its document for our own validation, ``None`` for one that is made of several permissions.
    """

    kind: Kind
    about: str
    subjects: tuple[str, ...]
    text: str | None
    why: str = ""
    tree: Value[Any] | None = None


@dataclass(frozen=True, slots=True)
class Questions:
    """What AWS is asked of one input.

    ``grants`` are, for the address of each function, the places in ``policies`` of those on its role;
    ``whole`` has the functions all of whose role's policies are among them. ``resources`` are the ARNs of
    functions and roles, with the addresses of the functions that each concerns.
    """

    policies: tuple[Policy, ...]
    grants: Mapping[str, tuple[int, ...]]
    whole: frozenset[str]
    resources: Mapping[str, tuple[str, ...]]


def questions(world: World, place: Place, live: bool) -> Questions:
    """Everything in a world that AWS can be asked about. ``live`` says that it was read of an account."""
    policies = [*_of_roles(world, place)]
    grants: dict[str, tuple[int, ...]] = {}
    whole = set()
    for role in world.subjects(ExecutionRole):
        known = role.role.value if isinstance(role.role, Known) else None
        trees = [one.tree for one in known.policies] if known else []
        mine = tuple(n for n, one in enumerate(policies) if any(one.tree is tree for tree in trees))
        grants |= dict.fromkeys(role.functions, mine)
        if known and known.open_ended is None and len(mine) == len(trees):
            whole |= set(role.functions)
    policies += _answered(world) if live else _declared(world, place)
    return Questions(tuple(policies), grants, frozenset(whole), dict(_resources(world, place)))


# ------------------------------------------------------------------------------------------- roles


def _of_roles(world: World, place: Place) -> Iterator[Policy]:
    seen: dict[int, None] = {}
    for part in world.subjects(PolicyPart):
        if part.tree is None or id(part.tree) in seen:
            continue
        seen[id(part.tree)] = None
        kind: Kind = "trust" if part.kind is Grammar.TRUST else "identity"
        about = f"{part.address} {part.attribute}".strip() if part.attribute else part.address
        made = said(document(part.tree), place)
        if isinstance(made, Unknown):
            yield Policy(kind, about, (part.address,), None, LATER, part.tree)
        else:
            yield Policy(kind, about, (part.address,), made, tree=part.tree)


def said(value: Value[Any], place: Place) -> str | Unknown:
    """A document as JSON; unknown where a part of it is."""
    made = _plain(value, place)
    return made if isinstance(made, Unknown) else json.dumps(made, ensure_ascii=False)


def _plain(value: Value[Any], place: Place) -> Any:
    match value:
        case Unknown(reason, origin):
            parts = value.text.parts if isinstance(value.text, Text) else ()
            made = filled(parts, place)
            return Unknown(reason, origin) if not parts or made is None else made
        case Known(Mapping() as members):
            found = {name: _plain(one, place) for name, one in members.items()}
            return next((one for one in found.values() if isinstance(one, Unknown)), found)
        case Known(tuple() | list() as items):
            listed = [_plain(one, place) for one in items]
            return next((one for one in listed if isinstance(one, Unknown)), listed)
        case Known(Decimal() as number):
            return int(number) if number == number.to_integral_value() else float(number)
        case Known(plain):
            return str(plain) if isinstance(plain, str) else plain


def filled(pieces: str | Sequence[str | Ref | Hole], place: Place) -> str | None:
    """A text with account, region and partition in their places; ``None`` where more is not known."""
    made = [_filled(one, place) for one in ((pieces,) if isinstance(pieces, str) else pieces)]
    return None if None in made else "".join(map(str, made))


def _filled(part: str | Ref | Hole, place: Place) -> str | None:
    if isinstance(part, Hole):
        known = {"account": place.account, "region": place.region, "partition": place.partition}
        return known.get(part.name)
    return part if isinstance(part, str) else None


# --------------------------------------------------------------------------------------- functions


def _answered(world: World) -> Iterator[Policy]:
    """The policies of functions as AWS answered them, whose statements became permissions."""
    found: dict[Any, list[Permission]] = {}
    for one in world.subjects(Permission):
        first = next(places(one.origin), None)
        if first is not None:
            found.setdefault(first.span.source, []).append(one)
    for source, permissions in found.items():
        about = permissions[0].address.partition("#")[0]
        subjects = tuple(one.address for one in permissions)
        try:
            policy = json.loads(source.data).get("Policy")
        except (ValueError, AttributeError):
            policy = None
        if not isinstance(policy, Mapping):
            yield Policy("function", about, subjects, None, "it was not read")
        elif _HIDDEN in (text := json.dumps(policy, ensure_ascii=False)):
            yield Policy("function", about, subjects, None, "there is a key in it")
        else:
            yield Policy("function", about, subjects, text)


def _declared(world: World, place: Place) -> Iterator[Policy]:
    """The policies that AWS will make of the declared permissions, those of each qualifier together."""
    found: dict[tuple[str, str], list[Permission]] = {}
    for one in world.subjects(Permission):
        functions = world.functions_of(one)
        name = functions[0].address if functions else one.address
        qualifier = one.qualifier.value if isinstance(one.qualifier, Known) else one.address
        found.setdefault((name, qualifier or ""), []).append(one)
    for (name, qualifier), permissions in found.items():
        statements = [_statement(one, world.functions_of(one), place) for one in permissions]
        subjects = tuple(one.address for one in permissions)
        about = f"{name}:{qualifier}" if qualifier and qualifier != name else name
        if None in statements or any(one.doubt is not None for one in permissions):
            yield Policy("function", about, subjects, None, LATER)
        else:
            policy = {"Version": "2012-10-17", "Statement": statements}
            yield Policy("function", about, subjects, json.dumps(policy, ensure_ascii=False))


def _statement(one: Permission, functions: Sequence[Function], place: Place) -> dict[str, Any] | None:
    """The statement that `lambda:AddPermission` makes; ``None`` where a part of it is not known."""
    (statement,) = policy_of(one).statements
    if isinstance(statement, Unknown) or not statement.principals:
        return None
    (principal,) = statement.principals
    action, named = _plain(one.action, place), filled(function_arn(one, functions), place)
    if isinstance(principal, Unknown) or isinstance(action, Unknown) or named is None:
        return None
    who = _plain(principal.value, place)
    conditions: dict[str, dict[str, Any]] = {}
    for condition in statement.conditions:
        if isinstance(condition, Unknown):
            return None
        values = [_plain(value, place) for value in condition.values]
        if any(isinstance(value, Unknown) for value in values):
            return None
        conditions.setdefault(condition.operator, {})[condition.key] = values[0]
    if isinstance(who, Unknown):
        return None
    out = {
        "Effect": "Allow",
        "Principal": "*" if principal.kind == "*" else {principal.kind: who},
        "Action": action,
        "Resource": named,
    }
    return {**out, "Condition": conditions} if conditions else out


def _resources(world: World, place: Place) -> Iterator[tuple[str, tuple[str, ...]]]:
    """ARNs of functions and of their roles, as far as they are known."""
    for function in world.functions:
        if isinstance(function.name, Known) and place.account:
            opening = f"arn:{place.partition}:lambda:{place.region}:{place.account}:function:"
            yield f"{opening}{function.name.value}", (function.address,)
    for role in world.subjects(ExecutionRole):
        if isinstance(role.role, Known):
            arn = filled(arn_of(role.role.value), place)
            if arn is not None:
                yield arn, role.functions
