"""Statements that two policies have alike, word for word: a question of what is new need not look at them."""

from __future__ import annotations

from stockade.iam.compiled import Compiled
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
