"""What functions call: secrets and parameters by name, from memory wherever that is right."""

from __future__ import annotations

import os

from ._cache import QUIET, Cache
from ._secret import MissingVariable, NotFetched, Secret
from ._sources import Boto3, Extension

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
    from typing import Any, TypeVar

    from ._cache import Entry

    F = TypeVar("F", bound=Callable[..., Any])
    Exceptions = type[BaseException] | tuple[type[BaseException], ...]


class Store:
    """Secrets and parameters, with one cache over them. ``cache`` takes its options, ``source`` asks AWS.

    The module's functions are those of one store that all code of a process shares; make another only for
    other times to live, or to ask somebody else.
    """

    def __init__(
        self,
        cache: Cache | None = None,
        source: Any = None,
        environ: Mapping[str, str] | None = None,
    ) -> None:
        self._environ = os.environ if environ is None else environ
        self._cache = Cache() if cache is None else cache
        self._clock = self._cache.clock
        self._kept = self._cache.entries.get  # what is looked at each time is at hand
        self._source = Boto3() if source is None else source
        self._extension = Extension.beside(self._environ) if source is None else None
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._forked)
        if self._environ.get("AWS_LAMBDA_INITIALIZATION_TYPE") == "snap-start":
            # What was fetched before the snapshot would be as old as the snapshot in every sandbox.
            try:
                from snapshot_restore_py import register_after_restore
            except ImportError:
                pass
            else:
                register_after_restore(self.clear)

    def _forked(self) -> None:
        self._cache.reset()
        self._source.reset()

    def clear(self) -> None:
        """Forget every value and connection."""
        self._cache.clear()
        self._source.reset()

    def holds(self, key: Hashable) -> bool:
        """Whether the value under a key of the cache is there and fresh."""
        entry = self._kept(key)
        return entry is not None and entry.fetched <= self._clock() < entry.ahead

    def get_secret(
        self,
        secret_id: str,
        key: str | None = None,
        *,
        version_stage: str | None = None,
        version_id: str | None = None,
        max_age: float | None = None,
    ) -> Secret:
        """A secret of Secrets Manager, by ARN or name; with ``key`` one member of the JSON object in it.

        ``max_age`` is the oldest that a copy may be, in seconds; 0 asks AWS. Raises ``NotFetched``.
        """
        # The plain case is kept under the ID alone: building a tuple would take a third of the time.
        plain = version_stage is None and version_id is None
        name = secret_id if plain else ("secret", secret_id, version_stage, version_id)
        entry = self._kept(name)
        if entry is None or max_age is not None or not entry.fetched <= self._clock() < entry.ahead:
            entry = self._entry(name, max_age, "secret", secret_id, version_stage, version_id)
        if key is None:
            return entry.secret
        member = entry.members.get(key)
        if member is None:
            member = entry.members[key] = entry.secret[key]
        return member

    def get_parameter(self, name: str, *, max_age: float | None = None) -> Secret:
        """A parameter of Parameter Store, decrypted; ``name:3`` and ``name:label`` select a version."""
        at = ("parameter", name)
        entry = self._kept(at)
        if entry is None or max_age is not None or not entry.fetched <= self._clock() < entry.ahead:
            entry = self._entry(at, max_age, *at)
        return entry.secret

    def _entry(self, key: Hashable, max_age: float | None, *what: Any) -> Entry:
        # Its own cache may be minutes old: what is wanted anew goes past it.
        extension = None if max_age is not None else self._extension
        return self._cache.get(key, lambda: self._fetch(extension, *what), max_age)

    def _fetch(self, extension: Any, kind: str, *what: Any) -> Any:
        if extension is not None:
            try:
                return getattr(extension, kind)(*what)
            except NotFetched:
                pass  # it may not be ready yet, or not answer: AWS itself then
        return getattr(self._source, kind)(*what)

    def get_secrets(self, secret_ids: Iterable[str]) -> dict[str, Secret]:
        """Several secrets; what is not in memory is fetched twenty at a time.

        That needs ``secretsmanager:BatchGetSecretValue``; without it they are fetched one by one.
        """
        ids = list(secret_ids)
        self._batch("secrets", ids, 20, lambda one: one)
        return {one: self.get_secret(one) for one in ids}

    def get_parameters(self, names: Iterable[str]) -> dict[str, Secret]:
        """Several parameters; what is not in memory is fetched ten at a time."""
        every = list(names)
        self._batch("parameters", every, 10, lambda one: ("parameter", one))
        return {one: self.get_parameter(one) for one in every}

    def _batch(self, kind: str, ids: list[str], most: int, key: Callable[[str], Hashable]) -> None:
        """Fill the cache; whatever this leaves out is fetched, or refused, one by one."""
        by_region: dict[object, list[str]] = {}
        for one in sorted(set(ids)):
            if not self.holds(key(one)):
                by_region.setdefault(tuple(one.split(":", 4)[3:4]), []).append(one)
        for group in by_region.values():
            for at in range(0, len(group), most):
                some = group[at : at + most]

                def all_of_them(some: list[str] = some) -> Secret:
                    for one, secret in getattr(self._source, kind)(some).items():
                        self._cache.put(key(one), secret)
                    return Secret("")

                if len(some) > 1:
                    try:  # one flight for all who want the same ones; its own entry is old at once
                        self._cache.get((kind, *some), all_of_them, 0.0)
                    except NotFetched:
                        pass

    def secret_from_env(self, variable: str, key: str | None = None) -> Handle:
        """A handle on the secret whose ARN or name an environment variable holds. Fetches nothing.

        Raises ``MissingVariable`` where it is not set: a function that starts without it would fail later.
        """
        id = self._named(variable, "the ARN of a secret")
        return Handle(lambda max_age: self.get_secret(id, key, max_age=max_age), variable)

    def parameter_from_env(self, variable: str) -> Handle:
        """A handle on the parameter whose name or ARN an environment variable holds."""
        name = self._named(variable, "the name of a parameter")
        return Handle(lambda max_age: self.get_parameter(name, max_age=max_age), variable)

    def _named(self, variable: str, what: str) -> str:
        held = self._environ.get(variable, "")
        if not held:
            raise MissingVariable(f"the environment variable `{variable}` is not set; it has to hold {what}")
        return held


