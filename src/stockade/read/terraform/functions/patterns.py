"""Regular expressions: RE2, which Terraform uses and which cannot be made to hang."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from stockade.patterns import lazy_regex
from stockade.read.budget import bound_text
from stockade.read.terraform.cty import EvaluationError, List
from stockade.read.terraform.functions.context import Context
from stockade.read.terraform.functions.graphemes import composed
from stockade.read.terraform.functions.registry import LINEAR, lift, valued
from stockade.read.terraform.functions.unknowns import first_unknown
from stockade.value import Known, Unknown, Value

MATCH = 20
"""What one match takes off the budget: about as long as so many steps of evaluation."""

_REFERENCE = lazy_regex(r"\$(?:(\$)|\{(\w+)\}|(\w+))")
_BYTE = lazy_regex(r"\\(?:\\|(C)|.)", re.DOTALL)


def compiled(pattern: str) -> Any:
    """A compiled RE2 pattern; refuses what Terraform refuses."""
    import re2

    options = re2.Options()
    options.log_errors = False
    if any(found[1] for found in _BYTE.finditer(pattern)):
        raise EvaluationError("`\\C` in a regular expression would cut a character apart")
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        reason = error.args[0] if error.args else ""
        text = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
        raise EvaluationError(f"`{pattern}` is not a regular expression: {text}") from None


def _matches(context: Context, pattern: Any, text: str) -> Iterator[Any]:
    """All matches from left to right, without the empty ones that touch the match before them."""
    context.budget.spend(len(text) // LINEAR)
    end = -1
    for found in pattern.finditer(text):
        context.budget.spend(MATCH)
        if found.start() == found.end() == end:
            continue
        end = found.end()
        yield found


def _with_groups(expression: str) -> Any:
    """A compiled pattern whose groups can be told apart in one way."""
    pattern = compiled(expression)
    if 0 < len(pattern.groupindex) < pattern.groups:
        raise EvaluationError("a regular expression names either all of its groups or none")
    return pattern


def _groups(pattern: Any, found: Any) -> Any:
    """What a match gives: the text, a tuple of its groups, or an object of its named groups."""
    if pattern.groups == 0:
        return found.group()
    if not pattern.groupindex:
        return tuple(found.groups())
    return {name: found.group(number) for name, number in sorted(pattern.groupindex.items())}


@valued("regex(pattern: string, string: string)")
def regex(context: Context, pattern: Value[Any], text: Value[Any]) -> Value[Any]:
    if isinstance(pattern, Unknown) or isinstance(text, Unknown):
        return first_unknown((pattern, text)) or text
    expression = _with_groups(pattern.value)
    found = next(_matches(context, expression, text.value), None)
    if found is None:
        raise EvaluationError(f"the text does not match `{pattern.value}`")
    return lift(_groups(expression, found), context.origin)


@valued("regexall(pattern: string, string: string)")
def regexall(context: Context, pattern: Value[Any], text: Value[Any]) -> Value[Any]:
    if isinstance(pattern, Unknown) or isinstance(text, Unknown):
        return first_unknown((pattern, text)) or text
    expression = _with_groups(pattern.value)
    found = [_groups(expression, each) for each in _matches(context, expression, text.value)]
    return lift(List(found), context.origin)


@valued("replace(str: string, substr: string, replace: string)")
def replace(context: Context, text: Value[Any], wanted: Value[Any], instead: Value[Any]) -> Value[Any]:
    """A literal text, or a regular expression between slashes."""
    if isinstance(text, Unknown) or isinstance(wanted, Unknown) or isinstance(instead, Unknown):
        return first_unknown((text, wanted, instead)) or text
    whole, part, other = text.value, wanted.value, instead.value
    if len(part) > 1 and part[0] == part[-1] == "/":
        return Known(composed(_substitute(context, compiled(part[1:-1]), whole, other)), context.origin)
    count = whole.count(part) if part else len(whole) + 1
    bound_text(len(whole) + count * (len(other) - len(part)))
    return Known(composed(whole.replace(part, other)), context.origin)


def _substitute(context: Context, pattern: Any, text: str, instead: str) -> str:
    context.budget.spend(instead.count("$"))
    template = _template(instead, pattern)
    made: list[str] = []
    at = length = 0
    for found in _matches(context, pattern, text):
        context.budget.spend(len(template))
        pieces = [text[at : found.start()]]
        pieces += [part if isinstance(part, str) else found.group(part) or "" for part in template]
        length += sum(map(len, pieces))
        bound_text(length)
        made += pieces
        at = found.end()
    return "".join(made) + text[at:]


def _template(instead: str, pattern: Any) -> list[str | int]:
    """A replacement as text and numbers of groups: ``$1``, ``$name``, ``${name}``, and ``$$`` for a dollar.

    A group that is not there is empty.
    """
    parts: list[str | int] = []
    at = 0
    for reference in _REFERENCE.finditer(instead):
        parts.append(instead[at : reference.start()])
        at = reference.end()
        name = reference[2] or reference[3]
        if name is None:
            parts.append("$")
            continue
        numbered = name.isdecimal() and name.isascii()
        group = int(name[:9]) if numbered else pattern.groupindex.get(name, -1)
        if 0 <= group <= pattern.groups:
            parts.append(group)
    return [part for part in (*parts, instead[at:]) if part != ""]
