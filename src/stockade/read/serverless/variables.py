"""The Framework's variables: ``${self:custom.x}``, ``${opt:stage, 'dev'}``, ``${file(x.yml):y}`` and others.

A value that is nothing but a variable becomes what the variable stands for, at the place where that is
written; within a text it becomes a part of it. What only deployment or a program can tell is a value
that says so. Nothing is computed before somebody asks, and a circle is told.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from stockade.patterns import lazy_regex
from stockade.read.budget import Budget
from stockade.read.cloudformation.nodes import BrokenError, Fields, Items, Node, Problem, Scalar, span, text
from stockade.read.cloudformation.template import parse
from stockade.read.files import Tree, Unreadable
from stockade.read.serverless.nodes import is_later, is_null, joined, later, made
from stockade.records import dataclass
from stockade.source import Source, Span

_OPENING: Final = lazy_regex(r"\$\{(?!AWS::)(?=[A-Za-z][\w-]*(?:\([^()]*(?:\$\{[^{}]*\}[^()]*)*\))?:|\w*\()")
_CALL: Final = lazy_regex(r"([A-Za-z][\w-]*)(?:\((.*)\))?(?::(.*))?$", re.DOTALL)
_NUMBER: Final = lazy_regex(r"-?\d+(?:\.\d+)?$")
_PSEUDO: Final = lazy_regex(r"#\{([A-Za-z0-9:.]+)\}")
_DEEPEST: Final = 60

HEAVIEST: Final = 50_000
"""Values that one setting may stand for, once its variables are written out."""

_ASKED: Final = {
    "cf": "the outputs of another stack are looked up at deployment",
    "doppler": "Doppler is asked at deployment",
    "git": "it comes from the state of the Git repository",
    "output": "the outputs of another service are looked up at deployment",
    "s3": "the object is read from S3 at deployment",
    "secrets": "the dashboard is asked at deployment",
    "ssm": "the parameter is looked up in SSM at deployment",
    "state": "the state of another service is looked up at deployment",
    "terraform": "the state of Terraform is read at deployment",
    "vault": "Vault is asked at deployment",
}


@dataclass(frozen=True)
class Known:
    """What the world around the configuration gives. ``options`` are the command line's."""

    options: Mapping[str, str]
    environment: Mapping[str, str]


