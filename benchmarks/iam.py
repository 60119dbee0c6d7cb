"""How fast the IAM engine decides and proves, on AWS's own managed policies, beside Z3 in the same run.

    python -m benchmarks.iam                                a minute or two
    python -m benchmarks.iam --write docs/iam/performance.md

Figures are processor time of this process, so that a busy machine stretches them little. Z3 is left out
where it is not installed.
"""

from __future__ import annotations

import argparse
import compileall
import json
import os
import platform
import random
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from stockade.iam.decide import Access
from stockade.iam.managed import managed, names
from stockade.iam.policy import Document, Statement, loads
from stockade.iam.request import Request, caller
from stockade.iam.symbolic import no_wider_than
from stockade.value import Known

T = TypeVar("T")
ROOT = Path(__file__).parents[1]
OURS = "111111111111"


def timed(work: Callable[[], T]) -> tuple[float, T]:
    """Seconds of processor time, and what came of it."""
    start = time.process_time()
    out = work()
    return time.process_time() - start, out


def yardstick() -> float:
    """Seconds that a million additions take here and now: what a figure of this page is to be read beside."""

    def additions() -> int:
        total = 0
        for number in range(1_000_000):
            total += number & 3
        return total

    return timed(additions)[0]


# ---------------------------------------------------------------------------------------- decisions


def twenty_statements(conditions: bool) -> dict[str, Any]:
    """A policy of twenty statements, as a service's role has it."""
    statements: list[dict[str, Any]] = []
    for number in range(20):
        statement: dict[str, Any] = {
            "Effect": "Deny" if number % 10 == 9 else "Allow",
            "Action": [f"s3:Get{number}*", "s3:GetObject", "dynamodb:*Item"][: 1 + number % 3],
            "Resource": [f"arn:aws:s3:::bucket-{number}/*", f"arn:aws:dynamodb:*:{OURS}:table/t{number}"],
        }
        if conditions and number % 4 == 0:
            statement["Condition"] = {
                "StringEquals": {"aws:PrincipalTag/team": ["red", "blue"]},
                "IpAddress": {"aws:SourceIp": "10.0.0.0/8"},
            }
        statements.append(statement)
    return {"Version": "2012-10-17", "Statement": statements}


