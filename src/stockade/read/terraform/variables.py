"""Values for a root module's variables, from everywhere Terraform takes them.

Later ones win: ``TF_VAR_*`` in the environment, ``terraform.tfvars``, ``terraform.tfvars.json``,
``*.auto.tfvars`` and ``*.auto.tfvars.json`` by name, then ``--var-file`` and ``--var``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from stockade.errors import UsageError
from stockade.model.remark import Remark
from stockade.model.world import Gap
from stockade.read import looked
from stockade.read.files import Tree, Unreadable
from stockade.read.terraform import tree as t
from stockade.read.terraform.comments import remarks
from stockade.read.terraform.config import Config, Declaration, as_named
from stockade.read.terraform.cty import EvaluationError
from stockade.read.terraform.evaluate import evaluate
from stockade.read.terraform.frame import Frame, Scope
from stockade.read.terraform.syntax import parse_expression
from stockade.source import Source, Span
from stockade.value import Known, Unknown, Value, Written


class Given:
    """Values by variable name, what could not be read on the way, and what its author says to us."""

    def __init__(self) -> None:
        self.values: dict[str, Value[Any]] = {}
        self.gaps: list[Gap] = []
        self.remarks: list[Remark] = []


def collect(
    config: Config,
    scope: Scope,
    tree: Tree,
    *,
    variables: Mapping[str, str],
    files: Sequence[Path],
    environment: Mapping[str, str],
) -> Given:
    """Read all sources in their order. A ``--var-file`` that cannot be read is a ``UsageError``."""
    given = Given()
    for name in sorted(config.variables):
        text = environment.get(f"TF_VAR_{name}")
        if text is not None:
            _text(given, config.variables[name], name, text, f"TF_VAR_{name}", scope)
    for path in _automatic(config.directory):
        try:
            _file(given, tree.read(path), path, scope)
        except Unreadable as error:
            nowhere = Source(tree.shown(path), b"")
            origin = Written(Span(nowhere, 0, 0))
            given.gaps.append(Gap(f"`{nowhere.path}` was not read", error.message, origin, error.help))
    for path in files:
        # The person at the command line named this file: it may lie outside the scanned tree.
        try:
            source = tree.named(path)
        except Unreadable as error:
            raise UsageError(f"`{path}` was not read: {error.message}") from None
        _file(given, source, path, scope)
    for name, text in variables.items():
        declared = config.variables.get(name)
        if declared is not None:
            _text(given, declared, name, text, f"--var {name}", scope)
    return given


def _automatic(directory: Path) -> Iterable[Path]:
    try:
        names = looked.names(directory)
    except OSError:
        return []
    first = [name for name in ("terraform.tfvars", "terraform.tfvars.json") if name in names]
    auto = [name for name in names if name.endswith((".auto.tfvars", ".auto.tfvars.json"))]
    return [directory / name for name in [*first, *auto]]


def _file(given: Given, source: Source, path: Path, scope: Scope) -> None:
    file = as_named(source)
    for problem in file.problems:
        span = Span(source, problem.start, max(problem.start, problem.end))
        given.gaps.append(Gap(f"a part of `{source.path}` was not read", problem.message, Written(span)))
    given.remarks += remarks(file)
    frame = Frame(scope, source, {})
    for name, attribute in file.body.attributes.items():
        origin = frame.origin(attribute.value)
        try:
            given.values[name] = evaluate(attribute.value, frame)
        except EvaluationError as error:
            given.values[name] = Unknown(f"its value cannot be evaluated: {error.message}", origin)


def _text(given: Given, declared: Declaration, name: str, text: str, where: str, scope: Scope) -> None:
    """A value from the command line or environment: text for strings, an expression for the rest."""
    source = Source(f"<{where}>", text.encode("utf-8", "surrogateescape"))
    whole = Written(Span(source, 0, len(source.data)))
    kind = declared.attribute("type")
    if kind is None or _is_primitive(kind[1].value):
        given.values[name] = Known(text, whole)
        return
    expression = parse_expression(source, 0, len(source.data))
    if isinstance(expression, t.Problem):
        raise UsageError(f"the value of `{where}` is not an expression: {expression.message}")
    try:
        given.values[name] = evaluate(expression, Frame(scope, source, {}))
    except EvaluationError as error:
        raise UsageError(f"the value of `{where}` cannot be evaluated: {error.message}") from None


def _is_primitive(kind: t.Expression) -> bool:
    if isinstance(kind, t.Literal):
        return kind.value in ("string", "number", "bool")
    return isinstance(kind, t.Variable) and kind.name in ("string", "number", "bool")
