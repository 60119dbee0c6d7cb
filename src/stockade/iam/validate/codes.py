"""Every code of IAM Access Analyzer's policy validation: its type, what it means, and how far we say it.

The codes and types are those of AWS's reference of policy checks as it stood in October 2026, and at the end
those that it listed once and no longer does. The meanings are in our words; they stand in a table of their
own, ``data/validation_codes.tsv``, from which the page in the documentation is made as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from stockade.iam.pack import DATA
from stockade.iam.validate.finding import Kind, Type
from stockade.records import dataclass


@dataclass(frozen=True, slots=True)
class Code:
    """One code. ``kinds`` are the documents it is said of; of a code that is not decided offline, none.

    ``why`` says why it is not, or what of it is not: where it is empty the code is decided in full.
    """

    name: str
    type: Type
    kinds: tuple[Kind, ...]
    meaning: str
    why: str


@cache
def codes() -> Mapping[str, Code]:
    """All codes by their names, errors first."""
    head, *lines = (DATA / "validation_codes.tsv").read_text("utf-8").splitlines()
    width = head.count("\t") + 1
    out: dict[str, Code] = {}
    for line in lines:
        fields = line.split("\t")
        name, kind, documents, meaning, why = (*fields, *[""] * (width - len(fields)))
        kinds = () if documents == "-" else tuple(map(Kind, documents.split()))
        out[name] = Code(name, Type[kind], kinds, meaning, why)
    return MappingProxyType(out)
