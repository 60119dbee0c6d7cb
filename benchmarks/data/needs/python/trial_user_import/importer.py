"""Imports, knowing nothing of AWS: what it is made of is made by what its parameters are called."""
from __future__ import annotations

import csv
import inspect

from ports import Directory, Lines, Refused


class Importer:
    def __init__(self, lines: Lines, directory: Directory, refused: Refused):
        self._lines, self._directory, self._refused = lines, directory, refused

    @classmethod
    def of(cls, *kinds, **settings):
        def made(kind):
            names = inspect.signature(kind).parameters
            return kind(**{name: settings[name] for name in names if name in settings})

        return cls(*(made(kind) for kind in kinds))

    def run(self, bucket: str, key: str) -> dict:
        counts = {"new": 0, "known": 0, "refused": 0}
        for row in csv.DictReader(self._lines.read(bucket, key)):
            counts[self._one(row)] += 1
        self._refused.flush()
        return counts

    def _one(self, row) -> str:
        try:
            if row["mail"] in self._directory:
                return "known"
            self._directory.add(row["mail"], row.get("group") or "readers")
            return "new"
        except (KeyError, ValueError) as error:
            self._refused.add(f"{row}: {error}")
            return "refused"
