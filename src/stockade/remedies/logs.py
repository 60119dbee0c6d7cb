"""The log group of a function in a fix: the one that is declared, or one to declare, and its streams' ARN."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from stockade.control import Add, Change, Put
from stockade.model.function import Function
from stockade.model.logs import log_group_name
from stockade.model.relate import module_of
from stockade.model.world import World
from stockade.remedies.policies import names_itself
from stockade.value import Hole, Known, Ref, Text, Unknown, parts_of, text_of

IMPORT_FIRST = (
    "where Lambda has made the log group already, import it before you deploy (`terraform import`, or an "
    "import change set): a second one of the same name is refused"
)


@dataclass(frozen=True, slots=True)
class Streams:
    """What a policy names for the log streams of a function, and the changes that make it be there.

    ``managed`` says that the log group is, or will be, declared, so that nobody else has to make it.
    """

    arn: Text
    changes: tuple[Change, ...] = ()
    managed: bool = True

    @property
    def note(self) -> str:
        """What to know before the changes are made."""
        named = any(isinstance(one, Add) and "name" in dict(one.attributes) for one in self.changes)
        moved = any(isinstance(one, Put) for one in self.changes)
        if moved:
            return "the function logs to a new log group from then on; what it logged before stays where it is"
        return IMPORT_FIRST if named else ""


def log_group(function: Function, world: World, *, literal: bool = False, **more: Any) -> Add:
    """A log group to declare for a function, by reference to its name unless that must be ``literal``."""
    name = parts_of(function.name) if literal else (Ref(function.address, "function_name"),)
    attributes = (
        ("name", text_of("/aws/lambda/", *name)),
        ("retention_days", world.choices.log_retention_days),
        *more.items(),
    )
    return Add("LogGroup", function.address, attributes)


def streams(function: Function, world: World, holder: str, *, in_role: bool) -> Streams | None:
    """The streams of a function's log group, as a policy in ``holder`` can name them.

    A policy that stands in the role itself (``in_role``) cannot refer to what depends on the function, which
    depends on the role. ``None`` where nothing names the log group.
    """
    groups = world.log_groups_of(function)
    here = module_of(holder) == module_of(function.address)
    if groups:
        group = groups[0]
        free = not in_role or function.address not in {
            one.address for one in parts_of(group.name) if isinstance(one, Ref)
        }
        if free and group.doubt is None and module_of(group.address) == module_of(holder):
            return Streams(text_of(Ref(group.address, "arn"), ":*"))
        return _by_name(function, world, in_role)
    chosen = function.log_group
    if here and isinstance(chosen, Known) and chosen.value is None:
        if not in_role:
            added = log_group(function, world)
            return Streams(text_of(added.ref("arn"), ":*"), (added,))
        if names_itself(function):
            own = Add("LogGroup", function.address, (("retention_days", world.choices.log_retention_days),))
            use = Put(function.address, "log_group", own.ref("name"))
            return Streams(text_of(own.ref("arn"), ":*"), (own, use))
        if isinstance(function.name, Known):
            added = log_group(function, world, literal=True)
            return Streams(text_of(added.ref("arn"), ":*"), (added,))
    return _by_name(function, world, in_role)


def _by_name(function: Function, world: World, in_role: bool) -> Streams | None:
    """The streams by the name of the log group alone."""
    name = log_group_name(function)
    if isinstance(name, Unknown) and name.text is None:
        return None
    parts = parts_of(name)
    if in_role and any(isinstance(one, Ref) and one.address == function.address for one in parts):
        return None
    start = ("arn:", Hole("partition"), ":logs:", Hole("region"), ":", Hole("account"), ":log-group:")
    return Streams(text_of(*start, *parts, ":*"), managed=bool(world.log_groups_of(function)))
