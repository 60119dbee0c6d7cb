"""Function URLs: HTTPS endpoints of functions, without an API in front."""

from __future__ import annotations

from stockade.model.subject import Subject, default
from stockade.records import dataclass
from stockade.value import Value

_NO_CORS = "without a CORS configuration browsers of other origins are refused"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class FunctionUrl(Subject):
    """A function URL. ``auth_type`` is ``AWS_IAM`` or ``NONE``; ``max_age`` is in seconds.

    ``function_name`` may also be an ARN; ``qualifier`` is ``None`` for the unpublished version. Who calls a
    URL needs a permission, whatever its auth type; ``brings_permissions`` says that the tool that makes it
    gives those to everybody where the auth type is ``NONE``.
    """

    function_name: Value[str]
    auth_type: Value[str]
    qualifier: Value[str | None] = default(None, "without a qualifier the URL is of the unpublished version")
    invoke_mode: Value[str] = default("BUFFERED", "a function URL's default invoke mode is BUFFERED")
    allow_origins: Value[tuple[Value[str], ...]] = default((), _NO_CORS)
    allow_methods: Value[tuple[Value[str], ...]] = default((), _NO_CORS)
    allow_headers: Value[tuple[Value[str], ...]] = default((), _NO_CORS)
    expose_headers: Value[tuple[Value[str], ...]] = default((), _NO_CORS)
    allow_credentials: Value[bool] = default(False, "a function URL allows no credentials by default")
    brings_permissions: bool = True
    max_age: Value[int] = default(0, "a function URL's default maximum age is 0")
