"""Functions whose answer only a deployment has: clocks, chance, private keys."""

from __future__ import annotations

from typing import Any

from stockade.read.terraform.cty import EvaluationError
from stockade.read.terraform.functions.context import Context
from stockade.read.terraform.functions.registry import valued
from stockade.read.terraform.functions.unknowns import first_unknown
from stockade.value import Unknown, Value


def _only_then(name: str, context: Context) -> Unknown:
    return Unknown(f"`{name}()` is known only at deployment", context.origin)


@valued("timestamp()")
def timestamp(context: Context) -> Value[Any]:
    return _only_then("timestamp", context)


@valued("plantimestamp()")
def plantimestamp(context: Context) -> Value[Any]:
    return _only_then("plantimestamp", context)


@valued("uuid()")
def uuid(context: Context) -> Value[Any]:
    return _only_then("uuid", context)


@valued("bcrypt(str: string, ...cost: number)")
def bcrypt(context: Context, text: Value[Any], *cost: Value[Any]) -> Value[Any]:
    """Salted by chance."""
    if len(cost) > 1:
        raise EvaluationError("`bcrypt` takes one cost")
    return first_unknown((text, *cost)) or _only_then("bcrypt", context)


@valued("rsadecrypt(ciphertext: string, privatekey: string)")
def rsadecrypt(context: Context, ciphertext: Value[Any], key: Value[Any]) -> Value[Any]:
    """Decrypted secrets are nothing a scan should hold."""
    return first_unknown((ciphertext, key)) or _only_then("rsadecrypt", context)
