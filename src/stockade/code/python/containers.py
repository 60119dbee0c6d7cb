"""Texts, lists and dictionaries: what their members and methods give, as far as it is known."""

from __future__ import annotations

import string
from collections.abc import Callable, Sequence
from typing import Any, Final

from stockade.code.python.expressions import Expressions
from stockade.code.python.judgement import behind
from stockade.code.python.parts import part
from stockade.code.python.protocols import gone_through, hashed
from stockade.code.python.told import LENGTH, pieces, text_value
from stockade.code.python.values import (
    ABSENT,
    NOTHING_KNOWN,
    Abstract,
    Arguments,
    Array,
    Data,
    Dict,
    Made,
    Native,
    Opaque,
    Response,
    Site,
    identity,
    is_none,
    join,
    options,
    plain,
)
from stockade.value import Hole, Known, Ref

_PURE: Final = frozenset(
    [
        "capitalize",
        "casefold",
        "endswith",
        "find",
        "index",
        "isalnum",
        "isdigit",
        "islower",
        "isupper",
        "lower",
        "lstrip",
        "partition",
        "removeprefix",
        "removesuffix",
        "replace",
        "rpartition",
        "rsplit",
        "rstrip",
        "split",
        "splitlines",
        "startswith",
        "strip",
        "title",
        "upper",
        "zfill",
        "count",
    ]
)
"""Methods of texts that are simply carried out where everything is known."""

SETTINGS: Final = frozenset(
    ("aws_access_key_id", "aws_secret_access_key", "aws_session_token", "endpoint_url", "profile_name")
)
"""What clients and sessions are made with that says whose permissions count."""

_SAME: Final = frozenset(("strip", "rstrip", "lstrip", "encode", "decode", "expandtabs"))
"""Methods that leave a text what it is, for all that it can name."""


DEFAULTING: Final = "collections.defaultdict"
"""By what the key is made under which what a factory makes stands for all keys that are not known."""

_FOLDER: Final = frozenset(("glob", "iterdir", "rglob"))

_OTHERS: Final = 8
"""How many members under keys that are not known are told apart in a dictionary."""


