"""What everything that applies to somebody allows, as the search wants it: ways to be allowed, and denials.

``decide`` looks at one request, whose caller and resource are of one account or of two. Over all requests
that is open, so there are two readings here as well. ``most`` are all the ways in which a request may be
allowed; what it leaves out is surely not. ``least`` are those in which it surely is, whoever asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from stockade.iam.clauses import ANYTHING_AT_ALL, Clause, Literal, clauses
from stockade.iam.decide import Access, Layer
from stockade.iam.glob import ANYTHING, glob
from stockade.iam.principals import Reach
from stockade.iam.request import Caller, CallerKind
from stockade.iam.search import Group, Side
from stockade.iam.texts import Texts

GOVERNED: Final = frozenset({CallerKind.ROOT, CallerKind.USER, CallerKind.ROLE})
"""Callers of an account, which service control policies bind."""
STRANGERS: Final = frozenset(CallerKind) - GOVERNED
"""Callers whom only a resource's policy lets in."""
THOUGHT_OF: Final = frozenset(CallerKind) - {CallerKind.ROOT}
"""Who is thought of where policies of one caller are asked about: no root user has any."""

_ANY: Final = Literal(Texts((ANYTHING,)))
_BY_THEMSELVES: Final = Clause(
    None,
    Literal(Texts(map(glob, ("sts:assumerole*", "kms:*"))), negated=True),
    _ANY,
    None,
    False,
    (),
    True,
    True,
)
"""Actions that a caller's own policies can allow without those of the resource."""


def most(access: Access, *, upper: bool) -> Side:
    """All the ways in which a request may be allowed, by statements in one of their readings."""
    ways: list[tuple[Group, ...]] = []
    own = _own(access, upper=upper)
    if own is not None:
        ways.append((*own, *_governing(access, upper=upper)))
    if access.resource is not None and not access.is_alone:
        by_resource = tuple(clauses(access.resource, allow=True, upper=upper))
        ways.append((by_resource, *_governing(access, upper=upper)))
        if access.scps:
            ways.append((_only_by(by_resource, STRANGERS),))
    return Side(tuple(ways), _denials(access, upper=not upper))


def least(access: Access, callers: Sequence[Caller | None], *, alike: bool) -> Side:
    """The ways in which a request is surely allowed, whoever of the callers asks.

    ``alike`` says that only those requests count that another access allows which is known to have the
    same resource's policy, or likewise none.
    """
    denials = _denials(access, upper=True)
    own = _own(access, upper=False)
    if access.is_alone:
        return Side(() if own is None else (own,), denials)
    governing = _governing(access, upper=False)
    ways: list[tuple[Group, ...]] = []
    within = callers == (None,) or all(one and one.account and one.account == access.account for one in callers)
    if access.resource is None:
        alone = alike or access.is_delegated
        if own is not None and (alone or within):
            ways.append((*own, *governing) if alone else (*own, (_BY_THEMSELVES,), *governing))
        return Side(tuple(ways), denials)
    by_resource = tuple(clauses(access.resource, allow=True, upper=False))
    directly = tuple(replace(one, least=Reach.ANYONE) for one in by_resource)
    if own is not None:
        ways.append((*own, by_resource, *governing))
        if within:
            ways.append((*own, (_BY_THEMSELVES,), *governing))
    ways.append((_only_by(directly, STRANGERS),))
    if within:
        ways.append((directly, *governing))
    return Side(tuple(ways), denials)


def _own(access: Access, *, upper: bool) -> tuple[Group, ...] | None:
    """The caller's own policies, a boundary and session policies; ``None`` where they are not known."""
    if access.identity is None and not upper:
        return None
    listed = [access.identity, access.boundary, access.session]
    groups = [tuple(clauses(one, allow=True, upper=upper)) for one in listed if one is not None]
    return ((ANYTHING_AT_ALL,), *groups) if access.identity is None else tuple(groups)


def _governing(access: Access, *, upper: bool) -> tuple[Group, ...]:
    return tuple(tuple(clauses(one, allow=True, upper=upper)) for one in access.scps)


def _only_by(group: Iterable[Clause], kinds: frozenset[CallerKind]) -> Group:
    return tuple(replace(one, kinds=kinds) for one in group)


def _denials(access: Access, *, upper: bool) -> Group:
    out: list[Clause] = []
    for layer, policies in access.layers():
        listed = clauses(policies, allow=False, upper=upper)
        if layer is Layer.SCP:
            out += _only_by(listed, GOVERNED)
        elif layer is Layer.RESOURCE and access.boundary is not None:
            # With a boundary such a denial reaches every caller, named or not.
            out += (replace(one, principals=None) if one.not_principal else one for one in listed)
        else:
            out += listed
    return tuple(out)


def both(one: Side, other: Side) -> Side:
    """What both sides allow."""
    alternatives = tuple((*mine, *theirs) for mine in one.alternatives for theirs in other.alternatives)
    return Side(alternatives, (*one.denials, *other.denials))


def same_resource(one: Access, other: Access) -> bool:
    """Whether two accesses are to the same resource, as far as can be told: by one policy, or both by none."""
    if one.is_alone or other.is_alone or one.account != other.account:
        return False
    return one.resource is None and other.resource is None
