"""What it costs to ship and to import."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILES = sorted((ROOT / "src" / "stockade_runtime").glob("*.py"))
LOADED = {"_thread", "_operator", "__future__", "stockade_runtime", "time"}
LOADED |= {"os", "posix", "posixpath", "genericpath", "stat", "_stat", "abc", "_abc", "_collections_abc"}
"""What the interpreter has loaded by itself (``os`` and what it needs), or has built in."""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    if find_spec("hatchling") is None:
        pytest.skip("hatchling is not installed")
    out = tmp_path_factory.mktemp("wheel")
    run = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)]
    subprocess.run(run, cwd=ROOT, check=True, capture_output=True, timeout=120)
    (made,) = out.glob("*.whl")
    yield made


def test_what_a_function_ships_is_under_ten_kilobytes(wheel: Path, tmp_path: Path) -> None:
    zipped = tmp_path / "function.zip"
    with zipfile.ZipFile(wheel) as archive, zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED, True, 9) as out:
        names = [one for one in archive.namelist() if one.startswith("stockade_runtime/")]
        for name in names:
            out.writestr(name, archive.read(name))
    assert len(names) == len(FILES) + 1  # and py.typed
    assert zipped.stat().st_size < 10 * 1024


def test_the_wheel_has_the_code_on_the_same_lines(wheel: Path) -> None:
    def shape(source: str) -> list[tuple[str, int]]:
        return [
            (type(node).__name__, node.lineno)
            for node in ast.walk(ast.parse(source))
            if isinstance(node, ast.stmt)
            and not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        ]

    with zipfile.ZipFile(wheel) as archive:
        for path in FILES:
            shipped = archive.read(f"stockade_runtime/{path.name}").decode()
            assert shape(shipped) == shape(path.read_text()), path.name
            assert '"""' not in shipped


def test_what_is_in_the_wheel_works(wheel: Path) -> None:
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); import stockade_runtime as s\n"
        "class Source:\n"
        "    def secret(self, *_): return s.Secret('v')\n"
        "    def reset(self): pass\n"
        "print(s.__file__, s.Store(source=Source()).get_secret('a').value)"
    )
    run = [sys.executable, "-I", "-c", code, str(wheel)]
    out = subprocess.run(run, capture_output=True, text=True, check=True, timeout=60).stdout
    assert wheel.name in out and out.split()[-1] == "v"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_it_is_written_in_the_oldest_python_that_lambda_runs(path: Path) -> None:
    ast.parse(path.read_text(), feature_version=(3, 9))


def test_importing_it_imports_nothing_that_costs() -> None:
    code = (
        "import sys; before = set(sys.modules); sys.path.insert(0, sys.argv[1]); import stockade_runtime; "
        "print(*{one.partition('.')[0] for one in set(sys.modules) - before})"
    )
    run = [sys.executable, "-I", "-S", "-c", code, str(ROOT / "src")]
    out = subprocess.run(run, capture_output=True, text=True, check=True, timeout=60).stdout
    assert set(out.split()) <= LOADED


EVERYWHERE = """\
import asyncio, sys, threading
sys.path.insert(0, sys.argv[1])
import stockade_runtime as s
from stockade_runtime import aio
class Source:
    calls = 0
    def secret(self, *_):
        self.calls += 1
        return s.Secret('{"a": "hunter2"}', "1")
    def reset(self): pass
source = Source()
store = s.Store(source=source, environ={"V": "name"})
handle = store.secret_from_env("V")
threads = [threading.Thread(target=handle.get) for _ in range(20)]
for one in threads: one.start()
for one in threads: one.join()
assert source.calls == 1 and handle["a"].value == "hunter2" and "hunter2" not in repr(handle.get())
@s.refresh_on(KeyError, handle)
async def use(): return handle.json()["a"]
@s.refresh_on(KeyError, handle)
def fail(): raise KeyError("refused")
assert asyncio.run(use()) == "hunter2"
assert asyncio.run(aio.get(handle)).value
try: fail()
except KeyError: pass
assert s.check_environment(environ={"DB_PASSWORD": "hunter2!"}) == ["DB_PASSWORD"]
print("works")
"""


def interpreters() -> list[str]:
    """Every Python from 3.9 on that this machine has: by name, and as pyenv keeps them."""
    every = {f"3.{minor}": shutil.which(f"python3.{minor}") for minor in range(9, 16)}
    for path in sorted(Path.home().glob(".pyenv/versions/3.*/bin/python")):
        every[".".join(path.parents[1].name.split(".")[:2])] = str(path)
    return [path for version, path in every.items() if path and int(version.partition(".")[2]) >= 9]


@pytest.mark.parametrize("python", interpreters())
def test_the_wheel_works_in_every_python_that_is_here(python: str, wheel: Path) -> None:
    run = [python, "-W", "error", "-W", "ignore::UserWarning", "-I", "-c", EVERYWHERE, str(wheel)]
    done = subprocess.run(run, capture_output=True, text=True, check=False, timeout=60)
    if "command not found" in done.stderr and "pyenv" in done.stderr:
        pytest.skip("pyenv has only a name for it")
    assert done.stdout.strip() == "works", done.stderr
