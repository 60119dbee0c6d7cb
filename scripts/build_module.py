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

A Terraform module (Terraform 1.5 or newer, OpenTofu; AWS provider 5.60 or newer) in which every item of the
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

The package is yours to build: `archive_file`, or a build step that puts only runtime files into it. Its
`source_code_hash` (or a new `s3_key` or `s3_object_version`) is how Terraform sees that it changed.
"""


def text() -> str:
    """What the page must hold."""
    example = (MODULE / "examples" / "minimal" / "main.tf").read_text()
    call = example[example.index('module "hello"') :].rstrip().replace('"../.."', '"./lambda"')
    lines = [HEAD.format(example=call), "## Inputs", "", "| | what | default |", "|---|---|---|"]
    for block, default, what in _declared("variables.tf"):
        lines.append(f"| `{block}` | {what} | {f'`{default}`' if default is not None else 'required'} |")
    lines += ["", "What an input's members are is in [variables.tf](variables.tf).", ""]
    lines += ["## Outputs", "", "| | what |", "|---|---|"]
    lines += [f"| `{block}` | {what} |" for block, _, what in _declared("outputs.tf")]
    return "\n".join(lines) + "\n"


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
