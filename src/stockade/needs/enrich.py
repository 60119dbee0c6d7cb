"""A world in which every function knows what it needs: found out when a control or a command asks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Final

from stockade.code.facts import Source
from stockade.code.files import Files
from stockade.model.function import Function
from stockade.model.need import FunctionNeeds, Learned
from stockade.model.package import Form, Package
from stockade.model.world import World
from stockade.needs.derive import learned
from stockade.read.files import Unreadable
from stockade.source import Source as Bytes
from stockade.value import Known, Unknown, Value

_PYTHON: Final = (".py",)
_JAVASCRIPT: Final = (".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".jsx", ".tsx")


def enriched(world: World) -> World:
    """The world with the needs of its functions. Nothing is read before somebody asks for one of them."""
    if not world.functions:
        return world
    made: World | None = None

    def learn(function: Function) -> Callable[[], Learned]:
        return lambda: learned(function, world, source_of(function, world))

    made = replace(world, needs=tuple(_needs(one, learn(one)) for one in world.functions))
    return made


def _needs(function: Function, learn: Callable[[], Learned]) -> FunctionNeeds:
    return FunctionNeeds(
        address=function.address,
        origin=function.origin,
        doubt=function.doubt,
        key="needs",
        region=function.region,
        function=function,
        learn=learn,
    )


def source_of(function: Function, world: World) -> Value[Source]:
    """What a function's source does; unknown where it is not in the input, or in a language not analysed."""
    package = world.source_of(function)
    if isinstance(package, Unknown):
        return Unknown(f"its source is not known: {package.reason}", package.origin)
    found = package.value
    handler = function.handler
    if isinstance(handler, Unknown):
        return Unknown(f"its handler is not known: {handler.reason}", handler.origin)
    if handler.value is None:
        return Unknown("a container image says its handler inside of itself", handler.origin)
    language = _language(function, handler.value, found)
    if language is None:
        runtime = function.runtime.value if isinstance(function.runtime, Known) else None
        what = f"source for `{runtime}` is not analysed" if runtime else "its runtime is not known"
        return Unknown(what, function.runtime.origin)
    layers = [files_of(one.value) for one in world.layers_of(function) if isinstance(one, Known)]
    files = files_of(found).with_layers(layers)
    return Known(language(files, handler.value), found.origin)


@cache
def files_of(package: Package) -> Files:
    """The files of a package, each opened when somebody asks for it."""

    def opener(path: str) -> Callable[[], Bytes]:
        def opened() -> Bytes:
            try:
                return package.read(path)
            except Unreadable:
                raise
            except Exception as error:  # whatever a package cannot give is a file that cannot be read
                raise Unreadable(str(error)) from None

        return opened

    entries = {one.path: opener(one.path) for one in package.entries if one.link is None}
    return Files(entries, cut=package.cut)


def _language(function: Function, handler: str, package: Package) -> Callable[[Files, str], Source] | None:
    runtime = function.runtime.value if isinstance(function.runtime, Known) else None
    family = runtime or ""
    if family.startswith("python") or (not family and _has(package, _PYTHON)):
        from stockade.code.python import analyse

        return analyse
    if family.startswith("nodejs") or (not family and _has(package, _JAVASCRIPT)):
        from stockade.code.javascript import analyse as analyse_javascript

        return analyse_javascript
    return None


def _has(package: Package, endings: tuple[str, ...]) -> bool:
    return package.form is not Form.IMAGE and any(one.path.endswith(endings) for one in package.entries)
