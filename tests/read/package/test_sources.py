"""The source of packages that are built first: found where one file can be meant, not where several can."""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import dedent

import pytest

from stockade.model.package import ABSENT, Form, Package
from stockade.needs.enrich import enriched
from stockade.read import looked
from stockade.read.files import Tree
from stockade.read.inputs import Input, Options, read_all
from stockade.read.package.sources import Sources
from stockade.value import Known, Unknown, Value

PYTHON = "def handler(event, context):\n    return event\n"
SCRIPT = """
import { SQSClient, SendMessageCommand } from "@aws-sdk/client-sqs";
import { url } from "../shared/urls";
const queues = new SQSClient({});
export const handler = async () => queues.send(new SendMessageCommand({ QueueUrl: url, MessageBody: "b" }));
"""
JAVA = "package a.b;\npublic class App { public String handleRequest(String input) { return input; } }\n"
GO = "package main\n\nfunc main() {}\n"


def terraform(filename: str, handler: str, runtime: str) -> str:
    return dedent(f"""
        resource "aws_lambda_function" "f" {{
          function_name = "f"
          role          = "arn:aws:iam::123456789012:role/f"
          filename      = "{filename}"
          handler       = "{handler}"
          runtime       = "{runtime}"
        }}
        """)


def scanned(folder: Path, files: dict[str, str]) -> Input:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    (folder / ".git").mkdir(exist_ok=True)
    (found,) = read_all([folder / "infra"], Options(folder, {}, (), {}), lambda *_: None)
    return found


def package(folder: Path, files: dict[str, str]) -> Value[Package]:
    world = scanned(folder, files).world
    assert world.shelf is not None
    return world.shelf.package_of(world.functions[0])


FOUND = {
    "a zip beside its source": ("../fn/out.zip", "app.handler", "python3.13", {"fn/app.py": PYTHON}, "fn"),
    "a directory beside its source": (
        "../fn/build/x.zip",
        "app.handler",
        "python3.13",
        {"fn/app.py": PYTHON},
        "fn",
    ),
    "source in `src` beside it": (
        "../fn/dist/x.zip",
        "app.handler",
        "python3.13",
        {"fn/src/app.py": PYTHON},
        "fn/src",
    ),
    "a zip that a directory is named after": (
        "../dist/api-orders.zip",
        "main.handler",
        "python3.13",
        {"fns/orders/main.py": PYTHON, "fns/carts/main.py": PYTHON, "fns/api_orders/main.py": PYTHON},
        "fns/api_orders",
    ),
    "named after two directories": (
        "../dist/users-read.zip",
        "main.handler",
        "python3.13",
        {"api/users/read/main.py": PYTHON, "api/items/read/main.py": PYTHON},
        "api/users/read",
    ),
    "the only file of a name of its own": (
        "../dist/x.zip",
        "order_events.handler",
        "python3.13",
        {"a/b/order_events.py": PYTHON, "a/order.py": PYTHON},
        "a/b",
    ),
    "a handler in a folder of its source": (
        "../dist/x.zip",
        "fns.orders.handler",
        "python3.13",
        {"code/fns/orders.py": PYTHON},
        "code",
    ),
    "what TypeScript compiles": (
        "../app/dist/fns/x.zip",
        "orders.handler",
        "nodejs22.x",
        {
            "app/tsconfig.json": '{ // to\n "compilerOptions": {"outDir": "./dist", "rootDir": "source",}, }',
            "app/source/fns/orders.ts": SCRIPT,
            "app/source/old/orders.ts": SCRIPT,
        },
        "app/source/fns",
    ),
    "what TypeScript compiles by settings that others extend": (
        "../app/dist/fns/x.zip",
        "orders.handler",
        "nodejs22.x",
        {
            "app/tsconfig.json": '{"extends": "./config/base", "compilerOptions": {"strict": true}}',
            "app/config/base.json": '{"compilerOptions": {"outDir": "../dist", "rootDir": "../source"}}',
            "app/source/fns/orders.ts": SCRIPT,
            "app/source/old/orders.ts": SCRIPT,
        },
        "app/source/fns",
    ),
    "the file that a bundler begins with": (
        "../app/dist.zip",
        "index.handler",
        "nodejs22.x",
        {
            "app/package.json": json.dumps(
                {"scripts": {"build": "tsc --noEmit && ncc build src/start.ts -o dist"}}
            ),
            "app/src/start.ts": SCRIPT,
        },
        "app/src",
    ),
    "a module of Java": (
        "../jobs/target/jobs-1.0.jar",
        "a.b.App::handleRequest",
        "java21",
        {"jobs/src/main/java/a/b/App.java": JAVA, "jobs/pom.xml": "<project/>"},
        "jobs",
    ),
    "a program in Go": (
        "../bin/send.zip",
        "bootstrap",
        "provided.al2023",
        {"cmd/send/main.go": GO, "cmd/reply/main.go": GO, "go.mod": "module m\n"},
        "cmd/send",
    ),
}


