"""JSON written as text, with places and holes: a policy in a heredoc becomes a tree of values.

The text comes in pieces, as a template makes it: what was written, with where it was written, and
interpolated values. Every object, array and scalar gets the place it stands at in the file; a
value that nobody can know leaves a hole in its string, or is the unknown member or element itself.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final, TypeAlias

from stockade.patterns import lazy_regex
from stockade.records import record
from stockade.source import Source, Span
from stockade.source import decode as unicode_of
from stockade.value import (
    Hole,
    Known,
    Origin,
    Ref,
    Text,
    Unknown,
    Value,
    Written,
    elements_of,
    parts_of,
    structure,
    text_of,
)

Piece: TypeAlias = tuple[str, Source | None, int | None] | Known[Any] | Unknown
"""Known text with the source and byte offset it stands at (where that can be told), or a value."""

DEEPEST: Final = 200
"""How deep objects and arrays may nest; policies do it ten times."""

_LONGEST_INTEGER: Final = 1000
"""Digits an integer may have before it is kept as a ``Decimal``, whose making takes linear time."""

# The text is worked on with one character for each byte, so that positions are byte offsets; a
# hole is one character that no byte can be.
_HOLE: Final = "\ue000"
_SPACE: Final = r"[ \t\n\r]*+"
_PLAIN: Final = r'"([^"\\\x00-\x1f\ue000]*+)"'
_STRING: Final = r'"((?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4}))*+)"'
_VALUE: Final = lazy_regex(
    rf"{_SPACE}(?:{_PLAIN}|([{{\[])|{_STRING}|(-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?)"
    rf"|(true|false|null)|({_HOLE}))"
)
_PLAIN_VALUE, _OPEN, _STRING_VALUE, _NUMBER, _WORD, _UNKNOWN = range(1, 7)
_KEY: Final = lazy_regex(rf"{_SPACE}(?:{_PLAIN}|{_STRING}){_SPACE}:")
_SPACES: Final = lazy_regex(_SPACE)
_GLUED: Final = lazy_regex(r"[0-9A-Za-z.+\-\ue000]*+")
ESCAPE: Final = lazy_regex(r"\\(?:u([0-9A-Fa-f]{4})|(.))")
ESCAPES: Final = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
WORDS: Final[dict[str, bool | None]] = {"true": True, "false": False, "null": None}


class Repeated(dict[str, Value[Any]]):
    """An object in whose text a key stands more than once: the last one counts, ``earlier`` are the others."""

    earlier: tuple[tuple[str, Value[Any]], ...] = ()


@record
class Broken(Unknown):
    """A text of which everything is known, and which is not JSON; its origin is where it breaks."""


def decode(pieces: Sequence[Piece], origin: Origin) -> Value[Any]:
    """The tree behind JSON text: ``dict``, ``tuple``, ``str``, ``int``, ``Decimal``, ``bool``, ``None``.

    What has no place of its own has ``origin``. In an array an ``Unknown`` element stands for zero
    or more; an object of which a key cannot be known is unknown. Text that is not JSON is an
    ``Unknown`` that says where it breaks, and ``Broken`` where nothing of it is unknown. An object that says
    a key twice is ``Repeated``. Linear in the text; numbers are exact, and integral ones are ``int`` unless
    absurdly long.
    """
    reader = _Reader(pieces, origin)
    try:
        value, at = reader.value(0, 0)
        character, after = reader.after(at)
        if character and (character == _HOLE or reader.ends_in_hole(at)):
            return Unknown(reader.reason(after - 1 if character == _HOLE else at - 1), origin)
        if character:
            raise _BrokenError(after - 1, "something follows the document")
    except _BrokenError as broken:
        return reader.broken(broken)
    return value


def document(value: Value[Any]) -> Value[Any]:
    """The tree behind a string that holds JSON, with the best places there are.

    A structure that was kept wins; text that was read from a file as it is keeps its places there;
    otherwise every element has the string's origin. An ``Unknown`` stays one, unless enough of its
    text is known to be an object with holes. What is no string is its own tree.
    """
    kept = structure(value)
    if kept is not None:
        return kept if _is_closed(kept) else _opened(kept, [_MOST])
    match value:
        case Known(str() as text, Written(span)) if span.raw == text.encode("utf-8", "replace"):
            return decode(((text, span.source, span.start),), value.origin)
        case Known(str() as text, origin):
            return decode(((text, None, None),), origin)
        case Unknown(reason, origin, Text((str() as first, *_) as parts)) if first.lstrip().startswith(
            ("{", "[")
        ):
            return decode(
                tuple(
                    (part, None, None) if isinstance(part, str) else Unknown(reason, origin, Text((part,)))
                    for part in parts
                ),
                origin,
            )
        case _:
            return value


_MOST = 50_000
"""Values that are walked through for open ends, in all of a document; of what is beyond these stay unknown."""


def _is_closed(value: Value[Any]) -> bool:
    """Whether no list in a tree has an open end, as in nearly all: nothing has to be made anew then."""
    waiting = [value]
    seen = 0
    while waiting:
        one = waiting.pop()
        if isinstance(one, Unknown):
            if elements_of(one) is not None:
                return False
            continue
        inner = one.value
        if isinstance(inner, dict):
            waiting += inner.values()
        elif isinstance(inner, tuple):
            waiting += inner
        else:
            continue
        seen += len(inner)
        if seen > _MOST:
            return False
    return True


def _opened(value: Value[Any], left: list[int]) -> Value[Any]:
    """The tree with every list that has an open end as an array, in which an unknown is zero or more."""
    left[0] -= 1
    if left[0] < 0:
        return value
    items = elements_of(value)
    if items is not None:
        made = [_opened(item, left) for item in items]
        if isinstance(value, Unknown) or any(map(_differ, made, items)):
            return Known(tuple(made), value.origin)
    elif isinstance(value, Known) and isinstance(value.value, dict):
        members = {name: _opened(item, left) for name, item in value.value.items()}
        if any(map(_differ, members.values(), value.value.values())):
            return Known(members, value.origin)
    return value


def _differ(one: object, other: object) -> bool:
    return one is not other


class _BrokenError(Exception):
    """The text is not JSON; ``at`` is where."""

    def __init__(self, at: int, message: str) -> None:
        super().__init__(message)
        self.at = at
        self.message = message


class _Reader:
    """One text being read: ``text`` is all pieces, holes as ``_HOLE``; ``holes`` are they, in order."""

    def __init__(self, pieces: Sequence[Piece], origin: Origin) -> None:
        self.origin = origin
        self.via = origin.via if isinstance(origin, Written) else ()
        self.holes: list[Known[Any] | Unknown] = []
        self.starts: list[int] = []
        """Where in ``text`` each stretch begins that has a place, or has none; see ``sources``."""
        self.sources: list[tuple[Source, int, int] | None] = []
        """For each stretch its source, what to add to a position in it to get a byte offset, and how
        many bytes longer its last character is there."""
        self.hole_places: list[int] = []
        texts: list[str] = []
        length = 0
        for piece in pieces:
            match piece:
                case (str() as known, source, offset):
                    pass
                case Known(str() as known) if structure(piece) is None:
                    source = offset = None
                case _:
                    self.hole_places.append(length)
                    self.holes.append(piece)
                    self._stretch(length, None)
                    texts.append(_HOLE)
                    length += 1
                    continue
            raw = known if known.isascii() else known.encode("utf-8", "replace").decode("latin-1")
            if source is None or offset is None:
                self._stretch(length, None)
            else:
                aligned = _aligned(raw, source, offset)
                if not aligned:
                    self._stretch(length, None)
                for start, at, longer in aligned:
                    self._stretch(length + start, (source, at - length - start, longer))
            texts.append(raw)
            length += len(raw)
        self.text = "".join(texts)

    def _stretch(self, start: int, source: tuple[Source, int, int] | None) -> None:
        self.starts.append(start)
        self.sources.append(source)

    # ---------------------------------------------------------------------------------- places

    def place(self, start: int, end: int) -> Origin:
        """Where [start, end) was written; the whole text's origin where that cannot be told."""
        if len(self.sources) == 1:
            first = last = self.sources[0]
        else:
            first = self.sources[bisect_right(self.starts, start) - 1]
            last = self.sources[bisect_right(self.starts, end - 1) - 1]
        if first is None or last is None or first[0] is not last[0]:
            return self.origin
        start, end = start + first[1], end + last[1] + last[2]
        return Written(Span(first[0], start, end), self.via) if start <= end else self.origin

    def broken(self, error: _BrokenError) -> Unknown:
        at = min(error.at, max(len(self.text) - 1, 0))
        origin = self.place(at, at + 1) if self.text else self.origin
        line = (
            origin.span.line
            if isinstance(origin, Written) and origin is not self.origin
            else self.text.count("\n", 0, at) + 1
        )
        kind = Unknown if self.holes else Broken
        return kind(f"its JSON is broken at line {line}: {error.message}", origin)

    def hole(self, at: int) -> Known[Any] | Unknown:
        return self.holes[bisect_right(self.hole_places, at) - 1]

    # ---------------------------------------------------------------------------------- values

    def value(self, at: int, depth: int) -> tuple[Value[Any], int]:
        found = _VALUE.match(self.text, at)
        if found is None:
            raise self._missing(at, "a value")
        kind = found.lastindex
        end = found.end()
        if kind == _PLAIN_VALUE:
            start = found.start(1)
            return Known(unicode_of(found[1]), self.place(start - 1, end)), end
        if kind == _OPEN:
            if depth >= DEEPEST:
                raise _BrokenError(end - 1, f"it is nested more than {DEEPEST} deep")
            return self._object(end, depth + 1) if found[2] == "{" else self._array(end, depth + 1)
        if kind == _STRING_VALUE:
            return self._string(found.start(3), end - 1), end
        if self.holes:
            # A number or word with a hole in it is neither.
            glued = _GLUED.match(self.text, found.start(kind or 0))
            hole = self.text.find(_HOLE, found.start(kind or 0), glued.end() if glued else end)
            if glued and hole >= 0 and len(glued[0]) > 1:
                return Unknown(self.reason(hole), self.origin), glued.end()
        if kind == _UNKNOWN:
            return self._bare(found.start(6)), end
        if kind == _NUMBER:
            return Known(_number(found[4]), self.place(found.start(4), end)), end
        return Known(WORDS[found[5]], self.place(found.start(5), end)), end

    def after(self, at: int) -> tuple[str, int]:
        """The character after white space (none at the end) and the position after it."""
        at = _SPACES.match(self.text, at).end()  # type: ignore[union-attr]  # it matches anywhere
        return self.text[at : at + 1], at + 1

    def ends_in_hole(self, at: int) -> bool:
        return self.text[at - 1] == _HOLE

    def _missing(self, at: int, what: str) -> _BrokenError:
        return _BrokenError(self.after(at)[1] - 1, f"{what} is missing")

    def _object(self, at: int, depth: int) -> tuple[Value[Any], int]:
        start = at - 1
        members: dict[str, Value[Any]] = {}
        earlier: list[tuple[str, Value[Any]]] = []
        unknown: str | None = None
        character, after = self.after(at)
        while character != "}":
            if character == _HOLE:  # members that cannot be known, with or without a comma
                unknown, at = self.reason(after - 1), after
                character, after = self.after(at)
                if character == ",":
                    at = after
                    character, after = self.after(at)
                continue
            key = _KEY.match(self.text, at)
            if key is None:
                raise self._missing(at, "a quoted key and its colon")
            name, why = self._key(key)
            unknown = why or unknown
            value, at = self.value(key.end(), depth)
            if name in members:
                earlier.append((name, members[name]))
            members[name] = value
            character, after = self.after(at)
            if character == ",":
                at = after
                character, after = self.after(at)
                if character == "}":
                    raise self._missing(at, "a member after the comma")
            elif self.ends_in_hole(at) and character == '"':
                unknown = unknown or self.reason(at - 1)
            elif character not in ("}", _HOLE):
                raise self._missing(at, "a comma or `}`")
        place = self.place(start, after)
        if earlier:
            members = Repeated(members)
            members.earlier = tuple(earlier)
        return (Known(members, place) if unknown is None else Unknown(unknown, place)), after

    def _key(self, key: re.Match[str]) -> tuple[str, str | None]:
        """A member's name, and why it cannot be known if it cannot."""
        if key[1] is not None:
            return unicode_of(key[1]), None
        match self._string(key.start(2), key.end(2)):
            case Known(name):
                return name, None
            case Unknown(reason):
                return "", reason

    def _array(self, at: int, depth: int) -> tuple[Value[Any], int]:
        start = at - 1
        items: list[Value[Any]] = []
        character, after = self.after(at)
        while character != "]":
            value, at = self.value(at, depth)
            items.append(value)
            character, after = self.after(at)
            if character == ",":
                at = after
                character, after = self.after(at)
                if character == "]":
                    raise self._missing(at, "an element after the comma")
            elif character not in ("]", _HOLE) and not (character and self.ends_in_hole(at)):
                # Beside a hole a comma may be part of what is not known.
                raise self._missing(at, "a comma or `]`")
        return Known(tuple(items), self.place(start, after)), after

    def _bare(self, at: int) -> Value[Any]:
        """A hole that is a whole value: its structure where it has one; what its text says is unknown."""
        hole = self.hole(at)
        kept = structure(hole)
        if kept is not None:
            return kept
        return hole if isinstance(hole, Known) else Unknown(hole.reason, hole.origin)

    def reason(self, at: int) -> str:
        hole = self.hole(at)
        return hole.reason if isinstance(hole, Unknown) else "a value stands where a member should"

    def _string(self, start: int, end: int) -> Value[str]:
        """The string between two quotes, with its escapes and holes."""
        raw = self.text[start:end]
        place = self.place(start - 1, end + 1)
        if _HOLE not in raw:
            return Known(_unescaped(raw), place)
        parts: list[str | Ref | Hole] = []
        reason: str | None = None
        for stretch in re.split(f"({_HOLE})", raw):
            if stretch == _HOLE:
                hole = self.hole(start)
                parts += parts_of(hole)
                if isinstance(hole, Unknown):
                    reason = reason or hole.reason
            else:
                parts.append(_unescaped(stretch))
            start += len(stretch)
        text = text_of(*parts)
        return Known("".join(map(str, text.parts)), place) if reason is None else Unknown(reason, place, text)


