"""Questions about a fleet at its full size: every view over ten million made findings, and pieces put together.

python -m benchmarks.posture --findings 10000000     # the views over so many
python -m benchmarks.posture --pieces 2000           # putting so many pieces of a run together
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from pathlib import Path

import psutil

from stockade.fleet.journal import Journal, Plan
from stockade.fleet.tasks import Asked, Count, Done, Task
from stockade.fleet.views import VIEWS, ask
from stockade.fleet.work import decided, done
from stockade.read.build import build
from stockade.read.inputs import Input
from stockade.store.database import Database, quoted
from stockade.store.parts import Store
from stockade.store.tables import COLUMNS, VERSION
from tests.aws.endpoint import running
from tests.aws.organization import Organization
from tests.aws.scanning import AT, reading

_INPUTS = 17_000
"""Accounts and regions: a thousand times seventeen."""


def posture(findings: int) -> None:
    """Every view over a run of made findings: a thousand accounts, seventeen regions each."""
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder)
        begin = time.process_time()
        _made(store, findings)
        size = sum(one.stat().st_size for one in store.rglob("*.parquet")) / 2**20
        spent = time.process_time() - begin
        print(f"{findings:,} findings: {size:.0f} MB of Parquet, made in {spent:.1f} s of CPU", flush=True)
        for name in VIEWS:
            kept = Store(store, threads=os.cpu_count() or 1)
            begin, clock = time.process_time(), time.monotonic()
            answer = ask(kept, "latest", name, limit=50)
            print(
                f"  {name:<10} {time.process_time() - begin:6.2f} s CPU {time.monotonic() - clock:6.2f} s clock"
                f"  {answer.total:>9,} rows"
            )
        print(f"  {psutil.Process().memory_info().rss / 2**20:.0f} MB resident")


def _made(store: Path, findings: int) -> None:
    """A run as a fleet leaves it, made in SQL: ten findings a function, ordered by accounts and regions."""
    run = "fleet-20260203T040506Z"
    folder = store / f"v{VERSION}" / run
    folder.mkdir(parents=True)
    names = [
        *("untraced-function", "public-invoke", "deprecated-runtime", "wildcard-action", "unscoped-logs"),
        *("plaintext-secret", "unalarmed-errors", "public-function-url", "unused-permission", "admin-role"),
        *("unscoped-invoker", "shared-role", "unencrypted-logs", "open-cors", "unauthenticated-api"),
    ]
    listed = ", ".join(f"'{one}'" for one in names)
    database = Database("making a run", threads=os.cpu_count() or 1)
    number = max(_INPUTS, findings // 10)
    database.asked(
        f"""CREATE TABLE made AS SELECT f, place, account || '/' || region AS root, account,
        format('arn:aws:lambda:{{}}:{{}}:function:service-{{}}', region, account, f) AS address
        FROM (SELECT f, place, (100000000000 + place // 17)::VARCHAR AS account,
        format('eu-area-{{}}', place % 17) AS region
        FROM (SELECT f, f * {_INPUTS} // {number} AS place FROM range({number}) t(f)))"""
    )
    tables = {
        "functions": """SELECT root, address, format('service-{}', f) AS name,
            format('arn:aws:iam::{}:role/role-{}', account, f % 20) AS role,
            ['python3.12', 'python3.8', 'nodejs22.x'][1 + f % 3] AS runtime FROM made""",
        "findings": f"""SELECT root, [{listed}][1 + (f * 7 + n) % 15] AS control,
            format('{{:016x}}', f * 16 + n) AS fingerprint, address, [address] AS functions,
            CASE WHEN (f + n) % 5 = 0 THEN 'undecided' ELSE 'fails' END AS verdict,
            ['low', 'medium', 'high', 'critical'][1 + (f + n) % 4] AS severity,
            ['regular', 'regular', 'strict'][1 + (f + n) % 3] AS noise, (f + n) % 40 = 0 AS accepted,
            format('finding {{}} of this', n % 9) AS message, NULL AS path, NULL AS line,
            format('fix {{}}', n) AS fix, 'review' AS safety FROM made, range(10) u(n)""",
        "gaps": """SELECT root, format('`lambda:GetPolicy` of `{}` in `{}`', f, root) AS what,
            'AWS denies it (AccessDenied)' AS reason FROM made WHERE f % 500 = 0""",
        "coverage": f"""SELECT unnest([{listed}]) AS control, 10 AS holds, 10 AS fails, 1 AS undecided,
            0 AS crashed FROM range({_INPUTS})""",
        "runs": f"""SELECT DISTINCT ON (place) 'fleet' AS series, '2026-02-03T04:05:06Z' AS at,
            '0.1.0' AS version, 'regular' AS noise, [{listed}] AS asked, [root] AS roots, [root] AS paths,
            100 AS functions, 10 AS open, 0 AS accepted, 0 AS undecided, 0 AS crashed, 0 AS gaps,
            '{{}}' AS report, '{{}}' AS aside FROM made ORDER BY place""",
    }
    for table, sql in tables.items():
        columns = ", ".join(f'"{name}"::{kind} AS "{name}"' for name, kind in COLUMNS[table].items())
        to = quoted(folder / f"{table}.parquet")
        whole = f"SELECT {columns} FROM (SELECT '{run}' AS run, * FROM ({sql}))"
        database.asked(f"COPY ({whole}) TO {to} (FORMAT parquet, COMPRESSION zstd)")


def pieces(number: int, functions: int) -> None:
    """Putting pieces together: one made account and region, kept so many times."""
    made = Organization(1, functions, ("eu-west-1",))
    asked = Asked("fleet-20260203T040506Z", "fleet", "regular")
    with running(made) as endpoint:
        answers = reading(endpoint, account=made.numbers[0], region="eu-west-1")
    given = Input(
        answers.kind, answers.path, len(answers.resources), build(answers), answers.path, reading=answers
    )
    one = done(decided([given], asked, AT), asked)
    tasks = tuple(Task(str(200_000_000_000 + place // 17), f"eu-west-{place % 17}") for place in range(number))
    with tempfile.TemporaryDirectory() as folder:
        journal = Journal.begun(Path(folder), Plan("0", AT, "fleet", {}, tasks))
        begin = time.process_time()
        for task in tasks:
            journal.keep(task, Done(one.files, Count()))
        kept = time.process_time() - begin
        begin = time.process_time()
        journal.finish()
        put = time.process_time() - begin
        size = sum(each.stat().st_size for each in Path(folder).rglob("*.parquet")) / 2**20
        piece = sum(map(len, one.files.values())) / 1024
        print(
            f"{number:,} pieces of {functions} functions ({piece:.0f} KB each): "
            f"{1000 * kept / number:.1f} ms CPU to keep one, "
            f"{1000 * put / number:.1f} ms to put it in its place; "
            f"{size:.1f} MB in the end, "
            f"{psutil.Process().memory_info().rss / 2**20:.0f} MB resident"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--findings", type=int)
    parser.add_argument("--pieces", type=int)
    asked = parser.parse_args()
    if asked.findings:
        posture(asked.findings)
    if asked.pieces:
        pieces(asked.pieces, 100)


if __name__ == "__main__":
    main()
