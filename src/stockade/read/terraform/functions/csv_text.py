"""``csvdecode``: a table with a header, as strictly as Terraform reads it."""

from __future__ import annotations

from stockade.patterns import lazy_regex
from stockade.read.terraform.cty import EvaluationError, List
from stockade.read.terraform.functions.registry import plain

_FIELD = lazy_regex(r'"((?:[^"]|"")*)"(?=[,\n]|\Z)|([^",\n]*)(?=[,\n]|\Z)')


@plain("csvdecode(str: string)")
def csvdecode(text: str) -> List:
    records = _records(text.replace("\r\n", "\n"))
    if not records:
        raise EvaluationError("the table given to `csvdecode` has no header")
    header = records[0]
    if len(set(header)) < len(header):
        raise EvaluationError("the table given to `csvdecode` has two columns of one name")
    for number, record in enumerate(records):
        if len(record) != len(header):
            raise EvaluationError(
                f"record {number} of the table has {len(record)} fields for {len(header)} columns"
            )
    return List(dict(sorted(zip(header, record, strict=True))) for record in records[1:])


def _records(text: str) -> list[list[str]]:
    """The fields of every line that is not empty; quoted fields may hold line ends and doubled quotes."""
    records: list[list[str]] = []
    at = 0
    while at < len(text):
        if text[at] == "\n":
            at += 1
            continue
        record: list[str] = []
        while True:
            found = _FIELD.match(text, at)
            if found is None:
                raise EvaluationError(f"record {len(records)} of the table has a quote that is out of place")
            quoted, bare = found.groups()
            record.append(bare if quoted is None else quoted.replace('""', '"'))
            at = found.end() + 1
            if found.end() == len(text) or text[found.end()] == "\n":
                break
        records.append(record)
    return records
