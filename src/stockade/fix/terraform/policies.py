"""One statement of a policy, changed where it is written: ``jsonencode``, a data source, or JSON as text.

Which place that is a statement's own place says, wherever the document went from there. What is written
once and used by several policies is changed only where all of them are to be changed alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, TypeAlias

from stockade.control import Rewrite
from stockade.errors import FixError
from stockade.fix.terraform import json_text as text
from stockade.fix.terraform import layout
from stockade.fix.terraform.handed import Handed
from stockade.fix.terraform.hcl import Name, arguments, expression
from stockade.fix.terraform.json_page import WORDS
from stockade.fix.terraform.page import Page
from stockade.fix.terraform.quoted import Quoted, quotes_around
from stockade.fix.terraform.survey import Survey
from stockade.json_text import document
from stockade.model.names import names_of
from stockade.model.typed import tree
from stockade.read.resource import Resource
from stockade.read.terraform import tree as t
from stockade.read.terraform.config import parsed
from stockade.read.terraform.frame import Frame
from stockade.read.terraform.modules import Module
from stockade.source import Source, Span
from stockade.value import Hole, Known, Ref, Text, Unknown, Value, Written, elements_of, text_of

Holder: TypeAlias = tuple[str, str, int | None]
"""A resource, a model attribute of it, and a statement's index there."""

_LISTS: Final = {"actions", "not_actions", "resources", "not_resources"}


class Policies:
    """Finds and changes statements."""

    def __init__(self, survey: Survey) -> None:
        self._survey = survey
        self._holders: dict[tuple[int, int, int], list[Holder]] | None = None
        self._nodes: dict[int, dict[tuple[int, int], t.Object | t.Block]] = {}

    # --------------------------------------------------------------------------------------- finding

    def document(self, address: str, attribute: str) -> Known[Mapping[str, Value[Any]]]:
        """The document behind an attribute, as a tree of values."""
        found = _documents(self._survey.resource(address)).get(attribute)
        read = document(found) if found is not None else None
        if not isinstance(read, Known) or not isinstance(read.value, Mapping):
            raise FixError(f"the policy `{attribute}` of `{address}` cannot be read")
        return read

    def place(self, change: Rewrite) -> tuple[Written, int]:
        """Where the statement of a change is written (or its document), and how many others stand beside it."""
        read = self.document(change.address, change.attribute)
        if change.statement is None:
            return _written(read, change), 1
        statements = _statements(read)
        if change.statement >= len(statements):
            raise FixError(f"the policy of `{change.address}` has no statement {change.statement}")
        return _written(statements[change.statement], change), len(statements)

    def holders(self, span: Span) -> list[Holder]:
        """Who has a statement that is written at a place."""
        if self._holders is None:
            self._holders = {}
            for address, attribute, index, place in self._all():
                self._holders.setdefault(_key(place), []).append((address, attribute, index))
        return self._holders.get(_key(span), [])

    def _all(self) -> Iterator[tuple[str, str, int | None, Span]]:
        for resource in self._survey.resources.values():
            for attribute, value in _documents(resource).items():
                read = document(value)
                if not isinstance(read, Known) or not isinstance(read.value, Mapping):
                    continue
                if isinstance(read.origin, Written):
                    yield resource.address, attribute, None, read.origin.span
                for index, one in enumerate(_statements(read)):
                    if isinstance(one.origin, Written):
                        yield resource.address, attribute, index, one.origin.span

    def node(self, span: Span) -> t.Object | t.Block | None:
        """The object or block that is written at a place; ``None`` where it is JSON in a text."""
        found = self._nodes.get(id(span.source))
        if found is None:
            found = self._nodes[id(span.source)] = self._parsed(span.source)
        return found.get((span.start, span.end))

    def is_whole_text(self, span: Span) -> bool:
        """Whether a place is a text in quotes without interpolations, which is one for all that is in it."""
        return span.raw[:1] == b'"' and not any(sign in span.raw for sign in (b"${", b"%{"))

    def _parsed(self, source: Source) -> dict[tuple[int, int], t.Object | t.Block]:
        out: dict[tuple[int, int], t.Object | t.Block] = {}
        if not source.path.endswith((".tf", ".tofu", ".tfvars")):
            return out
        for node in t.walk(parsed(self._survey.tree, source).body):
            if isinstance(node, t.Object):
                out[node.start, node.end] = node
            elif isinstance(node, t.Block):
                out[node.start, node.header_end] = node
        return out

    def frame(self, address: str, place: Written) -> Frame:
        """What names mean where a statement is written: in the resource's module, or one that calls it."""
        instance = self._survey.instance(address)
        module: Module | None = self._survey.module(instance)
        while module is not None and module.via != place.via:
            module = module.parent
        if module is None:
            raise FixError(f"the policy of `{address}` comes from another module, at {place.span}")
        source = place.span.source
        block = instance.declaration.block
        own = source is instance.declaration.source and block.start <= place.span.start < block.end
        return Frame(module, source, instance.frame.names if own and module is instance.frame.scope else {})

    # ------------------------------------------------------------------------------------- changing

    def rewrite(
        self, page: Page, change: Rewrite, span: Span, name: Name, hand: Callable[[], Handed] | None = None
    ) -> None:
        """Change one element of what is written at a place; ``hand`` hands references to a file of JSON."""
        node = self.node(span)
        match node:
            case t.Object() if change.element is None:
                self._drop_object(page, node, change)
            case t.Object():
                _in_object(page, node, str(change.element), change.value, name)
            case t.Block() if change.element is None:
                layout.drop_block(page, node, self._around(span.source, node))
            case t.Block():
                _in_block(page, node, str(change.element), change.value, name)
            case _:
                self._in_text(page, span, change, name, hand)

    def _around(self, source: Source, node: t.Block) -> t.Block | None:
        blocks = (one for one in t.walk(parsed(self._survey.tree, source).body) if isinstance(one, t.Block))
        return next((one for one in blocks if node in one.body.blocks), None)

    def _drop_object(self, page: Page, node: t.Object, change: Rewrite) -> None:
        for one in t.walk(parsed(self._survey.tree, page.source).body):
            if isinstance(one, t.Tuple) and node in one.items:
                layout.drop_element(page, one, one.items.index(node))
                return
        raise FixError(
            f"the statement at {page.position(node.start)} is in no list that it could be taken out of",
            help=f"take the policy of `{change.address}` away as a whole, or write its statements as a list",
        )

    def _in_text(
        self, page: Page, span: Span, change: Rewrite, name: Name, hand: Callable[[], Handed] | None
    ) -> None:
        if is_file(page.source):
            self._in_file(page, span, change, hand)
            return
        at = span.start
        quotes = quotes_around(page, parsed(self._survey.tree, page.source).body, at)
        if quotes is not None:
            begins, _ = quotes
            page = Quoted(page, *quotes)
            whole = at < begins or change.statement is None  # a text without interpolations has one place
            at = text.statement_at(page, change.statement or 0) if whole else page.inside(at)
        if change.element is None:
            text.drop_statement(page, at)
        else:
            text.put(page, at, change.element, change.value, name, escaped=True)

    @staticmethod
    def _in_file(page: Page, span: Span, change: Rewrite, hand: Callable[[], Handed] | None) -> None:
        """Change a file of JSON; what it is to refer to is handed to it."""
        handed = hand() if hand is not None and change.value is not None and _refers(change.value) else None

        def named(part: Any) -> str:
            if handed is None:
                raise FixError(
                    f"what is in a file of JSON cannot refer to a resource: {page.position(span.start)}"
                )
            return handed(part)

        if change.element is None:
            text.drop_statement(page, span.start)
            return
        template = page.source.path.endswith((".tftpl", ".tpl", ".tmpl")) or handed is not None
        text.put(page, span.start, change.element, change.value, named, escaped=template)
        if handed is not None:
            handed.finish()


