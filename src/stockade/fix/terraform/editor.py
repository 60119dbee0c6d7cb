"""Changes in the model's words as edits of Terraform's files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import field, replace
from functools import partial
from typing import Any, assert_never

from stockade.control import Add, Change, Drop, Put, Rewrite
from stockade.errors import FixError
from stockade.fix.editor import Site
from stockade.fix.rehearse import is_document, path_of
from stockade.fix.terraform import layout, removals
from stockade.fix.terraform.additions import Additions
from stockade.fix.terraform.apart import by_key, marked
from stockade.fix.terraform.asked import Asked
from stockade.fix.terraform.called import called
from stockade.fix.terraform.cycles import complaints
from stockade.fix.terraform.deciding import Chooser, Wanted
from stockade.fix.terraform.handed import Handed
from stockade.fix.terraform.hcl import expression
from stockade.fix.terraform.json_page import JsonPage, is_json, plain
from stockade.fix.terraform.named import Namer
from stockade.fix.terraform.page import Page
from stockade.fix.terraform.parameter import Parameters
from stockade.fix.terraform.policies import Policies, is_file
from stockade.fix.terraform.provider import told
from stockade.fix.terraform.spots import Spot, Step, Tracer
from stockade.fix.terraform.survey import Survey
from stockade.fix.terraform.words import MAPS, Content, document, nested
from stockade.fix.words import located, reworded
from stockade.read.resource import Resource
from stockade.read.terraform import tree as t
from stockade.read.terraform.instance import Instance
from stockade.records import dataclass
from stockade.source import Edit, Source
from stockade.value import Unknown, Written


class Editor:
    """Edits of one root module and what it is made of."""

    def __init__(self, site: Site) -> None:
        self._survey = Survey(site)
        self._chooser = Chooser(self._survey, Tracer(self._survey))
        self._policies = Policies(self._survey)
        self._asked: tuple[Sequence[Change], Asked] | None = None

    def whole(self, changes: Sequence[Change], asked: Sequence[Change]) -> tuple[Change, ...]:
        """See ``stockade.fix.editor.Completing``: runtimes are those that the project's provider knows, and
        what only some instances get is marked."""
        return tuple(marked(self._survey, self._all(asked), told(changes, self._survey)))

    def _must_be_read(self, change: Change) -> None:
        """Refuse to change, or to put something beside, what only the call of a module tells of."""
        if isinstance(change, Add):
            self._survey.must_be_read(change.beside)
            return
        names: tuple[str, ...] = ()
        if change.attribute and (resource := self._survey.resources.get(change.address)):
            with suppress(FixError):  # then no input is named
                names = tuple(str(step) for step in path_of(resource, change.attribute))
        self._survey.must_be_read(change.address, names)

    def _all(self, asked: Sequence[Change]) -> Asked:
        if self._asked is None or self._asked[0] is not asked:
            self._asked = (asked, Asked(told(asked, self._survey)))
        return self._asked[1]

    def complaints(self, after: Site) -> Iterator[str]:
        """See ``stockade.fix.editor.Checking``."""
        return complaints(self._survey.site, after)

    def edits(self, changes: Sequence[Change], asked: Sequence[Change]) -> tuple[Edit, ...]:
        """See ``stockade.fix.editor.Editor``."""
        for change in changes:
            self._must_be_read(change)
        whole = self.whole(changes, asked)
        draft = Draft(self._survey, self._chooser, self._policies, self._all(asked), whole)
        for change in whole:
            draft.make(change)
        return draft.edits()


@dataclass
class _NewBlock:
    """A block that a fix makes in another one."""

    page: Page
    holder: t.Block
    namer: Namer
    content: Content = field(default_factory=Content)


class Draft:
    """The edits of one fix, while they are made."""

    def __init__(
        self, survey: Survey, chooser: Chooser, policies: Policies, asked: Asked, changes: Sequence[Change]
    ) -> None:
        self._survey = survey
        self._chooser = chooser
        self._policies = policies
        self._asked = asked
        self._pages: dict[int, Page] = {}
        self._documents: dict[int, JsonPage] = {}
        self._blocks: dict[tuple[int, str], _NewBlock] = {}
        self._additions = Additions(survey, asked, self.page, self.document, changes)

    def page(self, source: Source) -> Page:
        """The page of a file, one for all changes of the fix."""
        if self._survey.tree.path(source) is None:
            raise FixError(f"`{source.path}` is not a file that can be changed")
        if is_json(source):
            raise FixError(f"this cannot be written in Terraform's JSON syntax, as `{source.path}` is")
        found = self._pages.get(id(source))
        if found is None:
            found = self._pages[id(source)] = Page(source)
        return found

    def document(self, source: Source) -> JsonPage:
        """The same of a file in Terraform's JSON syntax."""
        if self._survey.tree.path(source) is None:
            raise FixError(f"`{source.path}` is not a file that can be changed")
        found = self._documents.get(id(source))
        if found is None:
            found = self._documents[id(source)] = JsonPage(source)
        return found

    def make(self, said: Change) -> None:
        """Write one change. Raises ``FixError`` where it cannot be written."""
        change = located(said, self._additions.addresses)
        match change:
            case Put():
                self._put(change)
            case Drop(address, ""):
                removals.drop(self._survey, self._asked, address, self.page, self.document)
            case Drop():
                self._drop(change)
            case Add():
                self._additions.add(change, said.handle if isinstance(said, Add) else "")
            case Rewrite():
                self._rewrite(change)
            case _:
                assert_never(change)

    def edits(self) -> tuple[Edit, ...]:
        for one in self._blocks.values():
            lines = one.content.lines(one.namer, layout.inner_indent(one.page, one.holder))
            layout.add_block(one.page, one.holder, lines)
        self._additions.finish()
        out = [edit for page in self._pages.values() for edit in page.edits()]
        return (*out, *(edit for page in self._documents.values() for edit in page.edits()))

    # ------------------------------------------------------------------------------------- values

    def _put(self, change: Put) -> None:
        resource = self._survey.resource(change.address)
        attribute, value = reworded(resource.type, change.attribute, change.value)
        steps = path_of(resource, attribute)
        instance = self._survey.instance(change.address)

        def wanted(one: Instance, spot: Spot) -> str | None:
            if one is instance:
                return self._text(spot, value, attribute)
            values = self._asked.put(one.address, change.attribute)
            if not values:
                return None
            theirs = located(Put(one.address, change.attribute, values[-1]), self._additions.elsewhere)
            said = theirs.value if isinstance(theirs, Put) else None
            return self._text(spot, reworded(resource.type, change.attribute, said)[1], attribute)

        try:
            spot, _ = self._chooser.choose(instance, steps, wanted, outside=change.apart)
        except FixError as refused:
            by_key = not change.apart and self._by_key(instance, steps, wanted, value, attribute)
            if not by_key and not self._by_parameter(instance, steps, wanted):
                raise refused
            return
        self._refuse_computed(instance, steps, spot)
        self._refuse_unmade(resource, instance, steps, spot)
        namer = self._additions.namer(spot.frame, spot.source)
        if is_json(spot.source):
            self.document(spot.source).give(spot, plain(value, namer, is_document(attribute)))
            return
        page, text = self.page(spot.source), self._text(spot, value, attribute, namer)
        if spot.holder is None:
            thinned = isinstance(value, tuple | list) and _in_order(page, spot.node, value, namer)
            if not thinned:
                page.replace(spot.start, spot.end, text)
        elif isinstance(spot.holder, t.Block) and len(spot.missing) > 1 and spot.missing[0] not in MAPS:
            self._block(page, spot.holder, spot.missing, value, namer)
        else:
            give(page, spot, text, value, namer)

    def _refuse_computed(self, instance: Instance, steps: tuple[Step, ...], spot: Spot) -> None:
        """Refuse to write one value over what gives each of several instances its own, from somewhere else."""
        repeated = any(instance.declaration.attribute(word) for word in ("count", "for_each"))
        if not repeated or not isinstance(spot.node, t.GetAttr | t.Index) or not spot.own:
            return
        if len(self._chooser.spots(instance, steps)) == 1:
            shown, place = ".".join(map(str, steps)), self._survey.declared_in(instance.declaration)
            raise FixError(
                f"`{shown}` of each that the block at {place} makes comes from a list or map that is computed",
                help="change it where the list or map is made",
            )

    def _refuse_unmade(
        self, resource: Resource, instance: Instance, steps: tuple[Step, ...], spot: Spot
    ) -> None:
        """Refuse to write into a ``dynamic`` block that makes none for this resource."""
        made = resource.attributes.get(str(steps[0])) if str(steps[0]) in resource.attributes else None
        if isinstance(made, Unknown) or (made is not None and made.value):
            return
        for one in _blocks(instance):
            if one.type == "dynamic" and spot.own and one.start < spot.start < one.end:
                place = f"{spot.source.path}:{spot.source.position(one.start)[0]}"
                raise FixError(
                    f"`{steps[0]}` is written by the `dynamic` block at {place}, which makes none here",
                    help="give the module what the block's `for_each` asks for",
                )

    def _by_key(
        self, instance: Instance, steps: tuple[Step, ...], wanted: Wanted, value: Any, attribute: str
    ) -> bool:
        """Give an attribute a value that depends on the instance's key, where its declaration makes several;
        whether it could be written so."""
        spots = self._chooser.spots(instance, steps)
        spot = spots[0] if spots else None
        if spot is None or not spot.own or is_json(spot.source) or len(spot.missing) > 1:
            return False
        if any(one.type == "dynamic" and one.start < spot.start < one.end for one in _blocks(instance)):
            return False  # the block may not be there for this one
        every = [
            (one, its[0]) for one in self._survey.alike(instance) if (its := self._chooser.spots(one, steps))
        ]
        self._text(
            spot, value, attribute, self._additions.namer(spot.frame, spot.source)
        )  # may need a data source
        mine = self._asked.attributes(instance.address)  # who gets more besides has edits of their own
        alike = [(one, its) for one, its in every if self._asked.attributes(one.address) == mine]
        page = self.page(spot.source)
        indent = _inner(page, spot.holder) if spot.holder is not None else page.indent(spot.start)
        texts = {one.address: wanted(one, its) for one, its in alike}
        text = by_key([(one, texts.get(one.address)) for one, _ in every], page, spot.node, indent)
        if text is None or any(its.key != spot.key for _, its in every):
            return False
        if spot.holder is None:
            page.replace(spot.start, spot.end, text)
        elif isinstance(spot.holder, t.Block) and str(spot.missing[0]) not in MAPS:
            layout.add_argument(page, spot.holder, str(spot.missing[0]), text)
        else:
            return False
        return True

    def _by_parameter(self, instance: Instance, steps: tuple[Step, ...], wanted: Wanted) -> bool:
        """Hand a value over to a module of which not all calls are to have it; whether it could be done."""
        spot = next(iter(self._chooser.spots(instance, steps)), None)
        texts: dict[str, str | None] = {}
        for one in self._survey.alike(instance):
            its = next(iter(self._chooser.spots(one, steps)), None)
            if spot is None or its is None or its.key != spot.key:
                return False
            texts[one.address] = wanted(one, its)
        parameters = Parameters(self._survey, self.page, self._additions.insert)
        return spot is not None and parameters.give(instance, steps, spot, texts)

    def _block(self, page: Page, holder: t.Block, missing: tuple[Step, ...], value: Any, namer: Namer) -> None:
        """Note a value in a block that is not there yet, for there may be more to go in."""
        steps = missing
        key = (id(holder), str(steps[0]))
        if isinstance(steps[1], int):  # one more block of its kind
            key, steps = (id(holder), f"{steps[0]}[{steps[1]}]"), (steps[0], 0, *steps[2:])
        found = self._blocks.setdefault(key, _NewBlock(page, holder, namer))
        found.content.put(steps, value)

    def _text(self, spot: Spot, value: Any, attribute: str, namer: Namer | None = None) -> str:
        """A value as it would stand at a spot."""
        namer = namer or Namer(self._survey, spot.frame)
        if is_json(spot.source):
            return repr(plain(value, namer, is_document(attribute)))
        page = self.page(spot.source)
        if spot.holder is not None:
            indent = _inner(page, spot.holder)
            if is_document(attribute):
                return str(document(value, namer, indent))
            return expression(value, namer, indent, width=len(str(spot.missing[-1])) + 3)
        indent = page.indent(spot.start)
        if is_document(attribute):
            return str(document(value, namer, indent))
        broken = "\n" in page.text[spot.start : spot.end]
        return expression(value, namer, indent, broken, spot.start - page.line_start(spot.start) - len(indent))

    def _drop(self, change: Drop) -> None:
        resource = self._survey.resource(change.address)
        steps = path_of(resource, change.attribute)
        instance = self._survey.instance(change.address)

        def wanted(one: Instance, _: Spot) -> str | None:
            return "" if one is instance or self._asked.is_dropped(one.address, change.attribute) else None

        spots = self._chooser.spots(instance, steps)
        if spots and all(one.missing for one in spots):
            return  # nothing is written there
        spot, _ = self._chooser.choose(instance, steps, wanted)
        if spot.hops or spot.holder is not None:
            if len(steps) > 1 and steps[-2] in MAPS and removals.take_member(self._survey, spot, self.page):
                return
            spot = spots[0]
            self._chooser.check(spot, instance, steps, wanted)
        if is_json(spot.source):
            self.document(spot.source).take_out(spot)
            return
        removals.take_out(self._survey, instance, steps, spot, self.page(spot.source))

    # ----------------------------------------------------------------------------------- policies

    def _rewrite(self, change: Rewrite) -> None:
        place, count = self._policies.place(change)
        if change.element is None and change.statement is not None and count < change.of:
            return  # it is gone already
        for address, attribute, index in self._policies.holders(place.span):
            mine = (address, attribute, index) == (change.address, change.attribute, change.statement)
            same = (address, attribute) == (change.address, change.attribute)
            if same and self._policies.is_whole_text(place.span):
                continue  # its statements are told apart inside of it
            if index is None or mine or self._is_rewritten(change, place, address, attribute, index):
                continue
            span = place.span
            where = f"the statement at {span.path}:{span.line}"
            if same:
                raise FixError(f"{where} makes several of this policy", help="change it by hand")
            raise FixError(
                f"{where} is one of `{address}` as well, which is to stay",
                help=f"give `{change.address}` a policy of its own, then run this again",
            )
        if change.element is None and count == 1:
            raise FixError(
                f"the policy of `{change.address}` would be left without statements",
                help="remove the policy, if nothing else is to be allowed by it",
            )
        frame = self._policies.frame(change.address, place)
        if not is_file(place.span.source):
            change = replace(change, value=called(self._survey, change.value, frame))
        if is_json(place.span.source):
            namer = self._additions.namer(frame, place.span.source)
            self.document(place.span.source).rewrite(change, place.span.start, namer)
            return
        page = self.page(place.span.source)
        if is_file(place.span.source):
            instance, source = self._survey.instance(change.address), place.span.source
            hand = partial(Handed, self._survey, source, instance, self.page, self._additions.namer)
            self._policies.rewrite(page, change, place.span, Namer(self._survey, frame), hand)
            return
        self._policies.rewrite(page, change, place.span, self._additions.namer(frame, place.span.source))

    def _is_rewritten(self, change: Rewrite, place: Written, address: str, attribute: str, index: int) -> bool:
        """Whether a statement that another policy has as well is to be changed there alike."""
        mine = self._spelled(change, place)
        for said in self._asked.rewritten(change, address, attribute, index):
            theirs = located(said, self._additions.elsewhere)
            other, _ = self._policies.place(said)
            if isinstance(theirs, Rewrite) and self._spelled(theirs, other) == mine:
                return True
        return False

    def _spelled(self, change: Rewrite, place: Written) -> str:
        frame = self._policies.frame(change.address, place)
        return expression(called(self._survey, change.value, frame), Namer(self._survey, frame))


