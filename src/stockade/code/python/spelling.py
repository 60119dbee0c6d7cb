"""Source of another Python in the syntax of the one that runs us, byte for byte at the same places.

Lambda runs newer versions than the one that may run us, and what they added is mostly spelling: quotes of the
same kind, ends of lines and comments within f-strings, lists of type parameters, ``type`` statements, and
exceptions without parentheses. Of Python 2, which is still found, it is ``print`` and ``raise`` mostly. Each is
written over in place, so that every other byte stays where it is; lines may be fewer. What cannot be written
over (a backslash inside of an f-string's expression, say) is left, and the parser says why it gives up.
"""

from __future__ import annotations

from typing import Final

from stockade.patterns import lazy_regex

_STRING: Final = lazy_regex(rb"""(?i:\b(?:[rbut]|f|r[bft]|[bft]r))?('''|\"\"\"|'|")""")
_PARAMETERS: Final = lazy_regex(rb"(?:def|class)[ \t]+\w+[ \t]*\[")
_TYPE: Final = lazy_regex(rb"type([ \t]+)([^\W\d]\w*)[ \t]*(?=[\[=])")
_EXCEPT: Final = lazy_regex(rb"except[ \t]+[\w.]+((?:[ \t]*,[ \t]*[\w.]+)+)[ \t]*:")
_PRINT: Final = lazy_regex(rb"print(?:[ \t]*>>[^,\n]+,?[ \t]*|[ \t]+|(?=[\"']))(?=[\w\"'\[{\-~`])")
_RAISE: Final = lazy_regex(rb"raise[ \t]+[\w.]+[ \t]*,")
_EXEC: Final = lazy_regex(rb"exec[ \t]+(?=[\w\"'])")
_NUMBER: Final = lazy_regex(rb"(?:(0)[0-7]+|\d+([lL]))(?![\w.])")
_BLANKS: Final = (rb"\n", rb"\t", rb"\r")
_OPENING, _CLOSING = b"([{", b")]}"


_LARGE: Final = 400_000
"""Source of more bytes is not gone through byte by byte."""


class _Stuck(Exception):
    """This text cannot be written over at its place."""


def respelled(data: bytes) -> bytes | None:
    """The source in our own syntax and of the same length; ``None`` where nothing was to be written over."""
    if len(data) > _LARGE:
        return None
    text = _Text(data)
    try:
        text.run()
    except (_Stuck, RecursionError):  # f-strings may be nested as deep as a stranger likes
        return None
    return bytes(text.data) if text.data != data else None


