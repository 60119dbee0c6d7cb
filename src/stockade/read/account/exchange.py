"""One HTTP request and its answer over a connection of botocore's own pool.

The pool, and with it TLS, certificates and timeouts, is botocore's; the connections of both are the same. What
is read is what AWS sends nearly always: headers, and a body as long as they say. Anything else is ``Strange``,
its connection is closed, and whoever asked has botocore ask again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from stockade.records import dataclass

_LARGEST_HEAD: Final = 1 << 16
_AT_ONCE: Final = 1 << 16


class Strange(Exception):
    """An answer that is not read here, or none."""


@dataclass(frozen=True, slots=True)
class Received:
    """An answer, in botocore's words; the names of headers are in lower case."""

    status_code: int
    headers: Mapping[str, str]
    content: bytes


class Exchange:
    """Sends to one host. ``session`` is botocore's HTTP session, ``origin`` the URL without a path."""

    def __init__(self, session: Any, origin: str, read_timeout: float) -> None:
        self._session, self._origin, self._timeout = session, origin, read_timeout
        self._secure = origin.startswith("https:")

    @property
    def is_plain(self) -> bool:
        """Whether nothing stands between: no proxy."""
        return self._session._proxy_config.proxy_url_for(self._origin) is None

    def ask(self, request: bytes) -> Received:
        """The answer to a request. Raises ``Strange``."""
        from urllib3.exceptions import HTTPError

        try:
            pool = self._pool()
            connection = pool._get_conn()
            done = False
            try:
                if connection.sock is None:
                    connection.connect()
                    if self._secure and self._session._verify and not connection.is_verified:
                        raise Strange("the connection is not verified")
                connection.sock.settimeout(self._timeout)
                connection.sock.sendall(request)
                received, done = _answer(connection.sock)
                return received
            finally:
                if not done:
                    connection.close()
                pool._put_conn(connection)
        except (OSError, HTTPError) as error:  # TLS and timeouts among them
            raise Strange(str(error)) from error

    def _pool(self) -> Any:
        session = self._session
        pool = session._get_connection_manager(self._origin, None).connection_from_url(self._origin)
        if self._secure:
            session._setup_ssl_cert(pool, self._origin, session._verify)
        return pool


def _answer(sock: Any) -> tuple[Received, bool]:
    """What is answered, and whether the connection can be used again."""
    data = b""
    while (end := data.find(b"\r\n\r\n")) < 0:
        if len(data) > _LARGEST_HEAD:
            raise Strange("the headers do not end")
        more = sock.recv(_AT_ONCE)
        if not more:
            raise Strange("no answer")
        data = data + more if data else more
    first, *lines = data[:end].decode("latin-1").split("\r\n")
    version, _, rest = first.partition(" ")
    status = rest[:3]
    if not version.startswith("HTTP/1.") or not status.isdigit():
        raise Strange(f"no answer of HTTP: {first[:40]!r}")
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        name = name.lower()
        if not colon or line[0] in " \t" or (name in headers and name in _ONCE):
            raise Strange(f"a header that is not read: {line[:40]!r}")
        value = value.strip()
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    length = headers.get("content-length", "")
    if not length.isdigit() or status < "200" or not headers.keys().isdisjoint(_NOT_READ):
        raise Strange("a body of no length, or one that is encoded")
    body = data[end + 4 :]
    missing = int(length) - len(body)
    if missing > 0:
        parts = [body]
        while missing > 0:
            more = sock.recv(min(missing, _AT_ONCE))
            if not more:
                raise Strange("the answer breaks off")
            parts.append(more)
            missing -= len(more)
        body = b"".join(parts)
    if missing < 0:
        raise Strange("more than one answer")
    stays = version == "HTTP/1.1" and headers.get("connection", "").lower() != "close"
    return Received(int(status), headers, body), stays


_ONCE: Final = frozenset({"content-length", "connection"})
_NOT_READ: Final = frozenset({"transfer-encoding", "content-encoding"})
