"""Resources that a fix adds: written beside their kin, as many of them as there are of it.

They stand behind their kin, or where the project keeps resources of their type, if it keeps those in a file of
their own. What is called after its kin in the model's words (a log group after its function) is so in the
file's, too: the expression of the kin's own name is taken over, which makes it depend on nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field
from typing import Any, Final

from stockade.control import Add, Change
from stockade.errors import FixError
from stockade.fix.rehearse import addresses, is_document, is_listed, path_of
from stockade.fix.terraform import layout
from stockade.fix.terraform.apart import Switches, lacking
from stockade.fix.terraform.asked import Asked
from stockade.fix.terraform.called import called
from stockade.fix.terraform.hcl import Name
from stockade.fix.terraform.json_page import JsonPage, contents, is_json, plain
from stockade.fix.terraform.named import SOURCES, Namer, module_of
from stockade.fix.terraform.page import Page
from stockade.fix.terraform.survey import Survey
from stockade.fix.terraform.words import Content, block, document
from stockade.fix.words import element_of, row_of_kind
from stockade.model.names import NAMES, Row, names_of
from stockade.patterns import lazy_regex
from stockade.read.resource import Resource
from stockade.read.terraform import tree as t
from stockade.read.terraform.frame import Frame
from stockade.read.terraform.instance import Instance
from stockade.read.terraform.modules import Module
from stockade.records import dataclass
from stockade.source import Source
from stockade.value import Hole, Known, Ref, Text, Value, text_of

_KEY: Final = lazy_regex(r"\[[^\]]*\]$")
_NAMED_ALIKE: Final = {"LogGroup"}
"""What must not wait for its kin: the role's policy names it, and the kin waits for the role's policy."""
_OWN: Final = "\0own name"
"""The hole that stands for the kin's name until it is written."""


@dataclass
class _Insertion:
    """Blocks that go to one place, in their order."""

    page: Page
    at: int
    texts: list[str] = field(default_factory=list)


class _Elsewhere(Mapping[str, str]):
    """Addresses by handles: where a handle is of another instance, what the addition is called there."""

    def __init__(self, addresses: Mapping[str, str]) -> None:
        self._addresses = addresses

    def __getitem__(self, handle: str) -> str:
        if handle in self._addresses:
            return self._addresses[handle]
        head, _, beside = handle.partition("@")
        module, name = module_of(beside)
        for other, made in self._addresses.items():
            same, _, kin = other.partition("@")
            if same == head and _KEY.sub("", module_of(kin)[1]) == _KEY.sub("", name):
                own = module_of(made)[1]
                key = _KEY.search(name)
                named = _KEY.sub("", own) + (key[0] if key and _KEY.search(own) else "")
                return f"{module}.{named}" if module else named
        raise KeyError(handle)

    def __iter__(self) -> Iterator[str]:
        return iter(self._addresses)

    def __len__(self) -> int:
        return len(self._addresses)


