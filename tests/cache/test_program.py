"""What tells one version of the program from another."""

from __future__ import annotations

import os
from pathlib import Path

from stockade.cache.entries import Entries
from stockade.cache.program import program


def test_any_byte_of_the_package_makes_another_program(tmp_path: Path) -> None:
    package = tmp_path / "package"
    (package / "data").mkdir(parents=True)
    (package / "code.py").write_text("x = 1\n")
    (package / "data" / "table.json").write_text("{}")
    entries = Entries(tmp_path / "cache")
    first = program(entries, package)
    assert program(entries, package) == first
    (package / "__pycache__").mkdir()
    (package / "__pycache__" / "code.pyc").write_bytes(b"compiled")
    assert program(entries, package) == first
    os.utime(package / "code.py", (1, 1))
    assert program(entries, package) == first
    (package / "data" / "table.json").write_text("[]")
    second = program(entries, package)
    assert second != first
    (package / "data" / "table.json").rename(package / "data" / "other.json")
    assert program(entries, package) not in (first, second)


def test_so_does_what_it_is_built_on(tmp_path: Path) -> None:
    package, site = tmp_path / "package", tmp_path / "site"
    package.mkdir()
    (site / "rich-13.7.dist-info").mkdir(parents=True)
    entries = Entries(tmp_path / "cache")
    first = program(entries, package, [str(site)])
    (site / "rich-13.7.dist-info").rename(site / "rich-13.8.dist-info")
    assert program(entries, package, [str(site), "/no/such/directory"]) != first


def test_a_kept_digest_is_used_for_the_same_files_alone(tmp_path: Path) -> None:
    package = tmp_path / "package"
    package.mkdir()
    code = package / "code.py"
    code.write_text("x = 1\n")
    os.utime(code, (1, 1))
    entries = Entries(tmp_path / "cache")
    first = program(entries, package)
    code.write_text("x = 2\n")
    os.utime(code, (2, 2))
    assert program(entries, package) != first
    assert program(Entries(tmp_path / "another"), package) == program(entries, package)
