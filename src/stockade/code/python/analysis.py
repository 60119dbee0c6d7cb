"""From a function's files and the name of its handler to the facts: the order in which things are looked at."""

from __future__ import annotations

from collections.abc import Callable
from posixpath import basename, dirname

from stockade.code.facts import Note, Source
from stockade.code.files import Files
from stockade.code.python.doubts import EVENT
from stockade.code.python.externals import CONTEXT
from stockade.code.python.injection import Injection
from stockade.code.python.machine import BEYOND
from stockade.code.python.values import (
    NOTHING_KNOWN,
    Abstract,
    Arguments,
    Bound,
    Class,
    External,
    Function,
    Instance,
    Later,
    Made,
    Module,
    Opaque,
    Partial,
    Site,
    options,
)
from stockade.errors import BudgetExceeded
from stockade.source import Source as File
from stockade.source import Span
from stockade.value import Written

OTHERS = 200
"""How many files are looked at where there is no handler to begin from."""

_TESTS = ("test_", "conftest.py", "setup.py", "noxfile.py")
_TEST_FOLDERS = frozenset(("test", "tests", "testing", "__tests__", "node_modules"))


def analyse(files: Files, handler: str) -> Source:
    """What the Python source behind a handler does. Nothing of it is executed.

    ``files`` are the function's, ``handler`` is what Lambda is told (``app.handler``, ``pkg/mod.fn``). What
    could not be followed is in the facts as ``unfollowed``; nothing is raised for anything the source holds.
    """
    return _Analysis(files).of(handler)


