"""Identity policies as they are declared, before it is settled which role each is in force on."""

from __future__ import annotations

from typing import Any

from stockade.model.subject import Subject, default
from stockade.records import dataclass
from stockade.value import Value


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class InlinePolicy(Subject):
    """A policy inside roles. ``document`` is as written: a string, or a tree of values."""

    name: Value[str]
    document: Value[Any]
    roles: Value[tuple[Value[str], ...]] = default((), "the policy is on users or groups only")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class CustomerPolicy(Subject):
    """A managed policy of the account's own. ``roles`` are those it names itself, if it can."""

    name: Value[str]
    document: Value[Any]
    path: Value[str] = default("/", "IAM's default path is /")
    roles: Value[tuple[Value[str], ...]] = default((), "the policy names no roles itself")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Attachment(Subject):
    """Managed policies attached to roles, each of both by a list that mostly has one element.

    An ``exclusive`` one says which are attached at all; without it all stay as they are.
    """

    policy_arns: Value[tuple[Value[str], ...]]
    roles: Value[tuple[Value[str], ...]] = default((), "the policy is on users or groups only")
    users: Value[tuple[Value[str], ...]] = default((), "the policy is on no users")
    groups: Value[tuple[Value[str], ...]] = default((), "the policy is on no groups")
    exclusive: bool = False
