"""What a name, an ARN or a reference relates to; by address first, then by equal text, never by guess."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, TypeVar

from stockade.iam.match import Shape, arn_parts
from stockade.model.role import Role
from stockade.model.subject import Subject
from stockade.patterns import lazy_regex
from stockade.value import Doubt, Known, Ref, Unknown, Value, parts_of, shape_of, text_of

K = TypeVar("K")
V = TypeVar("V")

_CALL: Final = lazy_regex(r"module\.[\w-]+(?:\[[^\]]*\])?\.")
_MODULES: Final = lazy_regex(r"(?:module\.[\w-]+(?:\[[^\]]*\])?\.)+")


def module_of(address: str) -> str:
    """The module that an address is in, with a dot after it; nothing outside can be referred to there."""
    found = _MODULES.match(address) if address.startswith("module.") else None  # most are in the root module
    return found[0] if found else ""


def calls_of(address: str) -> list[str]:
    """The calls of modules that an address is in, from the root on, each with a dot after it."""
    return _CALL.findall(module_of(address))


def in_doubt(one: Subject, function: Subject) -> Unknown | None:
    """Why something may not be there although a function is; ``None`` where it is there with the function.

    Everything that one call of a module makes has the cause of that call's doubt. Doubts that only read the
    same may be about one variable and say opposite things of it.
    """
    mine, its = one.doubt, function.doubt
    together = isinstance(mine, Doubt) and isinstance(its, Doubt) and mine.cause == its.cause
    return None if together else mine


def meant(value: Value[str] | Value[str | None]) -> Ref | None:
    """The reference that a name or ARN is, was read through, or begins with as an ARN does.

    ``${function.arn}:live`` and ``${api.execution_arn}/*`` mean what they begin with;
    ``${function.name}-2`` does not. What says no more than that it was made of one reference means it.
    """
    if isinstance(value, Known):
        return value.ref
    match parts_of(value):
        case (Ref() as ref,):
            return ref
        case (Ref() as ref, str() as rest, *_) if rest.startswith((":", "/")):
            return ref
        case _:
            return value.behind[0] if len(value.behind) == 1 else None


def comparable(value: Value[str]) -> Shape:
    """A name as text to compare; empty, and so equal to no name, where nothing is known of it."""
    return () if isinstance(value, Unknown) and value.text is None else shape_of(value)


def joined(*parts: str | Value[str]) -> Shape:
    """Texts one after another, to compare; empty where nothing is known of one of them."""
    shapes = [comparable(part) if isinstance(part, Known | Unknown) else (part,) for part in parts]
    if not all(shapes):
        return ()
    return text_of(*(piece for shape in shapes for piece in shape)).shape()


def differ(one: Value[str] | None, other: Value[str] | None) -> bool:
    """Whether two regions are known to be different ones."""
    return isinstance(one, Known) and isinstance(other, Known) and one.value != other.value


def grouped(pairs: Iterable[tuple[K, V]]) -> dict[K, tuple[V, ...]]:
    """All values under each key, both in the order they come in."""
    out: dict[K, list[V]] = {}
    for key, value in pairs:
        out.setdefault(key, []).append(value)
    return {key: tuple(group) for key, group in out.items()}


def function_name_in(shape: Shape) -> Shape:
    """The name in what Lambda takes for one: a name, an ARN or a partial ARN, qualified or not."""
    arn = arn_parts(shape)
    resource = arn[5] if arn else shape
    if not resource or not isinstance(resource[0], str):
        return _before_colon(resource)
    head, found, rest = resource[0].partition("function:")
    if found and (not head or head.endswith(":")):
        resource = ((rest,) if rest else ()) + resource[1:]
    return _before_colon(resource)


def is_qualified(shape: Shape) -> bool:
    """Whether a name, an ARN or a partial ARN of a function has a qualifier after it."""
    arn = arn_parts(shape)
    resource = arn[5] if arn else shape
    if resource and isinstance(resource[0], str):
        _, found, rest = resource[0].partition("function:")
        resource = (rest if found else resource[0], *resource[1:])
    return any(isinstance(piece, str) and ":" in piece for piece in resource)


def _before_colon(shape: Shape) -> Shape:
    for index, piece in enumerate(shape):
        if isinstance(piece, str) and ":" in piece:
            head = piece.partition(":")[0]
            return shape[:index] + ((head,) if head else ())
    return shape


class RoleIndex:
    """Roles by address, by name and by the resource part of their ARN."""

    def __init__(self, roles: Sequence[Role]) -> None:
        self._at = {role.address: role for role in roles}
        self._named = grouped((name, role) for role in roles if (name := comparable(role.name)))
        self._with_arn = grouped(
            (resource, role) for role in roles if (resource := joined("role", role.path, role.name))
        )

    def named(self, name: Value[str]) -> tuple[Role, ...]:
        """The roles that a name stands for."""
        return self._referred(name) or self._named.get(comparable(name), ())

    def with_arn(self, arn: Value[str]) -> tuple[Role, ...]:
        """The roles that an ARN stands for, whose account is taken to be theirs: a function has no other."""
        referred = self._referred(arn)
        segments = arn_parts(comparable(arn))
        if referred or not segments or segments[2] != ("iam",):
            return referred
        return self._with_arn.get(segments[5], ())

    def _referred(self, value: Value[str]) -> tuple[Role, ...]:
        ref = meant(value)
        return (self._at[ref.address],) if ref and ref.address in self._at else ()
