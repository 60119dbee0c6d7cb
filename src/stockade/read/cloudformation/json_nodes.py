"""A template in JSON as nodes: places to the byte, names that stand twice told."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from stockade.json_text import ESCAPE, ESCAPES, WORDS
from stockade.patterns import lazy_regex
from stockade.read.cloudformation.intrinsics import KNOWN
from stockade.read.cloudformation.nodes import DEEPEST, BrokenError, Fields, Items, Node, Problem, Scalar
from stockade.source import Source, Span, decode

# The text has one character for each byte, so that positions are byte offsets.
_TOKEN: Final = lazy_regex(
    r'[ \t\n\r]*+(?:"([^"\\\x00-\x1f]*+)"|([{\[\]}:,])|"((?:[^"\\\x00-\x1f]|\\.)*+)"'
    r"|(-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?)|(true|false|null))"
)
_PLAIN, _MARK, _ESCAPED, _NUMBER, _WORD = range(1, 6)
_SPACE: Final = lazy_regex(r"[ \t\n\r]*+")


def parse_json(source: Source, problems: list[Problem]) -> Node:
    """The document of a file. Raises ``BrokenError`` where it is no JSON."""
    reader = _Reader(source, problems)
    start = 3 if source.data.startswith(b"\xef\xbb\xbf") else 0
    node, at = reader.value(start, 0)
    end = _SPACE.match(reader.text, at)
    if end and end.end() < len(reader.text):
        raise reader.broken(end.end(), "something follows the document")
    return node


class _Reader:
    def __init__(self, source: Source, problems: list[Problem]) -> None:
        self.source = source
        self.text = source.text
        self.problems = problems

    def broken(self, at: int, message: str) -> BrokenError:
        space = _SPACE.match(self.text, at)
        at = min(space.end() if space else at, len(self.text))
        return BrokenError(f"its JSON is broken: {message}", Span(self.source, at, at))

    def value(self, at: int, depth: int) -> tuple[Node, int]:
        found = _TOKEN.match(self.text, at)
        if found is None:
            raise self.broken(at, "a value is missing")
        kind, end = found.lastindex, found.end()
        if kind == _PLAIN:
            return Scalar(self.source, found.start(1) - 1, end, decode(found[1])), end
        if kind == _MARK:
            if found[2] not in "{[":
                raise self.broken(end - 1, "a value is missing")
            if depth >= DEEPEST:
                raise self.broken(end - 1, f"it is nested more than {DEEPEST} deep")
            return self.fields(end, depth + 1) if found[2] == "{" else self.items(end, depth + 1)
        if kind == _ESCAPED:
            return Scalar(self.source, found.start(3) - 1, end, _unescaped(found[3])), end
        if kind == _NUMBER:
            return Scalar(self.source, found.start(4), end, _number(found[4])), end
        return Scalar(self.source, found.start(5), end, WORDS[found[5]]), end

    def items(self, at: int, depth: int) -> tuple[Node, int]:
        start, items = at - 1, []
        mark, after = self.mark(at)
        while mark != "]":
            node, at = self.value(at, depth)
            items.append(node)
            mark, after = self.mark(at)
            if mark == ",":
                at = after
            elif mark != "]":
                raise self.broken(at, "a comma or `]` is missing")
        return Items(self.source, start, after, items), after

    def fields(self, at: int, depth: int) -> tuple[Node, int]:
        start = at - 1
        members: dict[str, Node] = {}
        keys: dict[str, tuple[int, int]] = {}
        mark, after = self.mark(at)
        while mark != "}":
            key = _TOKEN.match(self.text, at)
            if key is None or key.lastindex not in (_PLAIN, _ESCAPED):
                raise self.broken(at, "a quoted name is missing")
            name = decode(key[1]) if key.lastindex == _PLAIN else _unescaped(key[3])
            place = key.start(key.lastindex) - 1, key.end()
            mark, after = self.mark(key.end())
            if mark != ":":
                raise self.broken(key.end(), "a colon is missing")
            node, at = self.value(after, depth)
            if name in members:
                what = f"the first `{name}` in `{self.source.path}`"
                reason = "the same name stands twice in one object; the last was read"
                self.problems.append(Problem(what, reason, Span(self.source, *place), "remove one of them"))
            members[name] = node
            keys[name] = place
            mark, after = self.mark(at)
            if mark == ",":
                at = after
            elif mark != "}":
                raise self.broken(at, "a comma or `}` is missing")
        if len(members) == 1:
            (name,) = members
            if name.startswith("Fn::") and name not in KNOWN and not name.startswith("Fn::ForEach::"):
                what, place = f"`{name}` in `{self.source.path}`", keys[name]
                reason = "CloudFormation has no such function"
                self.problems.append(Problem(what, reason, Span(self.source, *place)))
        return Fields(self.source, start, after, members, keys), after

    def mark(self, at: int) -> tuple[str, int]:
        """The next character that is no white space, and the place after it."""
        space = _SPACE.match(self.text, at)
        at = space.end() if space else at
        if at >= len(self.text):
            raise self.broken(at, "it ends too early")
        return self.text[at], at + 1


def _number(text: str) -> int | Decimal:
    if len(text) < 100 and text.lstrip("-").isdigit():
        return int(text)
    return Decimal(text)


def _unescaped(raw: str) -> str:
    text = ESCAPE.sub(lambda m: chr(int(m[1], 16)) if m[1] else ESCAPES.get(m[2], m[2]), decode(raw))
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
