"""What an input says of code leads to the files that ship: every way of every tool that packs."""

from __future__ import annotations

import io
import json
import tarfile
import zipfile
from pathlib import Path

import pytest

from stockade.model.package import Form, Package
from stockade.read.inputs import Options, read_all
from stockade.read.package.globs import fits
from stockade.value import Known, Unknown, Value


def project(folder: Path, files: dict[str, str | bytes]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def packages(folder: Path, given: dict[str, Path] | None = None) -> list[Value[Package]]:
    options = Options(folder, {}, (), {}, None, given or {})
    return [
        one.world.shelf.package_of(function)
        for one in read_all([folder], options, lambda *_: None)
        for function in one.world.functions
    ]


def package(folder: Path, given: dict[str, Path] | None = None) -> Package:
    (found,) = packages(folder, given)
    assert isinstance(found, Known), found.reason
    return found.value


def reason(folder: Path) -> str:
    (found,) = packages(folder)
    assert isinstance(found, Unknown)
    return found.reason


FUNCTION = """
resource "aws_lambda_function" "f" {
  function_name = "f"
  role          = "arn:aws:iam::123456789012:role/f"
  handler       = "app.handler"
  runtime       = "python3.13"
  %s
}
"""


def archive_of(arguments: str, filename: str = "filename = data.archive_file.a.output_path") -> str:
    return (
        f'data "archive_file" "a" {{\n  type = "zip"\n  output_path = "out.zip"\n{arguments}\n}}\n'
        + FUNCTION % filename
    )


FILES: dict[str, str | bytes] = {
    "src/app.py": "x = 1\n",
    "src/lib/a.py": "",
    "src/lib/deep/b.md": "",
    "src/tests/t.py": "",
    "src/README.md": "",
}


@pytest.mark.parametrize(
    ("excludes", "left"),
    [
        ("[]", ["README.md", "app.py", "lib/a.py", "lib/deep/b.md", "tests/t.py"]),
        ('["tests"]', ["README.md", "app.py", "lib/a.py", "lib/deep/b.md"]),
        ('["tests/t.py", "README.md"]', ["app.py", "lib/a.py", "lib/deep/b.md"]),
        ('["*.md"]', ["app.py", "lib/a.py", "lib/deep/b.md", "tests/t.py"]),
        ('["**/*.md"]', ["app.py", "lib/a.py", "tests/t.py"]),
        ('["lib/**"]', ["README.md", "app.py", "tests/t.py"]),
        ('["{lib,tests}/**", "README*"]', ["app.py"]),
    ],
)
def test_an_archive_of_a_directory_and_what_it_excludes(tmp_path: Path, excludes: str, left: list[str]) -> None:
    main = archive_of(f'  source_dir = "${{path.module}}/src"\n  excludes = {excludes}')
    found = package(project(tmp_path, {**FILES, "main.tf": main}))
    assert list(found) == left
    assert (found.form, found.tool, found.path) == (Form.DIRECTORY, "archive_file", "src")
    assert found.read("app.py").path == "src/app.py"
    assert found.excluded > 0 or excludes == "[]"


def test_an_archive_of_a_file_and_of_texts(tmp_path: Path) -> None:
    one = package(project(tmp_path / "one", {**FILES, "main.tf": archive_of('  source_file = "src/app.py"')}))
    assert list(one) == ["app.py"]
    blocks = '  source {\n    filename = "b/x.py"\n    content = file("src/app.py")\n  }\n'
    blocks += '  source {\n    filename = "y.txt"\n    content = "hello"\n  }'
    two = package(project(tmp_path / "two", {**FILES, "main.tf": archive_of(blocks)}))
    assert {path: two.read(path).data for path in two} == {"b/x.py": b"x = 1\n", "y.txt": b"hello"}
    assert two.read("b/x.py").path == "src/app.py"


def test_the_path_of_an_archive_says_which_it_is(tmp_path: Path) -> None:
    main = archive_of('  source_dir = "src"', 'filename = "${path.module}/out.zip"')
    assert "app.py" in package(project(tmp_path, {**FILES, "main.tf": main}))


def test_an_object_in_s3_leads_to_its_file(tmp_path: Path) -> None:
    stored = """
resource "aws_s3_object" "o" {
  bucket = "artifacts"
  key    = "f.zip"
  source = data.archive_file.a.output_path
}
"""
    for key in ("aws_s3_object.o.key", '"f.zip"'):
        main = archive_of('  source_dir = "src"', f's3_bucket = "artifacts"\n  s3_key = {key}') + stored
        assert "app.py" in package(project(tmp_path / str(len(key)), {**FILES, "main.tf": main}))


def zipped(**files: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, content in files.items():
            made.writestr(name.replace("__", "."), content)
    return out.getvalue()


def test_a_zip_that_is_there_is_read(tmp_path: Path) -> None:
    main = FUNCTION % 'filename = "${path.module}/f.zip"'
    found = package(project(tmp_path, {"main.tf": main, "f.zip": zipped(app__py="y = 2")}))
    assert (found.form, found.read("app.py").data) == (Form.ARCHIVE, b"y = 2")


@pytest.mark.parametrize(
    ("says", "why"),
    [
        ('filename = "f.zip"', "something builds it"),
        ('filename = "../../elsewhere.zip"', "outside the scanned tree"),
        ('s3_bucket = "b"\n  s3_key = "k"', "kept in S3"),
        (
            'package_type = "Image"\n  image_uri = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/f:1"',
            "container image",
        ),
        ("filename = var.zip", "`zip` has no default"),
    ],
)
def test_what_is_not_there_is_unknown_with_the_reason(tmp_path: Path, says: str, why: str) -> None:
    main = 'variable "zip" {}\n' + FUNCTION % says
    assert why in reason(project(tmp_path, {"main.tf": main}))


def test_a_file_that_is_no_zip_is_told(tmp_path: Path) -> None:
    main = FUNCTION % 'filename = "f.zip"'
    assert "no zip" in reason(project(tmp_path, {"main.tf": main, "f.zip": b"nothing"}))


def test_a_user_says_where_packages_lie(tmp_path: Path) -> None:
    main = FUNCTION % 'filename = "f.zip"'
    folder = project(tmp_path / "project", {"main.tf": main})
    elsewhere = tmp_path / "built.zip"
    elsewhere.write_bytes(zipped(app__py=""))
    for name in ("f", "aws_lambda_function.f", "*"):
        assert list(package(folder, {name: elsewhere})) == ["app.py"]
    assert "something builds it" in reason(folder)


MODULE = """
module "f" {
  source        = "./modules/lambda"
  function_name = "f"
  source_path   = %s
}
"""
CALLED = """
variable "source_path" { default = null }
variable "function_name" {}
resource "aws_lambda_function" "this" {
  function_name = var.function_name
  role          = "arn:aws:iam::123456789012:role/f"
  handler       = "app.handler"
  runtime       = "python3.13"
  filename      = data.external.prepared.result.filename
}
"""


@pytest.mark.parametrize(
    ("source", "left"),
    [
        ('"src"', ["README.md", "app.py", "lib/a.py", "lib/deep/b.md", "tests/t.py"]),
        ('"src/app.py"', ["app.py"]),
        ('[{ path = "src", patterns = ["!.*", "app\\\\.py"] }]', ["app.py"]),
        (
            '[{ path = "src/lib", prefix_in_zip = "vendored" }, "src/app.py"]',
            ["app.py", "vendored/a.py", "vendored/deep/b.md"],
        ),
    ],
)
def test_the_source_of_the_lambda_module(tmp_path: Path, source: str, left: list[str]) -> None:
    files = {**FILES, "main.tf": MODULE % source, "modules/lambda/main.tf": CALLED}
    found = package(project(tmp_path, files))
    assert list(found) == left
    assert found.tool == "module"


SAM = """Transform: AWS::Serverless-2016-10-31
Resources:
  F:
    Type: AWS::Serverless::Function
    Metadata: %s
    Properties:
      Runtime: %s
      Handler: app.handler
      CodeUri: src
"""


@pytest.mark.parametrize(
    ("metadata", "runtime", "more", "form", "copied"),
    [
        ("{}", "python3.13", {}, Form.DIRECTORY, True),
        ("{}", "python3.13", {"src/requirements.txt": "a==1\n"}, Form.SOURCE, True),
        ("{}", "nodejs22.x", {"src/requirements.txt": "a==1\n"}, Form.DIRECTORY, True),
        ("{BuildMethod: esbuild}", "nodejs22.x", {"src/package.json": "{}"}, Form.SOURCE, False),
        ("{BuildMethod: makefile}", "provided.al2023", {}, Form.SOURCE, False),
        ("{}", "java21", {"src/pom.xml": "<project/>"}, Form.SOURCE, False),
    ],
)
def test_what_sam_builds_and_what_it_copies(
    tmp_path: Path, metadata: str, runtime: str, more: dict[str, str | bytes], form: Form, copied: bool
) -> None:
    found = package(project(tmp_path, {**FILES, **more, "template.yaml": SAM % (metadata, runtime)}))
    assert (found.form, found.copied, found.tool) == (form, copied, found.tool)
    assert bool(found.built) == (form is Form.SOURCE)


def test_source_in_a_template(tmp_path: Path) -> None:
    template = """Resources:
  F:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: nodejs22.x
      Role: arn:aws:iam::123456789012:role/f
      Handler: index.handler
      Code:
        ZipFile: exports.handler = async () => 1;
"""
    found = package(project(tmp_path, {"template.yaml": template}))
    assert (found.form, list(found)) == (Form.INLINE, ["index.js"])
    assert found.read("index.js").data == b"exports.handler = async () => 1;"


def test_staged_assets_of_the_cdk(tmp_path: Path) -> None:
    template = {
        "Resources": {
            "F": {
                "Type": "AWS::Lambda::Function",
                "Properties": {
                    "Code": {"S3Bucket": "cdk-assets", "S3Key": "abc.zip"},
                    "Role": "arn:aws:iam::123456789012:role/f",
                    "Runtime": "python3.13",
                    "Handler": "app.handler",
                },
                "Metadata": {"aws:asset:path": "asset.abc"},
            }
        }
    }
    files: dict[str, str | bytes] = {
        "cdk.out/Stack.template.json": json.dumps(template),
        "cdk.out/manifest.json": "{}",
        "cdk.out/asset.abc/app.py": "x = 1",
    }
    found = package(project(tmp_path, files))
    assert (found.tool, list(found)) == ("cdk", ["app.py"])


SERVERLESS = """service: demo
provider: {name: aws, runtime: python3.13}
%s
functions:
  hello:
    handler: src/app.handler
"""


@pytest.mark.parametrize(
    ("says", "left"),
    [
        ("", ["src/README.md", "src/app.py", "src/lib/a.py", "src/lib/deep/b.md", "src/tests/t.py"]),
        ("package: {patterns: ['!src/tests/**', '!**/*.md']}", ["src/app.py", "src/lib/a.py"]),
        ("package: {patterns: ['!**', 'src/*.py']}", ["src/app.py"]),
        ("package: {exclude: ['src/**'], include: ['src/app.py']}", ["src/app.py"]),
    ],
)
def test_what_the_serverless_framework_packs(tmp_path: Path, says: str, left: list[str]) -> None:
    files = {**FILES, "serverless.yml": SERVERLESS % says, ".git/HEAD": "", ".serverless/x.zip": ""}
    found = package(project(tmp_path, files))
    assert list(found) == left
    assert found.tool == "serverless"


def test_the_serverless_framework_leaves_out_what_is_for_development(tmp_path: Path) -> None:
    lock = {
        "lockfileVersion": 3,
        "packages": {
            "node_modules/kept": {"version": "1.0.0"},
            "node_modules/jest": {"version": "29.0.0", "dev": True},
        },
    }
    files: dict[str, str | bytes] = {
        "serverless.yml": SERVERLESS % "",
        "package.json": '{"dependencies": {"kept": "^1.0.0"}, "devDependencies": {"jest": "^29.0.0"}}',
        "package-lock.json": json.dumps(lock),
        "node_modules/kept/package.json": '{"name": "kept", "version": "1.0.0"}',
        "node_modules/jest/package.json": '{"name": "jest", "version": "29.0.0"}',
    }
    folder = project(tmp_path, files)
    (one,) = read_all([folder], Options(folder, {}, (), {}), lambda *_: None)
    found = package(folder)
    assert found.built
    assert [each.name for each in one.world.shelf.components_of(found)] == ["kept"]


def test_a_plugin_that_bundles_says_that_this_is_its_source(tmp_path: Path) -> None:
    found = package(
        project(tmp_path, {**FILES, "serverless.yml": SERVERLESS % "plugins: [serverless-esbuild]"})
    )
    assert (found.form, found.copied) == (Form.SOURCE, False)
    assert "serverless-esbuild" in found.built


def test_patterns_take_nothing_from_what_is_bundled(tmp_path: Path) -> None:
    says = "plugins: [serverless-esbuild]\npackage: {individually: true, patterns: ['!*/**', '!src/**']}"
    found = package(project(tmp_path, {**FILES, "serverless.yml": SERVERLESS % says}))
    assert "src/app.py" in list(found)


def test_layers_of_the_same_input(tmp_path: Path) -> None:
    main = (
        """
resource "aws_lambda_layer_version" "l" {
  layer_name = "l"
  filename   = "layer.zip"
}
"""
        + FUNCTION
        % """filename = "f.zip"
  layers = [aws_lambda_layer_version.l.arn, "arn:aws:lambda:eu-west-1:1:layer:x:3"]"""
    )
    files: dict[str, str | bytes] = {
        "main.tf": main,
        "f.zip": zipped(app__py=""),
        "layer.zip": zipped(python=""),
    }
    options = Options(project(tmp_path, files), {}, (), {})
    (one,) = read_all([tmp_path], options, lambda *_: None)
    first, second = one.world.shelf.layers_of(one.world.functions[0])
    assert isinstance(first, Known)
    assert list(first.value) == ["python"]
    assert isinstance(second, Unknown)


# ------------------------------------------------------------------------------------------- images


def tar(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as made:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            made.addfile(info, io.BytesIO(content))
    return out.getvalue()


LOWER = {
    "var/task/app.py": b"old",
    "var/task/gone.py": b"",
    "var/task/lib/x.py": b"",
    "var/lang/lib/python3.13/site-packages/kept-1.0.dist-info/METADATA": b"Name: kept\nVersion: 1.0\n",
    "etc/os-release": b"",
}
UPPER = {
    "var/task/app.py": b"new",
    "var/task/.wh.gone.py": b"",
    "var/task/lib/.wh..wh..opq": b"",
    "var/task/lib/y.py": b"",
}


def saved_by_docker() -> bytes:
    manifest = [{"Config": "c.json", "RepoTags": ["f:1"], "Layers": ["one/layer.tar", "two/layer.tar"]}]
    return tar(
        {
            "manifest.json": json.dumps(manifest).encode(),
            "one/layer.tar": tar(LOWER),
            "two/layer.tar": tar(UPPER),
        }
    )


def layout(folder: Path) -> Path:
    blobs = {"aa": tar(LOWER), "bb": tar(UPPER)}
    layers = [{"digest": f"sha256:{name}"} for name in blobs]
    files: dict[str, str | bytes] = {f"blobs/sha256/{name}": content for name, content in blobs.items()}
    files["blobs/sha256/cc"] = json.dumps({"layers": layers})
    files["index.json"] = json.dumps({"manifests": [{"digest": "sha256:cc"}]})
    files["oci-layout"] = '{"imageLayoutVersion": "1.0.0"}'
    return project(folder, files)


def test_saved_images_are_read_layer_over_layer(tmp_path: Path) -> None:
    uri = 'package_type = "Image"\n  image_uri = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/f:1"'
    folder = project(tmp_path / "project", {"main.tf": FUNCTION % uri})
    saved = tmp_path / "image.tar"
    saved.write_bytes(saved_by_docker())
    for given in (saved, layout(tmp_path / "oci")):
        found = package(folder, {"f": given})
        assert found.form is Form.IMAGE
        assert {path for path in found if "/" not in path or path.startswith("lib/")} == {"app.py", "lib/y.py"}
        assert found.read("app.py").data == b"new"
        options = Options(folder, {}, (), {}, None, {"f": given})
        (one,) = read_all([folder], options, lambda *_: None)
        assert [each.name for each in one.world.shelf.components_of(package(folder, {"f": given}))] == ["kept"]


@pytest.mark.parametrize(
    "broken",
    [b"", b"\x1f\x8bnothing", tar({"manifest.json": b"[]"}), tar({"x": b""}), saved_by_docker()[:9000]],
)
def test_broken_images_are_told(tmp_path: Path, broken: bytes) -> None:
    folder = project(tmp_path / "project", {"main.tf": FUNCTION % 'package_type = "Image"\n  image_uri = "x"'})
    saved = tmp_path / "image.tar"
    saved.write_bytes(broken)
    (found,) = packages(folder, {"f": saved})
    assert isinstance(found, Unknown)


@pytest.mark.parametrize(
    ("glob", "path", "fit"),
    [
        ("**", "a/b", True),
        ("*", "a/b", False),
        ("a/**", "a/b/c", True),
        ("**/c", "c", True),
        ("**/c", "a/b/c", True),
        ("a?c", "abc", True),
        ("[ab].py", "b.py", True),
        ("[!ab].py", "b.py", False),
        ("{a,b}/*.js", "b/x.js", True),
        ("./a", "a", True),
        ("a.b", "axb", False),
    ],
)
def test_globs(glob: str, path: str, fit: bool) -> None:
    assert fits(glob)(path) is fit


def test_a_glob_that_would_hang_others_does_not() -> None:
    assert not fits("**/" * 200 + "x")("a/" * 5_000 + "y")
    assert not fits("*" * 1_900 + "b")("a" * 50_000)


def test_a_directory_that_is_not_there_says_nothing_of_others(tmp_path: Path) -> None:
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr("app.py", "")
    names = ("build/a.zip", "build/b.zip", "dist/c.zip", "../out/d.zip", "build/../dist/c.zip", "./build/a.zip")
    text = "".join(
        FUNCTION.replace('"f"', f'"f{number}"', 2) % f'filename = "{name}"' for number, name in enumerate(names)
    )
    found = packages(project(tmp_path / "project", {"main.tf": text, "dist/c.zip": zipped.getvalue()}))
    told = [one.reason if isinstance(one, Unknown) else None for one in found]
    absent = told[0]
    assert absent is not None
    assert told == [absent, absent, None, "the package lies outside the scanned tree", told[4], absent]
    assert told[4] in (None, absent)  # as the system has it: some go through a directory that is not there