@pytest.mark.parametrize("case", FOUND)
def test_one_file_can_be_meant(tmp_path: Path, case: str) -> None:
    filename, handler, runtime, files, where = FOUND[case]
    found = package(tmp_path, {"infra/main.tf": terraform(filename, handler, runtime), **files})
    assert isinstance(found, Known), found.reason
    assert (found.value.path, found.value.form, found.value.copied) == (where, Form.SOURCE, False)
    assert f"`{where}`" in found.value.built


NOT_FOUND = {
    "two of one name": ("../dist/x.zip", "orders.handler", {"a/orders.py": PYTHON, "b/orders.py": PYTHON}),
    "a common name far away": ("../dist/x.zip", "main.handler", {"a/main.py": PYTHON}),
    "a file without such a function": ("../fn/x.zip", "app.other", {"fn/app.py": PYTHON}),
    "a test of that name": ("../dist/x.zip", "order_events.handler", {"tests/order_events.py": PYTHON}),
    "installed for another": (
        "../dist/x.zip",
        "order_events.handler",
        {"a/node_modules/order_events.py": PYTHON},
    ),
    "another project's": (
        "../one/dist/x.zip",
        "order_events.handler",
        {"one/README.md": "", "two/order_events.py": PYTHON},
    ),
    "outside of the repository": ("../../fn/x.zip", "app.handler", {"fn/app.py": PYTHON}),
}


@pytest.mark.parametrize("case", NOT_FOUND)
def test_none_or_several_can_be_meant(tmp_path: Path, case: str) -> None:
    filename, handler, files = NOT_FOUND[case]
    found = package(tmp_path / "repo", {"infra/main.tf": terraform(filename, handler, "python3.13"), **files})
    assert isinstance(found, Unknown)


@pytest.mark.parametrize("case", ["what TypeScript compiles", "the file that a bundler begins with"])
def test_what_the_source_refers_to_outside_of_its_directory_is_read(tmp_path: Path, case: str) -> None:
    filename, handler, runtime, files, _ = FOUND[case]
    root = "app/source/shared" if "TypeScript" in case else "app/shared"
    more = {f"{root}/urls.ts": "export const url = process.env.QUEUE;\n", "app/package.json": "{}"} | files
    read = scanned(tmp_path, {"infra/main.tf": terraform(filename, handler, runtime), **more})
    (needs,) = enriched(read.world).needs
    assert [one.action for one in needs.learned.needed if one.action.startswith("sqs")] == ["sqs:SendMessage"]
    assert needs.learned.is_whole


def test_several_functions_of_one_bundle_have_handlers_of_their_own(tmp_path: Path) -> None:
    both = "export const take = 1;\nexport async function give() {}\n"
    files = {
        "infra/main.tf": terraform("../app/x.zip", "index.take", "nodejs22.x")
        + terraform("../app/x.zip", "index.give", "nodejs22.x").replace('"f"', '"g"'),
        "app/package.json": json.dumps({"scripts": {"b": "esbuild --bundle src/all.ts --outfile=index.js"}}),
        "app/src/all.ts": both,
    }
    world = scanned(tmp_path, files).world
    assert world.shelf is not None
    made = [world.shelf.package_of(one) for one in world.functions]
    assert [one.value.handler for one in made if isinstance(one, Known)] == ["all.take", "all.give"]


