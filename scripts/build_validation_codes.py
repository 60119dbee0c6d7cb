"""Writes ``docs/iam/validation-codes.md``: every code of Access Analyzer's validation, and what we say of it.

Run by ``make docs``; ``tests/test_docs.py`` fails while the page is not what this would write.
"""

from __future__ import annotations

from pathlib import Path

from stockade.iam.catalog import Catalog
from stockade.iam.validate import Kind, Type, codes

PAGE = Path(__file__).parents[1] / "docs" / "iam" / "validation-codes.md"

HEAD = """\
# Validation codes

Made by `make docs` from `src/stockade/iam/data/validation_codes.tsv`. Every code of the [reference of IAM
Access Analyzer's policy checks][reference] as it stood in October 2026, in its order, and at the end of the
errors what it listed once; what each means is in our words. *Said of* are the kinds of documents for which
`stockade iam validate` and the control `invalid-policy` give it, offline; [validation.md](validation.md) says
how well that agrees with AWS. Where nothing stands, the last column says why.

[reference]: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html
"""

TITLES = {
    Type.ERROR: "Errors",
    Type.SECURITY_WARNING: "Security warnings",
    Type.WARNING: "Warnings",
    Type.SUGGESTION: "Suggestions",
}


def text() -> str:
    """What the page must hold."""
    every = codes().values()
    decided = sum(bool(one.kinds) for one in every)
    out = [
        HEAD,
        f"{decided} of {len(every)} codes are decided offline, with actions, condition keys and ARNs as of "
        f"{Catalog.load().date}.",
    ]
    for type in reversed(Type):
        out.append(f"\n## {TITLES[type]}\n")
        out.append("| code | what it means | said of | not decided, and why |\n| --- | --- | --- | --- |")
        for one in every:
            if one.type is type:
                kinds = "all" if len(one.kinds) == len(Kind) else ", ".join(kind.value for kind in one.kinds)
                out.append(f"| `{one.name}` | {one.meaning} | {kinds} | {one.why} |")
    return "\n".join(out) + "\n"


def main() -> None:
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(text())


if __name__ == "__main__":
    main()
