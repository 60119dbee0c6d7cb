"""Countries that are watched."""
import json
from pathlib import Path

from engine import Alert
from rules.base import Rule

_FILE = Path(__file__).with_name("watched.json")


class Watched(Rule):
    def steps(self, payment):
        watched = json.load(_FILE.open()) if _FILE.exists() else ["XX"]
        yield from self._each(one for one in watched if one == payment["country"])
        return None

    @staticmethod
    def _each(countries):
        for country in countries:
            yield Alert(f"payment from {country}")
