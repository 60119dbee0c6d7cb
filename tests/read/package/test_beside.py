"""What programs in JavaScript take of their repository from beside themselves: found, or told, and no more."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from stockade.cli import main
from stockade.needs.enrich import enriched
from stockade.read.inputs import Options, read_all
from stockade.read.package import beside as beside_module
from stockade.value import Known

SERVICE = """
service: s
provider: {name: aws, runtime: nodejs22.x}
plugins: [serverless-esbuild]
functions: {f: {handler: src/app.handler}}
"""
DB = """
import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
const client = new DynamoDBClient({});
export const save = (item) => client.send(new PutItemCommand({ TableName: "orders", Item: item }));
"""
PUT = "dynamodb:PutItem"


def imports(what: str) -> str:
    return f'import {{ save }} from "{what}";\nexport const handler = async (event) => save(event);\n'


def manifest(name: str, /, **fields: Any) -> str:
    return json.dumps({"name": name, **fields})


def written(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    (folder / ".git").mkdir(exist_ok=True)
    return folder


def called(folder: Path, files: dict[str, str], at: str = "services/api") -> tuple[set[str], list[str]]:
    """The actions that the one function's source calls, and what was not followed."""
    place = written(folder, {f"{at}/serverless.yml": SERVICE, **files}) / at
    (found,) = read_all([place], Options(folder, {}, (), {}), lambda *_: None)
    (needs,) = enriched(found.world).needs
    learned = needs.learned
    return {one.action for one in learned.needed if one.action.startswith("dynamodb:")}, [
        f"{one.what}: {one.reason}" for one in learned.open
    ]


PNPM = {"pnpm-workspace.yaml": "packages:\n  - 'packages/*'\n  - services/**\n"}
SHARED = {"packages/shared/package.json": manifest("@acme/shared"), "packages/shared/src/index.ts": DB}
DEPENDS = {"services/api/package.json": manifest("api", dependencies={"@acme/shared": "workspace:*"})}