def decisions(conditions: bool, count: int = 60_000) -> float:
    """Decisions a second by one compiled policy, over requests that are allowed, denied and unheard of."""
    engine = Access([loads(json.dumps(twenty_statements(conditions)))])
    me = caller(f"arn:aws:iam::{OURS}:role/app")
    context = {"aws:PrincipalTag/team": "red", "aws:SourceIp": "10.1.2.3"}
    requests = [
        Request(me, action, f"arn:aws:s3:::bucket-{number}/a/key", context, complete=True)
        for number in range(25)
        for action in ("s3:GetObject", "s3:Get7Things", "dynamodb:PutItem", "s3:PutObject")
    ]
    for one in requests:
        engine.decide(one)
    seconds, _ = timed(lambda: [engine.decide(one) for _ in range(count // len(requests)) for one in requests])
    return count / seconds


# -------------------------------------------------------------------------------------- containment


def containments(
    pairs: Sequence[tuple[Document, Document]], yardsticks: list[float]
) -> tuple[list[float], Counter[str]]:
    """Seconds for each pair, sorted, and how often each answer came."""
    answers: Counter[str] = Counter()
    took: list[float] = []
    for number, (new, old) in enumerate(pairs):
        if number % 200 == 0:
            yardsticks.append(yardstick())
        seconds, found = timed(lambda: no_wider_than([new], [old]))  # noqa: B023 (called at once)
        took.append(seconds)
        answers[type(found).__name__] += 1
    return sorted(took), answers


def row(name: str, pairs: Sequence[tuple[Document, Document]]) -> str:
    yardsticks: list[float] = []
    took, answers = containments(pairs, yardsticks)
    median, worst = took[len(took) // 2], took[int(len(took) * 0.99)]
    each = ", ".join(f"{count:,} {answer.lower()}" for answer, count in sorted(answers.items()))
    return (
        f"| {name} | {len(pairs):,} | {len(took) / sum(took):,.0f} | {median * 1000:.2f} ms"
        f" | {worst * 1000:.1f} ms | {took[-1] * 1000:.0f} ms | {statistics.median(yardsticks) * 1000:.0f} ms"
        f" | {each} |"
    )


def changed(document: Document, draw: random.Random) -> Document:
    """The document with one change, as an edit makes it: a statement or an action less, or other resources."""
    statements = [one for one in document.statements if isinstance(one, Statement)]
    at = draw.randrange(len(statements))
    one = statements[at]
    actions, resources = one.actions or (), one.resources or ()
    kind = draw.choice(("statement", "action", "resource"))
    if kind == "action" and len(actions) > 1:
        gone = draw.randrange(len(actions))
        statements[at] = replace(one, actions=(*actions[:gone], *actions[gone + 1 :]))
    elif kind == "resource" and resources:
        others = ("arn:aws:s3:::only-this/*", "arn:aws:sqs:*:*:q*")
        statements[at] = replace(one, resources=tuple(Known(arn, one.origin) for arn in others))
    else:
        del statements[at]
    return replace(document, statements=tuple(statements))


def managed_rows() -> list[str]:
    documents = {one: found.document for one in names() if (found := managed(one)) is not None}
    admin, reader = documents["AdministratorAccess"], documents["ReadOnlyAccess"]
    draw = random.Random(7)
    listed = sorted(documents)
    pairs = [
        (documents[one], documents[other]) for one, other in (draw.sample(listed, 2) for _ in range(1_500))
    ]
    edited = [(one, changed(one, draw)) for one in (documents[name] for name in draw.choices(listed, k=750))]
    return [
        row("two of AWS's managed policies, by lot", pairs),
        row("one of them, and the same with one change", edited),
        row("the same with one change, and before it", [(new, old) for old, new in edited]),
        row("each ≤ itself", [(one, one) for one in documents.values()]),
        row("each ≤ AdministratorAccess", [(one, admin) for one in documents.values()]),
        row("each ≤ ReadOnlyAccess (83 KB)", [(one, reader) for one in documents.values()]),
    ]


# ----------------------------------------------------------------------------------------------- z3


def questions(count: int = 40) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Pairs of small policies that differ in a statement or a pattern."""
    draw = random.Random(11)
    out = []
    for _ in range(count):
        policies: list[dict[str, Any]] = []
        for _ in range(2):
            statements = [
                {
                    "Effect": "Allow" if number else draw.choice(["Allow", "Deny"]),
                    "Action": draw.sample(["s3:Get*", "s3:*Object", "sqs:*", "s3:*", "*"], 2),
                    "Resource": draw.sample(
                        ["arn:aws:s3:::a*", "arn:aws:s3:::*b/*", "arn:aws:sqs:*:1:q", "*"], 2
                    ),
                    "Condition": {"StringLike": {"aws:PrincipalTag/t": draw.choice(["r*", "*d", "red"])}},
                }
                for number in range(3)
            ]
            policies.append({"Version": "2012-10-17", "Statement": statements})
        out.append((policies[0], policies[1]))
    return out


def beside_z3() -> list[str]:
    try:
        from benchmarks.z3_policies import no_wider_than as by_z3
    except ImportError:
        return ["Z3 is not installed, and was not measured."]
    asked = questions()
    read = [(loads(json.dumps(new)), loads(json.dumps(old))) for new, old in asked]
    mine, _ = timed(lambda: [no_wider_than([new], [old]) for new, old in read])
    theirs, answers = timed(lambda: [by_z3(new, old) for new, old in asked])
    return [
        "| | questions a second | unanswered |",
        "| --- | ---: | ---: |",
        f"| stockade | {len(asked) / mine:,.0f} | 0 |",
        f"| Z3, 5 s each | {len(asked) / theirs:,.1f} | {answers.count(None)} |",
    ]


# --------------------------------------------------------------------------------------------- page


def importing(module: str) -> float:
    """Seconds of processor time that a cold import takes, the interpreter's start apart."""
    compileall.compile_dir(ROOT / "src", quiet=2)  # as an installation has it
    code = f"import time; t = time.process_time(); import {module}; print(time.process_time() - t)"
    ran = [
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        for _ in range(5)
    ]
    return min(float(one.stdout) for one in ran)


def page() -> str:
    lines = [
        "# The IAM engine: performance",
        "",
        f"Measured by `python -m benchmarks.iam` ([benchmarks/iam.py](../../benchmarks/iam.py)) on"
        f" {datetime.now(UTC).date()}: Python {platform.python_version()}, {platform.system()}.",
        "Seconds are processor time of one process on a shared machine, which had"
        f" {os.getloadavg()[0]:.0f} processes waiting for its {os.cpu_count()} processors.",
        "",
        "## Decisions",
        "",
        "One compiled policy of twenty statements, requests of four kinds on 25 resources.",
        "",
        "| policy | decisions a second |",
        "| --- | ---: |",
        f"| actions and resources | {decisions(False):,.0f} |",
        f"| with two conditions in every fourth statement | {decisions(True):,.0f} |",
        "",
        "## Containment",
        "",
        "`no_wider_than` of parsed documents, made ready for each question as far as it asks. Beside it what a",
        "million additions took meanwhile, in the same process: the machine's speed goes up and down.",
        "",
        "| question | pairs | a second | median | 99 % | slowest | a million additions | answers |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |",
        *managed_rows(),
        "",
        "## Beside Z3",
        "",
        "Generated pairs of three statements each, in the same run."
        " Z3's seconds are of the clock: on a busy machine it has less of them.",
        "",
        *beside_z3(),
        "",
        "## Importing",
        "",
        "| module | processor time |",
        "| --- | ---: |",
        *(
            f"| `{one}` | {importing(one) * 1000:.0f} ms |"
            for one in ("stockade.iam.decide", "stockade.iam.symbolic")
        ),
        "",
        "Neither imports Z3, a parser of Terraform or anything of the command line.",
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", type=Path, metavar="FILE", help="where the page goes; else it is printed")
    options = parser.parse_args()
    text = page()
    if options.write:
        options.write.write_text(text)
    else:
        print(text, end="")


if __name__ == "__main__":
    main()