class Containers(Expressions):
    """Members of plain data."""

    def put(self, site: Site, target: Abstract, key: Abstract, value: Abstract) -> None:
        for one in options(target):
            match one:
                case Dict():
                    hashed(self, site, key)
                    if self.hold(one, key, value):
                        self.changed(one, value, _acts(value))
                case Array():
                    self._append(site, one, value)
                case _:
                    self.put_elsewhere(site, one, key, value)

    def hold(self, one: Dict, key: Abstract, value: Abstract) -> bool:
        new = False
        for choice in options(key):
            new = self._put_under(one, choice, value) or new
        return new

    def _put_under(self, one: Dict, key: Abstract, value: Abstract) -> bool:
        """Put a value under one possible key; whether anything is new by it."""
        name = plain(key)
        if isinstance(name, str):
            before = one.items.get(name)
            if before is None and name in SETTINGS and self._sometimes(one):
                before = ABSENT  # ``if LOCAL: config["aws_access_key_id"] = "test"``
            after = value if before is None else join(before, value)
            if before is not None and identity(before) == identity(after):
                return False
            one.items[name] = after
            return True
        known = identity(key), identity(value)
        others = [(identity(old), identity(item)) for old, item in one.others]
        if known in others:
            return False
        if len(others) < _OTHERS:
            one.others.append((key, value))
            return True
        last_key, last = one.others[-1]
        one.others[-1] = join(last_key, key), join(last, value)
        return (identity(one.others[-1][0]), identity(one.others[-1][1])) != others[-1]

    def _sometimes(self, whose: Dict) -> bool:
        """Whether what happens now does so in some cases only: in a branch that a dictionary is older than."""
        place = whose.site
        return any(
            one.source is not place.source or not one.start <= place.start < one.end for one in self.undecided
        )

    def put_elsewhere(self, site: Site, target: Abstract, key: Abstract, value: Abstract) -> None:
        """``target[key] = value`` where the target is no container of Python's own."""
        method = self.attribute(site, target, "__setitem__")
        if not isinstance(method, Opaque):
            self.call(site, method, Arguments([key, value]))

    def _append(self, site: Site, array: Array, value: Abstract) -> None:
        known = {identity(one) for one in array.items}
        if identity(value) not in known or len(array.items) < 4:
            if len(array.items) < 40:
                array.items.append(value)
                if identity(value) not in known:
                    self.changed(array, value, _acts(value))
        if not array.open:
            array.open = True
            self.changed(array, None, False)

    def plain_item(self, site: Site, value: Abstract, key: Abstract) -> Abstract | None:
        """``value[key]`` of plain data; ``None`` for anything else."""
        match value:
            case Dict():
                hashed(self, site, key)
                return join(*(self._under(site, value, one) for one in options(key)))
            case Array():
                at = plain(key)
                if isinstance(at, slice):
                    return part(value, at, site)
                if isinstance(at, int) and not value.open and -len(value.items) <= at < len(value.items):
                    return value.items[at]
                return self.elements(site, value) if value.items else Opaque(site)
            case Data():
                object_, at = plain(value), plain(key)
                if isinstance(object_, str) and isinstance(at, int) and -len(object_) <= at < len(object_):
                    return Data(Known(object_[at], site.origin))
                if isinstance(at, slice) and (rest := _cut(self.text_pieces(value, site), at)) is not None:
                    return text_value(rest, site)
                return Opaque(site, behind=behind(value))
            case Opaque():
                return Opaque(site, behind=value.behind)
            case _:
                return None

    def _made_under(self, site: Site, value: Dict, name: str) -> Abstract | None:
        """What ``defaultdict`` holds under a known key, made where it is missing; ``None`` of any other."""
        factory, usual = value.others[0] if value.others else (None, None)
        if not isinstance(factory, Made) or factory.path != DEFAULTING or factory.arguments is None:
            return None
        if usual is None or len(value.others) > 1 or _inside(usual):
            return None  # what was put under a key that is not known may be under this one
        if name not in value.items:
            value.items[name] = self.call(site, factory.arguments.positional[0], Arguments())
            self.changed(value, value.items[name], False)
        return value.items[name]

    def _under(self, site: Site, value: Dict, key: Abstract) -> Abstract:
        name = plain(key)
        others = [one for _, one in value.others]
        if isinstance(name, str):
            if (own := self._made_under(site, value, name)) is not None:
                return own
            if name in value.items:
                return join(value.items[name], *others)
            same = [one for other, one in value.others if identity(other) == identity(key)]
            if same or others:
                return join(*(same or others))
            return Opaque(site)
        if plain(key) is None or others:
            start = text_start(key, site)
            alike = [one for there, one in value.items.items() if there.startswith(start)]
            found = [*(alike or value.items.values()), *others]
            return join(*found, *([Opaque(site)] if value.open else [])) if found else Opaque(site)
        return Opaque(site)

    def elements(self, site: Site, value: Abstract) -> Abstract:
        found: list[Abstract] = []
        for one in options(value):
            match one:
                case Array():
                    found.append(join(*one.items) if one.items else Opaque(site))
                case Dict():
                    found += (Data(Known(name, one.site.origin)) for name in one.items)
                    found += (key for key, _ in one.others)
                    if one.open or not found:
                        found.append(Opaque(site))
                case Response():
                    found.append(Response(one.service, one.operation, (*one.path, "[]"), one.given))
                case Opaque():
                    found.append(Opaque(site, behind=one.behind))
                case Data():
                    if not is_none(one):
                        found.append(Opaque(site, behind=behind(one)))
                case _:
                    found.append(self.elements_elsewhere(site, one))
        return join(*found) if found else Opaque(site)

    def elements_elsewhere(self, site: Site, value: Abstract) -> Abstract:
        """What a loop meets in an object that is no container of Python's own."""
        return Opaque(site)

    # ------------------------------------------------------------------------------------------ methods

    def plain_attribute(self, value: Abstract, name: str) -> Abstract | None:
        """A member of plain data; ``None`` for anything else."""
        match value:
            case Dict():
                return self._native(_DICT.get(name), value, name)
            case Array():
                return self._native(_ARRAY.get(name), value, name)
            case Data():
                if name == "value":
                    return value  # a member of an enumeration
                return self._native(Containers._on_text, value, name)
            case _:
                return None

    def _native(
        self, run: Callable[[Any, Site, Any, str, Arguments], Abstract] | None, value: Abstract, name: str
    ) -> Abstract:
        if run is None:
            return Native((name, id(value)), lambda site, _: Opaque(site, behind=behind(value)))
        chosen = run
        return Native((name, id(value)), lambda site, arguments: chosen(self, site, value, name, arguments))

    def _on_text(self, site: Site, value: Data, name: str, arguments: Arguments) -> Abstract:
        object_ = plain(value)
        given = [plain(one) for one in arguments.positional]
        if isinstance(object_, str):
            if name == "format":
                return self._format(site, object_, arguments)
            if name == "join" and arguments.positional:
                return self._join(site, object_, arguments.positional[0])
            simple = all(isinstance(one, str | int) for one in given) and not arguments.keywords
            if name in _PURE and simple and not arguments.open:
                if any(isinstance(one, int) and one > LENGTH for one in given) or len(object_) > LENGTH:
                    return Opaque(site)
                try:
                    result = getattr(object_, name)(*given)
                except (TypeError, ValueError, OverflowError):
                    return Opaque(site)  # the program itself would fail here
                return _lifted(result, site)
        if isinstance(object_, bytes) and name == "decode":
            return Data(Known(object_.decode("utf-8", "replace"), site.origin))
        if name in _SAME:
            return value
        if name in _FOLDER:  # of ``Path(…) / "folder"``, which is held to be its text
            inside = Opaque(site, behind=behind(value))
            return Array(
                site, [text_value([*self.text_pieces(value, site), "/", *pieces(inside, site)], site)], True
            )
        if name in ("split", "rsplit", "splitlines", "partition", "rpartition"):
            return Array(site, [Opaque(site, behind=behind(value))], True)
        return Opaque(site, behind=behind(value))

    def _format(self, site: Site, form: str, arguments: Arguments) -> Abstract:
        found: list[str | Ref | Hole] = []
        count = 0
        try:
            fields = list(string.Formatter().parse(form))
        except ValueError:
            return Opaque(site)  # the program itself would fail here
        for literal, field, _spec, _conversion in fields:
            found.append(literal)
            if field is None:
                continue
            head = field.partition(".")[0].partition("[")[0]
            if head == "":
                head, count = str(count), count + 1
            one: Abstract | None
            if head.isdigit():
                one = arguments.get(int(head), "")
            else:
                one = arguments.keywords.get(head)
            if one is None or field not in ("", head):
                one = Opaque(site)
            found += (
                self.text_pieces(one, site)
                if not isinstance(one, Opaque)
                else (Hole(f"{site.source.path}:{site.start}:{head}", one.site.shown if one.site else head),)
            )
        return text_value(found, site)

    def _join(self, site: Site, between: str, value: Abstract) -> Abstract:
        if not isinstance(value, Array) or value.open:
            gone_through(self, site, value)
            return Opaque(site, behind=behind(value))
        found: list[str | Ref | Hole] = []
        for at, one in enumerate(value.items):
            if at:
                found.append(between)
            found += self.text_pieces(one, Site(site.source, site.start + at, site.end))
        return text_value(found, site)

    def _get(self, site: Site, value: Dict, name: str, arguments: Arguments) -> Abstract:
        key = arguments.get(0, "key") or NOTHING_KNOWN
        default = arguments.get(1, "default")
        hashed(self, site, key)
        there = plain(key)
        if isinstance(there, str) and there in value.items and not value.others:
            return value.items[there]
        found = (
            []
            if isinstance(there, str) and there not in value.items and not value.others
            else [self._under(site, value, key)]
        )
        if value.open:
            found.append(Opaque(site))
        if default is not None:
            found.append(default)
        elif not found:
            found.append(Data(Known(None, site.origin)))
        return join(*found)

    def _setdefault(self, site: Site, value: Dict, name: str, arguments: Arguments) -> Abstract:
        key = arguments.get(0, "key") or NOTHING_KNOWN
        default = arguments.get(1, "default") or NOTHING_KNOWN
        self.put(site, value, key, default)
        return self._under(site, value, key)

    def _update(self, site: Site, value: Dict, name: str, arguments: Arguments) -> Abstract:
        for one in arguments.positional:
            before, others, open_ = dict(value.items), len(value.others), value.open
            self.merge(value, one)
            if value.items != before or len(value.others) != others or value.open != open_:
                self.changed(value, one, any(_acts(item) for item in value.items.values()))
        for key, item in arguments.keywords.items():
            self.put(site, value, Data(Known(key, site.origin)), item)
        if arguments.open and not value.open:
            value.open = True
            self.changed(value, None, False)
        return NOTHING_KNOWN

    def _values(self, site: Site, value: Dict, name: str, arguments: Arguments) -> Abstract:
        return Array(site, [*value.items.values(), *(one for _, one in value.others)], value.open)

    def _keys(self, site: Site, value: Dict, name: str, arguments: Arguments) -> Abstract:
        names: list[Abstract] = [Data(Known(one, value.site.origin)) for one in value.items]
        return Array(site, [*names, *(key for key, _ in value.others)], value.open)

    def _pairs(self, site: Site, value: Dict, name: str, arguments: Arguments) -> Abstract:
        pairs: list[Abstract] = [
            Array(site, [Data(Known(one, value.site.origin)), item]) for one, item in value.items.items()
        ]
        pairs += (Array(site, [key, item]) for key, item in value.others)
        return Array(site, pairs, value.open)

    def copied(self, site: Site, value: Dict, name: str, arguments: Arguments) -> Abstract:
        return Dict(value.site, dict(value.items), list(value.others), value.open)

    def _add(self, site: Site, value: Array, name: str, arguments: Arguments) -> Abstract:
        for one in arguments.positional[-1:]:
            if name == "add":
                hashed(self, site, one)
            self._append(site, value, one)
        return NOTHING_KNOWN

    def _extend(self, site: Site, value: Array, name: str, arguments: Arguments) -> Abstract:
        for one in arguments.positional:
            if isinstance(one, Array):
                for item in one.items:
                    self._append(site, value, item)
            else:
                self._append(site, value, self.elements(site, one))
        return NOTHING_KNOWN

    def _element(self, site: Site, value: Array, name: str, arguments: Arguments) -> Abstract:
        return self.elements(site, value)

    def _sent(self, site: Site, value: Array, name: str, arguments: Arguments) -> Abstract:
        """A generator is handed something, which it may call."""
        for one in arguments.positional:
            self.escape(site, one, "")
        return self.elements(site, value)

    def _same_array(self, site: Site, value: Array, name: str, arguments: Arguments) -> Abstract:
        return Array(site, list(value.items), value.open)


