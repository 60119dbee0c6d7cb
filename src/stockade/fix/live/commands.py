"""From the fix of a finding in an account to the commands that make it, each with all that it would replace.

What is granted comes first and what is taken away last, so that nothing that works stops in between. A fix of
which a part cannot be said, or which would show a secret, has no commands, and the reason instead.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, count
from typing import Any, Final, TypeAlias

from stockade.control import Add, Change, Code, Fix, Rewrite
from stockade.errors import FixError
from stockade.fix.live import apis, functions, identity, watching
from stockade.fix.live.plain import differ, hold_back, text
from stockade.fix.live.said import Sayer
from stockade.fix.live.shell import Answered, Command
from stockade.fix.live.terraform import terraform
from stockade.fix.rehearse import rehearse
from stockade.read.account.answer import Place
from stockade.read.resource import Reading, Resource
from stockade.remedies.logs import IMPORT_FIRST

Writer: TypeAlias = Callable[[Resource, Resource, Place], Iterator[Command]]
Adder: TypeAlias = Callable[[Mapping[str, Any], Place], Iterator[Command]]

_CHANGED: Final[Mapping[str, Writer]] = {
    "iam:GetRole": lambda before, after, _: identity.role(before, after),
    "iam:GetPolicyVersion": lambda before, after, _: identity.customer_policy(before, after),
    "lambda:GetFunction": functions.function,
    "lambda:ListFunctionUrlConfigs": functions.url,
    "lambda:GetCodeSigningConfig": functions.signing,
    "lambda:ListFunctionEventInvokeConfigs": functions.changed_invoke_config,
    "logs:DescribeLogGroups": watching.log_group,
    "cloudwatch:DescribeAlarms": watching.alarm,
    "ecr:DescribeRepositories": watching.repository,
    "apigateway:GetRestApis": apis.rest_api,
    "apigateway:GetMethod": apis.method,
    "apigateway:UpdateStage": apis.settings,
    "apigatewayv2:GetApis": apis.http_api,
    "apigatewayv2:GetRoutes": apis.route,
    "apigatewayv2:GetStages": apis.http_stage,
}
"""Resources by the call that reads them, in the order in which they are changed."""
_ADDED: Final[Mapping[str, Adder]] = {
    "LogGroup": watching.new_log_group,
    "Parameter": watching.new_parameter,
    "Topic": watching.new_topic,
    "Queue": watching.new_queue,
    "Alarm": watching.new_alarm,
    "EventInvokeConfig": functions.invoke_config,
    "MethodSettings": apis.new_settings,
}
_PERMISSION: Final = "lambda:AddPermission"


class Commands:
    """Writes the fixes of one account and region."""

    def __init__(self, reading: Reading, place: Place) -> None:
        self._place = place
        self._reading = reading
        self._resources: dict[str, Resource] = {}
        self._statements: dict[str, list[str]] = {}
        self._roles: dict[str, str] = {}
        self._alarms: set[str] = set()
        self._made: set[tuple[str, ...]] = set()
        for one in reading.resources:
            self._resources.setdefault(one.address, one)
            if one.type == _PERMISSION:
                self._statements.setdefault(_statement_of(one.address), []).append(one.address)
            elif one.type == "iam:GetRole":
                self._roles[text(one, "Role", "RoleName")] = one.address
            elif one.type == "cloudwatch:DescribeAlarms" and one.doubt is None:
                self._alarms.add(text(one, "AlarmName"))

    def said(self, fix: Fix) -> tuple[Change, ...]:
        """The changes of a fix in values that AWS knows. Raises ``FixError`` where one is not known."""
        if not fix.changes:
            raise FixError("it is for a person to do")
        return tuple(map(self._apart, Sayer(self._resources, self._place).changes(fix.changes)))

    def _apart(self, one: Change) -> Change:
        """An addition under a name that nothing has yet: AWS would replace what is there."""
        if not isinstance(one, Add) or one.kind not in ("InlinePolicy", "Alarm"):
            return one
        of = dict(one.attributes)
        taken: Collection[str] = self._alarms
        if one.kind == "InlinePolicy":
            of["roles"] = of.get("roles") or self._role_of(one.beside)
            taken = self._policies_of(of["roles"])
        of["name"] = _free(of["name"], taken)
        return replace(one, attributes=tuple(of.items()))

    def commands(self, changes: Sequence[Change]) -> tuple[Command, ...]:
        """The commands that make changes. Raises ``FixError`` with what keeps them from being said."""
        made = tuple(self._written(changes))
        for one in made:
            _hold_back(one)
        return made

    def _written(self, changes: Sequence[Change]) -> Iterator[Command]:
        for one in changes:
            if isinstance(one, Add) and _what(one) not in self._made:
                yield from self._added(one)
        before, after = self.rehearsed([one for one in changes if not isinstance(one, Add)])
        changed = [
            (old, after.get(address)) for address, old in before.items() if old is not after.get(address)
        ]
        order = list(_CHANGED)
        changed.sort(key=lambda pair: order.index(pair[0].type) if pair[0].type in _CHANGED else len(order))
        for old, new in changed:
            if old.type == _PERMISSION:
                siblings = [one for one in self._statements[_statement_of(old.address)] if one != old.address]
                yield from functions.permission(old, new, self._place, siblings)
            elif new is None:
                raise FixError(f"there is no command here that takes `{old.address}` away")
            elif old.type not in _CHANGED:
                raise FixError(f"there is no command here that changes `{old.address}`")
            elif any(
                differ(old.attributes.get(n), new.attributes.get(n)) for n in {*old.attributes, *new.attributes}
            ):
                yield from _CHANGED[old.type](old, new, self._place)

    def _added(self, one: Add) -> Iterator[Command]:
        of = dict(one.attributes)
        if one.kind == "InlinePolicy":
            yield from identity.inline(of["roles"], of["name"], of["document"])
        elif one.kind in _ADDED:
            yield from _ADDED[one.kind](of, self._place)
        else:
            raise FixError(f"a {one.kind.lower()} is made by a person, who knows what belongs into it")

    def _policies_of(self, role: str) -> frozenset[str]:
        """The names of the policies in a role, which a new one of the same name would replace."""
        address = self._roles.get(role)
        if address is None:
            raise FixError(f"the role `{role}` was not read, so that its policies might be replaced")
        return frozenset(identity.inline_of(self._resources[address]))

    def _role_of(self, address: str) -> str:
        if ":role/" not in address:
            raise FixError("the fix does not say which role the policy is for")
        return address.rpartition("/")[2]

    def make(self, changes: Sequence[Change]) -> None:
        """Take changes for made, so that what is said of later ones keeps them."""
        said: list[Change] = []
        for one in changes:
            if isinstance(one, Add):
                if _what(one) in self._made:
                    continue
                self._made.add(_what(one))
            if isinstance(one, Add) and one.kind == "InlinePolicy":
                of = dict(one.attributes)
                said.append(replace(one, beside=self._roles[of["roles"]]))
            elif isinstance(one, Add) and one.kind == "Alarm":
                self._alarms.add(dict(one.attributes)["name"])
            elif not isinstance(one, Add):
                said.append(one)
        named = {one.beside if isinstance(one, Add) else one.address for one in said}
        there = tuple(self._resources[one] for one in named if one in self._resources)
        after = {one.address: one for one in rehearse(replace(self._reading, resources=there), said).resources}
        for address in named:
            if address in after:
                self._resources[address] = after[address]
            else:
                self._resources.pop(address, None)

    def rehearsed(self, changes: Sequence[Change]) -> tuple[dict[str, Resource], dict[str, Resource]]:
        """The resources that changes are about, as they are and as they would be."""
        named = {one.address for one in changes if not isinstance(one, Add)}
        before = {address: self._resources[address] for address in named if address in self._resources}
        reading = replace(self._reading, resources=tuple(before.values()))
        after = {one.address: one for one in rehearse(reading, changes).resources}
        return before, after


def _what(one: Add) -> tuple[str, ...]:
    """What an addition makes: several fixes may ask for the same, and AWS refuses to make a log group twice.

    A policy is the same in a role if it says the same, whatever it is called.
    """
    of = dict(one.attributes)
    if one.kind == "InlinePolicy":
        return one.kind, str(of["roles"]), json.dumps(of["document"], sort_keys=True, default=str)
    return one.kind, json.dumps(of, sort_keys=True, default=str)


def _free(name: str, taken: Collection[str]) -> str:
    """A name that nothing has yet: what is there stays as it is."""
    return next(one for one in chain((name,), (f"{name}-{number}" for number in count(2))) if one not in taken)


def shown(writer: Commands, fix: Fix) -> Fix:
    """A fix with the commands that make it, and the same in Terraform; as it is where there are none."""
    fix = here(fix)
    try:
        said = writer.said(fix)
        lines = script(writer.commands(said))
        if any(isinstance(one, Rewrite) for one in said):
            lines = f"{_WHOLE}\n{lines}"
    except FixError:
        return fix
    except Exception as error:  # as for controls: a defect in one command must not cost the scan
        return replace(
            fix, note=f"its commands could not be written ({type(error).__name__}): a defect of Stockade"
        )
    code = [Code(SHELL, lines)]
    try:
        rest = [one for one in said if not isinstance(one, Add)]
        if text := terraform(said, *writer.rehearsed(rest)):
            code.append(Code("hcl", text))
    except FixError:
        pass  # the commands say it alone
    return replace(fix, code=(*fix.code, *code))


def here(fix: Fix) -> Fix:
    """A fix without the advice that an account needs none of: whether a log group is there, was asked."""
    if IMPORT_FIRST not in fix.note:
        return fix
    rest = (one for one in fix.note.replace(IMPORT_FIRST, "").split("; ") if one)
    return replace(fix, note="; ".join(rest))


def script(commands: Sequence[Command]) -> str:
    """Commands as lines for a shell that end at the first that fails: nothing goes before its heir is there."""
    return " &&\n".join(one.line() for one in commands)


_WHOLE: Final = "# the whole policy as it was read: scan again before another fix of the same"
SHELL: Final = "shell"
"""The language of commands."""


def _statement_of(address: str) -> str:
    """A statement's address without the number of one of several permissions in it."""
    head, _, number = address.rpartition(".")
    return head if number.isdigit() and "#policy/" in head else address


def _hold_back(command: Command) -> None:
    """Raises ``FixError`` where a command would show what is a key by its form."""
    for one in command.arguments():
        if isinstance(one, Answered):
            _hold_back(one.command)
        else:
            hold_back(one)
