"""What tells of a root module that it is not what is deployed: its providers, or what it is an example of."""

from __future__ import annotations

from typing import Final

from stockade.model.aside import Aside
from stockade.read.files import Tree
from stockade.read.terraform.modules import Module
from stockade.value import Default

_SHOWING: Final = frozenset(("examples", "example", "fixtures", "tests", "test"))
"""Where modules keep the root modules that show or try them, by Terraform's standard structure of modules."""


def set_aside(module: Module, tree: Tree) -> Aside | None:
    """Whether a root module talks to an imitation of AWS, or shows how the modules around it are called."""
    shown, root = tree.shown(module.run.root), module.run.root
    names = [one for one in module.config.providers if one.partition(".")[0] == "aws"]
    local = [module.provider(one).local for one in names]
    if local and local[0] is not None and all(local):
        alone = all(one.is_relative_to(root) for one in module.run.configs)
        within = "" if alone or shown == "." else f"{shown}/"  # other roots may call what is not below it
        return Aside("runs locally: its provider talks to an imitation of AWS", local[0], within)
    if shown == ".":
        return None
    return _example(module, shown)


def _example(module: Module, shown: str) -> Aside | None:
    """Whether the module stands below ``examples`` and calls a module from where those are kept."""
    root = module.run.root
    for showing in (root, *root.parents):
        if showing.name in _SHOWING:
            others = (one for one in module.run.configs if not one.is_relative_to(showing))
            if any(one.is_relative_to(showing.parent) for one in others):
                what = "shows or tries a module: what it declares itself is not deployed"
                return Aside(what, Default("it stands beside the module that it calls"), f"{shown}/")
    return None
