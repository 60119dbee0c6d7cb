"""What would do in place of something wide: the statements for what is needed, where all of that is known."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from stockade.iam.breadth import covering
from stockade.iam.catalog import Catalog
from stockade.iam.cover import Piece, covers, shape
from stockade.iam.policy import Document, Statement
from stockade.model.need import Certainty, Needed
from stockade.model.role import ExecutionRole, Grant
from stockade.model.world import World
from stockade.needs.unused import Judgement, Needs, judged
from stockade.value import Known, Unknown, shape_of


def in_place_of(grant: Grant, world: World) -> tuple[dict[str, Any], ...] | None:
    """The statements for what is needed of a policy, leaving out what the role's other policies allow.

    ``None`` where that is not known: something was not followed, others use the role, a resource is open.
    """
    policy = grant.policy
    if policy is None or isinstance(policy.document, Unknown):
        return None
    needs = _known(grant.execution_role, world)
    if needs is None:
        return None
    mine = [one for one in _all(needs) if _allows(policy.document.value, one)]
    if any(one.certainty is Certainty.UNKNOWN for one in mine):
        return None
    others = _others(grant, world)
    left = [one for one in mine if not any(_allows(other, one) for other in others)]
    from stockade.needs.policy import proposed

    return tuple(one.tree for one in proposed(left, "role").statements)


def resources_for(grant: Grant, statement: Statement, world: World) -> tuple[Piece, ...] | None:
    """The resources that a statement is needed on; ``None`` where they are not known of all its actions."""
    needs = _known(grant.execution_role, world)
    actions = statement.actions
    if needs is None or not actions:
        return None
    out: dict[Piece, None] = {}
    for pattern in actions:
        if isinstance(pattern, Unknown):
            return None
        for action in Catalog.load().expand(pattern.value):
            found = needs.by_action.get(str(action).lower(), ())
            sure = found and not any(one.certainty is Certainty.UNKNOWN or one.tests for one in found)
            if not sure:
                # What may be used has no resource to name; what is not used is another control's to take out.
                if found or str(action).lower() in needs.perhaps:
                    return None
                continue
            out.update((one.resource, None) for one in found)
    return tuple(out) if out and "*" not in out else None


def unneeded(grant: Grant, statement: Statement, world: World) -> frozenset[str]:
    """The actions of a statement that surely nobody needs, in small letters; none where not all is known.

    What they would be scoped to is left out of a fix: else it would stay behind when they are taken out.
    """
    needs = _known(grant.execution_role, world)
    if needs is None:
        return frozenset()
    patterns = [one.value for one in statement.actions or () if isinstance(one, Known)]
    actions = {str(action).lower() for one in patterns for action in Catalog.load().expand(one)}
    return frozenset(actions - needs.by_action.keys() - needs.perhaps - needs.beyond)


def _known(role: ExecutionRole, world: World) -> Needs | None:
    """All needs of those who run as a role, where nothing else may be needed."""
    found = judged(role, world)
    if not isinstance(found, Judgement) or not all(one.is_whole for one in found.needs.learned):
        return None
    return found.needs


def _all(needs: Needs) -> Iterable[Needed]:
    return (one for learned in needs.learned for one in learned.needed)


def _others(grant: Grant, world: World) -> list[Document]:
    role = grant.execution_role.role
    policies = role.value.policies if isinstance(role, Known) else ()
    return [
        one.document.value for one in policies if one is not grant.policy and isinstance(one.document, Known)
    ]


def _allows(document: Document, need: Needed) -> bool:
    """Whether a statement of a document surely allows what is needed."""
    for statement in document.statements:
        if isinstance(statement, Unknown) or not statement.allows or statement.conditions:
            continue
        if not isinstance(covering(statement, need.action), Known):
            continue
        if any(covers(shape_of(one), shape(need.resource)) for one in statement.resources or ()):
            return True
    return False
