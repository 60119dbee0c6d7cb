"""Documents that are alike are looked at once: what a document says, but for the names of its resources.

Most policies of a project differ in the ARNs of what they are about and in nothing else. Where one of them was
found to be without fault, so are all whose text is the same with other ARNs of the same plain kind.
"""

from __future__ import annotations

import re
from collections.abc import Hashable
from typing import Any, Final

from stockade.iam.catalog import Catalog
from stockade.iam.validate.arns import pattern_of
from stockade.iam.validate.finding import Kind
from stockade.iam.validate.redundant import covers
from stockade.iam.validate.regions import may_be_region
from stockade.iam.validate.sheet import is_made_arn
from stockade.memory import remembered
from stockade.patterns import lazy_regex
from stockade.value import Known, Ref, Unknown, Value, is_sensitive, parts_of, shape_of

_PLAIN: Final = "\ue003"
"""Stands in a key for an ARN with which nothing is wrong, whichever it is."""

_ACCOUNT: Final = lazy_regex(r"[0-9]{12}|\*?")
_DEEPEST: Final = 12
_MOST: Final = 10_000


class Clean:
    """What documents without fault say; filled as they are met, and emptied when it has grown too large."""

    def __init__(self) -> None:
        self._keys: set[Hashable] = set()

    def __contains__(self, key: Hashable) -> bool:
        return key in self._keys

    def add(self, key: Hashable) -> None:
        """Remember a document by its key."""
        if len(self._keys) >= _MOST:
            self._keys.clear()
        self._keys.add(key)


def key_of(tree: Value[Any], kind: Kind, catalog: Catalog) -> tuple[Hashable, int] | None:
    """What a document says, and how long it is at most; ``None`` where something keeps it from being compared:

    a part that is not known, a key that is written twice, a secret.
    """
    walk = _Walk(kind is not Kind.RESOURCE, catalog)
    return (tuple(walk.out), walk.size) if walk.value(tree, False, 0) else None


class _Walk:
    """One document being written down. ``folding`` says whether plain ARNs are all taken for one."""

    __slots__ = ("catalog", "folding", "out", "size")

    def __init__(self, folding: bool, catalog: Catalog) -> None:
        self.out: list[Hashable] = []
        self.size = 0
        self.folding = folding
        self.catalog = catalog

    def value(self, value: Value[Any], resource: bool, depth: int) -> bool:
        """Write down one value; false where it cannot be compared."""
        if not isinstance(value, Known):
            if resource and _is_made_by_aws(value, self.catalog):
                self.size += 2 + sum(len(part) for part in parts_of(value) if isinstance(part, str))
                self.out.append(_PLAIN)
                return True
            return False
        if is_sensitive(value) or depth > _DEEPEST:
            return False
        inner = value.value
        if isinstance(inner, str):
            self.size += len(inner) + 3
            self.out.append(_PLAIN if resource and is_plain(inner, self.catalog) else inner)
            return True
        kind = type(inner)
        if kind is dict:
            self.out += ("{", len(inner))
            for name, one in inner.items():
                self.size += len(name) + 4
                self.out.append(name)
                if not self.value(one, self.folding and name in ("Resource", "NotResource"), depth + 1):
                    return False
            return True
        if kind is tuple or kind is list:
            self.size += 3
            self.out += ("[", len(inner))
            resource = resource and _are_apart(inner)
            for one in inner:  # noqa: SIM110 - a generator costs as much as all the rest
                if not self.value(one, resource, depth + 1):
                    return False
            return True
        if isinstance(inner, bool) or inner is None:
            self.size += 6
            self.out.append((kind, inner))
            return True
        return False


def _is_made_by_aws(value: Unknown, catalog: Catalog) -> bool:
    """Whether a text is the ARN that AWS gives something, perhaps with more behind it.

    The rules look into those of CloudFormation (``Arn``), as far as their text is known beforehand.
    """
    first, *others = value.text.parts if value.text is not None and value.text.parts else ("",)
    if len(others) > 1 or not all(isinstance(part, str) and "${" not in part for part in others):
        return False
    if is_made_arn(value):
        return True
    if not isinstance(first, Ref) or not first.attribute.endswith("Arn"):
        return False
    filled = (one if isinstance(one, str) else _LIKE.get(one.name, "x") for one in shape_of(value))
    return is_plain("".join(filled), catalog)


_LIKE: Final = {"partition": "aws", "region": "us-east-1", "account": "123456789012"}
"""What may stand in a hole of an ARN; in one of another name a letter may."""


def _are_apart(values: tuple[Value[Any], ...] | list[Value[Any]]) -> bool:
    """Whether no text of a list is covered by another; one that is not known is held against none."""
    if len(values) < 2:
        return True
    texts = [one.value for one in values if isinstance(one, Known) and isinstance(one.value, str)]
    if len(texts) < len(values) or len(texts) > 20 or len(set(texts)) < len(texts):
        return False
    wild = [text for text in texts if "*" in text or "?" in text]
    return not any(one is not other and covers(one, other) for one in wild for other in texts)


def is_plain(text: str, catalog: Catalog) -> bool:
    """Whether a text is an ARN with which surely nothing is wrong; false says nothing."""
    fields = text.split(":", 5)
    if len(fields) < 6 or fields[0] != "arn" or fields[1] not in ("aws", "*") or "${" in text:
        return False
    _, _, service, region, account, resource = fields
    if (region and region != "*" and not may_be_region(region)) or not _ACCOUNT.fullmatch(account):
        return False
    pattern = _patterns(service, bool(region), bool(account), catalog)
    return pattern is not None and pattern.match(resource) is not None


@remembered(1024)
def _patterns(service: str, region: bool, account: bool, catalog: Catalog) -> re.Pattern[str] | None:
    """What the last part of a service's ARNs looks like, of those that have these fields; ``None`` for none.

    IAM's are left out: what they are about may hand out power.
    """
    if service == "iam" or catalog.service(service) is None:
        return None
    return pattern_of(service, region, account, catalog)
