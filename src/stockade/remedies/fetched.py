"""A value taken out of a function's environment, to be fetched when it runs, and the code that fetches it."""

from __future__ import annotations

from typing import Any, Final

from stockade.control import Change, Code, Drop, Put
from stockade.model.environment import EnvironmentVariable
from stockade.model.function import Function
from stockade.model.world import World
from stockade.remedies.policies import (
    granting,
    local_name,
    made_for,
    one_of_several,
    role_to_give,
    same_module,
    statement,
)
from stockade.value import Known, Ref, Text

SECRET: Final = "secretsmanager:GetSecretValue"  # noqa: S105 - the name of an action
PARAMETER: Final = "ssm:GetParameter"


def label_of(variable: EnvironmentVariable) -> str:
    """What is added for a variable, in a word."""
    return variable.key.lower().strip("_")


def instead(variable: EnvironmentVariable, name: str, value: Any) -> tuple[Change, ...]:
    """A variable replaced by another that says where the value is kept."""
    address = variable.address
    return (Put(address, f"environment.{name}", value), Drop(address, f"environment.{variable.key}"))


def can_be_replaced(variable: EnvironmentVariable) -> bool:
    """Whether the environment is written as a whole, for this one function."""
    return isinstance(variable.function.environment, Known) and variable.doubt is None


def allowed(
    function: Function, world: World, what: str, action: str, arn: Ref | Text
) -> tuple[Change, ...] | None:
    """What lets the function's role fetch; ``None`` where the role is not this input's to change."""
    execution_role = world.role_of(function)
    role = role_to_give(execution_role)
    if role is None or not same_module(role.address, function.address):
        return None
    if one_of_several(function.address) and not one_of_several(role.address):
        return None  # each instance would have a policy of the same name
    name = f"{local_name(function.address)}-{what}".replace("_", "-")
    if made_for(role, function):
        name = what.replace("_", "-")
    return (granting(role, name, statement((action,), arn)),)


def code(function: Function, name: str, action: str) -> tuple[Code, ...]:
    """How the function fetches what a variable names, with a cache; in its language where that is known."""
    runtime = function.runtime.value if isinstance(function.runtime, Known) else None
    languages = [one for one in _CODE if runtime and runtime.startswith(one)] or list(_CODE)
    texts = (_CODE[one][action] for one in languages)
    made = (
        text.replace("NAME", name)
        .replace("CONSTANT", _value_name(name).upper())
        .replace("VALUE", _value_name(name))
        for text in texts
    )
    names = ("python" if one == "python" else "javascript" for one in languages)
    return tuple(Code(language, text) for language, text in zip(names, made, strict=True))


def _value_name(name: str) -> str:
    for end in ("_SECRET_ARN", "_PARAMETER"):
        name = name.removesuffix(end)
    return name.lower()


_CODE: Final = {
    "python": {
        SECRET: (
            "from stockade_runtime import secret_from_env\n\n"
            'CONSTANT = secret_from_env("NAME")  # fetched when first used, then kept and renewed\n\n\n'
            "def handler(event, context):\n"
            "    use(CONSTANT.value)\n"
        ),
        PARAMETER: (
            "from stockade_runtime import parameter_from_env\n\n"
            'CONSTANT = parameter_from_env("NAME")  # fetched when first used, then kept and renewed\n\n\n'
            "def handler(event, context):\n"
            "    use(CONSTANT.value)\n"
        ),
    },
    "nodejs": {
        SECRET: (
            'import { getSecret } from "@aws-lambda-powertools/parameters/secrets";\n\n'
            "export const handler = async (event) => {\n"
            "  const VALUE = await getSecret(process.env.NAME, { maxAge: 300 }); // cached for five minutes\n"
            "};\n"
        ),
        PARAMETER: (
            'import { getParameter } from "@aws-lambda-powertools/parameters/ssm";\n\n'
            "export const handler = async (event) => {\n"
            "  const VALUE = await getParameter(process.env.NAME, { maxAge: 300 }); // cached\n"
            "};\n"
        ),
    },
}
"""Runtime family -> action -> what to write. The client and the cache live as long as the instance does."""


def free_name(variable: EnvironmentVariable, end: str) -> str | None:
    """A name for the new variable that the environment does not have yet."""
    environment = variable.function.environment
    said = end.removeprefix("_SECRET") if variable.key.endswith("_SECRET") else end
    name = f"{variable.key}{said}"
    return name if isinstance(environment, Known) and name not in environment.value else None