def _in_order(page: Page, node: t.Expression | None, value: Sequence[Any], namer: Namer) -> bool:
    """Take elements out of a list where the value is what is left, in the order that it has."""
    if not isinstance(node, t.Tuple):
        return False
    texts = [expression(one, namer) for one in value]
    written = [page.text[one.start : one.end] for one in node.items]
    places = [written.index(one) for one in texts if one in written]
    return places == sorted(places) and layout.thinned(page, node, texts)


def give(page: Page, spot: Spot, text: str, value: Any, namer: Callable[[Any], str]) -> None:
    """Give the names that are missing in a block or an object."""
    holder, missing = spot.holder, spot.missing
    if isinstance(holder, t.Object):
        name, inner = nested(missing, value)
        indent = _inner(page, holder)
        shown = text if len(missing) == 1 else expression(inner, namer, indent, broken=True)
        layout.add_member(page, holder, name, shown)
        return
    if not isinstance(holder, t.Block):
        raise FixError(f"nothing can be given at {page.position(spot.start)}")
    if len(missing) == 1:
        layout.add_argument(page, holder, str(missing[0]), text)
    else:
        indent = layout.inner_indent(page, holder)
        name, inner = nested(missing, value)
        layout.add_argument(page, holder, name, expression(inner, namer, indent, broken=True))


def _blocks(instance: Instance) -> Iterator[t.Block]:
    for _, block in instance.declaration.layers():
        yield from (one for one in t.walk(block) if isinstance(one, t.Block))


def _inner(page: Page, holder: t.Block | t.Object) -> str:
    if isinstance(holder, t.Block):
        return layout.inner_indent(page, holder)
    if holder.items:
        return page.indent(holder.items[-1][0].start)
    return page.indent(holder.start) + "  "
