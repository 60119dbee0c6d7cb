"""What is said twice: actions and resources covered by others, and whole statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from stockade.iam.match import matches
from stockade.iam.validate.sheet import Part, Sheet
from stockade.patterns import lazy_regex
from stockade.value import Hole, Known, Unknown, Value

_WILD: Final = lazy_regex(r"[*?]")
_PIECES: Final = lazy_regex(r"(\*)")
_ANY_TEXT: Final = Hole("*")
_ANY_LETTER: Final = "\ue002"

MOST: Final = 30_000_000
"""How many characters are held against patterns, for one element; a policy that long is told to be too long."""


def check(part: Part, sheet: Sheet) -> None:
    """Actions and resources of one statement that another one covers."""
    _element(part, "Action", "REDUNDANT_ACTION", sheet)
    _element(part, "Resource", "REDUNDANT_RESOURCE", sheet)


def _element(part: Part, element: str, code: str, sheet: Sheet) -> None:
    known = part.known(element)
    folded = [text.lower() if element == "Action" else text for _, text in known]
    wild = [index for index, text in enumerate(folded) if _WILD.search(text)]
    if not wild and len(set(folded)) == len(folded):
        return
    if len(wild) * sum(map(len, folded)) > MOST:
        sheet.unsure(part.elements[element], "its elements are too many to be held against each other")
        return
    what = "action" if element == "Action" else "resource"
    for chief, others in _groups(folded, wild).items():
        nodes = [known[index][0] for index in sorted((chief, *others))]
        text = known[chief][1]
        if folded[others[0]] == folded[chief]:
            message, help = f"`{text}` is listed twice", "remove one of the two"
        else:
            some = f"{len(others)} {what}s" if len(others) > 1 else f"`{known[others[0]][1]}`"
            message = f"`{text}` covers {some} of the same statement"
            help = "remove what it covers, or the wildcard if it is not meant"
        sheet.say(code, nodes[0], message, help, nodes[1:])


def _groups(texts: Sequence[str], wild: Sequence[int]) -> dict[int, list[int]]:
    """For each pattern that no other covers, those that it covers, equal ones among them."""
    first: dict[str, int] = {}
    out: dict[int, list[int]] = {}
    for index, text in enumerate(texts):
        if text in first:
            out.setdefault(first[text], []).append(index)
        else:
            first[text] = index
    chiefs = [index for index in wild if first[texts[index]] == index]
    covered: set[int] = set()
    for index in chiefs:
        for other in first.values():
            if other != index and other not in covered and covers(texts[index], texts[other]):
                if other in chiefs and covers(texts[other], texts[index]) and other < index:
                    continue  # the two say the same; the first stays
                covered.add(other)
    for index in chiefs:
        if index in covered:
            continue
        for other in first.values():
            if other != index and covers(texts[index], texts[other]):
                out.setdefault(index, []).append(other)
                out[index] += out.pop(other, [])
    return {index: sorted(others) for index, others in sorted(out.items())}


def covers(pattern: str, other: str) -> bool:
    """Whether a pattern matches whatever another one matches, as far as can be told letter by letter."""
    if "*" not in pattern and "?" not in pattern:
        return pattern == other
    head = _WILD.split(pattern, 1)[0]
    if not other.startswith(head):
        return False
    pieces = tuple(
        _ANY_TEXT if piece == "*" else piece.replace("?", _ANY_LETTER)
        for piece in _PIECES.split(other)
        if piece
    )
    return matches((pattern,), pieces) is True


def check_all(parts: Sequence[Part], sheet: Sheet) -> None:
    """Statements that say the same, whatever they are called."""
    seen: dict[Any, Part] = {}
    for part in parts:
        content = _content(part)
        if content is None:
            continue
        first = seen.setdefault(content, part)
        if first is not part:
            sheet.say(
                "REDUNDANT_STATEMENT",
                part.node,
                f"statement {first.index} says the same already",
                "remove one of them",
                (first.node,),
            )


def _content(part: Part) -> Any:
    """What a statement says, to be compared; ``None`` where some of it is not known."""
    out: list[Any] = []
    for name in sorted(part.elements):
        if name == "Sid":
            continue
        inner = _plain(part.elements[name].value, name not in ("Effect", "Condition"))
        if inner is None:
            return None
        out.append((name, inner))
    return tuple(out)


def _plain(value: Value[Any], unordered: bool) -> Any:
    """A tree to be compared: where order does not count one value is as good as a list of it."""
    if isinstance(value, Unknown):
        return None
    match value:
        case Known(Mapping() as members):
            inner = [(name, _plain(one, True)) for name, one in sorted(members.items())]
            return None if any(one is None for _, one in inner) else ("object", *inner)
        case Known(tuple() | list() as items):
            plain = [_plain(one, False) for one in items]
            if any(one is None for one in plain):
                return None
            return frozenset(plain) if unordered else tuple(plain)
        case Known(one):
            return frozenset({_text(one)}) if unordered else _text(one)


def _text(value: object) -> str:
    return repr(value) if not isinstance(value, int) or value.bit_length() < 4_000 else "a huge number"
