"""The same for ``async`` handlers: from memory at once, and fetched in a thread without holding up the loop."""

from __future__ import annotations

from asyncio import get_running_loop
from functools import partial

from ._api import Handle, _shared
from ._secret import Secret

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any, TypeVar

    T = TypeVar("T")


async def _away(function: Callable[..., T], *arguments: Any, **options: Any) -> T:
    return await get_running_loop().run_in_executor(None, partial(function, *arguments, **options))


async def get_secret(secret_id: str, key: str | None = None, **options: Any) -> Secret:
    """As ``stockade_runtime.get_secret``."""
    if not options and _shared.holds(secret_id):
        return _shared.get_secret(secret_id, key)
    return await _away(_shared.get_secret, secret_id, key, **options)


async def get_parameter(name: str, **options: Any) -> Secret:
    """As ``stockade_runtime.get_parameter``."""
    if not options and _shared.holds(("parameter", name)):
        return _shared.get_parameter(name)
    return await _away(_shared.get_parameter, name, **options)


async def get_secrets(secret_ids: Iterable[str]) -> dict[str, Secret]:
    """As ``stockade_runtime.get_secrets``."""
    return await _away(_shared.get_secrets, list(secret_ids))


async def get_parameters(names: Iterable[str]) -> dict[str, Secret]:
    """As ``stockade_runtime.get_parameters``."""
    return await _away(_shared.get_parameters, list(names))


async def get(handle: Handle) -> Secret:
    """The secret behind a handle."""
    return await _away(handle.get)
