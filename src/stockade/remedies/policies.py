"""Permissions that a fix gives or takes: statements as plain data, and where they can be added."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from stockade.control import BLANK, Add
from stockade.iam.request import Request
from stockade.model.function import Function
from stockade.model.relate import module_of
from stockade.model.role import ExecutionRole, Role
from stockade.model.world import World
from stockade.patterns import lazy_regex
from stockade.value import Hole, Known, Ref, Text, Unknown, Value, text_of


def _trusting(services: Any) -> Mapping[str, Any]:
    assuming = {"Effect": "Allow", "Principal": {"Service": services}, "Action": "sts:AssumeRole"}
    return {"Version": "2012-10-17", "Statement": [assuming]}


LAMBDA_TRUST: Final = _trusting("lambda.amazonaws.com")
"""The trust policy of a role for functions and nobody else."""
EDGE_TRUST: Final = _trusting(["lambda.amazonaws.com", "edgelambda.amazonaws.com"])
"""That of a function which CloudFront runs at its edge."""

_TERRAFORM: Final = lazy_regex(r"(?:^|\.)(?:data\.)?aws_\w+\.")
_LOCAL: Final = lazy_regex(r"(?:[\w-]+\.)*([\w-]+)(?:\[.*\])?", re.DOTALL)


def is_terraform(address: str) -> bool:
    """Whether an address is one of Terraform's: templates have no underscores in their logical IDs."""
    return _TERRAFORM.search(address) is not None


def local_name(address: str) -> str:
    """What a resource is called in its module or template."""
    found = _LOCAL.fullmatch(address.removeprefix(module_of(address)))
    return found[1] if found else address


def one_of_several(address: str) -> bool:
    """Whether an address is one instance of a declaration that makes several."""
    return address.endswith("]")


def statement(actions: Iterable[str | Text], resource: Any) -> dict[str, Any]:
    """A statement that allows actions on resources."""
    several = list(actions)
    return {"Effect": "Allow", "Action": several[0] if len(several) == 1 else several, "Resource": resource}


def document(*statements: Mapping[str, Any]) -> dict[str, Any]:
    """A policy of statements."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def role_to_give(execution_role: ExecutionRole | None) -> Role | None:
    """The role if it is this input's to give permissions; ``None`` for one that is made elsewhere."""
    role = execution_role.role if execution_role else None
    if not isinstance(role, Known) or ".data." in f".{role.value.address}":
        return None
    return role.value


def granting(role: Role, name: str, *statements: Mapping[str, Any], beside: str = "") -> Add:
    """A policy on a role: of its own list, or beside something that its statements depend on."""
    attributes = (
        ("name", name),
        ("roles", Ref(role.address, "name")),
        ("document", document(*statements)),
    )
    near = beside or role.address
    label = name.replace("-", "_").removeprefix(f"{local_name(near)}_".replace("-", "_"))
    return Add("InlinePolicy", near, attributes, label=label)


def lists_policies(role: Role) -> bool:
    """Whether a role's declaration holds policies itself; in Terraform it then takes no others beside it."""
    return isinstance(role.inline_policies, Unknown) or bool(role.inline_policies.value)


def made_for(role: Role, function: Function) -> bool:
    """Whether SAM made a role out of a function's own declaration, whose words it then goes by."""
    return not is_terraform(role.address) and role.origin == function.origin


def allows(function: Function, world: World, *actions: str) -> bool:
    """Whether the function's role is known to allow actions on all there is."""
    role = world.role_of(function)
    powers = world.powers_of(role) if role else None
    return powers is not None and all(
        powers.names(action) and isinstance(powers.shown(action, ("*",), chosen=True), Request)
        for action in actions
    )


def own_name(function: Function, suffix: str) -> str | Text | None:
    """A name made of the function's, which nothing that the function depends on would be a circle by.

    ``None`` where it can only be said by reference to the function, or in words of another module.
    """
    name = function.name
    if isinstance(name, Known):
        return f"{name.value}{suffix}"
    parts = name.text.parts if name.text and not module_of(function.address) else ()
    if not parts or any(isinstance(one, Ref) for one in parts) or not is_terraform(function.address):
        return None
    return text_of(*parts, suffix)


def blank(what: str) -> Text:
    """A place in a fix that is only shown, where somebody has to write what only they know."""
    return Text((Hole(f"{BLANK}{what}"),))


def same_module(*addresses: str) -> bool:
    """Whether things can refer to one another."""
    return len({module_of(one) for one in addresses}) <= 1


def names_itself(function: Function) -> bool:
    """Whether a function's name is known only by reference to the function: the deployment chooses it."""
    name = function.name
    return isinstance(name, Unknown) and name.ref is not None and name.ref.address == function.address


def plain(tree: Value[Any]) -> Any:
    """A tree of values as a change has it; raises ``LookupError`` where a part of it is not known."""
    match tree:
        case Known(Mapping() as members):
            return {key: plain(one) for key, one in members.items()}
        case Known(tuple() | list() as items):
            return [plain(one) for one in items]
        case Known(value, _, Ref() as ref) if isinstance(value, str):
            return ref
        case Known(value):
            return value
        case Unknown(_, _, Text() as text):
            return text
        case _:
            raise LookupError(tree.reason)