class Additions:
    """What one fix adds, of whose ``changes`` these are some.

    ``addresses`` are those that its additions got, by their handles.
    """

    def __init__(
        self,
        survey: Survey,
        asked: Asked,
        pages: Callable[[Source], Page],
        documents: Callable[[Source], JsonPage],
        changes: Sequence[Change] = (),
    ) -> None:
        self.addresses: dict[str, str] = {}
        self._survey = survey
        self._asked = asked
        self._pages = pages
        self._documents = documents
        self._insertions: dict[tuple[int, int], _Insertion] = {}
        self._namers: list[tuple[Namer, Module, Source]] = []
        self._switches = Switches(survey, asked, pages, self.insert, changes)

    def namer(self, frame: Frame, source: Source) -> Namer:
        """A namer for what is written in a file; what it thinks up is declared there."""
        made = Namer(self._survey, frame)
        if isinstance(frame.scope, Module):
            self._namers.append((made, frame.scope, source))
        return made

    @property
    def elsewhere(self) -> Mapping[str, str]:
        """The addresses of the same additions beside other instances of their kin, too."""
        return _Elsewhere(self.addresses)

    # ------------------------------------------------------------------------------------ resources

    def add(self, change: Add, handle: str) -> None:
        """Write a resource, or an element of the list that its kin has for such things."""
        kin = self._survey.resource(change.beside)
        row = row_of_kind(kin.dialect, kin.type, change.kind)
        if row is not None and is_listed(kin, row):
            self._listed(kin, row, change)
            return
        kind = _type_of(change.kind)
        blank = Resource("terraform", kind, "", {}, kin.origin)
        taken = {**self._survey.resources, **dict.fromkeys(self.addresses.values())}
        address = next(one for one in addresses(kin, kind, change) if one not in taken)
        self.addresses[handle] = address
        instance = self._survey.instance(change.beside)
        name = _KEY.sub("", module_of(address)[1]).rpartition(".")[2]
        if not change.apart and self._switches.is_made(instance, kind, name):
            raise FixError(
                f"`{kind}.{name}` is declared already, and makes nothing here", help="add it by hand"
            )
        if is_json(instance.declaration.source):
            self._in_json(change, kind, name, instance, blank)
            return
        page, at = self._place(kind, instance)
        frame = Frame(instance.frame.scope, page.source, {} if change.shared else instance.frame.names)
        namer = self.namer(frame, page.source)
        content = Content()
        for attribute, value in change.attributes:
            steps = path_of(blank, attribute)
            renamed = value if change.shared else self._renamed(value, instance, kin)
            if change.kind in _NAMED_ALIKE and not change.shared:
                renamed = self._without_kin(renamed, kin)
            if is_document(attribute):
                renamed = called(self._survey, renamed, frame)
            content.put(steps, self._said(renamed, attribute, self._own(namer, instance), len(steps)))
        said = content.lines(self._own(namer, instance), "  ")
        lines = [*self._repeated(change, instance, namer, f"{kind}.{name}", said), *said]
        if change.after:
            waiting = [self.addresses[one] for one in change.after if one in self.addresses]
            names = ", ".join(namer.resource(module_of(one)[1]).partition("[")[0] for one in waiting)
            lines += ["", f"  depends_on = [{names}]"] if names else []
        if change.apart and self._switches.is_made(instance, kind, name):
            return  # it is there, and only has to be switched on
        text = "\n".join([f'resource "{kind}" "{name}" {{', *lines, "}"])
        self.insert(page, at, text)

    def _repeated(
        self, change: Add, instance: Instance, namer: Namer, address: str, said: Sequence[str]
    ) -> list[str]:
        """The line that says how many there are, with a blank one; nothing where there is one."""
        if change.apart:
            return [f"  {self._switches.repetition(change, instance, address, said)}", ""]
        if change.shared:
            return []
        return list(self._repetition(instance, namer))

    def _in_json(self, change: Add, kind: str, name: str, instance: Instance, blank: Resource) -> None:
        """The same in Terraform's JSON syntax."""
        source = instance.declaration.source
        if change.apart or any(instance.declaration.attribute(word) for word in ("count", "for_each")):
            raise FixError(f"`{instance.address}` is one of several, in `{source.path}`", help="add it by hand")
        namer = self.namer(Frame(instance.frame.scope, source, {}), source)
        content = Content()
        for attribute, value in change.attributes:
            content.put(path_of(blank, attribute), plain(value, namer, is_document(attribute)))
        made = contents(content)
        waiting = [self.addresses[one] for one in change.after if one in self.addresses]
        if waiting:
            made["depends_on"] = [module_of(one)[1] for one in waiting]
        self._documents(source).add(kind, name, made)

    @staticmethod
    def _said(value: Any, attribute: str, namer: Name, depth: int) -> Any:
        return document(value, namer, "  " * depth) if is_document(attribute) else value

    def _for_all(self, change: Add, instance: Instance) -> None:
        """A block in a declaration is one of all its instances: it has to be asked for beside each."""
        missing = lacking(self._survey, self._asked, change)
        if missing:
            place = self._survey.declared_in(instance.declaration)
            raise FixError(
                f"the block at {place} makes `{missing[0].address}` as well, which is to have no such thing",
                help=f"add it for `{instance.address}` by hand",
            )

    def _repetition(self, instance: Instance, namer: Namer) -> Iterator[str]:
        """``count`` or ``for_each`` as the kin has it."""
        for word in ("count", "for_each"):
            declared = instance.declaration.attribute(word)
            if declared is None:
                continue
            source, attribute = declared
            text = source.data[attribute.value.start : attribute.value.end].decode()
            if "\n" in text:
                kin = namer.resource(module_of(instance.address)[1]).partition("[")[0]
                text = kin if word == "for_each" else f"length({kin})"
            yield f"  {word} = {text}"
            yield ""

    # ---------------------------------------------------------------------------------------- names

    def _renamed(self, value: Any, instance: Instance, kin: Resource) -> Any:
        """A value in which the kin's own name is said as the kin says it, where that is no plain text."""
        known = _name_value(kin)
        if known is None or self._name_node(instance) is None:
            return value
        match value:
            case str():
                return _with_own(text_of(value), known)
            case Text():
                return _with_own(value, known)
            case _:
                return value

    def _without_kin(self, value: Any, kin: Resource) -> Any:
        """A value in which the kin's name is said as the kin says it, instead of asking the kin for it."""
        known, path = _name_value(kin), _name_path(kin)
        if not isinstance(value, Ref | Text) or known is None:
            return value
        instance = self._survey.instance(kin.address)
        own = Hole(_OWN) if self._name_node(instance) is not None else known
        if not isinstance(own, str | Hole):
            return value
        parts = value.parts if isinstance(value, Text) else (value,)
        return text_of(*(own if one == Ref(kin.address, path) else one for one in parts))

    def _name_node(self, instance: Instance) -> tuple[Source, t.Expression] | None:
        """The expression of the kin's name, if it says more than a text does."""
        path = _name_path(self._survey.resource(instance.address))
        declared = instance.declaration.attribute(path) if path else None
        if declared is None or isinstance(declared[1].value, t.Literal):
            return None
        source, attribute = declared
        text = source.data[attribute.value.start : attribute.value.end]
        return None if b"\n" in text else (source, attribute.value)

    def _own(self, namer: Namer, instance: Instance) -> Name:
        found = self._name_node(instance)

        def named(part: Ref | Hole) -> str:
            if isinstance(part, Hole) and part.name == _OWN and found is not None:
                source, node = found
                return source.data[node.start : node.end].decode()
            return namer(part)

        return named

    # --------------------------------------------------------------------------------------- places

    def _place(self, kind: str, instance: Instance) -> tuple[Page, int]:
        """The file and the offset behind which a resource goes."""
        declared = instance.declaration
        scope = instance.frame.scope
        kept = self._survey.kept(scope.config, kind, instance.type) if isinstance(scope, Module) else {}
        if not kept or id(declared.source) in kept:
            page = self._pages(declared.source)
            return page, page.line_end(declared.block.end)
        source, end = max(kept.values(), key=lambda one: (one[1], one[0].path))
        page = self._pages(source)
        return page, page.line_end(end)

    def insert(self, page: Page, at: int, text: str) -> None:
        """Put a block behind an offset of a page, once."""
        found = self._insertions.setdefault((id(page), at), _Insertion(page, at))
        if text not in found.texts:  # one block is for all instances of its kin
            found.texts.append(text)

    def finish(self) -> None:
        """Declare what was thought up, and put everything in its place."""
        needed: dict[tuple[int, str], Source] = {}
        for namer, module, source in self._namers:
            for kind in namer.needed:
                needed.setdefault((id(module.config), kind), source)
        for (_, kind), source in needed.items():
            if is_json(source):
                self._documents(source).declare(kind, "current")
            else:
                page = self._pages(source)
                self.insert(page, len(page.text), f'data "{kind}" "current" {{}}')
        for one in self._insertions.values():
            text = "\n\n".join(one.texts)
            if one.at < len(one.page.text) or not one.page.text:
                one.page.replace(one.at, one.at, f"\n\n{text}")
            elif one.page.text.endswith("\n"):
                one.page.replace(one.at, one.at, f"\n{text}\n")
            else:
                one.page.replace(one.at, one.at, f"\n\n{text}")

    # ---------------------------------------------------------------------------------------- lists

    def _listed(self, kin: Resource, row: Row, change: Add) -> None:
        """One more block in the kin itself."""
        instance = self._survey.instance(change.beside)
        self._for_all(change, instance)
        declared = instance.declaration
        page = self._pages(declared.source)
        namer = self.namer(Frame(instance.frame.scope, declared.source, instance.frame.names), declared.source)
        indent = layout.inner_indent(page, declared.block)
        content = Content()
        for name, value in element_of(row, kin.dialect, change.attributes).items():
            said = document(value, namer, indent + "  ") if _is_tree(row, name) else value
            content.put((name,), said)
        layout.add_block(page, declared.block, block(row.path(kin.dialect), content, namer, indent))


