"""What an ``aws`` provider configuration says before deployment: region, partition, account."""

from __future__ import annotations

from dataclasses import field
from typing import Any

from stockade.model.aside import is_local
from stockade.patterns import lazy_regex
from stockade.read.deployment import Pieces, partition_of, unknown_account, unknown_region
from stockade.read.terraform import tree as t
from stockade.records import dataclass
from stockade.source import Span
from stockade.value import Default, Known, Origin, Text, Unknown, Value, places, shape_of

_ACCOUNT = lazy_regex(r"\d{12}")
_ROLE = lazy_regex(r"arn:[a-z-]+:iam::(\d{12}):role/")


@dataclass(frozen=True, slots=True)
class Provider:
    """One provider configuration. An account that is not written down is a hole, one a provider."""

    name: str
    region: Value[str]
    account: Value[str]
    default_tags: Value[object]
    local: Origin | None = None
    """Where it says that it talks to an imitation of AWS on the machine itself."""
    _pieces: dict[str, Pieces | None] = field(default_factory=dict, compare=False, repr=False)

    @property
    def partition(self) -> Value[str]:
        return partition_of(self.region)

    def pieces(self, name: str) -> Pieces | None:
        """The text of ``partition``, ``region`` or ``account``, as far as it is known; ``None`` for no text.

        Nearly every ARN has all three: they are looked at once.
        """
        if name not in self._pieces:
            value: Value[Any] = getattr(self, name)
            match value:
                case Known(str() as text):
                    self._pieces[name] = (text,)
                case Unknown(_, _, Text() as text):
                    self._pieces[name] = text.shape()
                case _:
                    self._pieces[name] = None
        return self._pieces[name]


def unconfigured(name: str) -> Provider:
    """The provider that nobody configured: region and account come from the environment."""
    origin = Default("the environment of the deployment decides")
    hole = "region" if name == "aws" else f"region of {name}"
    region = unknown_region(origin, hole)
    hole = "account" if name == "aws" else f"account of {name}"
    account = unknown_account(origin, hole)
    return Provider(name, region, account, Known(None, origin))


def written_account(allowed: Value[Any] | None, roles: Value[Any] | None) -> Known[str] | None:
    """The account that a provider can only work in: the one it allows, or that of the role it assumes."""
    match allowed:
        case Known((Known(str() | int() as only, origin),)) if _ACCOUNT.fullmatch(str(only)):
            return Known(str(only), origin)
    match roles:
        case Known((*_, Known({"role_arn": role}))) | Known({"role_arn": role}):
            match shape_of(role):
                case (str() as start, *_) if found := _ROLE.match(start):
                    return Known(found.group(1), role.origin)
    return None


def local_endpoint(blocks: Value[Any] | None, declared: Span) -> Origin | None:
    """An endpoint on the machine itself that the provider's block says as it is.

    One that a variable gives may be another when it counts, and one in an override file comes and goes with it.
    """
    match blocks:
        case Known((Known(dict() as fields), *_)) | Known(dict() as fields):
            for endpoint in fields.values():
                if isinstance(endpoint, Known) and isinstance(endpoint.value, str) and is_local(endpoint.value):
                    place = next(places(endpoint.origin), None)
                    if place and _stands_in(place.span, declared):
                        return endpoint.origin
    return None


def _stands_in(span: Span, declared: Span) -> bool:
    name = span.path.rpartition("/")[2]
    inside = span.source is declared.source and declared.start <= span.start < declared.end
    return inside and not name.startswith("override.") and "_override.tf" not in name


def default_tags(blocks: Value[Any] | None) -> Value[Any]:
    """The tags that a provider's ``default_tags`` block gives to everything it makes."""
    match blocks:
        case Known((Known(dict() as fields), *_)) | Known(dict() as fields) if "tags" in fields:
            tags: Value[Any] = fields["tags"]
            return tags
        case Unknown():
            return blocks
        case _:
            return Known(None, Default("no default tags"))


def provider_name(node: t.Expression) -> str | None:
    """``aws`` or ``aws.alias`` where an expression names a provider configuration (or a plain type)."""
    match node:
        case t.Variable():
            return node.name
        case t.GetAttr(target=t.Variable() as target):
            return f"{target.name}.{node.name}"
        case t.Literal(value=str() as name):
            return name
        case _:
            return None


def provider_map(node: t.Expression) -> dict[str, str]:
    """The ``providers`` of a module call: the module's local name -> the caller's."""
    out = {}
    for key, value in node.items if isinstance(node, t.Object) else ():
        inner, outer = provider_name(key), provider_name(value)
        if inner is not None and outer is not None:
            out[inner] = outer
    return out
