"""Third parties' packages in what ships: what they are, in which version, and how that is known."""

from __future__ import annotations

from enum import Enum
from typing import Final

from stockade.records import dataclass
from stockade.value import Origin

ECOSYSTEMS: Final = {
    "PyPI": "pypi",
    "npm": "npm",
    "Maven": "maven",
    "Go": "golang",
    "RubyGems": "gem",
    "NuGet": "nuget",
    "crates.io": "cargo",
    "Packagist": "composer",
}
"""OSV's name of an ecosystem -> the type of its package URLs."""


class Evidence(Enum):
    """How it is known that something ships, surest first."""

    INSTALLED = "installed"
    """It lies in the package, with what its installer wrote about it."""
    LOCKED = "locked"
    """A lock file says the exact version that a build installs."""
    PINNED = "pinned"
    """A list says the exact version, and nothing says what that brings with it."""
    LOOSE = "loose"
    """It is listed without a version that is exact."""


@dataclass(frozen=True, slots=True)
class Component:
    """One package. ``version`` is empty where it is not exact, and ``wanted`` then is what is written.

    ``path`` is the file in the package that says so. ``direct`` is false for what others bring with them,
    ``None`` where this is not known. ``integrity`` is a checksum as the lock file has it.
    """

    ecosystem: str
    name: str
    version: str
    evidence: Evidence
    path: str
    origin: Origin
    wanted: str = ""
    direct: bool | None = None
    licence: str = ""
    integrity: str = ""

    @property
    def purl(self) -> str:
        """The package URL, as the specification of package URLs writes it."""
        from urllib.parse import quote

        kind = ECOSYSTEMS.get(self.ecosystem, self.ecosystem.lower())
        name = self.name.replace(":", "/", 1) if kind == "maven" else self.name
        path = "/".join(quote(part, safe=".-_~") for part in name.split("/"))
        version = f"@{quote(self.version, safe='.-_~')}" if self.version else ""
        return f"pkg:{kind}/{path}{version}"
