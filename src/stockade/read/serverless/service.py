"""One service: its configuration with variables resolved, and the CloudFormation that is made of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from stockade.model.world import Gap
from stockade.read.cloudformation.nodes import Fields, Items, Node, Problem, Scalar, member, span, text
from stockade.read.serverless import naming
from stockade.read.serverless.nodes import ABSENT, is_later, is_null, items, joined, later, made
from stockade.read.serverless.variables import Variables, scalar_text
from stockade.records import dataclass
from stockade.source import Span
from stockade.value import Written

QUIET: Final = frozenset(
    {
        "serverless-bundle",
        "serverless-deployment-bucket",
        "serverless-dotenv-plugin",
        "serverless-dynamodb-local",
        "serverless-esbuild",
        "serverless-export-env",
        "serverless-finch",
        "serverless-iam-roles-per-function",
        "serverless-jetpack",
        "serverless-localstack",
        "serverless-offline",
        "serverless-offline-sns",
        "serverless-offline-sqs",
        "serverless-plugin-include-dependencies",
        "serverless-plugin-optimize",
        "serverless-plugin-typescript",
        "serverless-prune-plugin",
        "serverless-pseudo-parameters",
        "serverless-python-requirements",
        "serverless-s3-local",
        "serverless-s3-sync",
        "serverless-webpack",
    }
)
"""Plugins that are known not to change what this reader makes, or whose doing it does itself."""


@dataclass(frozen=True, slots=True)
class FunctionSpec:
    """A function as it is written, resolved. ``at`` is the place of its name."""

    name: str
    node: Fields
    at: Span

    def get(self, *path: str) -> Node | None:
        found = member(self.node, *path)
        return None if is_null(found) else found


class Service:
    """A service and what is made of it so far."""

    def __init__(self, root: Fields, variables: Variables) -> None:
        self.root = root
        self.variables = variables
        self.at = Span(root.source, root.start, root.start)
        self.resources: dict[str, Node] = {}
        self.gaps: list[Gap] = []
        plugins = self.get("plugins")
        modules = member(plugins, "modules")
        self.plugins = {name: one for one in items(modules or plugins) if (name := scalar_text(one))}
        variables.pseudo = "serverless-pseudo-parameters" in self.plugins
        self.provider_at = root.key("provider") if "provider" in root.members else self.at
        self.stage = variables.stage(self.provider_at)
        self.region = variables.region(self.provider_at)
        service = self.get("service")
        self.name = service if isinstance(service, Scalar) or is_later(service) else self.get("service", "name")
        self.functions = list(self._functions())

    # ------------------------------------------------------------------------------------ written

    def get(self, *path: str) -> Node | None:
        """What stands at a path of the configuration, resolved; ``None`` for null and for nothing."""
        found = self.variables.own(".".join(path), self.at)
        return None if found is None or is_null(found) else self.variables.resolved(found)

    def provider(self, *path: str) -> Node | None:
        return self.get("provider", *path)

    def place(self, *path: str) -> Span:
        """The place of a name in the configuration, or of the nearest one around it."""
        node: Node = self.root
        at = self.at
        for name in path:
            node = self.variables.resolved(node) if isinstance(node, Scalar) else node
            if not isinstance(node, Fields) or name not in node.members:
                return at
            at, node = node.key(name), node.members[name]
        return at

    def _functions(self) -> Iterator[FunctionSpec]:
        """All functions; they may stand in several objects of a list."""
        written = self.root.members.get("functions")
        if written is None:
            return
        resolved = self.variables.resolved(written)
        for group in items(resolved):
            if isinstance(group, Fields) and not is_later(group):
                for name, node in group.members.items():
                    at = group.key(name)
                    if isinstance(node, Fields) and not is_later(node):
                        yield FunctionSpec(name, node, at)
                    elif not is_null(node):
                        self.tell(f"the function `{name}`", why(node, "it is not an object"), at)
            elif not is_null(group):
                self.tell("functions of this service", why(group, "they are not an object"), span(group))

    def function(self, name: str) -> FunctionSpec | None:
        return next((one for one in self.functions if one.name == name), None)

    # ---------------------------------------------------------------------------------------- told

    def tell(self, what: str, reason: str, at: Span, help: str | None = None) -> None:
        """Note something that was not read."""
        told = what if what.startswith("what ") else f"{what} {_verb(what)} not read"
        gap = Gap(told, reason, Written(at), help)
        if all((one.what, one.reason) != (gap.what, gap.reason) for one in self.gaps):
            self.gaps.append(gap)

    def told(self, problem: Problem) -> None:
        self.tell(problem.what, problem.message, problem.place, problem.help)

    # ---------------------------------------------------------------------------------------- made

    def add(self, name: str, kind: str, properties: dict[str, Any], at: Span) -> None:
        """Make a resource; properties that are ``ABSENT`` are left out."""
        node = made({"Type": kind, "Properties": properties}, at)
        self.variables.budget.spend(_weight(node))
        self.resources[name] = node

    def text(self, *pieces: Any, at: Span) -> Node:
        """A text of pieces, known where all of them are."""
        plain = [one if isinstance(one, str) else scalar_text(one) for one in pieces]
        if all(one is not None for one in plain):
            return made("".join(str(one) for one in plain), at)
        return joined([later("the service has no name", at) if one is None else one for one in pieces], at)

    def named(self, *rest: str, at: Span) -> Node:
        """``service-stage`` and what follows."""
        pieces: list[Any] = [self.name, "-", self.stage]
        for one in rest:
            pieces += ("-", one)
        return self.text(*pieces, at=at)

    def function_name(self, function: FunctionSpec) -> Node:
        return function.get("name") or self.named(function.name, at=function.at)

    def target(self, name: str, at: Span) -> Any:
        """What events call of a function: the alias that is kept warm, or the function itself."""
        function = self.function(name)
        itself = {"Fn::GetAtt": [naming.function(name), "Arn"]}
        alias = None if function is None else alias_of(function)
        return itself if alias is None else {"Fn::Join": [":", [itself, alias]]}

    def permit(self, name: str, function: str, principal: Any, at: Span, **more: Any) -> None:
        """Let something invoke a function of this service."""
        properties = {
            "FunctionName": self.target(function, at),
            "Action": "lambda:InvokeFunction",
            "Principal": principal,
            **more,
        }
        self.add(name, "AWS::Lambda::Permission", properties, at)


def alias_of(function: FunctionSpec) -> str | None:
    """The alias that events call of a function that is kept warm, or starts from a snapshot."""
    if function.get("provisionedConcurrency") is not None:
        return "provisioned"
    return "snapstart" if is_true(function.get("snapStart")) else None


def _weight(node: Node) -> int:
    """How many values a node is made of."""
    match node:
        case Items():
            return 1 + sum(map(_weight, node.items))
        case Fields():
            return 1 + sum(map(_weight, node.members.values()))
        case _:
            return 1


def is_true(node: Node | None) -> bool:
    """Whether a node is ``true``."""
    return isinstance(node, Scalar) and node.value is True


def is_false(node: Node | None) -> bool:
    return isinstance(node, Scalar) and node.value is False


def truth(node: Node | None) -> bool:
    """Whether something is there that is not ``false``."""
    return node is not None and not is_null(node) and not is_false(node)


def copied_keys(node: Node | None, names: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Members of an object under CloudFormation's names."""
    out: dict[str, Any] = {}
    for theirs, ours in names:
        found = member(node, theirs)
        out[ours] = ABSENT if found is None or is_null(found) else found
    return out


def why(node: Node, otherwise: str) -> str:
    """Why a node is not known, where that is the reason."""
    if isinstance(node, Fields) and is_later(node):
        inner = next(iter(node.members.values()))
        said = text(inner.items[0]) if isinstance(inner, Items) and inner.items else text(inner)
        return said or otherwise
    return otherwise


def _verb(what: str) -> str:
    return "were" if what.startswith("functions") else "was"
