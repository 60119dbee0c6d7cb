"""What a template takes from files beside it: fragments, OpenAPI documents, and where code lies."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, Protocol

from stockade.read.cloudformation.evaluate import Evaluator
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
from stockade.read.cloudformation.template import INCLUDE, parse
from stockade.read.files import Tree, Unreadable
from stockade.source import Span
from stockade.value import Known, Unknown, Value, Written

CODE: Final = "Code"
PATH: Final = "LocalPath"
"""What the code's directory or file is called inside of ``Code``, relative to the template."""
DOCKER: Final = "Docker"
"""What an image is built of, inside of ``Code``: ``context``, ``file`` and ``target``."""
METHOD: Final = "BuildMethod"
"""How SAM is told to build it, inside of ``Code`` as in the resource's metadata."""

_APIS: Final = ("AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::Api")


class Run(Protocol):
    """What all stacks of one input share, as far as it matters here."""

    tree: Tree


class Stack(Protocol):
    """The stack that a file is asked for in."""

    directory: Path
    via: tuple[Span, ...]
    run: Any

    def gap(self, problem: Problem) -> None: ...


Extra = Callable[[], Value[Any] | None]


def fragment(location: str, stack: Any) -> Node:
    """The nodes of a file beside the template. Raises ``Unreadable`` or ``BrokenError``."""
    if "://" in location:
        raise Unreadable("it is not a file of this tree")
    path = Path(os.path.normpath(stack.directory / location))
    return parse(stack.run.tree.read(path), [])


def _location(node: Node) -> Node | None:
    """The location of an ``AWS::Include``; ``None`` for another transform."""
    return member(node, "Parameters", "Location") if text(member(node, "Name")) == INCLUDE else None


def merged(node: Fields, stack: Any, problems: list[Problem]) -> Fields:
    """An object with the fragments that an ``Fn::Transform`` among its members brings."""
    transform = node.members.get("Fn::Transform")
    if transform is None:
        return node
    members = {name: one for name, one in node.members.items() if name != "Fn::Transform"}
    keys = dict(node.keys)
    location = _location(transform)
    found = Evaluator(stack).value(location) if location is not None else None
    named = text(member(transform, "Name")) or "it"
    if not isinstance(found, Known) or not isinstance(found.value, str):
        reason = "what it brings is known only at deployment"
        problems.append(Problem(f"what the transform `{named}` brings", reason, span(transform)))
        return Fields(node.source, node.start, node.end, members, keys)
    try:
        inner = fragment(found.value, stack)
    except (Unreadable, BrokenError) as error:
        reason = f"`{found.value}` was not read: {error.message}"
        problems.append(Problem(f"what the transform `{named}` brings", reason, span(transform)))
        return Fields(node.source, node.start, node.end, members, keys)
    if isinstance(inner, Fields):
        members = {**inner.members, **members}
        keys = {name: place for name, place in keys.items() if name in node.members}
    return Fields(node.source, node.start, node.end, members, keys)


def inlined(node: Node, stack: Any) -> Node:
    """A node with the fragments of this tree that are included anywhere in it written out in their place.

    What cannot be read stays as it is, for whoever evaluates it to say why.
    """
    if isinstance(node, Items):
        return Items(node.source, node.start, node.end, [inlined(one, stack) for one in node.items])
    if not isinstance(node, Fields):
        return node
    transform = node.members.get("Fn::Transform")
    location = _location(transform) if transform is not None else None
    if location is not None:
        found = Evaluator(stack).value(location)
        if isinstance(found, Known) and isinstance(found.value, str):
            try:
                whole = fragment(found.value, stack)
            except (Unreadable, BrokenError):
                return node
            if len(node.members) == 1:
                return whole
            return merged(node, stack, [])
    members = {name: inlined(one, stack) for name, one in node.members.items()}
    return Fields(node.source, node.start, node.end, members, node.keys)