def _is_tree(row: Row, name: str) -> bool:
    rows = row.element.rows if row.element else ()
    return any(one.terraform == name and is_document(one.attribute) for one in rows)


def _type_of(kind: str) -> str:
    names = next((one for one in NAMES if one.model.__name__ == kind), None)
    found = next((one for one in names.terraform if not one.startswith("data.")), None) if names else None
    if found is None:
        raise FixError(f"`{kind}` is not something that can be added to Terraform")
    return found


def _name_path(resource: Resource) -> str:
    names = names_of(resource.dialect, resource.type)
    try:
        return names.path("name", resource.dialect) if names else ""
    except KeyError:
        return ""


def _name_value(resource: Resource) -> str | Text | None:
    path = _name_path(resource)
    value: Value[Any] | None = resource.attributes.get(path) if path else None
    match value:
        case Known(str() as text) if text:
            return text
        case None | Known():
            return None
        case _:
            return value.text if value.text is not None and all(map(_is_plain, value.text.parts)) else None


def _is_plain(part: str | Ref | Hole) -> bool:
    """Whether a piece of a name is the same wherever it is written: a computed one is known for itself only."""
    return not isinstance(part, Hole) or ".var." in f".{part.name}" or part.name in SOURCES


def _with_own(value: Text, name: str | Text) -> Text:
    """A text in which a name stands as a hole of its own, wherever it is a whole word of it."""
    if isinstance(name, Text):
        parts, own = list(value.parts), list(name.parts)
        return _spliced(parts, own)
    out: list[str | Ref | Hole] = []
    for part in value.parts:
        if not isinstance(part, str):
            out.append(part)
            continue
        pieces = re.split(rf"(?<![\w-]){re.escape(name)}(?![\w])", part)
        for index, piece in enumerate(pieces):
            out += [Hole(_OWN)] if index else []
            out.append(piece)
    return text_of(*out)