WEBPACK = """
// entry: "./src/old.ts"
module.exports = (env) => ({
  mode: "production",
  entry: %s,
  output: { filename: "[name].js" },
});
"""
PROGRAMS = {
    "a text": ("webpack.config.js", WEBPACK % '"./src/start.ts"', "src/start.ts"),
    "a path that is joined": (
        "webpack.config.ts",
        WEBPACK % 'path.resolve(__dirname, "src", "start.ts")',
        "src/start.ts",
    ),
    "the entry that the handler's file is called after": (
        "webpack.config.cjs",
        WEBPACK % '{ index: "./src/start.ts", other: "./src/other.ts", }',
        "src/start.ts",
    ),
    "the entry that the package is called after": (
        "webpack.config.mjs",
        WEBPACK % "{ job: ['./src/start.ts'], \"other\": './src/other.ts' }",
        "src/start.ts",
    ),
    "a script that calls esbuild": (
        "esbuild.mjs",
        "import { build } from 'esbuild';\nawait build({ entryPoints: ['src/start.ts'], bundle: true });\n",
        "src/start.ts",
    ),
    "a library of vite's": (
        "vite.config.ts",
        "export default defineConfig({ build: { lib: { entry: 'src/start.ts', formats: ['es'] } } });",
        "src/start.ts",
    ),
    "rollup": (
        "rollup.config.js",
        "export default { input: 'src/start.ts', output: { dir: 'dist' } };",
        "src/start.ts",
    ),
    "tsup": ("tsup.config.ts", 'export default defineConfig({\n  entry: ["src/start.ts"]\n});', "src/start.ts"),
    "several, and none of the name": (
        "webpack.config.js",
        WEBPACK % '{ a: "./src/start.ts", b: "./src/other.ts" }',
        None,
    ),
    "a pattern": ("esbuild.js", "build({ entryPoints: ['src/*.ts'] });", None),
    "a variable": ("esbuild.js", "build({ entryPoints: files });", None),
    "one of the texts is made": ("esbuild.js", "build({ entryPoints: ['src/start.ts', name + '.ts'] });", None),
    "more is added": ("webpack.config.js", WEBPACK % '["./src/start.ts"].concat(more)', None),
    "a file out of the repository": ("esbuild.js", "build({ entryPoints: ['../../../start.ts'] });", None),
    "in a comment only": ("webpack.config.js", "/* { entry: './src/start.ts' } */ module.exports = {};", None),
    "cut short": ("webpack.config.js", "module.exports = { entry: ['./src/start.ts', ", None),
}


@pytest.mark.parametrize("case", PROGRAMS)
def test_what_bundlers_begin_with_by_their_own_settings(tmp_path: Path, case: str) -> None:
    name, program, where = PROGRAMS[case]
    files = {
        "infra/main.tf": terraform("../app/dist/job.zip", "index.handler", "nodejs22.x"),
        "app/package.json": json.dumps({"scripts": {"build": "node build"}}),
        f"app/{name}": program,
        "app/src/start.ts": SCRIPT,
        "app/src/other.ts": SCRIPT,
    }
    (tmp_path / "start.ts").write_text(SCRIPT)
    found = package(tmp_path / "repo", files)
    if where is None:
        assert isinstance(found, Unknown)
    else:
        assert isinstance(found, Known), found.reason
        assert (found.value.path, found.value.handler) == ("app/src", "start.handler")
        assert f"as `{name}` says" in found.value.built


def test_an_artifact_of_a_service_that_is_built_first_is_found_by_its_handler(tmp_path: Path) -> None:
    service = dedent("""
        service: shop
        provider: {name: aws, runtime: python3.13}
        functions:
          f:
            handler: order_events.handler
            package: {artifact: out/f.zip}
        """)
    found = package(tmp_path, {"infra/serverless.yml": service, "infra/src/order_events.py": PYTHON})
    assert isinstance(found, Known), found.reason
    assert (found.value.path, found.value.absent) == ("infra/src", True)
    lost = package(tmp_path, {"infra/serverless.yml": service.replace("order_events", "app")})
    assert isinstance(lost, Unknown)
    assert lost.reason == ABSENT


