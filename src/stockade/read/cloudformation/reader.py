"""Reads one template, and the templates it nests, into evaluated resources."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from stockade.model.aside import tried_locally
from stockade.model.world import Gap
from stockade.read.budget import Budget
from stockade.read.cloudformation.cdk import tested
from stockade.read.cloudformation.parameters import given_values
from stockade.read.cloudformation.remarks import remarks
from stockade.read.cloudformation.stack import Run, Stack
from stockade.read.cloudformation.template import Template
from stockade.read.files import Tree
from stockade.read.resource import Ground, Reading

DEEP = 20_000
"""Python frames that evaluation may nest; since 3.11 they cost memory, not the C stack."""


def read(
    path: Path,
    tree: Tree,
    *,
    variables: Mapping[str, str],
    variable_files: Sequence[Path],
    budget: Budget | None = None,
) -> Reading:
    """Read the template in a file. Properties evaluate when somebody asks for them.

    ``variables`` are ``--var`` texts: parameters, and pseudo-parameters such as ``AWS::Region``. Raises
    ``UsageError`` for a parameter file that cannot be read and ``Unreadable`` for a template that
    cannot; everything else is a gap.
    """
    sys.setrecursionlimit(max(sys.getrecursionlimit(), DEEP))
    run = Run(tree, budget or Budget(), given_values(variables, variable_files, tree))
    template = run.load(path)
    stack = Stack(template, tree.locate(path), run)
    resources = tuple(stack.resources())
    said = tuple(remark for one in run.templates for remark in remarks(one))
    gaps: list[Gap] = [gap for one in run.templates for gap in one.gaps]
    return Reading(
        kind_of(template, stack.assembly.is_there),
        tree.shown(path),
        resources,
        (*gaps, *run.gaps),
        said,
        Ground(tree, tree.locate(path).parent),
        aside=tried_locally(template.source) or tested(tree.locate(path).parent, tree),
    )


def kind_of(template: Template, in_assembly: bool) -> str:
    """What people call the input."""
    if template.is_sam:
        return "sam"
    return "cdk" if template.is_cdk or in_assembly else "cloudformation"
