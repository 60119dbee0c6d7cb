"""Functions over text: joining, splitting, trimming, cases."""

from __future__ import annotations

from typing import Any

from stockade.read.budget import bound_text
from stockade.read.terraform.cty import EvaluationError, List
from stockade.read.terraform.functions.context import Context
from stockade.read.terraform.functions.graphemes import clusters, composed
from stockade.read.terraform.functions.registry import plain, valued
from stockade.read.terraform.functions.sequences import is_null, whole
from stockade.read.terraform.functions.unknowns import first_unknown, pieces_of, spliced
from stockade.read.terraform.number import Number
from stockade.value import Hole, Known, Ref, Unknown, Value

SPACE = (
    "\t\n\v\f\r \u0085\u00a0\u1680"
    + "".join(map(chr, range(0x2000, 0x200B)))
    + "\u2028\u2029\u202f\u205f\u3000"
)


@valued("join(separator: string, ...lists: list(string))")
def join(context: Context, separator: Value[Any], *lists: Value[Any]) -> Value[Any]:
    """References among the elements stand in the text as they are."""
    if not lists:
        raise EvaluationError("`join` needs a list")
    items = [item for each in lists if isinstance(each, Known) for item in each.value]
    if any(map(is_null, items)):
        raise EvaluationError("a list given to `join` has a null in it")
    unknown = first_unknown(lists)
    if unknown is not None:
        return unknown
    context.budget.spend(len(items))
    if isinstance(separator, Known) and first_unknown(items) is None:
        texts = [item.value for item in items if isinstance(item, Known)]
        bound_text(sum(map(len, texts)) + len(separator.value) * len(texts))
        return Known(composed(separator.value.join(texts)), context.origin)
    parts: list[str | Ref | Hole] = []
    for number, item in enumerate(items):
        if number:
            parts += pieces(separator)
        parts += pieces(item)
    cause = first_unknown([separator, *items]) if len(items) > 1 else first_unknown(items)
    return spliced(parts, cause, context.origin)


def pieces(value: Value[Any]) -> tuple[str | Ref | Hole, ...]:
    """A string value as parts of a longer one."""
    return pieces_of(value) if isinstance(value, Unknown) else (value.value,)


@valued("split(separator: string, str: string)")
def split(context: Context, separator: Value[Any], text: Value[Any]) -> Value[Any]:
    if isinstance(separator, Unknown) or isinstance(text, Unknown):
        return first_unknown((separator, text)) or text
    cut = text.value.split(separator.value) if separator.value else list(text.value)
    context.budget.spend(len(cut))
    return Known(List([Known(piece, context.origin) for piece in cut]), context.origin)


# ------------------------------------------------------------------------------- beginning and end


@valued("trimprefix(str: string, prefix: string)")
def trimprefix(context: Context, text: Value[Any], prefix: Value[Any]) -> Value[Any]:
    if isinstance(prefix, Known):
        parts = pieces(text)
        begins = _begins(parts, prefix.value)
        if begins is False:
            return text
        if begins and isinstance(parts[0], str):
            rest = (parts[0][len(prefix.value) :], *parts[1:])
            return spliced(rest, text if isinstance(text, Unknown) else None, context.origin)
    return first_unknown((text, prefix)) or text


@valued("trimsuffix(str: string, suffix: string)")
def trimsuffix(context: Context, text: Value[Any], suffix: Value[Any]) -> Value[Any]:
    if isinstance(suffix, Known):
        parts = pieces(text)
        ends = _ends(parts, suffix.value)
        if ends is False:
            return text
        if ends and isinstance(parts[-1], str):
            rest = (*parts[:-1], parts[-1][: len(parts[-1]) - len(suffix.value)])
            return spliced(rest, text if isinstance(text, Unknown) else None, context.origin)
    return first_unknown((text, suffix)) or text


@valued("startswith(str: string, prefix: string)")
def startswith(context: Context, text: Value[Any], prefix: Value[Any]) -> Value[Any]:
    answer = _begins(pieces(text), prefix.value) if isinstance(prefix, Known) else None
    return _answer(answer, text, prefix, context)


