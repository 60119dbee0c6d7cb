"""A world in which every function knows what it needs: found out when a control or a command asks."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Final, TypeAlias

from stockade.code.facts import Source, Unfollowed
from stockade.code.files import Files
from stockade.model.function import Function
from stockade.model.need import FunctionNeeds, Learned
from stockade.model.package import Package
from stockade.model.world import World
from stockade.needs.derive import learned
from stockade.needs.inherited import inherited
from stockade.read.files import Tree, Unreadable
from stockade.read.package.beside import beside_directory
from stockade.source import Source as Bytes
from stockade.source import Span
from stockade.value import Known, Unknown, Value, Written

Analyse: TypeAlias = Callable[[Files, str], Source]
"""From the files of a function and the name of its handler to what its source does."""

_LANGUAGES: Final = {
    "python": ("python", (".py", "/__init__.py")),
    "nodejs": ("javascript", (".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".jsx", ".tsx")),
    "go": ("go", (".go",)),
    "java": ("java", (".java",)),
}
"""By the family of a runtime: the module of ``code`` that reads it, and what its files end in."""
_PROGRAMS: Final = ("go",)
"""Languages whose source is a program, which has no handler by name and which ``provided`` runtimes run."""


_MANY: Final = 2000
"""How many analyses are kept, for inputs that are read again after something else in them has changed."""


class Analyses:
    """What handlers do, as far as it was found out: by whoever asks about the same files several times."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[Analyse, str, str, str], tuple[Files, Source]] = OrderedDict()

    def of(self, analyse: Analyse, files: Files, handler: str, package: Package) -> Source:
        """What a handler does; what was found out before of files that say the same is said again."""
        key = (analyse, handler, package.path, package.base)
        kept = self._kept.get(key)
        if kept is not None and kept[0].says_as_much(files):
            return kept[1]
        made = _with_inherited(analyse(files, handler), files)
        self._kept[key] = files, made
        self._kept.move_to_end(key)
        if len(self._kept) > _MANY:
            self._kept.popitem(last=False)
        return made


def enriched(world: World, analyses: Analyses | None = None) -> World:
    """The world with the needs of its functions. Nothing is read before somebody asks for one of them.

    ``analyses`` are those that were made so far, for who reads inputs again; what is found out is added.
    """
    if not world.functions:
        return world
    sources = _Sources(world, Analyses() if analyses is None else analyses)
    return replace(world, needs=tuple(_needs(one, world, sources) for one in world.functions))


def _needs(function: Function, world: World, sources: _Sources) -> FunctionNeeds:
    @cache
    def source() -> Value[Source]:
        return sources.of(function)

    def look() -> Unknown | None:
        found = source()
        return found if isinstance(found, Unknown) else None

    def learn() -> Learned:
        return replace(learned(function, world, source()), built=sources.built(function))

    return FunctionNeeds(
        address=function.address,
        origin=function.origin,
        doubt=function.doubt,
        key="needs",
        region=function.region,
        function=function,
        look=look,
        learn=learn,
    )


class _Sources:
    """The sources of one world's functions. Those that ship the same packages share what was read of them."""

    def __init__(self, world: World, analyses: Analyses) -> None:
        self._world = world
        self._analyses = analyses
        self._files: dict[tuple[Package, ...], Files] = {}

    def of(self, function: Function) -> Value[Source]:
        """What a function's source does; unknown where it is not in the input, or not analysed."""
        shelf = self._world.shelf
        package = shelf.package_of(function)
        if isinstance(package, Unknown):
            return package
        found = package.value
        handler = function.handler
        if isinstance(handler, Unknown):
            return Unknown(f"its handler is not known: {handler.reason}", handler.origin)
        if handler.value is None:
            return Unknown("a container image says its handler inside of itself", handler.origin)
        runtime = function.runtime.value if isinstance(function.runtime, Known) else None
        layers = [one.value for one in shelf.layers_of(function) if isinstance(one, Known)]
        files = self._of(found, *layers)
        analyse = _by_runtime(runtime, files) if runtime else _by_files(files, handler.value)
        if analyse is None:
            what = f"source for `{runtime}` is not analysed" if runtime else "its runtime is not known"
            return Unknown(what, function.runtime.origin)
        name = found.handler or handler.value
        if found.above is not None:
            files = self._of(found.above, *layers)
            if analyse is _analyser("go"):
                from stockade.code.go.part import part

                files = part(files, found.folder)
            name = f"{found.folder}/{name}"
        return Known(self._analyses.of(analyse, files, name, found), found.origin)

    def built(self, function: Function) -> str:
        """How a build makes what ships of the source that was read in its place; empty where it was there."""
        package = self._world.shelf.package_of(function)
        return package.value.built if isinstance(package, Known) and package.value.absent else ""

    def _of(self, package: Package, *layers: Package) -> Files:
        """A package's files with those of layers."""
        key = package, *layers
        files = self._files.get(key)
        if files is None:
            files = self._of(package).with_layers(map(self._layer, layers)) if layers else files_of(package)
            self._files[key] = files
        return files

    def _layer(self, layer: Package) -> Files:
        """A layer's files; a ``Makefile`` may put them all into a package that is called as their directory."""
        files = self._of(layer)
        name = layer.path.rstrip("/").rpartition("/")[2]
        packed = layer.tool == "sam" and not layer.copied and "Makefile" in files and name.isidentifier()
        return files.inside(name) if packed else files


