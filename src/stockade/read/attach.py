"""Which policies are in force on which role, by whatever way they were put there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from stockade.iam.breadth import is_output
from stockade.iam.managed import date, managed
from stockade.iam.match import Shape, arn_parts, matches
from stockade.iam.policy import Document, parse
from stockade.json_text import document
from stockade.model.policy import Attachment, CustomerPolicy, InlinePolicy
from stockade.model.relate import RoleIndex, comparable, grouped, joined, meant
from stockade.model.role import PolicyKind, Role, RolePolicy
from stockade.model.subject import Subject
from stockade.model.world import Gap
from stockade.records import dataclass
from stockade.value import Known, Unknown, Value

_MOST: Final = 100
"""How many different roles that are not known are held against every role; the rest may be any."""


@dataclass(frozen=True, slots=True)
class Policies:
    """All identity policies of an input. ``elsewhere`` are the addresses of those that it only names."""

    inline: Sequence[InlinePolicy]
    customer: Sequence[CustomerPolicy]
    attachments: Sequence[Attachment]
    elsewhere: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Found:
    """What a policy ARN stands for."""

    kind: PolicyKind
    name: Value[str]
    document: Value[Document]
    holder: str = ""
    doubt: Unknown | None = None
    tree: Value[Any] | None = None


def attach(roles: Sequence[Role], policies: Policies) -> tuple[tuple[Role, ...], tuple[Gap, ...]]:
    """The roles with all policies in force on them, and what could not be told.

    A policy whose role cannot be known is a gap, and every role that it may be on says that it may
    have more policies. Takes time linear in what is declared.
    """
    return _Settling(roles, policies).settled()


class _Settling:
    def __init__(self, roles: Sequence[Role], policies: Policies) -> None:
        self._roles = roles
        self._policies = policies
        self._index = RoleIndex(roles)
        self._on: dict[Role, list[RolePolicy]] = {role: list(role.policies) for role in roles}
        self._seen: set[tuple[Role, Shape]] = set()
        self._loose: dict[Shape, Unknown] = {}
        self._gaps: list[Gap] = []
        self._customer_at = {policy.address: policy for policy in policies.customer}
        own = [policy for policy in policies.customer if policy.address not in policies.elsewhere]
        self._customer_named = grouped((name, one) for one in own if (name := comparable(one.name)))
        self._customer_with_arn = grouped(
            (resource, one) for one in own if (resource := joined("policy", one.path, one.name))
        )
        self._documents: dict[CustomerPolicy, tuple[Value[Any], Value[Document]]] = {}

    def settled(self) -> tuple[tuple[Role, ...], tuple[Gap, ...]]:
        for inline in self._policies.inline:
            self._inline(inline)
        for attachment in self._policies.attachments:
            roles = self._meant(attachment, attachment.roles)
            arns = _elements(attachment.policy_arns)
            for role in roles:
                for arn in arns:
                    key = "\0".join(
                        (*([role.address] if len(roles) > 1 else ()), *([_key(arn)] if len(arns) > 1 else ()))
                    )
                    self._attach(role, attachment, arn, key, alone=_is_alone(attachment))
        # What a role lists itself comes last: a state lists there what others declare.
        for role in self._roles:
            for arn in _elements(role.managed_policy_arns):
                self._attach(role, role, arn, key=_key(arn))
        for customer in self._policies.customer:
            roles = self._meant(customer, customer.roles)
            for role in roles:
                arn = Unknown(f"`{customer.address}` has its ARN only after deployment", customer.origin)
                found = self._own(customer)
                self._put(role, customer, found, arn, role.address if len(roles) > 1 else "")
        return tuple(self._role(role) for role in self._roles), tuple(self._gaps)

    def _role(self, role: Role) -> Role:
        policies, open_ended, boundary = self._on[role], self._open_end(role), self._boundary(role)
        if tuple(policies) == role.policies and open_ended is None and boundary is None:
            return role
        return replace(
            role,
            policies=tuple(policies),
            open_ended=role.open_ended or open_ended,
            boundary_policy=boundary,
        )

    def _boundary(self, role: Role) -> RolePolicy | None:
        """The policy that bounds a role, where there is one."""
        value: Value[str]
        match role.boundary:
            case Unknown() as unknown:
                value = unknown
            case Known(str() as arn, origin, ref):
                value = Known(arn, origin, ref)
            case _:
                return None
        found = self._policy(value)
        return RolePolicy(
            address=role.address,
            origin=value.origin,
            doubt=found.doubt,
            key="boundary",
            kind=found.kind,
            name=found.name,
            arn=value if isinstance(value, Unknown) else Known(value.value, value.origin, value.ref),
            document=found.document,
            holder=found.holder,
            attribute="document" if found.holder else "",
            tree=found.tree,
        )

    # ------------------------------------------------------------------------------ which role

    def _meant(self, subject: Subject, names: Value[tuple[Value[str], ...]]) -> list[Role]:
        """The roles that a list of names stands for; names that stand for none are remembered."""
        out: dict[Role, None] = {}
        for name in _elements(names):
            found = self._index.named(name)
            out.update(dict.fromkeys(found))
            if not found:
                self._miss(subject, name)
        return list(out)

    def _miss(self, subject: Subject, name: Value[str]) -> None:
        if isinstance(name, Unknown) and name.ref is not None:
            # The role of a thing that is none of these. A module that was not read is a gap already.
            if not is_output(name.ref):
                self._gaps.append(_gap(subject, name))
            return
        match name:
            case Known(text):
                why = f"`{subject.address}` gives a policy to the role `{text}`, which may be this one"
            case Unknown(reason):
                why = f"`{subject.address}` gives a policy to a role that is not known: {reason}"
                self._gaps.append(_gap(subject, name))
        key = comparable(name)
        if len(self._loose) >= _MOST and key not in self._loose:
            key = ()
        self._loose.setdefault(key, Unknown(why, subject.origin))

    def _open_end(self, role: Role) -> Unknown | None:
        """Why a role may have policies beyond those that were found on it."""
        own = (
            isinstance(role.name, Unknown)
            and role.name.ref is not None
            and role.name.ref.address == role.address
        )
        if own and () not in self._loose:
            return None  # a name that deployment makes up is no name that somebody writes
        for name, why in self._loose.items():
            if not name or (not own and matches(name, comparable(role.name)) is not False):
                return why
        return None

    # ---------------------------------------------------------------------------- which policy

    def _inline(self, inline: InlinePolicy) -> None:
        roles = self._meant(inline, inline.roles)
        if not roles:
            return
        tree = document(inline.document)
        parsed = parse(tree)
        for role in roles:
            self._on[role] = [one for one in self._on[role] if not _is_echo(one, role, inline)]
            self._on[role].append(
                RolePolicy(
                    address=inline.address,
                    origin=inline.origin,
                    doubt=inline.doubt,
                    key=role.address if len(roles) > 1 else "",
                    kind="inline",
                    name=inline.name,
                    arn=Known(None, inline.origin),
                    document=parsed,
                    tree=tree,
                    holder=inline.address,
                    attribute="document",
                )
            )

    def _attach(self, role: Role, by: Subject, arn: Value[str], key: str, alone: bool = False) -> None:
        self._put(role, by, self._policy(arn), arn, key, alone)

    def _put(
        self, role: Role, by: Subject, found: _Found, arn: Value[str], key: str, alone: bool = False
    ) -> None:
        same: Shape = (found.holder,) if found.holder else comparable(arn)
        if same:
            if (role, same) in self._seen:
                return  # attached in two ways, in force once
            self._seen.add((role, same))
        self._on[role].append(
            RolePolicy(
                address=by.address,
                origin=by.origin,
                doubt=None if by is role else by.doubt or found.doubt,
                key=key,
                kind=found.kind,
                name=found.name,
                arn=arn if isinstance(arn, Unknown) else Known(arn.value, arn.origin, arn.ref),
                document=found.document,
                holder=found.holder,
                attribute="document" if found.holder else "",
                alone=alone,
                tree=found.tree,
            )
        )

    def _policy(self, arn: Value[str]) -> _Found:
        """What a policy ARN stands for: a policy of this input, one that AWS keeps, or nothing known."""
        if (ref := meant(arn)) and (customer := self._customer_at.get(ref.address)):
            if customer.address not in self._policies.elsewhere:
                return self._own(customer)
            found = self._named(customer, arn)
            if found is not None:
                return found
        segments = arn_parts(comparable(arn))
        if segments and segments[4] == ("aws",):
            match segments[5]:
                case (str() as resource,):
                    return _aws(f"arn:aws:iam::aws:{resource}", arn)
        elif segments and len(own := self._customer_with_arn.get(segments[5], ())) == 1:
            return self._own(own[0])
        match arn:
            case Known(text, origin):
                reason = f"the policy `{text}` is not in this input"
                if not segments and text.isidentifier():
                    reason = f"`{text}` is no ARN, and not among AWS's managed policies as of {date()}"
                why = Unknown(reason, origin)
                return _Found("customer" if segments else "unknown", _last(text, arn), why)
            case Unknown(reason, origin):
                return _Found("unknown", Unknown(reason, origin), Unknown(reason, origin))

    def _named(self, data: CustomerPolicy, arn: Value[str]) -> _Found | None:
        """What a data source that only names a policy stands for; ``None`` where it goes by its ARN."""
        own = self._customer_named.get(comparable(data.name), ())
        if len(own) == 1:
            return self._own(own[0])
        if isinstance(data.name, Known) and managed(data.name.value):
            return _aws(data.name.value, data.name)
        if isinstance(arn, Known):
            return None
        return _Found(
            "customer", data.name, Unknown(f"the policy `{data.address}` is not in this input", arn.origin)
        )

    def _own(self, customer: CustomerPolicy) -> _Found:
        if customer not in self._documents:
            tree = document(customer.document)
            self._documents[customer] = tree, parse(tree)
        tree, parsed = self._documents[customer]
        return _Found("customer", customer.name, parsed, customer.address, customer.doubt, tree)


def _aws(name_or_arn: str, said: Value[str]) -> _Found:
    policy = managed(name_or_arn)
    if policy is None:
        why = Unknown(f"`{name_or_arn}` is not among AWS's managed policies as of {date()}", said.origin)
        return _Found("aws", _last(name_or_arn, said), why)
    return _Found("aws", Known(policy.name, said.origin), Known(policy.document, policy.document.origin))


def _last(arn: str, said: Value[str]) -> Value[str]:
    return Known(arn.rpartition("/")[2], said.origin)


def _gap(subject: Subject, role: Unknown) -> Gap:
    return Gap(f"the role of `{subject.address}` is not known", role.reason, role.origin)


def _is_echo(one: RolePolicy, role: Role, inline: InlinePolicy) -> bool:
    """Whether a role itself lists a policy that is declared by itself: IAM knows one of each name."""
    own = one.kind == "inline" and one.holder == role.address
    return own and isinstance(one.name, Known) and comparable(one.name) == comparable(inline.name)


def _is_alone(attachment: Attachment) -> bool:
    """Whether an attachment is there for one policy on one role, and removing it removes just that."""
    whole = (attachment.policy_arns, attachment.roles, attachment.users, attachment.groups)
    counts = tuple(len(one.value) if isinstance(one, Known) else None for one in whole)
    return counts == (1, 1, 0, 0) and not attachment.exclusive


def _elements(values: Value[tuple[Value[str], ...]]) -> tuple[Value[str], ...]:
    """The elements of a list; a list that cannot be known counts as one such element."""
    return values.value if isinstance(values, Known) else (Unknown(values.reason, values.origin),)


def _key(arn: Value[str]) -> str:
    """What tells a policy from the others that one resource attaches."""
    return str(arn.value if isinstance(arn, Known) else arn.text or arn.reason)