def _number(text: str) -> int | Decimal:
    if len(text) > _LONGEST_INTEGER:
        return Decimal(text)
    if text.lstrip("-").isdigit():
        return int(text)
    number = Decimal(text)
    integral = number == number.to_integral_value() if abs(number.adjusted()) < _LONGEST_INTEGER else False
    return int(number) if integral else number


def _unescaped(raw: str) -> str:
    text = unicode_of(raw)
    if "\\" not in text:
        return text
    text = ESCAPE.sub(lambda m: chr(int(m[1], 16)) if m[1] else ESCAPES.get(m[2], m[2]), text)
    # Two escapes may be the halves of one character; a half alone is none.
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


# ------------------------------------------------------------------------------------ alignment

_Stretches: TypeAlias = list[tuple[int, int, int]]
"""Which stretches of a text stand where in its source: the start in the text, the byte offset, and
how many bytes longer the last character is written than it is."""

_INDENT: Final = lazy_regex(r"[ \t]*+")
_QUOTED: Final = lazy_regex(
    r"(?P<plain>[^\\$%]++|[$%](?!\{|[$%]\{))"
    r'|\\(?:(?P<one>[nrt"\\])|u(?P<short>[0-9A-Fa-f]{4})|U(?P<long>[0-9A-Fa-f]{8}))|(?P<twice>\$\$|%%)(?=\{)'
)


