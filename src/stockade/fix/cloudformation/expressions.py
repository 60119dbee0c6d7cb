"""Values in the model's words as a template says them: literals, ``Ref``, ``Fn::GetAtt`` and ``Fn::Sub``."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from typing import Any, Final

from stockade.errors import FixError
from stockade.fix.alike import LOGS
from stockade.read.cloudformation.schema import REFS
from stockade.read.resource import Resource
from stockade.value import Hole, Known, Ref, Text, Unknown

_PSEUDO: Final = {"account": "AWS::AccountId", "region": "AWS::Region", "partition": "AWS::Partition"}

Copied = Callable[[Unknown], Any]
"""What is written where an unknown value comes from; ``None`` where it is not in this template."""


class Expressions:
    """Says values in one stack. ``prefix`` is that of its addresses, ``parameters`` the names of its own.

    ``resources`` are its resources by address, those that a fix adds among them. ``name`` gives what a
    function's name is written as, for whoever must not refer to the function; ``None`` where it may be.
    """

    def __init__(
        self,
        prefix: str,
        parameters: Collection[str],
        resources: Mapping[str, Resource],
        copied: Copied,
        name: Callable[[str], Any] | None = None,
    ) -> None:
        self.prefix = prefix
        self.parameters = parameters
        self.resources = resources
        self.copied = copied
        self.named = name

    def of(self, value: Any) -> Any:
        """A value as it is written. Raises ``FixError`` for what this template cannot say."""
        match value:
            case Known(inner):
                return self.of(inner)
            case Unknown() as unknown:
                return self._unknown(unknown)
            case Ref() | Hole():
                return self._whole(value)
            case Text(parts):
                return self._text(parts)
            case Mapping():
                return {str(name): self.of(one) for name, one in value.items()}
            case tuple() | list():
                return [self.of(one) for one in value]
            case Decimal():
                return int(value) if value == value.to_integral_value() else value
            case float():
                return int(value) if value.is_integer() else Decimal(str(value))
            case str():
                return str(value)
            case _:
                return value

    def _unknown(self, value: Unknown) -> Any:
        copied = self.copied(value)
        if copied is not None:
            return copied
        if value.text is None:
            raise FixError(f"a value in it is not known: {value.reason}", help="write it by hand")
        return self._text(value.text.parts)

    def _text(self, parts: tuple[str | Ref | Hole, ...]) -> Any:
        if not parts:
            return ""
        if len(parts) == 1:
            (part,) = parts
            return part if isinstance(part, str) else self._whole(part)
        if (streams := self._streams(parts)) is not None:
            return streams
        pieces = "".join(
            part.replace("${", "${!") if isinstance(part, str) else self._inside(part) for part in parts
        )
        return {"Fn::Sub": pieces} if "${" in pieces else pieces

    def _streams(self, parts: tuple[str | Ref | Hole, ...]) -> Any:
        """The ``Arn`` of a log group, which CloudFormation gives with its streams; ``None`` for all else."""
        *start, group, end = parts
        if not isinstance(group, Ref) or (tuple(start), end) != (LOGS, ":*") or self._by_name(group):
            return None
        resource = self.resources.get(group.address)
        if (resource.type if resource else group.type) != "AWS::Logs::LogGroup":
            return None
        return {"Fn::GetAtt": [self._name(group), "Arn"]} if "." not in self._name(group) else None

    def _inside(self, part: Ref | Hole) -> str:
        """A reference as it stands in a text."""
        match self._by_name(part):
            case str() as plain:
                return plain.replace("${", "${!")
            case {"Ref": name}:
                return f"${{{name}}}"
            case {"Fn::Sub": str() as text}:
                return text
            case _:
                return f"${{{self._name(part)}}}"

    def _by_name(self, part: Ref | Hole) -> Any:
        """The name of a function as it is written, where that is asked for and there is one."""
        if self.named is None or not isinstance(part, Ref) or part.attribute != "FunctionName":
            return None
        return self.named(part.address)

    def _whole(self, part: Ref | Hole) -> Any:
        written = self._by_name(part)
        if written is not None:
            return written
        logical, _, attribute = self._name(part).partition(".")
        return {"Fn::GetAtt": [logical, attribute]} if attribute else {"Ref": logical}

    def _name(self, part: Ref | Hole) -> str:
        """What stands between the braces of a ``Fn::Sub``."""
        if isinstance(part, Hole):
            name = part.name.removeprefix("parameter ").removeprefix(self.prefix)
            if part.name in _PSEUDO:
                return _PSEUDO[part.name]
            if name.startswith("AWS::") or name in self.parameters:
                return name
            raise FixError(f"somebody has to say `{part}`", help="put it into the template yourself")
        logical = part.address.removeprefix(self.prefix)
        if not part.address.startswith(self.prefix) or not logical.isalnum():
            raise FixError(
                f"`{part.address}` is not in this template, so that nothing in it can refer to it",
                help="hand it in as a parameter",
            )
        resource = self.resources.get(part.address)
        kind = resource.type if resource else part.type
        return logical if REFS.get(kind, "Ref") == part.attribute else f"{logical}.{part.attribute}"
