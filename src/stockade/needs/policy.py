"""The smallest policies for what a function needs, each statement with the reasons for it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from stockade.iam.cover import Piece, action_shape, covers, shape
from stockade.iam.needed import Kind, Need, write
from stockade.model.need import Certainty, Needed, Reason
from stockade.records import dataclass
from stockade.value import Hole, Text, text_of


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement as JSON's values, with a ``Text`` for every string not wholly known.

    ``needs`` are those that it is there for; ``open`` says that the resource of one of them is not known.
    """

    tree: dict[str, Any]
    needs: tuple[Needed, ...]

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Why it is there, each reason once."""
        return tuple(dict.fromkeys(reason for one in self.needs for reason in one.reasons))

    @property
    def is_open(self) -> bool:
        """Whether it is wider than it would have to be, for a resource is not known."""
        return any(one.certainty is Certainty.UNKNOWN for one in self.needs)


@dataclass(frozen=True, slots=True)
class Proposed:
    """Policies that together grant what is needed. ``notes`` say what was done to make them fit."""

    policies: tuple[tuple[Statement, ...], ...]
    notes: tuple[str, ...]

    @property
    def statements(self) -> tuple[Statement, ...]:
        """All statements, of all policies."""
        return tuple(one for policy in self.policies for one in policy)


def proposed(needs: Iterable[Needed], kind: Kind = "managed") -> Proposed:
    """The least policies for needs, in an order that does not depend on theirs."""
    listed = tuple(needs)
    written = write((as_need(one) for one in listed), kind)
    policies = tuple(
        tuple(Statement(tree, _of(tree, listed)) for tree in policy["Statement"]) for policy in written.policies
    )
    return Proposed(policies, tuple(map(str, written.notes)))


def as_need(one: Needed) -> Need:
    """What the policy engine takes for a need; what comes of the configuration names its statement."""
    why = one.reasons[0].said if one.found == "configuration" and one.reasons else ""
    return Need(one.action, _at_any_time(one.resource), one.tests, why.partition(",")[0])


_RUNNING: Final = frozenset(
    f"environment.{name}" for name in ("AWS_LAMBDA_FUNCTION_VERSION", "AWS_LAMBDA_LOG_STREAM_NAME")
)
"""What Lambda sets anew for every version or execution environment: a policy can name no single one."""


def _at_any_time(resource: Piece) -> Piece:
    """A resource with ``*`` for what is another one from invocation to invocation."""
    if not isinstance(resource, Text):
        return resource
    parts = ("*" if isinstance(part, Hole) and part.name in _RUNNING else part for part in resource.parts)
    made = text_of(*parts)
    return str(made.parts[0]) if len(made.parts) == 1 and isinstance(made.parts[0], str) else made


def _of(tree: dict[str, Any], needs: Iterable[Needed]) -> tuple[Needed, ...]:
    """The needs that a statement covers."""
    actions = [action_shape(one) for one in _listed(tree.get("Action"))]
    resources = [shape(one) for one in _listed(tree.get("Resource"))]
    out = []
    for one in needs:
        by_action = any(covers(wide, action_shape(one.action)) for wide in actions)
        if by_action and any(wide == ("*",) or covers(wide, shape(one.resource)) for wide in resources):
            if bool(tree.get("Condition")) <= bool(one.tests):
                out.append(one)
    return tuple(out)


def _listed(value: Any) -> tuple[Piece, ...]:
    return tuple(value) if isinstance(value, list | tuple) else (value,) if value is not None else ()