def _aligned(raw: str, source: Source, offset: int) -> _Stretches:
    """Where the text of a piece stands, which is not always as it is.

    In ``<<-`` heredocs the indentation is missing, in quoted strings an escape is one character.
    Nothing comes out where the text does not stand there at all.
    """
    text = source.text
    if text.startswith(raw, offset):
        return [(0, offset, 0)]
    return _unindented(raw, text, offset) or _unquoted(raw, text, offset)


def _unindented(raw: str, text: str, offset: int) -> _Stretches:
    """The alignment of a heredoc's text with its source, line by line; nothing when it is no such text."""
    out: _Stretches = []
    at = 0
    while at < len(raw):
        end = raw.find("\n", at) + 1 or len(raw)
        line = raw[at:end].replace("${", "$${").replace("%{", "%%{")
        if not text.startswith(line, offset):
            there, here = _INDENT.match(text, offset), _INDENT.match(raw, at)
            offset += len(there[0]) - len(here[0]) if there and here else 0
            if not text.startswith(line, offset):
                return []
        if end - at == len(line):
            out.append((at, offset, 0))
        else:
            out += _doubled(raw[at:end], at, offset)
        at, offset = end, offset + len(line)
    return out


def _doubled(line: str, at: int, offset: int) -> _Stretches:
    """A line in which every ``${`` and ``%{`` has its first character twice in the source."""
    out: _Stretches = [(at, offset, 0)]
    for extra, found in enumerate(re.finditer(r"[$%]\{", line), start=1):
        out.append((at + found.start() + 1, offset + found.start() + 1 + extra, 0))
    return out


def _unquoted(raw: str, text: str, offset: int) -> _Stretches:
    """The alignment of a quoted string's text with its source, escape by escape."""
    out: _Stretches = []
    at = 0
    while at < len(raw):
        found = _QUOTED.match(text, offset)
        if found is None:
            return []
        if (plain := found["plain"]) is not None:
            plain = plain[: len(raw) - at]
            character = plain
        elif (code := found["short"] or found["long"]) is not None:
            number = int(code, 16)
            if number > 0x10FFFF or 0xD800 <= number < 0xE000:
                return []
            character = chr(number).encode().decode("latin-1")
        else:
            character = found["twice"][:1] if found["twice"] else ESCAPES.get(found["one"], found["one"])
        if not raw.startswith(character, at):
            return []
        out.append((at, offset, 0 if plain else found.end() - offset - len(character)))
        at, offset = at + len(character), found.end()
    return out
