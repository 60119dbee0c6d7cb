"""Whose a client of Go's is: the role's own, or somebody else's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tree_sitter import Node

from stockade.code.facts import Credentials
from stockade.code.go.flow import Flow, elements, given_to
from stockade.code.go.packages import Function, walk
from stockade.patterns import lazy_regex

_OTHERS: Final = lazy_regex(
    r"stscreds\.|credentials\.NewStatic|WithSharedConfigProfile|WithCredentialsProvider"
)


def nodes(function: Function) -> list[Node]:
    """Everything in a function's body; of a file, what its variables are given."""
    if function.node.type != "source_file":
        body = function.node.child_by_field_name("body")
        return walk(body) if body is not None else []
    declared = [one for one in function.node.named_children if one.type == "var_declaration"]
    return [node for one in declared for node in walk(one)]


class Whose:
    """Answers whose clients are, by what they are made of."""

    def __init__(self, flow: Flow) -> None:
        self.flow = flow

    def client(self, operand: Node, function: Function) -> Credentials:
        """Whose a client is: somebody else's where its construction speaks of other credentials.

        Of one that may be made in several ways (here for local runs, there for Lambda) it is not known.
        """
        found: set[bool] = set()
        for source, owner in [*self.flow.sources(operand, function), *self._embedded(operand, function)]:
            if source.type == "call_expression":
                found |= self._others(source, owner)
        if len(found) > 1:
            return Credentials.UNKNOWN
        return Credentials.OTHER if found == {True} else Credentials.OWN

    def _embedded(self, operand: Node, function: Function) -> Iterator[tuple[Node, Function]]:
        """What the client is given that something has embedded."""
        whose = self.flow.of(operand, function)
        own = whose is not None and whose.path in self.flow.packages
        found = self.flow.promoted(whose, "") if whose is not None and own else None
        if found is not None:
            client, holder = found
            for value, owner in self.flow.fields.get((holder.path, holder.name, client.name), []):
                yield from self.flow.sources(value, owner)

    def _others(self, node: Node, owner: Function, depth: int = 4) -> set[bool]:
        """Whether what something is made of is somebody else's: one answer for each way in which it is made."""
        if _OTHERS.search(owner.file.text(node)):
            return {True}
        parts: list[list[tuple[Node, Function]]] = []
        if node.type == "call_expression":
            for argument in self.flow.arguments(node):
                if argument.type == "variadic_argument" and argument.named_children:
                    # A list that ``append`` made longer holds all of it.
                    parts += [[one] for one in self.flow.sources(argument.named_children[0], owner)]
                else:
                    parts.append(self.flow.sources(argument, owner))
                # A configuration whose member is set later counts as made with it.
                parts += [[one] for one in self._set(owner.file.text(argument), "Credentials", owner)]
        elif node.type == "composite_literal":
            for key, value in elements(node, owner.file):
                if key is not None and owner.file.text(key) == "Credentials":
                    parts.append(self.flow.sources(value, owner))
        if name := given_to(node, owner.file):  # a copy, whose member is set before it is handed out
            parts += [[one] for one in self._set(name, "Credentials", owner)]
        out = {False}
        for part in parts if depth else []:
            ways: set[bool] = set()
            for source, holder in part:
                if source.id != node.id:
                    ways |= self._others(source, holder, depth - 1)
            if ways == {True}:
                return ways
            out |= ways
        return out

    def _set(self, name: str, member: str, owner: Function) -> Iterator[tuple[Node, Function]]:
        """What a function gives to a member of something by its name: ``cfg.Credentials = ...``."""
        for node in nodes(owner):
            if node.type != "assignment_statement":
                continue
            left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
            if left is None or right is None:
                continue
            for target, value in zip(left.named_children, right.named_children, strict=False):
                if owner.file.text(target) == f"{name}.{member}":
                    yield from self.flow.sources(value, owner)
