"""What IAM Access Analyzer's policy validation says of a policy, offline, by its own codes.

    from stockade.iam.validate import Kind, validate
    from stockade.json_text import decode

    for finding in validate(decode(((text, None, None),), origin), Kind.IDENTITY).findings:
        print(finding.type.name, finding.code, finding.message)

``codes`` lists every code that there is, and of each that is not decided offline the reason. A part of a
document that is not known, as in a template before its deployment, is never taken for wrong: it is listed
under ``open`` where it kept a rule from deciding.
"""

from __future__ import annotations

from typing import Any, Final

from stockade.iam.catalog import Catalog
from stockade.iam.validate import (
    actions,
    conditions,
    grammar,
    powers,
    principals,
    quick,
    rcp,
    redundant,
    resources,
    services,
    size,
    tags,
    trust,
    variables,
)
from stockade.iam.validate.actions import allowing
from stockade.iam.validate.codes import codes
from stockade.iam.validate.finding import Finding, Key, Kind, Path, Type, Validation
from stockade.iam.validate.resource_types import RESOURCE_TYPES
from stockade.iam.validate.sheet import Sheet
from stockade.value import Value

__all__ = [
    "RESOURCE_TYPES",
    "Finding",
    "Key",
    "Kind",
    "Path",
    "Type",
    "Validation",
    "allowing",
    "codes",
    "validate",
]


def validate(
    tree: Value[Any], kind: Kind, *, resource_type: str = "", catalog: Catalog | None = None
) -> Validation:
    """All that is said of a document, given as a tree of values, statement by statement.

    ``resource_type`` is the type of the resource that a resource-based policy is on, one of
    ``RESOURCE_TYPES``; where it is not given, what hangs on it is not said. Never raises, whatever the tree.
    Takes time linear in the document, but for lists of actions or resources with wildcards, whose elements
    are held against each other. A document that differs from a faultless one in nothing but ARNs costs little.
    """
    catalog = catalog or Catalog.load()
    alike = quick.key_of(tree, kind, catalog)
    key = (kind, resource_type, catalog.date, alike[0]) if alike else None
    if alike and key in _CLEAN and alike[1] <= size.quota(kind, resource_type):
        return _NOTHING
    sheet = _written(tree, kind, resource_type, catalog)
    if not sheet.findings and not sheet.open:
        if key is not None:
            _CLEAN.add(key)
        return _NOTHING
    return Validation(tuple(sheet.findings), tuple(sheet.open))


def _written(tree: Value[Any], kind: Kind, resource_type: str, catalog: Catalog) -> Sheet:
    """All rules, asked about one document."""
    sheet = Sheet(kind, resource_type, catalog)
    parts = grammar.statements(tree, sheet)
    size.check(tree, sheet)
    for part in parts:
        conditions.read(part, sheet)
        principals.check(part, sheet)
        actions.check(part, sheet)
        resources.check(part, sheet)
        conditions.check(part, sheet)
        variables.check(part, sheet)
        services.check(part, sheet)
        tags.check(part, sheet)
        powers.check(part, sheet)
        if kind is Kind.TRUST:
            trust.check(part, sheet)
        elif kind is Kind.RCP:
            rcp.check(part, sheet)
        redundant.check(part, sheet)
    redundant.check_all(parts, sheet)
    if kind is Kind.TRUST:
        trust.check_all(parts, sheet)
    return sheet


_CLEAN: Final = quick.Clean()
_NOTHING: Final = Validation((), ())
