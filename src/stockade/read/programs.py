"""Infrastructure that only a program makes, and that is not among the files: told, for it is not read.

A repository with a directory of Terraform and an app of the CDK beside it would otherwise be reported as if the
first were all. Nothing of these programs is ever run; each entry says how to get what can be read.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from stockade.model.gap import Gap
from stockade.patterns import lazy_regex
from stockade.read import looked
from stockade.read.walk import MANIFEST, TESTED, Folder
from stockade.records import dataclass
from stockade.value import Default

_SHOWN: Final = 3
"""Places that are named before the rest is counted."""

_LIVE: Final = "scan the account that it is deployed to (`--live`)"


@dataclass(frozen=True, slots=True)
class Program:
    """What a file of some name says is there. ``made`` tells whether what it makes is among the files."""

    what: str
    help: str
    made: Callable[[Path, Mapping[Path, Folder]], bool] = lambda _path, _folders: False
    reason: str = "a program makes it, and none of the input's programs is run"


def _assembled(app: Path, folders: Mapping[Path, Folder]) -> bool:
    """Whether an app of the CDK was synthesised, into the directory that it says, or any other below it.

    What a test of it deploys is another app's.
    """
    return any(
        MANIFEST in folder.files
        and TESTED not in folder.files
        and any(name.endswith(".template.json") for name in folder.files)
        for path, folder in folders.items()
        if app.parent in path.parents or path in _said(app)
    )


def _said(app: Path) -> tuple[Path, ...]:
    """The directory that ``cdk.json`` sends its output to, where it says one."""
    try:
        settings = json.loads(looked.head(app))
    except (ValueError, RecursionError):
        return ()
    output = settings.get("output") if isinstance(settings, dict) else None
    return (Path(looked.real(app.parent / output)),) if isinstance(output, str) else ()


def _terraform_made(app: Path, folders: Mapping[Path, Folder]) -> bool:
    """Whether an app of the CDK for Terraform was synthesised."""
    return any("cdk.tf.json" in folder.files for path, folder in folders.items() if app.parent in path.parents)


_PLAN: Final = (
    "plan each of them (`terragrunt plan -out=FILE`) and scan what `terragrunt show -json FILE` prints"
)
_SST: Final = Program("SST", _LIVE)

PROGRAMS: Final[Mapping[str, Program]] = {
    "cdk.json": Program("the AWS CDK", "run `cdk synth` there and scan again", _assembled),
    "cdktf.json": Program(
        "the CDK for Terraform",
        "run `cdktf synth` there and scan again",
        _terraform_made,
    ),
    "Pulumi.yaml": Program("Pulumi", _LIVE),
    "Pulumi.yml": Program("Pulumi", _LIVE),
    "sst.config.ts": _SST,
    "sst.config.js": _SST,
    "sst.json": _SST,
    "terragrunt.hcl": Program("Terragrunt", _PLAN, reason="it gives modules their values"),
    ".chalice/config.json": Program("Chalice", "run `chalice package DIRECTORY` there and scan the directory"),
    "zappa_settings.json": Program("Zappa", _LIVE),
    "zappa_settings.toml": Program("Zappa", _LIVE),
    "amplify/backend.ts": Program("AWS Amplify", _LIVE),
    "app.arc": Program("Architect", _LIVE),
}
"""By the file that configures it, seen from its directory. Sources: the tools' own documentation."""

_ANY_CLOUD: Final = frozenset({"Pulumi.yaml", "Pulumi.yml", "cdktf.json", "terragrunt.hcl"})
"""Those that are used for other clouds as well: they count where a file beside them speaks of AWS."""

_BESIDE: Final = lazy_regex(
    r"(?:Pulumi(?:\.[\w-]+)?\.ya?ml|cdktf\.json|terragrunt\.hcl|root\.hcl|package\.json|requirements\.txt|pyproject\.toml"
    r"|go\.mod|Pipfile|.*\.csproj|pom\.xml|build\.gradle)\Z"
)
_AWS: Final = lazy_regex(rb"\baws\b|amazonaws|@pulumi/aws|pulumi[-_]aws", re.IGNORECASE)


def unread(
    folders: Sequence[Folder], shown: Callable[[Path], str], exclude: Callable[[Path], bool] | None = None
) -> list[Gap]:
    """A gap for each tool with programs in these directories of which nothing was made that can be read.

    ``shown`` is how a path is called in reports, ``exclude`` says which directories are left out. Files that a
    user named one by one say nothing of what lies beside them.
    """
    by_path = {folder.path: folder for folder in folders if not folder.named}
    found: dict[str, list[str]] = defaultdict(list)
    programs: dict[str, Program] = {}
    for folder in by_path.values():
        for name in _names(folder, by_path):
            program, path = PROGRAMS[name], folder.path / name
            if name in _ANY_CLOUD and not _of_aws(folder, by_path):
                continue
            if not program.made(path, by_path) and not (exclude and exclude(folder.path)):
                programs[program.what] = program
                found[program.what].append(shown(path))
    return [_gap(programs[what], paths) for what, paths in sorted(found.items())]


def _names(folder: Folder, folders: Mapping[Path, Folder]) -> Iterable[str]:
    """The programs that a directory configures."""
    for name in PROGRAMS:
        inner, _, file = name.rpartition("/")
        if not inner:
            there = file in folder.files
        elif inner.startswith("."):  # hidden directories are not walked
            there = looked.is_file(folder.path / name)
        else:
            below = folders.get(folder.path / inner)
            there = below is not None and file in below.files
        if there:
            yield name


def _of_aws(folder: Folder, folders: Mapping[Path, Folder]) -> bool:
    """Whether a file in the directory or in the one above it speaks of AWS."""
    near = (folder, *([folders[folder.path.parent]] if folder.path.parent in folders else []))
    return any(
        _AWS.search(looked.head(one.path / name)) for one in near for name in one.files if _BESIDE.match(name)
    )


def _gap(program: Program, paths: Sequence[str]) -> Gap:
    named = ", ".join(f"`{one}`" for one in paths[:_SHOWN])
    more = f" and {len(paths) - _SHOWN} more" if len(paths) > _SHOWN else ""
    what = f"what {program.what} makes of {named}{more} was not read"
    return Gap(what, program.reason, Default("nothing that it made is among the files"), program.help)
