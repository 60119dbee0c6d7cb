"""Whether a fix leaves everybody with no more access than before, as the policy engine proves it.

Three kinds of policy decide about a function: those of the role it runs as, those of whoever may assume that
role, and its own. Each is compared as a whole, so that a statement that moves from one document into another
is no change. What a fix adds in its own words (a policy of its own, an attachment) may grant what it
says; that it says nothing else is for ``alike`` to see.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import fields, replace
from typing import Any, Final, TypeAlias

from stockade.control import Add, Change, Put
from stockade.errors import BudgetExceeded
from stockade.iam.policy import Document, Statement, Strings, loads
from stockade.iam.symbolic import Proved, Undecided, Witness, no_wider_than
from stockade.model.access import policy_of
from stockade.model.permission import Permission
from stockade.model.role import Role, RolePolicy
from stockade.model.world import World
from stockade.records import record
from stockade.value import Hole, Known, Unknown, Value, parts_of, text_of

_Documents: TypeAlias = tuple[Value[Document], ...]


@record
class Wider:
    """Somebody might get access that was not there: by whose policies, and which or why."""

    address: str
    reason: str
    undecided: bool = False


@record
class Added:
    """Access that a fix adds by its own words, at an address."""

    address: str
    what: str
    name: str = ""


_ADDING: Final = {"InlinePolicy", "CustomerPolicy", "Attachment", "Permission"}


def adds(change: Change, added: Added) -> bool:
    """Whether a change is what adds some access."""
    if isinstance(change, Put):
        return change.attribute == "managed_policy_arns" and change.address == added.address
    if not isinstance(change, Add) or change.kind not in _ADDING:
        return False
    name = dict(change.attributes).get("name")
    return name is None or str(name) == added.name


def widened(
    before: World,
    after: World,
    added: Collection[str],
    changes: Collection[Change],
    rewritten: Collection[tuple[str, str]] = (),
) -> Iterator[Wider | Added]:
    """What is not proved to be no wider than before; ``added`` are the addresses of new resources.

    ``rewritten`` are the documents that a fix rewrites to allow more by its own words, by holder and attribute.
    """
    yield from _roles(before, after, added, changes, rewritten)
    yield from _permissions(before, after, added)


# ------------------------------------------------------------------------------------------- roles


def _roles(
    before: World,
    after: World,
    added: Collection[str],
    changes: Collection[Change],
    rewritten: Collection[tuple[str, str]],
) -> Iterator[Wider | Added]:
    old_roles = {one.address: one for one in before.roles}
    for role in after.roles:
        old = old_roles.get(role.address)
        held = _Held(role.policies)
        if old is None:
            yield from _new_role(role, before, after)
            continue
        former = _Held(old.policies)
        if held.key != former.key:
            said = _said(role, former, added, changes, rewritten)
            gone = former.without(held)
            if all(_only_allows(one.document) for one in gone):
                # Denials are all still there: what is new need only be within what is gone.
                came = held.without(former)
                if _complaint((one.document for one in came), (one.document for one in gone)) is None:
                    continue
                own = [one for one in came if any(one is other for other in said)]
                rest = [one.document for one in came if not any(one is other for other in own)]
                if own and (not rest or _complaint(rest, (one.document for one in (*gone, *own))) is None):
                    # All others say what they said, whatever that is: what came besides is what the fix says.
                    yield from (Added(one.address, f"the policy `{_shown(one)}`", _shown(one)) for one in own)
                    continue
            yield from _compared(role.address, held.documents, former.documents, said)
        if _document_key(role.trust_tree) != _document_key(old.trust_tree):
            yield from _compared(role.address, (role.trust,), (old.trust,), ())


class _Held:
    """The policies on a role: their documents, and what they say, for a quick comparison."""

    def __init__(self, policies: Iterable[RolePolicy]) -> None:
        self.policies = tuple(policies)
        self.names = frozenset((one.address, one.key) for one in self.policies)

    @property
    def key(self) -> tuple[Any, ...]:
        return tuple(map(_policy_key, self.policies))

    @property
    def documents(self) -> _Documents:
        return tuple(one.document for one in self.policies)

    def without(self, others: _Held) -> tuple[RolePolicy, ...]:
        """The policies of which there is none that says the same among others."""
        known = {_says(one) for one in others.policies}
        return tuple(one for one in self.policies if _says(one) not in known)


def _policy_key(policy: RolePolicy) -> tuple[Any, ...]:
    return (policy.address, policy.key, *_says(policy))


def _says(policy: RolePolicy) -> tuple[str, str]:
    """What a policy says, by its ARN or its document."""
    return (_text(policy.arn), _document_key(policy.tree))


def _document_key(tree: Value[Any] | None) -> str:
    return repr(tree)  # of values without their places


def _text(value: Value[str | None]) -> str:
    return "" if isinstance(value, Known) and value.value is None else str(parts_of(value))  # type: ignore[arg-type]  # a text or partly one


def _only_allows(document: Value[Document]) -> bool:
    """Whether it is known of every statement of a document that it allows."""
    return isinstance(document, Known) and all(
        isinstance(one, Statement) and one.allows for one in document.value.statements
    )


def _said(
    role: Role,
    former: _Held,
    added: Collection[str],
    changes: Collection[Change],
    rewritten: Collection[tuple[str, str]],
) -> tuple[RolePolicy, ...]:
    """The policies of a role that the fix itself adds, or in which it grants by its own words."""
    listed = any(
        (isinstance(one, Add) and one.kind in _ADDING and one.beside == role.address)
        or (isinstance(one, Put) and one.attribute == "managed_policy_arns" and one.address == role.address)
        for one in changes
    )
    grown = any(isinstance(one, Put) and one.address == role.address and _grows(one) for one in changes)
    before = {_document_key(one.tree) for one in former.policies}
    return tuple(
        one
        for one in role.policies
        if (one.holder, one.attribute) in rewritten
        or ({one.address, one.holder} & set(added) and not (listed and (one.address, one.key) in former.names))
        or (listed and one.address == role.address and (one.address, one.key) not in former.names)
        or (grown and one.address == role.address and _document_key(one.tree) not in before)
    )


def _grows(change: Put) -> bool:
    """Whether a change adds statements of its own to a document, of which all others stay as they were read.

    The Serverless Framework makes one policy for a role; what is added to it is told so.
    """
    if not change.attribute.startswith("inline_policies[") or not isinstance(change.value, Mapping):
        return False
    statements = change.value.get("Statement")
    return isinstance(statements, tuple) and any(isinstance(one, Mapping) for one in statements)


_OF_LAMBDA: Final = """{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",
"Principal": {"Service": "lambda.amazonaws.com"}}]}"""


def _new_role(role: Role, before: World, after: World) -> Iterator[Wider | Added]:
    """A role that a fix makes: for those whom the former role of its functions trusted, or for Lambda.

    What it may do beyond that one is what the fix says.
    """
    users = [one for one in after.execution_roles if _is(role, one.role)]
    names = {address for one in users for address in one.functions}
    former = [
        one.role.value
        for one in before.execution_roles
        if isinstance(one.role, Known) and names & set(one.functions)
    ]
    old = tuple(document for one in former for document in _Held(one.policies).documents)
    if not former or _complaint(_Held(role.policies).documents, old) is not None:
        yield from (Added(role.address, f"the policy `{_shown(one)}`", _shown(one)) for one in role.policies)
    wide = _complaint((role.trust,), (*(one.trust for one in former), loads(_OF_LAMBDA)))
    if wide is not None:
        yield Wider(role.address, *wide)


def _is(role: Role, value: Value[Role]) -> bool:
    return isinstance(value, Known) and value.value.address == role.address


# ------------------------------------------------------------------------------------- permissions


def _permissions(before: World, after: World, added: Collection[str]) -> Iterator[Wider | Added]:
    """Permissions on functions, function by function."""
    old = _by_function(before)
    for address, permissions in _by_function(after).items():
        former = old.get(address, ())
        new_documents = tuple(map(policy_of, permissions))
        old_documents = tuple(map(policy_of, former))
        if sorted(map(_permission_key, permissions)) == sorted(map(_permission_key, former)):
            continue
        said = [one for one in permissions if one.address in added]
        wide = _complaint(new_documents, old_documents)
        if wide is None:
            continue
        with_said = (*old_documents, *map(policy_of, said))
        if said and _complaint(new_documents, with_said) is None:
            yield from (Added(one.address, "a permission to invoke the function") for one in said)
        else:
            yield Wider(address, *wide)


_PLACES: Final = {"origin", "doubt", "region"}


def _permission_key(permission: Permission) -> str:
    return repr([getattr(permission, one.name) for one in fields(permission) if one.name not in _PLACES])


def _by_function(world: World) -> dict[str, tuple[Permission, ...]]:
    out: dict[str, tuple[Permission, ...]] = {}
    for one in world.permissions:
        for function in world.functions_of(one):
            out[function.address] = (*out.get(function.address, ()), one)
    return out


# ---------------------------------------------------------------------------------------- documents


def _compared(
    address: str, new: _Documents, old: _Documents, said: tuple[RolePolicy, ...]
) -> Iterator[Wider | Added]:
    wide = _complaint(new, old)
    if wide is None:
        return
    if said:
        wide = _complaint(new, (*old, *(one.document for one in said)))
    if wide is None:
        yield from (Added(one.address, f"the policy `{_shown(one)}`", _shown(one)) for one in said)
    else:
        yield Wider(address, *wide)


def _shown(policy: RolePolicy) -> str:
    return "".join(map(str, parts_of(policy.name)))


def _complaint(
    new: Iterable[Value[Document] | Document], old: Iterable[Value[Document] | Document]
) -> tuple[str, bool] | None:
    """Why it is not proved that ``new`` is no wider than ``old``, and whether it may be all the same.

    ``None`` where it is proved.
    """
    new, old = _in_one_partition(tuple(new), tuple(old))
    try:
        answer = no_wider_than(new, old)
    except BudgetExceeded as error:
        return error.message, True
    match answer:
        case Proved():
            return None
        case Witness(request):
            return f"a request that was refused is allowed: {request.action} on {request.resource}", False
        case Undecided(reason):
            return f"it is not proved that this allows no more than before: {reason}", True


# ---------------------------------------------------------------------------------------- partitions

_Some: TypeAlias = tuple[Value[Document] | Document, ...]


def _in_one_partition(new: _Some, old: _Some) -> tuple[_Some, _Some]:
    """Documents in which the partition is the one that the old ones name, if they name one.

    IAM accepts ARNs of the partition it is in and no others: where ``arn:aws:`` was written, the partition that
    a reference will have can only be that one.
    """
    named = {one for document in old for one in _partitions(document)}
    if len(named) != 1:
        return new, old
    (partition,) = named
    return tuple(_within(one, partition) for one in new), tuple(_within(one, partition) for one in old)


def _partitions(document: Value[Document] | Document) -> Iterator[str]:
    for statement in _statements(document):
        for one in (*(statement.resources or ()), *(statement.not_resources or ())):
            first = next(iter(parts_of(one)), "")
            if isinstance(first, str) and first.startswith("arn:") and first.count(":") > 1:
                partition = first.split(":", 2)[1]
                if not set(partition) & set("*?$"):
                    yield partition


def _statements(document: Value[Document] | Document) -> Iterator[Statement]:
    if isinstance(document, Known):
        document = document.value
    if isinstance(document, Document):
        yield from (one for one in document.statements if isinstance(one, Statement))


def _within(document: Value[Document] | Document, partition: str) -> Value[Document] | Document:
    if isinstance(document, Known):
        return Known(_filled(document.value, partition), document.origin)
    return _filled(document, partition) if isinstance(document, Document) else document


def _filled(document: Document, partition: str) -> Document:
    statements = tuple(
        replace(
            one,
            resources=_texts(one.resources, partition),
            not_resources=_texts(one.not_resources, partition),
        )
        if isinstance(one, Statement)
        else one
        for one in document.statements
    )
    return replace(document, statements=statements)


def _texts(values: Strings | None, partition: str) -> Strings | None:
    return None if values is None else tuple(_text_in(one, partition) for one in values)


def _text_in(value: Value[str], partition: str) -> Value[str]:
    if isinstance(value, Known) or value.text is None:
        return value
    shape = (partition if one == Hole("partition") else one for one in value.text.shape())
    return Unknown(value.reason, value.origin, text_of(*shape))
