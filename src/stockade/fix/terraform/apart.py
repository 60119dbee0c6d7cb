"""What only some of the instances get that one declaration makes: by the keys of a ``for_each``, or a switch.

A resource beside ``aws_lambda_function.report["nightly"]`` is made for that key and no other. Of a module that
is called several times only the calls know for which it is: the module gets a variable, off by default, and the
calls for which the resource is asked switch it on. Where a call itself is made several times it says for which
of its keys; where it stands in a module that is called several times, that one gets the variable too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from stockade.control import Add, Change
from stockade.errors import FixError
from stockade.fix.rehearse import addresses, is_listed
from stockade.fix.terraform import layout
from stockade.fix.terraform.asked import Asked
from stockade.fix.terraform.columns import lined_up
from stockade.fix.terraform.hcl import key_of as member_name
from stockade.fix.terraform.json_page import is_json
from stockade.fix.terraform.named import module_of
from stockade.fix.terraform.page import Page
from stockade.fix.terraform.survey import Survey
from stockade.fix.words import row_of_kind
from stockade.model.names import NAMES
from stockade.read.resource import Resource
from stockade.read.terraform import tree as t
from stockade.read.terraform.config import Config, Declaration
from stockade.read.terraform.instance import Instance
from stockade.read.terraform.modules import Module
from stockade.source import Source
from stockade.value import Known

Insert = Callable[[Page, int, str], None]
"""Puts a block behind an offset of a page."""


def lacking(survey: Survey, asked: Asked, change: Add, besides: Sequence[Change] = ()) -> list[Instance]:
    """The instances of the kin's declaration beside which no such thing is asked for.

    ``besides`` are the changes of its fix: what is shared serves those modules that get the rest of them.
    """
    kin = survey.instance(change.beside)
    if change.shared:
        served = {module_of(beside)[0] for beside in asked.shared(change.kind, change.label)}
        for one in besides:
            if isinstance(one, Add) and not one.shared:
                served -= _without(survey, asked, one)
        return [one for one in survey.alike(kin) if survey.module(one).address not in served]
    return [
        one
        for one in survey.alike(kin)
        if one is not kin and asked.added(one.address, change.kind, change.label) is None
    ]


def _without(survey: Survey, asked: Asked, change: Add) -> set[str]:
    """The module instances in which none of the kin's declaration gets an addition."""
    kin = survey.resources.get(change.beside)
    if kin is None or not isinstance(kin.attributes, Instance):
        return set()
    missing = {id(one) for one in lacking(survey, asked, change)}
    alike = survey.alike(kin.attributes)
    served = {survey.module(one).address for one in alike if id(one) not in missing}
    return {survey.module(one).address for one in alike} - served


def marked(survey: Survey, asked: Asked, changes: Sequence[Change]) -> Iterator[Change]:
    """The changes, of which those additions are marked that only some instances of their kin get."""
    for one in changes:
        yield replace(one, apart=_is_apart(survey, asked, one, changes)) if isinstance(one, Add) else one


def _is_apart(survey: Survey, asked: Asked, change: Add, besides: Sequence[Change]) -> bool:
    kin = survey.resources.get(change.beside)
    if kin is None or not isinstance(kin.attributes, Instance):
        return False
    row = row_of_kind(kin.dialect, kin.type, change.kind)
    if row is not None and is_listed(kin, row):
        return False
    some = bool(lacking(survey, asked, change, besides))
    return change.apart or some or _is_made_apart(survey, kin, change)


def _is_made_apart(survey: Survey, kin: Resource, change: Add) -> bool:
    """Whether the module declares such a thing already, for some of its instances and not for this one."""
    names = next((one for one in NAMES if one.model.__name__ == change.kind), None)
    kind = next((one for one in names.terraform if not one.startswith("data.")), None) if names else None
    if kind is None:
        return False
    address = next(iter(addresses(kin, kind, change)))
    name = module_of(address)[1].partition("[")[0].removeprefix(f"{kind}.")
    made = survey.module(survey.instance(change.beside)).config.resources.get(("managed", kind, name))
    if made is None or address in survey.resources:
        return False
    return _says(made.attribute("count"), f"var.{_switch_of(change)} ? 1 : 0") or (
        made.attribute("for_each") is not None
    )


def key_of(instance: Instance) -> str | int | None:
    """The key of an instance by its own declaration; ``None`` where that makes one."""
    for root, name in (("each", "key"), ("count", "index")):
        bound = instance.frame.names.get(root)
        key = bound.value.get(name) if isinstance(bound, Known) else None
        if isinstance(key, Known) and instance.declaration.attribute(
            "count" if root == "count" else "for_each"
        ):
            plain: str | int = key.value
            return plain
    return None


