"""What reading a live account costs beside bare botocore, and whether AWS's quotas are kept.

    python -m benchmarks.live                          # 1,000 functions, 20 ms, AWS's own quotas: some minutes
    python -m benchmarks.live --functions 100 --scale 100
    python -m benchmarks.live --moto                   # the same number of functions on moto
    python -m benchmarks.live --memory                 # of 100, 1,000 and 5,000 functions
    python -m benchmarks.live_trouble                  # under throttling, failures, denials, expiry
    python -m benchmarks.live_peer --prowler COMMAND   # beside Prowler on one account on moto

The account is a fake one on loopback, in a process of its own. Another process reads it as
`stockade scan --live` does; a third makes the very same requests with botocore alone, by as many threads, which
is the floor. Both are told in CPU seconds and peak memory; the endpoint's own are told as well, for neither is
to wait for it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from typing import Any, Final

from benchmarks.live_account import many, on_moto, options, untrue
from benchmarks.live_trouble import child
from tests.aws.endpoint import apart
from tests.aws.trouble import Trouble

SIZES: Final = (100, 1_000, 5_000)


def _told(mine: Mapping[str, Any], functions: int) -> None:
    """What was read and whether it is true; the floor under it is measured after it."""
    wrong = untrue(mine["states"], functions)
    print(f"{functions:,} functions, {mine['requests']:,} requests, {mine['wall']:.0f} s on the clock")
    print(
        f"  planted mistakes: {f'{len(wrong):,} wrong, as {wrong[:3]}' if wrong else 'each is found, no other'}"
    )
    for gap in mine["gaps"]:
        print(f"  gap: {gap['what']}: {gap['reason']}"[:160])


def _costs(mine: Mapping[str, Any], floor: Mapping[str, Any]) -> None:
    rows = (
        ("stockade, reading", mine),
        ("stockade, and the scan", {**mine, **mine["whole"]}),
        ("botocore alone, the same", floor),
    )
    for what, of in rows:
        each = 1000 * of["cpu"] / of["requests"]
        beside = of["cpu"] / of["requests"] / (floor["cpu"] / floor["requests"])
        print(f"  {what:32} {of['cpu']:7.2f} s CPU, {each:.2f} ms a request ({beside:.2f}), {of['rss']:.0f} MB")


def fake(functions: int, share: float, latency: float, scale: float) -> None:
    """The fake endpoint with AWS's quotas, and the floor without."""
    account = many(functions)
    with tempfile.TemporaryDirectory() as folder:
        record = f"{folder}/requests.json"
        with apart(account, trouble=Trouble(latency=latency), quotas=scale) as endpoint:
            mine = child("read", endpoint.url, record, "--share", str(share * scale))
            told, counted = endpoint.told(), endpoint.by_quota()
        with apart(account, trouble=Trouble(latency=latency)) as endpoint:
            floor = child("replay", endpoint.url, record)
    _told(mine, functions)
    for name, count in sorted(counted.items()):
        print(f"  {name:32} {count:7,}")
    refused = {kind: count for kind, count in told["answers"].items() if not kind.startswith(("200", "404"))}
    print(f"  answers that were refused: {refused or 'none'}")
    print(f"  the endpoint's own CPU: {1000 * told['cpu'] / mine['requests']:.2f} ms a request")
    _costs(mine, floor)


def moto(functions: int) -> None:
    """The same on moto, which keeps no quotas."""
    with tempfile.TemporaryDirectory() as folder, on_moto(functions) as url:
        record = f"{folder}/requests.json"
        mine = child("read", url, record, "--share", "1000")
        floor = child("replay", url, record)
    print("moto, which does not know some calls:")
    _told(mine, functions)
    _costs(mine, floor)


def memory(sizes: Sequence[int]) -> None:
    """Peak memory by the number of functions, and what one more of them takes."""
    before: tuple[int, float, float] | None = None
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder, apart(many(size)) as endpoint:
            mine = child("read", endpoint.url, f"{folder}/requests.json", "--share", "1000")
        read, whole = mine["rss"], mine["whole"]["rss"]
        more = ""
        if before is not None:
            each = [
                1024 * (now - then) / (size - before[0])
                for now, then in ((read, before[1]), (whole, before[2]))
            ]
            more = f"; one more function {each[0]:.0f} KB, {each[1]:.0f} KB with the scan"
        print(f"{size:,} functions: reading {read:.0f} MB, and the scan {whole:.0f} MB{more}", flush=True)
        before = (size, read, whole)


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--moto", action="store_true")
    parser.add_argument("--memory", type=int, nargs="*", metavar="FUNCTIONS")
    asked = parser.parse_args()
    if asked.memory is not None:
        memory(asked.memory or SIZES)
    elif asked.moto:
        moto(asked.functions)
    else:
        fake(asked.functions, asked.share, asked.latency, asked.scale)


if __name__ == "__main__":
    main()
