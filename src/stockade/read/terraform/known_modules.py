"""A module that is not downloaded, of which we know what some of its inputs become.

``terraform-aws-modules/lambda/aws`` hands most of its inputs to the function as they are, under names that have
meant the same from version 1.0 to 8.8 (``main.tf`` and ``variables.tf`` of the repository's tags). So a call of
it says much of a function although nobody ran ``terraform get``: what it gives is read at the call, and what
it does not give is unknown, whatever the module's default is. Few defaults are taken, which are the same in all
of those versions: the module makes a function (``create``, ``create_function``), a layer or a function URL only
when asked (``create_layer``, ``create_lambda_function_url``), a package that is a zip (``package_type``), and
nothing that it cannot know of itself: subnets, a file system, a key, environment variables, event sources.
Without these a control would pass over the function as none of its business, for no other reason than that we
do not know. A call that names no version, or no upper end of one, is taken for one of those that were read.

What the call says of the role's policies is read (``known_roles``). What else the module makes (a log group, an
alias, the settings of asynchronous invocation) is not made here, so the gap that tells of the module stays.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence, Set
from typing import Any, Final, Protocol

from stockade.patterns import lazy_regex
from stockade.read.terraform import known_roles
from stockade.read.terraform import tree as t
from stockade.read.terraform.config import Declaration
from stockade.read.terraform.expansion import Expansion
from stockade.read.terraform.frame import Frame, Missing, Scope
from stockade.read.terraform.guard import evaluated
from stockade.read.terraform.instance import Instance
from stockade.read.terraform.provider import Provider, provider_map
from stockade.source import Source
from stockade.value import Default, Doubt, Known, Origin, Unknown, Value, Written

_SOURCE: Final = lazy_regex(r"(?:registry\.(?:terraform\.io|opentofu\.org)/)?terraform-aws-modules/lambda/aws")
_MODULE: Final = "terraform-aws-modules/lambda/aws"
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
"""The same of nested blocks, which are made where none of their inputs is null (the environment: not empty)."""
_NONE: Final = frozenset({"kms_key_arn", "environment", "vpc_config", "file_system_config"})
"""What the function does not have where the call does not give it."""
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
_OF_URLS: Final = ("authorization_type", "invoke_mode", "cors")
_OUTPUTS: Final = {
    "lambda_function_arn": "arn",
    "lambda_function_name": "function_name",
    "lambda_function_invoke_arn": "invoke_arn",
    "lambda_function_qualified_arn": "qualified_arn",
    "lambda_function_version": "version",
}
_ROLE_OUTPUTS: Final = {"lambda_role_arn": "arn", "lambda_role_name": "name"}


def is_known(call: Declaration) -> bool:
    """Whether a call is one of the module, in no version that is newer than what was read."""
    given = call.attributes()
    source, version = _literal(given, "source"), _literal(given, "version")
    if not isinstance(source, str) or _SOURCE.fullmatch(source) is None:
        return False
    least = re.match(r"\s*(?:~>|>=|=|>)?\s*v?(\d+)", version) if isinstance(version, str) else None
    return least is None or 1 <= int(least[1]) <= _NEWEST


class Guessed(Instance):
    """What a module that is not downloaded makes, as far as we know. No line declares it."""

    __slots__ = ("_module",)

    _module: str

    @property
    def module(self) -> str:
        """The address of the call."""
        return self._module

    def input_of(self, names: Sequence[str]) -> str | None:
        """The module's input that an argument is, by its name or a block's and its own, if it is one."""
        if self.type == "aws_lambda_function_url" and names:
            return names[0] if names[0] in _OF_URLS else None
        if self.type != "aws_lambda_function":
            return None
        if len(names) == 1:
            return _ATTRIBUTES.get(names[0])
        return _BLOCKS.get(names[0], {}).get(names[1]) if len(names) > 1 else None


class HalfKnown(Guessed):
    """The function that a call makes: with its arguments, and unknown where it leaves something out."""

    __slots__ = ("_absent", "_call", "_unsaid", "role")

    def __init__(
        self, address: str, call: Declaration, frame: Frame, provider: Provider, doubt: Unknown | None
    ) -> None:
        declared, unsaid, absent = _declaration(call)
        super().__init__(
            "managed",
            "aws_lambda_function",
            f"{address}.aws_lambda_function.this[0]",
            declared,
            frame,
            provider,
            doubt,
        )
        self._module = address
        self._call = call
        self._unsaid = unsaid
        self._absent = absent
        self.role = known_roles.role(self, self.beside) if "role" in unsaid else None
        """The role that the module makes."""

    def beside(self, type: str, name: str, values: Mapping[str, Value[Any]], doubt: Unknown | None) -> Instance:
        """Another resource of the module."""
        return _Beside(self, type, name, values, doubt)

    def handed(self, name: str) -> Value[Any] | None:
        """The value of an input of the module; ``None`` where the call does not give it."""
        written = self._call.attribute(name)
        return None if written is None else evaluated(written[1].value, self._in(written[0]))

    def unknown(self) -> Unknown:
        """A value that only the module knows: one reason for all of them, so that it is told once."""
        return Unknown("its module is not downloaded, and the call does not say it", self.origin)

    def __contains__(self, name: object) -> bool:
        return name in self._unsaid or name in self._absent or super().__contains__(name)

    def __iter__(self) -> Iterator[str]:
        yield from super().__iter__()
        yield from sorted(self._unsaid)  # in the same order in every run
        yield from self._absent

    def _evaluate(self, name: str) -> Value[Any] | None:
        left_out = self._absent.get(name)
        if left_out is not None:
            return Known(() if name in _BLOCKS else None, Default(f"the default of `{left_out}` in {_MODULE}"))
        if name not in self._unsaid:
            return super()._evaluate(name)
        if name == "role" and self.role is not None:
            return self.role.attribute("arn")
        return self.unknown()


class _Beside(Guessed):
    """What the module makes beside the function, with the values that are known."""

    __slots__ = ("_values",)

    def __init__(
        self,
        function: HalfKnown,
        type: str,
        name: str,
        values: Mapping[str, Value[Any]],
        doubt: Unknown | None,
    ) -> None:
        call = function.declaration
        start, end, header = call.block.start, call.block.end, call.block.header_end
        block = t.Block(start, end, "resource", [type, name], header, t.Body(start, end, {}, []))
        super().__init__(
            "managed",
            type,
            f"{function.module}.{type}.{name}",
            Declaration(call.source, block),
            function.frame,
            function.provider,
            doubt or function.doubt,
        )
        self._module = function.module
        of_function = not type.startswith("aws_iam_")
        self._values = {
            **({"function_name": function.attribute("function_name")} if of_function else {}),
            **values,
        }

    def __contains__(self, name: object) -> bool:
        return name in self._values

    def __iter__(self) -> Iterator[str]:
        yield from self._values

    def _evaluate(self, name: str) -> Value[Any] | None:
        return self._values.get(name)


_PERMISSION: Final = (
    "action",
    "principal",
    "principal_org_id",
    "source_arn",
    "source_account",
    "event_source_token",
    "function_url_auth_type",
)
_MAPPING: Final = (
    "event_source_arn",
    "enabled",
    "filter_criteria",
    "destination_config",
    "scaling_config",
)


def _triggers(function: HalfKnown) -> Iterator[_Beside]:
    """Permissions that the call asks for; where it does not, whom the module lets invoke the function is taken
    for unknown."""
    asked, doubt = function.handed("allowed_triggers"), function.unknown()
    kind, name = "aws_lambda_permission", "current_version_triggers"
    if not (isinstance(asked, Known) and isinstance(asked.value, Mapping)):
        unsure = asked if isinstance(asked, Unknown) else doubt
        yield _Beside(function, kind, name, dict.fromkeys(_PERMISSION, unsure), unsure)
        return
    for name, switch in (
        ("current_version_triggers", "create_current_version_allowed_triggers"),
        ("unqualified_alias_triggers", "create_unqualified_alias_allowed_triggers"),
    ):
        switched = function.handed(switch)
        if isinstance(switched, Known) and switched.value is False:
            continue
        unsure_of_all = switched if isinstance(switched, Unknown) else None
        for key, item in asked.value.items():
            values: dict[str, Value[Any]] = _permission(item, asked.origin)
            if name == "current_version_triggers":
                values["qualifier"] = function.attribute("version")
            full = f"{name}[{json.dumps(key, ensure_ascii=False)}]"
            yield _Beside(function, kind, full, values, unsure_of_all)


def _permission(item: Value[Any], where: Origin) -> dict[str, Value[Any]]:
    """The arguments of a permission that a member of ``allowed_triggers`` becomes."""
    if isinstance(item, Unknown) or not isinstance(item.value, Mapping):
        unsure = item if isinstance(item, Unknown) else Unknown("it is no map", where)
        return dict.fromkeys(_PERMISSION, unsure)
    given: Mapping[str, Value[Any]] = item.value
    values = {name: given[name] for name in _PERMISSION if name in given}
    values.setdefault("action", Known("lambda:InvokeFunction", Default(f"the default of {_MODULE}")))
    if "principal" not in values:
        match given.get("service"):
            case Known(str() as service, origin):
                values["principal"] = Known(f"{service}.amazonaws.com", origin)
            case Unknown() as unsure:
                values["principal"] = Unknown(unsure.reason, unsure.origin)
            case _:
                values["principal"] = Unknown("it names neither a `principal` nor a `service`", item.origin)
    return values


def _url(function: HalfKnown) -> Iterator[_Beside]:
    """The function's URL, which is made where the call asks for one."""
    asked = function.handed("create_lambda_function_url")
    if asked is None or (isinstance(asked, Known) and asked.value is not True):
        return
    values: dict[str, Value[Any]] = {"qualifier": function.unknown()}
    for name in ("authorization_type", "invoke_mode"):
        given = function.handed(name)
        values[name] = given if given is not None else function.unknown()
    match function.handed("cors"):
        case Known(Mapping() as rules) as given:
            values["cors"] = Known((given,) if rules else (), given.origin)
        case Unknown() as unsure:
            values["cors"] = unsure
        case _:
            values["cors"] = function.unknown()
    yield _Beside(
        function, "aws_lambda_function_url", "this[0]", values, asked if isinstance(asked, Unknown) else None
    )