# -------------------------------------------------------------------------------------- elements


def _in_object(page: Page, node: t.Object, element: str, value: Any, name: Name) -> None:
    index = next((i for i, (key, _) in enumerate(node.items) if _is_key(key, element)), None)
    if value is None:
        if index is not None:
            layout.drop_member(page, node, index)
        return
    if index is None:
        indent = page.indent(node.items[-1][0].start if node.items else node.start)
        layout.add_member(page, node, element, expression(value, name, indent))
        return
    key, old = node.items[index]
    if isinstance(value, tuple | list) and layout.thinned(page, old, [expression(one, name) for one in value]):
        return
    broken = "\n" in page.text[old.start : old.end]
    width = old.start - page.line_start(old.start) - len(page.indent(key.start))
    page.replace(old.start, old.end, expression(value, name, page.indent(key.start), broken, width))


def _is_key(key: t.Expression, element: str) -> bool:
    return isinstance(key, t.Literal) and str(key.value).lower() == element.lower()


def _in_block(page: Page, node: t.Block, element: str, value: Any, name: Name) -> None:
    if element in ("Principal", "NotPrincipal", "Condition"):
        kind = {"Principal": "principals", "NotPrincipal": "not_principals", "Condition": "condition"}[element]
        _blocks(page, node, kind, list(_principals(value) if kind != "condition" else _conditions(value)), name)
        return
    argument = WORDS.get(element)
    if argument is None:
        raise FixError(f"`{element}` has no word in a `statement` block, at {page.position(node.start)}")
    old = node.body.attributes.get(argument)
    if value is None:
        if old is not None:
            layout.drop_argument(page, node, old)
        return
    value = _with_variables(value if argument not in _LISTS or isinstance(value, tuple | list) else [value])
    if old is None:
        indent = layout.inner_indent(page, node)
        layout.add_argument(page, node, argument, expression(value, name, indent, width=len(argument) + 3))
        return
    if isinstance(value, tuple | list) and layout.thinned(
        page, old.value, [expression(one, name) for one in value]
    ):
        return
    indent = page.indent(old.start)
    broken = "\n" in page.text[old.value.start : old.value.end]
    width = old.value.start - old.start
    page.replace(old.value.start, old.value.end, expression(value, name, indent, broken, width))


