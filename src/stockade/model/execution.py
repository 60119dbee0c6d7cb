"""Which role every function runs as, and what that lets it do, statement by statement."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from hashlib import blake2b

from stockade.iam.match import Shape, arn_parts
from stockade.iam.policy import Condition, Principal, Statement, Strings
from stockade.model.function import Function
from stockade.model.relate import RoleIndex, comparable
from stockade.model.role import ExecutionRole, Grant, Role, RolePolicy
from stockade.value import Hole, Known, Origin, Ref, Text, Unknown, Value, parts_of, places


def execution_roles(functions: Sequence[Function], roles: Sequence[Role]) -> tuple[ExecutionRole, ...]:
    """One execution role for all functions that share it, in the order of their first function."""
    index = RoleIndex(roles)
    shared: dict[tuple[str, Shape], tuple[Value[Role], list[Function]]] = {}
    for function in functions:
        found = index.with_arn(function.role)
        role: Value[Role]
        if len(found) == 1:
            role = Known(found[0], found[0].origin)
            same: tuple[str, Shape] = (found[0].address, ())
        else:
            role = _missing(function.role, found)
            text = comparable(function.role)
            same = ("", text) if text else (function.address, ())
        shared.setdefault(same, (role, []))[1].append(function)
    return tuple(_execution_role(role, users) for role, users in shared.values())


def _missing(role: Value[str], found: tuple[Role, ...]) -> Unknown:
    if found:
        addresses = " and ".join(f"`{one.address}`" for one in found[:2])
        return Unknown(f"{addresses} have the same name", role.origin)
    match role:
        case Known(arn, origin):
            return Unknown(f"the role `{arn}` is not in this input", origin)
        case Unknown(_, origin) if role.ref is not None:
            return Unknown(f"the role `{role.ref.address}` is not in this input", origin)
        case Unknown(_, origin, Text() as text) if arn_parts(text.shape()) is not None:
            return Unknown(f"the role `{text}` is not in this input", origin)
        case Unknown(reason, origin):
            return Unknown(reason, origin)


def _execution_role(role: Value[Role], users: list[Function]) -> ExecutionRole:
    doubts = [function.doubt for function in users]
    return ExecutionRole(
        address=role.value.address if isinstance(role, Known) else users[0].address,
        origin=role.value.origin if isinstance(role, Known) else users[0].origin,
        doubt=doubts[0] if all(doubts) else None,
        role=role,
        functions=tuple(function.address for function in users),
    )


def grants(roles: Sequence[ExecutionRole]) -> tuple[Grant, ...]:
    """Every statement of every policy of every execution role, and every part that could not be read."""
    return tuple(grant for role in roles for grant in _numbered(_grants(role)))


def _grants(role: ExecutionRole) -> Iterator[Grant]:
    if isinstance(role.role, Unknown):
        yield _grant(role, None, role.role, "role")
        return
    for policy in role.role.value.policies:
        document = policy.document
        if isinstance(document, Unknown):
            yield _grant(role, policy, document, "document")
            continue
        for statement in document.value.statements:
            if isinstance(statement, Unknown):
                yield _grant(role, policy, statement, "statement")
            else:
                yield _grant(role, policy, Known(statement, statement.origin), _content(statement))
    if role.role.value.open_ended is not None:
        yield _grant(role, None, role.role.value.open_ended, "open end")


def _grant(role: ExecutionRole, policy: RolePolicy | None, statement: Value[Statement], content: str) -> Grant:
    holder = policy or role
    return Grant(
        address=holder.address,
        origin=_placed(statement.origin, holder.origin),
        doubt=policy.doubt if policy and policy.doubt else role.doubt,
        key=blake2b(f"{holder.key}\0{content}".encode("utf-8", "replace"), digest_size=6).hexdigest(),
        execution_role=role,
        policy=policy,
        statement=statement,
    )


def _placed(origin: Origin, otherwise: Origin) -> Origin:
    """An origin that has a place: an AWS managed policy's statement is shown where it is attached."""
    return origin if next(places(origin), None) is not None else otherwise


def _numbered(found: Iterator[Grant]) -> Iterator[Grant]:
    """The same grants, those of equal content at one address numbered from the second on."""
    counts: dict[tuple[str, str], int] = {}
    for grant in found:
        same = (grant.address, grant.key)
        counts[same] = count = counts.get(same, 0) + 1
        yield grant if count == 1 else replace(grant, key=f"{grant.key}-{count}")


# ------------------------------------------------------------------------------------------- content


def _content(statement: Statement) -> str:
    """What a statement says, without its place, number or name."""
    return "\n".join(
        (
            _text(statement.effect),
            _strings(statement.actions),
            _strings(statement.not_actions),
            _strings(statement.resources),
            _strings(statement.not_resources),
            _principals(statement.principals),
            _principals(statement.not_principals),
            *map(_condition, statement.conditions),
        )
    )


def _text(value: Value[str]) -> str:
    return value.value if isinstance(value, Known) else "".join(map(_piece, parts_of(value)))


def _piece(part: str | Ref | Hole) -> str:
    """A part of a text; a hole's name may end in the place it stands at, after an ``@``."""
    return f"${{{part.name.partition('@')[0]}}}" if isinstance(part, Hole) else str(part)


def _strings(strings: Strings | None) -> str:
    return "-" if strings is None else "\t".join(map(_text, strings))


def _principals(principals: tuple[Principal | Unknown, ...] | None) -> str:
    if principals is None:
        return "-"
    named = ("?" if isinstance(one, Unknown) else f"{one.kind}={_text(one.value)}" for one in principals)
    return "\t".join(named)


def _condition(condition: Condition | Unknown) -> str:
    if isinstance(condition, Unknown):
        return "?"
    return f"{condition.operator}\t{condition.key}\t{_strings(condition.values)}"
