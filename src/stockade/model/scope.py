"""Which resources of this input a statement is meant for, where that can be told from what is declared."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, Final

from stockade.iam.breadth import covers_all, covers_everything, scopes
from stockade.iam.catalog import Action, Catalog
from stockade.iam.policy import Statement
from stockade.model.declared import Declared
from stockade.model.function import Function
from stockade.model.grants import affected
from stockade.model.names.scopable import SCOPABLE, Scopable
from stockade.model.relate import calls_of, grouped, module_of
from stockade.model.role import Grant, RolePolicy
from stockade.model.trigger import EventSourceMapping
from stockade.model.world import World
from stockade.records import dataclass
from stockade.value import Known, Ref, Text, Unknown, Value, parts_of, places, text_of

_POLLING: Final = frozenset(
    {
        "dynamodb:DescribeStream",
        "dynamodb:GetRecords",
        "dynamodb:GetShardIterator",
        "kinesis:DescribeStream",
        "kinesis:DescribeStreamSummary",
        "kinesis:GetRecords",
        "kinesis:GetShardIterator",
        "sqs:ChangeMessageVisibility",
        "sqs:DeleteMessage",
        "sqs:GetQueueAttributes",
        "sqs:ReceiveMessage",
    }
)
"""What Lambda does with an event source in the function's name."""

_REFERRING: Final = frozenset({"kms", "states"})
"""Services whose resources commonly refer to roles and functions: within a role that would be a circle."""

_FEW: Final = 2
"""Of so many resources one may be the only one left: another holds the function's package."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Resources by their addresses, and the ``Resource`` of a statement for these alone.

    ``guessed`` says that nothing tells of one of them but that it is the only one of its kind here.
    """

    addresses: tuple[str, ...]
    resource: Text | tuple[Text, ...]
    guessed: bool = False


def scoped(grant: Grant, statement: Statement, world: World, unneeded: Collection[str] = ()) -> Scope | None:
    """What would do as a statement's ``Resource``; ``None`` where that is anybody's guess.

    It is the resources that the functions' environments and event sources refer to, else the only one
    there is of a kind, which is a guess. Each of the statement's actions has to be scopable to one of
    them, none of its resources may be somebody's choice, and what it is written in must be able to refer
    to them. Actions that are ``unneeded`` (by their names in small letters) count only if there are no others.
    """
    policy, every = grant.policy, _actions(statement)
    needed = [one for one in every if str(one).lower() not in unneeded]
    actions = grouped((one.service, one) for one in needed or every)
    if policy is None or not policy.holder or policy.holder.endswith("]") or not actions:
        return None  # a policy made several times may be for another resource each
    kinds = [SCOPABLE[one] for one in actions if one in SCOPABLE]
    if len(kinds) < len(actions):
        return None
    functions, module = affected(grant, world), _module(policy, statement)
    formats: list[str] = []
    addresses: list[str] = []
    out: list[Text] = []
    guessed = False
    for kind in kinds:
        if kind.service in _REFERRING and _is_in_role(policy, grant):
            return None
        asked = actions[kind.service]
        chosen, guess = _chosen(module, functions, asked, kind, world) if _all_fit(asked, kind) else ((), False)
        if not chosen:
            return None
        guessed = guessed or guess
        types = {name for one in asked for name in one.resource_types} & kind.arns.keys()
        formats += _formats(kind, types)
        addresses += [one.address for one in chosen]
        out += [text_of(one.arn, end) for one in chosen for name, end in kind.arns.items() if name in types]
    if not _is_open(statement, formats):
        return None
    return Scope(tuple(addresses), out[0] if len(out) == 1 else tuple(out), guessed)


def _actions(statement: Statement) -> tuple[Action, ...]:
    """The actions of a statement, where all of them are known; none where not."""
    catalog = Catalog.load()
    out: list[Action] = []
    for one in statement.actions or ():
        if isinstance(one, Unknown) or ":" not in one.value:
            return ()
        found = catalog.expand(one.value)
        if not found:
            return ()
        out += found
    return tuple(out)


def _all_fit(actions: Iterable[Action], kind: Scopable) -> bool:
    """Whether actions of a kind's service can all be scoped to resources of that kind."""
    return all(_fits(one, kind) for one in actions)


