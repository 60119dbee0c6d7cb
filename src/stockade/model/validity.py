"""The policy documents behind functions, with what validation says of them, part by part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from typing import Any, TypeAlias

from stockade.iam.validate import Finding, Key, Kind, Path, Validation, validate
from stockade.model.role import ExecutionRole, Role, RolePolicy
from stockade.model.subject import Subject
from stockade.records import dataclass
from stockade.value import Known, Origin, Unknown, Value

Open: TypeAlias = tuple[Path, Unknown]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class PolicyPart(Subject):
    """One policy document, or that statement of it in which something is wrong or not known.

    Of a document with which nothing is wrong there is one part, of another one for each such statement, and
    one for what is said of the document itself (then ``statement`` is ``None``). ``findings`` are
    validation's, the gravest first; ``open`` is what kept something from being said. ``attribute`` is the
    model attribute that holds the document at ``address``, and ``tree`` the document; both are empty where a
    role, or one of its policies, is not in the input, and ``open`` says so. ``roles`` are those that the
    document is in force on.
    """

    attribute: str
    kind: Kind
    tree: Value[Any] | None
    statement: int | None
    findings: tuple[Finding, ...]
    open: tuple[Open, ...]
    roles: tuple[ExecutionRole, ...]


@dataclass(slots=True)
class _Document:
    """A document that was met, and the roles it was met on."""

    address: str
    attribute: str
    kind: Kind
    tree: Value[Any] | None
    origin: Origin
    doubt: Unknown | None
    key: str
    open: Unknown | None
    roles: list[ExecutionRole]


def policy_parts(roles: Sequence[ExecutionRole]) -> tuple[PolicyPart, ...]:
    """The parts of all documents of the roles that functions run as, a document on several roles once.

    What AWS keeps itself is left out: it is not the owner's to mend.
    """
    met: dict[tuple[str, str, str], _Document] = {}
    for role in roles:
        for one in _documents(role):
            known = met.setdefault((one.address, one.attribute, one.key), one)
            if known is not one:
                known.roles.append(role)
                known.doubt = known.doubt and one.doubt
    return tuple(part for one in met.values() for part in _parts(one))


def _documents(execution_role: ExecutionRole) -> Iterator[_Document]:
    match execution_role.role:
        case Unknown() as why:
            yield _unread(execution_role, execution_role, why)
        case Known(role):
            yield _of_role(execution_role, role)
            policies = (*role.policies, *((role.boundary_policy,) if role.boundary_policy else ()))
            for policy in policies:
                if policy.kind != "aws":
                    yield _of_policy(execution_role, role, policy)
            if role.open_ended is not None:
                yield _unread(execution_role, role, role.open_ended)


def _of_role(execution_role: ExecutionRole, role: Role) -> _Document:
    tree = role.trust_tree
    why = role.trust if tree is None and isinstance(role.trust, Unknown) else None
    return _Document(
        address=role.address,
        attribute="trust",
        kind=Kind.TRUST,
        tree=tree,
        origin=tree.origin if tree is not None else role.origin,
        doubt=role.doubt or execution_role.doubt,
        key="trust",
        open=why,
        roles=[execution_role],
    )


def _of_policy(execution_role: ExecutionRole, role: Role, policy: RolePolicy) -> _Document:
    tree = policy.tree
    unread = tree is None and isinstance(policy.document, Unknown)
    return _Document(
        address=policy.holder or policy.address,
        attribute=policy.attribute,
        kind=Kind.IDENTITY,
        tree=tree,
        origin=tree.origin if tree is not None else policy.origin,
        doubt=policy.doubt or execution_role.doubt,
        # One that is written in a resource of its own is the same on every role.
        key=policy.attribute
        if policy.holder and policy.holder != role.address
        else policy.key or policy.attribute,
        open=policy.document if unread and isinstance(policy.document, Unknown) else None,
        roles=[execution_role],
    )


def _unread(execution_role: ExecutionRole, holder: Subject, why: Unknown) -> _Document:
    """Stands for the documents of a role that are not in the input."""
    return _Document(
        address=holder.address,
        attribute="",
        kind=Kind.IDENTITY,
        tree=None,
        origin=holder.origin,
        doubt=execution_role.doubt,
        key="unread",
        open=why,
        roles=[execution_role],
    )


# ------------------------------------------------------------------------------------------- parts


def _parts(one: _Document) -> Iterator[PolicyPart]:
    if one.tree is None:
        if one.open is not None:
            yield _part(one, None, (), (((), one.open),), one.key)
        return
    said = validate(one.tree, one.kind)
    if not said.findings and not said.open:
        yield _part(one, None, (), (), one.key)
        return
    counts: dict[str, int] = {}
    for statement in dict.fromkeys(_statements(said)):
        findings = sorted((f for f in said.findings if f.statement == statement), key=lambda f: -f.type)
        open_ = tuple((path, why) for path, why in said.open if _statement(path) == statement)
        key = _digest(one, findings)
        counts[key] = count = counts.get(key, 0) + 1
        yield _part(one, statement, tuple(findings), open_, key if count == 1 else f"{key}-{count}")


def _part(
    one: _Document, statement: int | None, findings: tuple[Finding, ...], open_: tuple[Open, ...], key: str
) -> PolicyPart:
    return PolicyPart(
        address=one.address,
        origin=one.origin,
        doubt=one.doubt,
        key=key,
        attribute=one.attribute,
        kind=one.kind,
        tree=one.tree,
        statement=statement,
        findings=findings,
        open=open_,
        roles=tuple(one.roles),
    )


def _statements(said: Validation) -> Iterator[int | None]:
    yield from (one.statement for one in said.findings)
    yield from (_statement(path) for path, _ in said.open)


def _statement(path: Path) -> int | None:
    return path[1] if len(path) > 1 and isinstance(path[1], int) else None


def _digest(one: _Document, findings: Sequence[Finding]) -> str:
    """What tells a part apart, whatever moves around it: what is said, and of which text."""
    said = "\0".join(f"{f.code}\t{_text(one.tree, f.path)}" for f in findings)
    return blake2b(f"{one.key}\0{said}".encode("utf-8", "replace"), digest_size=6).hexdigest()


def _text(tree: Value[Any] | None, path: Path) -> str:
    """The text that a path leads to; the name where it leads to one, nothing where it leads to more."""
    if path and isinstance(path[-1], Key):
        return path[-1].name
    match element(tree, path):
        case Known(str() as text):
            return text
        case _:
            return ""


def element(tree: Value[Any] | None, path: Path) -> Value[Any] | None:
    """What a path leads to in a document; ``None`` where it leads nowhere."""
    for step in path:
        inner = tree.value if isinstance(tree, Known) else None
        if isinstance(inner, tuple | list):
            tree = inner[step] if isinstance(step, int) and step < len(inner) else None
        elif isinstance(inner, Mapping):
            if not isinstance(step, int):  # a single statement is no list
                tree = inner.get(step) if isinstance(step, str) else None
        else:
            return None
    return tree
