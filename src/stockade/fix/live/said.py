"""A fix's values as texts that AWS knows: references are what they stand for, account and region their names.

Additions have names before they are there, and so an ARN where AWS makes it of the name alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from stockade.control import BLANK, Add, Change, Drop, Put, Rewrite
from stockade.errors import FixError
from stockade.fix.live.plain import member
from stockade.model.names import names_of
from stockade.patterns import lazy_regex
from stockade.read.account.answer import Place
from stockade.read.resource import Resource
from stockade.remedies.alarms import FOR_ALL
from stockade.value import Hole, Known, Ref, Text, Unknown

_ARNS: Final = {
    "LogGroup": "arn:{partition}:logs:{region}:{account}:log-group:{name}",
    "Topic": "arn:{partition}:sns:{region}:{account}:{name}",
    "Queue": "arn:{partition}:sqs:{region}:{account}:{name}",
    "Alarm": "arn:{partition}:cloudwatch:{region}:{account}:alarm:{name}",
    "Parameter": "arn:{partition}:ssm:{region}:{account}:parameter/{name}",
    "Role": "arn:{partition}:iam::{account}:role/{name}",
}
"""ARNs that AWS makes of a name."""
_SLASHED: Final = frozenset({"Parameter"})
"""Whose names may begin with the slash that their ARNs have anyway. A log group's is a part of its name."""
_LAST: Final = {"arn": "arn", "id": "id", "function_name": "name", "name": "name"}
_API: Final = lazy_regex(r"arn:[^:]+:apigateway:[^:]+::/(?:restapis|apis)/([^/#]+)")
_ODD: Final = lazy_regex(r"[^\w+=,.@-]+")


class Sayer:
    """Says the changes of one fix."""

    def __init__(self, resources: Mapping[str, Resource], place: Place) -> None:
        self._resources, self._place = resources, place
        self._added: dict[str, dict[str, str]] = {}

    def changes(self, changes: Sequence[Change]) -> tuple[Change, ...]:
        """The same changes in values that are known. Raises ``FixError`` where one is not."""
        return tuple(map(self._change, changes))

    def _change(self, one: Change) -> Change:
        match one:
            case Put():
                return replace(one, value=self.value(one.value))
            case Rewrite():
                return replace(one, value=self.value(one.value))
            case Add():
                named = tuple((name, self._named(one, name, value)) for name, value in one.attributes)
                self._added[one.handle] = self._attributes(one.kind, dict(named))
                return replace(one, attributes=named)
            case Drop():
                return one

    def _named(self, one: Add, attribute: str, value: Any) -> Any:
        """The value of an attribute; a name that IAM takes, or that says what a thing of all functions is.

        What is called after a function's ARN is called after the function. A topic that all alarms share is
        called after no function: only where it is written does such a name tell one deployment from another.
        """
        if attribute != "name":
            return self.value(value)
        if one.kind == "Topic" and one.shared:
            return FOR_ALL
        said = self.value(value)
        if one.kind == "InlinePolicy" and isinstance(said, str):
            return _ODD.sub("-", said.rpartition(":")[2])[:128]
        return said

    def _attributes(self, kind: str, of: Mapping[str, Any]) -> dict[str, str]:
        name = of.get("name")
        if not isinstance(name, str):
            return {}
        place = self._place
        shown = name.lstrip("/") if kind in _SLASHED else name
        arn = _ARNS.get(kind, "").format(
            partition=place.partition, region=place.region, account=place.account, name=shown
        )
        return {"name": name, **({"arn": arn} if arn else {})}

    # --------------------------------------------------------------------------------------- values

    def value(self, value: Any) -> Any:
        """A value with its references and holes said."""
        match value:
            case Known(inner):
                return self.value(inner)
            case Unknown(_, _, Text() as text):
                return self.value(text)
            case Unknown(reason):
                raise FixError(f"a value of the fix is not known: {reason}")
            case Ref():
                return self._referred(value)
            case Hole():
                return self._filled(value)
            case Text(parts):
                return "".join(one if isinstance(one, str) else self.value(one) for one in parts)
            case Mapping():
                return {name: self.value(one) for name, one in value.items()}
            case tuple() | list():
                return [self.value(one) for one in value]
            case str():
                return str(value)
            case _:
                return value

    def _filled(self, hole: Hole) -> str:
        known = {
            "account": self._place.account,
            "region": self._place.region,
            "partition": self._place.partition,
        }
        if hole.name in known:
            return known[hole.name]
        if hole.name.startswith(BLANK):
            raise FixError(f"somebody has to say first: {hole.name.removeprefix(BLANK)}")
        raise FixError(f"`{hole.name}` is not known")

    def _referred(self, ref: Ref) -> str:
        if ref.address.startswith("+"):
            found = self._added.get(ref.address, {}).get(ref.attribute)
            if found is None:
                raise FixError(f"AWS gives it its {ref.attribute.upper()} when it is made")
            return found
        wanted = _LAST.get(ref.attribute, ref.attribute)
        if wanted == "arn" and ref.address.startswith("arn:") and "#" not in ref.address:
            return ref.address
        if wanted == "execution_arn" and (api := _API.fullmatch(ref.address)):
            place = self._place
            return f"arn:{place.partition}:execute-api:{place.region}:{place.account}:{api[1]}"
        resource = self._resources.get(ref.address)
        names = names_of("api", resource.type) if resource else None
        try:
            path = names.path(wanted, "api") if names else ""
        except KeyError:
            path = ""
        value = member(resource, *path.split(".")) if path and "[" not in path else None
        if isinstance(value, Known) and isinstance(value.value, str):
            return str(value.value)
        if wanted == "id" and ref.address.startswith("arn:"):
            return ref.address.rpartition("/")[2]
        raise FixError(f"`{ref.attribute}` of `{ref.address}` is not known")
