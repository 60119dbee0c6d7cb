"""What a package should not hold: one table of kinds, told by the paths of files alone.

A kind says why it matters and by which names it is told. A rule that is wrong breaks somebody's function, so
each is narrow: ``docs`` at the top of a package is documentation, inside of a library it may be code.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from enum import IntEnum
from functools import cached_property
from typing import Final

from stockade.model.package import Entry
from stockade.records import dataclass


class Weight(IntEnum):
    """How much it matters that something ships."""

    WASTE = 1
    """It makes the package larger, and nothing else."""
    TELLS = 2
    """It tells an attacker more than they should know, or does not run."""
    OPENS = 3
    """It holds, as a rule, what opens other doors."""


@dataclass(frozen=True)
class Clutter:
    """``name`` is short and stays the same; ``what`` completes "the package ships ...", ``why`` "since ...".

    ``pattern`` is searched for in a path; ``exclude`` are the globs by which a tool leaves it out. ``least`` is
    the number of bytes below which it is for a strict reader.
    """

    name: str
    what: str
    why: str
    weight: Weight
    pattern: str
    exclude: tuple[str, ...]
    least: int = 0

    @cached_property
    def search(self) -> Callable[[str], object]:
        return re.compile(self.pattern).search


_MB: Final = 1_000_000

CLUTTER: Final = (
    Clutter(
        "history",
        "the repository's history",
        "all that was ever committed can be read in it, secrets that were removed later among them",
        Weight.OPENS,
        r"(?:^|/)(?:\.git|\.hg|\.svn)/",
        (".git/**", ".hg/**", ".svn/**"),
    ),
    Clutter(
        "settings",
        "settings of a developer's machine",
        "such files are where secrets are kept that should not be in the code",
        Weight.OPENS,
        r"(?:^|/)\.env(?:\.(?!example|sample|template|dist|defaults?|schema|vault)[\w-]+)*$|(?:^|/)\.envrc$",
        (".env", ".env.*", "**/.env", "**/.env.*"),
    ),
    Clutter(
        "credentials",
        "files that hold credentials",
        "whoever reads the package may use them",
        Weight.OPENS,
        r"(?:^|/)(?:\.aws/credentials|\.git-credentials|\.netrc|\.pypirc|\.docker/config\.json|\.kube/config"
        r"|\.htpasswd|\.pgpass|\.my\.cnf)$",
        ("**/.aws/**", "**/.git-credentials", "**/.netrc", "**/.pypirc", "**/.docker/**"),
    ),
    Clutter(
        "keys",
        "stores of private keys",
        "the code has no business with a key that everybody who may read the package has",
        Weight.OPENS,
        r"(?:^|/)id_(?:rsa|dsa|ecdsa|ed25519)$|\.(?:p12|pfx|jks|keystore|kdbx?|ppk|bek|asc\.key)$",
        ("**/id_rsa*", "**/*.p12", "**/*.pfx", "**/*.jks", "**/*.kdbx", "**/*.ppk"),
    ),
    Clutter(
        "state",
        "Terraform's state or variables",
        "a state holds every attribute of every resource, passwords in plain text among them",
        Weight.OPENS,
        r"\.tfstate(?:\.backup|\.\d+\.backup)?$|\.tfvars(?:\.json)?$|\.tfplan$",
        ("**/*.tfstate*", "**/*.tfvars*"),
    ),
    Clutter(
        "dumps",
        "databases and dumps",
        "data does not belong into code",
        Weight.TELLS,
        r"\.(?:sqlite3?|dump|bak|mdb|sql\.gz|rdb)$",
        ("**/*.sqlite*", "**/*.dump", "**/*.bak"),
    ),
    Clutter(
        "platform",
        "binaries of another platform",
        "Lambda runs Linux and loads none of them",
        Weight.TELLS,
        r"\.(?:dll|dylib|pyd|exe)$|(?:darwin|win32|windows)-(?:x64|arm64|ia32|amd64|x86_64)/|-darwin\.so$|\.app/",
        ("**/*.dll", "**/*.dylib", "**/*.pyd", "**/*.exe"),
        1 * _MB,
    ),
    Clutter(
        "infrastructure",
        "the code of the infrastructure",
        "it shows how the account is built",
        Weight.TELLS,
        r"(?:^|/)\.terraform/|^(?:[\w.-]+\.tf(?:\.json)?|\.terraform\.lock\.hcl|terragrunt\.hcl|serverless\.ya?ml"
        r"|samconfig\.(?:toml|ya?ml)|template\.ya?ml|cdk\.json|cdk\.context\.json)$|^(?:cdk\.out|\.serverless|\.aws-sam)/",
        (
            ".terraform/**",
            "*.tf",
            "serverless.*",
            "samconfig.toml",
            "template.yaml",
            "cdk.out/**",
            ".aws-sam/**",
        ),
        5 * _MB,
    ),
    Clutter(
        "pipeline",
        "files of the pipeline and of editors",
        "nothing reads them at run time",
        Weight.WASTE,
        r"^(?:\.github|\.gitlab|\.circleci|\.vscode|\.idea|\.devcontainer|\.husky|\.changeset)/"
        r"|^(?:\.gitlab-ci\.yml|\.travis\.yml|Jenkinsfile|buildspec\.ya?ml|azure-pipelines\.yml|\.pre-commit-config\.yaml"
        r"|\.editorconfig|\.prettierrc[\w.]*|\.eslintrc[\w.]*|\.gitignore|\.gitattributes|\.dockerignore|Makefile"
        r"|Dockerfile|docker-compose[\w.-]*\.ya?ml|tox\.ini|pytest\.ini|\.coveragerc|\.pylintrc|\.flake8"
        r"|jest\.config\.\w+|webpack\.config\.\w+|rollup\.config\.\w+|tsconfig[\w.-]*\.json|sonar-project\.properties)$",
        (".github/**", ".vscode/**", ".idea/**", ".gitignore", "Makefile", "Dockerfile", "tsconfig*.json"),
        1 * _MB,
    ),
    Clutter(
        "leftovers",
        "what an operating system left behind",
        "nothing reads it",
        Weight.WASTE,
        r"(?:^|/)(?:\.DS_Store|Thumbs\.db|desktop\.ini|\._[^/]+)$|(?:^|/)__MACOSX/|\.(?:swp|swo)$|~$",
        ("**/.DS_Store", "**/__MACOSX/**", "**/Thumbs.db"),
        1 * _MB,
    ),
    Clutter(
        "caches",
        "caches of tools",
        "nothing reads them at run time",
        Weight.WASTE,
        r"(?:^|/)(?:\.pytest_cache|\.mypy_cache|\.ruff_cache|\.tox|\.nox|\.cache|\.parcel-cache|\.nyc_output|\.gradle"
        r"|\.ipynb_checkpoints|\.hypothesis|htmlcov)/|^(?:coverage)/|(?:^|/)(?:\.coverage|npm-debug\.log|yarn-error\.log)$",
        ("**/.pytest_cache/**", "**/.mypy_cache/**", "**/.ruff_cache/**", "**/.tox/**", "coverage/**"),
        1 * _MB,
    ),
    Clutter(
        "environment",
        "a virtual environment",
        "Lambda does not look into it, so whatever is installed there is not found",
        Weight.TELLS,
        r"(?:^|/)(?:\.venv|venv|virtualenv)/",
        (".venv/**", "venv/**"),
    ),
    Clutter(
        "logs",
        "logs",
        "they may hold what users sent",
        Weight.TELLS,
        r"\.log(?:\.\d+|\.gz)?$",
        ("**/*.log",),
        1 * _MB,
    ),
    Clutter(
        "maps",
        "source maps",
        "they hold the source before it was minified; Node reads them only with `--enable-source-maps`",
        Weight.WASTE,
        r"\.(?:js|mjs|cjs|css|ts)\.map$",
        ("**/*.map",),
        5 * _MB,
    ),
    Clutter(
        "tests",
        "tests",
        "nobody runs them in production",
        Weight.WASTE,
        r"^(?:tests?|__tests__|spec|e2e)/|/(?:tests|__tests__)/|(?:^|/)node_modules/(?:.*/)?test/|(?:^|/)(?:test_[^/]+|[^/]+_test|conftest)\.py$"
        r"|\.(?:test|spec)\.(?:js|ts|jsx|tsx|mjs|cjs)$",
        (
            "tests/**",
            "**/tests/**",
            "test/**",
            "**/__tests__/**",
            "**/test_*.py",
            "**/*.test.js",
            "**/*.spec.js",
        ),
        5 * _MB,
    ),
    Clutter(
        "types",
        "declarations of types",
        "they serve editors and compilers",
        Weight.WASTE,
        r"\.d\.[cm]?ts$|\.pyi$|(?:^|/)node_modules/@types/|\.tsbuildinfo$",
        ("**/*.d.ts", "**/*.pyi"),
        5 * _MB,
    ),
    Clutter(
        "documents",
        "documentation",
        "nothing reads it at run time",
        Weight.WASTE,
        r"^(?:docs?|examples?)/|(?:^|/)(?:README|CHANGELOG|CHANGES|HISTORY|CONTRIBUTING|AUTHORS)(?:\.\w+)?$"
        r"|^(?!.*\.dist-info/)(?!.*LICEN[CS]E).*\.(?:md|rst)$",
        ("docs/**", "**/*.md", "**/*.rst"),
        5 * _MB,
    ),
    Clutter(
        "headers",
        "sources and headers of compiled parts",
        "they were needed to build, and are not to run",
        Weight.WASTE,
        r"(?<!node_modules/)\.(?:c|h|cc|cpp|hpp|cxx|pyx|pxd|a|o|f90)$",
        ("**/*.c", "**/*.h", "**/*.pyx", "**/*.pxd", "**/*.a"),
        5 * _MB,
    ),
    Clutter(
        "installers",
        "tools that build and test",
        "they are not imported at run time",
        Weight.WASTE,
        r"^(?:python/(?:lib/python3\.\d+/site-packages/)?)?(?:pip|setuptools|wheel|pytest|_pytest|mypy|black|pylint|flake8|ruff"
        r"|coverage|ipython|IPython|moto|tox|virtualenv|pre_commit)(?:-[\w.]+\.dist-info)?/"
        r"|(?:^|/)node_modules/(?:typescript|eslint|jest|mocha|webpack|webpack-cli|esbuild|@esbuild|prettier|ts-node|ts-jest|nyc"
        r"|serverless|serverless-offline|aws-cdk|aws-cdk-lib|@babel/core|rollup|vite|vitest|nodemon|husky|@typescript-eslint)/",
        (
            "node_modules/typescript/**",
            "node_modules/jest/**",
            "node_modules/eslint/**",
            "node_modules/webpack/**",
        ),
        2 * _MB,
    ),
)
"""In the order in which a file is asked: it is of the first kind that fits."""

SDKS: Final[Mapping[str, str]] = {
    "python": r"^(?:python/(?:lib/python3\.\d+/site-packages/)?)?(?:boto3|botocore|s3transfer)"
    r"(?:-[\w.]+\.dist-info)?/",
    "nodejs": r"(?:^|/)node_modules/(?:aws-sdk|@aws-sdk/[\w-]+)/",
}
"""Family of runtimes -> the SDK that the runtime has."""

_SDK_WHY: Final = (
    "the runtime has one; a version of your own is worth its size only if it is pinned for a reason"
)


def misfit(found: str, wanted: str) -> Clutter:
    """The kind of compiled files that are for another processor than the function has; no path tells them."""
    return Clutter(
        "architecture",
        f"binaries for {found}",
        f"the function runs on {wanted}, where importing them fails",
        Weight.TELLS,
        r"(?!)",
        ("**/*.so",),
    )


def clutter_of(entries: Sequence[Entry], family: str | None) -> Mapping[Clutter, tuple[Entry, ...]]:
    """What of a package is of which kind; what is of none is not in it."""
    kinds = (*CLUTTER, *((sdk,) if (sdk := _sdk(family)) else ()))
    out: dict[Clutter, list[Entry]] = {}
    for entry in entries:
        for kind in kinds:
            if kind.search(entry.path):
                out.setdefault(kind, []).append(entry)
                break
    return {kind: tuple(out[kind]) for kind in kinds if kind in out}


_SDK_KINDS: Final = {
    family: Clutter(
        "sdk",
        "the AWS SDK",
        _SDK_WHY,
        Weight.WASTE,
        pattern,
        ("boto3/**", "botocore/**")
        if family == "python"
        else ("node_modules/aws-sdk/**", "node_modules/@aws-sdk/**"),
        1 << 40,
    )
    for family, pattern in SDKS.items()
}


def _sdk(family: str | None) -> Clutter | None:
    return _SDK_KINDS.get(family or "")
