"""What is installed is told as its installers tell it; lock files are read in all of their forms."""

from __future__ import annotations

import json
import shutil
import sysconfig
import zipfile
from importlib.metadata import distribution, distributions
from pathlib import Path

import pytest

from stockade.model.clutter import clutter_of
from stockade.model.dependency import Component, Evidence
from stockade.model.imports import lack
from stockade.read.files import Tree
from stockade.read.package.archive import archive
from stockade.read.package.inventory import Inventory, inventory
from stockade.read.package.inventory.python import normalised
from stockade.read.package.listing import directory
from stockade.value import Default

HERE = Default("a test")


def told(folder: Path, files: dict[str, str | bytes]) -> Inventory:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return inventory(directory(Tree(folder), folder, HERE, "zip"))


def named(found: Inventory) -> dict[str, str]:
    return {one.name: one.version or f"({one.wanted})" for one in found.components}


def test_the_inventory_of_real_packages_is_what_pip_says_is_installed(tmp_path: Path) -> None:
    """What is installed here, packed as it is: the metadata alone, and a few modules."""
    site = Path(sysconfig.get_paths()["purelib"])
    installed = {
        normalised(one.name): one.version
        for one in distributions(path=[str(site)])
        if (site / f"{Path(str(one._path)).name}").is_dir()  # type: ignore[attr-defined]
    }
    path = tmp_path / "site.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as out:
        for info in sorted(site.glob("*.dist-info")):
            for file in ("METADATA", "RECORD"):
                if (info / file).is_file():
                    out.write(info / file, f"{info.name}/{file}")
        out.write(site / "click" / "core.py", "click/core.py")
    found = inventory(archive(Tree(tmp_path), str(path), HERE))
    assert len(installed) > 20
    assert {one.name: one.version for one in found.components} == installed
    assert {one.evidence for one in found.components} == {Evidence.INSTALLED}
    assert {one.ecosystem for one in found.components} == {"PyPI"}
    click = next(one for one in found.components if one.name == "click")
    assert click.purl == f"pkg:pypi/click@{installed['click']}"


@pytest.mark.parametrize("name", ["requests", "numpy"])
def test_a_zip_of_a_real_package_is_told_with_all_of_its_files(tmp_path: Path, name: str) -> None:
    """As `pip install --target` and `zip -r` make it: every file that pip says it installed."""
    found = distribution(name)
    files = [one for one in found.files or () if ".." not in one.parts and one.locate().is_file()]  # type: ignore[attr-defined]
    path = tmp_path / "function.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as out:
        for one in files:
            out.write(Path(str(one.locate())), str(one))
        out.writestr(
            "app.py", f"import {name}\n\n\ndef handler(event, context):\n    return {name}.__version__\n"
        )
    package = archive(Tree(tmp_path), str(path), HERE)
    assert set(package) == {*map(str, files), "app.py"}
    assert package.size == sum(Path(str(one.locate())).stat().st_size for one in files) + len(
        package.read("app.py").data
    )
    (told,) = inventory(package).components
    assert (told.name, told.version, told.evidence) == (name, found.version, Evidence.INSTALLED)
    assert lack(package, (), "python", [package.by_path["app.py"]]) is None
    compiled = [one.path for one in package.entries if one.path.endswith(".so")]
    assert bool(compiled) == (name == "numpy")
    clutter = {kind.name: group for kind, group in clutter_of(package.entries, "python").items()}
    assert ("tests" in clutter) == (name == "numpy"), "numpy ships its tests"