def analysed(files: Files, handler: str) -> Source | None:
    """What a handler in some files does; ``None`` where no file of a language that is analysed has it."""
    analyse = _by_files(files, handler)
    return _with_inherited(analyse(files, handler), files) if analyse is not None else None


def _with_inherited(source: Source, files: Files) -> Source:
    more = tuple(inherited(source, files))
    return replace(source, unfollowed=(*source.unfollowed, *more)) if more else source


def files_of(package: Package) -> Files:
    """The files of a package and what it takes from beside itself, each opened when somebody asks for it."""
    entries = {one.path: _opener(package, one.path) for one in package.entries if one.link is None}
    files = Files(entries, cut=package.cut)
    return _and_beside(files, package.beside() if package.beside is not None else None)


def files_in(tree: Tree, root: Path) -> Files:
    """The files of a directory of source, and what it takes of its repository from beside itself.

    Raises ``Unreadable`` where there is no such directory inside of the tree.
    """
    files = Files.directory(tree, root)
    return _and_beside(files, beside_directory(tree, root, files))


def _and_beside(files: Files, more: Package | None) -> Files:
    if more is None:
        return files
    return files.with_beside({one.path: _opener(more, one.path) for one in more.entries}, more.folder, more.cut)


def _opener(package: Package, path: str) -> Callable[[], Bytes]:
    def opened() -> Bytes:
        try:
            return package.read(path)
        except Unreadable:
            raise
        except Exception as error:  # whatever a package cannot give is a file that cannot be read
            raise Unreadable(str(error)) from None

    return opened


def _by_runtime(runtime: str, files: Files) -> Analyse | None:
    family = next((one for one in _LANGUAGES if runtime.startswith(one)), None)
    if runtime.startswith("provided"):
        family = _program(files)
    return _analyser(_LANGUAGES[family][0]) if family is not None else None


def _program(files: Files) -> str | None:
    """The language of a program's source, by what the files end in."""
    found = (one for one in _PROGRAMS if any(path.endswith(_LANGUAGES[one][1]) for path in files))
    return next(found, None)


def _by_files(files: Files, handler: str) -> Analyse | None:
    """By the file that a handler is in."""
    class_file = f"{handler.partition('::')[0].replace('.', '/')}.java"
    if any(path == class_file or path.endswith(f"/{class_file}") for path in files):
        return _analyser("java")
    found = list(_modules(files, handler))
    if len(found) > 1 and found[0][0] != found[1][0]:
        first = _analyser(found[0][0])
        return _one_of_two(first, found[1][1]) if first is not None else None
    if found:
        return _analyser(found[0][0])
    program = _program(files)
    return _analyser(program) if program is not None else None


def _modules(files: Files, handler: str) -> Iterator[tuple[str, str]]:
    """The files that a handler may be in, each with its language.

    What Python takes for packages is a part of a name in JavaScript, and there what follows the first dot may
    be names within what a file exports.
    """
    plain = handler.rpartition(".")[0] or handler
    folder, slash, last = plain.rpartition("/")
    shorter = [folder + slash + last.rsplit(".", dots)[0] for dots in range(1, last.count(".") + 1)]
    for family, (language, endings) in _LANGUAGES.items():
        for module in (plain.replace(".", "/"), plain, *(shorter if family == "nodejs" else ())):
            paths = (f"{module}{end}" for end in (*endings, *(f"/index{e}" for e in endings)))
            path = next((one for one in paths if one in files), None)
            if path is not None:
                yield language, path
                break


@cache
def _one_of_two(analyse: Analyse, other: str) -> Analyse:
    """What reads a handler where a file of another language may be meant as well, which it tells."""

    def both(files: Files, handler: str) -> Source:
        source = analyse(files, handler)
        reason = "the handler may be in it as well, for no runtime is said"
        at = Written(Span(files.read(other), 0, 0))
        told = Unfollowed(what=f"`{other}`", reason=reason, origin=at)
        return replace(source, unfollowed=(*source.unfollowed, told))

    return both


def _analyser(language: str) -> Analyse | None:
    if find_spec(f"stockade.code.{language}") is None:
        return None
    found: Analyse = import_module(f"stockade.code.{language}").analyse
    return found
