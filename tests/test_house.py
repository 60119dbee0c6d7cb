"""The house's plan, held against every import: what may know what, and what every file owes."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from stockade.controls import names

ROOT = Path(__file__).parents[1]
SOURCES = ROOT / "src"

FLOORS = (
    ("stockade.errors", "stockade.memory", "stockade.patterns", "stockade.records", "stockade.source"),
    ("stockade.value", "stockade.json_text", "stockade.settings_text"),
    ("stockade.iam", "stockade.secrets"),
    ("stockade.model",),
    ("stockade.read",),
    ("stockade.code", "stockade.advisories"),
    ("stockade.needs", "stockade.paths"),
    ("stockade.checklist", "stockade.control", "stockade.remedies"),
    ("stockade.controls",),
    (
        "stockade.scan",
        "stockade.piece",
        "stockade.report",
        "stockade.analyzer",
        "stockade.evidence",
        "stockade.patched",
        "stockade.past",
        "stockade.posture",
        "stockade.drifted",
        "stockade.drift",
        "stockade.accept",
        "stockade.materials",
        "stockade.baseline",
        "stockade.configuration",
        "stockade.consults",
        "stockade.globs",
        "stockade.toml",
    ),
    ("stockade.show", "stockade.fix", "stockade.new", "stockade.store", "stockade.cache"),
    ("stockade.serve", "stockade.fleet"),
    ("stockade.cli", "stockade.__main__"),
)
"""From the ground up. A file imports from its own floor and those below; ``stockade`` itself is the ground."""

CONTROLS_MAY_IMPORT = (
    "stockade.checklist",
    "stockade.control",
    "stockade.iam",
    "stockade.memory",
    "stockade.model",
    "stockade.needs",
    "stockade.patterns",
    "stockade.records",
    "stockade.remedies",
    "stockade.secrets",
    "stockade.value",
)
CONTROLS_MAY_NOT_ASK = {"boto3", "botocore", "datetime", "os", "pathlib", "socket", "subprocess", "time"}
TERRAFORM_MAY_IMPORT_OF_MODEL = {
    "stockade.model.aside.Aside",
    "stockade.model.aside.is_local",
    "stockade.model.remark.Remark",
    "stockade.model.remark.SILENCES",
    "stockade.model.remark.SPEAKS",
    "stockade.model.world.Gap",
}
LINES = 500
LONGER: dict[str, str] = {}
"""Files longer than ``LINES``, each with the reason why it is one idea all the same."""


def _module(path: Path) -> str:
    parts = path.relative_to(SOURCES).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


FILES = {
    _module(path): path
    for path in sorted(SOURCES.rglob("*.py"))
    if SOURCES / "stockade" / "new" / "templates" not in path.parents  # texts of other people's projects
}
TREES = {module: ast.parse(path.read_text()) for module, path in FILES.items()}


def _imported(module: str) -> Iterator[tuple[str, str]]:
    """Every import anywhere in a module: what is imported from, and the full name of what is imported."""
    package = module if FILES[module].name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(TREES[module]):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, alias.name
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.rsplit(".", node.level - 1)[0] if node.level > 1 else package
                base = f"{above}.{base}".rstrip(".")
            for alias in node.names:
                name = f"{base}.{alias.name}"
                yield (name if name in FILES else base), name


IMPORTS = {module: sorted(set(_imported(module))) for module in FILES}


def _floor(module: str) -> int:
    if module == "stockade":
        return -1
    for level, members in enumerate(FLOORS):
        if any(module == member or module.startswith(f"{member}.") for member in members):
            return level
    raise AssertionError(f"{module} stands on no floor: add it to the plan")


def _below(module: str, folder: str) -> bool:
    return module == folder or module.startswith(f"{folder}.")


def test_imports_only_go_down() -> None:
    wrong = [
        f"{module} imports {target}"
        for module, imports in IMPORTS.items()
        for target, _ in imports
        if _below(target, "stockade") and _floor(target) > _floor(module)
    ]
    assert wrong == []


def test_every_import_of_our_own_names_a_module() -> None:
    """A misspelt or moved module under ``TYPE_CHECKING`` would slip through all other tests here."""
    wrong = [
        f"{module} imports {target}"
        for module, imports in IMPORTS.items()
        for target, _ in imports
        if _below(target, "stockade") and target not in FILES
    ]
    assert wrong == []


def test_no_modules_import_one_another_in_a_circle() -> None:
    graph = {m: [t for t, _ in imports if t in FILES and t != m] for m, imports in IMPORTS.items()}
    done: set[str] = set()

    def visit(module: str, trail: tuple[str, ...]) -> None:
        assert module not in trail, " -> ".join((*trail[trail.index(module) :], module))
        if module not in done:
            for target in graph[module]:
                visit(target, (*trail, module))
            done.add(module)

    for module in graph:
        visit(module, ())


def test_the_terraform_reader_knows_nothing_of_lambda() -> None:
    wrong = [
        f"{module} imports {name}"
        for module, imports in IMPORTS.items()
        if _below(module, "stockade.read.terraform")
        for target, name in imports
        if _below(target, "stockade.iam")
        or (_below(target, "stockade.model") and name not in TERRAFORM_MAY_IMPORT_OF_MODEL)
    ]
    assert wrong == []


def test_readers_do_not_know_what_is_made_of_their_results() -> None:
    makers = ("stockade.read.build", "stockade.read.inputs")
    wrong = [
        f"{module} imports {target}"
        for module, imports in IMPORTS.items()
        if _below(module, "stockade.read") and module not in makers
        for target, _ in imports
        if target in makers
    ]
    assert wrong == []


def test_controls_know_the_world_and_nothing_else() -> None:
    wrong = []
    for module, imports in IMPORTS.items():
        if not module.startswith("stockade.controls."):
            continue
        for target, _ in imports:
            if _below(target, "stockade"):
                allowed = any(_below(target, one) for one in CONTROLS_MAY_IMPORT)
            else:
                allowed = target.partition(".")[0] not in CONTROLS_MAY_NOT_ASK
            if not allowed:
                wrong.append(f"{module} imports {target}")
    assert wrong == []


def test_a_control_shows_nothing_but_its_check() -> None:
    wrong = []
    for module, tree in TREES.items():
        if not module.startswith("stockade.controls."):
            continue
        public = {name for node in tree.body for name in _bound(node) if not name.startswith("_")}
        if public != {"check"}:
            wrong.append(f"{module}: {', '.join(sorted(public)) or 'nothing'}")
    assert wrong == []


def _bound(node: ast.stmt) -> list[str]:
    """The names that a statement at the top of a module gives a meaning, imports aside."""
    match node:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return [name]
        case ast.Assign(targets=targets):
            return [one.id for target in targets for one in ast.walk(target) if isinstance(one, ast.Name)]
        case ast.AnnAssign(target=ast.Name(id=name)):
            return [name]
        case _:
            return []


def test_reports_are_shown_without_asking_for_more() -> None:
    may = (
        "stockade.checklist",
        "stockade.control",
        "stockade.drifted",
        "stockade.past",
        "stockade.patched",
        "stockade.patterns",
        "stockade.records",
        "stockade.memory",
        "stockade.paths.graph",
        "stockade.posture",
        "stockade.report",
        "stockade.show",
        "stockade.source",
    )
    wrong = [
        f"{module} imports {target}"
        for module, imports in IMPORTS.items()
        if _below(module, "stockade.show")
        for target, _ in imports
        if _below(target, "stockade") and not any(_below(target, allowed) for allowed in may)
    ]
    assert wrong == []


def test_every_module_says_what_it_is() -> None:
    assert [module for module, tree in TREES.items() if not ast.get_docstring(tree)] == []


def test_only_the_command_line_prints_and_asks_for_the_environment() -> None:
    wrong = []
    for module, tree in TREES.items():
        if _below(module, "stockade.cli"):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print":
                wrong.append(f"{module}:{node.lineno} prints")
            if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv", "stdout", "stderr"):
                wrong.append(f"{module}:{node.lineno} asks for {node.attr}")
    assert wrong == []


def test_files_are_one_idea_each() -> None:
    lengths = {path.relative_to(ROOT).as_posix(): len(path.read_text().splitlines()) for path in FILES.values()}
    assert {path: lines for path, lines in lengths.items() if lines > LINES and path not in LONGER} == {}
    assert [path for path in LONGER if lengths.get(path, 0) <= LINES] == [], (
        "no longer long: take it off the list"
    )


@pytest.mark.parametrize("name", names())
def test_every_control_has_its_cases_and_its_page(name: str) -> None:
    assert (ROOT / "tests" / "cases" / f"{name}.md").is_file()
    assert (ROOT / "docs" / "controls" / f"{name}.md").is_file()


def test_every_case_file_and_page_has_its_control() -> None:
    for folder in (ROOT / "tests" / "cases", ROOT / "docs" / "controls"):
        pages = {path.stem for path in folder.glob("*.md")} - {"README", "index"}
        assert pages <= set(names()), folder


def test_dataclasses_are_ours() -> None:
    """The standard library's would be compiled at once: see ``stockade.records``."""
    wrong = [module for module in FILES if ("dataclasses", "dataclasses.dataclass") in IMPORTS[module]]
    assert wrong == ["stockade.records"]


