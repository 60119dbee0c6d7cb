"""Terraform expressions and templates out of native syntax: a recursive-descent parser over patterns.

Positions are offsets into a text with one character per byte. A function that reads a node is given
where it starts and returns it; reading goes on at the node's ``end``. What the grammar does not
allow raises ``Refused``; what only Terraform's semantics forbids is noted in ``problems``.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import Final
from unicodedata import normalize

from stockade.read.terraform import templates
from stockade.read.terraform.lexemes import (
    ASCII_NAME,
    BLANK,
    FREE,
    LINE,
    NAME,
    NAME_ENDS,
    NUMBER,
    PLAIN,
    SPACE,
    Rules,
    number,
    pattern,
)
from stockade.read.terraform.templates import DEEPEST, Piece, Refused
from stockade.read.terraform.tree import (
    Binary,
    Call,
    Conditional,
    Expression,
    For,
    GetAttr,
    Index,
    Item,
    Literal,
    Object,
    Paren,
    Part,
    Problem,
    Splat,
    Template,
    Tuple,
    Unary,
    Variable,
)

HIGHEST: Final = 200
"""How high a tree may grow, chains of operators included, so that whoever walks it may recurse."""

_WORDS: Final[dict[str, bool | None]] = {"true": True, "false": False, "null": None}
_PRECEDENCE: Final = {
    "||": 1, "&&": 2, "==": 3, "!=": 3, "<": 4, ">": 4, "<=": 4, ">=": 4,
    "+": 5, "-": 5, "*": 6, "/": 6, "%": 6, "?": 0,
}  # fmt: skip
_ESCAPES: Final = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}

_space = pattern(SPACE).match
_blank = pattern(BLANK).match
_splat = pattern(rf"\[{BLANK}\*{BLANK}\]").match
_close_paren = pattern(rf"{SPACE}\)").match
_close_bracket = pattern(rf"{SPACE}\]").match
_tuple_next = pattern(rf"{SPACE}(?:(,){SPACE}(\])?+|(\]))").match
_tuple_empty = pattern(rf"\[{SPACE}\]").match
_tuple_of_strings = pattern(rf'\[[ \t\r\n]*+(?:"{PLAIN}"[ \t\r\n]*+(?:,[ \t\r\n]*+|(?=\])))++\]').match
_strings = pattern(rf'"({PLAIN})"').finditer
_call_next = pattern(rf"{SPACE}(?:(,){SPACE}(\))?+|(\.\.\.){SPACE}\)|(\)))").match
_namespaced = pattern(rf"::{SPACE}({NAME})").finditer
_for = pattern(rf"[\[{{]{SPACE}for{NAME_ENDS}").match
_for_intro = pattern(rf"{SPACE}({NAME})(?:{SPACE},{SPACE}({NAME}))?+{SPACE}in{NAME_ENDS}").match
_for_arrow = pattern(rf"{SPACE}=>").match
_for_group = pattern(rf"{SPACE}\.\.\.").match
_for_if = pattern(rf"{SPACE}if{NAME_ENDS}").match
_item_ends = r"[ \t]*+(?:,|(?=\})|\n|\r\n|(?=\#|//))"
_object_item = pattern(
    rf"""{SPACE}(?:
      (?:({ASCII_NAME})|"({PLAIN})")[ \t]*+(?:=(?![=>])|:(?!:))[ \t]*+(?:
        "({PLAIN})"{_item_ends}                                 # 3
      | (true|false|null|{NUMBER}){_item_ends}                # 4
      | ({ASCII_NAME}(?:\.{ASCII_NAME})++){_item_ends}           # 5
      | ()                                                      # 6
      )
    | (\}})                                                     # 7
    )"""
).match
_object_key_ends = pattern(rf"{BLANK}(?:=(?![=>])|:(?!:))").match
_object_next = pattern(rf"{BLANK}(?:(,)|(\}})|(\n|\r\n|\#|//))").match
_quoted = pattern(
    r"""((?:[^"\\$%\r\n]++|\$++(?!\{)|%++(?!\{))++)                                   # 1 text
      | \\(?:([nrt"\\])|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|())                       # 2-5 an escape
      | (\$++|%++)\{                                                                 # 6
      | (")                                                                          # 7"""
).match
_heredoc = pattern(rf"<<(-)?+({NAME})(?:\n|\r\n)").match
_sequence = pattern(r"(?:(?<!\$)\$++|(?<!%)%++)\{").search
_sequence_end = pattern(rf"{SPACE}(~)?+\}}").match
_directive = pattern(rf"{SPACE}({NAME})").match
_lone_return = pattern(r"\r(?!\n)").search
_markers = pattern(rf"\n([ \t]*+)({NAME})[ \t]*+(?=\r?(?:\n|\Z))").finditer
_fraction = pattern(r"\.\d").match
_token = pattern(rf"(?:{NAME}|{NUMBER}|[^\s]|)").match


class ExpressionParser:
    """Reads expressions of one text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.problems: list[Problem] = []
        self.depth = 0
        """How many constructs are open around the place being read."""
        self.height = 0
        """The height of the node read last."""
        self._ends_of_heredocs: dict[str, list[tuple[int, int]]] | None = None

    # ------------------------------------------------------------------------------- refusals

    def problem(self, start: int, end: int, message: str) -> None:
        self.problems.append(Problem(start, end, message))

    def expected(self, what: str, at: int, rules: Rules = FREE) -> Refused:
        """A refusal of whatever stands at a place."""
        text = self.text
        found = (_space if rules is FREE else _blank)(text, at)
        at = found.end() if found else at
        if text.startswith("/*", at):
            return Refused(at, at + 2, "this comment is never closed", reach=len(text))
        if at >= len(text):
            return Refused(at, at, f"expected {what}, found end of file")
        if text[at] in "\r\n#" or text.startswith("//", at):
            return Refused(at, at + 1, f"expected {what}, found end of line")
        token = _token(text, at)
        end = max(token.end() if token else at, at + 1)
        if text[at] >= "\x80":
            while end < len(text) and "\x80" <= text[end] <= "\xbf":
                end += 1
        shown = self.text[at : min(end, at + 40)].encode("latin-1").decode("utf-8", "replace")
        if not shown.isprintable():
            shown = shown.encode("unicode_escape").decode()
        return Refused(at, end, f"expected {what}, found `{shown}`")

    # ---------------------------------------------------------------------------------- words

    def decode(self, start: int, end: int) -> str:
        """The Unicode of a stretch of text, in the composed form in which Terraform keeps strings."""
        piece = self.text[start:end]
        if piece.isascii():
            return piece
        try:
            return normalize("NFC", piece.encode("latin-1").decode())
        except UnicodeDecodeError as error:
            self.problem(start + error.start, start + error.end, "these bytes are not UTF-8")
            return normalize("NFC", piece.encode("latin-1").decode("utf-8", "replace"))

    def name(self, start: int, end: int) -> str:
        """An identifier; raises ``Refused`` when its letters beyond ASCII are none."""
        name = self.text[start:end]
        if name.isascii():
            return name
        try:
            name = normalize("NFC", name.encode("latin-1").decode())
        except UnicodeDecodeError as error:
            raise Refused(start + error.start, start + error.end, "these bytes are not UTF-8") from None
        if not name.replace("-", "_").isidentifier():
            raise Refused(start, end, f"`{name}` is not a name")
        return name

    # ---------------------------------------------------------------------------- expressions

    def whole_expression(self) -> Expression:
        """The text as one expression, with white space around it."""
        node = self.expression(0, FREE)
        found = _space(self.text, node.end)
        end = found.end() if found else node.end
        if end < len(self.text):
            raise self.expected("the end of the expression", end)
        return node

    def whole_template(self) -> list[Part]:
        """The text as one template."""
        pieces: list[Piece] = []
        self._lines(0, len(self.text), pieces, 0)
        return templates.assemble(pieces, self.text, self.decode, by_line=True, flush=False)

    def expression(self, at: int, rules: Rules) -> Expression:
        """The expression that starts at or after a place."""
        depth = self.depth
        if depth >= DEEPEST:
            raise Refused(at, at + 1, "nested too deeply")
        self.depth = depth + 1
        left = self._operand(at, rules)
        if self.text[left.end : left.end + 1] not in rules.before_no_operator:
            left = self._operations(left, rules, 1)
            found = rules.operator(self.text, left.end)
            if found is not None and found[1] == "?":
                left = self._conditional(left, found.end(), rules)
        self.depth = depth
        return left

    def _operations(self, left: Expression, rules: Rules, floor: int) -> Expression:
        """``left`` and the binary operations it begins, of at least a precedence."""
        operator, text = rules.operator, self.text
        while True:
            found = operator(text, left.end)
            if found is None:
                return left
            sign = found[1]
            precedence = _PRECEDENCE[sign]
            if precedence < floor:
                return left
            height = self.height
            right = self._operations(self._operand(found.end(), rules), rules, precedence + 1)
            self._grow(max(height, self.height), left.start)
            left = Binary(left.start, right.end, sign, left, right)

    def _conditional(self, condition: Expression, at: int, rules: Rules) -> Expression:
        height = self.height
        then = self.expression(at, rules)
        height = max(height, self.height)
        colon = rules.colon(self.text, then.end)
        if colon is None:
            raise self.expected("`:`", then.end, rules)
        otherwise = self.expression(colon.end(), rules)
        self._grow(max(height, self.height), condition.start)
        return Conditional(condition.start, otherwise.end, condition, then, otherwise)

    def _grow(self, height: int, at: int) -> None:
        """The node being made is one higher than the highest below it."""
        if height >= HIGHEST:
            raise Refused(at, at + 1, "nested too deeply")
        self.height = height + 1

    def _operand(self, at: int, rules: Rules) -> Expression:
        """A literal, name, call, collection, template or parenthesis, with signs before and steps after it."""
        text = self.text
        found = rules.operand(text, at)
        if found is None:
            raise self.expected("an expression", at, rules)
        node: Expression
        match found.lastindex:
            case 1:
                start, end = found.span(1)
                node = Literal(start - 1, end + 1, found[1])
                self.height = 0
            case 5:
                node = self._traversal(found.start(2), found.end(2), found[5])
            case 4:
                node = self._call(found)
            case 6:
                node = self._number(*found.span(6))
                if _fraction(text, node.end):
                    raise Refused(node.start, node.end, "this is not a number")
            case _:
                start, opener = found.start(7), found[7]
                if opener == '"':
                    node = self.quoted(start)
                elif opener == "[":
                    node = self._for(start, "]") if _for(text, start) else self._tuple(start)
                elif opener == "{":
                    node = self._for(start, "}") if _for(text, start) else self._object(start)
                elif opener == "(":
                    inner = self.expression(start + 1, FREE)
                    close = _close_paren(text, inner.end)
                    if close is None:
                        raise self.expected("`)`", inner.end)
                    self._grow(self.height, start)
                    node = Paren(start, close.end(), inner)
                elif opener == "<<":
                    node = self._heredoc(start)
                else:
                    return self._signed(start, rules)
        if text[node.end : node.end + 1] in rules.before_step:
            return self._steps(node, rules)
        return node

    def _signed(self, at: int, rules: Rules) -> Expression:
        """``-x``, ``!x``: signs bind tighter than operators and looser than steps."""
        signs: list[int] = []
        text = self.text
        skip = _space if rules is FREE else _blank
        while text[at : at + 1] in ("-", "!"):
            signs.append(at)
            found = skip(text, at + 1)
            at = found.end() if found else at + 1
        node = self._operand(at, rules)
        for at in reversed(signs):
            self._grow(self.height, at)
            node = Unary(at, node.end, text[at], node)
        return node

    def _traversal(self, start: int, end: int, rest: str) -> Expression:
        """``a.b.c`` without white space; ``rest`` begins with the first dot."""
        root = self.name(start, end)
        node: Expression
        if root in _WORDS:
            node = Literal(start, end, _WORDS[root])
        else:
            node = Variable(start, end, root)
        if rest:
            names = rest.split(".")
            if len(names) > HIGHEST:
                raise Refused(start, end, "nested too deeply")
            ascii_only = rest.isascii()
            for name in names[1:]:
                begin = end + 1
                end = begin + len(name)
                node = GetAttr(start, end, node, name if ascii_only else self.name(begin, end))
            self.height = len(names)
        else:
            self.height = 0
        return node

    def _number(self, start: int, end: int) -> Literal:
        value = number(self.text[start:end])
        if value is None:
            raise Refused(start, end, "a number out of range")
        self.height = 0
        return Literal(start, end, value)

    def _call(self, found: re.Match[str]) -> Call:
        start = found.start(2)
        name = self.name(start, found.end(2))
        if found[3]:
            for part in _namespaced(found[3]):
                begin = found.start(3) + part.start(1)
                name += "::" + self.name(begin, begin + len(part[1]))
        text, at = self.text, found.end()
        args: list[Expression] = []
        height = 0
        close = _close_paren(text, at)
        if close is not None:
            self.height = 1
            return Call(start, close.end(), name, args, False)
        while True:
            arg = self.expression(at, FREE)
            args.append(arg)
            if self.height > height:
                height = self.height
            follows = _call_next(text, arg.end)
            if follows is None:
                raise self.expected("`,` or `)`", arg.end)
            at = follows.end()
            if follows.lastindex != 1:
                self._grow(height, start)
                return Call(start, at, name, args, follows.lastindex == 3)

    def _tuple(self, start: int) -> Tuple:
        text = self.text
        whole = _tuple_of_strings(text, start)
        if whole is not None:
            self.height = 1
            end = whole.end()
            return Tuple(
                start, end, [Literal(m.start(), m.end(), m[1]) for m in _strings(text, start + 1, end)]
            )
        empty = _tuple_empty(text, start)
        if empty is not None:
            self.height = 1
            return Tuple(start, empty.end(), [])
        items: list[Expression] = []
        height = 0
        at = start + 1
        while True:
            item = self.expression(at, FREE)
            items.append(item)
            if self.height > height:
                height = self.height
            follows = _tuple_next(text, item.end)
            if follows is None:
                raise self.expected("`,` or `]`", item.end)
            at = follows.end()
            if follows.lastindex != 1:
                self._grow(height, start)
                return Tuple(start, at, items)

    def _object(self, start: int) -> Object:
        text = self.text
        items: list[tuple[Expression, Expression]] = []
        height = 0
        at = start + 1
        while True:
            found = _object_item(text, at)
            key: Expression
            value: Expression
            if found is None:
                key, at = self._object_key(at)
                if self.height > height:
                    height = self.height
            else:
                kind = found.lastindex
                if kind == 7:
                    self._grow(height, start)
                    return Object(start, found.end(), items)
                at = found.end()
                begin, end = found.span(1)
                if begin < 0:
                    begin, end = found.span(2)
                    key = Literal(begin - 1, end + 1, found[2])
                else:
                    key = Literal(begin, end, found[1])
                if kind != 6:
                    if kind == 3:
                        begin, end = found.span(3)
                        value = Literal(begin - 1, end + 1, found[3])
                    else:
                        value = self.scalar(found, 4)
                        if self.height > height:
                            height = self.height
                    items.append((key, value))
                    continue
            value = self.expression(at, LINE)
            if self.height > height:
                height = self.height
            items.append((key, value))
            follows = _object_next(text, value.end)
            if follows is None:
                raise self.expected("`,`, a new line or `}`", value.end, LINE)
            if follows.lastindex == 2:
                self._grow(height, start)
                return Object(start, follows.end(), items)
            at = follows.end() if follows.lastindex == 1 else follows.start(3)

    def _object_key(self, at: int) -> tuple[Expression, int]:
        """A key that is no plain name or string, and where its value begins."""
        found = _space(self.text, at)
        key = self.expression(found.end() if found else at, LINE)
        follows = _object_key_ends(self.text, key.end)
        if follows is None:
            raise self.expected("`=`", key.end, LINE)
        if isinstance(key, Variable):
            key = Literal(key.start, key.end, key.name)
        elif isinstance(key, Literal) and (key.value is None or isinstance(key.value, bool)):
            key = Literal(key.start, key.end, self.text[key.start : key.end])
        elif isinstance(key, Paren):
            key = key.inner
        return key, follows.end()

    def scalar(self, found: re.Match[str], group: int) -> Expression:
        """The word, number (in ``group``) or traversal (in the next one) that a whole-item pattern found."""
        if found.lastindex == group:
            start, end = found.span(group)
            word = found[group]
            if word in _WORDS:
                self.height = 0
                return Literal(start, end, _WORDS[word])
            return self._number(start, end)
        start, end = found.span(group + 1)
        root, dot, rest = found[group + 1].partition(".")
        return self._traversal(start, start + len(root), dot + rest)

    def _for(self, start: int, close: str) -> For:
        text = self.text
        keyword = _for(text, start)
        at = keyword.end() if keyword else start
        intro = _for_intro(text, at)
        if intro is None:
            raise self.expected("a name and `in` after `for`", at)
        first = self.name(*intro.span(1))
        second = self.name(*intro.span(2)) if intro[2] else None
        collection = self.expression(intro.end(), FREE)
        height = self.height
        colon = FREE.colon(text, collection.end)
        if colon is None:
            raise self.expected("`:`", collection.end)
        result = self.expression(colon.end(), FREE)
        height = max(height, self.height)
        at = result.end
        result_key: Expression | None = None
        group = False
        arrow = _for_arrow(text, at)
        if arrow is not None and close == "}":
            result_key, result = result, self.expression(arrow.end(), FREE)
            height = max(height, self.height)
            at = result.end
            dots = _for_group(text, at)
            if dots is not None:
                group = True
                at = dots.end()
        elif close == "}":
            raise self.expected("`=>`", at)
        condition: Expression | None = None
        clause = _for_if(text, at)
        if clause is not None:
            condition = self.expression(clause.end(), FREE)
            height = max(height, self.height)
            at = condition.end
        found = _space(text, at)
        at = found.end() if found else at
        if text[at : at + 1] != close:
            raise self.expected(f"`{close}`", at)
        self._grow(height, start)
        key, value = (first, second) if second is not None else (None, first)
        return For(start, at + 1, key, value, collection, result_key, result, group, condition)

    # ---------------------------------------------------------------------------------- steps

    def _steps(self, node: Expression, rules: Rules) -> Expression:
        """A node and the attribute, index and splat steps after it."""
        text = self.text
        while True:
            found = rules.postfix(text, node.end)
            if found is None:
                return node
            start = node.start
            match found.lastindex:
                case 1:
                    name = self.name(*found.span(1))
                    self._grow(self.height, start)
                    node = GetAttr(start, found.end(), node, name)
                case 2:
                    node = self._legacy_index(node, found)
                case 3:
                    node = self._attribute_splat(node, found.start(3), rules)
                case 5:
                    star = _splat(text, found.start(5))
                    if star is not None:
                        return self._full_splat(node, star.start(), star.end(), rules)
                    height = self.height
                    key = self.expression(found.end(), FREE)
                    close = _close_bracket(text, key.end)
                    if close is None:
                        raise self.expected("`]`", key.end)
                    self._grow(max(height, self.height), start)
                    node = Index(start, close.end(), node, key)
                case _:
                    raise self.expected("an attribute name after `.`", found.end(), rules)

    def _legacy_index(self, node: Expression, found: re.Match[str]) -> Expression:
        """``a.0``; of ``a.0.1``, which reads as one number, Terraform wants brackets."""
        begin, end = found.span(2)
        first, dot, _ = found[2].partition(".")
        self._grow(self.height, node.start)
        if not dot:
            height = self.height
            node = Index(node.start, end, node, self._number(begin, end))
            self.height = height
            return node
        self.problem(begin, end, "two legacy indexes in a row; write them in brackets")
        height = self.height
        middle = begin + len(first)
        node = Index(node.start, middle, node, self._number(begin, middle))
        node = Index(node.start, end, node, self._number(middle + 1, end))
        self._grow(height, node.start)
        return node

    def _attribute_splat(self, target: Expression, star: int, rules: Rules) -> Splat:
        """``target.*`` and the attribute steps after it."""
        height = self.height
        body: Expression = Item(star, star + 1)
        self.height = 0
        while True:
            found = rules.postfix(self.text, body.end)
            kind = found.lastindex if found is not None else None
            if found is None or kind == 5:
                break
            if kind == 1:
                name = self.name(*found.span(1))
                self._grow(self.height, star)
                body = GetAttr(star, found.end(), body, name)
            elif kind == 2:
                body = self._legacy_index(body, found)
            elif kind == 3:
                raise Refused(found.start(3), found.end(3), "`.*` cannot stand inside another `.*`")
            else:
                raise self.expected("an attribute name after `.`", found.end(), rules)
        self._grow(max(height, self.height), target.start)
        return Splat(target.start, body.end, target, body)

    def _full_splat(self, target: Expression, start: int, end: int, rules: Rules) -> Splat:
        """``target[*]`` and all steps after it."""
        height = self.height
        self.depth += 1
        if self.depth > DEEPEST:
            raise Refused(start, end, "nested too deeply")
        self.height = 0
        body = self._steps(Item(start, end), rules)
        self.depth -= 1
        self._grow(max(height, self.height), target.start)
        return Splat(target.start, body.end, target, body)

    # -------------------------------------------------------------------------------- templates

    def quoted(self, start: int) -> Literal | Template:
        text = self.text
        pieces: list[Piece] = []
        at = start + 1
        height = 0
        dynamic = False
        while True:
            found = _quoted(text, at)
            if found is None:
                raise self.expected('`"`', at, LINE)
            end = found.end()
            match found.lastindex:
                case 1:
                    pieces.append((at, end))
                case 6:
                    if end - at == 2:
                        dynamic = True
                        sequence = self._sequence(at)
                        pieces.append(sequence)
                        if self.height > height:
                            height = self.height
                        end = sequence.end
                    else:
                        pieces.append(Literal(at, end, text[at + 1 : end]))
                case 7:
                    break
                case _:
                    pieces.append(self._escape(found))
            at = end
        parts = templates.assemble(pieces, text, self.decode, by_line=False, flush=False)
        if not dynamic:
            self.height = 0
            part = parts[0] if parts else None
            return Literal(start, end, part.value if isinstance(part, Literal) else "")
        self._grow(height, start)
        return Template(start, end, parts, False)

    def _escape(self, found: re.Match[str]) -> Literal:
        kind, (start, end) = found.lastindex, found.span()
        if kind == 2:
            return Literal(start, end, _ESCAPES[found[2]])
        if kind == 5:
            token = self.text[start : end + 1] if self.text[end : end + 1].isprintable() else "\\"
            self.problem(start, end, f"`{token}` is not an escape sequence")
            return Literal(start, end, "\\")
        code = int(found[kind or 0], 16)
        if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
            self.problem(start, end, f"`{found[0]}` is not a character")
            return Literal(start, end, "\ufffd")
        return Literal(start, end, chr(code))

    def _heredoc(self, start: int) -> Template:
        text = self.text
        found = _heredoc(text, start)
        if found is None:
            raise self.expected("a name and a new line after `<<`", start + 2, LINE)
        tag = found[2]
        self.name(*found.span(2))
        ends = self._heredoc_ends(tag)
        pieces: list[Piece] = []
        at = found.end()
        height = 0
        while True:
            which = bisect_left(ends, (at, 0))
            if which == len(ends):
                raise Refused(start, found.end(2), f"expected `{tag}` on a line of its own, found end of file")
            stop, end = ends[which]
            at, height = self._lines(at, stop, pieces, height)
            if at <= stop:
                break
        bad = _lone_return(text, found.end(), stop)
        if bad is not None:
            self.problem(bad.start(), bad.end(), "a carriage return without a line feed")
        if end == len(text):
            self.problem(start, found.end(2), f"expected a new line after `{tag}`, found end of file")
        parts = templates.assemble(pieces, text, self.decode, by_line=True, flush=found[1] is not None)
        self._grow(height, start)
        return Template(start, end, parts, True)

    def _lines(self, at: int, stop: int, pieces: list[Piece], height: int) -> tuple[int, int]:
        """Cut a template that has lines into pieces, up to ``stop`` or the end of a sequence beyond it."""
        while at < stop:
            found = _sequence(self.text, at, stop)
            if found is None:
                pieces.append((at, stop))
                return stop, height
            begin, end = found.span()
            if end - begin == 2:
                if at < begin:
                    pieces.append((at, begin))
                sequence = self._sequence(begin)
                pieces.append(sequence)
                height = max(height, self.height)
                at = sequence.end
            else:
                if at < end - 3:
                    pieces.append((at, end - 3))
                pieces.append(Literal(end - 3, end, self.text[end - 2 : end]))
                at = end
        return at, height

    def _heredoc_ends(self, tag: str) -> list[tuple[int, int]]:
        """Where lines of only that tag begin, and where the tag on them ends."""
        if self._ends_of_heredocs is None:
            self._ends_of_heredocs = {}
            for found in _markers(self.text):
                self._ends_of_heredocs.setdefault(found[2], []).append((found.start(1), found.end(2)))
        return self._ends_of_heredocs.get(tag, [])

    def _sequence(self, start: int) -> templates.Sequence:
        """``${...}`` or ``%{...}`` at a place."""
        text = self.text
        at = start + 2
        strips_before = text[at : at + 1] == "~"
        if strips_before:
            at += 1
        sequence: templates.Sequence
        if text[start] == "$":
            value = self.expression(at, FREE)
            sequence = templates.Interpolation(start, at, strips_before, False)
            sequence.expression = value
            at = value.end
        else:
            sequence, at = self._directive(start, at, strips_before)
        close = _sequence_end(text, at)
        if close is None:
            raise self.expected("`}`", at)
        sequence.end = close.end()
        sequence.strips_after = close[1] is not None
        return sequence

    def _directive(self, start: int, at: int, strips_before: bool) -> tuple[templates.Sequence, int]:
        text = self.text
        found = _directive(text, at)
        keyword = found[1] if found else ""
        if found is None or keyword not in ("if", "else", "endif", "for", "endfor"):
            raise self.expected("`if`, `else`, `endif`, `for` or `endfor`", at)
        at = found.end()
        self.height = 0
        if keyword == "if":
            test = templates.If(start, at, strips_before, False)
            test.condition = self.expression(at, FREE)
            return test, test.condition.end
        if keyword == "for":
            intro = _for_intro(text, at)
            if intro is None:
                raise self.expected("a name and `in` after `for`", at)
            loop = templates.For(start, at, strips_before, False)
            first = self.name(*intro.span(1))
            loop.key, loop.value = (first, self.name(*intro.span(2))) if intro[2] else (None, first)
            loop.collection = self.expression(intro.end(), FREE)
            return loop, loop.collection.end
        if keyword == "else":
            return templates.Else(start, at, strips_before, False), at
        end = templates.End(start, at, strips_before, False)
        end.keyword = keyword
        return end, at
