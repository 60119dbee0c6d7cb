"""A document under change: paths and plain values in, edits of the file as it was read out.

Every change is held to what was wanted: the document is parsed again, and has to mean exactly what it meant
before with that one value changed. What cannot be written so is refused, with the place.
"""

from __future__ import annotations

import copy
from decimal import Decimal
from typing import Any, Final

from stockade.errors import FixError
from stockade.fix import json_edit, yaml_edit
from stockade.fix.json_edit import Splice
from stockade.fix.layout import Part, Path, is_json, layout, normal, plain, walk
from stockade.fix.layout import step as step_of
from stockade.source import Edit, Source, Span

_BY_HAND: Final = "make the change by hand"
_GONE: Final = object()


class Draft:
    """One file's document. Paths are those of the document as it was read: what is dropped moves none."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.data = source.data
        self.root = layout(source)
        self.is_json = is_json(source)
        self._pieces: list[tuple[int, int] | bytes] = [(0, len(source.data))]
        self._dropped: dict[Path, list[int]] = {}
        self._whole: Any = plain(self.root)
        self.yaml = yaml_edit.style_of(self.data, self.root)
        self.flow = (
            json_edit.style_of(self.data, self.root) if self.is_json else yaml_edit.flow_style(self.yaml)
        )

    def fresh(self) -> Draft:
        """The same document as it was read, for changes of its own; this one must not have any."""
        made = copy.copy(self)
        made._pieces, made._dropped = list(self._pieces), {}
        return made

    # ----------------------------------------------------------------------------------- asking

    def part(self, path: Path) -> Part | None:
        """What stands at a path now; ``None`` where nothing does."""
        found: Part | None = self.root
        for name in self._now(path):
            found = step_of(found, name) if found is not None else None
        return found

    def value(self, path: Path) -> Any:
        """What stands at a path, as a plain value; ``KeyError`` where nothing does."""
        return _at(self._whole, self._now(path))

    def has(self, path: Path) -> bool:
        """Whether something stands at a path, be it through an alias or a merge key."""
        try:
            self.value(path)
        except (KeyError, IndexError, TypeError):
            return False
        return True

    def place(self, path: Path) -> str:
        """File and line of a path, or of what is left of it, for people."""
        part = self.root
        for name in path:
            part = step_of(part, name) or part
        return f"{self.source.path}:{self.source.position(min(part.start, len(self.source.data)))[0]}"

    # --------------------------------------------------------------------------------- changing

    def put(self, path: Path, value: Any, after: tuple[str, ...] = ()) -> None:
        """Set what stands at a path, making the maps on the way.

        A new member follows the last of ``after`` that is there, or else its last sibling.
        """
        path = self._now(path)
        depth = len(path)
        whole = self._whole
        while depth and not _has(whole, path[:depth]):
            depth -= 1
        if depth < len(path):
            present = _at(whole, path[:depth])
            for name in reversed(path[depth + 1 :]):
                value = {name: value}
            if present is None or present == {}:
                path, value, depth = path[:depth], {path[depth]: value}, depth
            elif not isinstance(present, dict):
                raise self._refused(path[:depth], "it is not an object there")
            else:
                return self._add(path[:depth], str(path[depth]), value, after)
        if not path:
            raise self._refused(path, "the whole document would be replaced")
        if _at(whole, path) == normal(value) and type(_at(whole, path)) is type(value):
            return None
        outer, index = self._own(path)
        wanted = _put(whole, path, value)
        self._make(self._replaced(outer, index, value), wanted, path)
        return None

    def append(self, path: Path, value: Any, after: tuple[str, ...] = ()) -> None:
        """One more element of the list at a path; what is there alone becomes its first.

        ``after`` says where a list that is not there yet is put.
        """
        path = self._now(path)
        whole = self._whole
        old = _at(whole, path) if _has(whole, path) else None
        if not isinstance(old, list) or not old:
            return self.put(path, [value] if old is None or old == [] else [old, value], after)
        if value in old:
            return None
        self._own(path)
        part = self.part_now(path)
        if part.kind == "alias":
            return self._set(path, [*old, value], whole)
        wanted = _put(whole, path, [*old, value])
        if part.flow or self.is_json:
            splice = json_edit.added(self.data, part, None, value, self.flow)
        else:
            splice = yaml_edit.appended(self.data, part, value, self.yaml)
        self._make(splice, wanted, path)
        return None

    def drop(self, path: Path) -> None:
        """Take out what stands at a path; maps and lists that would be empty go with it."""
        whole = self._whole
        current = self._now(path)
        if not _has(whole, current):
            return
        while len(current) > 1 and len(_at(whole, current[:-1])) == 1 and len(current) > 3:
            current = current[:-1]
            path = path[:-1]
        outer, index = self._own(current)
        wanted = _put(whole, current, _GONE)
        if len(outer.members) + len(outer.items) == 1:
            self._set(current[:-1], {} if outer.kind == "map" else [], whole)
        elif outer.flow or self.is_json:
            self._make(json_edit.dropped(self.data, outer, index), wanted, current)
        else:
            self._make(yaml_edit.dropped(self.data, outer, index), wanted, current)
        if isinstance(path[-1], int):
            self._dropped.setdefault(path[:-1], []).append(path[-1])

    def edits(self) -> tuple[Edit, ...]:
        """What has been changed, as edits of the file as it was read."""
        out: list[Edit] = []
        at, new = 0, b""
        for piece in [*self._pieces, (len(self.source.data), len(self.source.data))]:
            if isinstance(piece, bytes):
                new += piece
                continue
            start, end = piece
            old = self.source.data[at:start]
            if new != old:
                out.append(Edit(Span(self.source, at, start), new))
            at, new = end, b""
        return tuple(out)

    # ----------------------------------------------------------------------------------- inside

    def part_now(self, path: Path) -> Part:
        """What stands at a path of the document as it is now."""
        part: Part | None = self.root
        for name in path:
            part = step_of(part, name) if part is not None else None
        if part is None:
            raise self._refused(path, "it is not written there")
        return part

    def _now(self, path: Path) -> Path:
        """A path of the document as it was read, in the document as it is."""
        out: list[str | int] = []
        for depth, name in enumerate(path):
            if isinstance(name, int):
                gone = self._dropped.get(path[:depth], [])
                if name in gone:
                    raise FixError("another part of the fix takes out what this one changes")
                name -= sum(1 for one in gone if one < name)
            out.append(name)
        return tuple(out)

    def _own(self, path: Path) -> tuple[Part, int]:
        """The part that holds the last step of a path, and where in it: shared with nobody."""
        part, index = self.root, 0
        parts = [part]
        for depth, name in enumerate(path):
            if part.kind == "alias":
                raise self._refused(path[:depth], f"the alias `*{part.value}` brings it, which others share")
            if part.kind == "list" and isinstance(name, int):
                index, inner = name, part.items[name]
            elif part.kind == "map" and part.member(str(name)) is not None:
                index = max(at for at, one in enumerate(part.names()) if one == name)
                inner = part.members[index][1]
            elif part.function == name:
                continue
            else:
                raise self._refused(path[:depth], f"`{name}` is brought by a merge key, which others share")
            outer, part = part, inner
            parts.append(part)
        used = {one.value for _, one in walk(self.root) if one.kind == "alias"}
        shared = next((one for one in parts if one.anchor in used), None)
        if shared is not None:
            raise self._refused(path, f"the anchor `&{shared.anchor}` makes other places share it")
        return outer, index

    def _set(self, path: Path, value: Any, whole: Any) -> None:
        if not path:
            raise self._refused(path, "nothing would be left of it")
        outer, index = self._own(path)
        self._make(self._replaced(outer, index, value), _put(whole, path, value), path)

    def _replaced(self, outer: Part, index: int, value: Any) -> Splice:
        part = outer.members[index][1] if outer.kind == "map" else outer.items[index]
        if self.is_json:
            return json_edit.replaced(self.data, part, value, self.flow)
        if outer.flow:
            like = part.style if isinstance(value, str) and part.style in ("'", '"') else ""
            text = yaml_edit.inline(value, self.yaml, like=like, in_brackets=True)
            gap = "" if self.data[part.start - 1 : part.start].isspace() or outer.kind == "list" else " "
            return part.start, part.end, (gap + text).encode()
        return yaml_edit.replaced(self.data, outer, index, value, self.yaml)

    def _add(self, path: Path, name: str, value: Any, after: tuple[str, ...]) -> None:
        whole = self._whole
        if path:
            self._own(path)
        part = self.part_now(path)
        if part.kind == "alias":
            return self._set(path, {**plain(part), name: value}, whole)
        if part.function:
            raise self._refused(path, f"`{part.function}` makes it")
        wanted = _put(whole, (*path, name), value)
        names = part.names()
        index = max((at for at, one in enumerate(names) if one in after), default=-1)
        if part.flow or self.is_json:
            splice = json_edit.added(self.data, part, name, value, self.flow, index)
        else:
            splice = yaml_edit.added(self.data, part, name, value, self.yaml, index)
        self._make(splice, wanted, path)
        return None

    def _make(self, splice: Splice, wanted: Any, path: Path) -> None:
        """Make one splice, if the document then means what was wanted."""
        start, end, new = splice
        data = self.data[:start] + new + self.data[end:]
        try:
            root = layout(Source(self.source.path, data))
            whole = plain(root)
        except FixError:
            whole = _GONE
        if whole is _GONE or whole != _normalised(wanted):
            raise self._refused(path, "it cannot be written there without disturbing what stands around it")
        self.data, self.root, self._whole = data, root, whole
        self._pieces = _spliced(self._pieces, start, end, new)

    def _refused(self, path: Path, why: str) -> FixError:
        shown = ".".join(str(one) for one in path) or "the document"
        return FixError(f"`{shown}` at {self.place(path)} cannot be changed: {why}", help=_BY_HAND)


def _spliced(
    pieces: list[tuple[int, int] | bytes], start: int, end: int, new: bytes
) -> list[tuple[int, int] | bytes]:
    """Pieces of the file and new ones, with what makes up [start, end) of them replaced."""
    out: list[tuple[int, int] | bytes] = []
    at = 0
    done = False
    for piece in pieces:
        size = len(piece) if isinstance(piece, bytes) else piece[1] - piece[0]
        low, high = min(max(start - at, 0), size), min(max(end - at, 0), size)
        before = piece[:low] if isinstance(piece, bytes) else (piece[0], piece[0] + low)
        after = piece[high:] if isinstance(piece, bytes) else (piece[0] + high, piece[1])
        if low:
            out.append(before)
        if not done and start <= at + size:
            out.append(new)
            done = True
        if high < size:
            out.append(after)
        at += size
    return out if done else [*out, new]


# ------------------------------------------------------------------------------------ plain values


def _at(value: Any, path: Path) -> Any:
    for name in path:
        value = value[name]
    return value


def _has(value: Any, path: Path) -> bool:
    try:
        _at(value, path)
    except (KeyError, IndexError, TypeError):
        return False
    return True


def _put(value: Any, path: Path, new: Any) -> Any:
    """A copy of a plain value with another at the end of a path, or none."""
    if not path:
        return new
    made = copy.copy(value)
    name: Any = path[0]
    if len(path) == 1 and new is _GONE:
        del made[name]
    elif isinstance(made, dict):
        made[name] = _put(made.get(name), path[1:], new)
    else:
        made[name] = _put(made[name], path[1:], new)
    return made


def _normalised(value: Any) -> Any:
    if isinstance(value, dict):
        return normal({name: _normalised(one) for name, one in value.items()})
    if isinstance(value, list | tuple):
        return [_normalised(one) for one in value]
    return Decimal(str(value)) if isinstance(value, float) else value