def test_an_archive_of_what_a_build_writes_is_found_as_well(tmp_path: Path) -> None:
    archive = (
        'data "archive_file" "a" {\n  type = "zip"\n  source_dir = "../fn/build"\n  output_path = "o.zip"\n}\n'
    )
    text = terraform("x", "app.handler", "python3.13").replace('"x"', "data.archive_file.a.output_path")
    found = package(tmp_path, {"infra/main.tf": archive + text, "fn/app.py": PYTHON})
    assert isinstance(found, Known)
    assert found.value.path == "fn"


def test_modules_of_go_that_are_taken_from_beside_are_read(tmp_path: Path) -> None:
    send = dedent("""
        package main

        import (
            "context"

            "example.com/bot"
            "github.com/aws/aws-lambda-go/lambda"
            "github.com/aws/aws-sdk-go-v2/config"
        )

        func handle(ctx context.Context) {
            cfg, _ := config.LoadDefaultConfig(ctx)
            bot.Send(ctx, cfg)
        }

        func main() { lambda.Start(handle) }
        """)
    bot = dedent("""
        package bot

        import (
            "context"

            "github.com/aws/aws-sdk-go-v2/aws"
            "github.com/aws/aws-sdk-go-v2/service/sqs"
        )

        func Send(ctx context.Context, cfg aws.Config) {
            sqs.NewFromConfig(cfg).SendMessage(ctx, &sqs.SendMessageInput{})
        }
        """)
    files = {
        "infra/main.tf": terraform("../bin/send.zip", "bootstrap", "provided.al2023"),
        "go/send/go.mod": "module example.com/send\n\n// a => ../b\nreplace example.com/bot => ../bot\n",
        "go/send/main.go": send,
        "go/bot/go.mod": "module example.com/bot\n",
        "go/bot/bot.go": bot,
        "go/other/go.mod": "module example.com/other\n",
        "go/other/main.go": send,
    }
    (needs,) = enriched(scanned(tmp_path, files).world).needs
    assert [one.action for one in needs.learned.needed if one.action.startswith("sqs")] == ["sqs:SendMessage"]
    assert needs.learned.is_whole


def test_nothing_outside_of_the_tree_is_looked_into(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "app.py").write_text(PYTHON)
    (tmp_path / "outside" / "app.ts").write_text(SCRIPT)
    repo = tmp_path / "repo"
    linked = {"infra/main.tf": terraform("../fn/x.zip", "app.handler", "python3.13"), "fn/README": ""}
    scanned(repo, linked)
    (repo / "fn" / "app.py").symlink_to(tmp_path / "outside" / "app.py")
    assert isinstance(package(repo, linked), Unknown)
    for settings in (
        {"fn/tsconfig.json": json.dumps({"compilerOptions": {"outDir": "out", "rootDir": "../../outside"}})},
        {
            "fn/package.json": json.dumps(
                {"scripts": {"build": "esbuild ../../outside/app.ts --outfile=app.js"}}
            )
        },
    ):
        text = terraform("../fn/out", "app.handler", "nodejs22.x")
        assert isinstance(package(repo, {"infra/main.tf": text, **settings}), Unknown)


def test_who_asks_after_another_has_looked_at_the_same(tmp_path: Path) -> None:
    """What is found for one function is found for all that are built beside it, and so are the looks behind it:
    an answer that is kept hangs on them."""
    (tmp_path / "fn").mkdir()
    (tmp_path / "fn" / "app.py").write_text(PYTHON)
    sources = Sources(Tree(tmp_path, tmp_path))
    seen = []
    for name in ("a.zip", "b.zip"):
        with looked.noting() as looks:
            found = sources.of(tmp_path / "fn" / "build" / name, "app.handler", "python")
        assert found is not None and found.directory == tmp_path / "fn"
        seen.append(dict(looks))
    assert seen[0] == seen[1] != {}


@pytest.mark.parametrize("around", [{}, {"README.md": "another project"}], ids=["no file", "another project"])
def test_what_is_not_found_is_looked_for_once_more_by_nobody(tmp_path: Path, around: dict[str, str]) -> None:
    for name, text in around.items():
        (tmp_path / name).write_text(text)
    sources = Sources(Tree(tmp_path, tmp_path))
    seen = []
    for name in ("a.zip", "b.zip"):
        with looked.noting() as looks:
            assert sources.of(tmp_path / "build" / name, "app.handler", "python") is None
        seen.append(dict(looks))
    assert seen[0] == seen[1] != {}
