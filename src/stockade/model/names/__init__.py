"""The one table of names: model attribute, Terraform, CloudFormation and API, for reading and for fixing.

A path leads through nested blocks and objects by dots; ``[]`` after a name goes through every
element of a list. An empty path says that the dialect has no such thing. Defaults, and the sentence
that says whose they are, stand at the attribute itself (see ``Subject``).
The rows lie in one file a family.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from stockade.model.names.account import ACCOUNT
from stockade.model.names.apis import APIS
from stockade.model.names.edge import EDGE
from stockade.model.names.events import EVENTS
from stockade.model.names.functions import FUNCTIONS
from stockade.model.names.identity import IDENTITY
from stockade.model.names.network import NETWORK
from stockade.model.names.observing import OBSERVING
from stockade.model.names.packaging import PACKAGING
from stockade.model.names.surroundings import SURROUNDINGS
from stockade.model.names.table import DIALECTS, Dialect, Names, Row
from stockade.model.subject import Subject
from stockade.model.typed import is_null
from stockade.value import Known, Origin, Ref, Text, Unknown, Value

__all__ = ["DIALECTS", "NAMES", "Dialect", "Names", "Row", "element_names", "names_of", "read"]

NAMES: Final[tuple[Names, ...]] = (
    *FUNCTIONS,
    *IDENTITY,
    *OBSERVING,
    *EVENTS,
    *APIS,
    *EDGE,
    *NETWORK,
    *PACKAGING,
    *SURROUNDINGS,
    *ACCOUNT,
)

_BY_TYPE: Final[Mapping[tuple[Dialect, str], Names]] = {
    **{("terraform", kind): names for names in NAMES for kind in names.terraform},
    **{("cloudformation", kind): names for names in NAMES for kind in names.cloudformation},
    **{("api", kind): names for names in NAMES for kind in names.api},
}


def names_of(dialect: Dialect, kind: str) -> Names | None:
    """The names of a resource type; ``None`` for one that no model type is made of."""
    if kind.startswith("Custom::"):
        kind = "AWS::CloudFormation::CustomResource"  # which goes by any name of the template's
    return _BY_TYPE.get((dialect, kind))


def element_names(model: type[Subject]) -> Names:
    """The names of a model type where it is nested in another's list."""
    return next(names for names in NAMES if names.model is model)


# -------------------------------------------------------------------------------------------- reading


def read(
    names: Names, dialect: Dialect, attributes: Mapping[str, Value[Any]], address: str, origin: Origin
) -> dict[str, Value[Any]]:
    """The model attributes that were written, for the model type's constructor.

    What nobody wrote, or wrote as null, is left to the type's default; where AWS has none it is a
    reference to what deployment will fill in. Only attributes that the table names are evaluated.
    """
    out: dict[str, Value[Any]] = {}
    heads = names.by_head[dialect]
    for head in attributes:
        for row, steps, each in heads.get(head, ()):
            written = attributes[head]
            if steps or each or not isinstance(written, Known):
                found = _follow(written, steps, each)
                if found is None or is_null(found):
                    continue
            elif written.value is None:
                continue
            else:
                found = written
            value = row.read(found)
            if value is not None:
                out[row.attribute] = value
    for attribute, path in names.required[dialect]:
        if attribute not in out:
            reason = f"`{address}.{path}` is known only after deployment"
            out[attribute] = Unknown(reason, origin, Text((Ref(address, path),)))
    return out


def _follow(value: Value[Any], steps: tuple[str, ...], each: bool) -> Value[Any] | None:
    """The value at the end of a path; ``None`` where nobody wrote one."""
    match value:
        case Unknown():
            return value if not steps and not each else Unknown(value.reason, value.origin)
        case Known(None):
            return None
        case Known(tuple() | list() as items, origin) if each:
            found = (_follow(item, steps, False) for item in items)
            return Known(tuple(one for one in found if one is not None), origin)
        case Known(_) if not steps:
            return value
        case Known(tuple() | list() as items):
            # One block; more are an error of the input's, and none is as if nobody wrote it.
            return _follow(items[0], steps, False) if items else None
        case Known(Mapping() as members):
            name = steps[0].removesuffix("[]")
            return _follow(members[name], steps[1:], steps[0].endswith("[]")) if name in members else None
        case Known(_, origin):
            return Unknown(f"`{steps[0]}` cannot be read: it is not in an object", origin)
