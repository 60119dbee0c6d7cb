"""Import statements: what they bind, and what is told of modules that are not there."""

from __future__ import annotations

import ast
from abc import abstractmethod

from stockade.code.python import known
from stockade.code.python.loading import Loading
from stockade.code.python.values import (
    Abstract,
    Array,
    External,
    Frame,
    Later,
    Module,
    Site,
    join,
    texts,
)


class Imports(Loading):
    """Runs import statements."""

    @abstractmethod
    def bind(self, name: str, value: Abstract, frame: Frame) -> None:
        """A name gets a value."""

    def import_(self, node: ast.Import, frame: Frame) -> bool:
        for alias in node.names:
            found = self.import_name(alias.name)
            self.unknown_module(frame.module.site(node), found)
            if alias.asname:
                self.bind(alias.asname, found, frame)
            else:
                top = alias.name.partition(".")[0]
                self.bind(top, self.named_module(top), frame)
        return True

    def import_from(self, node: ast.ImportFrom, frame: Frame) -> bool:
        site = frame.module.site(node)
        name: str | None = node.module or ""
        if node.level:
            name = self.relative(frame.module, node.level, node.module or "")
            if name is None:
                self.unfollow(site, f"`{site.shown}`", "it leads outside of the function's source")
                return True
        above: Abstract = self.import_name(name) if name else self.root_package(frame.module)
        self.unknown_module(site, above)
        for alias in node.names:
            if alias.name == "*":
                self._all_of(site, above, name or "", frame)
                continue
            self.bind(alias.asname or alias.name, self._imported(site, above, name or "", alias.name), frame)
        return True

    def _all_of(self, site: Site, above: Abstract, package: str, frame: Frame) -> None:
        """``from package import *``: what ``__all__`` lists, otherwise what has no underscore before it."""
        if not isinstance(above, Module):
            return
        listed = above.globals.get("__all__")
        names = [*texts(join(*listed.items))] if isinstance(listed, Array) and listed.items else []
        for key in [*above.globals]:
            if not key.startswith("_"):
                self.bind(key, above.globals[key], frame)
        for key in names:
            if key.startswith("_") or key not in above.globals:
                self.bind(key, self._imported(site, above, package, key), frame)

    def root_package(self, module: Module) -> Abstract:
        """What ``from . import x`` is about at the root, where there is no package."""
        return Module("", module.source, module.tree, module.lines, True, {})

    def _imported(self, site: Site, above: Abstract, package: str, name: str) -> Abstract:
        if isinstance(above, Module):
            if name in above.globals:
                return above.globals[name]
            full = f"{package}.{name}" if package else name
            if self.module_path(full) is not None or self.is_folder(full):
                found = self.named_module(full)
                above.globals.setdefault(name, found)
                return found
            if above.loading:
                return Later(above, name)
            return self.attribute(site, above, name)
        return self.attribute(site, above, name)

    def unknown_module(self, site: Site, found: Abstract) -> None:
        """An import that leads to no file, and not to anything that we know to leave AWS alone."""
        if not isinstance(found, External):
            return
        top = found.path.partition(".")[0]
        service = known.BY_THEMSELVES.get(top)
        if service is not None:
            self.unfollow(site, f"`{top}`", "it calls AWS by itself, and is not followed", service, once=True)
        if known.harmless(top) or known.able(top):
            return
        calls = self.calls_aws(top)
        if calls is None:
            reason = "it is not among the function's files, and what it calls is not known"
            self.unfollow(site, f"`{top}`", reason, once=True)
        elif calls:
            reason = "this package from elsewhere uses the SDK, and is not followed"
            self.unfollow(site, f"`{top}`", reason, once=True)