class _Text:
    def __init__(self, data: bytes) -> None:
        self.data = bytearray(data)
        self.end = len(data)

    def run(self) -> None:
        """Statements: strings and comments are passed over, what is newer is written over."""
        at, fresh = 0, True
        while at < self.end:
            one = self.data[at]
            if one == 0x23:  # a comment
                at = self._line_end(at)
                continue
            if one in b"'\"" or (chr(one) in "rbuftRBUFT" and not self._inside_word(at)):
                match = _STRING.match(self.data, at)
                if match:
                    at, fresh = self._string(at, match.start(1), match.group(1), b""), False
                    continue
            if self.data.startswith(b"<>", at):
                self.data[at : at + 2] = b"!="
            if 0x30 <= one <= 0x39 and not self._inside_word(at) and self.data[at - 1 : at] != b".":
                number = _NUMBER.match(self.data, at)
                if number:  # an octal, whose value nobody asks for, and a long
                    where = number.start(1) if number.group(1) else number.start(2)
                    self.data[where] = 0x20
                    at, fresh = number.end(), False
                    continue
            if one in b"\n;:":
                fresh = True
            elif one not in b" \t\r":
                if fresh or one in b"dc":
                    at = self._statement(at, fresh)
                fresh = False
            at += 1

    def _inside_word(self, at: int) -> bool:
        before = self.data[at - 1 : at]
        return before.isalnum() or before == b"_" or before >= b"\x80"

    def _line_end(self, at: int) -> int:
        found = self.data.find(b"\n", at)
        return self.end if found < 0 else found

    def _statement(self, at: int, fresh: bool) -> int:
        """Write over what is newer at the start of a statement; gives where its last byte seen is."""
        if self._inside_word(at):
            return at
        match = _PARAMETERS.match(self.data, at)
        if match:
            self._blank(match.end() - 1, self._bracket(match.end() - 1) + 1)
            return match.end() - 1
        match = _TYPE.match(self.data, at) if fresh else None
        if match:
            after = match.end()
            if self.data[after : after + 1] == b"[":
                closing = self._bracket(after)
                self._blank(after, closing + 1)
                after = closing + 1
            name = match.group(2)
            if self.data[after : after + 3].lstrip(b" \t")[:1] == b"=":
                self.data[at : match.end(2)] = name + b" " * (match.end(2) - at - len(name))
            return at + len(name) - 1
        if not fresh:
            return at
        match = _EXCEPT.match(self.data, at)
        if match:
            self._blank(match.start(1), match.end(1))
        match = _PRINT.match(self.data, at) or _EXEC.match(self.data, at)
        if match:
            # The values are looked at as a tuple's. That nothing runs behind a `raise` of two parts is lost.
            self.data[at : match.end()] = b"0," + b" " * (match.end() - at - 2)
        elif _RAISE.match(self.data, at):
            self.data[at : at + 5] = b"0,   "
        return at

    def _blank(self, start: int, end: int) -> None:
        if b"\n" in self.data[start:end]:
            raise _Stuck
        self.data[start:end] = b" " * (end - start)

    def _bracket(self, at: int) -> int:
        """Where the bracket that opens here is closed."""
        depth = 0
        while at < self.end:
            one = bytes(self.data[at : at + 1])
            if one in (b"'", b'"'):
                at = self._plain(at + 1, one, raw=False)
                continue
            depth += (one in (b"[", b"(", b"{")) - (one in (b"]", b")", b"}"))
            if not depth:
                return at
            at += 1
        raise _Stuck

    # ------------------------------------------------------------------------------------------- strings

    def _string(self, at: int, quote_at: int, quote: bytes, around: bytes) -> int:
        """A string and what is in it, without the quotes ``around`` it. Gives what is behind it."""
        prefix = bytes(self.data[at:quote_at]).lower()
        start = quote_at + len(quote)
        if b"f" not in prefix and b"t" not in prefix:
            return self._plain(start, quote, b"r" in prefix)
        if b"t" in prefix:  # a template: nothing that an older Python has
            self.data[at + prefix.index(b"t")] = ord("f")
        return self._formatted(start, quote, b"r" in prefix, around)

    def _plain(self, at: int, quote: bytes, raw: bool) -> int:
        del raw  # a backslash keeps a quote from ending a raw string, too
        while at < self.end:
            if self.data[at] == 0x5C:
                at += 2
            elif self.data.startswith(quote, at):
                return at + len(quote)
            elif len(quote) == 1 and self.data[at] == 0x0A:
                return at
            else:
                at += 1
        return at

    def _formatted(self, at: int, quote: bytes, raw: bool, around: bytes) -> int:
        while at < self.end:
            one = self.data[at]
            if self.data.startswith(quote, at):
                return at + len(quote)
            if one == 0x0A and len(quote) == 1:
                return at
            if one == 0x7B and self.data[at + 1 : at + 2] == b"{":
                at += 2
            elif one == 0x7B:
                at = self._field(at + 1, around + quote[:1] if len(quote) == 1 else around, quote)
            elif one == 0x5C and not raw:
                named = self.data[at + 1 : at + 3] == b"N{"
                at = self.data.find(b"}", at) + 1 or self.end if named else at + 2
            else:
                at += 1
        return at

    def _field(self, at: int, around: bytes, quote: bytes) -> int:
        """The expression between braces, and its format; gives what is behind the closing brace."""
        depth = 0
        while at < self.end:
            one = self.data[at]
            if one in b"'\"" or (chr(one) in "rbuftRBUFT" and not self._inside_word(at)):
                match = _STRING.match(self.data, at)
                if match:
                    at = self._inner(at, match.start(1), match.group(1), around, quote)
                    continue
            if one == 0x5C:
                raise _Stuck
            if one == 0x23:  # a comment
                after = self._line_end(at)
                self._blank(at, after)
                at = after
                continue
            if one in b"\r\n" and len(quote) == 1:
                self.data[at] = 0x20
            if not depth and one == 0x7D:
                return at + 1
            if not depth and one == 0x3A:
                return self._format(at + 1, around, quote)
            depth += (one in _OPENING) - (one in _CLOSING)
            at += 1
        raise _Stuck

    def _format(self, at: int, around: bytes, quote: bytes) -> int:
        while at < self.end:
            one = self.data[at]
            if one == 0x7D:
                return at + 1
            if one == 0x7B:
                at = self._field(at + 1, around, quote)
            elif one == 0x0A and len(quote) == 1:
                raise _Stuck
            else:
                at += 1
        raise _Stuck

    def _inner(self, at: int, quote_at: int, quote: bytes, around: bytes, outer: bytes) -> int:
        """A string within an f-string's expression: its quotes become others than those around it."""
        mark = quote[:1]
        swapped = mark in around and len(quote) == 1
        if quote == outer and len(quote) == 3:
            raise _Stuck
        after = self._string(at, quote_at, quote, around)
        body = slice(quote_at + len(quote), after - len(quote))
        for blank in _BLANKS:
            self.data[body] = self.data[body].replace(blank, b"  ")
        other = b'"' if mark == b"'" else b"'"
        if b"\\" in self.data[body] or (swapped and (other in around or other in self.data[body])):
            # A name that nobody defines stands for what it is, which is not known then.
            self.data[at:after] = bytes(one if chr(one).isalnum() else 0x5F for one in self.data[at:after])
        elif swapped:
            self.data[quote_at : quote_at + 1] = other
            self.data[after - 1 : after] = other
        return after