def _blocks(page: Page, node: t.Block, kind: str, wanted: list[dict[str, Any]], name: Name) -> None:
    """The blocks of a kind in place of those that are there."""
    old = [one for one in node.body.blocks if one.type == kind]
    indent = layout.inner_indent(page, node)
    texts = ["\n".join([f"{kind} {{", *arguments(one, name, indent + "  "), f"{indent}}}"]) for one in wanted]
    if not old:
        if texts:
            layout.add_block(page, node, (indent + f"\n\n{indent}".join(texts)).split("\n"))
        return
    for one in old[1:] if texts else old:
        layout.drop_block(page, one, node)
    if texts:
        page.replace(old[0].start, old[0].end, f"\n\n{indent}".join(texts))


def _principals(value: Any) -> Iterator[dict[str, Any]]:
    if value is None:
        return
    for kind, identifiers in value.items() if isinstance(value, Mapping) else [("*", value)]:
        listed = identifiers if isinstance(identifiers, tuple | list) else [identifiers]
        yield {"type": kind, "identifiers": list(listed)}


def _conditions(value: Any) -> Iterator[dict[str, Any]]:
    for test, keys in (value or {}).items():
        for variable, values in keys.items():
            listed = values if isinstance(values, tuple | list) else [values]
            yield {"test": test, "variable": variable, "values": _with_variables(list(listed))}


def _with_variables(value: Any) -> Any:
    """Texts as the data source has them: IAM's own ``${aws:username}`` is ``&{aws:username}`` there."""
    match value:
        case str():
            return value.replace("${", "&{")
        case Text(parts):
            return text_of(*(one.replace("${", "&{") if isinstance(one, str) else one for one in parts))
        case tuple() | list():
            return [_with_variables(one) for one in value]
        case _:
            return value


def is_file(source: Source) -> bool:
    """Whether a source is no file of Terraform's, but one that it reads."""
    return not source.path.endswith((".tf", ".tofu"))


def _refers(value: Any) -> bool:
    """Whether a value holds a reference, or what only a deployment decides."""
    match value:
        case Ref() | Hole():
            return True
        case Text(parts):
            return any(not isinstance(one, str) for one in parts)
        case Mapping():
            return any(map(_refers, value.values()))
        case tuple() | list():
            return any(map(_refers, value))
        case _:
            return False


# ------------------------------------------------------------------------------------- documents


def _documents(resource: Resource) -> dict[str, Value[Any]]:
    """The policy documents of a resource, by the model attribute that holds each."""
    names = names_of(resource.dialect, resource.type)
    out: dict[str, Value[Any]] = {}
    for row in names.rows if names is not None else ():
        path = row.path(resource.dialect)
        if row.read is tree and path in resource.attributes:
            out[row.attribute] = resource.attributes[path]
        elif row.element is not None and path in resource.attributes:
            inner = next((one for one in row.element.rows if one.read is tree), None)
            for index, one in enumerate(elements_of(resource.attributes[path]) or ()):
                written = inner.path(resource.dialect) if inner else ""
                if inner and isinstance(one, Known) and isinstance(one.value, Mapping) and written in one.value:
                    out[f"{row.attribute}[{index}].{inner.attribute}"] = one.value[written]
    return out


def _statements(read: Known[Mapping[str, Value[Any]]]) -> tuple[Value[Any], ...]:
    key = next((name for name in read.value if name.lower() == "statement"), None)
    if key is None:
        return ()
    listed = elements_of(read.value[key])
    return (read.value[key],) if listed is None else listed


def _written(value: Value[Any], change: Rewrite) -> Written:
    if isinstance(value, Unknown):
        raise FixError(f"a statement of the policy of `{change.address}` is not known: {value.reason}")
    if not isinstance(value.origin, Written):
        raise FixError(f"a statement of the policy of `{change.address}` is not written in a file")
    return value.origin


def _key(span: Span) -> tuple[int, int, int]:
    return (id(span.source), span.start, span.end)
