"""Source that stands in the template itself: ``Code.ZipFile``, and SAM's ``InlineCode``."""

from __future__ import annotations

from stockade.model.function import Function
from stockade.model.package import Entry, Form, NotThereError, Package
from stockade.value import Known, Unknown, Value


def package(function: Function) -> Value[Package]:
    """The one file that Lambda makes of inline source: ``index`` with the ending of the runtime."""
    code = function.inline_code
    if isinstance(code, Unknown):
        return Unknown(f"the inline source is not known: {code.reason}", code.origin)
    text = (code.value or "").encode("utf-8", "surrogatepass")
    runtime = function.runtime.value if isinstance(function.runtime, Known) else None
    name = "index.py" if (runtime or "python").startswith("python") else "index.js"

    def opener(path: str, size: int) -> bytes:
        if path != name:
            raise NotThereError("there is no such file")
        return text[:size]

    shown = f"{function.address}/"
    found = Package(
        form=Form.INLINE,
        path=function.address,
        base=shown,
        entries=(Entry(name, len(text)),),
        origin=code.origin,
        opener=opener,
        tool="inline",
    )
    return Known(found, code.origin)
