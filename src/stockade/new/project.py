"""The files of a new project, as texts; nothing is written here."""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

from stockade.errors import UsageError
from stockade.patterns import lazy_regex
from stockade.records import dataclass

RUNTIMES: Final = ("python3.13", "python3.12", "python3.14", "nodejs22.x", "nodejs24.x")
"""What a project can be made for, the default first."""

IAC: Final = ("terraform", "sam")
RUNTIME_LIBRARY: Final = "0.1.0"
"""The version of ``stockade-runtime`` that a project asks for."""

_NAME: Final = lazy_regex(r"[a-z][a-z0-9-]{1,39}")
_INSTALL: Final = {
    "python": 'requirements = ["-r", str(BUILD / "requirements.txt"), "--target", str(BUILD)]\n'
    '    subprocess.run([sys.executable, "-m", "pip", "install", "-q", *requirements], check=True)\n'
    '    (BUILD / "requirements.txt").unlink()',
    "nodejs": 'npm = ["npm", "install", "--omit=dev", "--no-audit", "--no-fund"]\n'
    "    subprocess.run(npm, cwd=BUILD, check=True)",
}
_DEPENDENCIES: Final = {
    "python": "the one that there is has none of its own",
    "nodejs": "until the package-lock.json that `make test` writes is committed",
}
"""Why the versions of what dependencies bring with them are not written down yet."""


@dataclass(frozen=True, slots=True)
class Project:
    """What somebody asked for. ``name`` names the function and everything around it."""

    name: str
    iac: str
    runtime: str

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name) or self.name.endswith("-"):
            help = "2 to 40 lower-case letters, digits and `-`, beginning with a letter: `order-worker`"
            raise UsageError(f"`{self.name}` cannot name a function, its role and its table alike", help=help)

    @property
    def language(self) -> str:
        return "python" if self.runtime.startswith("python") else "nodejs"

    def files(self) -> dict[str, str]:
        """Path below the project's directory -> text, in the order in which somebody would read them."""
        templates = files("stockade.new") / "templates"
        out = {"README.md": self._filled(templates / "shared" / f"README.{self.iac}.md")}
        for folder in (self.language, self.iac):
            texts = (one for one in (templates / folder).iterdir() if one.is_file())  # and no `__pycache__`
            for one in sorted(texts, key=lambda one: one.name):
                out[_path(one.name)] = self._filled(one)
        if self.iac == "terraform":
            out |= {f"infra/lambda/{one.name}": one.read_text(encoding="utf-8") for one in _module()}
            out["stockade.toml"] = self._filled(templates / "shared" / "stockade.toml")
            out["package.py"] = self._filled(templates / "shared" / "package.py")
        makefiles = (templates / "shared" / f"Makefile.{part}" for part in (self.language, self.iac))
        out["Makefile"] = "".join(map(self._filled, makefiles))
        out[".github/workflows/ci.yml"] = self._filled(templates / "shared" / "ci.yml")
        out[".gitignore"] = self._filled(templates / "shared" / "gitignore")
        return out

    def _filled(self, template: Traversable) -> str:
        text = template.read_text(encoding="utf-8")
        for name, value in {
            "name": self.name,
            "runtime": self.runtime,
            "handler": "app.handler",
            "code": "src/",
            "version": RUNTIME_LIBRARY,
            "install": _INSTALL[self.language],
            "dependencies": _DEPENDENCIES[self.language],
        }.items():
            text = text.replace(f"{{{{{name}}}}}", value)
        return text


def _path(name: str) -> str:
    """Where a template goes: ``src.app.py`` is ``src/app.py``, for folders of one file would say nothing."""
    folder, dot, rest = name.partition(".")
    return f"{folder}/{rest}" if dot and folder in ("src", "tests", "infra") else name


def _module() -> list[Traversable]:
    """The hardened module's files: they ship with the package, and stand beside it in a checkout."""
    shipped: Traversable = files("stockade.new") / "lambda"
    if not shipped.is_dir():
        shipped = Path(__file__).parents[3] / "terraform" / "lambda"
    return sorted((one for one in shipped.iterdir() if one.name.endswith(".tf")), key=lambda one: one.name)