class _Analysis(Injection):
    """One analysis, from its handler to what is left over."""

    def of(self, handler: str) -> Source:
        place = self._guarded(lambda: self._handler(handler))
        self._beyond()
        return Source(
            handler=place,
            calls=self.calls(),
            unfollowed=self.unfollowed(),
            notes=tuple(self.notes[name] for name in sorted(self.notes)),
            environment=self.environment,
            defaults=self.defaults,
            files=tuple(self.read),
        )

    def _guarded(self, look: Callable[[], Span | None]) -> Span | None:
        """Look at something within the bounds; running out of them is told."""
        where = Site(File("", b""), 0, 0)
        try:
            return look()
        except BudgetExceeded as error:
            self.unfollow(self._somewhere(where), "the rest of the source", error.message)
        except RecursionError:
            # Python's own limit on nesting, met outside of any function: the rest goes on without this part.
            self.unfollow(self._somewhere(where), "a part of the source", "it is nested too deeply")
        return self._place

    _place: Span | None = None

    def _somewhere(self, otherwise: Site) -> Site:
        module = next((one for one in self.modules.values() if one is not None), None)
        return Site(module.source, 0, 0) if module is not None else otherwise

    # ------------------------------------------------------------------------------------------ handler

    def _handler(self, handler: str) -> Span | None:
        path, name = self._file(handler)
        if path is None:
            where = handler.rpartition(".")[0]
            at = Site(self.files.one_of(lambda one: one.endswith(".py"), handler), 0, 0)
            self.unfollow(at, f"the handler `{handler}`", f"there is no file of a module `{where}`")
            return None
        self.base = dirname(path)
        module = self.load(_module_name(path), path)
        if module is None:
            return None
        value = self._global_named(module, name)
        if value is None or isinstance(value, Opaque):
            reason = (
                f"`{module.source.path}` defines no `{name}`"
                if value is None
                else "what it is was not followed"
            )
            self.unfollow(Site(module.source, 0, 0), f"the handler `{handler}`", reason)
            return None
        self._place = self._span(module, value, name)
        site = Site(module.source, self._place.start, self._place.end)
        self.entries.add(site.span)
        with _Every(self):
            lessons = -1
            for _ in range(2):
                if lessons == self.lessons:
                    break
                lessons = self.lessons
                self.call(
                    site,
                    value,
                    Arguments([Opaque(reason=EVENT), Made(CONTEXT)]),
                )
                self._drain()
        return self._place

    def _drain(self) -> None:
        """Call what was handed over to be called."""
        done: dict[object, Abstract] = {}
        while self.pending:
            value, arguments, reached, way = self.pending.popleft()
            key = (_key(value), id(arguments) if arguments.positional else 0, reached)
            if key in done:
                continue
            done[key] = value
            before, self.way = self.way, list(way)
            site = self._callback_site(value)
            self.entries.add(site.span)
            with self.under(reached=reached):
                self.call(site, value, arguments)
            self.way = before

    def _callback_site(self, value: Abstract) -> Site:
        match value:
            case Function():
                return value.module.site(value.node)
            case Bound(function, _):
                return function.module.site(function.node)
            case Partial(target, _):
                return self._callback_site(target)
            case Class():
                return value.module.site(value.node)
            case _:
                return Site(File("", b""), 0, 0)

    def _file(self, handler: str) -> tuple[str | None, str]:
        """The file of the handler's module, and the name in it."""
        module, _, name = handler.rpartition(".")
        inside = module.replace(".", "/").strip("/")
        for path in (f"{module}.py", f"{inside}.py", f"{inside}/__init__.py"):
            if path in self.files:
                return path, name
        for root in self.roots[1:]:
            for path in (f"{root}{inside}.py", f"{root}{inside}/__init__.py"):
                if path in self.files:
                    return path, name
        ends = [path for path in self.files if path.endswith(f"/{inside}.py") and "site-packages" not in path]
        return (ends[0] if len(ends) == 1 else None), name

    def _global_named(self, module: Module, name: str) -> Abstract | None:
        value = module.globals.get(name)
        return value.module.globals.get(value.name) if isinstance(value, Later) else value

    def _span(self, module: Module, value: Abstract, name: str) -> Span:
        for one in options(value):
            match one:
                case Function():
                    return one.module.site(one.node).span
                case Bound(function, _):
                    return function.module.site(function.node).span
                case Class():
                    return one.module.site(one.node).span
                case Instance() | Made() | External() | Partial():
                    break
        for node in module.tree.body:
            names = {getattr(target, "id", "") for target in getattr(node, "targets", ())}
            if name in names:
                return module.site(node).span
        return Span(module.source, 0, 0)

    # --------------------------------------------------------------------------------------- left over

    def _beyond(self) -> None:
        """What no way leads to from the handler. Without a handler anything may be reached."""
        self.left = BEYOND
        self.way = []
        found = self._place is not None
        with self.under(reached=not found):
            self._guarded(self._others)

    def _others(self) -> None:
        with _Every(self):
            others = [path for path in self.files if self._is_other(path)]
            if self._place is not None and others:
                # They are other functions' as a rule: each would be read as often as there are functions.
                many = f"{len(others)} other file{'s' if len(others) > 1 else ''}"
                origin = Written(Span(self._place.source, 0, 0))
                self.notes["others"] = Note(many, "the handler does not import what is in there", origin)
            elif others:
                for path in others[:OTHERS]:
                    self.load(_module_name(path), path)
                if len(others) > OTHERS:
                    left = Site(File(others[OTHERS], b""), 0, 0)
                    self.unfollow(
                        left, f"{len(others) - OTHERS} files", f"more than {OTHERS} are not looked at"
                    )
            self._drain()
            for function in list(self.functions.values()):
                # What mentions no SDK can only use clients that it is handed, and nobody hands it any.
                if id(function.node) not in self.visited and (
                    self._place is None or _may_call(function.module.source)
                ):
                    owner = function.owner
                    given = Arguments(open=True)
                    if owner is not None and function.kind != "static":
                        first: Abstract = owner if function.kind == "class" else self._object(owner)
                        given = Arguments([first], {}, True)
                    site = function.module.site(function.node)
                    self.entries.add(site.span)
                    self.call(site, function, given)
            self._drain()

    def _is_other(self, path: str) -> bool:
        """Whether a file of the project's own was not imported by anything so far."""
        if not path.endswith(".py") or path in self.modules or not _relevant(path):
            return False
        return path.partition("/")[0] not in self.vendored and "site-packages/" not in path

    def _object(self, owner: Class) -> Abstract:
        found = self._promised_object(owner.module.site(owner.node), owner)
        return found if found is not None else NOTHING_KNOWN


class _Every:
    """While it lasts, what runs does so at each invocation."""

    def __init__(self, machine: Injection) -> None:
        self._machine = machine

    def __enter__(self) -> None:
        self._before = self._machine.every
        self._machine.every = True

    def __exit__(self, *_: object) -> None:
        self._machine.every = self._before


def _key(value: Abstract) -> object:
    match value:
        case Bound(function, owner):
            return id(function), id(owner)
        case _:
            return id(value)


def _module_name(path: str) -> str:
    name = path.removesuffix(".py").removesuffix("/__init__")
    return "" if name == "__init__" else name.replace("/", ".")


def _may_call(source: File) -> bool:
    return b"boto" in source.data or b"aws" in source.data.lower()


def _relevant(path: str) -> bool:
    name = basename(path)
    return (
        not name.startswith(_TESTS)
        and not name.endswith("_test.py")
        and _TEST_FOLDERS.isdisjoint(path.split("/"))
    )
