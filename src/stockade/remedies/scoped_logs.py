"""A statement that writes to any log group, held to the log groups of the functions it is for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

from stockade.control import Change, Drop, Fix, Put, Rewrite, Safety
from stockade.iam.breadth import covers_all, covers_everything, limit
from stockade.iam.catalog import Action, Catalog
from stockade.iam.policy import Statement
from stockade.model.detach import detached
from stockade.model.function import Function
from stockade.model.grants import affected, policy_name
from stockade.model.logs import log_group_name
from stockade.model.role import Grant, Role
from stockade.model.trigger import EventSourceMapping
from stockade.model.world import World
from stockade.patterns import lazy_regex
from stockade.records import dataclass
from stockade.remedies.logs import Streams, streams
from stockade.remedies.own_role import own_role
from stockade.remedies.policies import (
    granting,
    is_terraform,
    lists_policies,
    made_for,
    one_of_several,
    plain,
    role_to_give,
    same_module,
    statement,
)
from stockade.value import Default, Known, Ref, Text, Unknown, Value, parts_of, text_of

WRITING: Final = ("logs:CreateLogStream", "logs:PutLogEvents")
CREATING: Final = "logs:CreateLogGroup"
GROUP: Final = "arn:${Partition}:logs:${Region}:${Account}:log-group:"
EVERY: Final = f"{GROUP}${{Name}}:log-stream:${{Stream}}"
LAMBDA: Final = f"{GROUP}/aws/lambda/${{Name}}:log-stream:${{Stream}}"

_OTHERWISE: Final = "if the code reads or manages logs by itself, keep the actions for that beside these"


@dataclass(frozen=True, slots=True)
class _Groups:
    """The log groups of all functions that a policy is for."""

    streams: tuple[Streams, ...]

    @property
    def value(self) -> Text | tuple[Text, ...]:
        arns = tuple(dict.fromkeys(one.arn for one in self.streams))
        return arns[0] if len(arns) == 1 else arns

    @property
    def changes(self) -> tuple[Change, ...]:
        return tuple(dict.fromkeys(change for one in self.streams for change in one.changes))

    @property
    def managed(self) -> bool:
        return all(one.managed for one in self.streams)

    def title(self, start: str) -> str:
        plural = "groups" if len(self.streams) > 1 else "group"
        declared = f", and declare {'them' if len(self.streams) > 1 else 'it'}" if self.changes else ""
        return f"{start} the log {plural} of {_said(len(self.streams))}{declared}"

    def note(self, *more: str) -> str:
        return "; ".join(dict.fromkeys(one for one in (*(s.note for s in self.streams), *more) if one))


def _said(number: int) -> str:
    return "the function" if number == 1 else f"its {number} functions"


def _groups(functions: Sequence[Function], world: World, holder: str, in_role: bool) -> _Groups | None:
    found = [streams(one, world, holder, in_role=in_role) for one in functions]
    known = tuple(one for one in found if one is not None)
    return _Groups(known) if known and len(known) == len(found) else None


def scoped(grant: Grant, stated: Statement, world: World) -> Fix | None:
    """Hold a statement to the functions' own log groups; ``None`` where more than that would change."""
    policy = grant.policy
    if policy is None or limit(stated) is not None:
        return None
    functions = affected(grant, world)
    if not functions:
        return None
    if policy.holder:
        found = _written(grant, stated, world, policy.holder, policy.attribute)
    else:
        found = _replaced(grant, world)
    return found or _told(functions, policy_name(grant) if not policy.holder else "")


def _told(functions: Sequence[Function], replaced: str) -> Fix:
    """In words what cannot be written: the role, its policy and the function are declared apart."""
    name = text_of(*parts_of(log_group_name(functions[0])))
    arn = f"arn:aws:logs:REGION:ACCOUNT:log-group:{name}:*"
    what = "allow `logs:CreateLogStream` and `logs:PutLogEvents`"
    instead = f", in a policy of your own instead of `{replaced}`" if replaced else ""
    note = f"{what} on `{arn}` alone{instead}"
    return Fix(
        f"let the role write only to the log groups of {_said(len(functions))}", Safety.SHOW, (), note=note
    )


# ------------------------------------------------------------------------------- a policy of one's own


