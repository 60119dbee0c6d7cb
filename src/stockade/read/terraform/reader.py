"""Reads a root module, without Terraform, network or credentials, into evaluated resources."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from stockade.model.remark import Remark
from stockade.model.world import Gap
from stockade.read.budget import Budget
from stockade.read.deployment import unknown_text
from stockade.read.files import Tree, Unreadable
from stockade.read.resource import Ground, Reading, Resource
from stockade.read.terraform.aside import set_aside
from stockade.read.terraform.config import Library
from stockade.read.terraform.instance import Instance
from stockade.read.terraform.known_modules import HalfKnown
from stockade.read.terraform.modules import Module, Run, Thunk
from stockade.read.terraform.variables import Given, collect
from stockade.source import Source, Span
from stockade.value import Default, Known, Value, Written

DEEP = 20_000
"""Python frames that evaluation may nest; since 3.11 they cost memory, not the C stack."""


def read(
    root: Path,
    tree: Tree,
    *,
    variables: Mapping[str, str],
    variable_files: Sequence[Path],
    environment: Mapping[str, str],
    values: Mapping[str, Value[Any]] | None = None,
    library: Library | None = None,
    budget: Budget | None = None,
) -> Reading:
    """Read the root module in a directory. Attributes evaluate when somebody asks for them.

    ``variables`` are ``--var`` texts, ``environment`` is where ``TF_VAR_*`` and ``TF_WORKSPACE`` are
    looked up; ``values`` are what variables have where none of these says so. ``library`` shares parsed
    directories between the roots of one scan. Raises
    ``UsageError`` for a variable file that cannot be read; everything else is a gap.
    """
    sys.setrecursionlimit(max(sys.getrecursionlimit(), DEEP))
    library = library or Library(tree)
    real = tree.locate(root)
    installed, gaps = _installed(real, tree)
    run = Run(library, budget or Budget(), real, _workspace(real, tree, environment), installed, gaps)
    config = run.load(real)
    inputs: dict[str, Thunk] = {}
    module = Module(config, run, "", inputs)
    given = collect(config, module, tree, variables=variables, files=variable_files, environment=environment)
    for name, value in {**(values or {}), **given.values}.items():
        inputs[name] = _constant(value)
    resources = tuple(_resource(instance) for instance in module.walk() if _is_wanted(instance))
    shown, remarks, unread = tree.shown(real), _remarks(run, given), _gaps(run, given)
    aside = set_aside(module, tree)
    return Reading("terraform", shown, resources, unread, remarks, Ground(tree, real), aside=aside)


def _constant(value: Value[object]) -> Thunk:
    return lambda: value


_WANTED: Final = ("archive_file", "aws_iam_policy", "aws_iam_role", "aws_lambda_invocation")


def _is_wanted(instance: Instance) -> bool:
    """Data sources matter only where they stand for something that exists in AWS, or make something."""
    return instance.mode == "managed" or instance.type in _WANTED


def _resource(instance: Instance) -> Resource:
    kind = instance.type if instance.mode == "managed" else f"data.{instance.type}"
    scope = instance.frame.scope
    handed = scope.handed if isinstance(scope, Module) else None
    if isinstance(instance, HalfKnown):
        handed = instance.handed
    return Resource(
        "terraform",
        kind,
        instance.address,
        instance,
        instance.origin,
        instance.doubt,
        instance.provider.region,
        instance.ignored(),
        instance.attribute,
        handed,
    )


def _gaps(run: Run, given: Given) -> tuple[Gap, ...]:
    out = list(run.gaps)
    for directory in sorted(run.configs):
        out += run.configs[directory].gaps
    return (*out, *given.gaps)


def _remarks(run: Run, given: Given) -> tuple[Remark, ...]:
    """What is said to us in the directories that this root is made of, and in its variable files."""
    said = [remark for directory in sorted(run.configs) for remark in run.configs[directory].remarks]
    return (*said, *given.remarks)


def _workspace(root: Path, tree: Tree, environment: Mapping[str, str]) -> Value[str]:
    """The selected workspace. Where none is selected it is unknown: "default" would be a guess, and
    everything that only another workspace has would silently not be there."""
    named = environment.get("TF_WORKSPACE")
    if named:
        return Known(named, Default("the environment variable TF_WORKSPACE"))
    try:
        source = tree.read(root / ".terraform" / "environment")
        return Known(source.data.decode().strip(), Written(Span(source, 0, len(source.data))))
    except (Unreadable, UnicodeDecodeError):
        reason = "no workspace is selected; set TF_WORKSPACE to choose one"
        return unknown_text("terraform.workspace", reason, Default("nobody selected a workspace"))


def _installed(root: Path, tree: Tree) -> tuple[dict[str, Path], list[Gap]]:
    """The modules that ``terraform init`` or ``get`` has downloaded: call path -> directory."""
    path = root / ".terraform" / "modules" / "modules.json"
    try:
        source = tree.read(path)
        entries = json.loads(source.data)["Modules"]
        found = {str(e["Key"]): Path(os.path.join(root, str(e["Dir"]))) for e in entries if e.get("Key")}
    except Unreadable:
        return {}, []
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        shown = Source(tree.shown(path), b"")
        gap = Gap(
            f"`{shown.path}` was not read",
            "it is not the list that Terraform writes",
            Written(Span(shown, 0, 0)),
        )
        return {}, [gap]
    return found, []
