"""Templates for tests: written below a directory, read, and looked into."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent
from typing import Any

from stockade.read.cloudformation import reader as cloudformation
from stockade.read.files import Tree
from stockade.read.resource import Reading, Resource
from stockade.value import Known, Unknown, Value, places


def read(directory: Path, text: str, name: str = "template.yaml", **variables: str) -> Reading:
    """Write a template and read it."""
    path = directory / name
    path.write_text(dedent(text))
    return cloudformation.read(path, Tree(directory), variables=variables, variable_files=[])


def resource(reading: Reading, address: str) -> Resource:
    """The resource at an address."""
    return next(one for one in reading.resources if one.address == address)


def plain(value: Value[Any] | None) -> Any:
    """A value as plain Python; a text with holes as ``${hole}``, what is not known at all as ``...``."""
    match value:
        case Known(dict() as members):
            return {name: plain(one) for name, one in members.items()}
        case Known(tuple() as items):
            return [plain(one) for one in items]
        case Known(other):
            return other
        case Unknown(_, _, None):
            return ...
        case Unknown():
            return str(value.text)
        case None:
            return None


def line(value: Value[Any]) -> int:
    """The line that a value is from."""
    return next(places(value.origin)).span.line


def gaps(reading: Reading) -> list[tuple[str, int]]:
    """What was not read, as text, and the lines where."""
    return [(f"{gap.what}: {gap.reason}", next(places(gap.origin)).span.line) for gap in reading.gaps]


def evaluated(directory: Path, expression: str, more: str = "", **variables: str) -> Any:
    """The plain value of one expression, written as YAML."""
    return plain(value(directory, expression, more, **variables))


def value(directory: Path, expression: str, more: str = "", **variables: str) -> Value[Any]:
    """The value of one expression in a template that has some things to refer to."""
    text = f"{dedent(more)}\n" + (
        "Resources:\n"
        "  Probe:\n    Type: Custom::Probe\n    Properties:\n"
        f"      Value: {expression}\n"
        "  Named:\n    Type: AWS::Lambda::Function\n    Properties: {FunctionName: orders}\n"
        "  Fn: {Type: AWS::Lambda::Function}\n"
        "  Role: {Type: AWS::IAM::Role}\n"
        "  Queue: {Type: AWS::SQS::Queue, Properties: {QueueName: jobs}}\n"
        "  Topic: {Type: AWS::SNS::Topic}\n"
    )
    path = directory / "expression.yaml"
    path.write_text(text)
    reading = cloudformation.read(path, Tree(directory), variables=variables, variable_files=[])
    assert not reading.gaps, gaps(reading)
    found: Value[Any] = resource(reading, "Probe").attributes["Value"]
    return found
