"""The role that a call of the Lambda module makes, as far as the call says what it may.

What is attached besides, by switches whose default or whose content only the module knows, is one policy that
is not known: a statement that the call gives may be told of, that there is no other one is never claimed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, Protocol

from stockade.read.terraform.documents import document_json
from stockade.read.terraform.instance import Instance
from stockade.records import dataclass
from stockade.value import Default, Known, Unknown, Value, Written, elements_of


class Call(Protocol):
    """A call of the module, and the function that it makes."""

    @property
    def origin(self) -> Written: ...

    def handed(self, name: str) -> Value[Any] | None:
        """The value of an input; ``None`` where the call does not give it."""
        ...

    def unknown(self) -> Unknown:
        """A value that only the module knows."""
        ...


Maker = Callable[[str, str, Mapping[str, Value[Any]], Unknown | None], Instance]
"""Makes a resource of the module: its type, its name, its arguments, and why it may not be there."""

_BLOCKS: Final = ("principals", "not_principals", "condition")


def role(call: Call, make: Maker) -> Instance | None:
    """The role, where the call lets the module make one; ``None`` where it may not."""
    asked = call.handed("create_role")
    if asked is not None and not (isinstance(asked, Known) and asked.value is True):
        return None
    values: dict[str, Value[Any]] = {"assume_role_policy": call.unknown()}
    if (named := call.handed("role_name")) is not None:
        values["name"] = named
    for name, input in (("path", "role_path"), ("permissions_boundary", "role_permissions_boundary")):
        given = call.handed(input)
        values[name] = given if given is not None else Known(None, Default(f"the default of `{input}`"))
    return make("aws_iam_role", "lambda[0]", values, None)


def policies(call: Call, made: Instance, make: Maker) -> Iterator[Instance]:
    """What is attached to the role: what the call gives, and one policy for all that it does not say."""
    name = made.attribute("name")

    def inline(label: str, policy: Value[Any], doubt: Unknown | None) -> Instance:
        return make("aws_iam_role_policy", label, {"role": name, "policy": policy}, doubt)

    def attached(label: str, arn: Value[Any], doubt: Unknown | None) -> Instance:
        return make("aws_iam_role_policy_attachment", label, {"role": name, "policy_arn": arn}, doubt)

    there, doubt, given = _asked(call, "attach_policy_statements", "policy_statements")
    if there:
        yield inline("additional_inline[0]", _document(call, given), doubt)
    there, doubt, given = _asked(call, "attach_policy_json", "policy_json")
    if there:
        yield inline("additional_json[0]", given, doubt)
    there, doubt, given = _asked(call, "attach_policy", "policy")
    if there:
        yield attached("additional_one[0]", given, doubt)
    for switch, input, label, makes in (
        ("attach_policy_jsons", "policy_jsons", "additional_jsons", inline),
        ("attach_policies", "policies", "additional_many", attached),
    ):
        there, doubt, given = _asked(call, switch, input)
        listed = elements_of(given) if there else ()
        if there and listed is None:
            yield makes(f"{label}[?]", given, doubt)
        for index, item in enumerate(listed or ()):
            yield makes(f"{label}[{index}]", item, doubt)
    yield inline("logs[0]", call.unknown(), None)


def _asked(call: Call, switch: str, input: str) -> tuple[bool, Unknown | None, Value[Any]]:
    """Whether the call turns something on, why it may not, and what it gives for it."""
    given = call.handed(input)
    value = given if given is not None else call.unknown()
    match call.handed(switch):
        case Unknown() as unsure:
            return True, unsure, value
        case Known(True):
            return True, None, value
        case _:  # off by default
            return False, None, value


@dataclass(frozen=True, slots=True)
class _Statements:
    """The data source that the module makes of ``policy_statements``."""

    origin: Written
    statement: Value[Any]

    def get(self, name: str, /) -> Value[Any] | None:
        return self.statement if name == "statement" else None


def _document(call: Call, given: Value[Any]) -> Value[Any]:
    if not isinstance(given, Known):
        return given
    listed = given.value.values() if isinstance(given.value, Mapping) else elements_of(given)
    if listed is None:
        return Unknown("it is no map of statements", given.origin)
    blocks = tuple(_statement(one) for one in listed)
    return document_json(_Statements(call.origin, Known(blocks, given.origin)), minified=False)


def _statement(one: Value[Any]) -> Value[Any]:
    """A statement as blocks would say it: maps and lists of conditions become blocks."""
    if not isinstance(one, Known):
        return one
    if not isinstance(one.value, Mapping):
        return Unknown("it is no statement", one.origin)
    body = dict(one.value)
    for name in _BLOCKS:
        given = body.get(name)
        if isinstance(given, Known) and isinstance(given.value, Mapping):
            body[name] = Known(tuple(given.value.values()), given.origin)
        elif isinstance(given, Known) and (listed := elements_of(given)) is not None:
            body[name] = Known(tuple(listed), given.origin)
    return Known(body, one.origin)
