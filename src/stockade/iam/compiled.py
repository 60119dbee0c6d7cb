"""Statements made ready to be asked: what of a request each of them looks at.

Every answer is three-valued. ``None`` says that it depends on what is not known: of the policy, which
may be partly known before deployment, or of the request. Each element is made ready when it is first looked
at: of a long policy, a request or a question reads but little.
"""

from __future__ import annotations

from collections.abc import Hashable
from functools import cached_property
from typing import Final

from stockade.iam import elements
from stockade.iam.conditions import Test
from stockade.iam.match import Shape
from stockade.iam.operators import operator
from stockade.iam.policy import Condition, Statement
from stockade.iam.principals import Reach, Who, listed, named, ways_of
from stockade.iam.request import Caller, CallerKind, Request
from stockade.iam.texts import Fillings, Texts
from stockade.value import Unknown

REMEMBERED: Final = 4096
"""Actions of which it is remembered which statements are about them."""


class Compiled:
    """One statement. ``document`` is its document's number; ``allows`` ``None`` where that is not known."""

    def __init__(self, source: Statement, document: int, fillings: Fillings | None) -> None:
        self.source = source
        self.document = document
        self.allows = source.allows
        self.not_action = source.not_actions is not None
        self.not_resource = source.not_resources is not None
        self.not_principal = source.not_principals is not None
        self._fillings = fillings
        self._about: dict[str, bool | None] = {}

    @cached_property
    def actions(self) -> Texts:
        """Its actions, or those it leaves out (``not_action``)."""
        return elements.actions(self.source.not_actions if self.not_action else self.source.actions)

    @cached_property
    def resources(self) -> Texts | None:
        """Its resources, or those it leaves out (``not_resource``); ``None`` without either element."""
        listed = self.source.not_resources if self.not_resource else self.source.resources
        return elements.resources(listed, self._fillings)

    @cached_property
    def principals(self) -> tuple[Who, ...] | None:
        """Its principals, or those it leaves out (``not_principal``); ``None`` without either element."""
        entries = self.source.not_principals if self.not_principal else self.source.principals
        return None if entries is None else tuple(map(named, entries))

    @cached_property
    def tests(self) -> tuple[Test, ...]:
        """Its conditions."""
        return tuple(Test(one, self._fillings) for one in self.source.conditions if isinstance(one, Condition))

    @cached_property
    def doubts(self) -> tuple[Unknown, ...]:
        """Conditions of which nothing is known."""
        return tuple(one for one in self.source.conditions if isinstance(one, Unknown))

    @cached_property
    def content(self) -> Hashable | None:
        """What the statement says, but for its effect: statements of one content apply to the same requests.

        ``None`` where it has parts that two statements may have alike and that differ all the same. It is taken
        from the words: statements that say one thing in two ways are not found out.
        """
        source = self.source
        actions = elements.words(source.not_actions if self.not_action else source.actions, fold=True)
        listed = source.not_resources if self.not_resource else source.resources
        resources = elements.words(listed)
        if not actions or (listed is not None and resources is None):
            return None
        tests: set[tuple[str, str, frozenset[Shape]]] = set()
        for one in source.conditions:
            values = None if isinstance(one, Unknown) else elements.words(one.values)
            if values is None or isinstance(one, Unknown) or operator(one.operator) is None:
                return None
            tests.add((one.operator.lower(), one.key.lower(), values))
        if any(one.kind == "?" for one in self.principals or ()):
            return None
        variables = any(map(elements.has_variable, (resources or (), *(values for *_, values in tests))))
        return (
            self.not_action,
            actions,
            self.not_resource,
            resources,
            self.not_principal,
            None if self.principals is None else frozenset(self.principals),
            frozenset(tests),
            frozenset(self._fillings.items()) if variables and self._fillings is not None else variables,
        )

    @cached_property
    def _listed(self) -> frozenset[tuple[str, str]] | None:
        """What principals name, in a long list of which all are known."""
        return None if self.principals is None else listed(self.principals)

    @property
    def is_simple(self) -> bool:
        """Whether there is nothing to look at in a request but action and resource."""
        if self.tests or self.doubts or self.principals is not None or self.not_resource:
            return False
        return self.resources is None or self.resources.is_plain

    def about(self, action: str) -> bool | None:
        """Whether the statement is about an action."""
        if action in self._about:
            return self._about[action]
        found = self.actions.has(action.lower(), _nothing)
        answer = found if found is None else found != self.not_action
        if len(self._about) < REMEMBERED:
            self._about[action] = answer
        return answer

    def matches(self, request: Request) -> bool | None:
        """Whether the statement applies to a request, whoever the caller is; see ``reaches`` for that."""
        answer = self.about(request.action)
        if answer is False:
            return False
        if self.resources is not None:
            found = self.resources.has(request.resource, request.lookup)
            if found is None:
                answer = None
            elif found == self.not_resource:
                return False
        for test in self.tests:
            found = test.on(request.lookup)
            if found is False:
                return False
            if found is None:
                answer = None
        return None if self.doubts else answer

    def reaches(self, caller: Caller | None) -> Reach | bool | None:
        """How far the statement's principals reach a caller: how, ``False`` for not, ``None`` for unknown.

        A statement without principals is in a policy of the caller's own, and reaches it.
        """
        if self.principals is None or caller is None:
            return Reach.DIRECT
        found = (
            [one.reaches(caller) for one in self.principals]
            if self._listed is None or caller.shape
            else ways_of(self._listed, caller)
        )
        unknown = None in found
        ways = {Reach(one) for one in found if one}
        if not self.not_principal:
            return max(ways) if ways else None if unknown else False
        if not ways:
            return None if unknown else Reach.ANYONE
        if caller.kind in (CallerKind.USER, CallerKind.ROLE) and Reach.ANYONE not in ways:
            # AWS: "you must also specify the account ARN of the not-denied principal"; where only one of the
            # two is there, it depends on the service.
            return False if Reach.ACCOUNT in ways and len(ways) > 1 else None
        return False


def _nothing(key: str) -> None:
    return None
