"""The log group of a function in a fix: the one that is declared, or one to declare, and its streams' ARN."""

from __future__ import annotations

from typing import Any, Final

from stockade.control import Add, Change, Put
from stockade.iam.request import Request
from stockade.model.function import Function
from stockade.model.logs import log_group_name
from stockade.model.reach import is_given
from stockade.model.relate import module_of
from stockade.model.world import World
from stockade.records import dataclass
from stockade.remedies.policies import names_itself
from stockade.value import Hole, Known, Ref, Text, Unknown, Value, parts_of, text_of

IMPORT_FIRST: Final = (
    "where Lambda has made the log group already, import it before you deploy (`terraform import`, or an "
    "import change set): a second one of the same name is refused"
)
MOVED: Final = "the function logs to a new log group from then on; what it logged before stays where it is"


@dataclass(frozen=True, slots=True)
class Streams:
    """What a policy names for the log streams of a function, and the changes that make it be there.

    ``managed`` says that the log group is, or will be, declared, so that nobody else has to make it. ``note``
    is what to know before the changes are made.
    """

    arn: Text
    changes: tuple[Change, ...] = ()
    managed: bool = True
    note: str = ""


@dataclass(frozen=True, slots=True)
class Declared:
    """A log group that a fix declares, with all that it takes."""

    group: Add
    changes: tuple[Change, ...]

    @property
    def note(self) -> str:
        """What to know before."""
        return IMPORT_FIRST if len(self.changes) == 1 else MOVED


def declared(function: Function, world: World, *, literal: bool = False, **more: Any) -> Declared:
    """A log group to declare for a function.

    It has the name by which Lambda makes one, by reference unless that must be ``literal``, and the customer's
    key where what the function logs should have one, so that every fix declares the same. A function that
    gets its name at deployment is told to log to a group of its own instead, where its role lets it: a group
    of the old name mostly exists, and templates cannot take over what exists.
    """
    days = ("retention_days", world.choices.log_retention_days)
    key = writable(key_for(function, world), function.address)
    more = {**({"kms_key_arn": key} if key else {}), **more}
    if names_itself(function) and _logs_anywhere(function, world):
        own = Add("LogGroup", function.address, (days, *more.items()))
        return Declared(own, (own, Put(function.address, "log_group", own.ref("name"))))
    name = parts_of(function.name) if literal else (Ref(function.address, "function_name"),)
    added = Add("LogGroup", function.address, (("name", text_of("/aws/lambda/", *name)), days, *more.items()))
    return Declared(added, (added,))


def key_for(function: Function, world: World) -> Value[str | None] | None:
    """The customer's key that a function's logs should have: its environment's, or that of the others' logs."""
    if is_given(function.kms_key_arn):
        return function.kms_key_arn
    group = world.log_group_with_key
    return group.kms_key_arn if group else None


def writable(key: Value[str | None] | None, address: str) -> Any:
    """A key as it can be written at or beside something: an ARN, or a reference within its module."""
    if key is None:
        return None
    if key.ref is not None:
        return key.ref if module_of(key.ref.address) == module_of(address) else None
    return key.value if isinstance(key, Known) else None


_ANY_GROUP: Final = "arn:aws:logs:us-east-1:123456789012:log-group:of-its-own:log-stream:any"


def _logs_anywhere(function: Function, world: World) -> bool:
    """Whether the function's role lets it write to a log group of whatever name."""
    role = world.role_of(function)
    powers = world.powers_of(role) if role else None
    return powers is not None and isinstance(
        powers.shown("logs:PutLogEvents", (_ANY_GROUP,), chosen=True), Request
    )


def logging(function: Function, world: World) -> tuple[str, ...]:
    """What the function's role lets it do to write to the log group that is its own by name."""
    role = world.role_of(function)
    powers = world.powers_of(role) if role else None
    start = ("arn:aws:logs:", Hole("region"), ":", Hole("account"), ":log-group:")
    arn = text_of(*start, *parts_of(log_group_name(function)), ":log-stream:any").shape()
    wanted = ("logs:CreateLogStream", "logs:PutLogEvents") if powers else ()
    return tuple(one for one in wanted if powers and isinstance(powers.shown(one, arn, chosen=True), Request))


def streams(function: Function, world: World, holder: str, *, in_role: bool) -> Streams | None:
    """The streams of a function's log group, as a policy in ``holder`` can name them.

    A policy that stands in the role itself (``in_role``) cannot refer to what depends on the function, which
    depends on the role. ``None`` where nothing names the log group.
    """
    groups = world.log_groups_of(function)
    here = module_of(holder) == module_of(function.address)
    # The root's words are what a module was handed; of a module's own words nobody else knows.
    sayable = here or (
        not module_of(holder) and not any(isinstance(one, Ref) for one in parts_of(function.name))
    )
    if groups:
        group = groups[0]
        free = not in_role or function.address not in {
            one.address for one in parts_of(group.name) if isinstance(one, Ref)
        }
        if free and group.doubt is None and module_of(group.address) == module_of(holder):
            return Streams(text_of(Ref(group.address, "arn"), ":*"))
        return _by_name(function, world, in_role, sayable)
    chosen = function.log_group
    if here and isinstance(chosen, Known) and chosen.value is None:
        made = declared(function, world, literal=in_role)
        if not in_role or len(made.changes) > 1 or isinstance(function.name, Known):
            return Streams(text_of(made.group.ref("arn"), ":*"), made.changes, note=made.note)
    return _by_name(function, world, in_role, sayable)


def _by_name(function: Function, world: World, in_role: bool, sayable: bool) -> Streams | None:
    """The streams by the name of the log group alone."""
    name = log_group_name(function)
    if isinstance(name, Unknown) and name.text is None:
        return None
    parts = parts_of(name)
    if not sayable and not isinstance(name, Known):
        return None  # it is said in the words of another module
    if in_role and any(isinstance(one, Ref) and one.address == function.address for one in parts):
        return None
    start = ("arn:", Hole("partition"), ":logs:", Hole("region"), ":", Hole("account"), ":log-group:")
    return Streams(text_of(*start, *parts, ":*"), managed=bool(world.log_groups_of(function)))