def _fits(action: Action, kind: Scopable) -> bool:
    if str(action) == "ssm:GetParametersByPath":  # a path is no parameter
        return False
    types = scopes(action)
    test = all if action.required_types else any
    return bool(types) and test(name in kind.arns for name in types)


def _formats(kind: Scopable, types: Iterable[str]) -> list[str]:
    """The reference's ARN formats of resource types."""
    service = Catalog.load().service(kind.service)
    return [service.resource_types[name] for name in types] if service else []


def _is_open(statement: Statement, formats: Sequence[str]) -> bool:
    """Whether a statement is on everything of some formats and on nothing else, so that naming only narrows."""
    resources = statement.resources or ()
    covered = [[bool(covers_all(one, arn)) for arn in formats] for one in resources]
    wide = (covers_everything(one) or any(row) for one, row in zip(resources, covered, strict=True))
    return bool(resources) and all(wide) and all(any(column) for column in zip(*covered, strict=True))


def _module(policy: RolePolicy, statement: Statement) -> str:
    """The module in which a statement's resources are written, as far up as they were handed down from."""
    calls = calls_of(policy.holder)
    written = (next(places(one.origin), None) for one in statement.resources or ())
    depths = [len(one.via) for one in written if one is not None]
    return "".join(calls[: min(depths, default=len(calls))])


def _is_in_role(policy: RolePolicy, grant: Grant) -> bool:
    role = grant.execution_role.role
    return isinstance(role, Known) and policy.holder == role.value.address


def _chosen(
    module: str, functions: Sequence[Function], actions: Iterable[Action], kind: Scopable, world: World
) -> tuple[tuple[Declared, ...], bool]:
    """The resources of a kind that functions are told of or wired to, else the only one in the module; and
    whether it is that one for no other reason."""
    if not functions or any(isinstance(one.environment, Unknown) for one in functions):
        return (), False
    at = world.declared.at
    told = [ref.address for function in functions for ref in _told(function)]
    wired = [ref.address for function in functions for ref in _wired(function, world)]
    sent_to: set[str] = set()
    if all(str(one) in _POLLING for one in actions):  # what failed is sent, and nobody here reads it
        sent_to = set(wired)
        wired = [ref.address for function in functions for ref in _polled(function, world)]
        sent_to -= {*wired, *told}
    meant = {a: one for a in (*told, *wired) if (one := at(a)) and one.service == kind.service}
    here = tuple(one for one in world.declared.of(kind.service, module) if one.address not in sent_to)
    if any(one in meant for one in told) or (meant and all(str(one) in _POLLING for one in actions)):
        chosen = tuple(meant.values())
    elif len(here) <= _FEW and not any(map(_is_data, told)):
        packages = {ref.address for one in functions for ref in _refs(one.s3_bucket)}
        chosen = tuple(one for one in here if one.address not in packages)
        if len(chosen) != 1 or not meant.keys() <= {chosen[0].address}:
            return (), False
    else:
        return (), False
    if any(one.doubt or module_of(one.address) != module for one in chosen):
        return (), False
    return chosen, not meant


def _told(function: Function) -> Iterator[Ref]:
    """What a function's environment refers to."""
    if isinstance(function.environment, Known):
        for one in function.environment.value.values():
            yield from _refs(one)


def _polled(function: Function, world: World) -> Iterator[Ref]:
    """What Lambda polls for a function."""
    for source in world.triggers_of(function):
        if isinstance(source, EventSourceMapping):
            yield from _refs(source.source_arn)


def _wired(function: Function, world: World) -> Iterator[Ref]:
    """What events come from, and where those go that could not be handled."""
    yield from _refs(function.dead_letter_arn)
    for source in world.triggers_of(function):
        if isinstance(source, EventSourceMapping):
            yield from _refs(source.source_arn)
            yield from _refs(source.on_failure_arn)
    for config in world.invoke_configs_of(function):
        yield from _refs(config.on_failure_arn)
        yield from _refs(config.on_success_arn)


def _refs(value: Value[Any]) -> Iterator[Ref]:
    if isinstance(value, Known):
        if value.ref:
            yield value.ref
        return
    yield from (part for part in parts_of(value) if isinstance(part, Ref))


def _is_data(address: str) -> bool:
    """Whether an address is of something that another project made."""
    return address.removeprefix(module_of(address)).startswith("data.")
