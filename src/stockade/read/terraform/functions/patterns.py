"""Regular expressions: RE2, which Terraform uses and which cannot be made to hang."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from stockade.read.budget import bound_text
from stockade.read.terraform.cty import EvaluationError, List
from stockade.read.terraform.functions.registry import plain

_REFERENCE = re.compile(r"\$(?:(\$)|\{(\w+)\}|(\w+))")
_BYTE = re.compile(r"\\(?:\\|(C)|.)", re.DOTALL)


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


def matches(pattern: Any, text: str) -> Iterator[Any]:
    """All matches from left to right, without the empty ones that touch the match before them."""
    end = -1
    for found in pattern.finditer(text):
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


@plain("regex(pattern: string, string: string)")
def regex(pattern: str, text: str) -> Any:
    expression = _with_groups(pattern)
    found = expression.search(text)
    if found is None:
        raise EvaluationError(f"the text does not match `{pattern}`")
    return _groups(expression, found)


@plain("regexall(pattern: string, string: string)")
def regexall(pattern: str, text: str) -> Any:
    expression = _with_groups(pattern)
    return List(_groups(expression, found) for found in matches(expression, text))


@plain("replace(str: string, substr: string, replace: string)")
def replace(text: str, wanted: str, instead: str) -> str:
    """A literal text, or a regular expression between slashes."""
    if len(wanted) > 1 and wanted[0] == wanted[-1] == "/":
        return _substitute(compiled(wanted[1:-1]), text, instead)
    count = text.count(wanted) if wanted else len(text) + 1
    bound_text(len(text) + count * (len(instead) - len(wanted)))
    return text.replace(wanted, instead)


def _substitute(pattern: Any, text: str, instead: str) -> str:
    made: list[str] = []
    at = length = 0
    for found in matches(pattern, text):
        piece = text[at : found.start()] + _expand(instead, pattern, found)
        length += len(piece)
        bound_text(length)
        made.append(piece)
        at = found.end()
    return "".join(made) + text[at:]


def _expand(template: str, pattern: Any, found: Any) -> str:
    """Fill ``$1``, ``$name`` and ``${name}``; a group that is not there is empty, ``$$`` is a dollar."""

    def fill(reference: re.Match[str]) -> str:
        if reference[1]:
            return "$"
        name = reference[2] or reference[3]
        if name.isdecimal() and name.isascii():
            number = int(name[:9])
        else:
            number = pattern.groupindex.get(name, -1)
        return (found.group(number) or "") if 0 <= number <= pattern.groups else ""

    return _REFERENCE.sub(fill, template) if "$" in template else template