def _spliced(parts: Sequence[Any], own: Sequence[Any]) -> Text:
    """Parts in which a run of parts is the kin's name: its text may begin or end within a part."""
    if not own:
        return text_of(*parts)
    for start in range(len(parts) - len(own) + 1):
        window = parts[start : start + len(own)]
        head, tail = _ends(window, own)
        if head is not None and tail is not None:
            return text_of(*parts[:start], head, Hole(_OWN), tail, *parts[start + len(own) :])
    return text_of(*parts)


def _ends(window: Sequence[Any], own: Sequence[Any]) -> tuple[str | None, str | None]:
    if list(window[1:-1]) != list(own[1:-1]) or len(window) != len(own):
        return None, None
    if len(own) == 1:
        return ("", "") if window[0] == own[0] else (None, None)
    head = _before(window[0], own[0])
    tail = _behind(window[-1], own[-1])
    return head, tail


def _before(part: Any, own: Any) -> str | None:
    if isinstance(part, str) and isinstance(own, str):
        return part[: -len(own)] if part.endswith(own) else None
    return "" if part == own else None


def _behind(part: Any, own: Any) -> str | None:
    if isinstance(part, str) and isinstance(own, str):
        return part[len(own) :] if part.startswith(own) else None
    return "" if part == own else None