BODY, DEPTH = 60, 4
DEEPER = {
    "stockade.read.terraform.expressions:_object": "the parser's inner loop, where each call would be felt",
}
"""Functions that are nested more deeply, each with the reason."""
NESTS = (ast.If, ast.For, ast.While, ast.With, ast.Try, ast.Match)


def _functions() -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for module, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{module}:{node.name}", node


def _depth(node: ast.AST) -> int:
    """How many statements stand in one another; ``elif`` stands where its ``if`` does."""
    deepest = 0
    for part, inside in ast.iter_fields(node):
        for one in inside if isinstance(inside, list) else [inside]:
            if isinstance(one, ast.AST) and not isinstance(one, ast.FunctionDef | ast.ClassDef | ast.Lambda):
                follows = part == "orelse" and isinstance(node, ast.If) and isinstance(one, ast.If)
                nests = isinstance(one, NESTS) and not (follows and len(inside) == 1)
                deepest = max(deepest, _depth(one) + nests)
    return deepest


def test_a_function_can_be_read_at_once() -> None:
    """No longer than a screen, its parameters and what is said of it left out."""
    long = []
    for name, node in _functions():
        body = node.body[1:] if ast.get_docstring(node) else node.body
        lines = (node.end_lineno or 0) - body[0].lineno + 1 if body else 0
        if lines > BODY:
            long.append(f"{name} has {lines} lines")
    assert long == []


