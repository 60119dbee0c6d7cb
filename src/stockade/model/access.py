"""What the policy engine is asked of a world: of roles as a whole, and of who may invoke a function.

A finding on access comes with a *witness*, a concrete request that gets through. ``shown`` looks for one:
all of the role's policies count, its permissions boundary, denials and conditions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any, Final

from stockade.iam.breadth import covering, formats
from stockade.iam.catalog import Action, Catalog
from stockade.iam.decide import Access, Answer
from stockade.iam.match import Shape, action_matches, arn_parts, glob_matches, has_wildcard
from stockade.iam.policy import Condition, Document, Principal, Statement
from stockade.iam.request import STRANGER, Caller, CallerKind, Request, caller
from stockade.iam.symbolic import Finding, Proved, Witness, can_anyone, ever_allows, variables_of
from stockade.iam.zones import PUBLIC, TrustZone
from stockade.model.account import own_account
from stockade.model.function import Function
from stockade.model.permission import Permission
from stockade.model.reach import SERVICES
from stockade.model.role import Role
from stockade.patterns import lazy_regex
from stockade.records import dataclass
from stockade.value import Default, Hole, Known, Text, Unknown, Value, shape_of

# ----------------------------------------------------------------------------------- what roles may


_SOMETHING: Final = "anything"
"""What is called so, or tagged so, nobody chose."""


@dataclass(frozen=True, slots=True)
class Barred:
    """Nothing of the kind gets through: ``by`` is the statement that sees to it, where one does."""

    by: Statement | None = None


class Powers:
    """What a role may do, by all of its policies that could be read. ``whole`` has its boundary even where

    that is not known; ``access`` goes without it then, and whoever tells of it says so.
    """

    def __init__(self, role: Role) -> None:
        limit = role.boundary_policy.document if role.boundary_policy else None
        boundary = limit if isinstance(limit, Known) else None
        documents = tuple(map(readable, _documents(role)))
        self._documents = documents
        self.access = Access(documents, boundary=boundary, delegated=True)
        self.whole = self.access if limit is boundary else Access(documents, boundary=limit, delegated=True)
        self.is_limited = boundary is not None or any(
            one.allows is not True for _, policies in self.access.layers() for one in policies.statements
        )
        """Whether anything could take back what one of the policies allows."""
        self.arn = arn_of(role)
        self.caller = Caller(CallerKind.ROLE, "".join(map(str, self.arn)), shape=self.arn)

    @cached_property
    def _of_strangers(self) -> Mapping[str, str]:
        """Tags of a resource that nobody chose: of no value that somebody chose, or that is the role's own."""
        statements = (one for _, policies in self.access.layers() for one in policies.statements)
        tested = {test.key for one in statements for test in one.tests}
        own = {key for key in variables_of(self.access) if ":principaltag/" in key} - tested
        asked = sorted(key for key in tested if ":resourcetag/" in key)
        return {**dict.fromkeys(asked, _SOMETHING), **dict.fromkeys(sorted(own), "its-own")}

    def names(self, action: str) -> bool:
        """Whether one of the policies may be about an action: where none is, nothing of it is allowed."""
        return any(
            one.allows is not False and covering(one, action) is not None
            for document in self._documents
            for one in document.statements
            if isinstance(one, Statement)
        )

    def shown(self, action: str, resource: Shape, *, chosen: bool = False) -> Request | Barred | Unknown:
        """A request of the role for an action on a resource that gets through.

        The resource is taken for one that nobody chose, by tag or otherwise, unless ``chosen``.
        """
        request = Request(self.caller, action, _plain(resource), complete=True)
        decision = self.access.decide(request)
        if decision.answer is Answer.ALLOW:
            return request
        denying = next((one.statement for one in decision.deciding if one.statement.allows is False), None)
        if denying is not None and not denying.conditions:
            return Barred(denying)
        context = {} if chosen else self._of_strangers
        match ever_allows(self.access, (action,), (resource,), caller=self.caller, context=context):
            case Witness(found):
                return found
            case Proved():
                return Barred(denying)
            case undecided:
                origin = denying.origin if denying else Default("what the role's policies say together")
                depends = undecided.depends_on[0] if undecided.depends_on else undecided.reason
                return Unknown(f"whether the role may use `{action}` depends on {depends}", origin)

    def any_of(self, actions: Sequence[str], resources: Sequence[Shape]) -> Request | Barred | Unknown:
        """A request of the role for one of some actions (globs) on one of some resources that gets through."""
        if quick := self._first_of(actions[0], resources[0]):
            return quick
        match ever_allows(self.access, actions, resources, caller=self.caller):
            case Witness(found):
                return found
            case Proved():
                return Barred()
            case undecided:
                depends = undecided.depends_on[0] if undecided.depends_on else undecided.reason
                what = f"whether the role may use `{actions[0]}` depends on {depends}"
                return Unknown(what, Default("what the role's policies say together"))

    def _first_of(self, action: str, resource: Shape) -> Request | None:
        """The request that first comes to mind, where it gets through."""
        # An action without resource types is asked for on `*` alone, and no ARN lets it through.
        every = Catalog.load().expand(action) if ":" in action else ()
        named = next((one for one in every if one.resource_types), None)
        text = "".join(map(str, resource))
        if named is None or len(resource) > 1 or not text.startswith("arn:"):
            return None
        for one in (*_fitting(named, text), (text.replace("*", _SOMETHING),)):
            request = Request(self.caller, str(named), _plain(one), complete=True)
            if self.access.decide(request).answer is Answer.ALLOW:
                return request
        return None


