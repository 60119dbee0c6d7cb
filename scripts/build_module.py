"""Writes ``terraform/lambda/README.md`` from the module's own variables and outputs.

Run by ``make docs``; ``tests/test_docs.py`` fails while the page is not what this would write.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from stockade.read.terraform.syntax import parse
from stockade.read.terraform.tree import Literal
from stockade.source import Source

MODULE = Path(__file__).parents[1] / "terraform" / "lambda"
PAGE = MODULE / "README.md"

HEAD = """\
# A hardened Lambda function

A Terraform module (Terraform 1.5 or newer, OpenTofu; AWS provider 5.70 or newer) in which every item of the
hardening checklist is the default, and leaving one out takes a written reason. This page is made from the
module by `make docs`.

```hcl
{example}
```

- **A role of its own**: the function's log group, traces, and what `permissions` names. No `*` for an action,
  and none for a resource that has a name. The plan shows the whole policy before anything exists.
- **Callers by their ARN**: triggers have a mandatory `source_arn`; a URL asks for signed requests, an API for
  a JWT or signed requests, and throttles. Anything public needs a reason, which becomes a tag.
- **Secrets by ARN**: the environment holds what points at them, [`stockade-runtime`](../../runtime/README.md)
  fetches them. A password in `environment` is refused.
- **Reserved concurrency** is a number or a written reason; **alarms** on the share of failing invocations and
  on an unusual number of them tell somebody, or somebody wrote down who looks.
- **Logs** end after 90 days, in JSON; **tracing** is active; **runtimes** are current ones; **images** are
  named by digest.

[examples/complete](examples/complete/main.tf) has everything: an API, a queue, a table, a secret, a schedule,
keys, code signing.

The provider knows the runtimes of its day: `python3.14`, `nodejs24.x` and `java25` since 6.21. The module's own
tests (`terraform test`) need Terraform 1.7 or OpenTofu 1.8; using it does not.

## The package

Its `source_code_hash` (or a new `s3_key` or `s3_object_version`) is how Terraform sees that it changed.
[modules/package](modules/package/main.tf) makes a zip of a directory (`archive_file`, provider 2.5 or newer)
without what no function runs: the repository's history, `.env` files, keys, Terraform's state, tests, caches,
virtual environments. `stockade scan` reads it as well.

```hcl
{packaged}
```

A build step of your own does as well, if it puts only runtime files into the zip.
"""

PACKAGED = """\
module "package" {
  source = "./lambda/modules/package"

  source_dir  = "${path.module}/build"
  output_path = "${path.module}/dist/hello.zip"
}

module "hello" {
  source  = "./lambda"
  package = module.package.package
  # ...
}"""


def text() -> str:
    """What the page must hold."""
    example = (MODULE / "examples" / "minimal" / "main.tf").read_text()
    call = example[example.index('module "hello"') :].rstrip().replace('"../.."', '"./lambda"')
    lines = [HEAD.format(example=call, packaged=PACKAGED), *_inputs("modules/package/variables.tf"), ""]
    lines += ["## Inputs", "", *_inputs("variables.tf"), ""]
    lines += ["What an input's members are is in [variables.tf](variables.tf).", ""]
    lines += ["## Outputs", "", "| | what |", "|---|---|"]
    lines += [f"| `{block}` | {what} |" for block, _, what in _declared("outputs.tf")]
    return "\n".join(lines) + "\n"


def _inputs(file: str) -> Iterator[str]:
    """A table of the variables of a file."""
    yield from ("| | what | default |", "|---|---|---|")
    for name, default, what in _declared(file):
        yield f"| `{name}` | {what} | {f'`{default}`' if default is not None else 'required'} |"


def _declared(file: str) -> Iterator[tuple[str, str | None, str]]:
    """Each declaration's name, its default as it is written, and its description."""
    source = Source(f"terraform/lambda/{file}", (MODULE / file).read_bytes())
    for block in parse(source).body.blocks:
        said = block.body.attributes
        default, what = said.get("default"), said["description"].value
        shown = " ".join(source.text[default.value.start : default.value.end].split()) if default else None
        yield block.labels[0], shown, str(what.value) if isinstance(what, Literal) else ""


def main() -> None:
    PAGE.write_text(text())


if __name__ == "__main__":
    main()
