"""An instance's attributes as values: what is known, what only deployment knows, what nobody may see."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, Final, Protocol, TypeAlias

from stockade.json_text import decode
from stockade.patterns import lazy_regex
from stockade.read.plan.beside import Beside, place_of
from stockade.read.plan.blocks import BLOCKS, ECHOES
from stockade.read.plan.configured import Configured, Meant, expression_at
from stockade.read.plan.contents import Entry
from stockade.read.plan.values import combined, replaced
from stockade.read.terraform.provider import Provider
from stockade.source import decode as unicode_of
from stockade.value import (
    Default,
    Hole,
    Known,
    Ref,
    Unknown,
    Value,
    sensitive,
    text_of,
)

Path: TypeAlias = tuple[str | int, ...]

_DEPLOYED: Final = "it is deployed so, though nobody wrote it"
_COMPOSED: Final = frozenset({"execution_arn"})
"""Attributes that are there to have something written behind them."""

_JOINED: Final = frozenset({"source_arn", "resources", "not_resources", "resource", "values", "variables"})
"""Arguments in which something is often written behind an ARN."""

_DOCUMENTS: Final = frozenset(
    {"assume_role_policy", "body", "definition", "inline_policy", "policy", "template_body", "user_data"}
)
"""Arguments that are texts in which what is referred to is somewhere within."""

_UNIQUE: Final = lazy_regex(r"arn:|[a-z]+-[0-9a-f]{8}(?:[0-9a-f]{9})?$")
"""Texts that no two things have: ARNs, and IDs such as ``subnet-0a1b2c3d4e5f60718``."""

_HOSTS: Final = ("address", "configuration_endpoint_address", "dns_name", "domain_name", "endpoint")
"""Attributes that are the names of hosts, which stand within URLs."""

_TELLING: Final = 6
"""How long a text must be for what begins with it to be of it."""

_OWN: Final = ("arn", "id", "execution_arn", "invoke_arn", "qualified_arn", "root_resource_id")


class Others(Protocol):
    """What an instance's attributes may ask of the whole."""

    configured: Configured
    types: frozenset[str]

    @property
    def beside(self) -> Beside | None: ...

    def value_of(self, ref: Ref) -> Value[Any]: ...

    def texts_of(self, address: str) -> Mapping[str, str]: ...

    def owner_of(self, text: str) -> Ref | None: ...

    def provider_of(self, entry: Entry) -> Provider: ...


