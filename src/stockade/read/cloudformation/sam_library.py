"""AWS's own SAM translator, imported when a template asks for it, and without the means to call AWS.

The translator imports boto3 for calls that it would make with credentials at hand. It gets empty modules
in its place while it is imported: nothing can be called then, and half of the time is saved.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from types import ModuleType, SimpleNamespace
from typing import Any, Final

from stockade.iam.managed import managed

_REGION: Final = "us-east-1"
"""The region that the translator is told of where none is known: of the partition that most are in."""


@cache
def library() -> Any:
    """What is used of the translator: ``translate`` and the exceptions it refuses a template with."""
    with _offline():
        from samtranslator.model import exceptions
        from samtranslator.parser.parser import Parser
        from samtranslator.policy_template_processor.processor import PolicyTemplatesProcessor
        from samtranslator.translator.translator import Translator
    logger = logging.getLogger("samtranslator")
    logger.addHandler(logging.NullHandler())
    logger.propagate = False
    # It would hold its own constant table of policy templates against a schema, once for every template.
    PolicyTemplatesProcessor._is_valid_templates_dict = staticmethod(lambda *_: True)
    templates = PolicyTemplatesProcessor.get_default_policy_templates_json()
    PolicyTemplatesProcessor.get_default_policy_templates_json = staticmethod(lambda: templates)

    def translate(template: dict[str, Any], parameters: dict[str, Any], region: str | None) -> dict[str, Any]:
        # The region decides the partition of the ARNs that it writes out itself.
        session = SimpleNamespace(region_name=region or _REGION)
        translator = Translator(_Managed(), Parser(), boto_session=session)
        try:
            made: dict[str, Any] = translator.translate(template, parameters, passthrough_metadata=True)
        finally:
            translator.metrics.publish()  # to nobody; it warns of what it was not asked to publish
        return made

    return SimpleNamespace(translate=translate, refused=exceptions.ExceptionWithMessage)


class _Managed(dict[str, str]):
    """The ARNs of AWS's managed policies by their names, from our own dated data."""

    def __bool__(self) -> bool:
        return True

    def get(self, name: Any, default: Any = None) -> Any:
        found = managed(name) if isinstance(name, str) and not name.startswith("arn:") else None
        if found is None:
            return default
        moved = getattr(name, "moved", None)  # the ARN stands where the name was written
        return moved(found.arn) if moved else found.arn


@contextmanager
def _offline() -> Iterator[None]:
    """While it lasts, whoever imports boto3 for the first time gets something that can do nothing."""
    names: dict[str, dict[str, Any]] = {
        "boto3": {"Session": object, "session": SimpleNamespace(Session=object)},
        "botocore": {},
        "botocore.client": {"BaseClient": object},
        "botocore.config": {"Config": object},
        "botocore.exceptions": {"ClientError": Exception, "EndpointConnectionError": Exception},
    }
    if any(name in sys.modules for name in names):
        yield  # somebody else needs the real ones
        return
    for name, attributes in names.items():
        module = ModuleType(name)
        vars(module).update(attributes)
        sys.modules[name] = module
    try:
        yield
    finally:
        for name in names:
            sys.modules.pop(name, None)