def _plain(resource: Shape) -> str | Shape:
    return resource[0] if len(resource) == 1 and isinstance(resource[0], str) else resource


def _fitting(action: Action, pattern: str) -> Iterable[Shape]:
    """Resources of the types of an action, as AWS spells their ARNs, that a pattern covers."""
    service = Catalog.load().service(action.service)
    if service is None or "*" not in pattern:
        return
    for one in formats(action, service):
        found = some_resource(one, Known(pattern, Default("the pattern itself")))
        if glob_matches(pattern, "".join(map(str, found))):
            yield found


def _documents(role: Role) -> Iterable[Document]:
    return (one.document.value for one in role.policies if isinstance(one.document, Known))


def readable(document: Document) -> Document:
    """The document without what could not be read of it, which findings of its own speak of."""
    known = tuple(one for one in document.statements if isinstance(one, Statement))
    return document if len(known) == len(document.statements) else replace(document, statements=known)


def arn_of(role: Role) -> Shape:
    """A role's ARN, as far as it is known before deployment."""
    shape = shape_of(role.arn)
    if arn_parts(shape) is not None:
        return shape
    opening = ("arn:", Hole("partition"), ":iam::", Hole("account"), ":role")
    return joined((*opening, *shape_of(role.path), *shape_of(role.name)))


_VARIABLE: Final = lazy_regex(r"\$\{([^}]*)\}")


def some_resource(
    arn_format: str, pattern: Value[str] | None = None, functions: Iterable[Function] = ()
) -> Shape:
    """The ARN of a resource that nobody chose, in one of the catalog's formats.

    Region and account are those of ``pattern``, a string that covers all such resources, where it has any.
    """
    parts = arn_parts(shape_of(pattern)) if pattern is not None else None
    chosen: dict[str, Shape] = {
        "Partition": _written(parts[1] if parts else ()) or ("aws",),
        "Region": _written(parts[3] if parts else ()) or (Hole("region"),),
        "Account": _written(parts[4] if parts else ()) or own_account(functions),
    }
    out: list[str | Hole] = []
    for index, piece in enumerate(_VARIABLE.split(arn_format)):
        out += chosen.get(piece, (_SOMETHING,)) if index % 2 else (piece,)
    return joined(out)


def as_written(statement: Statement, where: Value[str]) -> Value[str]:
    """The element of a statement's resources that a string was read from, its unknown parts as such."""
    listed = (*(statement.resources or ()), *(statement.not_resources or ()))
    return next((one for one in listed if one.origin is where.origin or one.origin == where.origin), where)


def _written(segment: Shape) -> Shape:
    return () if has_wildcard(segment) else segment


def joined(pieces: Iterable[str | Hole]) -> Shape:
    """Pieces of text as one shape: no two texts beside one another, none empty."""
    out: list[str | Hole] = []
    for piece in pieces:
        if isinstance(piece, str) and out and isinstance(out[-1], str):
            out[-1] += piece
        elif piece != "":
            out.append(piece)
    return tuple(out)


# ---------------------------------------------------------------------------------- who may invoke

_FUNCTION: Final = "arn:${Partition}:lambda:${Region}:${Account}:function:${FunctionName}"


def policy_of(permission: Permission) -> Document:
    """The resource-based policy that ``lambda:AddPermission`` makes of a permission."""
    conditions = tuple(_conditions(permission))
    effect: Known[str] = Known("Allow", permission.origin)
    statement = Statement(
        index=0,
        sid=None,
        effect=effect,
        actions=(permission.action,),
        not_actions=None,
        resources=None,
        not_resources=None,
        principals=(_principal(permission.principal),),
        not_principals=None,
        conditions=conditions,
        origin=permission.origin,
    )
    return Document(Known("2012-10-17", permission.origin), (statement,), permission.origin)


def _principal(value: Value[str]) -> Principal | Unknown:
    shape = shape_of(value)
    if isinstance(value, Known) and value.value == "*":
        return Principal("*", value)
    if shape and isinstance(shape[-1], str) and shape[-1].endswith(SERVICES):
        return Principal("Service", value)
    if isinstance(value, Unknown) and (value.text is None or isinstance(shape[0], Hole)):
        return Unknown(value.reason, value.origin)
    return Principal("AWS", value)