TAKEN: dict[str, dict[str, str]] = {
    "of pnpm": {**PNPM, **SHARED, **DEPENDS, "services/api/src/app.ts": imports("@acme/shared")},
    "of npm": {
        "package.json": manifest("all", workspaces=["packages/*", "services/*"]),
        **SHARED,
        "services/api/package.json": manifest("api", dependencies={"@acme/shared": "*"}),
        "services/api/src/app.ts": imports("@acme/shared"),
    },
    "of settings that another directory's extend": {
        "config/base.json": json.dumps({"compilerOptions": {"paths": {"@db/*": ["../database/*"]}}}),
        "services/api/tsconfig.json": json.dumps({"extends": "../../config/base.json"}),
        "database/store.ts": DB,
        "services/api/src/app.ts": imports("@db/store"),
    },
    "of settings in a package that another's extend": {
        **PNPM,
        "packages/settings/package.json": manifest("@acme/settings"),
        "packages/settings/tsconfig.json": json.dumps({"compilerOptions": {"baseUrl": "../.."}}),
        "services/api/tsconfig.json": json.dumps(
            {"extends": ["@acme/settings"], "compilerOptions": {"paths": {"@db/*": ["database/*"]}}}
        ),
        "database/store.ts": DB,
        "services/api/src/app.ts": imports("@db/store"),
    },
    "of the compiler's directory above": {
        "tsconfig.json": json.dumps({"compilerOptions": {"baseUrl": "."}}),
        "database/store.ts": DB,
        "services/api/src/app.ts": imports("database/store"),
    },
    "of own source, by a name that settings above give": {
        "tsconfig.base.json": json.dumps(
            {"compilerOptions": {"paths": {"@api": ["services/api/src/own/store.ts"]}}}
        ),
        "services/api/src/own/store.ts": DB,
        "services/api/src/other/store.ts": "export const save = 1;",
        "services/api/src/app.ts": imports("@api"),
    },
    "of own source, by a file that is beside": {
        "shared/again.ts": 'export { save } from "../services/api/src/store";',
        "services/api/src/store.ts": DB,
        "services/api/src/app.ts": imports("../../../shared/again"),
    },
    "of a name that the package gives at run time": {
        "services/api/package.json": manifest("api", _moduleAliases={"stores": "../../database"}),
        "database/orders.ts": DB,
        "services/api/src/app.ts": imports("stores/orders"),
    },
    "of a layer whose source settings name": {
        "tsconfig.json": json.dumps(
            {"compilerOptions": {"paths": {"/opt/nodejs/orders": ["layers/orders/store"]}}}
        ),
        "layers/orders/store.ts": DB,
        "services/api/src/app.ts": imports("/opt/nodejs/orders"),
    },
    "of yarn, hoisted and not declared": {
        "package.json": manifest("all", workspaces={"packages": ["./packages/**", "!packages/old"]}),
        **SHARED,
        "packages/old/package.json": manifest("@acme/shared"),
        "packages/old/index.ts": "export const save = 1;\n",
        "services/api/src/app.ts": imports("@acme/shared"),
    },
    "of Lerna": {
        "lerna.json": '{"packages": ["packages/shared"]}',
        **SHARED,
        "services/api/src/app.ts": imports("@acme/shared"),
    },
    "of Rush": {
        "rush.json": '{\n // ours\n "projects": [{"packageName": "x", "projectFolder": "packages/shared"}]}',
        **SHARED,
        "services/api/src/app.ts": imports("@acme/shared"),
    },
    "by a path, without a workspace": {
        "libs/db/index.js": DB,
        "services/api/package.json": manifest("api", dependencies={"our-db": "file:../../libs/db"}),
        "services/api/src/app.ts": imports("our-db"),
    },
    "what `main` says is built": {
        **PNPM,
        **DEPENDS,
        "packages/shared/package.json": manifest("@acme/shared", main="./dist/entry.js"),
        "packages/shared/src/entry.ts": DB,
        "services/api/src/app.ts": imports("@acme/shared"),
    },
    "what `exports` says for a part": {
        **PNPM,
        **DEPENDS,
        "packages/shared/package.json": manifest(
            "@acme/shared", exports={".": "./src/index.ts", "./*": {"types": "./dist/data/*.d.ts"}}
        ),
        "packages/shared/src/index.ts": "export const other = 1;\n",
        "packages/shared/src/data/db.ts": DB,
        "services/api/src/app.ts": imports("@acme/shared/db"),
    },
    "a part that nothing says": {
        **PNPM,
        **DEPENDS,
        "packages/shared/package.json": manifest("@acme/shared"),
        "packages/shared/src/db.ts": DB,
        "services/api/src/app.ts": imports("@acme/shared/db"),
    },
    "a package that takes another": {
        **PNPM,
        **DEPENDS,
        "packages/shared/package.json": manifest("@acme/shared", dependencies={"@acme/db": "workspace:^"}),
        "packages/shared/src/index.ts": 'export * from "@acme/db";\n',
        "packages/db/package.json": manifest("@acme/db"),
        "packages/db/index.ts": DB,
        "services/api/src/app.ts": imports("@acme/shared"),
    },
    "names of the package's own": {
        **PNPM,
        **DEPENDS,
        "packages/shared/package.json": manifest("@acme/shared"),
        "packages/shared/tsconfig.json": '{"compilerOptions": {"paths": {"@/*": ["./src/*"]}}}',
        "packages/shared/src/index.ts": 'export * from "@/db";\n',
        "packages/shared/src/db.ts": DB,
        "services/api/tsconfig.json": '{"compilerOptions": {"paths": {"@/*": ["./src/*"]}}}',
        "services/api/src/db.ts": "export const save = () => 1;\n",
        "services/api/src/app.ts": imports("@acme/shared"),
    },
    "of Nx, by its tsconfig": {
        "nx.json": "{}",
        "tsconfig.base.json": json.dumps(
            {"compilerOptions": {"baseUrl": ".", "paths": {"@acme/shared": ["libs/shared/src/index.ts"]}}}
        ),
        "libs/shared/src/index.ts": 'export * from "./lib/db";\n',
        "libs/shared/src/lib/db.ts": DB,
        "services/api/src/app.ts": imports("@acme/shared"),
    },
    "by its own tsconfig": {
        "services/api/tsconfig.json": '{"compilerOptions": {"paths": {"~libs/*": ["../../libs/*"]}}}',
        "libs/db.ts": DB,
        "services/api/src/app.ts": imports("~libs/db"),
    },
    "of no workspace, which some script puts in its place": {
        **SHARED,
        "services/api/package.json": manifest("api", dependencies={"left-pad": "1"}),
        "services/api/src/app.ts": imports("@acme/shared"),
    },
    "of no workspace, which is published as well": {
        **SHARED,
        "services/api/package.json": manifest("@acme/api", dependencies={"@acme/shared": "^1.2.0"}),
        "services/api/src/app.ts": imports("@acme/shared"),
    },
    "a file beside it": {"services/common/db.ts": DB, "services/api/src/app.ts": imports("../../common/db")},
}


