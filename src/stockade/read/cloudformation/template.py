"""A template's sections as they are written, and what of it could not be read as it stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from stockade.model.world import Gap
from stockade.patterns import lazy_regex
from stockade.read.cloudformation.json_nodes import parse_json
from stockade.read.cloudformation.nodes import (
    BrokenError,
    Fields,
    Items,
    Node,
    Problem,
    Scalar,
    member,
    span,
    text,
)
from stockade.read.cloudformation.yaml_nodes import parse_yaml
from stockade.source import Source, Span
from stockade.value import Written

SAM: Final = "AWS::Serverless-2016-10-31"
SERVERLESS: Final = "AWS::Serverless::"
EXTENSIONS: Final = "AWS::LanguageExtensions"
INCLUDE: Final = "AWS::Include"
_HARMLESS: Final = frozenset({SAM, EXTENSIONS, INCLUDE, "AWS::CodeStar", "AWS::CodeDeployBlueGreen"})
_SECTIONS: Final = frozenset(
    {
        "AWSTemplateFormatVersion",
        "Conditions",
        "Description",
        "Globals",
        "Hooks",
        "Mappings",
        "Metadata",
        "Outputs",
        "Parameters",
        "Resources",
        "Rules",
        "Transform",
    }
)
_JSON: Final = lazy_regex(rb"(?:\xef\xbb\xbf)?\s*[{\[]")


def parse(source: Source, problems: list[Problem]) -> Node:
    """A file of any name as nodes: JSON where it begins as such, YAML otherwise, or where JSON it is not.

    Raises ``BrokenError`` where it is neither.
    """
    if not _JSON.match(source.data):
        return parse_yaml(source, problems)
    try:
        return parse_json(source, problems)
    except BrokenError as broken:
        if source.path.endswith(".json"):
            raise
        try:  # flow style, as in `{Resources: ...}`
            return parse_yaml(source, problems)
        except BrokenError:
            raise broken from None


class Template:
    """One template. Sections that are not objects are a gap, and empty.

    ``root`` are its sections where another reader has made them, of what is written in ``source``.
    """

    def __init__(self, source: Source, root: Node | None = None) -> None:
        self.source = source
        self.gaps: list[Gap] = []
        problems: list[Problem] = []
        empty = Fields(source, 0, 0, {}, {})
        self.root: Fields = empty
        try:
            root = root if root is not None else parse(source, problems)
            if isinstance(root, Fields):
                self.root = root
            else:
                problems.append(Problem(f"`{source.path}`", "it is not an object of sections", span(root)))
        except BrokenError as broken:
            problems.append(Problem(f"`{source.path}`", broken.message, broken.place, broken.help))
        self.is_broken = self.root is empty
        for problem in problems:
            self.gap(problem.what, problem.message, problem.place, problem.help)
        self.parameters = self._section("Parameters")
        self.conditions = self._section("Conditions")
        self.mappings = self._section("Mappings")
        self.resources = self._section("Resources")
        self.outputs = self._section("Outputs")
        if not self.is_broken and "Resources" not in self.root.members:
            place = Span(source, self.root.start, self.root.start)
            self.gap(f"`{source.path}`", "it has no `Resources`, so it is no template", place)
        for name in self.root.members:
            if name not in _SECTIONS and not name.startswith("Fn::"):
                reason = "a template has no such section"
                self.gap(f"`{name}` of `{source.path}`", reason, self.root.key(name))
        for node in self._transforms():
            named = text(node) or text(member(node, "Name"))
            if named is not None and named not in _HARMLESS:
                reason = "macros run at deployment, and this one may change or add anything"
                self.gap(f"what the macro `{named}` makes of `{source.path}`", reason, span(node))
        self._settle_sam()

    def gap(self, what: str, reason: str, place: Span, help: str | None = None) -> None:
        """Note something that was not read. What is named first is told as "... was not read"."""
        told = what if what.startswith("what ") else f"{what} was not read"
        self.gaps.append(Gap(told, reason, Written(place), help))

    def _section(self, name: str) -> Fields:
        found = self.root.members.get(name)
        if isinstance(found, Fields):
            return found
        if found is not None and not (isinstance(found, Scalar) and found.value is None):
            self.gap(f"`{name}` of `{self.source.path}`", "it is not an object", span(found))
        return Fields(self.source, 0, 0, {}, {})

    def _transforms(self) -> Iterator[Node]:
        written = self.root.members.get("Transform")
        if written is not None:
            yield from written.items if isinstance(written, Items) else (written,)

    def _settle_sam(self) -> None:
        """Whether the template is one of SAM: where it says so, and where only its types do."""
        self.is_sam = any(text(node) == SAM for node in self._transforms())
        serverless = next((name for name, one in self._typed() if one.startswith(SERVERLESS)), None)
        if serverless is not None and not self.is_sam:
            self.is_sam = True
            reason = f"only with `Transform: {SAM}` does AWS know such types; it was read as if that were there"
            self.gaps.append(
                Gap(
                    f"`{self.source.path}` has types of SAM and does not say so",
                    reason,
                    Written(self.resources.key(serverless)),
                    f"write `Transform: {SAM}` at its top",
                )
            )

    def _typed(self) -> Iterator[tuple[str, str]]:
        for name, node in self.resources.members.items():
            if kind := text(member(node, "Type")):
                yield name, kind

    @property
    def is_cdk(self) -> bool:
        """Whether the template was written by the CDK."""
        metadata = (member(one, "Metadata") for one in self.resources.members.values())
        if any(isinstance(one, Fields) and "aws:cdk:path" in one.members for one in metadata):
            return True
        return "CheckBootstrapVersion" in member_names(self.root.members.get("Rules"))


def member_names(node: Node | None) -> tuple[str, ...]:
    """The names of an object's members; none of anything else."""
    return tuple(node.members) if isinstance(node, Fields) else ()
