"""A module that is not downloaded, of which we know what some of its inputs become.

``terraform-aws-modules/lambda/aws`` hands most of its inputs to the function as they are, under names that have
meant the same from version 1.0 to 8.8 (``main.tf`` and ``variables.tf`` of the repository's tags). So a call of
it says much of a function although nobody ran ``terraform get``: what it gives is read at the call, and
everything that it does not give is unknown, whatever the module's default is. Only four defaults are taken: the
module makes a function (``create``, ``create_function``), a layer only when asked (``create_layer``), and a
package that is a zip (``package_type``).

What else the module makes (a role and its policies, a log group, triggers, an alias, a function URL) is not
made here, so the gap that tells of the module stays beside.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from stockade.patterns import lazy_regex
from stockade.read.terraform import tree as t
from stockade.read.terraform.config import Declaration
from stockade.read.terraform.frame import Frame, Lazy
from stockade.read.terraform.guard import evaluated
from stockade.read.terraform.instance import Instance
from stockade.read.terraform.provider import Provider
from stockade.source import Source
from stockade.value import Known, Origin, Ref, Text, Unknown, Value

_SOURCE: Final = lazy_regex(r"(?:registry\.(?:terraform\.io|opentofu\.org)/)?terraform-aws-modules/lambda/aws")
_NEWEST: Final = 8
"""The newest major version whose inputs were read."""

_ATTRIBUTES: Final = {
    "function_name": "function_name",
    "description": "description",
    "handler": "handler",
    "runtime": "runtime",
    "memory_size": "memory_size",
    "timeout": "timeout",
    "reserved_concurrent_executions": "reserved_concurrent_executions",
    "layers": "layers",
    "kms_key_arn": "kms_key_arn",
    "image_uri": "image_uri",
    "package_type": "package_type",
    "architectures": "architectures",
    "code_signing_config_arn": "code_signing_config_arn",
    "filename": "local_existing_package",
}
"""Arguments of ``aws_lambda_function``, and the inputs that they are."""
_BLOCKS: Final = {
    "environment": {"variables": "environment_variables"},
    "tracing_config": {"mode": "tracing_mode"},
    "dead_letter_config": {"target_arn": "dead_letter_target_arn"},
    "vpc_config": {"subnet_ids": "vpc_subnet_ids", "security_group_ids": "vpc_security_group_ids"},
    "file_system_config": {"arn": "file_system_arn", "local_mount_path": "file_system_local_mount_path"},
}
"""The same of nested blocks, which are made where all of their inputs are given."""
_OTHERS: Final = (
    "role",
    "image_config",
    "ephemeral_storage",
    "snap_start",
    "logging_config",
    "s3_bucket",
    "s3_key",
)
"""What else the function may have, by inputs that are not read."""
_OF_ZIPS: Final = ("handler", "runtime")
_OUTPUTS: Final = {
    "lambda_function_arn": "arn",
    "lambda_function_name": "function_name",
    "lambda_function_invoke_arn": "invoke_arn",
    "lambda_function_qualified_arn": "qualified_arn",
    "lambda_function_version": "version",
}


def is_known(call: Declaration) -> bool:
    """Whether a call is one of the module, in no version that is newer than what was read."""
    given = call.attributes()
    source, version = _literal(given, "source"), _literal(given, "version")
    if not isinstance(source, str) or _SOURCE.fullmatch(source) is None:
        return False
    least = re.match(r"\s*(?:~>|>=|=|>)?\s*v?(\d+)", version) if isinstance(version, str) else None
    return least is None or 1 <= int(least[1]) <= _NEWEST


class Missing(Lazy):
    """A module that cannot be read: every output is unknown, with the reason."""

    __slots__ = ("address", "origin", "reason")

    def __init__(self, address: str, reason: str, origin: Origin) -> None:
        self.address = address
        self.reason = reason
        self.origin = origin

    def attribute(self, name: str) -> Value[Any]:
        return Unknown(self.reason, self.origin, Text((Ref(self.address, name),)))


class HalfKnown(Instance):
    """The function that a call makes: with its arguments, and unknown where it leaves something out."""

    __slots__ = ("_call", "_unsaid")

    def __init__(
        self, address: str, call: Declaration, frame: Frame, provider: Provider, doubt: Unknown | None
    ) -> None:
        declared, unsaid = _declaration(call)
        super().__init__(
            "managed",
            "aws_lambda_function",
            f"{address}.aws_lambda_function.this[0]",
            declared,
            frame,
            provider,
            doubt,
        )
        self._call = call
        self._unsaid = unsaid

    def handed(self, name: str) -> Value[Any] | None:
        """The value of an input of the module; ``None`` where the call does not give it."""
        written = self._call.attribute(name)
        return None if written is None else evaluated(written[1].value, self._in(written[0]))

    def __contains__(self, name: object) -> bool:
        return name in self._unsaid or super().__contains__(name)

    def __iter__(self) -> Iterator[str]:
        yield from super().__iter__()
        yield from self._unsaid

    def _evaluate(self, name: str) -> Value[Any] | None:
        inputs = self._unsaid.get(name)
        if inputs is None:
            return super()._evaluate(name)
        unset = " and ".join(f"`{one}`" for one in inputs)
        said = f"its call does not set {unset}" if inputs else f"decides on `{name}` itself"
        return Unknown(f"its module is not downloaded, and {said}", self.origin)


class _Triggers(Instance):
    """Permissions that the module may give: whom it lets invoke the function is not known."""

    __slots__ = ("_function",)

    def __init__(self, address: str, function: HalfKnown) -> None:
        call = function.declaration
        empty = t.Body(call.block.start, call.block.end, {}, [])
        header = call.block.header_end
        block = t.Block(
            call.block.start, call.block.end, "resource", ["aws_lambda_permission", "triggers"], header, empty
        )
        doubt = Unknown(
            "its module is not downloaded, and decides who may invoke the function", function.origin
        )
        super().__init__(
            "managed",
            "aws_lambda_permission",
            f"{address}.aws_lambda_permission.current_version_triggers",
            Declaration(call.source, block),
            function.frame,
            function.provider,
            doubt,
        )
        self._function = function

    def __contains__(self, name: object) -> bool:
        return name in _PERMISSION

    def __iter__(self) -> Iterator[str]:
        yield from _PERMISSION

    def _evaluate(self, name: str) -> Value[Any] | None:
        if name == "function_name":
            return self._function.attribute("function_name")
        return self.doubt if name in _PERMISSION else None


_PERMISSION: Final = (
    "function_name",
    "action",
    "principal",
    "source_arn",
    "source_account",
    "function_url_auth_type",
)


class HalfKnownModule(Lazy):
    """The call as a value: the outputs that are the function's own; all others are unknown."""

    __slots__ = ("address", "function", "origin", "reason")

    def __init__(self, address: str, function: HalfKnown | None, reason: str, origin: Origin) -> None:
        self.address = address
        self.function = function
        self.reason = reason
        self.origin = origin

    def made(self) -> Iterator[Instance]:
        """The resources that the call makes, as far as they are known."""
        if self.function is not None:
            yield self.function
            yield _Triggers(self.address, self.function)

    def attribute(self, name: str) -> Value[Any]:
        own = _OUTPUTS.get(name)
        if own is not None and self.function is not None:
            return self.function.attribute(own)
        return Unknown(self.reason, self.origin, Text((Ref(self.address, name),)))