@pytest.mark.parametrize("files", TAKEN.values(), ids=TAKEN.keys())
def test_what_is_imported_of_the_repository_is_read(tmp_path: Path, files: dict[str, str]) -> None:
    actions, open_ = called(tmp_path, files)
    assert actions == {PUT}
    assert open_ == []


@pytest.mark.parametrize(
    "files",
    (
        {"libs/shared/package.json": manifest("@acme/shared"), "libs/shared/index.ts": DB},
        {"services/api/package.json": manifest("api", dependencies={"@acme/shared": "^1.2.0"})},
    ),
    ids=("two are called so", "it is needed as somebody else's"),
)
def test_a_package_that_may_be_somebody_elses_is_not_taken(tmp_path: Path, files: dict[str, str]) -> None:
    actions, _ = called(tmp_path, {**SHARED, **files, "services/api/src/app.ts": imports("@acme/shared")})
    assert actions == set()


def test_the_policy_of_a_function_has_what_its_repository_calls(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {
        **PNPM,
        **SHARED,
        **DEPENDS,
        "services/api/src/app.ts": imports("@acme/shared"),
        "services/api/serverless.yml": SERVICE,
    }
    place = written(tmp_path, files) / "services/api"
    assert main(["policy", str(place), "--format", "json"]) == 0
    (function,) = json.loads(capsys.readouterr().out)["functions"]
    (put,) = [one for one in function["needs"] if one["action"] == PUT]
    assert [one.endswith(":table/orders") for one in put["resources"]] == [True]


def test_what_a_service_tells_its_bundler_is_read(tmp_path: Path) -> None:
    service = SERVICE.replace("esbuild", "bundle") + (
        "custom:\n  bundle:\n    sourcemaps: true\n    aliases:\n      # ours\n"
        "      - '@stores': ../../database\n      - clock: ./src/clock\n    linting: false\n"
    )
    files = {
        "services/api/serverless.yml": service,
        "services/api/package.json": manifest("api", dependencies={"serverless-bundle": "6"}),
        "services/api/src/clock/index.ts": "export const now = () => 1;",
        "database/index.ts": DB,
        "services/api/src/app.ts": 'import { now } from "clock";\n' + imports("@stores"),
    }
    assert called(tmp_path, files) == ({PUT}, [])


def test_a_directory_that_is_given_with_its_handler_takes_of_its_repository_as_well(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = written(tmp_path, TAKEN["of pnpm"]) / "services" / "api"
    assert main(["policy", str(folder), "--handler", "src/app.handler", "--format", "json"]) == 0
    assert PUT in capsys.readouterr().out


def test_what_is_not_there_is_told(tmp_path: Path) -> None:
    built = {"packages/shared/package.json": manifest("@acme/shared", main="dist/made.js")}
    actions, open_ = called(
        tmp_path, {**PNPM, **DEPENDS, **built, "services/api/src/app.ts": imports("@acme/shared")}
    )
    assert actions == set()
    assert [one for one in open_ if "a part of this project that is not among" in one]


def test_a_part_that_is_declared_as_any_version_is_told(tmp_path: Path) -> None:
    files = {
        **PNPM,
        "packages/shared/package.json": manifest("@acme/shared", main="dist/made.js"),
        "services/api/package.json": manifest("api", dependencies={"@acme/shared": "*"}),
        "services/api/src/app.ts": imports("@acme/shared"),
    }
    _, open_ = called(tmp_path, files)
    assert [one for one in open_ if "a part of this project that is not among" in one]


def test_nothing_outside_of_the_tree_is_read(tmp_path: Path) -> None:
    written(tmp_path / "outside", {"db/index.js": DB})
    files = {
        "services/api/package.json": manifest("api", dependencies={"our-db": "file:../../../outside/db"}),
        "services/api/src/app.ts": imports("our-db"),
    }
    actions, open_ = called(tmp_path / "project", files)
    assert actions == set()
    assert [one for one in open_ if "our-db" in one]


def test_a_link_out_of_the_tree_is_not_followed(tmp_path: Path) -> None:
    outside = written(tmp_path / "outside", {"index.js": DB})
    project = written(tmp_path / "project", PNPM)
    (project / "packages/shared").mkdir(parents=True)
    (project / "packages/shared/package.json").write_text(manifest("@acme/shared"))
    (project / "packages/shared/index.js").symlink_to(outside / "index.js")
    actions, open_ = called(project, {**DEPENDS, "services/api/src/app.ts": imports("@acme/shared")})
    assert actions == set()
    assert [one for one in open_ if "@acme/shared" in one]


def test_more_files_than_are_looked_at_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beside_module, "_FILES", 3)
    more = {f"packages/shared/src/a{number}.ts": "export const a = 1;\n" for number in range(9)}
    files = {**PNPM, **SHARED, **DEPENDS, **more, "services/api/src/app.ts": imports("@acme/shared")}
    _, open_ = called(tmp_path, files)
    assert [one for one in open_ if "more than are looked at" in one]


def test_functions_of_one_service_share_what_it_takes(tmp_path: Path) -> None:
    two = SERVICE.replace("app.handler}}", "app.handler}, g: {handler: src/other.handler}}")
    files = {**PNPM, **SHARED, **DEPENDS, "services/api/src/app.ts": imports("@acme/shared")}
    files |= {
        "services/api/src/other.ts": "export const handler = () => 1;\n",
        "services/api/serverless.yml": two,
    }
    place = written(tmp_path, files) / "services/api"
    (found,) = read_all([place], Options(tmp_path, {}, (), {}), lambda *_: None)
    shelf = found.world.shelf
    assert shelf is not None
    one, other = (shelf.package_of(function) for function in found.world.functions)
    assert isinstance(one, Known)
    assert isinstance(other, Known)
    assert one.value.beside is not None
    assert one.value.beside is other.value.beside
    taken = one.value.beside()
    assert taken is not None
    assert "../../packages/shared/src/index.ts" in taken
    assert one.value.beside() is taken


def test_the_lock_file_of_a_workspace_says_what_packages_bring(tmp_path: Path) -> None:
    locked = {
        "node_modules/order-store": {"version": "1.0.0", "dependencies": {"@aws-sdk/client-dynamodb": "^3.0.0"}}
    }
    files = {
        "package.json": manifest("all", workspaces=["services/*"]),
        "package-lock.json": json.dumps({"lockfileVersion": 3, "packages": locked}),
        "services/api/package.json": manifest("api", dependencies={"order-store": "^1.0.0"}),
        "services/api/src/app.ts": imports("order-store"),
    }
    assert called(tmp_path, files) == (
        set(),
        ["the package `order-store`: it comes with the AWS SDK, and its source was not read"],
    )


@pytest.mark.parametrize(
    ("place", "specifier"),
    [
        ("layers/common/nodejs/db.js", "/opt/nodejs/db"),
        ("layers/common/db.js", "/opt/nodejs/db"),
        ("backend/dbLayer/db/index.js", "/opt/db"),
        ("functions/tablesLayerOne/opt/stores/db.js", "/opt/stores/db.js"),
    ],
)
def test_the_source_of_a_layer_by_what_its_directory_is_called(
    tmp_path: Path, place: str, specifier: str
) -> None:
    files = {place: DB, "services/api/src/app.js": imports(specifier)}
    assert called(tmp_path, files) == ({PUT}, [])


def test_a_path_of_a_layer_that_is_chosen(tmp_path: Path) -> None:
    source = """
const { save } = require(process.env.AWS_REGION ? "/opt/stores/db" : "../../missing/db");
exports.handler = async (event) => save(event);
"""
    files = {"ourLayer/opt/stores/db.js": DB, "services/api/src/app.js": source}
    assert called(tmp_path, files) == ({PUT}, ["`../../missing/db`: it is not among the function's files"])


@pytest.mark.parametrize(
    "places",
    [
        ["layers/a/nodejs/db.js", "layers/b/nodejs/db.js"],
        ["shared/nodejs/db.js"],
        ["layers/a/other/deep/db.js"],
    ],
    ids=["two", "no layer", "deeper"],
)
def test_a_layer_that_may_be_another_is_told(tmp_path: Path, places: list[str]) -> None:
    files = {**dict.fromkeys(places, DB), "services/api/src/app.js": imports("/opt/nodejs/db")}
    actions, told = called(tmp_path, files)
    assert (actions, told) == (set(), ["`/opt/nodejs/db`: it is not in the function's layers"])