def _written(grant: Grant, stated: Statement, world: World, holder: str, attribute: str) -> Fix | None:
    split = _split(stated)
    functions = affected(grant, world)
    if split is None or not functions:
        return None
    of_logs, others, exact = split
    role = role_to_give(grant.execution_role)
    inside = role is not None and holder == role.address
    if not others:
        groups = _groups(functions, world, holder, inside)
        if groups is None:
            return None
        wanted = _wanted(of_logs, groups.managed)
        changes = [*groups.changes]
        if not exact or wanted != of_logs:
            changes.append(Rewrite(holder, attribute, stated.index, "Action", _one(wanted)))
        changes.append(Rewrite(holder, attribute, stated.index, "Resource", groups.value))
        title = groups.title("let the role write only to")
        return Fix(title, Safety.REVIEW, tuple(changes), note=groups.note("" if exact else _OTHERWISE))
    if role is None or one_of_several(functions[0].address) or len({one.role for one in functions}) != 1:
        return None
    within = is_terraform(role.address) and lists_policies(role)
    beside = role.address if within else functions[0].address
    groups = _groups(functions, world, beside, within)
    if groups is None or not same_module(role.address, beside, holder):
        return None
    wanted = _wanted(of_logs, groups.managed)
    moved = granting(role, "logs", statement(wanted, groups.value), beside=beside)
    rest = Rewrite(holder, attribute, stated.index, "Action", _one(others))
    title = groups.title("move what is about logs to a policy for")
    note = groups.note("" if exact else _OTHERWISE)
    return Fix(title, Safety.REVIEW, (*groups.changes, moved, rest), note=note)


def _one(values: Sequence[Any]) -> Any:
    return values[0] if len(values) == 1 else tuple(values)


def _wanted(actions: Sequence[str], managed: bool) -> tuple[str, ...]:
    """Without the right to make log groups, where nobody needs it any more."""
    kept = tuple(one for one in actions if one != CREATING) if managed else tuple(actions)
    return kept or tuple(actions)


def _split(stated: Statement) -> tuple[tuple[str, ...], tuple[Any, ...], bool] | None:
    """The actions on logs, with wildcards written out, the others, and whether nothing was written out.

    ``None`` where one pattern is of both, or where a resource is somebody's choice.
    """
    if not stated.actions or not stated.resources:
        return None
    if not all(covers_all(one, EVERY) or covers_all(one, LAMBDA) for one in stated.resources):
        return None
    catalog = Catalog.load()
    of_logs: dict[str, None] = {}
    others: list[Any] = []
    exact = True
    for one in stated.actions:
        if isinstance(one, Unknown):
            return None
        actions = catalog.expand(one.value)
        services = {action.service for action in actions}
        if "logs" not in services:
            others.append(_kept(one))
            continue
        if services != {"logs"}:
            return None
        if len(actions) > 1:
            names = {str(action) for action in actions}
            of_logs |= dict.fromkeys(name for name in (*WRITING, CREATING) if name in names)
            exact = False
        elif _is_scopable(actions[0]):
            of_logs[one.value] = None
        else:
            others.append(_kept(one))
    if not of_logs:
        return None
    return tuple(of_logs), tuple(others), exact


def _kept(value: Known[str]) -> Any:
    return str(value.value)


def _is_scopable(action: Action) -> bool:
    return bool({"log-group", "log-stream"} & {*action.required_types})


# ------------------------------------------------------------------------------- a policy of AWS's


def _replaced(grant: Grant, world: World) -> Fix | None:
    """A policy of AWS's replaced by the same statements, those on logs and queues held to what is used."""
    policy, role, functions = grant.policy, role_to_give(grant.execution_role), affected(grant, world)
    taken = detached(grant)
    if policy is None or role is None or taken is None or not functions or isinstance(policy.document, Unknown):
        return None
    if len(functions) == 1 and made_for(role, functions[0]):
        return _instead_of_made(role, functions[0], world)
    several = any(one_of_several(one.address) for one in functions)
    if several and (not is_terraform(role.address) or one_of_several(role.address)):
        return None
    within = is_terraform(role.address) and lists_policies(role)
    apart = several or not same_module(role.address, functions[0].address)
    beside = role.address if within or apart else functions[0].address
    groups = _groups(functions, world, beside, within)
    if groups is None or not same_module(role.address, beside, taken.address):
        return None
    statements = _statements(policy.document.value.statements, groups, functions, world)
    if statements is None:
        return None
    name = policy_name(grant)
    gone = Drop(taken.address) if taken.left is None else Put(taken.address, "managed_policy_arns", taken.left)
    own = granting(role, _short(name), *statements, beside=beside)
    title = groups.title(f"replace `{name}` by a policy for")
    return Fix(title, Safety.REVIEW, (*groups.changes, own, gone), note=groups.note())


