"""TOML with places: what a file says, and on which line it says it, for messages a person can follow."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final, TypeAlias

from stockade.errors import UsageError
from stockade.patterns import lazy_regex
from stockade.source import Source, Span

Key: TypeAlias = tuple[str | int, ...]
"""The way to a value: names of tables and keys, numbers of elements."""

_NAME: Final = r"""(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')"""
_NAMES: Final = rf"{_NAME}(?:[ \t]*+\.[ \t]*+{_NAME})*+"
_LINE: Final = lazy_regex(
    rf"""^[ \t]*+(?:
      \[\[[ \t]*+({_NAMES})[ \t]*+\]\]      # 1 an element of an array of tables
    | \[[ \t]*+({_NAMES})[ \t]*+\]          # 2 a table
    | ({_NAMES})[ \t]*+=[ \t]*+             # 3 a key
      (\"\"\"|''')?+                        # 4 its text goes over several lines
    )""",
    re.VERBOSE | re.MULTILINE | re.ASCII,
)
_PART: Final = lazy_regex(_NAME, re.ASCII)
_WHERE: Final = lazy_regex(r" \(at (?:line (\d+), column \d+|end of document)\)$")


def parse(source: Source) -> dict[str, Any]:
    """The file's tables. ``UsageError`` with the line where it is not TOML."""
    import tomllib

    try:
        return tomllib.loads(source.data.decode())
    except UnicodeDecodeError:
        raise UsageError(f"`{source.path}` is not TOML: it is not UTF-8") from None
    except RecursionError:
        raise UsageError(f"`{source.path}` is not TOML that can be read: it is nested too deeply") from None
    except tomllib.TOMLDecodeError as error:
        text = str(error)
        found = _WHERE.search(text)
        line = int(found[1]) if found and found[1] else source.data.rstrip().count(b"\n") + 1
        message = _WHERE.sub("", text).replace("'", "`")
        raise UsageError(f"`{source.path}:{line}` is not TOML: {message[:1].lower()}{message[1:]}") from None


class Places:
    """Where the tables and keys of a file stand. Values inside of values stand where these do."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._spans: dict[Key, Span] = {}
        for key, span in _written(source):
            self._spans.setdefault(key, span)

    def of(self, key: Key) -> Span:
        """The line of a key, or of the nearest table around it that has one."""
        while key and key not in self._spans:
            key = key[:-1]
        return self._spans.get(key, Span(self._source, 0, 0))


def _written(source: Source) -> Iterator[tuple[Key, Span]]:
    text = source.text
    table: Key = ()
    counts: Counter[Key] = Counter()
    at = 0
    while found := _LINE.search(text, at):
        at = found.end()
        if found[1]:
            name = _resolved(_names(found[1]), counts)
            table = (*name, counts[name])
            counts[name] += 1
            key = table
        elif found[2]:
            key = table = _resolved(_names(found[2]), counts)
        else:
            key = (*table, *_names(found[3]))
            if found[4]:
                closed = text.find(found[4], at)
                at = closed + 3 if closed >= 0 else len(text)
        start = found.start(found.lastindex if found.lastindex and found.lastindex < 4 else 3)
        stop = text.find("\n", start)
        line = text[start : stop if stop >= 0 else len(text)].rstrip()
        begin = text.rfind("\n", 0, start) + 1 if found[1] or found[2] else start
        yield key, Span(source, begin, start + len(line))


def _resolved(names: Key, counts: Counter[Key]) -> Key:
    """A table's name, with the number of the last element for every array of tables on the way."""
    out: Key = ()
    for index, name in enumerate(names):
        out = (*out, name)
        if counts[out] and index < len(names) - 1:
            out = (*out, counts[out] - 1)
    return out


def _names(text: str) -> Key:
    return tuple(found.strip("\"'") for found in _PART.findall(text))