_KEYS: Final = (
    ("source_arn", "ArnLike", "AWS:SourceArn"),
    ("source_account", "StringEquals", "AWS:SourceAccount"),
    ("principal_org_id", "StringEquals", "aws:PrincipalOrgID"),
    ("function_url_auth_type", "StringEquals", "lambda:FunctionUrlAuthType"),
    ("invoked_via_function_url", "Bool", "lambda:InvokedViaFunctionUrl"),
    ("event_source_token", "StringEquals", "lambda:EventSourceToken"),
)
"""What AddPermission makes of its parameters (AWS Lambda Developer Guide, "Resource-based policies")."""


def _conditions(permission: Permission) -> Iterable[Condition | Unknown]:
    for attribute, operator, key in _KEYS:
        value: Value[Any] = getattr(permission, attribute)
        match value:
            case Known(None):
                continue
            case Known(bool() as flag, origin):
                yield Condition(operator, key, (Known("true" if flag else "false", origin),), origin)
            case Unknown(_, origin, Text((Hole(name),))) if name.startswith("var."):
                yield Unknown(value.reason, origin)  # it may be null
            case Unknown(_, origin, None):
                yield Unknown(value.reason, origin)
            case _:
                yield Condition(operator, key, (value,), value.origin)


def function_arn(permission: Permission, functions: Iterable[Function]) -> Shape:
    """The ARN of the function that a permission is on, or what is known of it."""
    found = tuple(functions)
    return _function_arn(found[0].name if found else permission.function_name, found)


def _function_arn(name: Value[str], found: Iterable[Function]) -> Shape:
    shape = shape_of(name)
    if arn_parts(shape) is not None:
        return shape
    pieces = _VARIABLE.split(_FUNCTION)[:-2]
    chosen: dict[str, Shape] = {
        "Partition": ("aws",),
        "Region": (Hole("region"),),
        "Account": own_account(found),
    }
    opening: list[str | Hole] = []
    for index, piece in enumerate(pieces):
        opening += chosen[piece] if index % 2 else (piece,)
    return joined((*opening, *shape))


def strangers(permission: Permission, functions: Iterable[Function], zone: TrustZone = PUBLIC) -> Finding:
    """Whether a permission, by itself, lets anybody in from outside a zone of trust."""
    arn = function_arn(permission, functions)
    action = permission.action.value if isinstance(permission.action, Known) else _INVOKING
    if action_matches(action, _INVOKING):
        action = _INVOKING
    return can_anyone((policy_of(permission),), (action,), (arn,), outside=zone)


def invoker(permission: Permission, functions: Iterable[Function], zone: TrustZone = PUBLIC) -> Request | None:
    """A request from outside a zone of trust that a permission lets through, if there is one."""
    return _usual(permission, functions) or _searched(permission, functions, zone)


def _usual(permission: Permission, functions: Iterable[Function]) -> Request | None:
    """The request of a service for a resource of a stranger's, where nothing is asked of it."""
    policy, name = policy_of(permission), permission.principal
    if any(_conditions(permission)) or not isinstance(name, Known):
        return None
    request = Request(
        caller(name.value),
        _INVOKING,
        function_arn(permission, functions),
        {"aws:SourceAccount": STRANGER},
        complete=True,
    )
    return request if Access.alone((policy,)).allows(request) else None


def _searched(permission: Permission, functions: Iterable[Function], zone: TrustZone) -> Request | None:
    found = strangers(permission, functions, zone)
    return found.request if isinstance(found, Witness) else None


_INVOKING: Final = "lambda:InvokeFunction"


def assuming(trust: Document, who: Caller, role: Role) -> Request | Unknown | None:
    """A request by which a caller becomes a role, by its whole trust policy; ``None`` where there is none."""
    arn = arn_of(role)
    match ever_allows((readable(trust),), ("sts:AssumeRole*",), (arn,), caller=who):
        case Witness(request):
            return request
        case Proved():
            return None
        case undecided:
            return Unknown(undecided.reason, trust.origin)


def url_callers(
    name: Value[str], functions: Sequence[Function], permissions: Iterable[Permission], brought: bool
) -> tuple[Request, ...]:
    """The requests that a call of a URL without authentication takes, by somebody on the internet.

    Since October 2025 these are two, to the URL and to the function behind it (AWS Lambda Developer Guide,
    "Control access to Lambda function URLs"); to URLs that are older the first alone. ``brought`` says
    that the tool which makes the URL adds what lets them through; else only those are told that the
    permissions let through.
    """
    arn = _function_arn(name, functions)
    calling = Request(
        _ANYONE, "lambda:InvokeFunctionUrl", arn, {"lambda:FunctionUrlAuthType": "NONE"}, complete=True
    )
    behind = Request(_ANYONE, _INVOKING, arn, {"lambda:InvokedViaFunctionUrl": "true"}, complete=True)
    access = Access.alone([policy_of(one) for one in permissions])
    return tuple(one for one in (calling, behind) if brought or access.allows(one) is not False)


_ANYONE: Final = Caller(CallerKind.ANONYMOUS)
