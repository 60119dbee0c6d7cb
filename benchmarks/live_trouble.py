"""One account under every trouble: answers are the untroubled ones or undecided, and each doubt has its cause.

    python -m benchmarks.live_trouble                       # 1,000 functions, 20 ms, AWS's own quotas: an hour
    python -m benchmarks.live_trouble --functions 60 --scale 100 --plan bursts
    python -m benchmarks.live_trouble --write docs/live.md

The endpoint says which calls had a whole answer, without trouble and with it; what is missing is what was lost.
By that, and by the mistakes that the generator planted, each report is judged (``tests/aws/exact.py``). Several
plans run side by side (``--jobs``), for each waits for tokens most of its time.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from benchmarks.live_account import jobs, many, options, untrue
from benchmarks.pages import Place
from tests.aws.endpoint import apart
from tests.aws.exact import Served, Told, Verdict, judged
from tests.aws.trouble import FOREVER, Trouble

PLACE: Final = Place(
    "<!-- trouble: by `python -m benchmarks.live_trouble --write docs/live.md` -->", "<!-- /trouble -->"
)

PLANS: Final[Mapping[str, Trouble]] = {
    "none": Trouble(),
    "3 % throttled, once each": Trouble(seed=1, throttled=0.03),
    "bursts: of every 400 requests 40 throttled": Trouble(burst=(40, 400)),
    "2 % answered 500, three times each": Trouble(seed=2, failing=0.02, times=3),
    "5 % of answers truncated, twice each": Trouble(seed=3, cut=0.05, times=2),
    "3 % of connections cut, twice each": Trouble(seed=6, dropped=0.03, times=2),
    "all of it mixed": Trouble(seed=4, throttled=0.01, failing=0.01, cut=0.02, dropped=0.01, times=2),
    "0.5 % of requests never answered": Trouble(seed=5, failing=0.002, cut=0.002, dropped=0.001, times=FOREVER),
    "a third of GetPolicy denied": Trouble(denied=frozenset({"lambda:GetPolicy"}), share_denied=0.33),
    "4 % of every kind of call denied": Trouble(seed=8, denied=frozenset({"*"}), share_denied=0.04),
    "a role's credentials renewed every 60 s": Trouble(lives=60),
    "a role that is let in once": Trouble(lives=60, renewals=1),
    "credentials that are good for 3,000 calls": Trouble(expire_after=3_000),
}
"""Plans, by what they are called. Requests that are hit are chosen by the seed."""


@dataclass(frozen=True)
class Run:
    """What came of one plan."""

    plan: str
    requests: int
    refused: Mapping[str, int]
    wall: float
    cpu: float
    rss: float
    answers: int
    gaps: Sequence[Mapping[str, Any]]
    verdict: Verdict
    untrue: Sequence[str]
    assumed: int


@dataclass(frozen=True)
class Ground:
    """The account, and how it is read; ``whole`` will be what is said of it without trouble."""

    functions: int
    latency: float
    scale: float
    share: float
    jobs: Mapping[str, str]
    whole: Future[tuple[Told, Served]] = field(default_factory=Future)

    def under(self, name: str) -> Run:
        """What is said of the account under a plan."""
        plan = replace(PLANS[name], latency=self.latency)
        if plan.lives:
            plan = replace(plan, lives=plan.lives / min(self.scale, 20))
        with (
            tempfile.TemporaryDirectory() as folder,
            apart(many(self.functions), trouble=plan, quotas=self.scale, longest=3600) as endpoint,
        ):
            words = ["read", endpoint.url, f"{folder}/requests.json", "--share", str(self.share * self.scale)]
            words += ["--session"] if plan.expire_after != FOREVER else []
            words += ["--role"] if plan.lives else []
            mine, told = child(*words), endpoint.told()
            served = Served(endpoint.answered(), endpoint.asked(), self.jobs)
        if told["faults"]:
            raise SystemExit(f"the fake endpoint was asked what it cannot answer: {told['faults']}")
        found = Told(mine["states"], mine["gaps"], mine["functions"])
        if name == "none":
            self.whole.set_result((found, served))
        whole = self.whole.result()
        refused = {
            kind: count
            for kind, count in told["answers"].items()
            if kind != "200" and not kind.startswith("404")
        }
        return Run(
            name,
            mine["requests"],
            refused,
            mine["wall"],
            mine["cpu"],
            mine["rss"],
            len(found.states),
            found.gaps,
            judged(*whole, found, served),
            untrue(found.states, self.functions) if name == "none" else (),
            told["assumed"],
        )


def child(*words: str) -> dict[str, Any]:
    """What a process of its own says that reads an account, or makes the same requests with botocore alone."""
    command = [sys.executable, "-m", "benchmarks.live_child", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    return json.loads(done.stdout)  # type: ignore[no-any-return]  # the document of `live`


def tell(run: Run) -> None:
    """Prints what came of a plan, with everything that is wrong with it."""
    of = run.verdict
    print(
        f"{run.plan}: {run.requests:,} requests, {run.wall:.0f} s, {run.cpu:.1f} s CPU, {run.rss:.0f} MB; "
        f"refused {dict(run.refused) or 'nothing'}"
        + (f"; the role was assumed {run.assumed} times" if run.assumed else "")
    )
    print(
        f"  {run.answers:,} answers, {of.lost:,} calls lost, {of.doubts:,} doubts, {len(run.gaps)} gaps: "
        f"{'exact' if of.is_exact and not run.untrue else 'NOT EXACT'}"
    )
    for kind in ("others", "untold", "unfounded", "needless"):
        found = getattr(of, kind)
        if found:
            print(f"    {kind}: {len(found):,}, as {'; '.join(found[:4])}")
    if run.untrue:
        print(f"    not as it was planted: {len(run.untrue):,}, as {'; '.join(run.untrue[:4])}")
    for gap in run.gaps:
        print(f"    gap: {gap['what']}: {gap['reason']}"[:200])
    sys.stdout.flush()


def table(runs: Sequence[Run]) -> str:
    """The rows of the page."""
    out = [
        "| plan | requests | refused, broken or cut | on the clock | lost calls | undecided | gaps | exact |"
    ]
    out.append("| --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |")
    for run in runs:
        exact = "yes" if run.verdict.is_exact and not run.untrue else "**no**"
        out.append(
            f"| {run.plan} | {run.requests:,} | {sum(run.refused.values()):,} | {run.wall:.0f} s | "
            f"{run.verdict.lost:,} | {run.verdict.doubts:,} | {len(run.gaps)} | {exact} |"
        )
    return "\n".join(out)


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--jobs", type=int, default=3)
    parser.add_argument("--plan", action="append", default=[], help="only plans with this in their name")
    parser.add_argument("--keep", type=Path, help="a file for the figures, as JSON lines")
    parser.add_argument("--write", type=Path, metavar="FILE", help="the page to put the table into")
    asked = parser.parse_args()
    ground = Ground(asked.functions, asked.latency, asked.scale, asked.share, jobs(asked.functions))
    wanted = [
        name for name in PLANS if name == "none" or not asked.plan or any(one in name for one in asked.plan)
    ]

    def one(name: str) -> Run:
        try:
            run = ground.under(name)
        except BaseException as error:
            if name == "none":
                ground.whole.set_exception(error)  # others wait for it
            raise
        tell(run)
        if asked.keep:
            with asked.keep.open("a") as file:
                file.write(json.dumps(asdict(run)) + "\n")
        return run

    with ThreadPoolExecutor(asked.jobs) as pool:
        runs = list(pool.map(one, wanted))
    print(text := table(runs))
    if asked.write:
        PLACE.write(asked.write, text)
    if not all(run.verdict.is_exact and not run.untrue for run in runs):
        raise SystemExit("a report is not exact")


if __name__ == "__main__":
    main()
