"""Statements that two policies have alike, word for word: a question of what is new need not look at them."""

from __future__ import annotations

from copy import copy

from stockade.iam.compiled import Compiled
from stockade.iam.decide import Access
from stockade.iam.policies import Policies


def granted_before(new: Policies, old: Policies) -> set[Compiled]:
    """The statements by which ``new`` allows nothing that ``old`` does not.

    ``old`` has them too, and whatever it denies is denied by ``new`` as well; so whoever is let through by one
    of them on one side is let through by it on the other.
    """
    if old.unknown:
        return set()
    denied = {one.content for one in new.statements if one.allows is False and one.content is not None}
    if not all(one.content in denied for one in old.statements if one.allows is not True):
        return set()
    allowed = {one.content for one in old.statements if one.allows and one.content is not None}
    return {one for one in new.statements if one.allows and one.content in allowed}


def searched(allowed: Access, refused: Access) -> Access:
    """What is left of an access to look at when all is left out that another one allows alike."""
    new, old = allowed.identity, refused.identity
    if not (allowed.is_alone and refused.is_alone and new and old):
        return allowed
    alike = granted_before(new, old)
    if not alike:
        return allowed
    left = copy(allowed)
    left.identity = new.without(alike)
    return left


def may_allow(access: Access) -> bool:
    """Whether documents by themselves have anything that may allow a request."""
    own = access.identity
    return own is None or bool(own.unknown) or any(one.allows is not False for one in own.statements)
