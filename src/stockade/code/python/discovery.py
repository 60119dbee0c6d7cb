"""What a program finds by looking: the modules that a package holds, the classes and functions of a module."""

from __future__ import annotations

import ast
from typing import Final

from stockade.code.python.resources import Resources
from stockade.code.python.values import (
    NOTHING_KNOWN,
    OPTIONS,
    Abstract,
    Arguments,
    Array,
    Class,
    Data,
    External,
    Function,
    Instance,
    Made,
    Module,
    Opaque,
    Site,
    options,
    plain,
)
from stockade.value import Known

NAMES: Final = "pkgutil.ModuleInfo.name"
"""By what the names of more modules than ``OPTIONS`` are made: one value that has them all as its arguments."""

_KINDS: Final = {"inspect.isclass": Class, "inspect.isfunction": Function}
_FIELDS: Final = ("module_finder", "name", "ispkg")


def iter_modules(machine: Resources, site: Site, arguments: Arguments) -> Abstract:
    """``pkgutil.iter_modules(package.__path__, prefix)``: what the package holds itself."""
    return _modules(machine, site, arguments, deep=False)


def walk_packages(machine: Resources, site: Site, arguments: Arguments) -> Abstract:
    """``pkgutil.walk_packages(package.__path__, prefix)``: what is in its packages, too."""
    return _modules(machine, site, arguments, deep=True)


def _modules(machine: Resources, site: Site, arguments: Arguments, deep: bool) -> Abstract:
    prefix = plain(arguments.get(1, "prefix") or Data(Known("", site.origin)))
    if not isinstance(prefix, str) or machine.files.cut:
        return Opaque(site)
    node = ast.ClassDef("ModuleInfo", [], [], [], [], lineno=1, col_offset=0, end_lineno=1, end_col_offset=0)
    made = Class(node, Module("", site.source, ast.Module([], []), [0], False), "ModuleInfo")
    made.bases = [External("typing.NamedTuple")]
    made.fields = {name: ast.Constant(None) for name in _FIELDS}
    found: list[tuple[Abstract, Abstract]] = []
    for one in options(arguments.get(0, "path") or NOTHING_KNOWN):
        package = one.arguments.positional[0] if isinstance(one, Made) and one.arguments else None
        if not isinstance(package, Module):
            return Opaque(site)
        for name, is_package in machine.modules_of(package, deep):
            found.append((Data(Known(prefix + name, site.origin)), Data(Known(is_package, site.origin))))
    if len(found) > OPTIONS:
        found = [(Made(f"{NAMES} of {prefix}", Arguments([name for name, _ in found])), Opaque(site))]
    items: list[Abstract] = []
    for name_of, is_one in found:
        values = dict(zip(_FIELDS, (NOTHING_KNOWN, name_of, is_one), strict=True))
        items.append(Instance(made, values, lasting=not machine.every))
    return Array(site, items)


def members(machine: Resources, site: Site, arguments: Arguments) -> Abstract:
    """``inspect.getmembers(module, inspect.isclass)``: names with what has them, of our own modules."""
    kind = arguments.get(1, "predicate")
    wanted = _KINDS.get(kind.path) if isinstance(kind, External) else None
    items: list[Abstract] = []
    for one in options(arguments.get(0, "object") or NOTHING_KNOWN):
        if wanted is None or not isinstance(one, Module) or one.loading:
            return Opaque(site)
        items += (
            Array(site, [Data(Known(name, site.origin)), found])
            for name, value in one.globals.items()
            for found in options(value)
            if isinstance(found, wanted)
        )
    return Array(site, items)
