"""The grammar of a document: its elements, their JSON types, what must be there and what excludes what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from stockade.iam.policy import DOCUMENT, STATEMENT
from stockade.iam.validate.finding import Kind, Node
from stockade.iam.validate.sheet import Part, Sheet, children, items, text_of
from stockade.json_text import Broken, Repeated
from stockade.value import Known, Unknown, Value

VERSIONS: Final = ("2012-10-17", "2008-10-17")

_OPPOSITES: Final = (("Action", "NotAction"), ("Resource", "NotResource"), ("Principal", "NotPrincipal"))
_LISTS: Final = ("Action", "NotAction", "Resource", "NotResource")
_WITH_PRINCIPAL: Final = (Kind.RESOURCE, Kind.TRUST, Kind.RCP)
_IN_IAM: Final = (Kind.IDENTITY, Kind.TRUST)


def statements(tree: Value[Any], sheet: Sheet) -> list[Part]:
    """The statements that can be read; whatever is wrong with the grammar is written on the sheet."""
    root = Node(tree, ())
    match tree:
        case Broken(reason):
            sheet.say("JSON_SYNTAX_ERROR", root, reason, "write the policy as JSON")
            return []
        case Unknown():
            sheet.unsure(root)
            return []
        case Known(Mapping()):
            pass
        case _:
            _mismatch(sheet, root, "the policy", "an object")
            return []
    elements = _elements(root, DOCUMENT, "a policy", sheet)
    _version(root, elements, sheet)
    for name in ("Id",):
        if name in elements:
            _string(elements[name], f"`{name}`", sheet)
    written = elements.get("Statement")
    if written is None:
        if not _is_doubtful(root, DOCUMENT, "Statement"):
            sheet.say("MISSING_STATEMENT", root, "the policy has no Statement", "add a Statement")
        return []
    if isinstance(written.value, Unknown):
        sheet.unsure(written)
        return []
    if isinstance(written.value.value, tuple | list) and not written.value.value:
        sheet.say("MISSING_STATEMENT", written, "the policy has no statement", "add a statement")
        return []
    parts = [
        part
        for index, node in enumerate(items(written))
        if (part := _statement(index, node, sheet)) is not None
    ]
    _unique_sids(parts, sheet)
    return parts


def _version(root: Node, elements: Mapping[str, Node], sheet: Sheet) -> None:
    node = elements.get("Version")
    if node is None:
        if not _is_doubtful(root, DOCUMENT, "Version"):
            sheet.version = "2008-10-17"
            sheet.say(
                "MISSING_VERSION",
                root,
                "the policy has no Version, and is read as one of 2008-10-17",
                'add "Version": "2012-10-17"',
            )
        return
    if isinstance(node.value, Unknown):
        sheet.unsure(node)
    elif _string(node, "the Version", sheet):
        text = sheet.version = text_of(node)
        if text not in VERSIONS:
            sheet.say(
                "INVALID_VERSION",
                node,
                f"`{text}` is not a version of the policy language",
                "write 2012-10-17: it is the language's version, not the policy's",
            )


def _statement(index: int, node: Node, sheet: Sheet) -> Part | None:
    if isinstance(node.value, Unknown):
        sheet.unsure(node)
        return None
    if not isinstance(node.value.value, Mapping):
        _mismatch(sheet, node, "a statement", "an object")
        return None
    elements = _elements(node, STATEMENT, "a statement", sheet)
    part = Part(index, node, elements, _effect(node, elements, sheet))
    _sid(part, sheet)
    for name in _LISTS:
        if name in elements:
            _strings(elements[name], name, sheet)
    for one, other in _OPPOSITES:
        if one in elements and other in elements:
            sheet.say(
                "UNSUPPORTED_ELEMENT_COMBINATION",
                elements[other].named(),
                f"the statement has both {one} and {other}",
                "keep one of them",
                (elements[one].named(),),
            )
    _missing(part, "Action", "MISSING_ACTION", "which actions it is about", sheet)
    if sheet.kind is not Kind.TRUST:
        _missing(part, "Resource", "MISSING_RESOURCE", "which resources it is about", sheet)
    if sheet.kind in _WITH_PRINCIPAL:
        _missing(part, "Principal", "MISSING_PRINCIPAL", "whom it is about", sheet)
    return part


def _missing(part: Part, name: str, code: str, what: str, sheet: Sheet) -> None:
    if name in part.elements or f"Not{name}" in part.elements:
        return
    if not any(_is_doubtful(part.node, STATEMENT, one) for one in (name, f"Not{name}")):
        sheet.say(code, part.node, f"the statement does not say {what}", f"add {_article(name)} {name}")


def _effect(node: Node, elements: Mapping[str, Node], sheet: Sheet) -> str:
    effect = elements.get("Effect")
    if effect is None:
        if not _is_doubtful(node, STATEMENT, "Effect"):
            sheet.say("MISSING_EFFECT", node, "the statement has no Effect", "add an Effect: Allow or Deny")
        return ""
    if isinstance(effect.value, Unknown):
        sheet.unsure(effect)
        return ""
    if not _string(effect, "the Effect", sheet):
        return ""
    text = text_of(effect) or ""
    if text in ("Allow", "Deny"):
        return text
    meant = {"allow": "Allow", "deny": "Deny"}.get(text.strip().lower())
    sheet.say(
        "INVALID_EFFECT",
        effect,
        f"the Effect `{text}` is neither Allow nor Deny",
        f"write `{meant}`" if meant else "write Allow or Deny",
        instead=meant,
    )
    return ""


# ---------------------------------------------------------------------------------------- elements


def _elements(node: Node, names: Mapping[str, str], what: str, sheet: Sheet) -> dict[str, Node]:
    """The members of an object that are elements, by IAM's own spelling."""
    repeated(node, sheet)
    out: dict[str, Node] = {}
    for key, child in children(node):
        name = names.get(key.lower())
        if name is None:
            near = _near(key, names)
            sheet.say(
                "INVALID_POLICY_ELEMENT",
                child.named(),
                f"`{key}` is not an element of {what}",
                f"did you mean `{near}`?" if near else "remove it",
            )
        elif isinstance(child.value, Known) and child.value.value is None:
            sheet.unsure(child, f"`{key}` is null, and what AWS makes of that was not confirmed")
        elif name != key:
            sheet.unsure(child, f"`{key}` is spelt `{name}`; what AWS makes of it was not confirmed")
            out.setdefault(name, child)
        else:
            out[name] = child
    return out