def test_a_function_is_not_nested_deeply() -> None:
    deep = {name for name, node in _functions() if _depth(node) > DEPTH}
    assert deep == set(DEEPER)


SILENCED = re.compile(
    r"# (?:noqa|type: ignore)(?P<rules>: ?[A-Z]+[0-9]+(?:, ?[A-Z]+[0-9]+)*|\[[\w, -]+\])?(?P<reason>.*)"
)


def test_whoever_silences_a_checker_says_why() -> None:
    """Each names the rule, and has a reason behind it on its line. Tests hand over wrong types on purpose."""
    files = [path for folder in ("benchmarks", "scripts") for path in sorted((ROOT / folder).rglob("*.py"))]
    files = [path for path in files if ROOT / "benchmarks" / "data" not in path.parents]
    wrong = []
    for path in (*FILES.values(), *sorted((ROOT / "runtime" / "src").rglob("*.py")), *files):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            found = SILENCED.search(line)
            if found and not (found["rules"] and re.search(r"\w", found["reason"])):
                wrong.append(f"{path.relative_to(ROOT)}:{number}")
    assert wrong == []


HOLD_WHAT_IS_OPEN = {"stockade.fleet.work": "keeps what was opened for a few tasks, and closes it"}
"""Modules with a cache that ``forget`` leaves alone, each with the reason."""


def test_what_is_remembered_of_texts_can_be_forgotten() -> None:
    caches = ("functools", "functools.lru_cache")
    found = {module for module in FILES if caches in IMPORTS[module]}
    assert found == {"stockade.memory", *HOLD_WHAT_IS_OPEN}, "use `stockade.memory.remembered`"


ASK_THE_DISK = {
    *("exists", "lexists", "is_file", "is_dir", "isfile", "isdir", "islink", "is_symlink", "is_mount"),
    *("stat", "lstat", "getsize", "getmtime", "access", "realpath", "resolve", "readlink", "samefile"),
    *("listdir", "scandir", "walk", "iterdir", "glob", "rglob", "read_bytes", "read_text", "expanduser"),
}
"""What functions of ``os`` and methods of ``Path`` are called that look at the disk."""

LOOKS = {
    "stockade.read.looked": "writes down what it looks at",
    "stockade.read.files": "writes down what it looks at, by `looked`",
    "stockade.read.account": "asks AWS, and no answer of it is kept",
}
"""Modules of readers that look at the disk themselves, each with the reason why that is seen."""

NO_LOOKS = (
    "os.path.realpath(options.here)",  # the directory that a scan is asked in, which every entry names
    "info.is_dir()",  # a member of an archive
    "member.isfile()",
    "module.walk()",  # the resources of a module
    "atom.resolve()",  # a name in a program
)
"""Calls that only look like it, or need not be seen."""


def _disk_calls(module: str) -> Iterator[str]:
    """What a module calls that looks at the disk, with its line."""
    for node in ast.walk(TREES[module]):
        if isinstance(node, ast.Call):
            called, text = node.func, ast.unparse(node)
            if isinstance(called, ast.Name) and called.id == "open":
                yield f"{module}:{node.lineno} {text}"
            elif isinstance(called, ast.Attribute) and called.attr in ASK_THE_DISK:
                of = ast.unparse(called.value)
                words = bool(node.args) and called.attr in ("walk", "resolve") and not of.startswith("os")
                if of != "looked" and not words and text not in NO_LOOKS:
                    yield f"{module}:{node.lineno} {text}"


def test_readers_look_at_the_disk_where_it_is_written_down() -> None:
    """An answer is kept as long as what was looked at is as it was: a look that nobody sees makes it stale."""
    assert list(_disk_calls("stockade.read.looked")) and list(_disk_calls("stockade.read.files"))
    found = [
        call
        for module in sorted(TREES)
        if any(_below(module, one) for one in ("stockade.read", "stockade.code"))
        and not any(_below(module, one) for one in LOOKS)
        for call in _disk_calls(module)
    ]
    assert found == []