def test_installed_npm_packages_are_told_at_any_depth(tmp_path: Path) -> None:
    def manifest(name: str, version: str) -> str:
        return json.dumps({"name": name, "version": version, "license": "MIT"})

    files: dict[str, str | bytes] = {
        "index.js": "",
        "package.json": '{"dependencies": {"a": "^1.0.0"}}',
        "node_modules/a/package.json": manifest("a", "1.2.3"),
        "node_modules/a/lib/package.json": '{"type": "module"}',
        "node_modules/@s/b/package.json": manifest("@s/b", "0.1.0"),
        "node_modules/a/node_modules/c/package.json": manifest("c", "9.0.0"),
        "node_modules/c/package.json": manifest("c", "8.0.0"),
        "node_modules/.package-lock.json": "{}",
    }
    found = told(tmp_path, files)
    assert sorted((one.name, one.version) for one in found.components) == [
        ("@s/b", "0.1.0"),
        ("a", "1.2.3"),
        ("c", "8.0.0"),
        ("c", "9.0.0"),
    ]
    assert {one.purl for one in found.components} >= {"pkg:npm/%40s/b@0.1.0"}
    assert {one.licence for one in found.components} == {"MIT"}


@pytest.mark.skipif(shutil.which("npm") is None, reason="npm is not there")
def test_the_inventory_of_an_npm_tree_is_what_npm_lists(tmp_path: Path) -> None:
    import subprocess

    for name, needs in (("one", {"two": "file:../two"}), ("two", {})):
        (tmp_path / name).mkdir()
        (tmp_path / name / "package.json").write_text(
            json.dumps({"name": name, "version": "1.0.0", "dependencies": needs})
        )
    app = tmp_path / "app"
    app.mkdir()
    (app / "package.json").write_text(json.dumps({"name": "app", "dependencies": {"one": "file:../one"}}))
    npm = [shutil.which("npm") or "npm"]
    options = ["--offline", "--no-audit", "--no-fund", "--install-links", "--loglevel=error"]
    made = subprocess.run([*npm, "install", *options], cwd=app, capture_output=True, check=False, timeout=100)
    if made.returncode:
        pytest.skip("npm installs nothing here")
    listed = subprocess.run(
        [*npm, "ls", "--all", "--json"], cwd=app, capture_output=True, check=False, timeout=60
    )

    def flat(tree: dict[str, dict[str, object]]) -> set[tuple[str, object]]:
        return {
            pair
            for name, one in tree.items()
            for pair in {(name, one["version"]), *flat(one.get("dependencies", {}))}  # type: ignore[arg-type]
        }

    found = inventory(directory(Tree(app), app, HERE, "zip"))
    assert {(one.name, one.version) for one in found.components} == flat(
        json.loads(listed.stdout)["dependencies"]
    )


def test_shaded_and_nested_jars_are_told(tmp_path: Path) -> None:
    def properties(artifact: str, version: str) -> str:
        return f"#Made by a test\nversion={version}\ngroupId=com.example\nartifactId={artifact}\n"

    inner = tmp_path / "inner.jar"
    with zipfile.ZipFile(inner, "w") as out:
        out.writestr("META-INF/maven/com.example/inner/pom.properties", properties("inner", "2.0"))
    plain = tmp_path / "plain-3.1.jar"
    with zipfile.ZipFile(plain, "w") as out:
        fields = (
            "Manifest-Version: 1.0\r\nImplementation-Version: 3.1\r\nImplementation-Vendor-Id: org.example\r\n"
        )
        out.writestr("META-INF/MANIFEST.MF", fields)
    files: dict[str, str | bytes] = {
        "META-INF/maven/com.example/shaded/pom.properties": properties("shaded", "1.1"),
        "META-INF/maven/com.example/shaded/pom.xml": "<project/>",
        "lib/inner.jar": inner.read_bytes(),
        "lib/plain-3.1.jar": plain.read_bytes(),
        "lib/broken.jar": b"PK\x03\x04nothing",
    }
    found = told(tmp_path / "app", files)
    assert named(found) == {"com.example:inner": "2.0", "com.example:shaded": "1.1", "org.example:plain": "3.1"}
    assert "pkg:maven/com.example/inner@2.0" in {one.purl for one in found.components}


