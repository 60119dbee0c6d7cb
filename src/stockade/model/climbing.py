"""Roles as those that may come by one another's permissions: what each may do, and whom it trusts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

from stockade.iam.decide import Access
from stockade.iam.gains import Holder, Target, names_roles
from stockade.iam.match import Shape
from stockade.iam.policy import Document, Principal, Statement
from stockade.model.access import Powers, joined
from stockade.model.function import Function
from stockade.model.relate import comparable
from stockade.model.role import ExecutionRole, Role, RolePolicy
from stockade.value import Known, Unknown, Value, shape_of


class Climbers:
    """The roles of a world, each with everything that decides what it may do; compiled when asked for."""

    def __init__(
        self,
        roles: Sequence[Role],
        execution_roles: Sequence[ExecutionRole],
        functions: Mapping[str, Function],
        powers: Callable[[Role], Powers],
    ) -> None:
        self._roles = roles
        self._execution_roles = execution_roles
        self._functions = functions
        self._powers = powers

    def access(self, role: Role) -> Access:
        """All that decides what a role may do, as far as it could be read; a boundary may be unknown."""
        return self._powers(role).whole

    @staticmethod
    def unread(role: Role) -> Unknown | None:
        """What could not be read of a role's policies, and may allow anything."""
        for policy in role.policies:
            match policy.document:
                case Unknown() as unknown:
                    return unknown
                case Known(document):
                    for one in document.statements:
                        if isinstance(one, Unknown):
                            return one
        return role.open_ended

    def holder(self, role: Role) -> Holder:
        """A role as one that may climb."""
        policies = (_policy_arn(policy) for policy in role.policies if policy.kind == "customer")
        return Holder(
            self._powers(role).arn,
            self.access(role),
            tuple(one for one in policies if one),
            _arn(role.boundary),
        )

    def targets(self, holder: Holder) -> tuple[Target, ...]:
        """The roles that a holder might come by: few, for most may do nothing with any of them."""
        identity, services = holder.access.identity, holder.services

        def may(*actions: str) -> bool:
            if identity is None:
                return True
            asked = (one for one in actions if services is None or one.partition(":")[0] in services)
            return any(identity.on(one).allows for one in asked)

        roles = self._of_roles if may("iam:PassRole", "iam:UpdateAssumeRolePolicy") else self._assumable
        functions = may("lambda:UpdateFunctionCode", "lambda:UpdateFunctionConfiguration")
        return roles + (self._of_functions if functions else ())

    @cached_property
    def _of_roles(self) -> tuple[Target, ...]:
        return tuple(map(self._of_role, self._roles))

    def _of_role(self, role: Role) -> Target:
        return Target(
            _name(role.name, role.address),
            self._powers(role).arn,
            self.access(role),
            role.trust,
            _services(role.trust),
            unread=_why(self.unread(role)),
        )

    @cached_property
    def _assumable(self) -> tuple[Target, ...]:
        return tuple(self._of_role(one) for one in self._roles if names_roles(one.trust))

    @cached_property
    def _of_functions(self) -> tuple[Target, ...]:
        """The functions whose role is known: whoever has their code has that role."""
        return tuple(
            Target(
                _name(function.name, function.address),
                ("arn:*:lambda:*:*:function:", *name),
                self.access(one.role.value),
                one.role.value.trust,
                is_function=True,
                unread=_why(self.unread(one.role.value)),
            )
            for one in self._execution_roles
            if isinstance(one.role, Known)
            for address in one.functions
            if (function := self._functions.get(address)) and (name := comparable(function.name))
        )


def _policy_arn(policy: RolePolicy) -> Shape:
    """The ARN of a customer managed policy; of one that deployment makes up, that of its name and no path."""
    name = comparable(policy.name)
    return _arn(policy.arn) or (joined(("arn:*:iam::*:policy/", *name)) if name else ())


def _why(unknown: Unknown | None) -> str:
    return unknown.reason if unknown else ""


def _arn(value: Value[str | None] | Value[str]) -> Shape:
    match value:
        case Known(None):
            return ()
        case Known(str() as text):
            return (text,)
        case Unknown(text=None):
            return ()
        case Unknown():
            return shape_of(value)
    return ()


def _name(name: Value[str], address: str) -> str:
    return name.value if isinstance(name, Known) else address


def _services(trust: Value[Document]) -> frozenset[str] | None:
    """The services that a trust policy names, ``None`` where not all of it is known."""
    if isinstance(trust, Unknown):
        return None
    out: set[str] = set()
    for statement in trust.value.statements:
        if not isinstance(statement, Statement):
            return None
        for one in statement.principals or ():
            if not isinstance(one, Principal) or isinstance(one.value, Unknown):
                return None
            if statement.allows is not False and one.kind == "Service":
                out.add(one.value.value)
    return frozenset(out)
