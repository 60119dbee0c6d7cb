"""What a way to more permissions is: requests, one after another, each done to something."""

from __future__ import annotations

from typing import Literal, TypeAlias

from stockade.records import dataclass

On: TypeAlias = Literal["", "itself", "its policy", "role", "user", "function", "thing"]
"""What a step is done to: anything that the action is checked on, the role itself, a customer managed policy
on it, or what the way is about: a role, a user, a function or another thing that has a role."""


@dataclass(frozen=True, slots=True)
class Step:
    """One request: an action, what it is done to, and what has to be in its context."""

    action: str
    on: On = ""
    context: tuple[tuple[str, str], ...] = ()
    trusted: bool = False
    """The step before it has made the role's trust policy name the caller."""
    at: tuple[str, ...] = ()
    """Patterns of ARNs that it is done to, all of them, where the action's resource types do not say it all."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way. ``does`` completes "the role may ...", with ``{}`` for what it is about.

    Without ``on`` what it brings is any permission at all, else the permissions of what it is about.
    ``needs`` says what has to exist for it to work that no request of its own makes; ``of_boundary`` that
    it is of use only to a role with a permissions boundary.
    """

    name: str
    does: str
    steps: tuple[Step, ...]
    on: On = ""
    needs: str = ""
    of_boundary: bool = False
    source: str = "https://pathfinding.cloud/paths/"

    def said(self, name: str = "") -> str:
        """``does`` about something by its name, or about any such thing."""
        kind = next((step.on for step in self.steps if step.on in ("role", "user", "function")), "thing")
        return self.does.format(f"the {kind} `{name}`" if name else f"any {kind}")
