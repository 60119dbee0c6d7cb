"""Terraform expressions and templates out of native syntax: a recursive-descent parser over patterns.

Positions are offsets into a text with one character per byte. A function that reads a node is given
where it starts and returns it; reading goes on at the node's ``end``. What the grammar does not
allow raises ``Refused``; what only Terraform's semantics forbids is noted in ``problems``.
"""

from __future__ import annotations

import re
from typing import Final

from stockade.json_text import WORDS
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
    seldom,
)
from stockade.read.terraform.scanner import DEEPEST, HIGHEST, Refused, blank, space
from stockade.read.terraform.strings import StringParser, for_intro
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
    Splat,
    Tuple,
    Unary,
    Variable,
)

_PRECEDENCE: Final = {
    "||": 1, "&&": 2, "==": 3, "!=": 3, "<": 4, ">": 4, "<=": 4, ">=": 4,
    "+": 5, "-": 5, "*": 6, "/": 6, "%": 6, "?": 0,
}  # fmt: skip

_splat = seldom(rf"\[{BLANK}\*{BLANK}\]")
_close_paren = seldom(rf"{SPACE}\)")
_close_bracket = seldom(rf"{SPACE}\]")
_tuple_next = pattern(rf"{SPACE}(?:(,){SPACE}(\])?+|(\]))").match
_tuple_empty = pattern(rf"\[{SPACE}\]").match
_gap = r"(?:[ \t\n]++|\r\n)*+"
_tuple_of_strings = pattern(rf'\[{_gap}(?:"{PLAIN}"{_gap}(?:,{_gap}|(?=\])))++\]').match
_strings = pattern(rf'"({PLAIN})"').finditer
_call_next = pattern(rf"{SPACE}(?:(,){SPACE}(\))?+|(\.\.\.){SPACE}\)|(\)))").match
_namespaced = seldom(rf"::{SPACE}({NAME})")
_for = pattern(rf"[\[{{]{SPACE}for{NAME_ENDS}").match
_for_arrow = seldom(rf"{SPACE}=>")
_for_group = seldom(rf"{SPACE}\.\.\.")
_for_if = seldom(rf"{SPACE}if{NAME_ENDS}")
_item_ends = r"[ \t]*+(?:,|(?=\})|\n|\r\n|(?=\#|//))"
_object_item = pattern(
    rf'{SPACE}(?:(?:({ASCII_NAME})|"({PLAIN})")[ \t]*+(?:=(?![=>])|:(?!:))[ \t]*+(?:'
    rf'"({PLAIN})"{_item_ends}'  # 3
    rf"|(true|false|null|{NUMBER}){_item_ends}"  # 4
    rf"|({ASCII_NAME}(?:\.{ASCII_NAME})++){_item_ends}"  # 5
    r"|())|(\}))"  # 6, 7
).match
_object_key_ends = pattern(rf"{BLANK}(?:=(?![=>])|:(?!:))").match
_object_next = pattern(rf"{BLANK}(?:(,)|(\}})|(\n|\r\n|\#|//))").match
_fraction = seldom(r"\.\d")


