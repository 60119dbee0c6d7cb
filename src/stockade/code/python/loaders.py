"""Python's own functions that find modules and load them: by name, by package, by file."""

from __future__ import annotations

from typing import Final

from stockade.code.python.discovery import NAMES
from stockade.code.python.gathering import Run
from stockade.code.python.resources import Resources
from stockade.code.python.told import text_value
from stockade.code.python.values import (
    NOTHING_KNOWN,
    OPTIONS,
    Abstract,
    Arguments,
    Array,
    Data,
    Dict,
    External,
    Made,
    Module,
    Opaque,
    Site,
    join,
    options,
    plain,
)
from stockade.value import Known

_SPEC: Final = "importlib.machinery.ModuleSpec"


def _import_module(machine: Resources, site: Site, arguments: Arguments) -> Abstract:
    return machine.import_by_name(site, arguments.get(0, "name") or NOTHING_KNOWN, arguments.get(1, "package"))


def _found_modules(deep: bool) -> Run:
    """``pkgutil.iter_modules(path, prefix)`` and ``walk_packages``: the modules of a package."""

    def run(machine: Resources, site: Site, arguments: Arguments) -> Abstract:
        path = arguments.get(0, "path") or NOTHING_KNOWN
        made = Array(site, open=True)
        for one in options(path):
            package = one.arguments.positional[0] if isinstance(one, Made) and one.arguments else None
            if not isinstance(package, Module):
                made.items.append(_module_info(machine, site, Opaque(site), Opaque(site)))
                continue
            prefix = arguments.get(1, "prefix") or Data(Known("", site.origin))
            found: list[tuple[Abstract, Abstract]] = [
                (
                    text_value([*machine.text_pieces(prefix, site), name], site),
                    Data(Known(is_package, site.origin)),
                )
                for name, is_package in machine.modules_of(package.name, deep)
            ]
            if len(found) > OPTIONS:
                kinds = [one for one in (False, True) if any(plain(is_) is one for _, is_ in found)]
                found = [
                    (
                        Made(NAMES, Arguments([name for name, is_ in found if plain(is_) is one])),
                        Data(Known(one, site.origin)),
                    )
                    for one in kinds
                ]
            made.items += (_module_info(machine, site, *one) for one in found)
            made.open = False
        return made

    return run


def _module_info(machine: Resources, site: Site, name: Abstract, is_package: Abstract) -> Abstract:
    fields: list[Abstract] = [Data(Known(one, site.origin)) for one in ("module_finder", "name", "ispkg")]
    given = Arguments([Data(Known("ModuleInfo", site.origin)), Array(site, fields)])
    kind = machine.call(site, External("collections.namedtuple"), given)
    return machine.call(site, kind, Arguments([Opaque(site), name, is_package]))


def _of_file(machine: Resources, site: Site, arguments: Arguments) -> Abstract:
    """``importlib.util.spec_from_file_location(name, location)``"""
    module = machine.load_files(site, arguments.get(1, "location") or NOTHING_KNOWN)
    return Made(_SPEC, Arguments([module]))


def _of_spec(machine: Resources, site: Site, arguments: Arguments) -> Abstract:
    """``importlib.util.module_from_spec(spec)``: the module, which was run when it was found."""
    specs = [one for one in options(arguments.get(0, "spec") or NOTHING_KNOWN) if isinstance(one, Made)]
    found = [one.arguments.positional[0] for one in specs if one.path == _SPEC and one.arguments]
    return join(*found) if found else Opaque(site)


def _of_name(machine: Resources, site: Site, arguments: Arguments) -> Abstract:
    """``importlib.util.find_spec(name, package)``"""
    return Made(_SPEC, Arguments([_import_module(machine, site, arguments)]))


def _sourced(machine: Resources, site: Site, arguments: Arguments) -> Abstract:
    """``imp.load_source(name, path)``"""
    return machine.load_files(site, arguments.get(1, "pathname") or NOTHING_KNOWN)


def _run_path(machine: Resources, site: Site, arguments: Arguments) -> Abstract:
    """``runpy.run_path(path)``: the names of what was run."""
    return _names(site, machine.load_files(site, arguments.get(0, "path_name") or NOTHING_KNOWN))


def _run_module(machine: Resources, site: Site, arguments: Arguments) -> Abstract:
    return _names(site, machine.import_by_name(site, arguments.get(0, "mod_name") or NOTHING_KNOWN))


def _names(site: Site, module: Abstract) -> Abstract:
    found = [Dict(site, dict(one.globals), open=True) for one in options(module) if isinstance(one, Module)]
    return join(*found) if found else Opaque(site)


LOADERS: Final[dict[str, Run]] = {
    "imp.load_source": _sourced,
    "importlib.import_module": _import_module,
    "importlib.util.find_spec": _of_name,
    "importlib.util.module_from_spec": _of_spec,
    "importlib.util.spec_from_file_location": _of_file,
    "pkgutil.iter_modules": _found_modules(False),
    "pkgutil.walk_packages": _found_modules(True),
    "runpy.run_module": _run_module,
    "runpy.run_path": _run_path,
}
