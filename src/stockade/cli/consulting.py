"""IAM Access Analyzer asked beside a scan: of accounts by the clients that read them, of files by a profile."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import TYPE_CHECKING, Any

from stockade.cli.outside import Outside
from stockade.errors import UsageError
from stockade.records import dataclass

if TYPE_CHECKING:
    from stockade.analyzer.questions import Questions
    from stockade.cli.live import Live
    from stockade.read.account.answer import Place
    from stockade.read.account.calls import Call
    from stockade.read.account.client import Account
    from stockade.read.account.session import Target
    from stockade.read.inputs import Input
    from stockade.report import Report


@dataclass
class Consulting:
    """What is asked of IAM Access Analyzer. ``target`` is whom it is asked of where files are scanned.

    Questions are kept of every input as it goes by, and not its world; they are asked when the report is made,
    since some are about what it found.
    """

    live: Live | None
    target: Target | None
    _asked: dict[int, tuple[Target, Questions]] = field(default_factory=dict)

    def look(self, inputs: Iterator[Input]) -> Iterator[Input]:
        """Keep the questions of every input, as it goes by."""
        from stockade.analyzer.questions import questions

        for index, one in enumerate(inputs):
            target = self.live.met.get(one.path) if self.live else self.target
            if target is not None:
                self._asked[index] = target, questions(one.world, target.place, self.live is not None)
            yield one

    def consulted(self, report: Report) -> Report:
        """The report with what AWS says beside it."""
        from stockade.analyzer.answers import ask
        from stockade.analyzer.beside import beside
        from stockade.cli.progress import ProgressLine, columns
        from stockade.read.account.client import Account, Client
        from stockade.read.account.gaps import gaps

        progress = ProgressLine(sys.stderr, columns())
        done = 0

        def tell(place: Place, call: Call) -> None:
            progress(done, len(self._asked), f"{place.region} {call.name}")

        answers, lost = {}, {}
        accounts: dict[int, Account] = {}
        try:
            for index, (target, asked) in self._asked.items():
                known = target.account
                account = accounts.setdefault(
                    id(known), Account(known.clients, known.pace, tell, known.stopped)
                )
                client = Client(account, target.place)
                answers[index] = ask(client, asked, report, index)
                lost[index] = gaps(client.misses, {})
                done += 1
        finally:
            progress.clear()
        return beside(report, answers, lost)


def consulting(outside: Outside, live: Live | None, said: Mapping[str, Any]) -> Consulting | None:
    """What the options ask for; ``None`` where they do not. Raises ``UsageError`` where nobody can be asked."""
    if not said["analyzer"]:
        return None
    return Consulting(live, None if live else _of_files(outside, said))


def _of_files(outside: Outside, said: Mapping[str, Any]) -> Target:
    """The one account and region that is asked about what is written."""
    from stockade.read.account.pace import Pace
    from stockade.read.account.session import Target, Wanted, begun, checked, targets

    given = (said["profile"], said["regions"], said["role_arns"], None, said["max_share"], said["external_id"])
    wanted = checked(Wanted(*given))
    if len(wanted.regions) > 1 or "all" in wanted.regions or len(wanted.role_arns) > 1:
        help = "give one `--region`, and one `--role-arn` at most"
        raise UsageError("about files one account and region is asked", help=help)
    pace = Pace(wanted.share, time.monotonic, time.sleep)
    found = next(targets(wanted, begun(wanted.profile), pace, lambda place, call: None, outside.now()))
    if isinstance(found, Target):
        return found
    place, gap = found
    raise UsageError(f"nobody can be asked in {place.region}: {gap.reason}", help=gap.help)
