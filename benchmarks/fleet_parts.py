"""Where a function's processor time goes in a fleet: the client, making values, deciding, writing, the fake."""

from __future__ import annotations

from time import process_time, thread_time

from stockade.fleet.tasks import Asked
from stockade.fleet.work import decided, done
from stockade.read.account import answer
from stockade.read.build import build
from stockade.read.inputs import Input
from tests.aws.endpoint import Endpoint
from tests.aws.organization import Organization
from tests.aws.scanning import AT, clients, reading


def measured(endpoint: Endpoint, made: Organization) -> str:
    """One account after the other, the first of which is not counted; a line of ms for each part."""
    asked = Asked("fleet-20260203T040506Z", "fleet", "audit")
    spent = dict.fromkeys(("reading", "of it answers as values", "the world", "deciding", "Parquet"), 0.0)
    documents = _documents(spent)
    functions = 0
    fake = 0.0
    for place, number in enumerate(made.numbers):
        begin = process_time()
        answers = reading(endpoint, account=number, region=made.regions[0], made=clients(endpoint, number))
        read = process_time()
        world = build(answers)
        given = Input(answers.kind, answers.path, len(answers.resources), world, answers.path, reading=answers)
        built = process_time()
        report = decided([given], asked, AT)
        known = process_time()
        done(report, asked)
        end = process_time()
        if place == 0:  # it pays for what is imported and made once
            spent.update(dict.fromkeys(spent, 0.0))
            fake = endpoint.told()["cpu"]
            continue
        functions += len(report.functions)
        for name, seconds in (
            ("reading", read - begin),
            ("the world", built - read),
            ("deciding", known - built),
            ("Parquet", end - known),
        ):
            spent[name] += seconds
    spent["the fake endpoint"] = endpoint.told()["cpu"] - fake
    answer.Document.__init__ = documents  # type: ignore[method-assign,assignment]  # as it was before
    lines = [f"  {name:<26} {1000 * seconds / functions:6.2f} ms" for name, seconds in spent.items()]
    head = f"{functions} functions of {len(made.numbers) - 1} accounts with one region each, a function:"
    return "\n".join((head, *lines))


def _documents(spent: dict[str, float]) -> object:
    """Counts what making values of answers takes, in whatever thread; the way it was before."""
    before = answer.Document.__init__

    def timed(self: answer.Document, *of: object, **more: object) -> None:
        begin = thread_time()
        before(self, *of, **more)  # type: ignore[arg-type]  # handed on as it came
        spent["of it answers as values"] += thread_time() - begin

    answer.Document.__init__ = timed  # type: ignore[method-assign]  # it is what is measured
    return before
