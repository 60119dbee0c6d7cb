"""SAM templates by AWS's own translator: what it makes, with the places of what it was made from.

What exists before packaging only (a local directory of code, a document beside the template) is put
aside for the translator and put back after. What it refuses is left out and told, and the rest is
translated all the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from stockade.patterns import lazy_regex
from stockade.read.cloudformation.intrinsics import LATER
from stockade.read.cloudformation.local import PATH, fragment, inlined
from stockade.read.cloudformation.nodes import (
    BrokenError,
    Fields,
    Items,
    Node,
    Problem,
    member,
    members,
    names_in,
    span,
    text,
)
from stockade.read.cloudformation.sam_marks import marked, node_of, unmarked
from stockade.read.cloudformation.sam_trace import SOURCE, Trace
from stockade.read.cloudformation.template import Template
from stockade.read.files import Unreadable
from stockade.records import dataclass
from stockade.source import Span
from stockade.value import Known, Value

_ATTEMPTS: Final = 8
_PREFIX: Final = "AWS::Serverless::"
_APPLICATION: Final = "AWS::Serverless::Application"
_FUNCTION: Final = "AWS::Serverless::Function"
_BUCKET: Final = "stockade-local"
"""The bucket that code is said to be in which is still in a local directory."""

_UNRESOLVED: Final = "{{IntrinsicFunction:later}}"
"""What CloudFormation itself gives SAM as the value of a parameter that is not known yet."""

_GRAPH: Final = "AWS::Serverless::GraphQLApi"
_CODE: Final = {
    _FUNCTION: "CodeUri",
    "AWS::Serverless::LayerVersion": "ContentUri",
    "AWS::Serverless::StateMachine": "DefinitionUri",
    _GRAPH: "SchemaUri",
}
_DOCUMENTS: Final = ("AWS::Serverless::Api", "AWS::Serverless::HttpApi")
_EVENT: Final = lazy_regex(r"Event with id \[([^\]]+)\]")
_RESOURCE: Final = lazy_regex(r"\[([A-Za-z0-9]+)\]")


@dataclass(frozen=True, slots=True)
class Translated:
    """What the translator made of a template."""

    resources: Fields
    conditions: Fields
    outputs: Fields


def translate(
    template: Template, resources: Fields, outputs: Fields, parameters: Mapping[str, Value[Any]], stack: Any
) -> Translated:
    """CloudFormation's resources for a template's. ``stack`` is told of what was refused."""
    return _Translation(template, resources, outputs, parameters, stack).made()


class _Translation:
    def __init__(
        self,
        template: Template,
        resources: Fields,
        outputs: Fields,
        parameters: Mapping[str, Value[Any]],
        stack: Any,
    ) -> None:
        self.template = template
        self.outputs = outputs
        self.stack = stack
        self.trace = Trace(template.root, resources)
        self.parameters = parameters
        self.local: list[Node] = []
        self.aside: dict[str, Node] = {}
        self.aliases: dict[str, Node] = {}
        self.written = resources
        self.resources: dict[str, Any] = {}
        for name, node in resources.members.items():
            self._take(name, node)

    def _take(self, name: str, node: Node) -> None:
        kind = text(member(node, "Type")) or ""
        if not isinstance(node, Fields) or kind == _APPLICATION:
            self.aside[name] = node  # the translator would ask AWS for it
            return
        includes = any("Fn::Transform" in one for one in names_in(node))
        made = marked(inlined(node, self.stack) if includes else node)
        if kind.startswith(_PREFIX):
            metadata = made.get("Metadata")
            made["Metadata"] = {**(metadata if isinstance(metadata, dict) else {}), SOURCE: name}
            if isinstance(made.get("Properties", {}), dict):
                self._prepare(kind, made)
        self.resources[name] = made

    # --------------------------------------------------------------------------- before packaging

    def _prepare(self, kind: str, made: dict[str, Any]) -> None:
        properties = made.setdefault("Properties", {})
        if kind == _FUNCTION:
            self._alias(properties)
        if kind in _CODE:
            self._code(kind, properties, made)
        if kind in _DOCUMENTS and "DefinitionUri" in properties:
            uri = properties["DefinitionUri"]
            if isinstance(uri, str) and not uri.startswith("s3://"):
                self._document(properties, uri)

    def _code(self, kind: str, properties: dict[str, Any], made: dict[str, Any]) -> None:
        name = _CODE[kind]
        if kind == _FUNCTION:
            shared = self._shared("Function")
            package = properties.get("PackageType", shared.get("PackageType"))
            if package == "Image" or (package is None and "ImageUri" in properties):
                if not properties.get("ImageUri") and "ImageUri" not in shared:
                    properties["ImageUri"] = {LATER: "`sam build` makes the image"}
                return
            if any(one in properties or one in shared for one in ("InlineCode", "FunctionCode")):
                return
            if name not in properties and name not in shared:
                properties[name] = "."  # what the SAM command line takes it for
        if name in properties and self._is_local(properties[name]):
            aside = self._put_aside(properties[name], made)
            properties[name] = f"s3://{_BUCKET}/{aside['Key']}" if kind == _GRAPH else aside

    def _alias(self, properties: dict[str, Any]) -> None:
        """An alias whose name only deployment knows has one for the translator, which wants to see it."""
        alias = properties.get("AutoPublishAlias")
        if alias is None or isinstance(alias, str):
            return
        node, name = node_of(alias), text(node_of(alias.get("Ref"))) if isinstance(alias, dict) else None
        value = self.parameters.get(name or "")
        if node is not None and not (isinstance(value, Known) and isinstance(value.value, str)):
            standing = f"Later{len(self.aliases)}"
            self.aliases[standing] = node
            properties["AutoPublishAlias"] = standing

    def _shared(self, kind: str) -> dict[str, Any]:
        found = member(self.template.root, "Globals", kind)
        return dict(members(found))

    @staticmethod
    def _is_local(value: Any) -> bool:
        if isinstance(value, dict):
            return not ("Bucket" in value and "Key" in value)
        return not (isinstance(value, str) and value.startswith("s3://"))

    def _put_aside(self, value: Any, near: Any) -> dict[str, str]:
        place = node_of(value) or node_of(near)
        assert place is not None  # noqa: S101  # resources come from nodes
        self.local.append(unmarked(value, place))
        return {"Bucket": _BUCKET, "Key": str(len(self.local) - 1)}

    def _document(self, properties: dict[str, Any], uri: str) -> None:
        """An OpenAPI document beside the template, as if it were written in it."""
        try:
            document = fragment(uri, self.stack)
        except (Unreadable, BrokenError) as error:
            place = node_of(uri)
            where = span(place) if place else Span(self.template.source, 0, 0)
            self.stack.gap(Problem(f"`{uri}`", error.message, where, error.help))
            properties["DefinitionUri"] = {"Bucket": _BUCKET, "Key": "document"}
            return
        del properties["DefinitionUri"]
        properties["DefinitionBody"] = marked(document)

    # ------------------------------------------------------------------------------- translating

    def made(self) -> Translated:
        from stockade.read.cloudformation.sam_library import library

        sam = library()
        for _ in range(_ATTEMPTS):
            document = self._document_for_translator()
            if not any(str(one.get("Type", "")).startswith(_PREFIX) for one in self.resources.values()):
                return self._read(document)
            try:
                return self._read(sam.translate(document, self._given(), self._region()))
            except sam.refused as error:
                causes = getattr(error, "causes", None) or [error]
                left = [self._leave_out(str(one.message)) for one in causes]
                if not any(left):
                    message = "; ".join(dict.fromkeys(str(one.message) for one in causes))
                    self._give_up(f"SAM refuses it: {message}")
                    break
            # Whatever else it raises on a template that nobody checked before is its own failure.
            except Exception as error:
                self._give_up(f"SAM's translator failed on it: {type(error).__name__}: {error}")
                break
        return self._read(self._document_for_translator())

    def _document_for_translator(self) -> dict[str, Any]:
        import copy

        out: dict[str, Any] = {"Resources": {name: copy.deepcopy(one) for name, one in self.resources.items()}}
        for name in ("Parameters", "Conditions", "Mappings", "Globals"):
            node = self.template.root.members.get(name)
            if isinstance(node, Fields):
                out[name] = marked(node)
        self._globals(out.get("Globals"))
        out.setdefault("Conditions", {})
        out["Outputs"] = marked(self.outputs)
        return out

    def _globals(self, shared: Any) -> None:
        function = shared.get("Function") if isinstance(shared, dict) else None
        if isinstance(function, dict):
            self._alias(function)
        if isinstance(function, dict) and "CodeUri" in function and self._is_local(function["CodeUri"]):
            function["CodeUri"] = self._put_aside(function["CodeUri"], function)

    def _given(self) -> dict[str, Any]:
        """The values of parameters; a reference to what is not known, or what SAM would make up, stays one."""
        out: dict[str, Any] = dict.fromkeys(("AWS::Region", "AWS::Partition"), _UNRESOLVED)
        for name, value in self.parameters.items():
            kind = text(member(self.template.parameters.members[name], "Type")) or ""
            if isinstance(value, Known) and isinstance(value.value, str) and "SSM" not in kind:
                default = member(self.template.parameters.members[name], "Default")
                plain = text(default)
                out[name] = marked(default) if default is not None and plain == value.value else value.value
            else:
                out[name] = _UNRESOLVED
        return out

    def _region(self) -> str | None:
        given = self.stack.run.given.get("AWS::Region")
        return given.value if isinstance(given, Known) else None

    def _leave_out(self, message: str) -> bool:
        """Take away what the translator refuses, and tell; whether there was something to take away."""
        named = _RESOURCE.search(message)
        whole = named[1] if named else ""
        # What is made for an event is named for its function and itself.
        name = max((one for one in self.resources if whole.startswith(one)), key=len, default="")
        if not name:
            return False
        said = _EVENT.search(message)
        event = said[1] if said else whole.removeprefix(name)
        properties = self.resources[name].get("Properties", {})
        events = properties.get("Events") if isinstance(properties, dict) else None
        if isinstance(events, dict) and event in events:
            key = next(one for one in events if one == event)
            place = node_of(key) or node_of(events[key]) or self.trace.key(name)
            what = f"the event `{event}` of `{name}`"
            del events[event]
        else:
            place, what = self.trace.key(name), f"`{name}`"
            del self.resources[name]
        self.stack.gap(Problem(what, f"SAM refuses it: {message}", span(place)))
        return True

    def _give_up(self, message: str) -> None:
        for name, one in list(self.resources.items()):
            if str(one.get("Type", "")).startswith(_PREFIX):
                self.stack.gap(Problem(f"`{name}`", message, span(self.trace.key(name))))
                del self.resources[name]

    # ------------------------------------------------------------------------------------ reading

    def _read(self, document: dict[str, Any]) -> Translated:
        source = self.written.source
        names: dict[str, Node] = {}
        keys: dict[str, tuple[int, int]] = {}
        for generated, resource in document["Resources"].items():
            kind = str(resource.get("Type", ""))
            origin = self.trace.source_of(generated, resource)
            near = self.trace.cause(generated, kind, origin)
            names[str(generated)] = self._resource(str(generated), kind, resource, origin, near)
            if near.source is source:
                keys[str(generated)] = near.start, near.end
        for name, node in self.aside.items():
            names[name] = node
            if name in self.written.keys:
                keys[name] = self.written.keys[name]
        conditions = document.get("Conditions") or {}
        return Translated(
            Fields(source, self.written.start, self.written.end, names, keys),
            _fields(unmarked(conditions, self.template.conditions)),
            _fields(unmarked(document.get("Outputs") or {}, self.outputs)),
        )

    def _resource(self, generated: str, kind: str, resource: Any, source: str | None, near: Node) -> Fields:
        out: dict[str, Node] = {}
        for name, value in resource.items():
            if name == "Properties" and isinstance(value, dict):
                out["Properties"] = self._properties(generated, kind, value, source, near)
            elif name == "Metadata" and isinstance(value, dict):
                kept = {key: one for key, one in value.items() if key != SOURCE}
                out["Metadata"] = unmarked(kept, near)
            else:
                out[str(name)] = unmarked(value, near)
        return Fields(near.source, near.start, near.end, out, {})

    def _properties(self, generated: str, kind: str, value: Any, source: str | None, near: Node) -> Node:
        node = unmarked(value, near, self.trace.hint(source, generated, kind))
        assert isinstance(node, Fields)  # noqa: S101  # it is an object
        if kind == "AWS::IAM::Role" and source is not None:
            for name, of in (("Policies", self.trace.policy), ("ManagedPolicyArns", self.trace.managed)):
                if isinstance(value.get(name), list):
                    items = [unmarked(one, of(source, one) or near) for one in value[name]]
                    node.members[name] = Items(near.source, near.start, near.end, items)
        alias = self.aliases.get(text(node.members.get("Name")) or "")
        if kind == "AWS::Lambda::Alias" and alias is not None:
            node.members["Name"] = alias
            node.keys.pop("Name", None)
        for name in ("Code", "Content", "DefinitionS3Location", "BodyS3Location"):
            if name in node.members:
                self._put_back(node, name)
        return node

    def _put_back(self, node: Fields, name: str) -> None:
        """Local code where it is, rather than in the bucket that the translator was told."""
        place = node.members[name]
        bucket = text(member(place, "S3Bucket")) or text(member(place, "Bucket"))
        key = text(member(place, "S3Key")) or text(member(place, "Key"))
        if bucket == _BUCKET and key is not None and key.isdecimal():
            local = self.local[int(key)]
            where = local.source, local.start, local.end
            node.members[name] = Fields(*where, {PATH: local}, {})
            node.keys.pop(name, None)


def _fields(node: Node) -> Fields:
    return node if isinstance(node, Fields) else Fields(node.source, node.start, node.end, {}, {})
