"""What tells of a root module that it is not what is deployed: its providers, or what it is an example of."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from stockade.model.aside import Aside
from stockade.patterns import lazy_regex
from stockade.read import looked
from stockade.read.files import Tree
from stockade.read.terraform.modules import Module
from stockade.read.terraform.roots import called
from stockade.read.walk import walk
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
    return _example(module, shown) or _uncalled(module, shown, tree)


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


_STATE: Final = lazy_regex(rb"^[ \t]*(?:backend[ \t]+\"|cloud[ \t]*\{)", re.MULTILINE)
_OF_ROOTS: Final = (".tfvars", ".tfvars.json", ".hcl")
"""How files end that stand in the directories where somebody runs Terraform or Terragrunt."""
_MOST: Final = 2_000
"""Directories in which calls are looked for."""


def _uncalled(module: Module, shown: str, tree: Tree) -> Aside | None:
    """Whether it is a module by all it has, stands beside modules that are called, and is called by nothing.

    It asks for values and has no provider, no state and no values of its own. Where Terragrunt is at work the
    calls are not in Terraform's files, and nothing is said.
    """
    root, config = module.run.root, module.config
    home = root.parent
    if config.providers or all(one.attribute("default") for one in config.variables.values()):
        return None
    names = looked.names(root)
    if root == tree.boundary or any(one.endswith(_OF_ROOTS) for one in names):
        return None
    if any(
        _STATE.search(tree.read(one).data) for one in (root / name for name in names if name.endswith(".tf"))
    ):
        return None
    if home == tree.boundary:
        return _beside(root, [home], shown, tree)
    folders = walk(home.parent)
    if len(folders) > _MOST or any("terragrunt.hcl" in one.files for one in folders):
        return None
    others = [one.path for one in folders if home not in one.path.parents and any(map(_is_code, one.files))]
    return _beside(root, others, shown, tree)


def _is_code(name: str) -> bool:
    return name.endswith((".tf", ".tf.json", ".tofu"))


def _beside(root: Path, callers: list[Path], shown: str, tree: Tree) -> Aside | None:
    """Whether a module of the same directory is called from some others."""
    if any(target.parent == root.parent for one in callers for target in called(one, tree)):
        what = "is a module that nothing here calls, beside one that is called"
        return Aside(what, Default("nothing here calls it"), f"{shown}/")
    return None
