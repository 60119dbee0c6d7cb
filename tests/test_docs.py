"""What the documentation says is so: generated files are fresh, links lead somewhere, commands exist."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from scripts import (
    build_docs,
    build_fixes,
    build_libraries,
    build_module,
    build_readme,
    build_validation_codes,
)
from stockade.cli.app import app
from stockade.controls import names

ROOT = Path(__file__).parents[1]
WRITTEN = sorted(
    path
    for path in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").glob("*.md"))
    if path.parent != build_docs.DIRECTORY
)
_LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)")
_COMMAND = re.compile(r"^(?:\$ )?(stockade [a-z][^#\n]*)", re.MULTILINE)
_SHELL = re.compile(r"```(?:console|sh|bash)\n(.*?)```", re.DOTALL)
_TARGET = re.compile(r"(?:`|^\$ )make ([a-z]+)", re.MULTILINE)
_ROOMS = re.compile(r"^\*\*(.+?)\*\*", re.MULTILINE)


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_the_control_pages_are_what_make_docs_writes() -> None:
    there = {path.name: path.read_text() for path in build_docs.DIRECTORY.glob("*.md")}
    assert there == build_docs.pages(), "run `make docs`"


def test_the_page_of_libraries_is_what_make_docs_writes() -> None:
    assert build_libraries.PAGE.read_text() == build_libraries.page(), "run `make docs`"


def test_the_modules_page_is_what_make_docs_writes() -> None:
    assert build_module.PAGE.read_text() == build_module.text(), "run `make docs`"


def test_the_table_of_validation_codes_is_what_make_docs_writes() -> None:
    page = build_validation_codes.PAGE
    assert page.is_file() and page.read_text() == build_validation_codes.text(), "run `make docs`"


def test_the_table_of_fixes_is_what_make_docs_writes() -> None:
    assert build_fixes.PAGE.read_text("utf-8") == build_fixes.text(), "run `make docs`"


def test_the_readme_shows_what_the_tool_prints() -> None:
    text = build_readme.README.read_text()
    assert build_readme.BEGIN in text
    assert text == build_readme.with_sample(text), "run `make readme`"


@pytest.mark.parametrize("path", WRITTEN, ids=shown)
def test_links_lead_somewhere(path: Path) -> None:
    missing = [link for link in _LINK.findall(path.read_text()) if not (path.parent / link).exists()]
    assert not missing


def _commands(path: Path) -> list[list[str]]:
    """The words of each of our commands that a page has people type, up to where another one takes over."""
    blocks = _SHELL.findall(path.read_text())
    lines = [line for block in blocks for line in _COMMAND.findall(block)]
    return [re.split(r" [|>&]", line)[0].split() for line in lines]


def test_the_first_pages_have_commands() -> None:
    assert _commands(ROOT / "README.md") and _commands(ROOT / "examples" / "README.md")


@pytest.mark.parametrize("path", WRITTEN, ids=shown)
def test_commands_are_ones_that_exist(path: Path) -> None:
    for words in _commands(path):
        command: click.Command | None = app
        with click.Context(app) as context:
            for word in words[1:]:
                if isinstance(command, click.Group):
                    command = command.get_command(context, word)
        assert command is not None, f"no such command: {' '.join(words)}"
        options = {one for given in command.params for one in (*given.opts, *given.secondary_opts)}
        named = {word.partition("=")[0] for word in words if word.startswith("--")}
        assert named <= options | {"--help", "--"}, " ".join(words)


@pytest.mark.parametrize("path", WRITTEN, ids=shown)
def test_make_targets_are_ones_that_exist(path: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(_TARGET.findall(path.read_text())) <= targets


@pytest.mark.parametrize(
    ("benchmark", "page"),
    [
        ("fleet_page", "fleet.md"),
        ("live_trouble", "live.md"),
        ("targets", "performance.md"),
        ("templates", "performance.md"),
        ("terraform", "performance.md"),
    ],
)
def test_benchmarks_find_their_places_in_the_pages(benchmark: str, page: str) -> None:
    text = (ROOT / "docs" / page).read_text()
    written = (ROOT / "benchmarks" / f"{benchmark}.py").read_text()
    for begin in re.findall(r'"(<!-- (?!/)[^"]*)"', written):
        name = begin.split()[1].rstrip(":")
        assert text.count(begin) == text.count(f"<!-- /{name} -->") == 1, name


def test_the_architecture_describes_the_rooms_that_exist() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text()
    described = {name for bold in _ROOMS.findall(text) for name in re.findall(r"`(.+?)`", bold)}
    package = ROOT / "src" / "stockade"
    gone = {
        name for name in described if not any((package / name).with_suffix(end).exists() for end in ("", ".py"))
    }
    assert gone == set()
    rooms = {path.parent.name for path in package.glob("*/__init__.py")}
    assert {room for room in rooms if not any(name.split("/")[0] == room for name in described)} == set()


def test_the_changelog_names_every_control() -> None:
    text = (ROOT / "CHANGELOG.md").read_text()
    assert [name for name in names() if f"`{name}`" not in text] == []