class Variables:
    """Resolves the variables of one service. ``root`` is its configuration as it is written."""

    def __init__(self, root: Node, directory: Path, tree: Tree, known: Known, budget: Budget) -> None:
        self.root = root
        self.directory = directory
        self.tree = tree
        self.known = known
        self.budget = budget
        self.problems: list[Problem] = []
        self.defaults: dict[str, Callable[[Span], Node]] = {}
        self.pseudo = False
        self._memo: dict[int, Node] = {}
        self._weights: dict[int, int] = {}
        self._kept: list[Node] = []  # an id is of one node only while that lives
        self._busy: set[int] = set()
        self._files: dict[Path, Node | None] = {}
        self._depth = 0

    # ---------------------------------------------------------------------------------- whole values

    def resolved(self, node: Node) -> Node:
        """A value with everything in it resolved."""
        found = self._memo.get(id(node))
        if found is not None:
            return found
        if id(node) in self._busy or self._depth > _DEEPEST:
            return later("it depends on itself", span(node))
        self.budget.spend()
        self._busy.add(id(node))
        self._depth += 1
        try:
            result = self._resolved(node)
        finally:
            self._depth -= 1
            self._busy.discard(id(node))
        if self._weigh(result) > HEAVIEST:
            result = later(f"it stands for more than {HEAVIEST:,} values", span(node))
        self._memo[id(node)] = result
        self._kept += (node, result)
        return result

    def _weigh(self, node: Node) -> int:
        """How many values a resolved one is made of; what variables share counts each time."""
        found = self._weights.get(id(node))
        if found is None:
            inner: Iterable[Node] = ()
            if isinstance(node, Items):
                inner = node.items
            elif isinstance(node, Fields):
                inner = node.members.values()
            found = self._weights[id(node)] = 1 + sum(self._weigh(one) for one in inner)
            self._kept.append(node)
        return found

    def _resolved(self, node: Node) -> Node:
        match node:
            case Scalar(value=str() as plain):
                return self._text(plain, node)
            case Items():
                return Items(node.source, node.start, node.end, [self.resolved(one) for one in node.items])
            case Fields():
                if (inner := node.members.get("Fn::Sub")) is not None and len(node.members) == 1:
                    return self._substituted(node, inner)
                members = {name: self.resolved(one) for name, one in node.members.items()}
                return Fields(node.source, node.start, node.end, members, node.keys)
            case _:
                return node

    def _text(self, plain: str, node: Node) -> Node:
        if "${" not in plain:
            return self._pseudo(plain, node)
        pieces = list(self._pieces(plain, span(node)))
        if len(pieces) == 1 and not isinstance(pieces[0], str):
            return self.resolved(pieces[0])
        return self._whole(pieces, node)

    def _whole(self, pieces: list[str | Node], node: Node) -> Node:
        """A text of its pieces, at its own place."""
        plain = [one if isinstance(one, str) else scalar_text(one) for one in pieces]
        if all(one is not None for one in plain):
            return self._pseudo("".join(str(one) for one in plain), node)
        return joined(
            [one if text_ is None else text_ for one, text_ in zip(pieces, plain, strict=True)], span(node)
        )

    def _pseudo(self, plain: str, node: Node) -> Node:
        """``#{AWS::Region}``, where the plugin that knows it is there."""
        if self.pseudo and _PSEUDO.search(plain):
            return made({"Fn::Sub": _PSEUDO.sub(r"${\1}", plain)}, span(node))
        if isinstance(node, Scalar) and node.value == plain:
            return node
        return made(plain, span(node))

    def _substituted(self, node: Fields, inner: Node) -> Node:
        """``Fn::Sub`` takes a text: what is not known of it becomes one of its own variables."""
        own = inner.items[0] if isinstance(inner, Items) and inner.items else inner
        names = inner.items[1] if isinstance(inner, Items) and len(inner.items) > 1 else None
        given = self.resolved(names) if names is not None else None
        members = dict(given.members) if isinstance(given, Fields) else {}
        if not isinstance(own, Scalar) or not isinstance(own.value, str):
            own = self.resolved(own)
            return made({"Fn::Sub": [own, members] if members else own}, span(node))
        out: list[str] = []
        for one in self._pieces(own.value, span(own)):
            piece = one if isinstance(one, str) else scalar_text(one)
            if piece is None and not isinstance(one, str):
                name = f"Variable{len(members)}"
                members[name] = one
                piece = f"${{{name}}}"
            out.append(piece or "")
        template = made("".join(out), span(own))
        return made({"Fn::Sub": [template, members] if members else template}, span(node))

    # ------------------------------------------------------------------------------------- in a text

    def _pieces(self, plain: str, at: Span) -> Iterator[str | Node]:
        """A text's known stretches and the values of its variables."""
        done = 0
        while found := _OPENING.search(plain, done):
            end = _closing(plain, found.start())
            if end is None:
                break
            if found.start() > done:
                yield plain[done : found.start()]
            yield self._variable(plain[found.start() + 2 : end - 1], at)
            done = end
        if done < len(plain):
            yield plain[done:]

    def _variable(self, content: str, at: Span) -> Node:
        """What the inside of ``${...}`` stands for: the first of its sources that has something."""
        self.budget.spend(5)
        reason = ""
        for candidate in _split(content):
            found = self._candidate(candidate.strip(), at)
            if found is not None and not is_null(found):
                return found  # where it is not known, whether a later source counts depends on it
            reason = reason or self._missing(candidate.strip())
        return later(reason, at, content if "${" not in content else "")

    def _candidate(self, candidate: str, at: Span) -> Node | None:
        if len(candidate) > 1 and candidate[0] == candidate[-1] and candidate[0] in "'\"":
            return made(candidate[1:-1], at)
        if candidate in ("true", "false", "null"):
            return made({"true": True, "false": False}.get(candidate), at)
        if _NUMBER.match(candidate):
            return made(int(candidate) if candidate.lstrip("-").isdigit() else candidate, at)
        inner = list(self._pieces(candidate, at))
        if len(inner) == 1 and not isinstance(inner[0], str) and candidate.startswith("${"):
            return self.resolved(inner[0])
        plain = [one if isinstance(one, str) else scalar_text(self.resolved(one)) for one in inner]
        if any(one is None for one in plain):
            return next(
                one if is_later(one) else later("a part of its name is not known", at)
                for one in inner
                if not isinstance(one, str) and scalar_text(self.resolved(one)) is None
            )
        found = _CALL.match("".join(str(one) for one in plain))
        if found is None:
            return later(f"`{candidate}` is no variable", at)
        return self._source(found[1], found[2], (found[3] or "").strip(), at)

    def _missing(self, candidate: str) -> str:
        kind, _, address = candidate.partition(":")
        match kind:
            case "opt" | "param":
                return f"variable `{address}` has no default and was not given"
            case "env":
                return f"the environment variable `{address}` is not set"
            case _:
                return f"`{candidate}` stands for nothing"

    def _source(self, kind: str, argument: str | None, address: str, at: Span) -> Node | None:
        match kind:
            case "self":
                return self.own(address, at)
            case "opt":
                given = self.known.options.get(address)
                return None if given is None else made(given, at)
            case "env":
                given = self.known.environment.get(address)
                return None if given is None else made(given, at)
            case "param":
                return self._parameter(address, at)
            case "sls":
                if address == "stage":
                    return self.stage(at)
                return later("it is made up at deployment", at, f"sls:{address}")
            case "aws":
                names = {"accountId": "AWS::AccountId", "region": "AWS::Region"}
                if address == "region":
                    return self.region(at)
                return made({"Ref": names[address]}, at) if address in names else None
            case "file":
                return self._file(argument or "", address, at)
            case "strToBool":
                return made(str(argument).strip().lower() in ("true", "1"), at)
            case _:
                known = _ASKED.get(kind.split("-")[0])
                reason = known or f"what `{kind}` gives is known to a plugin, which is not run"
                return later(reason, at, f"{kind}{f'({argument})' if argument else ''}:{address}")

    def stage(self, at: Span) -> Node:
        """The stage that is deployed."""
        given = self.known.options.get("stage")
        if given is not None:
            return made(given, at)
        found = self.own("provider.stage", at)
        return made("dev", at) if found is None or is_null(found) else self.resolved(found)

    def region(self, at: Span) -> Node:
        """The region that is deployed to."""
        given = self.known.options.get("region")
        if given is not None:
            return made(given, at)
        found = self.own("provider.region", at)
        return made("us-east-1", at) if found is None or is_null(found) else self.resolved(found)

    def _parameter(self, name: str, at: Span) -> Node | None:
        """A parameter of the stage: given, or written for the stage or by default."""
        if name in self.known.options:
            return made(self.known.options[name], at)
        stage = scalar_text(self.stage(at))
        for path in (f"params.{stage}", f"stages.{stage}.params", "params.default", "stages.default.params"):
            found = self.own(f"{path}.{name}", at)
            if found is not None and not is_null(found):
                return found
        return None

    # ------------------------------------------------------------------------------- where values are

    def own(self, address: str, at: Span) -> Node | None:
        """What stands at an address of the service's own configuration."""
        if address == "service.name":
            plain = self.own("service", at)
            if plain is not None and scalar_text(plain) is not None:
                return plain
        found = self._within(self.root, address)
        if found is None and address in self.defaults:
            return self.defaults[address](at)
        return found

    def _within(self, node: Node, address: str) -> Node | None:
        """What stands at an address within a value; variables on the way are resolved."""
        for step in address.split(".") if address else ():
            node = self._opened(node)
            if is_later(node):
                return node
            if isinstance(node, Fields):
                inner = node.members.get(step)
            elif isinstance(node, Items) and step.isdigit() and int(step) < len(node.items):
                inner = node.items[int(step)]
            else:
                inner = None
            if inner is None:
                return None
            node = inner
        return self._opened(node)

    def _opened(self, node: Node) -> Node:
        """A value of which only the outside has to be known."""
        if isinstance(node, Scalar) and isinstance(node.value, str) and "${" in node.value:
            return self.resolved(node)
        return node

    def _file(self, name: str, address: str, at: Span) -> Node | None:
        plain = name.strip().strip("'\"")
        if plain.startswith("~"):
            return later(f"`{plain}` lies outside the scanned tree", at)
        if plain.endswith((".js", ".cjs", ".mjs", ".ts")):
            self.told(f"`{plain}`", "it is a program, which is not run", at)
            return later(f"`{plain}` is a program, which is not run", at)
        path = Path(os.path.normpath(self.directory / plain))
        if path not in self._files:
            self._files[path] = self._read(path, plain, at)
        found = self._files[path]
        if found is None or is_later(found):
            return found
        return self._within(found, address)

    def files(self) -> Iterator[Fields]:
        """The objects in the files that variables led to."""
        for found in self._files.values():
            if isinstance(found, Fields) and not is_later(found):
                yield found

    def _read(self, path: Path, plain: str, at: Span) -> Node | None:
        try:
            source = self.tree.read(path)
        except Unreadable as error:
            if error.message == "there is no such file":
                return None
            self.told(f"`{plain}`", error.message, at, error.help)
            return later(f"`{plain}` was not read: {error.message}", at)
        if not path.name.endswith((".yml", ".yaml", ".json")):
            plain_text = source.data.decode("utf-8", "replace")
            return Scalar(source, 0, len(source.data), plain_text)
        try:
            return parse(source, self.problems)
        except BrokenError as broken:
            self.problems.append(Problem(f"`{source.path}`", broken.message, broken.place, broken.help))
            return later(f"`{plain}` was not read: {broken.message}", at)

    def told(self, what: str, reason: str, at: Span, help: str | None = None) -> None:
        """Note something that was not read, once."""
        if all((one.what, one.message) != (what, reason) for one in self.problems):
            self.problems.append(Problem(what, reason, at, help))


def names_in(source: Source) -> set[str]:
    """The options and parameters that a configuration asks for."""
    found = re.findall(rb"\$\{(?:opt|param):([\w.-]+)", source.data)
    return {name.decode() for name in found}


def scalar_text(node: Node | None) -> str | None:
    """The text that a scalar stands for within another text."""
    if isinstance(node, Scalar) and isinstance(node.value, bool):
        return "true" if node.value else "false"
    return text(node)


def _closing(plain: str, start: int) -> int | None:
    """The end of the variable that starts at an offset."""
    depth, at = 0, start
    while at < len(plain):
        if plain.startswith("${", at):
            depth += 1
            at += 2
            continue
        if plain[at] == "}":
            depth -= 1
            if depth == 0:
                return at + 1
        at += 1
    return None


def _split(content: str) -> list[str]:
    """The sources of a variable, which commas part; those in quotes, brackets and variables do not."""
    out: list[str] = []
    depth, quote, start = 0, "", 0
    for at, character in enumerate(content):
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        elif character in "({":
            depth += 1
        elif character in ")}":
            depth -= 1
        elif character == "," and depth <= 0:
            out.append(content[start:at])
            start = at + 1
    out.append(content[start:])
    return [one for one in out if one.strip()]
