"""What is taken out of Terraform's files: a resource, one instance of several, an argument, a block."""

from __future__ import annotations

from collections.abc import Callable

from stockade.errors import FixError
from stockade.fix.terraform import layout
from stockade.fix.terraform.asked import Asked
from stockade.fix.terraform.json_page import JsonPage, is_json
from stockade.fix.terraform.named import module_of
from stockade.fix.terraform.page import Page
from stockade.fix.terraform.spots import Spot, Step
from stockade.fix.terraform.survey import Survey
from stockade.read.terraform import tree as t
from stockade.read.terraform.config import block_kind, parsed
from stockade.read.terraform.instance import Instance
from stockade.read.terraform.modules import Module
from stockade.source import Source
from stockade.value import Known

Pages = Callable[[Source], Page]
Documents = Callable[[Source], JsonPage]


def drop(survey: Survey, asked: Asked, address: str, pages: Pages, documents: Documents) -> None:
    """Take a resource out: its block where all that it makes go, else its key in the list of them."""
    if address not in survey.resources:
        return  # it is gone already
    instance = survey.instance(address)
    kept = [one.address for one in survey.alike(instance) if not asked.is_dropped(one.address)]
    kept = [one for one in kept if one != address]
    if kept:
        _drop_instance(survey, instance, kept, pages)
        return
    _drop_references(survey, instance, pages)
    for source, block in instance.declaration.layers():
        if is_json(source):
            documents(source).drop(block)
        else:
            layout.drop_block(pages(source), block)


def _drop_instance(survey: Survey, instance: Instance, kept: list[str], pages: Pages) -> None:
    """Take the key of one instance out of the list or map that ``for_each`` goes through."""
    place = survey.declared_in(instance.declaration)
    help = f"take `{instance.address}` out by hand"
    refused = FixError(f"the block at {place} makes `{kept[0]}` as well, which is to stay", help=help)
    each = instance.frame.names.get("each")
    key = each.value.get("key") if isinstance(each, Known) else None
    declared = instance.declaration.attribute("for_each")
    if not isinstance(key, Known) or declared is None:
        raise refused
    if any(module_of(one)[0] != module_of(instance.address)[0] for one in kept):
        raise refused
    source, attribute = declared
    node = attribute.value
    scope = instance.frame.scope
    while True:
        if isinstance(node, t.Call) and node.name in ("toset", "tomap") and len(node.args) == 1:
            node = node.args[0]
        elif (
            isinstance(node, t.GetAttr)
            and isinstance(node.target, t.Variable)
            and node.target.name == "local"
            and isinstance(scope, Module)
            and len(survey.uses(scope.config, "local", node.name)) == 1
            and node.name in scope.config.locals
        ):
            source, written = scope.config.locals[node.name]
            node = written.value
        else:
            break
    page = pages(source)
    if isinstance(node, t.Tuple):
        index = next((i for i, one in enumerate(node.items) if _text(one) == key.value), None)
        if index is not None:
            layout.drop_element(page, node, index)
            return
    elif isinstance(node, t.Object):
        index = next((i for i, (one, _) in enumerate(node.items) if _text(one) == key.value), None)
        if index is not None:
            layout.drop_member(page, node, index)
            return
    raise refused


def _text(node: t.Expression) -> object:
    return node.value if isinstance(node, t.Literal) else None


def _drop_references(survey: Survey, instance: Instance, pages: Pages) -> None:
    """Take out what waits for a resource that goes; what needs it is not ours to change."""
    scope = instance.frame.scope
    if not isinstance(scope, Module):
        return
    name = instance.declaration.block.labels[1]
    root = instance.type if instance.mode == "managed" else f"data.{instance.type}"
    uses = survey.uses(scope.config, root, name)
    layers = [(source, block.start, block.end) for source, block in instance.declaration.layers()]
    for source, at in sorted(uses, key=lambda one: (one[0].path, one[1])):
        if any(source is one and start <= at < end for one, start, end in layers):
            continue
        found = _waiting(parsed(survey.tree, source), at)
        if found is None:
            place = f"{source.path}:{source.position(at)[0]}"
            raise FixError(
                f"`{instance.address}` cannot be removed: it is referred to at {place}",
                help="take out what refers to it, then run this again",
            )
        block, attribute, waiting, index = found
        if len(waiting.items) == 1:
            layout.drop_argument(pages(source), block, attribute)
        else:
            layout.drop_element(pages(source), waiting, index)


def _waiting(file: t.File, at: int) -> tuple[t.Block, t.Attribute, t.Tuple, int] | None:
    """The ``depends_on`` that a reference stands in: its block, itself, its list, the index."""
    for block in t.walk(file.body):
        if not isinstance(block, t.Block) or not block.start <= at < block.end:
            continue
        attribute = block.body.attributes.get("depends_on")
        if attribute is None or not isinstance(attribute.value, t.Tuple):
            continue
        for index, item in enumerate(attribute.value.items):
            if item.start <= at < item.end:
                return block, attribute, attribute.value, index
    return None


def take_out(survey: Survey, instance: Instance, steps: tuple[Step, ...], spot: Spot, page: Page) -> None:
    """Take an argument, a block or a member out of the declaration of an instance."""
    for source, outer in instance.declaration.layers():
        if source is spot.source and _from(outer, spot, page, None):
            return
    raise FixError(
        f"`{'.'.join(map(str, steps))}` of `{instance.address}` is decided at {page.position(spot.start)}, "
        "where it cannot be taken out",
        help="take it out by hand",
    )


def take_member(survey: Survey, spot: Spot, pages: Pages) -> bool:
    """Take a member out of the map that it is written in, wherever that is; whether it stands in one."""
    if spot.holder is not None or is_json(spot.source):
        return False
    return _member(parsed(survey.tree, spot.source).body, spot, pages(spot.source))


def _from(outer: t.Block, spot: Spot, page: Page, around: t.Block | None) -> bool:
    """Take what stands at a spot out of a block; the block goes with the last that is in it."""
    for attribute in outer.body.attributes.values():
        if attribute.value.start == spot.start and attribute.value.end == spot.end:
            alone = len(outer.body.attributes) == 1 and not outer.body.blocks
            if alone and around is not None:
                layout.drop_block(page, outer, around)
            else:
                layout.drop_argument(page, outer, attribute)
            return True
        if attribute.start <= spot.start < attribute.end and _member(attribute.value, spot, page):
            return True
    for block in outer.body.blocks:
        if block.start == spot.start and block.end == spot.end:
            layout.drop_block(page, block, outer)
            return True
        if block.start <= spot.start < block.end and block_kind(block) and _from(block, spot, page, outer):
            return True
    return False


def _member(node: t.Node, spot: Spot, page: Page) -> bool:
    for one in t.walk(node):
        if isinstance(one, t.Object):
            for index, (_, value) in enumerate(one.items):
                if (value.start, value.end) == (spot.start, spot.end):
                    layout.drop_member(page, one, index)
                    return True
    return False
