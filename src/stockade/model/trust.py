"""Whom a role's trust policy lets assume it, principal by principal, and what holds each back."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from enum import Enum
from typing import Final

from stockade.iam.breadth import covering
from stockade.iam.match import Shape, arn_parts, is_wildcard_only
from stockade.iam.policy import Condition, Document, Principal, Statement
from stockade.model.account import is_account, is_ours
from stockade.patterns import lazy_regex
from stockade.records import dataclass
from stockade.value import Hole, Known, Origin, Unknown, parts_of, shape_of


class Whom(Enum):
    """Kinds of those who are trusted, as far as it matters to a function's role."""

    LAMBDA = "Lambda"
    SERVICE = "another service"
    EVERYBODY = "everybody"
    ACCOUNT = "an own account as a whole"
    OWN = "somebody of an own account"
    FOREIGN = "another account"
    IDENTITIES = "identities of a provider"


class Held(Enum):
    """How far the conditions of a statement hold back those whom it trusts."""

    NOT = "not at all"
    SOMEWHAT = "to who knows an external ID, or comes from an address"
    CHOSEN = "to an organisation, to accounts or to identities that somebody chose"


@dataclass(frozen=True, slots=True)
class Trusted:
    """One principal of one statement. ``name`` is for people."""

    whom: Whom
    name: str
    held: Held
    statement: Statement
    origin: Origin


_ASSUMING: Final = ("sts:AssumeRole", "sts:AssumeRoleWithWebIdentity", "sts:AssumeRoleWithSAML")
_CHOOSING: Final = lazy_regex(
    r"aws:principal(?:orgid|orgpaths|account|arn|tag/.*)|aws:source(?:arn|account|orgid|orgpaths)"
    r"|aws:userid|.*:sub|.*:amr|saml:.*"
)
_ASKING: Final = ("sts:externalid", "aws:sourceip", "aws:sourcevpc", "aws:sourcevpce")
_APPLICATIONS: Final = lazy_regex(r"(?:cognito-identity|accounts\.google|graph\.facebook|www\.amazon)\..*")
"""Providers of which an audience is one's own application."""
_OF_LAMBDA: Final = ("lambda", "edgelambda", "replicator")


def trusted(document: Document, own: Shape, ours: Collection[str] = ()) -> Iterator[Trusted | Unknown]:
    """Everybody whom a trust policy lets assume the role; ``own`` is its account, ``ours`` are the owner's.

    A Deny of the same principal takes it back; one under conditions makes it unknown what is left.
    """
    statements = [one for one in document.statements if isinstance(one, Statement)]
    yield from (one for one in document.statements if isinstance(one, Unknown))
    denials = [one for one in statements if one.allows is False and _assumes(one)]
    for statement in statements:
        if statement.allows is None and isinstance(statement.effect, Unknown):
            yield statement.effect
        elif statement.allows and (about := _assumes(statement)):
            if isinstance(about, Unknown):
                yield about
                continue
            for one in _of(statement, own, ours):
                yield from _left(one, denials)


def _assumes(statement: Statement) -> Known[str] | Unknown | None:
    found = [covering(statement, action) for action in _ASSUMING]
    known = next((one for one in found if isinstance(one, Known)), None)
    return known or next((one for one in found if isinstance(one, Unknown)), None)


def _of(statement: Statement, own: Shape, ours: Collection[str]) -> Iterator[Trusted | Unknown]:
    held = _held(statement)
    if statement.principals is None and statement.not_principals is None:
        return  # it names nobody, and IAM refuses it
    if statement.principals is None:
        # Whom NotPrincipal leaves is everybody else.
        if isinstance(held, Unknown):
            yield held
        else:
            yield Trusted(Whom.EVERYBODY, "everybody but some", held, statement, statement.origin)
        return
    for principal in statement.principals:
        found = principal if isinstance(principal, Unknown) else _whom(principal, own, ours)
        if isinstance(found, Unknown):
            yield found
            continue
        whom, name = found
        if whom in (Whom.LAMBDA, Whom.SERVICE, Whom.OWN):
            yield Trusted(whom, name, Held.NOT, statement, _origin(principal))
        elif isinstance(held, Unknown):
            yield held
        else:
            yield Trusted(whom, name, held, statement, _origin(principal))


def _origin(principal: Principal | Unknown) -> Origin:
    return principal.origin if isinstance(principal, Unknown) else principal.value.origin