def _instead_of_made(role: Role, function: Function, world: World) -> Fix | None:
    """A role in place of the one that SAM makes, which has every policy of it but that on all logs."""
    copied: list[tuple[str, Any]] = []
    for policy in role.policies:
        if policy.kind == "aws" and isinstance(policy.name, Known) and policy.name.value in _COVERED:
            continue
        if policy.kind != "inline" or policy.tree is None:
            return None
        try:
            copied.append((f"policy-{len(copied)}", plain(policy.tree)))
        except LookupError:
            return None
    changes = own_role(function, world, copied)
    if not changes:
        return None
    return Fix(
        "give the function a role of its own, which writes only to its log group",
        Safety.SHOW,
        changes,
        note=(
            "SAM attaches AWSLambdaBasicExecutionRole to every role that it makes, and leaves out `Policies` "
            f"where the function names its `Role`; what refers to `{role.address}` has to refer to the new one"
        ),
    )


_COVERED: Final = (
    "AWSLambdaBasicExecutionRole",
    "AWSLambdaVPCAccessExecutionRole",
    "AWSXRayDaemonWriteAccess",
    "AWSXrayWriteOnlyAccess",
)
"""What a role of its own says in statements, as far as the function needs it."""

_SHORT: Final = lazy_regex(r"^AWSLambda|ExecutionRole(?:Policy)?$|Access$")


def _short(name: str) -> str:
    """What a policy of AWS's is about, for the name of what takes its place."""
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Z][a-z]+|\d+", _SHORT.sub("", _SHORT.sub("", name)))
    return "-".join(words).lower() if words and words != ["Basic"] else "logs"


def _is_on_all(one: Statement) -> bool:
    return all(bool(covers_everything(value)) for value in one.resources or ())


_ON_ALL: Final = ("ec2", "xray")
"""Services of such policies whose actions Lambda needs on all there is."""
_POLLED: Final = ("sqs", "kinesis", "dynamodb")


def _statements(
    stated: Iterable[Statement | Unknown], groups: _Groups, functions: Sequence[Function], world: World
) -> list[dict[str, Any]] | None:
    of: dict[str, dict[str, None]] = {}
    for one in stated:
        if isinstance(one, Unknown) or not one.allows or not one.actions or one.conditions:
            return None
        for action in one.actions:
            if isinstance(action, Unknown) or "*" in action.value:
                return None
            if not _is_on_all(one):
                return None  # Insights write to a log group of their own
            of.setdefault(action.value.partition(":")[0], {})[action.value] = None
    out = [statement(_wanted(tuple(of.pop("logs", {})), groups.managed), groups.value)]
    for service, actions in of.items():
        if service == "ec2" and all(map(_outside_a_vpc, functions)):
            continue
        if service in _ON_ALL:
            out.append(statement(actions, "*"))
            continue
        sources = _sources(service, functions, world) if service in _POLLED else ()
        if not sources:
            return None
        listing = [one for one in actions if one == "dynamodb:ListStreams" or one == "kinesis:ListStreams"]
        out.append(statement([one for one in actions if one not in listing], _one(sources)))
        if listing:
            out.append(statement(listing, "*"))
    return out


def _outside_a_vpc(function: Function) -> bool:
    """Whether nobody who deploys a function can put it into a VPC.

    A template may do so by a parameter, of which only the default is known here.
    """
    subnets = function.subnet_ids
    unsaid = isinstance(subnets, Known) and not subnets.value and isinstance(subnets.origin, Default)
    return unsaid and is_terraform(function.address)


def _sources(service: str, functions: Sequence[Function], world: World) -> tuple[Any, ...]:
    """What Lambda polls of a service for functions; nothing where one of them cannot be named."""
    found: dict[Any, None] = {}
    for function in functions:
        for trigger in world.triggers_of(function):
            if not isinstance(trigger, EventSourceMapping):
                continue
            arn: Value[str | None] = trigger.source_arn
            ref = arn.ref
            source = world.declared.at(ref.address) if ref else None
            if isinstance(arn, Known) and isinstance(arn.value, str) and f":{service}:" in arn.value:
                found[Ref(ref.address, ref.attribute) if ref else arn.value] = None
            elif ref is not None and source is not None and source.service == service:
                if not same_module(ref.address, function.address):
                    return ()
                found[Ref(ref.address, ref.attribute)] = None
            elif isinstance(arn, Unknown) and ref is None:
                return ()
    return tuple(found)
