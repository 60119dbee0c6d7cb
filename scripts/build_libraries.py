"""Writes ``docs/libraries.md``: which packages that call AWS by themselves are followed, and which are told.

Run by ``make docs``; ``tests/test_docs.py`` fails while the page is not what this would write.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from stockade.code.javascript import following, known
from stockade.code.python import known as python_known
from stockade.code.python import libraries

PAGE: Final = Path(__file__).parents[1] / "docs" / "libraries.md"

HEAD: Final = """\
# Packages that call AWS by themselves

Made by `make docs` from the tables in `src/stockade/code`. A function's source may call AWS without a client
of the SDK: a mapper to tables, a frame that is read from `s3://`, a transport for mail. Of a package that is
**followed** the calls that its rows know become needs, with the resources that its arguments name; what else
it may call is told. Of one that is **told** it is only known that it may use a service, so that nothing of
that service is said to be unused. In Python a package that is in no list is told as not followed; in
JavaScript one is noted, and told where its name is one of AWS's, or where a client is handed to it.
"""
SPELT_OUT: Final = {
    "python": {
        "awswrangler": ("athena", "dynamodb", "glue", "s3", "secretsmanager", "sts"),
        "dyntastic": ("dynamodb",),
        "pynamodb": ("dynamodb",),
        "sqlalchemy": ("athena", "rds-data", "secretsmanager"),
    },
    "javascript": {
        "@aws-lambda-powertools/*": ("appconfigdata", "dynamodb", "secretsmanager", "ssm", "xray"),
        "@aws-lite/client": ("any",),
        "@aws-sdk/lib-storage": ("s3",),
        "@aws/durable-execution-sdk-js": ("lambda",),
        "@middy/*": (
            "apigatewaymanagementapi",
            "appconfigdata",
            "dynamodb",
            "rds",
            "s3",
            "secretsmanager",
            "ssm",
            "sts",
        ),
        "ai": ("bedrock-runtime",),
        "aws-xray-sdk": ("xray",),
        "dynamo-types": ("dynamodb",),
        "dynamodb-toolbox": ("dynamodb",),
        "dynamoose": ("dynamodb",),
        "nestjs-dynamoose": ("dynamodb",),
    },
}
"""Packages that have code of their own instead of rows."""


def page() -> str:
    """What the page must hold."""
    python = {**libraries.followed(), **SPELT_OUT["python"]}
    javascript = {**following.packages(), **SPELT_OUT["javascript"]}
    told = {name: (service,) for name, service in known.ON_THEIR_OWN.items() if service != "-"}
    python_told = {name: (service,) for name, service in python_known.BY_THEMSELVES.items()}
    return "\n".join(
        [
            HEAD,
            "## Python: followed\n",
            *_table(python),
            "\n## Python: told where it is imported\n",
            *_table({name: one for name, one in python_told.items() if name not in python}),
            "\n## JavaScript and TypeScript: followed\n",
            *_table(javascript),
            "\n## JavaScript and TypeScript: told where it is imported\n",
            *_table({name: one for name, one in told.items() if name not in javascript}),
            "",
        ]
    )


def _table(packages: Mapping[str, Iterable[str]]) -> list[str]:
    rows = [
        f"| `{name}` | {', '.join(f'`{one}`' if one else 'any' for one in sorted(packages[name]))} |"
        for name in sorted(packages, key=lambda one: one.lstrip("@"))
    ]
    return ["| package | services |", "| --- | --- |", *rows]


def main() -> None:
    PAGE.write_text(page(), "utf-8")


if __name__ == "__main__":
    main()