def _mappings(function: HalfKnown) -> Iterator[_Beside]:
    """What the function is to poll, where the call says so."""
    asked = function.handed("event_source_mapping")
    switch = function.handed("create_unqualified_alias_allowed_triggers")
    if asked is None or (isinstance(switch, Known) and switch.value is False):
        return
    doubt = switch if isinstance(switch, Unknown) else None
    kind = "aws_lambda_event_source_mapping"
    if not (isinstance(asked, Known) and isinstance(asked.value, Mapping)):
        unsure = asked if isinstance(asked, Unknown) else function.unknown()
        yield _Beside(function, kind, "this[?]", dict.fromkeys(_MAPPING, unsure), unsure)
        return
    for key, item in asked.value.items():
        name = f"this[{json.dumps(key, ensure_ascii=False)}]"
        if isinstance(item, Unknown):
            yield _Beside(function, kind, name, dict.fromkeys(_MAPPING, item), doubt)
            continue
        said = item.value if isinstance(item.value, Mapping) else {}
        values: dict[str, Value[Any]] = {
            one: said[one] for one in ("event_source_arn", "enabled") if one in said
        }
        for block, input in (
            ("filter_criteria", "filter_criteria"),
            ("destination_config", "destination_arn_on_failure"),
            ("scaling_config", "scaling_config"),
        ):
            if input in said:
                values[block] = function.unknown()
        yield _Beside(function, kind, name, values, doubt)


