"""From the paths a user gives to the worlds behind them, one after the other."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeAlias

from stockade.errors import BudgetExceeded, UsageError
from stockade.model.alarm import Alarm
from stockade.model.watch import for_others
from stockade.model.world import Gap, World
from stockade.read.files import Tree, Unreadable
from stockade.read.resource import Reading
from stockade.read.terraform.config import Library
from stockade.value import Default

Progress: TypeAlias = Callable[[int, int, str], None]
"""Called before each root module is read and once at the end: how many are done, of how many, which is next."""


@dataclass(frozen=True, slots=True)
class Options:
    """What a user may say beside the paths. ``here`` is the directory that paths are relative to.

    ``exclude`` says which of the root modules found below the paths are left out.
    """

    here: Path
    variables: Mapping[str, str]
    variable_files: Sequence[Path]
    environment: Mapping[str, str]
    exclude: Callable[[Path], bool] | None = None


@dataclass(frozen=True, slots=True)
class Input:
    """One input as it was read. ``path`` is shown to people; ``resources`` counts those of any type.

    ``root`` is the path inside of its repository, the same wherever a scan begins; ``base`` is the
    directory that the paths of its sources are relative to.
    """

    kind: str
    path: str
    resources: int
    world: World
    root: str = ""
    base: Path = field(default_factory=Path)


def read_all(paths: Sequence[Path], options: Options, progress: Progress) -> Iterator[Input]:
    """Read every root module below the paths, in the order of the paths and then of their names.

    A file stands for its directory, and a root module that several paths reach is read once. Raises
    ``UsageError`` before anything is read when a path or variable file does not exist or holds
    nothing to read.
    """
    from stockade.read import terraform
    from stockade.read.build import build

    for file in options.variable_files:
        if not (options.here / file).is_file():
            raise UsageError(f"`{file}` does not exist", help="`--var-file` takes a `.tfvars` file")
    variable_files = [options.here / file for file in options.variable_files]
    wanted = _roots(paths, options)
    libraries = {tree: terraform.Library(tree) for tree in wanted.values()}

    def read(root: Path, tree: Tree) -> tuple[Reading, World]:
        reading = terraform.read(
            root,
            tree,
            variables=options.variables,
            variable_files=variable_files,
            environment=options.environment,
            library=libraries[tree],
        )
        return reading, build(reading)

    unused = _undeclared(options.variables, wanted, libraries)
    abroad: dict[Path, tuple[Alarm, ...]] = {}
    for root, tree in wanted.items() if len(wanted) > 1 else ():
        if _speaks_of_alarms(root, tree):
            with suppress(BudgetExceeded, Unreadable):
                world = read(root, tree)[1]
                abroad[root] = for_others(world.alarms, world.function_named)
    for done, (root, tree) in enumerate(wanted.items()):
        shown = tree.shown(root)
        progress(done, len(wanted), shown)
        try:
            reading, world = read(root, tree)
            elsewhere = [one for other, alarms in abroad.items() if other != root for one in alarms]
            gaps = (*world.gaps, *unused)
            unused = ()  # said once, with the first input
            world, resources = replace(world, elsewhere=tuple(elsewhere), gaps=gaps), len(reading.resources)
            yield Input(reading.kind, reading.path, resources, world, tree.within(root), tree.shown_from)
        except (BudgetExceeded, Unreadable) as error:
            gap = Gap(f"`{shown}`", error.message, Default("nothing of it was read"), error.help)
            yield Input("terraform", shown, 0, World(gaps=(gap,)), tree.within(root), tree.shown_from)
    progress(len(wanted), len(wanted), "")


def _undeclared(
    variables: Collection[str], roots: Mapping[Path, Tree], libraries: Mapping[Tree, Library]
) -> tuple[Gap, ...]:
    """The given variables that no root module declares: a typing error would else go unseen."""
    if not variables:
        return ()
    declared = {name for root, tree in roots.items() for name in libraries[tree].load(root).variables}
    return tuple(_unused(name, declared) for name in sorted(set(variables) - declared))


def _unused(name: str, declared: Collection[str]) -> Gap:
    from difflib import get_close_matches

    near = get_close_matches(name, sorted(declared), 1)
    help = f"did you mean `{near[0]}`?" if near else None
    origin = Default("it was given to the scan")
    return Gap(f"the value of `{name}` was not used", "no root module declares this variable", origin, help)


def _speaks_of_alarms(root: Path, tree: Tree) -> bool:
    """Whether a root module may have alarms for the functions of others: then it is read for these first."""
    for path in sorted(root.glob("*.tf*")):
        with suppress(Unreadable):
            if b"alarm" in tree.read(path).data:
                return True
    return False


def _roots(paths: Sequence[Path], options: Options) -> dict[Path, Tree]:
    """The root modules below all paths, each with the tree it may read from."""
    from stockade.read import terraform

    here = Path(os.path.realpath(options.here))
    trees: dict[tuple[Path, Path], Tree] = {}
    roots: dict[Path, Tree] = {}
    for path in paths:
        full = Path(os.path.realpath(here / path))
        if not full.exists():
            raise UsageError(
                f"`{path}` does not exist", help="give a directory that holds Terraform configuration"
            )
        directory = full if full.is_dir() else full.parent
        place = repository(directory), _shown_from(directory, here)
        tree = trees.setdefault(place, Tree(*place))
        found = terraform.find_roots(directory, tree)
        if not found:
            help = "give a directory that holds `.tf` or `.tf.json` files"
            raise UsageError(f"no Terraform configuration in `{path}`", help=help)
        left = [one for one in found if one == directory or not (options.exclude and options.exclude(one))]
        if not left:
            help = "a root module that is named itself is scanned all the same"
            raise UsageError(f"the configuration excludes everything in `{path}`", help=help)
        for root in left:
            roots.setdefault(root, tree)
    return roots


def repository(directory: Path) -> Path:
    """The repository around a directory, nothing outside of which is read; without one, itself."""
    return next((one for one in (directory, *directory.parents) if (one / ".git").exists()), directory)


def _shown_from(directory: Path, here: Path) -> Path:
    """Paths are shown as the user would type them, or from the scanned directory where that is elsewhere."""
    return here if here == directory or here in directory.parents else directory
