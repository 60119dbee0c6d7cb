"""``yamlencode`` and ``yamldecode``, by Terraform's reading of YAML scalars."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from stockade.errors import BudgetExceeded
from stockade.patterns import lazy_regex
from stockade.read.budget import bound_text
from stockade.read.terraform.cty import EvaluationError, is_known_deep, to_text
from stockade.read.terraform.functions.context import Context
from stockade.read.terraform.functions.dates import is_timestamp
from stockade.read.terraform.functions.json_text import DEEPEST, as_decoded
from stockade.read.terraform.functions.registry import valued
from stockade.read.terraform.functions.unknowns import because
from stockade.read.terraform.number import read_number
from stockade.value import Known, Origin, Structured, Unknown, Value, structure

NODES = 200_000
"""The most nodes a document may stand for when every alias is written out."""

_TRUE = frozenset(["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"])
_FALSE = frozenset(["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"])
_NULL = frozenset(("", "~", "null", "Null", "NULL"))
_INFINITE = lazy_regex(r"[+-]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_RADIX = lazy_regex(r"0x([0-9a-fA-F]+)|0o([0-7]+)")
_TIMESTAMP = lazy_regex(
    r"(\d{4}-\d\d?-\d\d?)(?:(?:[Tt]|[ ](?!.*[Z+-]))(\d\d?:\d\d?:\d\d?)(?:\.\d+)?(?:Z|([+-]\d\d:\d\d))?)?",
    re.ASCII,
)
_TAG = "tag:yaml.org,2002:"


@valued("yamlencode(value: any?)")
def yamlencode(context: Context, value: Value[Any]) -> Value[Any]:
    unknown = is_known_deep(value, context.budget)
    if unknown is not None or isinstance(value, Unknown):
        return because(unknown or value)  # type: ignore[arg-type]  # one of the two is
    import yaml

    if not isinstance(value.value, str | tuple | dict):
        text = f"{_scalar(value)}\n...\n"
    else:
        events = [
            yaml.StreamStartEvent(),
            yaml.DocumentStartEvent(explicit=False),
            *_events(value, yaml),
            yaml.DocumentEndEvent(explicit=False),
            yaml.StreamEndEvent(),
        ]
        context.budget.spend(len(events))
        text = yaml.emit(events, Dumper=yaml.CSafeDumper, allow_unicode=True)
    bound_text(len(text))
    return Known(Structured.of(text, lambda: value), context.origin)


def _scalar(value: Known[Any]) -> str:
    return "null" if value.value is None else to_text(value)


def _events(value: Value[Any], yaml: Any) -> Iterator[Any]:
    """What an emitter is told: containers in block style unless empty, text quoted or as a literal."""
    inner = value.value if isinstance(value, Known) else None
    if isinstance(inner, dict):
        yield yaml.MappingStartEvent(None, None, True, flow_style=not inner)
        for name in sorted(inner):
            yield yaml.ScalarEvent(None, None, (True, True), name, style='"')
            yield from _events(inner[name], yaml)
        yield yaml.MappingEndEvent()
    elif isinstance(inner, tuple):
        yield yaml.SequenceStartEvent(None, None, True, flow_style=not inner)
        for item in inner:
            yield from _events(item, yaml)
        yield yaml.SequenceEndEvent()
    elif isinstance(inner, str):
        style = "|" if "\n" in inner else '"'
        yield yaml.ScalarEvent(None, None, (True, True), str(inner), style=style)
    else:
        yield yaml.ScalarEvent(None, None, (True, True), _scalar(Known(inner, value.origin)))


# ---------------------------------------------------------------------------------------- decoding


@valued("yamldecode(src: string)")
def yamldecode(context: Context, text: Value[Any]) -> Value[Any]:
    if isinstance(text, Unknown):
        kept = structure(text)
        return because(text) if kept is None else as_decoded(kept, context.budget)
    import yaml

    try:
        plain = str(text.value)  # the C parser refuses subclasses of `str`
        decoded = _Reader(yaml.parse(plain, Loader=yaml.CSafeLoader), text.origin, context).document()
    except yaml.YAMLError as error:
        problem = getattr(error, "problem", None) or str(error)
        raise EvaluationError(f"the text given to `yamldecode` is not YAML: {problem}") from None
    kept = structure(text)
    return decoded if kept is None else as_decoded(kept, context.budget)


class _Reader:
    """Values from the events of one document. ``sizes`` counts what each anchor stands for."""

    def __init__(self, events: Iterator[Any], origin: Origin, context: Context) -> None:
        self.events = events
        self.origin = origin
        self.context = context
        self.anchors: dict[str, tuple[Value[Any], int]] = {}
        self.open: set[str] = set()
        self.size = 0
        self.depth = 0

    def document(self) -> Value[Any]:
        import yaml

        found: Value[Any] | None = None
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                if found is not None:
                    raise EvaluationError("`yamldecode` reads one document, and there are more")
                found = self.node(next(self.events))
        if found is None:
            raise EvaluationError("the text given to `yamldecode` has no document in it")
        return found

    def node(self, event: Any) -> Value[Any]:
        import yaml

        self.count(1)
        if isinstance(event, yaml.AliasEvent):
            return self.alias(event.anchor or "")
        before = self.size
        self.depth += 1
        if self.depth > DEEPEST:
            raise BudgetExceeded(f"a YAML text is nested more than {DEEPEST} deep")
        if event.anchor:
            self.open.add(event.anchor)
        if isinstance(event, yaml.ScalarEvent):
            made: Value[Any] = Known(_read_scalar(event), self.origin)
        elif isinstance(event, yaml.SequenceStartEvent):
            _check_tag(event.tag, "seq")
            made = Known(tuple(self.items(yaml.SequenceEndEvent)), self.origin)
        else:
            _check_tag(event.tag, "map")
            made = Known(self.mapping(yaml.MappingEndEvent), self.origin)
        self.depth -= 1
        if event.anchor:
            self.open.discard(event.anchor)
            self.anchors[event.anchor] = made, self.size - before
        return made

    def alias(self, anchor: str) -> Value[Any]:
        if anchor in self.open or anchor not in self.anchors:
            raise EvaluationError(f"the YAML alias `{anchor}` stands for nothing that is complete")
        value, size = self.anchors[anchor]
        self.count(size)
        return value

    def count(self, nodes: int) -> None:
        self.size += nodes
        self.context.budget.spend()
        if self.size > NODES:
            raise BudgetExceeded(f"a YAML document stands for more than {NODES:,} nodes")

    def items(self, end: type) -> Iterator[Value[Any]]:
        for event in self.events:
            if isinstance(event, end):
                return
            yield self.node(event)

    def mapping(self, end: type) -> dict[str, Value[Any]]:
        made: dict[str, Value[Any]] = {}
        for event in self.events:
            if isinstance(event, end):
                break
            merges = _is_merge(event)
            key = self.node(event)
            value = self.node(next(self.events))
            if merges:
                if not (isinstance(value, Known) and isinstance(value.value, dict)):
                    raise EvaluationError("the YAML merge key `<<` takes a mapping")
                made.update(value.value)
            else:
                made[_key(key)] = value
        return {name: made[name] for name in sorted(made)}


def _is_merge(event: Any) -> bool:
    return getattr(event, "value", None) == "<<" and event.tag is None and not event.style


def _key(value: Value[Any]) -> str:
    if isinstance(value, Known) and value.value is not None and not isinstance(value.value, tuple | dict):
        return to_text(value)
    raise EvaluationError("a key in YAML must be a string, a number or a bool")


def _check_tag(tag: str | None, kind: str) -> None:
    if tag not in (None, "!", _TAG + kind):
        raise EvaluationError(f"the YAML tag `{tag}` is not one that Terraform reads")


def _read_scalar(event: Any) -> str | int | Decimal | bool | None:
    text: str = event.value
    if event.tag is None:
        return text if event.style else _resolve(text)
    name = event.tag.removeprefix(_TAG)
    if event.tag == name or name not in _SCALARS:
        raise EvaluationError(f"the YAML tag `{event.tag}` is not one that Terraform reads")
    if event.style or name in ("str", "binary"):  # quotes make it text, whatever else the tag says
        return text
    found = None if name == "null" else _resolve(text)
    if not _SCALARS[name](found):
        raise EvaluationError(f"the YAML scalar `{text}` is not what its tag `{event.tag}` says")
    return found


def _is_number(found: Any) -> bool:
    return isinstance(found, int | Decimal) and not isinstance(found, bool)


_SCALARS: dict[str, Callable[[Any], bool]] = {
    "str": lambda found: True,
    "binary": lambda found: True,
    "null": lambda found: found is None,
    "bool": lambda found: isinstance(found, bool),
    "int": lambda found: _is_number(found) and isinstance(found, int),
    "float": _is_number,
    "timestamp": lambda found: isinstance(found, str) and is_timestamp(found),
}
"""The tags of scalars, and whether what a plain scalar means is what its tag says."""


def _resolve(text: str) -> str | int | Decimal | bool | None:
    """What a plain scalar means: null, bool, number, timestamp, or the text itself."""
    if text in _NULL:
        return None
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    if _INFINITE.fullmatch(text):
        raise EvaluationError(f"`{text}` in YAML is not a number Terraform can hold")
    radix = _RADIX.fullmatch(text)
    if radix:
        number = int(radix[1], 16) if radix[1] else int(radix[2], 8)
        if number >= 1 << 64:
            raise EvaluationError(f"`{text}` in YAML is too large for a number")
        return number
    number_or_none = read_number(text)
    return _moment(text) if number_or_none is None else number_or_none


def _moment(text: str) -> str:
    """A timestamp as RFC 3339 writes it; any other text as it is."""
    found = _TIMESTAMP.fullmatch(text)
    if found is None or ("T" in text.upper() and text[-6] not in "+-" and text[-1] != "Z"):
        return text
    day = "-".join(part.rjust(2, "0") for part in found[1].split("-"))
    time = ":".join(part.rjust(2, "0") for part in (found[2] or "0:0:0").split(":"))
    stamp = f"{day}T{time}{found[3] or 'Z'}"
    return stamp.replace("+00:00", "Z").replace("-00:00", "Z") if is_timestamp(stamp) else text