def test_what_go_writes_into_binaries_is_told(tmp_path: Path) -> None:
    lines = "path\texample.com/app\nmod\texample.com/app\t(devel)\n"
    lines += "dep\texample.com/lib\tv1.2.3\th1:abc=\n"
    lines += "dep\texample.com/old\tv1.0.0\n=>\texample.com/new\tv2.0.0\th1:d=\n"

    def text(content: bytes) -> bytes:
        length, out = len(content), b""
        while True:
            byte, length = length & 0x7F, length >> 7
            out += bytes([byte | (0x80 if length else 0)])
            if not length:
                return out + content

    header = b"\xff Go buildinf:" + bytes([8, 2]) + bytes(16)
    information = header + text(b"go1.22.3") + text(b"s" * 16 + lines.encode() + b"e" * 16)
    binary = b"\x7fELF" + bytes(12) + bytes(300_000 - 300_000 % 16) + information + bytes(100)
    found = told(tmp_path, {"bootstrap": binary})
    assert named(found) == {"stdlib": "1.22.3", "example.com/lib": "1.2.3", "example.com/new": "2.0.0"}
    assert "pkg:golang/example.com/lib@1.2.3" in {one.purl for one in found.components}


POETRY = """
[[package]]
name = "Kept"
version = "1.0"
groups = ["main"]

[[package]]
name = "dropped"
version = "1.0"
groups = ["dev"]

[[package]]
name = "old-dev"
version = "1.0"
category = "dev"
"""
UV = """
version = 1

[[package]]
name = "app"
version = "0"
source = { virtual = "." }
dependencies = [{ name = "kept" }]

[package.dev-dependencies]
dev = [{ name = "dropped" }]

[[package]]
name = "kept"
version = "1.0"
source = { registry = "https://packages.example.com" }
dependencies = [{ name = "inner" }]

[[package]]
name = "inner"
version = "2.0"
source = { registry = "https://packages.example.com" }

[[package]]
name = "dropped"
version = "1.0"
source = { registry = "https://packages.example.com" }
"""
YARN_1 = """# yarn lockfile v1


"@s/kept@^1.0.0", "@s/kept@^1.1.0":
  version "1.2.0"
  resolved "https://packages.example.com/kept-1.2.0.tgz#abc"
  integrity sha512-abc
  dependencies:
    inner "~2.0.0"

dropped@^3.0.0:
  version "3.0.0"

inner@~2.0.0:
  version "2.0.5"
"""
YARN_2 = """__metadata:
  version: 8

"@s/kept@npm:^1.0.0":
  version: 1.2.0
  resolution: "@s/kept@npm:1.2.0"
  dependencies:
    inner: "npm:~2.0.0"
  checksum: 10c0/abc
  languageName: node
  linkType: hard

"app@workspace:.":
  version: 0.0.0-use.local
  resolution: "app@workspace:."
  languageName: unknown
  linkType: soft

"dropped@npm:^3.0.0":
  version: 3.0.0
  resolution: "dropped@npm:3.0.0"

"inner@npm:~2.0.0":
  version: 2.0.5
  resolution: "inner@npm:2.0.5"
"""
PNPM_9 = """lockfileVersion: '9.0'
importers:
  .:
    dependencies:
      '@s/kept':
        specifier: ^1.0.0
        version: 1.2.0(peer@4.0.0)
    devDependencies:
      dropped:
        specifier: ^3.0.0
        version: 3.0.0
packages:
  '@s/kept@1.2.0': {}
  dropped@3.0.0: {}
  inner@2.0.5: {}
snapshots:
  '@s/kept@1.2.0(peer@4.0.0)':
    dependencies:
      inner: 2.0.5
  dropped@3.0.0: {}
  inner@2.0.5: {}
"""
PNPM_6 = """lockfileVersion: '6.0'
dependencies:
  '@s/kept':
    specifier: ^1.0.0
    version: 1.2.0
devDependencies:
  dropped:
    specifier: ^3.0.0
    version: 3.0.0
packages:
  /@s/kept@1.2.0:
    dependencies:
      inner: 2.0.5
  /dropped@3.0.0:
    dev: true
  /inner@2.0.5:
    dev: false
"""
MANIFEST = '{"dependencies": {"@s/kept": "^1.0.0"}, "devDependencies": {"dropped": "^3.0.0"}}'
NODE = {"@s/kept": "1.2.0", "inner": "2.0.5"}
LOCK_1 = {
    "lockfileVersion": 1,
    "dependencies": {
        "@s/kept": {"version": "1.2.0", "dependencies": {"inner": {"version": "2.0.5"}}},
        "dropped": {"version": "3.0.0", "dev": True},
        "local": {"version": "file:../local"},
    },
}
LOCK_3 = {
    "lockfileVersion": 3,
    "packages": {
        "": {"name": "app"},
        "node_modules/@s/kept": {"version": "1.2.0"},
        "node_modules/@s/kept/node_modules/inner": {"version": "2.0.5"},
        "node_modules/dropped": {"version": "3.0.0", "dev": True},
        "packages/own": {"name": "own", "version": "1.0.0"},
        "node_modules/own": {"resolved": "packages/own", "link": True},
    },
}
GO = """module example.com/app

go 1.22

require example.com/one v1.0.0

require (
\texample.com/two v2.1.0+incompatible // indirect
\texample.com/old v0.1.0
)

replace example.com/old => example.com/new v0.2.0
"""
POM = """<project xmlns="http://maven.apache.org/POM/4.0.0">
  <version>1.0</version>
  <properties><lib.version>2.5</lib.version></properties>
  <dependencyManagement><dependencies>
    <dependency><groupId>org.example</groupId><artifactId>managed</artifactId><version>3.0</version></dependency>
  </dependencies></dependencyManagement>
  <dependencies>
    <dependency><groupId>org.example</groupId><artifactId>lib</artifactId><version>${lib.version}</version></dependency>
    <dependency><groupId>org.example</groupId><artifactId>managed</artifactId></dependency>
    <dependency><groupId>org.example</groupId><artifactId>parents</artifactId></dependency>
    <dependency><groupId>org.example</groupId><artifactId>t</artifactId><version>1</version><scope>test</scope></dependency>
  </dependencies>
</project>
"""
GEMS = """GEM
  remote: https://gems.example.com/
  specs:
    rack (2.2.3)
    nokogiri (1.15.0-x86_64-linux)
      racc (~> 1.4)

PLATFORMS
  ruby
"""
REQUIREMENTS = """# a comment
requests==2.32.5 \\
    --hash=sha256:abc
Jinja2 == 3.1.4 ; python_version >= "3.9"
boto3>=1.34,<2   # a range
uvicorn[standard]==0.30.*
git+https://example.com/x.git@main#egg=x
tool @ https://example.com/tool.whl
-r more.txt
--index-url https://packages.example.com/simple
"""


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"poetry.lock": POETRY}, {"kept": "1.0"}),
        (
            {"pdm.lock": POETRY.replace('"main"', '"default"').replace("old-dev", "dropped")},
            {"kept": "1.0", "dropped": "1.0"},
        ),
        ({"uv.lock": UV}, {"kept": "1.0", "inner": "2.0"}),
        ({"pylock.toml": '[[packages]]\nname = "kept"\nversion = "1.0"\n'}, {"kept": "1.0"}),
        (
            {"Pipfile.lock": '{"default": {"kept": {"version": "==1.0"}}, "develop": {"d": {}}}'},
            {"kept": "1.0"},
        ),
        (
            {"requirements.txt": REQUIREMENTS, "more.txt": "inner==2.0\n"},
            {
                "requests": "2.32.5",
                "jinja2": "3.1.4",
                "boto3": "(>=1.34,<2)",
                "uvicorn": "(==0.30.*)",
                "x": "(git+https://example.com/x.git@main#egg=x)",
                "tool": "(@ https://example.com/tool.whl)",
                "inner": "2.0",
            },
        ),
        ({"package.json": MANIFEST, "package-lock.json": json.dumps(LOCK_1)}, NODE),
        ({"package.json": MANIFEST, "package-lock.json": json.dumps(LOCK_3)}, NODE),
        ({"package.json": MANIFEST, "yarn.lock": YARN_1}, NODE),
        ({"package.json": MANIFEST, "yarn.lock": YARN_2}, NODE),
        ({"package.json": MANIFEST, "pnpm-lock.yaml": PNPM_9}, NODE),
        ({"package.json": MANIFEST, "pnpm-lock.yaml": PNPM_6}, NODE),
        ({"package.json": MANIFEST}, {"@s/kept": "(^1.0.0)"}),
        (
            {"go.mod": GO},
            {"example.com/one": "1.0.0", "example.com/two": "2.1.0+incompatible", "example.com/new": "0.2.0"},
        ),
        (
            {"pom.xml": POM},
            {
                "org.example:lib": "2.5",
                "org.example:managed": "3.0",
                "org.example:parents": "(managed elsewhere)",
            },
        ),
        (
            {"gradle.lockfile": "# x\na.b:c:1.0=compileClasspath\nd:e:2=testRuntimeClasspath\nempty=\n"},
            {"a.b:c": "1.0"},
        ),
        ({"Gemfile.lock": GEMS}, {"rack": "2.2.3", "nokogiri": "1.15.0"}),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else None,
)
def test_lock_files_are_read(tmp_path: Path, files: dict[str, str | bytes], expected: dict[str, str]) -> None:
    found = told(tmp_path, files)
    assert named(found) == expected
    assert not found.unread