class Attributes(Mapping[str, Value[Any]]):
    """The attributes of one instance, taken apart when the first one is asked for."""

    def __init__(self, entry: Entry, others: Others) -> None:
        self.entry = entry
        self.others = others

    def __getitem__(self, name: str) -> Value[Any]:
        return self._all[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)

    @cached_property
    def _expressions(self) -> Mapping[str, Any] | None:
        """What was written, by attribute; ``None`` where that cannot be known."""
        declared = self.others.configured.declaration(self.entry)
        expressions = declared.get("expressions", {}) if declared is not None else None
        return expressions if isinstance(expressions, dict) else None

    @cached_property
    def _all(self) -> dict[str, Value[Any]]:
        entry = self.entry
        start, end = entry.values
        text = entry.source.text[start:end]
        # A plan is one line of hundreds of thousands of characters: there the address is all the place
        # that is of use, and nothing that stands beside a value is shown with it.
        here = entry.source if entry.place.source is entry.source else None
        tree = decode(((unicode_of(text), here, start),), entry.origin)
        known = tree.value if isinstance(tree, Known) and isinstance(tree.value, dict) else {}
        unknown = entry.unknown if isinstance(entry.unknown, dict) else {}
        hidden = entry.sensitive if isinstance(entry.sensitive, dict) else {}
        out: dict[str, Value[Any]] = {}
        for name in dict.fromkeys([*known, *unknown]):
            if unknown.get(name) is True and not self._may_be_written(name):
                continue  # whoever wrote nothing gets what AWS or the provider fills in
            value = self._overlaid(
                known.get(name, Known(None, entry.origin)), unknown.get(name), hidden.get(name), (name,)
            )
            made = self._attribute(name, value)
            if made is not None:
                out[name] = made
        return out

    def _attribute(self, name: str, value: Value[Any]) -> Value[Any] | None:
        """One attribute as a reader of configuration would have it; ``None`` for one that is not there."""
        if isinstance(value, Known) and value.value is None:
            return None
        if self.entry.existing and self.entry.type == "aws_apigatewayv2_stage" and name.endswith("settings"):
            value = _without_zeros(value)
        beside = self.others.beside
        if beside is not None and (instance := beside.instance(self.entry.address)):
            own, place = instance.attributes.get(name), place_of(instance, name)
            if own is not None and place is not None:
                return combined(value, own, place)
            return self._unwritten(name, value)
        if not self._is_written(name, value):
            return self._unwritten(name, value)
        if beside is not None and (alike := beside.like(self.entry.address)):
            if place := place_of(alike, name):
                return replaced(value, place)
        return value

    def _may_be_written(self, name: str) -> bool:
        """Whether somebody may have written an attribute of which nothing is known."""
        beside = self.others.beside
        instance = beside.instance(self.entry.address) if beside is not None else None
        if instance is not None:
            return name in instance.attributes
        written = self._expressions
        return written is None or name in written or name in BLOCKS.get(self.entry.type, ())

    def _is_written(self, name: str, value: Value[Any]) -> bool:
        """Whether somebody wrote an attribute, or may have in a way that leaves no trace."""
        if self._expressions is None or name in self._expressions:
            return True
        if isinstance(value, Known) and isinstance(value.value, tuple) and not self.entry.existing:
            return any(isinstance(one, Known) and isinstance(one.value, dict) for one in value.value)
        return name in BLOCKS.get(self.entry.type, ())

    def _unwritten(self, name: str, value: Value[Any]) -> Value[Any] | None:
        """What nobody wrote: what AWS or the provider fills in, which is known of what is deployed."""
        if isinstance(value, Unknown) or not self.entry.existing:
            return None
        if self.others.types.intersection(ECHOES.get((self.entry.type, name), ())):
            return None
        return replaced(value, Default(_DEPLOYED))

    # ------------------------------------------------------------------------------------- overlaying

    def _overlaid(self, value: Value[Any], unknown: Any, hidden: Any, path: Path) -> Value[Any]:
        """A value with what only deployment knows in it, and marked where it is to be kept out of sight."""
        if unknown is True:
            made: Value[Any] = self._unknown(path)
        elif isinstance(value, Known) and isinstance(value.value, dict):
            below = unknown if isinstance(unknown, dict) else {}
            made = Known(
                {
                    name: self._overlaid(
                        value.value.get(name, Known(None, value.origin)),
                        below.get(name),
                        hidden.get(name) if isinstance(hidden, dict) else None,
                        (*path, name),
                    )
                    for name in dict.fromkeys([*value.value, *below])
                },
                value.origin,
            )
        elif isinstance(value, Known) and isinstance(value.value, tuple):
            made = Known(tuple(self._elements(value.value, unknown, hidden, path)), value.origin)
        else:
            made = self._linked(value, path)
        if hidden is True:
            return sensitive(replaced(made, self.entry.origin))
        return made

    def _elements(
        self, items: tuple[Value[Any], ...], unknown: Any, hidden: Any, path: Path
    ) -> Iterator[Value[Any]]:
        below = unknown if isinstance(unknown, list) else []
        secret = hidden if isinstance(hidden, list) else []
        for index in range(max(len(items), len(below))):
            yield self._overlaid(
                items[index] if index < len(items) else Known(None, self.entry.origin),
                below[index] if index < len(below) else None,
                secret[index] if index < len(secret) else None,
                (*path, index),
            )

    # --------------------------------------------------------------------------------- what is referred to

    def _meant(self, path: Path) -> Meant:
        """What a value refers to; one of many in a list or a map speaks of what all of them do."""
        if self._expressions is None:
            return Meant()
        expression, inner = expression_at(self._expressions, path)
        meant = self.others.configured.meant(expression, self.entry)
        if meant.alone and inner and (inner != (0,) or len(self._at(path[:-1])) != 1):
            return Meant(meant.refs)
        return meant

    def _at(self, path: Path) -> Any:
        """The marks of what is not known, at a path."""
        at: Any = self.entry.unknown
        for step in path:
            if isinstance(at, dict):
                at = at.get(str(step))
            else:
                at = at[step] if isinstance(at, list) and isinstance(step, int) else ()
        return at or ()

    def _unknown(self, path: Path) -> Unknown:
        """A value that only deployment knows, with what it is, or is made of, as far as that is told."""
        entry, meant = self.entry, self._meant(path)
        name = next(one for one in reversed(path) if isinstance(one, str))
        hint = Unknown(
            f"`{entry.address}.{path[0]}` is known only after deployment", entry.origin, behind=meant.refs
        )
        if not meant.alone:
            return hint
        ref = meant.refs[0]
        target = self.others.value_of(ref)
        if isinstance(target, Known) or not target.text:
            return hint
        if path[0] in _DOCUMENTS or name in _DOCUMENTS:
            return Unknown(target.reason, entry.origin, target.text) if target.text.decode else hint
        if name in _JOINED or ref.attribute in _COMPOSED:
            if not ref.attribute.endswith("arn") or name == "variables":
                return hint
            # Whatever is written behind an ARN, the text begins with it.
            rest = Hole(f"{entry.address}.{'.'.join(map(str, path))}", "what may be written behind it")
            return Unknown(target.reason, entry.origin, text_of(*target.text.parts, rest), meant.refs)
        return Unknown(target.reason, entry.origin, target.text)

    def _linked(self, value: Value[Any], path: Path) -> Value[Any]:
        """A known text with the resource it was read from, where the file says that it depends on it."""
        if not isinstance(value, Known) or not isinstance(value.value, str) or not value.value:
            return value
        text = value.value
        if (len(path) == 1 and path[0] in _OWN) or text.startswith(("{", "[")):
            return value
        candidates = [ref.address for ref in self._meant(path).refs]
        if not candidates and path != ("name",):  # a state says of the whole instance what it depends on
            candidates = [one for near in self.entry.depends for one in self._instances(near)]
        for address in dict.fromkeys(candidates):
            if address == self.entry.address:
                continue
            texts = self.others.texts_of(address)
            for name in dict.fromkeys([*_OWN, *texts]):
                if (own := texts.get(name)) and _is_of(text, name, own):
                    return Known(text, value.origin, Ref(address, name))
        owner = self.others.owner_of(text) if _UNIQUE.match(text) else None
        if owner is not None and owner.address != self.entry.address:
            return Known(text, value.origin, owner)
        return value

    def _instances(self, address: str) -> list[str]:
        return self.others.configured.instances(address)


def _is_of(text: str, name: str, own: str) -> bool:
    """Whether a text is an attribute of another instance, goes on behind it, or names its host."""
    if text == own:
        return True
    if name in _HOSTS:
        return "." in own and own in text
    if len(own) < _TELLING:
        return False
    return text.startswith((f"{own}:", f"{own}/")) or (name == "id" and text == f"integrations/{own}")


def _without_zeros(value: Value[Any]) -> Value[Any]:
    """Settings of a stage's routes without limits of zero, which the provider reads back for none."""
    match value:
        case Known(tuple() as blocks, origin):
            return Known(tuple(_without_zeros(one) for one in blocks), origin)
        case Known(dict() as fields, origin):
            kept = {
                name: one
                for name, one in fields.items()
                if not (name.startswith("throttling_") and isinstance(one, Known) and one.value == 0)
            }
            return Known(kept, origin)
        case _:
            return value
