"""Where in a SAM template that was written which a generated resource, or a property of it, comes from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from stockade.patterns import lazy_regex
from stockade.read.cloudformation.nodes import Fields, Items, Node, Scalar, member, members, text
from stockade.read.cloudformation.sam_marks import Hint

SOURCE: Final = "stockade:source"
"""The name in ``Metadata`` under which a resource hands its logical ID down to what is made of it."""

_POLICY: Final = lazy_regex(r"RolePolicy(\d+)$")
_CAUSES: Final = (
    ("AWS::Lambda::Url", "FunctionUrlConfig"),
    ("AWS::Lambda::Permission", "FunctionUrlConfig"),
    ("AWS::Lambda::Version", "AutoPublishAlias"),
    ("AWS::Lambda::Alias", "AutoPublishAlias"),
    ("AWS::Lambda::EventInvokeConfig", "EventInvokeConfig"),
    ("AWS::CodeDeploy::DeploymentGroup", "DeploymentPreference"),
)
_ATTACHED: Final = (
    ("AWSXrayWriteOnlyAccess", "Tracing"),
    ("AWSXRayDaemonWriteAccess", "Tracing"),
    ("AWSLambdaVPCAccessExecutionRole", "VpcConfig"),
)
_POLLED: Final = {"SQS": "SQS", "Kinesis": "Kinesis", "DynamoDB": "DynamoDB", "MSK": "MSK"}
"""Events for which SAM attaches one of AWS's policies, and what its name has in it."""
_IMPLICIT: Final = (("ServerlessRestApi", "Api"), ("ServerlessHttpApi", "HttpApi"))
_RENAMED: Final = {
    "DeadLetterConfig": "DeadLetterQueue",
    "TracingConfig": "Tracing",
    "Code": "CodeUri",
    "Path": "RolePath",
    "ManagedPolicyArns": "Policies",
    "CorsConfiguration": "CorsConfiguration",
    "Body": "DefinitionBody",
}
"""CloudFormation's property -> SAM's, where the names differ."""


class Trace:
    """Places of what the translator makes, by the logical IDs and properties of what it was made from."""

    def __init__(self, root: Fields, resources: Fields) -> None:
        self._resources = resources
        self._globals = member(root, "Globals")
        self._root = root

    def source_of(self, generated: str, resource: Any) -> str | None:
        """The logical ID of the resource that one was generated for."""
        metadata = resource.get("Metadata")
        found = metadata.get(SOURCE) if isinstance(metadata, dict) else None
        if found is not None:
            return str(found)
        if generated in self._resources.members:
            return generated
        starting = [name for name in self._resources.members if generated.startswith(name)]
        return max(starting, key=len, default=None)

    def cause(self, generated: str, kind: str, source: str | None) -> Node:
        """The place of a generated resource: what a person would edit to change that it is there."""
        if source is None:
            return self._implicit(generated) or self._root
        own = self.key(source)
        if generated == source:
            return own
        node = self._resources.members[source]
        if (connector := self._connector(generated, source)) is not None:
            return connector
        for event, place in self._events(node):
            if generated.startswith(f"{source}{event}"):
                return place
        names = [name for cause, name in _CAUSES if cause == kind]
        if "EventInvokeConfig" in generated:
            names.append("EventInvokeConfig")
        found = (self.property(source, name) for name in names)
        return next((one for one in found if one is not None), own)

    def key(self, name: str) -> Node:
        """The name of a resource, where it is declared."""
        node = self._resources.members[name]
        place = self._resources.keys.get(name)
        if place is None or node.source is not self._resources.source:
            return node
        return Scalar(self._resources.source, *place, name)

    def property(self, source: str, *path: str) -> Node | None:
        """A property's name in a resource, or else in the ``Globals`` for its type."""
        node = self._resources.members[source]
        kind = (text(member(node, "Type")) or "").rpartition("::")[2]
        for whole in (member(node, "Properties"), member(self._globals, kind)):
            outer = member(whole, *path[:-1])
            if isinstance(outer, Fields) and path[-1] in outer.members:
                return _key(outer, path[-1], outer.members[path[-1]])
        return None

    def hint(self, source: str | None, generated: str, kind: str) -> Hint:
        """Where the properties of a generated resource come from that have no place of their own."""

        def of(name: str, value: Any) -> Node | None:
            if source is None:
                return None
            if kind == "AWS::Lambda::Function" or generated == source:
                return self.property(source, _RENAMED.get(name, name)) or self.property(source, name)
            return None

        return of

    def policy(self, source: str, made: Any) -> Node | None:
        """The entry of ``Policies`` that a role's inline policy was made of."""
        name = made.get("PolicyName") if isinstance(made, dict) else None
        if name == "DLQPolicy":
            return self.property(source, "DeadLetterQueue")
        found = _POLICY.search(name) if isinstance(name, str) else None
        written = member(self._resources.members[source], "Properties", "Policies")
        entries = written.items if isinstance(written, Items) else [] if written is None else [written]
        return entries[int(found[1])] if found and int(found[1]) < len(entries) else None

    def managed(self, source: str, arn: Any) -> Node | None:
        """What made SAM attach one of AWS's policies: an entry of ``Policies``, a property or an event."""
        if not isinstance(arn, str):
            return None
        name = arn.rpartition("/")[2]
        node = self._resources.members[source]
        written = member(node, "Properties", "Policies")
        for one in written.items if isinstance(written, Items) else (written,):
            if text(one) in (name, arn):
                return one
        for ending, property in _ATTACHED:
            if name == ending:
                return self.property(source, property)
        for event, place in self._events(node):
            kind = text(member(node, "Properties", "Events", event, "Type"))
            if kind in _POLLED and name.startswith(f"AWSLambda{_POLLED[kind]}"):
                return place
        return None

    def _events(self, node: Node) -> Iterator[tuple[str, Node]]:
        """The events of a function, the longest names first, each with the place of its name."""
        events = member(node, "Properties", "Events")
        if isinstance(events, Fields):
            for name in sorted(events.members, key=len, reverse=True):
                yield name, _key(events, name, events.members[name])

    def _connector(self, generated: str, source: str) -> Node | None:
        written = member(self._resources.members[source], "Connectors")
        for name, inner in members(written):
            if isinstance(written, Fields) and generated.startswith(f"{source}{name}"):
                return _key(written, name, inner)
        return None

    def _implicit(self, generated: str) -> Node | None:
        """The place of an API that no resource declares: its ``Globals``, or the first event that wants it."""
        for start, kind in _IMPLICIT:
            if not generated.startswith(start):
                continue
            if isinstance(self._globals, Fields) and kind in self._globals.members:
                return _key(self._globals, kind, self._globals.members[kind])
            for _, node in members(self._resources):
                events = member(node, "Properties", "Events")
                for name, event in members(events):
                    if isinstance(events, Fields) and text(member(event, "Type")) == kind:
                        return _key(events, name, event)
        return None


def _key(outer: Fields, name: str, inner: Node) -> Node:
    """The place of a member's name, or else of what it stands for."""
    place = outer.keys.get(name)
    return Scalar(outer.source, *place, name) if place else inner
