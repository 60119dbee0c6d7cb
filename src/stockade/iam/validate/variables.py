"""Policy variables: how they are written, and where they may stand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from stockade.iam.validate.finding import Node
from stockade.iam.validate.sheet import Part, Sheet, leaves, text_of
from stockade.patterns import lazy_regex
from stockade.value import Unknown, is_sensitive, parts_of

_ELSEWHERE: Final = ("Sid", "Effect", "Action", "NotAction", "Principal", "NotPrincipal")
_HERE: Final = ("Resource", "NotResource")
_OPEN: Final = lazy_regex(r"\$\{")
_WITH_VARIABLES: Final = ("String", "Arn")


def check(part: Part, sheet: Sheet) -> None:
    """Everything about the variables of one statement."""
    for element in _ELSEWHERE:
        node = part.elements.get(element)
        if node is not None:
            for one in _texts(node):
                _misplaced(one, element, sheet)
    for element in _HERE:
        for one in part.texts(element):
            _written(one, sheet)
    for test in part.tests:
        for one in test.values:
            if test.operator.base and test.operator.family not in _WITH_VARIABLES and _first(one) is not None:
                sheet.say(
                    "INVALID_VARIABLE_FOR_OPERATOR",
                    one,
                    f"`{test.written}` takes no policy variables, only operators for text and for ARNs do",
                    "write the value itself",
                )
            else:
                _written(one, sheet)


def _texts(node: Node) -> Iterator[Node]:
    value = node.value
    if isinstance(value, Unknown) or not hasattr(value.value, "items"):
        yield from leaves(node)
        return
    for name, inner in value.value.items():
        yield from leaves(Node(inner, (*node.path, name)))


def _pieces(node: Node) -> Iterator[str]:
    """The known stretches of a text."""
    text = text_of(node)
    if text is not None:
        yield text
    elif isinstance(node.value, Unknown) and node.value.text is not None and not is_sensitive(node.value):
        for piece in parts_of(node.value):
            if isinstance(piece, str):
                yield piece


def _first(node: Node) -> str | None:
    """The first variable of a text, as it is written; ``None`` where there is none."""
    for piece in _pieces(node):
        found = _OPEN.search(piece)
        if found is not None:
            return piece[found.start() : piece.find("}", found.end()) + 1 or len(piece)]
    return None


def _misplaced(node: Node, element: str, sheet: Sheet) -> None:
    variable = _first(node)
    if variable is not None:
        sheet.say(
            "VARIABLE_UNSUPPORTED_IN_ELEMENT",
            node,
            f"`{variable}` stands in {element}, where IAM has no policy variables and takes it as it is",
            "variables are for Resource and for the values of conditions",
        )


def _written(node: Node, sheet: Sheet) -> None:
    """How the variables of one text are written, in a place where they may be."""
    pieces = list(_pieces(node))
    variable = None
    for number, piece in enumerate(pieces):
        for found in _OPEN.finditer(piece):
            close = piece.find("}", found.end())
            if close < 0:
                if number + 1 == len(pieces) and _ends_in_text(node):
                    sheet.say(
                        "MISSING_BRACE_IN_VARIABLE",
                        node,
                        f"`{piece[found.start() :]}` has no closing brace",
                        "add `}` after the variable's name",
                    )
                continue  # what comes behind is not known
            inner = piece[found.end() : close]
            if inner in ("*", "?", "$"):
                continue
            variable = variable or piece[found.start() : close + 1]
            _named(inner, node, sheet)
    if variable is not None and sheet.version is not None and sheet.version != "2012-10-17":
        sheet.say(
            "VARIABLE_UNSUPPORTED_IN_VERSION",
            node,
            f"`{variable}` is taken as it is: version {sheet.version} of the language has no variables",
            'write "Version": "2012-10-17"',
        )


def _ends_in_text(node: Node) -> bool:
    """Whether the end of a text is known, so that nothing can come behind."""
    if not isinstance(node.value, Unknown):
        return True
    parts = parts_of(node.value)
    return bool(parts) and isinstance(parts[-1], str)


def _named(inner: str, node: Node, sheet: Sheet) -> None:
    """The inside of one variable: a key, and perhaps a default in single quotes."""
    name, comma, default = inner.partition(",")
    if not name.strip():
        sheet.say(
            "EMPTY_VARIABLE",
            node,
            "`${}` names no key",
            "name one, as in `${aws:username}`, or remove it",
        )
        return
    if name != name.strip() or " " in name.split("/", 1)[0]:
        sheet.say(
            "UNSUPPORTED_SPACE_IN_VARIABLE",
            node,
            f"`${{{inner}}}` has a space in its name",
            "remove the space",
        )
    default = default.strip()
    if comma and not (len(default) > 1 and default.startswith("'") and default.endswith("'")):
        sheet.say(
            "MISSING_QUOTE_IN_VARIABLE",
            node,
            f"the default of `${{{inner}}}` is not in single quotes",
            f"write `${{{name.strip()}, '{default.strip(chr(39))}'}}`",
        )