@pytest.mark.parametrize("folder", ["nodejs", "python"])
def test_lists_of_layers_are_read_where_layers_have_them(tmp_path: Path, folder: str) -> None:
    listed = {
        f"{folder}/package.json": '{"dependencies": {"left": "^1.0.0", "right": "2.0.0"}}',
        f"{folder}/requirements.txt": "-r more.txt\nrequests==2.32.5\n",
        f"{folder}/more.txt": "idna==3.10\n",
    }
    found = told(tmp_path, dict(listed))
    assert named(found) == {"left": "(^1.0.0)", "right": "2.0.0", "requests": "2.32.5", "idna": "3.10"}
    paths = {one.path.removeprefix(f"{tmp_path}/") for one in found.components}
    assert {path.rpartition(f"{folder}/")[2] for path in paths} == {
        "package.json",
        "requirements.txt",
        "more.txt",
    }
    assert all(f"{folder}/" in path for path in paths)


def test_a_list_in_a_finished_archive_tells_only_of_what_is_there(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as out:
        out.writestr("requirements.txt", "kept==1.0\npython-dateutil==2.0\ngone==1.0\n")
        out.writestr("kept/__init__.py", "")
        out.writestr("dateutil/__init__.py", "")
    found = inventory(archive(Tree(tmp_path), str(path), HERE))
    assert named(found) == {"kept": "1.0", "python-dateutil": "2.0"}


def test_a_document_that_could_grow_is_not_read(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE p [<!ENTITY a "aaaaaaaaaa">]><project><name>&a;</name></project>'
    assert not told(tmp_path, {"pom.xml": bomb}).components


def test_places_are_where_a_version_is_said(tmp_path: Path) -> None:
    found = told(tmp_path, {"requirements.txt": "a==1\nb==2\n"})
    (second,) = (one for one in found.components if one.name == "b")
    assert "requirements.txt:2:1" in str(getattr(second.origin, "span", None))


@pytest.mark.parametrize(
    "name", ["poetry.lock", "package-lock.json", "pnpm-lock.yaml", "Pipfile.lock", "pom.xml"]
)
def test_what_is_broken_is_told_and_never_crashes(tmp_path: Path, name: str) -> None:
    found = told(tmp_path, {name: "{[<" * 50})
    assert found.components == ()
    assert list(found.unread) == [name]


def test_package_urls_are_escaped() -> None:
    one = Component("PyPI", "a", "1.0+local 1", Evidence.PINNED, "", HERE)
    assert one.purl == "pkg:pypi/a@1.0%2Blocal%201"
