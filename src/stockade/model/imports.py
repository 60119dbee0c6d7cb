"""What a function's own source imports and does not ship: third parties' packages that only a build can add.

Source is searched by lines, not parsed. What stands at the left margin is imported when the module is; what is
imported elsewhere may never be, and says nothing. Python and Node.js are told; of other runtimes nothing is
known here.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Final

from stockade.errors import StockadeError
from stockade.model.package import Entry, Form, Package
from stockade.patterns import lazy_regex
from stockade.records import record
from stockade.source import Span
from stockade.value import Origin, Written

MOST_BYTES: Final = 64_000_000
"""Bytes of one package's source that are searched."""

_PYTHON: Final = lazy_regex(
    rb"(?m)^(?:from[ \t]+([A-Za-z_]\w*)[\w.]*[ \t]+import\b|import[ \t]+([A-Za-z_][\w. \t,]*))"
)
_NODE: Final = lazy_regex(
    rb"(?m)^(?:import\s(?:[^'\"`;()]{0,400}\bfrom\s*)?|export\s[^'\"`;()]{0,400}\bfrom\s*"
    rb"|(?:const|let|var)\s[^'\"`;()]{0,400}=\s*require\()['\"]([^'\"\n]{1,200})['\"]"
)
_ROOTS: Final = lazy_regex(r"^python/(?:lib/python3\.\d+/site-packages/)?")
_WITH_BOTO3: Final = frozenset(
    ("boto3", "botocore", "s3transfer", "jmespath", "dateutil", "urllib3", "six", "awslambdaric", "bootstrap")
)
"""What Lambda's Python runtimes have: the SDK with what it needs, and the runtime's own client."""
_MODULES: Final = (".py", ".so", ".pyc", ".pyd")
_NODE_WORDS: Final = """
    assert async_hooks buffer child_process cluster console constants crypto dgram diagnostics_channel dns
    domain events fs http http2 https inspector module net os path perf_hooks process punycode querystring
    readline repl stream string_decoder sys timers tls trace_events tty url util v8 vm wasi worker_threads
    zlib
"""
BUILT_IN: Final = frozenset(_NODE_WORDS.split())
"""Modules that Node.js brings."""


@record
class Lack:
    """A module that is imported and that no package has, with where it is imported."""

    name: str
    origin: Origin


def lack(package: Package, layers: Sequence[Package], family: str | None, own: Iterable[Entry]) -> Lack | None:
    """The first import of a third party's package that neither a function's package nor its layers have.

    ``own`` are the files of the package that are its author's. ``None`` where there is none such, or where the
    runtime's family is not one whose imports are told.
    """
    match family:
        case "python":
            there = set(_python_modules(package, layers))
            return _first(package, own, (".py",), there)
        case "nodejs":
            there = set(_node_modules(package, layers))
            return _first(package, own, (".js", ".mjs", ".cjs"), there)
        case _:
            return None


def _first(package: Package, own: Iterable[Entry], endings: tuple[str, ...], there: set[str]) -> Lack | None:
    left = MOST_BYTES
    python = endings == (".py",)
    beside = _Beside(package)
    for entry in own:
        if not entry.path.endswith(endings) or entry.name.partition(".")[0] == "test":
            continue
        left -= entry.size
        if left < 0:
            return None
        try:
            source = package.read(entry.path)
        except StockadeError:
            continue  # other controls tell what could not be read
        for start, end, name in _python(source.data) if python else _node(source.data):
            if name not in there and not (python and beside.has(entry.path, name)):
                return Lack(name, Written(Span(source, start, end)))
    return None


def _python(data: bytes) -> Iterator[tuple[int, int, str]]:
    for found in _PYTHON.finditer(data):
        if found[1]:
            yield found.start(1), found.end(1), found[1].decode()
            continue
        at = found.start(2)
        for part in found[2].split(b","):
            name = part.split(b".")[0].split()
            if name:
                start = at + part.index(name[0])
                yield start, start + len(name[0]), name[0].decode()
            at += len(part) + 1


def _node(data: bytes) -> Iterator[tuple[int, int, str]]:
    for found in _NODE.finditer(data):
        text = found[1].decode("utf-8", "replace")
        parts = text.split("/")
        name = "/".join(parts[:2]) if text.startswith("@") else parts[0]
        if not text.startswith((".", "/", "node:", "#", "~", "@/", "@aws-sdk/", "@smithy/")):
            yield found.start(1), found.end(1), name


def _python_modules(package: Package, layers: Sequence[Package]) -> Iterator[str]:
    yield from sys.stdlib_module_names
    yield from _WITH_BOTO3
    if package.form is Form.INLINE:
        yield "cfnresponse"  # which Lambda puts beside code that stands in a template
    for path in package:
        yield _module(path)
    for layer in layers:
        for path in layer:
            if found := _ROOTS.match(path):
                yield _module(path[found.end() :])


class _Beside:
    """The modules in the directories that lead to a file: a handler may be started in any of them."""

    def __init__(self, package: Package) -> None:
        self._package = package

    @cached_property
    def _modules(self) -> set[tuple[str, str]]:
        """Every directory with each module in it."""
        out = set()
        for path in self._package:
            parts = path.split("/")
            for depth in range(1, len(parts)):
                out.add(("/".join(parts[:depth]), _module("/".join(parts[depth : depth + 2]))))
        return out

    def has(self, path: str, name: str) -> bool:
        folder = path.rpartition("/")[0]
        while folder:
            if (folder, name) in self._modules:
                return True
            folder = folder.rpartition("/")[0]
        return False


def _module(path: str) -> str:
    """The top-level module that a file is of: ``requests`` of ``requests/api.py`` and of ``requests.py``."""
    top, _, below = path.partition("/")
    return top if below or not top.endswith(_MODULES) else top.partition(".")[0]


def _node_modules(package: Package, layers: Sequence[Package]) -> Iterator[str]:
    yield from BUILT_IN
    if package.form is Form.INLINE:
        yield "cfn-response"
    yield "aws-sdk"
    for one in (package, *layers):
        for path in one:
            _, there, below = path.rpartition("node_modules/")
            if there:
                parts = below.split("/")
                yield "/".join(parts[:2]) if below.startswith("@") else parts[0]