def _whom(principal: Principal, own: Shape, ours: Collection[str]) -> tuple[Whom, str] | Unknown:
    shape = shape_of(principal.value)
    name = "".join(map(str, parts_of(principal.value)))
    match principal.kind:
        case "*":
            return Whom.EVERYBODY, name
        case "AWS" if is_wildcard_only(shape):
            return Whom.EVERYBODY, name
        case "AWS":
            return _aws(principal, shape, name, is_ours(_account(shape), own, ours))
        case "Service":
            return _service(principal, shape, name)
        case "Federated" if isinstance(principal.value, Known) or len(shape) > 1:
            return Whom.IDENTITIES, name
        case "Federated" if principal.value.ref is not None:
            return Whom.IDENTITIES, name
        case _:
            value = principal.value
            return (
                value if isinstance(value, Unknown) else Unknown(f"`{name}` is nobody to trust", value.origin)
            )


def _service(principal: Principal, shape: Shape, name: str) -> tuple[Whom, str] | Unknown:
    first = shape[0] if shape else ""
    if isinstance(first, Hole) or (isinstance(principal.value, Unknown) and "." not in first):
        return (
            principal.value
            if isinstance(principal.value, Unknown)
            else Unknown("no name", principal.value.origin)
        )
    return (Whom.LAMBDA if str(first).partition(".")[0] in _OF_LAMBDA else Whom.SERVICE), name


def _account(shape: Shape) -> Shape:
    arn = arn_parts(shape)
    return arn[4] if arn else shape


def _aws(principal: Principal, shape: Shape, name: str, ours: bool | None) -> tuple[Whom, str] | Unknown:
    arn = arn_parts(shape)
    whole = arn is None or arn[5] == ("root",)
    if ours:
        return (Whom.ACCOUNT if whole else Whom.OWN), name
    if ours is False:
        return Whom.FOREIGN, name
    if is_account(_account(shape)):
        reason = f"whether `{name}` is of the role's own account is known only at deployment"
        return Unknown(reason, principal.value.origin)
    if isinstance(principal.value, Unknown):
        return principal.value
    return Unknown(f"`{name}` names no account", principal.value.origin)


# -------------------------------------------------------------------------- conditions and denials


def _held(statement: Statement) -> Held | Unknown:
    """How far the conditions hold back who is no service; they are joined by "and"."""
    answers = [one if isinstance(one, Unknown) else _by(one, statement) for one in statement.conditions]
    if Held.CHOSEN in answers:
        return Held.CHOSEN
    if unknown := next((one for one in answers if isinstance(one, Unknown)), None):
        return unknown
    return Held.SOMEWHAT if Held.SOMEWHAT in answers else Held.NOT


def _by(condition: Condition, statement: Statement) -> Held | Unknown:
    operator, key = condition.operator.lower(), condition.key.lower()
    if "not" in operator or operator.startswith("null") or operator.endswith("ifexists"):
        return Held.NOT
    for value in condition.values:
        if isinstance(value, Unknown) and value.text is None:
            return value
        if is_wildcard_only(shape_of(value)):
            return Held.NOT
    if _CHOOSING.fullmatch(key):
        return Held.CHOSEN
    if key.endswith((":aud", ":app_id")):
        # For other providers every workload of theirs may ask for AWS's audience.
        return Held.CHOSEN if _APPLICATIONS.fullmatch(key) else Held.NOT
    return (
        Held.SOMEWHAT
        if key in ("sts:externalid", "aws:sourceip", "aws:sourcevpc", "aws:sourcevpce")
        else Held.NOT
    )


def _left(one: Trusted | Unknown, denials: list[Statement]) -> Iterator[Trusted | Unknown]:
    """What denials leave of a principal."""
    if isinstance(one, Unknown) or one.whom is Whom.LAMBDA:
        yield one
        return
    for deny in denials:
        names = {_text(principal) for principal in deny.principals or ()}
        if deny.principals is None or one.name in names or "*" in names:
            if deny.principals is not None and not deny.conditions:
                return
            yield Unknown("a Deny under conditions may take back whom the trust policy lets in", deny.origin)
            return
    yield one


def _text(principal: Principal | Unknown) -> str:
    return "?" if isinstance(principal, Unknown) else "".join(map(str, parts_of(principal.value)))