class ExpressionParser(StringParser):
    """Reads expressions of one text."""

    # ---------------------------------------------------------------------------- expressions

    def whole_expression(self) -> Expression:
        """The text as one expression, with white space around it."""
        node = self.expression(0, FREE)
        found = space(self.text, node.end)
        end = found.end() if found else node.end
        if end < len(self.text):
            raise self.expected("the end of the expression", end)
        return node

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
            self.grow(max(height, self.height), left.start)
            left = Binary(left.start, right.end, sign, left, right)

    def _conditional(self, condition: Expression, at: int, rules: Rules) -> Expression:
        height = self.height
        then = self.expression(at, rules)
        height = max(height, self.height)
        colon = rules.colon(self.text, then.end)
        if colon is None:
            raise self.expected("`:`", then.end, rules)
        otherwise = self.expression(colon.end(), rules)
        self.grow(max(height, self.height), condition.start)
        return Conditional(condition.start, otherwise.end, condition, then, otherwise)

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
                node = self.traversal(found.start(2), found.end(2), found[5])
            case 4:
                node = self._call(found)
            case 6:
                node = self._number(*found.span(6))
                if _fraction.match(text, node.end):
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
                    close = _close_paren.match(text, inner.end)
                    if close is None:
                        raise self.expected("`)`", inner.end)
                    self.grow(self.height, start)
                    node = Paren(start, close.end(), inner)
                elif opener == "<<":
                    node = self.heredoc(start)
                else:
                    return self._signed(start, rules)
        if text[node.end : node.end + 1] in rules.before_step:
            return self._steps(node, rules)
        return node

    def _signed(self, at: int, rules: Rules) -> Expression:
        """``-x``, ``!x``: signs bind tighter than operators and looser than steps."""
        signs: list[int] = []
        text = self.text
        skip = space if rules is FREE else blank
        while text[at : at + 1] in ("-", "!"):
            signs.append(at)
            found = skip(text, at + 1)
            at = found.end() if found else at + 1
        node = self._operand(at, rules)
        for at in reversed(signs):
            self.grow(self.height, at)
            node = Unary(at, node.end, text[at], node)
        return node

    def traversal(self, start: int, end: int, rest: str) -> Expression:
        """``a.b.c`` without white space; ``rest`` begins with the first dot."""
        root = self.name(start, end)
        node: Expression
        if root in WORDS:
            node = Literal(start, end, WORDS[root])
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
            for part in _namespaced.finditer(found[3]):
                begin = found.start(3) + part.start(1)
                name += "::" + self.name(begin, begin + len(part[1]))
        text, at = self.text, found.end()
        args: list[Expression] = []
        height = 0
        close = _close_paren.match(text, at)
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
                self.grow(height, start)
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
                self.grow(height, start)
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
                    self.grow(height, start)
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
                self.grow(height, start)
                return Object(start, follows.end(), items)
            at = follows.end() if follows.lastindex == 1 else follows.start(3)

    def _object_key(self, at: int) -> tuple[Expression, int]:
        """A key that is no plain name or string, and where its value begins."""
        found = space(self.text, at)
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
            if word in WORDS:
                self.height = 0
                return Literal(start, end, WORDS[word])
            return self._number(start, end)
        start, end = found.span(group + 1)
        root, dot, rest = found[group + 1].partition(".")
        return self.traversal(start, start + len(root), dot + rest)

    def _for(self, start: int, close: str) -> For:
        text = self.text
        keyword = _for(text, start)
        at = keyword.end() if keyword else start
        intro = for_intro.match(text, at)
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
        arrow = _for_arrow.match(text, at)
        if arrow is not None and close == "}":
            result_key, result = result, self.expression(arrow.end(), FREE)
            height = max(height, self.height)
            at = result.end
            dots = _for_group.match(text, at)
            if dots is not None:
                group = True
                at = dots.end()
        elif close == "}":
            raise self.expected("`=>`", at)
        condition: Expression | None = None
        clause = _for_if.match(text, at)
        if clause is not None:
            condition = self.expression(clause.end(), FREE)
            height = max(height, self.height)
            at = condition.end
        found = space(text, at)
        at = found.end() if found else at
        if text[at : at + 1] != close:
            raise self.expected(f"`{close}`", at)
        self.grow(height, start)
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
                    self.grow(self.height, start)
                    node = GetAttr(start, found.end(), node, name)
                case 2:
                    node = self._legacy_index(node, found)
                case 3:
                    node = self._attribute_splat(node, found.start(3), rules)
                case 5:
                    star = _splat.match(text, found.start(5))
                    if star is not None:
                        return self._full_splat(node, star.start(), star.end(), rules)
                    height = self.height
                    key = self.expression(found.end(), FREE)
                    close = _close_bracket.match(text, key.end)
                    if close is None:
                        raise self.expected("`]`", key.end)
                    self.grow(max(height, self.height), start)
                    node = Index(start, close.end(), node, key)
                case _:
                    raise self.expected("an attribute name after `.`", found.end(), rules)

    def _legacy_index(self, node: Expression, found: re.Match[str]) -> Expression:
        """``a.0``; of ``a.0.1``, which reads as one number, Terraform wants brackets."""
        begin, end = found.span(2)
        first, dot, _ = found[2].partition(".")
        self.grow(self.height, node.start)
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
        self.grow(height, node.start)
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
                self.grow(self.height, star)
                body = GetAttr(star, found.end(), body, name)
            elif kind == 2:
                body = self._legacy_index(body, found)
            elif kind == 3:
                raise Refused(found.start(3), found.end(3), "`.*` cannot stand inside another `.*`")
            else:
                raise self.expected("an attribute name after `.`", found.end(), rules)
        self.grow(max(height, self.height), target.start)
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
        self.grow(max(height, self.height), target.start)
        return Splat(target.start, body.end, target, body)
