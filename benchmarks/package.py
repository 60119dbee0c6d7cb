"""What looking into packages costs: a large archive, look-ups of advisories, secrets beside a peer.

    python -m benchmarks.package

Everything is made here: an archive of some 250 MB unpacked with eight thousand files, a store of fifty thousand
advisories, a few megabytes of source. CPU seconds are printed, the least of three runs.
"""

from __future__ import annotations

import random
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from stockade.advisories.store import Store, write
from stockade.model.clutter import clutter_of
from stockade.model.dependency import Component, Evidence
from stockade.read.files import Tree
from stockade.read.package.archive import archive
from stockade.read.package.inventory import inventory
from stockade.secrets.search import secrets_in
from stockade.value import Default

HERE = Default("a benchmark")
FILES, SIZE = 8_000, 31_250
ADVISORIES = 50_000


def least(work: Callable[[], Any], runs: int = 3) -> float:
    """CPU seconds of the quickest run."""
    out = []
    for _ in range(runs):
        begin = time.process_time()
        work()
        out.append(time.process_time() - begin)
    return min(out)


def source(chance: random.Random, size: int) -> bytes:
    """Something like a module: names, calls, literals, comments."""
    words = [f"{chance.choice(('get', 'put', 'list', 'token', 'key'))}_{index}" for index in range(200)]
    lines: list[str] = []
    written = 0
    while written < size:
        one, two = chance.sample(words, 2)
        lines.append(
            f'    {one} = client.{two}(name="{one}-{two}", retries={chance.randint(0, 9)})  # of {two}\n'
        )
        written += len(lines[-1])
    return "".join(lines).encode()[:size]


def make(path: Path) -> None:
    """A package as pip makes one: modules of a hundred distributions with their metadata."""
    chance = random.Random(8)
    body = source(chance, SIZE)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as out:
        for index in range(FILES):
            number = index % 100
            out.writestr(f"lib{number}/m{index}.py", body)
        for number in range(100):
            info = f"lib{number}-1.{number}.0.dist-info"
            out.writestr(
                f"{info}/METADATA", f"Metadata-Version: 2.1\nName: lib{number}\nVersion: 1.{number}.0\n\n"
            )
            out.writestr(f"{info}/RECORD", f"lib{number}/m0.py,,\n")
        out.writestr("app.py", source(chance, 50_000))


def advisories() -> Iterator[dict[str, Any]]:
    """Made-up advisories about twenty thousand packages."""
    for index in range(ADVISORIES):
        yield {
            "id": f"X-{index}",
            "aliases": [f"CVE-2026-{index}"],
            "summary": "A made-up vulnerability",
            "affected": [
                {
                    "package": {"ecosystem": "PyPI", "name": f"package-{index % 20_000}"},
                    "ranges": [
                        {"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": f"1.{index % 50}"}]}
                    ],
                }
            ],
        }


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        directory = Path(folder)
        _package(directory)
        _lookups(directory)
        _secrets()


def _package(directory: Path) -> None:
    path = directory / "package.zip"
    make(path)
    tree = Tree(directory)
    found = archive(tree, str(path), HERE)
    seconds = least(lambda: archive(tree, str(path), HERE))
    print(f"archive: {found.size / 1e6:,.0f} MB unpacked, {len(found.entries):,} files")
    print(f"  listed                 {seconds:6.2f} s")
    print(
        f"  inventory of 100       {least(lambda: inventory(archive(tree, str(path), HERE))) - seconds:6.2f} s"
    )
    print(f"  what should not ship   {least(lambda: clutter_of(found.entries, 'python')):6.2f} s")


def _lookups(directory: Path) -> None:
    begin = time.process_time()
    write(directory / "store", advisories(), "2026-11-01", "a benchmark")
    print(f"store: {ADVISORIES:,} advisories written in {time.process_time() - begin:.1f} s")
    asked = [
        Component("PyPI", f"package-{index * 7 % 30_000}", "1.20", Evidence.LOCKED, "", HERE)
        for index in range(3_000)
    ]
    seconds = least(lambda: [Store(directory / "store").of(one) for one in asked[:1]])

    def look() -> None:
        store = Store(directory / "store")
        for one in asked:
            store.of(one)

    print(
        f"  look-ups               {(least(look) - seconds) / len(asked) * 1e6:6.0f} µs each, a third unknown"
    )


def _secrets() -> None:
    text = source(random.Random(9), 4_000_000)
    ours = least(lambda: secrets_in(text))
    print(f"secrets: {len(text) / 1e6 / ours:.1f} MB of source a second")
    try:
        from detect_secrets.core.scan import scan_line
        from detect_secrets.settings import default_settings
    except ImportError:
        print("  detect-secrets is not installed")
        return
    lines = text[:200_000].decode().splitlines()

    def peer() -> None:
        with default_settings():
            for line in lines:
                list(scan_line(line))

    print(f"  detect-secrets: {0.2 / least(peer, 1):.2f} MB a second")


if __name__ == "__main__":
    main()
