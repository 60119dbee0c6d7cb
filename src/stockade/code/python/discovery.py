"""Modules that a program imports by names which it puts together, and those that a package is found to have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from stockade.code.python.imports import Imports
from stockade.code.python.told import pieces
from stockade.code.python.values import Abstract, Opaque, Site, join, options, plain, texts

_MANY: Final = 60
"""How many modules are imported by one name that is known in part."""


class Discovery(Imports):
    """Finds modules by names that are computed."""

    def modules_below(self, package: str, deep: bool) -> Iterator[str]:
        """The modules of a package by their names in it; those in packages below it too if ``deep``."""
        found: dict[str, None] = {}
        for root in self.roots:
            folder = root + package.replace(".", "/") + "/" if package else root
            for path in (*self.files, *self.files.beside):
                if path.startswith(folder) and path.endswith(".py"):
                    name = path[len(folder) :].removesuffix(".py").removesuffix("/__init__").replace("/", ".")
                    if name != "__init__" and (deep or "." not in name):
                        found[name] = None
            if found:
                break
        yield from found

    def import_by_name(self, site: Site, name: Abstract, package: Abstract | None = None) -> Abstract:
        """``importlib.import_module(name, package)``"""
        found: list[Abstract] = []
        for one in options(name):
            text = plain(one)
            names = [text] if isinstance(text, str) and text else self._meant(one, site, package)
            for each in names:
                module = self.import_name(self._absolute(each, package))
                self.unknown_module(site, module)
                found.append(module)
            if not names:
                self.unfollow(site, f"`{site.shown}`", "which module it imports is known only when it runs")
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
        several = (f"{above}.{one}" for one in self.modules_below(above, True))
        return [one for one in several if re.fullmatch(form, one)][:_MANY]