def _cut(parts: Sequence[str | Ref | Hole], cut: slice) -> list[str | Ref | Hole] | None:
    """A part of a text, where it is known where that begins and ends."""
    first, *rest = parts or ("",)
    if not isinstance(first, str):
        return None
    if not rest:
        return [first[cut]]
    start = cut.start or 0
    if cut.stop is not None or cut.step not in (None, 1) or not 0 < start <= len(first):
        return None
    return [first[start:], *rest]


def _acts(value: Abstract) -> bool:
    """Whether something that is put away may call something when it is taken out again."""
    return any(not isinstance(one, Data | Opaque | Dict | Array | Response) for one in options(value))


def _lifted(result: Any, site: Site) -> Abstract:
    if isinstance(result, str) and len(result) > LENGTH:
        return Opaque(site)
    if isinstance(result, list | tuple):
        return Array(site, [Data(Known(one, site.origin)) for one in result])
    return Data(Known(result, site.origin))


def text_start(value: Abstract, site: Site) -> str:
    """The known beginning of a text."""
    for one in options(value):
        if isinstance(one, Data):
            parts = pieces(one, site)
            if parts and isinstance(parts[0], str):
                return parts[0]
    return ""


_DICT: Final[dict[str, Callable[[Containers, Site, Any, str, Arguments], Abstract]]] = {
    "copy": Containers.copied,
    "get": Containers._get,
    "items": Containers._pairs,
    "keys": Containers._keys,
    "pop": Containers._get,
    "setdefault": Containers._setdefault,
    "update": Containers._update,
    "values": Containers._values,
}
DICTIONARY: Final = frozenset(_DICT)
"""Methods of dictionaries."""

_ARRAY: Final[dict[str, Callable[[Containers, Site, Any, str, Arguments], Abstract]]] = {
    "add": Containers._add,
    "append": Containers._add,
    "appendleft": Containers._add,
    "copy": Containers._same_array,
    "extend": Containers._extend,
    "insert": Containers._add,
    "pop": Containers._element,
    "popleft": Containers._element,
    "send": Containers._sent,
    "union": Containers._same_array,
    "update": Containers._extend,
}


def _inside(value: Abstract) -> bool:
    """Whether something was put into a container, or into the one that it makes."""
    match value:
        case Dict(others=[(Made(path), usual)]) if path == DEFAULTING:
            return bool(value.items) or _inside(usual)
        case Dict():
            return bool(value.items or value.others)
        case Array():
            return bool(value.items)
        case _:
            return True
