"""Modules that a program imports by names which it puts together, and those that a package is found to have."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from typing import Final

from stockade.code.python.imports import Imports
from stockade.code.python.told import pieces
from stockade.code.python.values import Abstract, Made, Opaque, Site, join, options, plain, texts
from stockade.patterns import lazy_regex

_MANY: Final = 60
"""How many modules are imported by one name that is known in part."""
NAMES: Final = "pkgutil.ModuleInfo.name"
"""By what the names of more modules than values are told apart are made: one that has them as its arguments."""


_DEPLOYED: Final = lazy_regex(r"^(?:\./|/var/task/|/opt/python/)")
"""What stands before a path in a package, once it is deployed."""


class Discovery(Imports):
    """Finds modules by names that are computed."""

    def modules_of(self, package: str, deep: bool) -> list[tuple[str, bool]]:
        """What a package holds by its names in it, and with ``deep`` what these hold; whether each is one."""
        for root in self.roots:
            start = root + package.replace(".", "/") + "/" if package else root
            every = (*self.files.below(start), *self.files.beside)
            paths = [one[len(start) :] for one in every if one.startswith(start) and one.endswith(".py")]
            found = {name: True for one in paths if (name := one.removesuffix("/__init__.py")) != one}
            found = {name: True for name in found if _within(name, found)}
            for one in paths:
                if not one.endswith("__init__.py") and _within(one, found):
                    found.setdefault(one.removesuffix(".py"), False)
            if paths:
                return sorted(
                    (one.replace("/", "."), is_) for one, is_ in found.items() if deep or "/" not in one
                )
        return []

    def import_by_name(self, site: Site, name: Abstract, package: Abstract | None = None) -> Abstract:
        """``importlib.import_module(name, package)``"""
        found: list[Abstract] = []
        waiting = [*options(name)]
        for one in waiting:
            if isinstance(one, Made) and one.path == NAMES and one.arguments is not None:
                waiting += one.arguments.positional
                continue
            text = plain(one)
            names = [text] if isinstance(text, str) and text else self._meant(one, site, package)
            for each in names:
                module = self.import_name(self._absolute(each, package))
                self.unknown_module(site, module)
                found.append(module)
            if not names:
                self.unfollow(site, f"`{site.shown}`", "which module it imports is known only when it runs")
        return join(*found) if found else Opaque(site)

    def load_files(self, site: Site, path: Abstract) -> Abstract:
        """What loading the file at a path gives; of one that is known in part any of those that it may be."""
        found: list[Abstract] = []
        for one in options(path):
            form = _form(pieces(one, site))
            paths = [each for each in self.files if form and each.endswith(".py") and re.fullmatch(form, each)][
                :_MANY
            ]
            loaded = [self.load(each.removesuffix(".py").replace("/", "."), each) for each in paths]
            found += (module for module in loaded if module is not None)
            if not paths:
                self.unfollow(site, f"`{site.shown}`", "which file it loads is known only when it runs")
        return join(*found) if found else Opaque(site)

    @staticmethod
    def _absolute(name: str, package: Abstract | None) -> str:
        """A name that begins with dots, seen from the package that it is relative to."""
        inside = name.lstrip(".")
        above = next(iter(texts(package)), "")
        if inside == name or not above:
            return inside
        parts = above.split(".")
        return ".".join([*parts[: len(parts) - (len(name) - len(inside) - 1)], inside])

    def _meant(self, name: Abstract, site: Site, package: Abstract | None) -> list[str]:
        """The modules of the source that a name may mean which is known in part: ``f"steps.{kind}"``."""
        parts = pieces(name, site)
        if not parts or not isinstance(parts[0], str):
            return []
        first = self._absolute(parts[0], package) if parts[0].strip(".") or package else parts[0]
        above, dot, _ = first.rpartition(".")
        if not dot:
            return []
        form = re.escape(first) + "".join(
            re.escape(one) if isinstance(one, str) else r"\w+" for one in parts[1:]
        )
        several = (f"{above}.{one}" for one, _ in self.modules_of(above, True))
        return [one for one in several if re.fullmatch(form, one)][:_MANY]


def _form(parts: Sequence[object]) -> str:
    """The paths among the files that a path may mean; empty where nothing is known of it."""
    if not any(isinstance(one, str) and one.strip("./") for one in parts):
        return ""
    first = _DEPLOYED.sub("", parts[0]) if isinstance(parts[0], str) else parts[0]
    form = "".join(re.escape(one) if isinstance(one, str) else ".*" for one in (first, *parts[1:]))
    # What stands before the first folder that is known may be the root.
    return "(?:.*/)?" + form.removeprefix(".*").removeprefix("/") if form.startswith(".*/") else form


def _within(path: str, packages: Container[str]) -> bool:
    """Whether every directory that leads to a path is a package."""
    folders = path.split("/")[:-1]
    return all("/".join(folders[: at + 1]) in packages for at in range(len(folders)))