def by_key(
    wanted: Sequence[tuple[Instance, str | None]], page: Page, node: t.Expression | None, indent: str
) -> str | None:
    """An expression that gives some instances of one declaration what they are to have, and others what the
    expression at ``node`` gives them, or nothing.

    ``None`` where it cannot be told by their keys: for lists and maps, and in a module that is called several
    times.
    """
    keys = [key_of(one) for one, _ in wanted]
    texts = {
        key: text for key, (_, text) in zip(keys, wanted, strict=True) if text is not None and key is not None
    }
    if len(set(keys)) != len(keys) or None in keys or not texts:
        return None
    root = "each.key" if all(isinstance(key, str) for key in keys) else "count.index"
    found = _said_by_key(page, node, root)
    if found is None:
        return None
    before, otherwise = found
    shown = {json.dumps(key, ensure_ascii=False): text for key, text in texts.items()}
    said = {**before, **shown}
    if any("\n" in text or text[:1] in "[{" for text in (otherwise, *said.values())):
        return None
    if len(said) == 1:
        ((key, text),) = said.items()
        return f"{root} == {key} ? {text} : {otherwise}"
    if len(set(said.values())) == 1:
        return f"contains([{', '.join(said)}], {root}) ? {next(iter(said.values()))} : {otherwise}"
    members = [f"{member_name(str(json.loads(key)))} = {text}" for key, text in said.items()]
    key = root if root == "each.key" else f"tostring({root})"
    if sum(map(len, members)) < _WIDEST:
        return f"lookup({{ {', '.join(members)} }}, {key}, {otherwise})"
    lines = lined_up([f"{indent}  {one}" for one in members])
    return "\n".join(["lookup({", *lines, f"{indent}}}, {key}, {otherwise})"])


def _said_by_key(page: Page, node: t.Expression | None, root: str) -> tuple[dict[str, str], str] | None:
    """What an expression gives to single keys, and what to all others; ``None`` where that is not plain."""

    def text(one: t.Expression) -> str:
        return page.text[one.start : one.end].encode("latin-1").decode()

    match node:
        case None:
            return {}, "null"
        case t.Conditional(condition=t.Binary(operator="==", left=left, right=t.Literal() as key)):
            return ({text(key): text(node.then)}, text(node.otherwise)) if text(left) == root else None
        case t.Call(name="lookup", args=[t.Object() as table, key, otherwise]) if (
            text(key) == root == "each.key"
        ):
            members = {
                json.dumps(str(name.value)): text(one)
                for name, one in table.items
                if isinstance(name, t.Literal)
            }
            return (members, text(otherwise)) if len(members) == len(table.items) else None
        case t.Conditional() | t.Tuple() | t.Object() | t.For():
            return None
        case _:
            return {}, text(node)


_WIDEST: Final = 60
"""Columns that the members of a table on one line may take."""


