"""Objects whose class is derived from a dictionary or a list of Python's own: what they hold, their methods."""

from __future__ import annotations

from typing import Final

from stockade.code.python.calls import Calls
from stockade.code.python.containers import DICTIONARY
from stockade.code.python.values import (
    NOTHING_KNOWN,
    Abstract,
    Arguments,
    Array,
    Bound,
    Dict,
    External,
    Function,
    Instance,
    Native,
    Opaque,
    Site,
    join,
)

_ITEMS: Final = "@items"
_DICTIONARIES: Final = frozenset(
    ("builtins.dict", "collections.OrderedDict", "collections.UserDict", "collections.defaultdict")
)
_LISTS: Final = frozenset(("builtins.list", "collections.UserList", "collections.deque"))


def items_of(machine: Calls, value: Instance) -> Dict | Array | None:
    """What such an object holds; ``None`` of any other object."""
    found = value.attributes.get(_ITEMS)
    if isinstance(found, Dict | Array):
        return found
    for one in machine.lineage(value.cls):
        if isinstance(one, External) and one.path in _DICTIONARIES | _LISTS:
            site = value.cls.module.site(value.cls.node)
            made = Array(site) if one.path in _LISTS else Dict(site)
            made.lasting, made.shared = value.lasting, value.shared
            value.attributes[_ITEMS] = made
            return made
    return None


def filled(machine: Calls, site: Site, value: Instance, arguments: Arguments) -> bool:
    """``super().__init__(…)`` of such an object; whether it is one."""
    items = items_of(machine, value)
    if items is None:
        return False
    name = "update" if isinstance(items, Dict) else "extend"
    if arguments.positional or arguments.keywords or arguments.open:
        machine.call(site, machine.attribute(site, items, name), arguments)
    return True


def held_member(machine: Calls, value: Abstract, name: str) -> Abstract | None:
    """A member that such an object has from its base; ``None`` where there is none."""
    items = items_of(machine, value) if isinstance(value, Instance) else None
    if items is None or not isinstance(value, Instance):
        return None
    key = (name, id(items))
    held = items
    match name:
        case "data":
            return held
        case "__init__":

            def made(site: Site, given: Arguments) -> Abstract:
                filled(machine, site, value, given)
                return NOTHING_KNOWN

            return Native(key, made)
        case "__getitem__":
            return Native(key, lambda site, given: machine.item(site, held, _key(given)))
        case "__setitem__":

            def put(site: Site, given: Arguments) -> Abstract:
                machine.put(site, held, _key(given), given.get(1, "value") or Opaque(site))
                return NOTHING_KNOWN

            return Native(key, put)
        case "__iadd__" | "__ior__":

            def more(site: Site, given: Arguments) -> Abstract:
                method = "update" if isinstance(held, Dict) else "extend"
                machine.call(site, machine.attribute(site, held, method), given)
                return value

            return Native(key, more)
        case "__iter__":
            return Native(key, lambda *_: held)
    if name.startswith("__") or (isinstance(held, Dict) and name not in DICTIONARY):
        return None
    return machine.plain_attribute(held, name)


def _key(given: Arguments) -> Abstract:
    return given.get(0, "key") or NOTHING_KNOWN


def item_held(machine: Calls, site: Site, value: Instance, key: Abstract) -> Abstract | None:
    """``value[key]`` of such an object, which may make what is missing; ``None`` of any other."""
    items = items_of(machine, value)
    if items is None:
        return None
    missing = machine.members_of(value.cls, "__missing__")
    empty = not items.items and not (isinstance(items, Dict) and items.others)
    found = [] if empty and isinstance(missing, Function) else [machine.item(site, items, key)]
    if isinstance(missing, Function):
        found = [one for one in found if not isinstance(one, Opaque)]
        found.append(machine.call(site, Bound(missing, value), Arguments([key])))
    return join(*found)