class HalfKnownModule(Missing):
    """The call as a value: the outputs that are the function's own; all others are unknown."""

    __slots__ = ("function",)

    def __init__(self, address: str, function: HalfKnown | None, reason: str, origin: Origin) -> None:
        super().__init__(address, reason, origin)
        self.function = function

    def walk(self) -> Iterator[Instance]:
        """The resources that the call makes, as far as they are known."""
        if self.function is not None:
            yield self.function
            for makes in (_triggers, _url, _mappings):
                yield from makes(self.function)
            if (role := self.function.role) is not None:
                yield role
                yield from known_roles.policies(self.function, role, self.function.beside)

    def attribute(self, name: str) -> Value[Any]:
        own = _OUTPUTS.get(name)
        if own is not None and self.function is not None:
            return self.function.attribute(own)
        of_role = _ROLE_OUTPUTS.get(name)
        if of_role is not None and self.function is not None and self.function.role is not None:
            return self.function.role.attribute(of_role)
        return super().attribute(name)


class Caller(Scope, Protocol):
    """A module that calls another one."""

    doubt: Unknown | None

    def provider(self, name: str) -> Provider:
        """A provider of the module, by the name that it has there."""
        ...


def called_unread(
    call: Declaration, caller: Caller, expansion: Expansion, address: str, reason: str
) -> Missing:
    """A call of what is not read: nothing of it, or what the call itself says of a module that is known."""
    origin, passed = Written(call.span, caller.via), call.attribute("providers")
    if not is_known(call):
        return Missing(address, reason, origin)
    provider = caller.provider((provider_map(passed[1].value) if passed else {}).get("aws", "aws"))
    frame = Frame(caller, call.source, expansion.names)
    function = HalfKnown(address, call, frame, provider, expansion.doubt or caller.doubt)
    for name, makes in (("create", True), ("create_function", True), ("create_layer", False)):
        match function.handed(name):
            case Known(bool() as given) if given is not makes:
                return HalfKnownModule(address, None, reason, origin)
            case Unknown() as unsure:
                function.doubt = function.doubt or Doubt(unsure.reason, unsure.origin, cause=address)
            case _:
                pass
    return HalfKnownModule(address, function, reason, origin)


