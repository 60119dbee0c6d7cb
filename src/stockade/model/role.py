"""IAM roles, what their policies say, and the grants that reach a function through its role."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

from stockade.iam.policy import Document, Statement
from stockade.model.subject import Subject, default
from stockade.records import dataclass
from stockade.value import Unknown, Value

PolicyKind: TypeAlias = Literal["inline", "customer", "aws", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class RolePolicy(Subject):
    """One policy in force on one role.

    ``address`` is the resource that holds it on the role: the inline policy or the attachment.
    ``holder`` is the resource in which its document is written, and ``attribute`` the model
    attribute that holds it there; both are empty for what AWS manages and for what is not in the
    input. ``kind`` is ``unknown`` where not even that can be told. ``arn`` is ``None`` for inline
    policies. ``tree`` is the document before it was parsed, ``None`` for what AWS manages and for what is not
    in the input. ``alone`` says that ``address`` is there for nothing but to attach it to this one role.
    """

    kind: PolicyKind
    name: Value[str]
    arn: Value[str | None]
    document: Value[Document]
    holder: str = ""
    attribute: str = ""
    alone: bool = False
    tree: Value[Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Role(Subject):
    """A role. ``open_ended`` says why it may have more policies than ``policies``, if it may.

    ``policies`` are all in force on it, wherever they are declared; ``managed_policy_arns`` and
    ``inline_policies`` (a tree of values) are those that the role's own declaration lists. ``trust_tree`` is
    the trust policy before it was parsed; ``boundary_policy`` is the policy that ``boundary`` stands for.
    """

    name: Value[str]
    trust: Value[Document]
    path: Value[str] = default("/", "IAM's default path is /")
    arn: Value[str]
    boundary: Value[str | None] = default(None, "no permissions boundary is set")
    managed_policy_arns: Value[tuple[Value[str], ...]] = default((), "the role lists no managed policies")
    inline_policies: Value[tuple[Value[Any], ...]] = default((), "the role lists no inline policies")
    policies: tuple[RolePolicy, ...] = ()
    open_ended: Unknown | None = None
    trust_tree: Value[Any] | None = None
    boundary_policy: RolePolicy | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class ExecutionRole(Subject):
    """The role that functions run as. There is one for every function, in the input or not.

    Functions whose role is the same share it: ``functions`` are their addresses. Where the role is
    not in the input ``role`` is unknown and says so, lest silence read as a pass; ``address`` is
    then the first function's.
    """

    role: Value[Role]
    functions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Grant(Subject):
    """One statement, of any effect, that applies to what functions do through their role.

    Whatever could not be read of the role's permissions is a grant with an unknown ``statement``:
    a statement, a document (``policy`` says which), the role itself or the chance that it has more
    policies than were seen (then ``policy`` is ``None``).
    """

    execution_role: ExecutionRole
    policy: RolePolicy | None
    statement: Value[Statement]
