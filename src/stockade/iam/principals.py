"""Whom principal elements name, and how directly they reach a caller."""

from __future__ import annotations

from collections.abc import Set
from enum import IntEnum
from typing import Final

from stockade.iam import glob
from stockade.iam.automaton import possibly
from stockade.iam.match import Shape, arn_parts
from stockade.iam.policy import Principal
from stockade.iam.request import Caller, CallerKind
from stockade.records import dataclass
from stockade.value import Hole, Unknown, shape_of


class Reach(IntEnum):
    """How a principal element reaches a caller, least direct first."""

    ACCOUNT = 1
    """It names the caller's account, which may then let the caller do so by its own policies."""
    ROLE = 2
    """It names the role whose session the caller is."""
    ANYONE = 3
    """It is ``*``."""
    DIRECT = 4
    """It names the caller."""


@dataclass(frozen=True, slots=True)
class Who:
    """One entry of a principal element. ``account`` is given where it names a whole one."""

    kind: str
    shape: Shape
    account: Shape | None = None

    @property
    def is_anyone(self) -> bool:
        """Whether it is ``*``."""
        return self.shape == ("*",) and self.kind in ("*", "AWS")

    def reaches(self, caller: Caller) -> Reach | bool | None:
        """How the entry reaches a caller."""
        if self.is_anyone:
            return Reach.ANYONE
        match self.kind, caller.kind:
            case "?", _:
                return None
            case "AWS", CallerKind.ROOT | CallerKind.USER | CallerKind.ROLE:
                return self._of_account(caller)
            case (
                ("Service", CallerKind.SERVICE)
                | ("Federated", CallerKind.FEDERATED)
                | ("AWS", CallerKind.FEDERATED)
            ):
                return _equal(self.shape, caller.shape or caller.name) and Reach.DIRECT
            case "CanonicalUser", CallerKind.CANONICAL:
                return _equal(self.shape, caller.name) and Reach.DIRECT
            case _:
                return False

    def _of_account(self, caller: Caller) -> Reach | bool | None:
        if self.account is not None:
            reach = Reach.DIRECT if caller.kind is CallerKind.ROOT else Reach.ACCOUNT
            parts = arn_parts(caller.shape) if caller.shape else None
            return _equal(self.account, parts[4] if parts else caller.account) and reach
        found = _equal(self.shape, caller.shape or caller.name)
        if found:
            return Reach.ROLE if caller.kind is CallerKind.ROLE else Reach.DIRECT
        if caller.kind is CallerKind.ROLE and caller.session:
            of_session = _equal(self.shape, caller.session)
            return of_session and Reach.DIRECT if of_session is not False else found
        return found


def _equal(shape: Shape, name: str | Shape) -> bool | None:
    if isinstance(name, str) and len(shape) == 1 and isinstance(shape[0], str):
        return shape[0] == name
    if shape == name:
        return True
    return None if possibly(glob.plain(shape), glob.plain(name)) else False


def named(one: Principal | Unknown) -> Who:
    """Whom an entry of a principal element names."""
    if isinstance(one, Unknown):
        return Who("?", ())
    if isinstance(one.value, Unknown) and one.value.text is None:
        return Who("?", ())
    shape = shape_of(one.value)
    if one.kind != "AWS":
        return Who(one.kind, shape)
    parts = arn_parts(shape)
    if parts is not None and parts[5] == ("root",):
        return Who("AWS", shape, parts[4])
    if parts is None and shape and isinstance(shape[0], str) and shape[0].isdigit():
        return Who("AWS", shape, shape)
    if parts is None and shape and isinstance(shape[0], Hole):
        # One variable may be an account as well as an ARN.
        return Who("?", shape) if len(shape) > 1 or not _names_account(shape[0]) else Who("AWS", shape, shape)
    return Who("AWS", shape)


def _names_account(hole: Hole) -> bool:
    return hole.name == "account" or hole.name.endswith(".account_id")


# ---------------------------------------------------------------------------------------- long lists

_LONG: Final = 20


def listed(principals: tuple[Who, ...]) -> frozenset[tuple[str, str]] | None:
    """What principals name, by kind and text, in a long list of which all are known; else ``None``."""
    if len(principals) < _LONG:
        return None
    out: set[tuple[str, str]] = set()
    for one in principals:
        shape = one.shape if one.account is None else one.account
        if one.kind == "?" or not all(isinstance(piece, str) for piece in shape):
            return None
        kind = "*" if one.is_anyone else one.kind if one.account is None else "account"
        out.add((kind, "*" if one.is_anyone else "".join(map(str, shape))))
    return frozenset(out)


def ways_of(listed: Set[tuple[str, str]], caller: Caller) -> list[Reach | bool | None]:
    """How a long list of principals reaches a caller: each entry by itself says the same."""
    kinds = ("Service", "Federated", "CanonicalUser", "AWS")
    asked = [Who("*", ("*",))] if ("*", "*") in listed else []
    asked += [Who(kind, (caller.name,)) for kind in kinds if (kind, caller.name) in listed]
    if caller.session and ("AWS", caller.session) in listed:
        asked.append(Who("AWS", (caller.session,)))
    if caller.account and ("account", caller.account) in listed:
        asked.append(Who("AWS", (caller.account,), (caller.account,)))
    return [one.reaches(caller) for one in asked]
