"""A secret value that shows itself only when asked by name, and the errors, none of which holds one."""

from __future__ import annotations

from _operator import _compare_digest  # what `hmac.compare_digest` is, without the import of OpenSSL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, NoReturn


class Secret:
    """Text or bytes that neither ``repr`` nor ``str``, logs, tracebacks, copies nor pickles give away.

    ``value`` is the text, ``binary`` the bytes, ``json()`` the document in it, made anew for each caller:
    what one of them changes no other sees. ``secret["password"]`` is one member of it, a ``Secret`` again.
    ``version`` is the version's ID as AWS gave it.
    """

    __slots__ = ("_of", "version")

    def __init__(self, value: str | bytes, version: str = "") -> None:
        self._of: Callable[[], str | bytes] = lambda: (
            value
        )  # a closure: tools that print slots and locals meet a function
        self.version = version

    @property
    def value(self) -> str:
        """The secret as text; bytes are read as UTF-8."""
        held = self._of()
        if isinstance(held, str):
            return held
        try:
            return held.decode()
        except UnicodeDecodeError:
            pass  # raised outside: the error of the decoder carries the bytes
        raise ValueError("the secret is not text; take `binary`")

    @property
    def binary(self) -> bytes:
        """The secret as bytes; text is written as UTF-8."""
        held = self._of()
        return held if isinstance(held, bytes) else held.encode()

    def json(self) -> Any:
        """The JSON document in the secret. Raises ``ValueError`` that does not quote it."""
        import json

        try:
            return json.loads(self._of())
        except ValueError:
            pass  # raised outside: the error of the parser carries the document
        raise ValueError("the secret is not a JSON document")

    def __getitem__(self, key: str) -> Secret:
        """One member of the JSON object in the secret."""
        import json

        document = self.json()
        held = document.get(key) if isinstance(document, dict) else None
        if held is None:
            raise KeyError(f"the secret has no member `{key}`")
        return Secret(held if isinstance(held, str) else json.dumps(held), self.version)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, str):
            other = other.encode()
        theirs = other.binary if isinstance(other, Secret) else other
        return _compare_digest(self.binary, theirs) if isinstance(theirs, bytes) else NotImplemented

    __hash__ = None  # type: ignore[assignment]  # a hash would tell two secrets apart, and stay in memory

    def __bool__(self) -> bool:
        return bool(self._of())

    def __repr__(self) -> str:
        return "Secret(**********)"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return format(repr(self), spec)

    def __copy__(self) -> Secret:
        return self

    def __deepcopy__(self, memo: object) -> Secret:
        return self

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a Secret is not pickled; pass its ARN and fetch it where it is needed")


class RuntimeSecretError(Exception):
    """The root of everything raised here."""


class MissingVariable(RuntimeSecretError, KeyError):
    """An environment variable that should name a secret or parameter is not set."""

    def __str__(self) -> str:  # KeyError would quote the sentence
        return str(self.args[0])


class NotFetched(RuntimeSecretError):
    """A secret or parameter could not be fetched, and no copy is fresh enough.

    ``code`` is AWS's own, empty where no answer came; ``passing`` says that it may go by itself: a throttled
    call, an outage, no connection.
    """

    def __init__(self, message: str, code: str = "", passing: bool = False) -> None:
        super().__init__(message)
        self.code = code
        self.passing = passing


class PlaintextSecret(RuntimeSecretError):
    """A secret stands readable in the function's environment."""