def included(node: Node, stack: Any, evaluator: Evaluator) -> Value[Any] | None:
    """What an ``Fn::Transform`` stands for where a value is: a fragment's value, or unknown."""
    origin = evaluator.origin(node)
    location = _location(node)
    if location is None:
        return Unknown("a macro runs at deployment, and may make anything", origin)
    found = evaluator.value(location)
    if not isinstance(found, Known) or not isinstance(found.value, str):
        reason = found.reason if isinstance(found, Unknown) else "it has no location"
        return Unknown(f"what is included is not known: {reason}", origin)
    try:
        return evaluator.value(fragment(found.value, stack))
    except (Unreadable, BrokenError) as error:
        return Unknown(f"`{found.value}` was not read: {error.message}", origin)


def beside(kind: str, node: Fields, stack: Any) -> Mapping[str, Extra]:
    """Properties that are written in another way than CloudFormation knows, or in another file."""
    properties = node.members.get("Properties")
    if kind == "AWS::Lambda::Function":
        code = member(properties, CODE)
        if code is None:
            return {}
        place = member(node, "Metadata", "aws:asset:path") or _staged(code, stack)
        method = member(node, "Metadata", METHOD)
        docker = _docker(node)
        if docker:
            return {CODE: lambda: _imaged(code, docker, stack)}
        if place is not None or method is not None or text(code) is not None or not isinstance(code, Fields):
            return {CODE: lambda: _code(code, place, method, stack)}
    if kind in _APIS and member(properties, "Body") is None:
        location = member(properties, "BodyS3Location")
        if location is not None:
            return {"Body": lambda: _body(location, stack)}
    return {}


def _docker(node: Fields) -> dict[str, Node]:
    """What SAM and the CDK say of the image that they build: directory, Dockerfile and stage."""
    names = {
        "context": ("DockerContext", "aws:asset:path"),
        "file": ("Dockerfile", "aws:asset:dockerfile-path"),
        "target": ("DockerBuildTarget", "aws:asset:docker-build-target"),
    }
    found: dict[str, Node] = {}
    for name, keys in names.items():
        one = next((each for key in keys if (each := member(node, "Metadata", key)) is not None), None)
        if one is not None:
            found[name] = one
    said = member(node, "Properties", "PackageType")
    return found if "context" in found and (text(said) == "Image" or "file" in found) else {}


def _imaged(code: Node, docker: Mapping[str, Node], stack: Any) -> Value[Any] | None:
    evaluator = Evaluator(stack)
    found = evaluator.value(code)
    if not isinstance(found, Known) or not isinstance(found.value, dict):
        return found
    said = {name: evaluator.present(one) for name, one in docker.items()}
    return Known({**found.value, DOCKER: Known(said, found.origin)}, found.origin)


def _staged(code: Node, stack: Any) -> Scalar | None:
    """The directory of an assembly that holds the code of a key in the CDK's bucket."""
    key = member(code, "S3Key")
    path = stack.assembly.asset(text(key) or "")
    return Scalar(key.source, key.start, key.end, path) if path is not None and key is not None else None


def _code(code: Node, place: Node | None, method: Node | None, stack: Any) -> Value[Any] | None:
    """``Code: ./src``, as it is before packaging, and the directory that the CDK staged the code in.

    How SAM is told to build it stands beside it.
    """
    evaluator = Evaluator(stack)
    found = evaluator.value(code)
    if method is not None and isinstance(found, Known) and isinstance(found.value, dict):
        found = Known({**found.value, METHOD: evaluator.present(method)}, found.origin)
    if place is not None and isinstance(found, Known) and isinstance(found.value, dict):
        return Known({**found.value, PATH: evaluator.present(place)}, found.origin)
    if isinstance(found, Known) and isinstance(found.value, str):
        return Known({PATH: found}, found.origin)
    return found


def _body(location: Node, stack: Any) -> Value[Any] | None:
    evaluator = Evaluator(stack)
    plain = text(location)
    if plain is None or "://" in plain:
        return Unknown("the OpenAPI document is kept in S3", Written(span(location), stack.via))
    try:
        return evaluator.value(fragment(plain, stack))
    except (Unreadable, BrokenError) as error:
        return Unknown(f"`{plain}` was not read: {error.message}", Written(span(location), stack.via))