class Switches:
    """How one fix says for which instances its additions are."""

    def __init__(
        self,
        survey: Survey,
        asked: Asked,
        pages: Callable[[Source], Page],
        insert: Insert,
        changes: Sequence[Change] = (),
    ) -> None:
        self._survey = survey
        self._asked = asked
        self._changes = changes
        self._pages = pages
        self._insert = insert
        self._made: dict[tuple[int, str], None] = {}
        self._name = ""

    def repetition(self, change: Add, instance: Instance, address: str, said: Iterable[str]) -> str:
        """The ``for_each`` or ``count`` of an addition; ``said`` is the text of what it will hold."""
        others = {id(one) for one in lacking(self._survey, self._asked, change, self._changes)}
        wanted = [one for one in self._survey.alike(instance) if id(one) not in others]
        if isinstance(key_of(instance), str) and not change.shared:
            return self._by_key(instance, wanted, said, address)
        return self._by_switch(change, instance, wanted, address)

    def is_made(self, instance: Instance, kind: str, name: str) -> bool:
        """Whether the module of an instance declares such a resource already."""
        return ("managed", kind, name) in self._survey.module(instance).config.resources

    def _refused(self, instance: Instance) -> FixError:
        place = self._survey.declared_in(instance.declaration)
        return FixError(
            f"the block at {place} makes several, of which some are to have it, and cannot tell them apart",
            help=f"add it for `{instance.address}` by hand",
        )

    # ------------------------------------------------------------------------------------- by keys

    def _by_key(self, instance: Instance, wanted: Sequence[Instance], said: Iterable[str], address: str) -> str:
        keys: dict[int, list[str]] = {id(one.frame.scope): [] for one in self._survey.alike(instance)}
        for one in wanted:
            keys[id(one.frame.scope)].append(str(key_of(one)))
        listed = keys[id(instance.frame.scope)]
        if any(one != listed for one in keys.values()) or any("each.value" in line for line in said):
            raise self._refused(instance)
        kind, name = address.split(".", 1)
        made = self._survey.module(instance).config.resources.get(("managed", kind, name))
        if made is not None:
            self._extend(made, listed, instance)
        return f"for_each = toset({_list(listed)})"

    def _extend(self, made: Declaration, keys: Sequence[str], instance: Instance) -> None:
        """More keys for a resource that is there for others."""
        match made.attribute("for_each"):
            case (source, t.Attribute(value=t.Call(name="toset", args=[t.Tuple() as listed]))):
                there = {one.value for one in listed.items if isinstance(one, t.Literal)}
                for key in keys:
                    if key not in there:
                        text = json.dumps(key, ensure_ascii=False)
                        layout.add_element(self._pages(source), listed, text)
            case _:
                raise self._refused(instance)

    # ---------------------------------------------------------------------------------- by switches

    def _by_switch(self, change: Add, instance: Instance, wanted: Sequence[Instance], address: str) -> str:
        if not change.shared and any(key_of(one) not in (None, 0) for one in self._survey.alike(instance)):
            raise self._refused(instance)
        self._name = self._name or _switch_of(change)
        module = self._survey.module(instance)
        kind, name = address.split(".", 1)
        existing = module.config.resources.get(("managed", kind, name))
        count = f"var.{self._name} ? 1 : 0"
        if existing is not None and not _says(existing.attribute("count"), count):
            raise FixError(f"`{address}` is declared already in `{module.config.directory.name}`, for others")
        modules = {one.address: one for one in map(self._survey.module, self._survey.alike(instance))}
        self._on(module, modules, {self._survey.module(one).address for one in wanted}, address)
        return f"count = {count}"

    def _on(self, module: Module, every: dict[str, Module], wanted: set[str], address: str) -> None:
        """Declare the variable in a module, and switch it on where the module instance is called."""
        call = self._survey.call_of(module)
        if call is None:
            raise FixError(
                f"another input reads the same files, for which `{address}` is not asked",
                help="add it by hand, if it is right for all that read them",
            )
        self._declare(module.config, address)
        declared, names, parent = call
        through = {one.address: one for one in every.values() if self._calls(one, declared)}
        if set(through) <= wanted:
            text = "true"
        elif len({id(one.parent) for one in through.values()}) == 1:
            each = names.get("each")
            if not isinstance(each, Known):
                raise FixError(f"it cannot be told for which of its instances `{module.address}` is to have it")
            keys = [str(key) for one in through.values() if one.address in wanted and (key := self._key(one))]
            text = f"contains({_list(keys)}, each.key)"
        else:
            if names:
                raise FixError(f"it cannot be told for which of its instances `{module.address}` is to have it")
            above = {one.address: one for one in (m.parent for m in through.values()) if one is not None}
            asked = {p.address for one in through.values() if one.address in wanted and (p := one.parent)}
            self._on(parent, above, asked, address)
            text = f"var.{self._name}"
        self._give(declared.source, declared, text)

    def _calls(self, module: Module, declared: Declaration) -> bool:
        call = self._survey.call_of(module)
        return call is not None and call[0] is declared

    def _key(self, module: Module) -> str | None:
        call = self._survey.call_of(module)
        each = call[1].get("each") if call else None
        key = each.value.get("key") if isinstance(each, Known) else None
        return str(key.value) if isinstance(key, Known) else None

    def _give(self, source: Source, declared: Declaration, text: str) -> None:
        block = declared.block
        if (id(block), "") in self._made:
            return
        self._made[id(block), ""] = None
        if self._name in block.body.attributes:
            raise FixError(
                f"`{self._name}` is given already at {source.path}:{source.position(block.start)[0]}"
            )
        layout.add_argument(self._pages(source), block, self._name, text)

    def _declare(self, config: Config, address: str) -> None:
        if self._name in config.variables or (id(config), self._name) in self._made:
            return
        self._made[id(config), self._name] = None
        last = max(
            (one for one in config.variables.values() if not is_json(one.source)),
            key=lambda one: (one.source.path, one.block.end),
            default=None,
        )
        if last is None:
            raise FixError(f"`{config.directory.name}` has no variables, beside which one could be declared")
        page = self._pages(last.source)
        text = (
            f'variable "{self._name}" {{\n'
            f'  description = "Whether to make {address} and what belongs to it."\n'
            "  type        = bool\n"
            "  default     = false\n"
            "}"
        )
        self._insert(page, page.line_end(last.block.end), text)


def _switch_of(change: Add) -> str:
    """What a variable is called that says whether there is such a thing."""
    kind = "" if change.kind == "InlinePolicy" else re.sub(r"(?<=[a-z])(?=[A-Z])", "_", change.kind)
    return "_".join(("with", *filter(None, (change.label, kind)))).lower().replace("-", "_")


def _list(keys: Iterable[str]) -> str:
    return "[" + ", ".join(json.dumps(one, ensure_ascii=False) for one in keys) + "]"


def _says(declared: tuple[Source, t.Attribute] | None, text: str) -> bool:
    if declared is None:
        return False
    source, attribute = declared
    node = attribute.value
    return source.data[node.start : node.end].decode() == text