class Handle:
    """A secret to be had when it is needed. ``value``, ``binary`` and ``json()`` are of the current one."""

    __slots__ = ("_get", "_name")

    def __init__(self, get: Callable[[float | None], Secret], name: str) -> None:
        self._get = get
        self._name = name

    def get(self, max_age: float | None = None) -> Secret:
        """The secret itself, as it is now."""
        return self._get(max_age)

    @property
    def value(self) -> str:
        return self._get(None).value

    @property
    def binary(self) -> bytes:
        return self._get(None).binary

    def json(self) -> Any:
        return self._get(None).json()

    def __getitem__(self, key: str) -> Handle:
        """A handle on one member of the JSON object in the secret."""
        return Handle(lambda max_age: self._get(max_age)[key], f"{self._name}[{key}]")

    def __repr__(self) -> str:
        return f"Handle({self._name})"

    def changed(self, before: Secret) -> bool:
        """Whether the secret, asked for anew, is another than before."""
        return self._get(QUIET) != before


def refresh_on(
    exceptions: Exceptions, *handles: Handle, when: Callable[[Any], bool] | None = None
) -> Callable[[F], F]:
    """A decorator for what fails when a secret was rotated: on such an exception the secrets are fetched anew
    and, if one has changed, the function is called once more. ``when`` tells which of the exceptions are meant.
    """

    def decorate(function: F) -> F:
        def call(*arguments: Any, **named: Any) -> Any:
            for attempt in rotation(exceptions, *handles, when=when):
                with attempt:
                    return function(*arguments, **named)
            return None  # never: the last attempt raises

        async def call_later(*arguments: Any, **named: Any) -> Any:
            for attempt in rotation(exceptions, *handles, when=when):
                with attempt:
                    return await function(*arguments, **named)
            return None

        asynchronous = getattr(getattr(function, "__code__", None), "co_flags", 0) & 0x80
        wrapper: Any = call_later if asynchronous else call
        for name in ("__module__", "__name__", "__qualname__", "__doc__"):
            setattr(wrapper, name, getattr(function, name, None))
        wrapper.__wrapped__ = function
        made: F = wrapper
        return made

    return decorate


def rotation(
    exceptions: Exceptions, *handles: Handle, when: Callable[[Any], bool] | None = None
) -> Iterator[Attempt]:
    """The same where a decorator does not fit:

    for attempt in rotation(LoginFailed, PASSWORD):
        with attempt:
            connection = connect(PASSWORD.value)
    """
    first = Attempt(exceptions, [(one, one.get()) for one in handles], when)
    yield first
    if first.again:
        yield Attempt(exceptions, [], None)


class Attempt:
    """One try. It swallows the exception only where another one with another secret follows."""

    __slots__ = ("_exceptions", "_used", "_when", "again")

    def __init__(
        self, exceptions: Exceptions, used: list[tuple[Handle, Secret]], when: Callable[[Any], bool] | None
    ) -> None:
        self._exceptions, self._used, self._when = exceptions, used, when
        self.again = False

    def __enter__(self) -> Attempt:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if isinstance(error, self._exceptions) and (self._when is None or self._when(error)):
            # The same secret would fail the same way, and count as another failed login.
            self.again = True in [handle.changed(before) for handle, before in self._used]  # every one is asked
        return self.again


_shared = Store()
clear = _shared.clear
get_secret = _shared.get_secret
get_secrets = _shared.get_secrets
get_parameter = _shared.get_parameter
get_parameters = _shared.get_parameters
secret_from_env = _shared.secret_from_env
parameter_from_env = _shared.parameter_from_env
