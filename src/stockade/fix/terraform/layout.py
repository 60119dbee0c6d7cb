"""Where things go in a block, an object or a list, and what goes with them when they are taken out.

An argument stands among the other arguments of its block, before the blocks; what people put last
(``tags``, ``depends_on``, ``lifecycle``) stays last. Lists and objects grow in the style they have.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from stockade.fix.terraform.hcl import key_of
from stockade.fix.terraform.page import Page
from stockade.patterns import lazy_regex
from stockade.read.terraform import tree as t
from stockade.source import decode

_LAST: Final = ("tags", "depends_on", "provider", "providers")
_FIRST: Final = ("count", "for_each", "source", "version", "provider")
_LAST_BLOCKS: Final = ("lifecycle", "provisioner", "connection", "timeouts")
_COMMENT: Final = lazy_regex(r"[ \t]*(#|//)")
_AFTER: Final = lazy_regex(r"[ \t]*,?")
_GAP: Final = lazy_regex(r"[ \t]*(?:(?:#|//)[^\n]*)?")


# ------------------------------------------------------------------------------------------ blocks


def add_argument(page: Page, block: t.Block, name: str, text: str) -> None:
    """One more argument of a block, on a line of its own."""
    indent = inner_indent(page, block)
    line = f"{indent}{name} = {text}"
    if _opened(page, block, line):
        return
    anchor = _anchor(page, block)
    if anchor is not None:
        at = page.line_end(anchor.end)
        page.replace(at, at, f"\n{line}")
        return
    at = block.header_end + len(_gap(page, block.header_end))
    follows = bool(block.body.blocks or block.body.attributes) and not page.is_blank(page.next_line(at))
    page.replace(at, at, f"\n{line}\n" if follows else f"\n{line}")


def add_block(page: Page, block: t.Block, lines: Sequence[str]) -> None:
    """One more block in a block, with a blank line before it; ``lines`` are indented to stand there."""
    if _opened(page, block, "\n".join(lines), apart=True):
        return
    items = list(items_of(block.body))
    before = [one for one in items if not _is_last(one)]
    at = page.line_end(before[-1].end) if before else block.header_end + len(_gap(page, block.header_end))
    text = "\n".join(lines)
    start = page.next_line(at)
    closes = start > block.end - 1 or not page.text[start : block.end - 1].strip()
    follows = not closes and not page.is_blank(start)
    page.replace(at, at, ("\n\n" if before else "\n") + text + ("\n" if follows else ""))


def _is_last(item: t.Attribute | t.Block) -> bool:
    if isinstance(item, t.Attribute):
        return item.name in ("depends_on", "tags")
    return item.type in _LAST_BLOCKS


def _anchor(page: Page, block: t.Block) -> t.Attribute | None:
    """The argument behind which another one goes."""
    first_block = min((one.start for one in block.body.blocks), default=block.end)
    listed = sorted(block.body.attributes.values(), key=lambda one: one.start)
    usable = [one for one in listed if one.start < first_block and one.name not in _LAST]
    short = [one for one in usable if "\n" not in page.text[one.start : one.end]]
    if not usable:
        return next((one for one in reversed(listed) if one.name in _FIRST and one.start < first_block), None)
    if not short or usable[-1] is short[-1]:
        return usable[-1]
    return short[-1] if short[-1].name not in _FIRST else usable[-1]


def inner_indent(page: Page, block: t.Block) -> str:
    """How far the arguments of a block are indented."""
    for one in (*block.body.attributes.values(), *block.body.blocks):
        if page.line_start(one.start) != page.line_start(block.start):
            return page.indent(one.start)
    outer = page.indent(block.start)
    return outer + ("\t" if outer.startswith("\t") else "  ")


def _opened(page: Page, block: t.Block, text: str, apart: bool = False) -> bool:
    """Write a block that stands on one line on several, with some text behind what is in it; whether it did."""
    inside = page.text[block.header_end : block.end - 1]
    if "\n" in inside:
        return False
    old = f"\n{inner_indent(page, block)}{decode(inside.strip())}" if inside.strip() else ""
    gap = "\n" if apart and old else ""
    page.replace(block.header_end, block.end - 1, f"{old}{gap}\n{text}\n{page.indent(block.start)}")
    return True


def _gap(page: Page, at: int) -> str:
    """Spaces and a comment up to the end of the line."""
    found = _GAP.match(page.text, at)
    gap = found[0] if found else ""
    return gap.rstrip(" \t\r") if page.text[at + len(gap) : at + len(gap) + 1] in ("\n", "\r", "") else ""


def drop_argument(page: Page, block: t.Block, attribute: t.Attribute) -> None:
    """Take an argument out of a block, with the comment that is about it alone."""
    _drop_lines(page, attribute.start, attribute.end, lone=not _has_neighbours(page, attribute), outer=block)


def drop_block(page: Page, node: t.Block, outer: t.Block | None = None) -> None:
    """Take a whole block out, with the comment right above it."""
    _drop_lines(page, node.start, node.end, lone=True, outer=outer)


def _has_neighbours(page: Page, attribute: t.Attribute) -> bool:
    after = page.next_line(attribute.end)
    return (
        after < len(page.text)
        and not page.is_blank(after)
        and "}" not in page.text[after : page.line_end(after)]
    )


def _drop_lines(page: Page, start: int, end: int, *, lone: bool, outer: t.Block | None) -> None:
    first = page.line_start(start)
    if page.text[first:start].strip() or _rest(page, end):
        page.replace(start, end, "")  # it shares its line
        return
    last = page.next_line(end)
    while lone and first and _COMMENT.match(page.text, page.line_start(first - 1)):
        first = page.line_start(first - 1)
    above = first == 0 or _is_open(page, first - 1, outer)
    below = last >= len(page.text) or (outer is not None and last >= page.line_start(outer.end - 1))
    if last < len(page.text) and page.is_blank(last) and not below and (above or page.is_blank(first - 1)):
        last = page.next_line(last)
    elif below and first and page.is_blank(first - 1) and not above:
        first = page.line_start(first - 1)
    if last >= len(page.text) and first and not page.text.endswith("\n"):  # the last line ends as it did
        first -= 2 if page.text[first - 2 : first] == "\r\n" else 1
    page.replace(first, last, "")


def _is_open(page: Page, at: int, outer: t.Block | None) -> bool:
    """Whether an offset is on the line that opens the block around."""
    return outer is not None and page.line_start(at) <= outer.header_end <= page.next_line(at)


def _rest(page: Page, end: int) -> str:
    """What stands behind an item on its line, comments aside."""
    return page.text[end + len(_gap(page, end)) : page.line_end(end)].strip()


# ------------------------------------------------------------------------------- objects and lists


def add_member(page: Page, node: t.Object, name: str, text: str) -> None:
    """One more member of an object, written as its siblings are."""
    places = [(key.start, value.end) for key, value in node.items]
    if not places:
        indent = page.indent(node.start)
        unit = "\t" if indent.startswith("\t") else "  "
        page.replace(node.start, node.end, f"{{\n{indent}{unit}{key_of(name)} = {text}\n{indent}}}")
        return
    key, value = node.items[-1]
    shown = page.text[key.start : key.end]
    sign = page.text[key.end : value.start].strip() or "="
    name = f'"{name}"' if shown.startswith('"') else key_of(name)
    space = " " if sign == "=" else ""
    _add(page, node.start, node.end, places, f"{name}{space}{sign} {text}")


def add_element(page: Page, node: t.Tuple, text: str) -> None:
    """One more element of a list."""
    places = [(one.start, one.end) for one in node.items]
    if not places:
        page.replace(node.start, node.end, f"[{text}]")
    else:
        _add(page, node.start, node.end, places, text)


def _add(page: Page, start: int, end: int, places: Sequence[tuple[int, int]], text: str) -> None:
    first, last = places[-1]
    found = _AFTER.match(page.text, last)
    after = found.end() if found else last
    has_comma = page.text[last:after].endswith(",")
    between = page.text[places[-2][1] : first] if len(places) > 1 else page.text[start + 1 : first]
    if "\n" not in between:
        page.replace(last, last, f", {text}")
        return
    is_list = page.text[start] == "["
    indent = page.indent(first)
    comma = "," if has_comma or is_list or "," in between else ""
    if not has_comma and comma:
        page.replace(last, last, comma)
        after = last
    ends = page.line_end(after)
    at = ends if not _rest(page, after) else after
    if at == last:  # no two replacements at one place
        page.retract(last, last)
        page.replace(last, last, f"{comma}\n{indent}{text}{comma if has_comma else ''}")
        return
    page.replace(at, at, f"\n{indent}{text}{',' if has_comma else ''}")


def drop_member(page: Page, node: t.Object, index: int) -> None:
    places = [(key.start, value.end) for key, value in node.items]
    _drop(page, node.start, node.end, places, index)


def drop_element(page: Page, node: t.Tuple, index: int) -> None:
    _drop(page, node.start, node.end, [(one.start, one.end) for one in node.items], index)


def thinned(page: Page, node: t.Expression, texts: Sequence[str]) -> bool:
    """Take elements out of a list until only some are left; whether that was all there is to do."""
    if not isinstance(node, t.Tuple) or not texts:
        return False
    written = [page.text[one.start : one.end] for one in node.items]
    wanted = [text.encode().decode("latin-1") for text in texts]
    if len(set(written)) != len(written) or not set(wanted) <= set(written):
        return False
    for index, text in enumerate(written):
        if text not in wanted:
            drop_element(page, node, index)
    return True


def _drop(page: Page, start: int, end: int, places: Sequence[tuple[int, int]], index: int) -> None:
    """Take one of several out, with its comma; on lines of its own with these."""
    first, last = places[index]
    found = _AFTER.match(page.text, last)
    after = found.end() if found else last
    alone = not page.text[page.line_start(first) : first].strip() and not _rest(page, after)
    if alone and len(places) > 1:
        if index == len(places) - 1 and not page.text[last:after].endswith(","):
            self_comma = page.text.rfind(",", places[index - 1][1], first)
            if self_comma >= 0:
                page.replace(self_comma, self_comma + 1, "")
        _drop_lines(page, first, after, lone=True, outer=None)
    elif index + 1 < len(places):
        page.replace(first, places[index + 1][0], "")
    elif index:
        page.replace(places[index - 1][1], last, "")
    else:
        page.replace(start + 1, end - 1, "")


def items_of(body: t.Body) -> Iterator[t.Attribute | t.Block]:
    """Everything in a body, as it stands there."""
    items: list[t.Attribute | t.Block] = [*body.attributes.values(), *body.blocks]
    yield from sorted(items, key=lambda one: one.start)