def _declaration(
    call: Declaration,
) -> tuple[Declaration, Set[str], Mapping[str, str]]:
    """The resource as it would be written with the call's own expressions, at their places; what is unsaid;
    and what is not there, with the input that is left out."""
    given = call.attributes()
    unsaid = set(_OTHERS)
    absent: dict[str, str] = {}
    bodies = {id(source): t.Body(block.start, block.end, {}, []) for source, block in call.layers()}

    def say(name: str, input: str) -> None:
        source, attribute = given[input]
        bodies[id(source)].attributes[name] = t.Attribute(attribute.start, attribute.end, name, attribute.value)

    if _literal(given, "create_role") is False and "lambda_role" in given:
        say("role", "lambda_role")
        unsaid.remove("role")
    for name, input in _ATTRIBUTES.items():
        if input in given and not (name == "timeout" and "lambda_at_edge" in given):  # which cuts it
            say(name, input)
        elif name in _NONE and input not in given:
            absent[name] = input
        elif not (name in _OF_ZIPS and _literal(given, "package_type") == "Image") and name != "filename":
            unsaid.add(name)
    for kind, members in _BLOCKS.items():
        missing = tuple(input for input in members.values() if input not in given)
        sources = {id(given[input][0]) for input in members.values() if input in given}
        if not missing and len(sources) == 1:
            bodies[sources.pop()].blocks.append(
                _dynamic(kind, {name: given[input][1] for name, input in members.items()})
            )
        elif kind in _NONE and missing:
            absent[kind] = missing[0]
        else:  # left out, or given in several files
            unsaid.add(kind)
    made: Declaration | None = None
    labels = ["aws_lambda_function", "this"]
    for source, block in reversed(list(call.layers())):
        written = t.Block(block.start, block.end, "resource", labels, block.header_end, bodies[id(source)])
        if made is None:
            made = Declaration(source, written)
        else:
            made.overrides.append((source, written))
    return made or call, unsaid, absent


def _dynamic(kind: str, given: Mapping[str, t.Attribute]) -> t.Block:
    """A nested block that is there if its values are: the condition is the module's, so that a value of which
    it is not known whether it is null makes a block of which it is not known whether it is there."""
    inner = {name: t.Attribute(one.start, one.end, name, one.value) for name, one in given.items()}
    first = next(iter(inner.values()))
    start, end, header = first.start, first.end, first.end
    there: t.Expression = t.Literal(start, end, True)
    for one in inner.values():
        value, nothing = one.value, t.Literal(one.start, one.end, None)
        if kind == "environment":
            keys = t.Call(one.start, one.end, "keys", [value], False)
            value = t.Call(one.start, one.end, "length", [keys], False)
            nothing = t.Literal(one.start, one.end, 0)
        is_set = t.Binary(one.start, one.end, "!=", value, nothing)
        there = t.Binary(one.start, one.end, "&&", there, is_set)
    some = t.Tuple(start, end, [t.Literal(start, end, True)])
    each = t.Conditional(start, end, there, some, t.Tuple(start, end, []))
    content = t.Block(start, end, "content", [], header, t.Body(start, end, inner, []))
    loop = t.Body(start, end, {"for_each": t.Attribute(start, end, "for_each", each)}, [content])
    return t.Block(start, end, "dynamic", [kind], header, loop)


def _literal(given: Mapping[str, tuple[Source, t.Attribute]], name: str) -> object:
    written = given.get(name)
    return written[1].value.value if written and isinstance(written[1].value, t.Literal) else None
