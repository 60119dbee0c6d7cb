"""Changed files as a unified diff, which ``git apply`` and ``patch -p1`` take as it is."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from difflib import SequenceMatcher
from typing import Final

from stockade.patched import Changed
from stockade.patterns import lazy_regex

_CONTEXT: Final = 3
_NO_NEWLINE: Final = b"\\ No newline at end of file\n"
_PLAIN: Final = lazy_regex(r"[^\x00-\x1f\"\\\x7f-\U0010ffff]*")
_MASK: Final = b"\xe2\x80\xa6"


def unified(file: Changed, path: str, hidden: Collection[bytes] = (), context: int = _CONTEXT) -> bytes:
    """The diff of one file under a path (POSIX). With the texts in ``hidden`` masked nothing takes it."""
    old, new = _lines(file.old), _lines(file.new)
    out = [b"--- " + _name("a", path), b"+++ " + _name("b", path)]
    for group in SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(context):
        first, last = group[0], group[-1]
        before, after = _range(first[1], last[2]), _range(first[3], last[4])
        out.append(f"@@ -{before} +{after} @@\n".encode())
        for kind, a, b, c, d in group:
            if kind == "equal":
                out += _marked(b" ", old[a:b], hidden)
                continue
            out += _marked(b"-", old[a:b], hidden)
            out += _marked(b"+", new[c:d], hidden)
    return b"".join(out)


def _lines(data: bytes) -> list[bytes]:
    return re.findall(rb"[^\n]*\n|[^\n]+", data)


def _marked(sign: bytes, lines: Collection[bytes], hidden: Collection[bytes]) -> Iterator[bytes]:
    for line in lines:
        for text in hidden:
            line = line.replace(text, text[:4].rstrip(b"\x80-\xff") + _MASK)
        yield sign + line
        if not line.endswith(b"\n"):
            yield b"\n" + _NO_NEWLINE


def _range(start: int, end: int) -> str:
    """Lines from 1 and their number, as diffs have them: of an empty range the line before it."""
    length = end - start
    if length == 1:
        return str(start + 1)
    return f"{start + 1 if length else start},{length}"


def _name(side: str, path: str) -> bytes:
    """A file's name as git writes it: quoted where it holds odd signs, a tab behind where it has spaces."""
    shown = f"{side}/{path}"
    if _PLAIN.fullmatch(shown):
        return f"{shown}\t\n".encode() if " " in shown else f"{shown}\n".encode()
    escaped = "".join(_escaped(one) for one in shown.encode("utf-8", "surrogateescape"))
    return f'"{escaped}"\n'.encode()


def _escaped(byte: int) -> str:
    if byte in (0x22, 0x5C):
        return "\\" + chr(byte)
    return chr(byte) if 0x20 <= byte < 0x7F else f"\\{byte:03o}"
