"""Reads a service of the Serverless Framework: its configuration as the CloudFormation that is made of it."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from stockade.model.world import Gap
from stockade.read.budget import Budget
from stockade.read.cloudformation.nodes import BrokenError, Fields, Problem, span
from stockade.read.cloudformation.parameters import given_values
from stockade.read.cloudformation.reader import DEEP
from stockade.read.cloudformation.remarks import remarks
from stockade.read.cloudformation.stack import Run, Stack
from stockade.read.cloudformation.template import Template, parse
from stockade.read.files import Tree
from stockade.read.resource import Ground, Reading
from stockade.read.serverless import events, functions, http_api, rest, roles
from stockade.read.serverless.merge import template_of
from stockade.read.serverless.programs import PROGRAMS
from stockade.read.serverless.service import QUIET, Service
from stockade.read.serverless.variables import Known, Variables, scalar_text
from stockade.source import Span
from stockade.value import Known as KnownValue
from stockade.value import Value, Written

_PRINT: Final = (
    "run `serverless package` and scan `.serverless/cloudformation-template-update-stack.json`, which it writes"
)


def read(
    path: Path,
    tree: Tree,
    *,
    variables: Mapping[str, str],
    environment: Mapping[str, str],
    budget: Budget | None = None,
) -> Reading:
    """Read the service that a file configures. Properties evaluate when somebody asks for them.

    ``variables`` are options and parameters, as ``--stage`` and ``--param`` are on the Framework's command
    line; ``environment`` is where ``${env:...}`` is looked up. Raises ``Unreadable`` for a file that cannot
    be read; everything else is a gap.
    """
    sys.setrecursionlimit(max(sys.getrecursionlimit(), DEEP))
    source = tree.read(path)
    shown = tree.shown(path)
    if path.name.endswith(PROGRAMS):
        return _unread(shown, "it is a program, which is not run", Span(source, 0, 0), _PRINT)
    problems: list[Problem] = []
    try:
        root = parse(source, problems)
    except BrokenError as broken:
        return _unread(shown, broken.message, broken.place, broken.help)
    if not isinstance(root, Fields):
        return _unread(shown, "it is not an object of settings", span(root))
    budget = budget or Budget()
    known = Known(variables, environment)
    resolver = Variables(root, path.parent, tree, known, budget)
    resolver.problems += problems
    service = Service(root, resolver)
    _check(service)
    functions.make(service)
    roles.make(service)
    rest.make(service)
    http_api.make(service)
    events.make(service)
    template = Template(source, template_of(service))
    run = Run(tree, budget, _given(service, variables, tree))
    stack = Stack(template, tree.locate(path), run)
    resources = tuple(stack.resources())
    for problem in resolver.problems:
        service.told(problem)
    said = [remark for one in (root, *resolver.files()) for remark in remarks(Template(one.source, one))]
    return Reading(
        "serverless",
        shown,
        resources,
        (*service.gaps, *template.gaps, *run.gaps),
        tuple(said),
        Ground(tree, path.parent),
    )


def _unread(shown: str, reason: str, at: Span, help: str | None = None) -> Reading:
    return Reading("serverless", shown, (), (Gap(f"`{shown}` was not read", reason, Written(at), help),))


def _given(service: Service, variables: Mapping[str, str], tree: Tree) -> dict[str, Value[str]]:
    """What the deployment is known to have: its region, and what a user says of parameters."""
    given = given_values({name: one for name, one in variables.items() if "::" in name}, (), tree)
    region = scalar_text(service.region)
    if region is not None and "AWS::Region" not in given:
        given["AWS::Region"] = KnownValue(region, Written(span(service.region)))
    return given


def _check(service: Service) -> None:
    """What a configuration has that this reader cannot follow."""
    for name, node in service.plugins.items():
        if name.startswith("./") or name not in QUIET:
            what = f"what the plugin `{name}` changes"
            service.tell(what, "plugins are programs, which are not run", span(node), _PRINT)
    if (syntax := service.provider("variableSyntax")) is not None:
        reason = "variables in a syntax of the service's own are not resolved"
        service.tell("what variables stand for", reason, span(syntax))
    inherited = service.root.members.get("extends")
    if inherited is not None:
        service.tell("what is inherited", "`extends` is not followed", span(inherited))
    steps = service.root.members.get("stepFunctions")
    if steps is not None:
        service.tell("what the state machines make", "a plugin makes them", service.root.key("stepFunctions"))
    constructs = service.root.members.get("constructs")
    if constructs is not None:
        service.tell("what the constructs make", "a plugin makes them", service.root.key("constructs"))