@valued("endswith(str: string, suffix: string)")
def endswith(context: Context, text: Value[Any], suffix: Value[Any]) -> Value[Any]:
    answer = _ends(pieces(text), suffix.value) if isinstance(suffix, Known) else None
    return _answer(answer, text, suffix, context)


@valued("strcontains(str: string, substr: string)")
def strcontains(context: Context, text: Value[Any], part: Value[Any]) -> Value[Any]:
    answer = None
    if isinstance(part, Known):
        found = any(isinstance(piece, str) and part.value in piece for piece in pieces(text)) or not part.value
        answer = True if found else False if isinstance(text, Known) else None
    return _answer(answer, text, part, context)


def _answer(answer: bool | None, text: Value[Any], part: Value[Any], context: Context) -> Value[Any]:
    if answer is None:
        return first_unknown((text, part)) or Unknown("its beginning or end is not known", context.origin)
    return Known(answer, context.origin)


def _begins(parts: tuple[str | Ref | Hole, ...], prefix: str) -> bool | None:
    """Whether text of these parts begins so, as far as its first known piece tells."""
    first = parts[0] if parts and isinstance(parts[0], str) else ""
    if first.startswith(prefix):
        return True
    return None if prefix.startswith(first) and not _is_whole(parts) else False


def _ends(parts: tuple[str | Ref | Hole, ...], suffix: str) -> bool | None:
    last = parts[-1] if parts and isinstance(parts[-1], str) else ""
    if last.endswith(suffix):
        return True
    return None if suffix.endswith(last) and not _is_whole(parts) else False


def _is_whole(parts: tuple[str | Ref | Hole, ...]) -> bool:
    return all(isinstance(part, str) for part in parts)


@plain("chomp(str: string)")
def chomp(text: str) -> str:
    return text.rstrip("\r\n")


@plain("trim(str: string, cutset: string)")
def trim(text: str, cutset: str) -> str:
    return text.strip(cutset) if cutset else text


@plain("trimspace(str: string)")
def trimspace(text: str) -> str:
    return text.strip(SPACE)


# ------------------------------------------------------------------------------------------- cases


@plain("lower(str: string)")
def lower(text: str) -> str:
    return text.lower() if text.isascii() else "".join(map(_lower, text))


@plain("upper(str: string)")
def upper(text: str) -> str:
    return text.upper() if text.isascii() else "".join(map(_upper, text))


@plain("title(str: string)")
def title(text: str) -> str:
    """The first letter of every word in its title form, the rest as it is."""
    made: list[str] = []
    before = " "
    for char in text:
        made.append(_title(char) if _separates(before) else char)
        before = char
    return "".join(made)


def _lower(char: str) -> str:
    """One character for one, as Go maps them: no sigma at the end of a word, no dot left behind."""
    return char.lower()[0]


def _upper(char: str) -> str:
    upper = char.upper()
    return upper if len(upper) == 1 else _title(char)


def _title(char: str) -> str:
    title = char.title()
    return title if len(title) == 1 else char


def _separates(char: str) -> bool:
    if char.isascii():
        return not (char.isalnum() or char == "_")
    return char in SPACE


# ---------------------------------------------------------------------------------------- by place


@plain("strrev(str: string)")
def strrev(text: str) -> str:
    return text[::-1] if text.isascii() and "\r" not in text else "".join(reversed(clusters(text)))


@plain("substr(str: string, offset: number, length: number)")
def substr(text: str, offset: Number, length: Number) -> str:
    start, size = whole("substr", offset), whole("substr", length)
    units: str | list[str] = text if text.isascii() and "\r" not in text else clusters(text)
    if start < 0:
        start = max(start + len(units), 0)
        size = size or -1  # Terraform takes a length of nothing for the rest here, and only here
    end = len(units) if size < 0 else start + size
    return "".join(units[start:end])


@plain("indent(spaces: number, str: string)")
def indent(spaces: Number, text: str) -> str:
    width = whole("indent", spaces)
    if width < 0:
        raise EvaluationError("`indent` needs a number of spaces that is not negative")
    bound_text(len(text) + width * text.count("\n"))
    return text.replace("\n", "\n" + " " * width)