def half_known(
    address: str,
    call: Declaration,
    frame: Frame,
    provider: Provider,
    doubt: Unknown | None,
    reason: str,
    origin: Origin,
) -> HalfKnownModule:
    """What a call of the module makes, as far as it is known."""
    function = HalfKnown(address, call, frame, provider, doubt)
    for name, makes in (("create", True), ("create_function", True), ("create_layer", False)):
        match function.handed(name):
            case Known(bool() as given) if given is not makes:
                return HalfKnownModule(address, None, reason, origin)
            case Unknown() as unsure:
                function.doubt = function.doubt or unsure
            case _:
                pass
    return HalfKnownModule(address, function, reason, origin)


def _declaration(call: Declaration) -> tuple[Declaration, Mapping[str, tuple[str, ...]]]:
    """The resource as it would be written with the call's own expressions, at their places; and what is unsaid,
    with the inputs that would say it."""
    given = {name: written for name, written in call.attributes().items() if written[0] is call.source}
    unsaid: dict[str, tuple[str, ...]] = dict.fromkeys(_OTHERS, ())
    start, end, header = call.block.start, call.block.end, call.block.header_end
    attributes: dict[str, t.Attribute] = {}
    if _literal(given, "create_role") is False and "lambda_role" in given:
        attributes["role"] = _renamed(given["lambda_role"], "role")
        del unsaid["role"]
    for name, input in _ATTRIBUTES.items():
        if input in given and not (name == "timeout" and "lambda_at_edge" in given):  # which cuts it
            attributes[name] = _renamed(given[input], name)
        elif not (name in _OF_ZIPS and _literal(given, "package_type") == "Image") and name != "filename":
            unsaid[name] = (input,)
    blocks: list[t.Block] = []
    for kind, members in _BLOCKS.items():
        if all(input in given for input in members.values()):
            inner = {name: _renamed(given[input], name) for name, input in members.items()}
            blocks.append(t.Block(start, end, kind, [], header, t.Body(start, end, inner, [])))
        else:
            unsaid[kind] = tuple(input for input in members.values() if input not in given)
    body = t.Body(start, end, attributes, blocks)
    labels = ["aws_lambda_function", "this"]
    return Declaration(call.source, t.Block(start, end, "resource", labels, header, body)), unsaid


def _renamed(written: tuple[Source, t.Attribute], name: str) -> t.Attribute:
    attribute = written[1]
    return t.Attribute(attribute.start, attribute.end, name, attribute.value)


def _literal(given: Mapping[str, tuple[Source, t.Attribute]], name: str) -> object:
    written = given.get(name)
    return written[1].value.value if written and isinstance(written[1].value, t.Literal) else None
