"""Comments that speak to Stockade, in Terraform's native syntax and in JSON, with what they are about.

A comment is one only where Terraform says so: what looks like one in a string, a heredoc or a
template is text. One pass over the bytes, whatever they are; files that never say "stockade" cost
nothing but the search for that word.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Final

from stockade.model.remark import SILENCES, SPEAKS, Remark
from stockade.patterns import lazy_regex
from stockade.read.terraform import tree as t
from stockade.read.terraform.lexemes import NAME
from stockade.source import Span, decode

_FLAGS: Final = re.ASCII | re.VERBOSE
_LEAVES_OUT: Final = lazy_regex(r"(?:tfsec|trivy):ignore:([\w-]++)")

_CODE: Final = lazy_regex(
    rf"""(")                                 # 1 a string opens
      | ((?:\#|//)[^\n]*+)                     # 2 a comment up to the line's end
      | (/\*(?:[^*]++|\*(?!/))*+(?:\*/)?+)     # 3 a comment between marks
      | <<-?+({NAME})\r?\n                     # 4 a heredoc opens
      | (\{{)                                  # 5
      | (\}})                                  # 6""",
    _FLAGS,
)
_STRING: Final = lazy_regex(r'\\[^\n] | (") | ((?:(?<!\$)\$|(?<!%)%)\{) | (\n)', _FLAGS)
_HEREDOC: Final = lazy_regex(rf"\n[ \t]*+({NAME})[ \t]*+(?=\r?(?:\n|\Z)) | ((?:(?<!\$)\$|(?<!%)%)\{{)", _FLAGS)
_BLANK: Final = lazy_regex(r"[ \t\r]*+")
_LINE_END: Final = lazy_regex("\n")
_QUOTE: Final = '"'


def remarks(file: t.File) -> list[Remark]:
    """The comments of a parsed file that begin with ``stockade:``, in their order, and what silences others."""
    source = file.source
    silencing = any(one in source.data for one in (b"checkov:skip", b"tfsec:ignore", b"trivy:ignore"))
    if not silencing and b"stockade" not in source.data:
        return []
    if source.path.endswith(".json"):
        from stockade.read.terraform.json_syntax import notes

        said = ((_addressed(text), place, scope) for text, place, scope in notes(source))
        return [Remark(text, place, scope) for text, place, scope in said if text is not None]
    lines = [0, *(found.end() for found in _LINE_END.finditer(source.text))]
    found = list(comments(source.text))
    silenced = list(_silenced(file, found)) if silencing else []
    texts = [_addressed(_inside(decode(source.text[start:end]))) for start, end in found]
    spoken = [
        (text, place, line)
        for text, place, line in zip(texts, found, _about(source.text, found, lines), strict=True)
        if text is not None
    ]
    ends = _reaches(file, sorted({line for _, _, line in spoken if line is not None}))
    return [
        Remark(
            text, Span(source, start, end), Span(source, *((end, end) if line is None else (line, ends[line])))
        )
        for text, (start, end), line in spoken
    ] + silenced


def _silenced(file: t.File, found: Sequence[tuple[int, int]]) -> Iterator[Remark]:
    """Where the owner told Checkov, tfsec or Trivy to leave something out, and of which block.

    Checkov's comments stand in the block and may give a reason; the others' do not, and may stand above it.
    """
    source = file.source
    for start, end in found:
        text = _inside(decode(source.text[start:end])).strip()
        said = SILENCES.match(text)
        checks = [(said[1], " ".join(said[2].split()))] if said else []
        checks += [(one, "") for one in _LEAVES_OUT.findall(text)]
        if not checks:
            continue
        block = next((one for one in file.body.blocks if one.start <= start < one.end), None)
        if block is None and not said:
            above = (one for one in file.body.blocks if start < one.start)
            block = next((one for one in above if source.text.count("\n", end, one.start) <= _ABOVE), None)
        if block:
            place, scope = Span(source, start, end), Span(source, block.start, block.end)
            for check, reason in checks:
                yield Remark(reason, place, scope, check)


_ABOVE: Final = 4
"""How many lines above a block its comments may begin, of which there may be several."""


def comments(text: str) -> Iterator[tuple[int, int]]:
    """Where the comments of a native text stand, without the ends of their lines."""
    within: list[str | int] = [0]  # what is open: code and its open braces, a string, a heredoc by its name
    at = 0
    while True:
        inner = within[-1]
        if isinstance(inner, int):
            found = _CODE.search(text, at)
            if found is None:
                return
            at = found.end()
            match found.lastindex:
                case 1:
                    within.append(_QUOTE)
                case 4:
                    within.append(found[4])
                    at -= 1  # the end of this line may begin the line that closes it
                case 5:
                    within[-1] = inner + 1
                case 6:
                    if inner:
                        within[-1] = inner - 1
                    elif len(within) > 1:
                        within.pop()
                case _:
                    yield found.start(), at - (text[at - 1] == "\r")
            continue
        found = (_STRING if inner == _QUOTE else _HEREDOC).search(text, at)
        if found is None:
            return
        at = found.end()
        if found.lastindex == 2:
            within.append(0)
        elif inner == _QUOTE:
            if found.lastindex is not None:  # a string that its line does not close is broken and ends there
                within.pop()
        elif found[1] == inner:
            within.pop()


def _addressed(comment: str) -> str | None:
    """What a comment says to Stockade, on one line; ``None`` where it does not speak to it."""
    found = SPEAKS.match(comment.strip())
    return " ".join(found[1].split()) if found else None


def _inside(comment: str) -> str:
    if comment.startswith("/*"):
        return comment[2:].removesuffix("*/")
    return comment.lstrip("#/")


def _about(text: str, found: Sequence[tuple[int, int]], lines: Sequence[int]) -> list[int | None]:
    """For each comment, the start of the line of code it is about; ``None`` where it stands above none.

    ``lines`` are the starts of all lines. A comment is about the code before it on its line, or else
    about what follows it, over other comments but over no empty line.
    """
    starts = {start: index for index, (start, _) in enumerate(found)}
    below: list[int | None] = [None] * len(found)
    for index in range(len(found) - 1, -1, -1):
        at = _skip(text, found[index][1])
        if text[at : at + 1] == "\n":
            at = _skip(text, at + 1)
        if at in starts:
            below[index] = below[starts[at]]
        elif at < len(text) and text[at] != "\n":
            below[index] = lines[bisect_right(lines, at) - 1]
    out: list[int | None] = []
    seen = 0  # how far it is known whether there is code on the line
    beside: int | None = None  # the line, if there is
    for index, (start, end) in enumerate(found):
        line = lines[bisect_right(lines, start) - 1]
        if beside != line and text[max(line, seen) : start].strip(" \t\r\xef\xbb\xbf"):
            beside = line
        out.append(line if beside == line else below[index])
        seen = end
    return out


def _skip(text: str, at: int) -> int:
    found = _BLANK.match(text, at)
    return found.end() if found else at


def _reaches(file: t.File, lines: Sequence[int]) -> dict[int, int]:
    """Where what begins on each line ends, or else the line itself; ``lines`` are their starts, sorted."""
    text = file.source.text
    stops = []
    for line in lines:
        stop = text.find("\n", line)
        stops.append(stop if stop >= 0 else len(text))
    ends = list(stops)
    for top in (*file.body.attributes.values(), *file.body.blocks):
        for node in t.walk(top):
            index = bisect_right(lines, node.start) - 1
            if index >= 0 and node.start <= stops[index] and node.end > ends[index]:
                ends[index] = node.end
    return dict(zip(lines, ends, strict=True))
