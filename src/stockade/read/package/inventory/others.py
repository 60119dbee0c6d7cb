"""What Go writes into binaries and ``go.mod``, and the lock files of Ruby and Rust."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Final

from stockade.model.dependency import Component, Evidence
from stockade.model.package import Package
from stockade.read.package.inventory.spans import Places
from stockade.source import Source, Span
from stockade.value import Written

_MAGIC: Final = b"\xff Go buildinf:"
_INLINE: Final = 0x2
_HEADER: Final = 32
_SENTINEL: Final = 16


def go_binary(source: Source, path: str) -> Iterator[Component]:
    """The modules that a Go binary was built of, and the standard library it was built with.

    Since Go 1.18 the linker writes them behind a mark of sixteen bytes' alignment, each text with its length.
    """
    data = source.data
    at = data.find(_MAGIC)
    while at >= 0 and at % 16:
        at = data.find(_MAGIC, at + 1)
    if at < 0 or len(data) < at + _HEADER or not data[at + 15] & _INLINE:
        return
    version, next_at = _text(data, at + _HEADER)
    modules, _ = _text(data, next_at)
    origin = Written(Span(Source(source.path, b""), 0, 0))
    if found := re.match(rb"go(\d+\.\d+(?:\.\d+)?)", version):
        yield Component("Go", "stdlib", found[1].decode(), Evidence.INSTALLED, source.path, origin)
    lines = modules[_SENTINEL:-_SENTINEL].decode("utf-8", "replace").splitlines()
    replaced = [line.split("\t") for line in lines]
    for index, fields in enumerate(replaced):
        if fields[0] != "dep" or len(fields) < 3:
            continue
        following = replaced[index + 1] if index + 1 < len(replaced) else []
        used = following if following[:1] == ["=>"] and len(following) >= 3 else fields
        integrity = used[3] if len(used) > 3 else ""
        named = used[2].removeprefix("v")
        yield Component("Go", used[1], named, Evidence.INSTALLED, source.path, origin, integrity=integrity)


def _text(data: bytes, at: int) -> tuple[bytes, int]:
    length, shift = 0, 0
    for _ in range(10):
        if at >= len(data):
            return b"", at
        byte = data[at]
        at += 1
        length |= (byte & 0x7F) << shift
        shift += 7
        if not byte & 0x80:
            break
    return data[at : at + min(length, 10_000_000)], at + length


def go_mod(source: Source, package: Package) -> Iterator[Component]:
    """``go.mod``: since Go 1.17 it has all modules that are built in, each in the version that is used."""
    text = source.text
    replaced = dict(re.findall(r"^\s*(?:replace\s+)?(\S+)(?:\s+v\S+)?\s+=>\s+(\S+\s+v\S+)", text, re.MULTILINE))
    block = False
    at = 0
    for line in text.splitlines(keepends=True):
        plain = line.strip()
        if plain.startswith("require ("):
            block = True
        elif plain == ")":
            block = False
        elif found := re.match(r"(\s*(?:require\s+)?)(\S+)\s+v(\S+)", line):
            if block or plain.startswith("require "):
                start = at + found.end(1)
                name, version = found[2], found[3]
                if name in replaced:
                    name, _, version = replaced[name].partition(" ")
                    version = version.strip().removeprefix("v")
                place = Written(Span(source, start, at + found.end(3)))
                direct = "// indirect" not in line
                yield Component("Go", name, version, Evidence.LOCKED, source.path, place, direct=direct)
        at += len(line)


def gemfile_lock(source: Source, package: Package) -> Iterator[Component]:
    """``Gemfile.lock``: the lines of ``specs``."""
    for found in re.finditer(
        r"^    ([A-Za-z][\w.-]*) \(([\d][\w.]*)(?:-[\w-]+)?\)$", source.text, re.MULTILINE
    ):
        place = Written(Span(source, found.start(1), found.end(2)))
        yield Component("RubyGems", found[1], found[2], Evidence.LOCKED, source.path, place)


def cargo_lock(source: Source, package: Package) -> Iterator[Component]:
    """``Cargo.lock``: what comes from a registry."""
    places = Places(source)
    for one in tomllib.loads(source.data.decode("utf-8")).get("package", []):
        if str(one.get("source", "")).startswith("registry+"):
            place = places.of(f'name = "{one["name"]}"')
            yield Component("crates.io", one["name"], one["version"], Evidence.LOCKED, source.path, place)