def _is_doubtful(node: Node, names: Mapping[str, str], name: str) -> bool:
    """Whether an object has a member that may count as an element: in another case, or null."""
    return any(names.get(key.lower()) == name for key, _ in children(node))


def _near(key: str, names: Mapping[str, str]) -> str | None:
    """The element that a misspelt name comes closest to, where it does."""
    from difflib import get_close_matches

    found = get_close_matches(key.lower(), names, 1, 0.75)
    return names[found[0]] if found else None


def repeated(node: Node, sheet: Sheet) -> None:
    """Say which members an object has more than once; the last one counts."""
    value = node.value.value if isinstance(node.value, Known) else None
    if not isinstance(value, Repeated):
        return
    for name, earlier in value.earlier:
        again = Node(value[name], (*node.path, name)).named()
        sheet.say(
            "JSON_SYNTAX_ERROR",
            again,
            f"`{name}` is written twice in one object, and only one of the two can count",
            "merge the two",
            (Node(earlier, (*node.path, name)).named(),),
        )


# ------------------------------------------------------------------------------------------- types


def _string(node: Node, what: str, sheet: Sheet) -> bool:
    """Whether a value is a known text; another type is written down, a value that is not known is not."""
    if isinstance(node.value, Unknown):
        return False
    if isinstance(node.value.value, str):
        return True
    _mismatch(sheet, node, what, "a string")
    return False


def _strings(node: Node, name: str, sheet: Sheet) -> None:
    """Check an element that is a string or a list of them."""
    value = node.value
    if isinstance(value, Known) and isinstance(value.value, tuple | list):
        if not value.value and name in ("Action", "Resource"):
            what = f"{name.lower()}s"
            sheet.say(
                f"EMPTY_ARRAY_{name.upper()}",
                node,
                f"the {name} is empty, so that the statement does nothing",
                f"name {what}, or remove the statement",
            )
        for one in items(node):
            _string(one, f"an element of {name}", sheet)
    else:
        _string(node, f"the {name}", sheet)


def _mismatch(sheet: Sheet, node: Node, what: str, wanted: str) -> None:
    value = node.value
    is_not = kind_of(value.value) if isinstance(value, Known) else ""
    sheet.say("DATA_TYPE_MISMATCH", node, f"{what} is {is_not}, not {wanted}", f"write {wanted}")


def kind_of(value: object) -> str:
    """What a JSON value is, with its article."""
    match value:
        case None:
            return "null"
        case bool():
            return "a boolean"
        case str():
            return "a string"
        case tuple() | list():
            return "an array"
        case Mapping():
            return "an object"
        case _:
            return "a number"


def _article(name: str) -> str:
    return "an" if name[0] in "AEIOU" else "a"


# -------------------------------------------------------------------------------------------- Sids


def _sid(part: Part, sheet: Sheet) -> None:
    node = part.elements.get("Sid")
    if node is None:
        return
    if not _string(node, "the Sid", sheet):
        return
    text = text_of(node) or ""
    if not text:
        sheet.say("EMPTY_SID_VALUE", node, "the Sid is empty", "give the statement a name, or remove the Sid")
    elif sheet.kind in _IN_IAM and not (text.isascii() and text.isalnum()) and "${" not in text:
        cleaned = "".join(one for one in text.title() if one.isascii() and one.isalnum())
        kept = "".join(one for one in text if one.isascii() and one.isalnum())
        sheet.say(
            "UNSUPPORTED_SID",
            node,
            f"the Sid `{text}` has characters other than letters and digits",
            f"write `{cleaned if ' ' in text else kept}`" if kept else "use letters and digits",
        )


def _unique_sids(parts: list[Part], sheet: Sheet) -> None:
    first: dict[str, Node] = {}
    for part in parts:
        node = part.elements.get("Sid")
        text = text_of(node) if node is not None else None
        if not text or node is None:
            continue
        if text not in first:
            first[text] = node
        elif sheet.kind in _IN_IAM:
            sheet.say(
                "UNIQUE_SIDS_REQUIRED",
                node,
                f"another statement has the Sid `{text}` too, which IAM does not accept",
                "give each statement its own",
                (first[text],),
            )
        elif sheet.kind is Kind.RESOURCE:
            sheet.say(
                "UNIQUE_SIDS_RECOMMENDED",
                node,
                f"another statement has the Sid `{text}` too",
                "give each statement its own",
                (first[text],),
            )
