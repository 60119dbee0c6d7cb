"""From the fixes of a report to files in which they are made, each of them proved.

All that can be made together is made together, in memory, read again and proved; where the proof fails,
those that it blames are left out, or else halves are tried, so that one bad fix costs the logarithm
of their number and not the others. What stands in another's way waits for the next round, where it is
asked again of the files as they are by then. Nothing is written here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import field, replace
from pathlib import Path
from typing import Final, TypeAlias

from stockade.control import Add, Change, Fails, Fix, Put, Rewrite, Safety
from stockade.errors import EditError, FixError
from stockade.fix.again import Judge, Readings
from stockade.fix.editor import Completing, Editor, Site, editor_of
from stockade.fix.proof import BRINGS, Claim, Failure, Key, Name, State, holding, key_of, name_of
from stockade.fix.rehearse import rehearse
from stockade.fix.settled import settled
from stockade.patched import Changed, Outcome, Patch, Told
from stockade.read.files import Tree
from stockade.read.inputs import Input
from stockade.records import dataclass
from stockade.report import Finding
from stockade.source import Edit, Source, Span, apply

Progress: TypeAlias = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Asked:
    """Which fixes are wanted: of findings that ``wants`` says yes to, at least as safe as ``safety``."""

    safety: Safety
    wants: Callable[[Finding], bool] = lambda _: True


def _quiet(_done: int, _total: int, _next: str) -> None:
    return None


def patch(inputs: Sequence[Input], judge: Judge, asked: Asked, progress: Progress = _quiet) -> Patch:
    """Make and prove every fix that is asked for, in memory.

    A finding that its owner accepts, or a baseline knows, is left as it is. Raises nothing for a fix that
    cannot be made: that is told.
    """
    report = judge(inputs)
    found: dict[int, list[Finding]] = {index: [] for index in range(len(inputs))}
    for one in report.findings:
        found[one.input].append(one)
    findings = {index: tuple(some) for index, some in found.items()}
    state = State(dict(enumerate(inputs)), findings, holding(report))
    work = _Work(state, Readings(judge), asked, progress)
    failing = [one for one in report.findings if work.is_meant(one)]
    work.run()
    return Patch(work.changed(), tuple(work.told(failing)), report)


@dataclass(frozen=True)
class _Unit:
    """Fixes that are made together or not at all, since they share an edit; ``edits`` by the file's place."""

    claims: tuple[Claim, ...]
    edits: frozenset[_Place]

    @property
    def names(self) -> tuple[Name, ...]:
        return tuple(one.name for one in self.claims)


_Place: TypeAlias = tuple[Path, int, int, bytes]
"""An edit by its file, so that it is the same one through whichever tree the file was read."""


@dataclass
class _Work:
    """What is made so far, and what became of the rest."""

    state: State
    readings: Readings
    asked: Asked
    progress: Progress
    made: dict[Key, int] = field(default_factory=dict)
    added: dict[Name, list[str]] = field(default_factory=dict)
    refused: dict[Name, Told] = field(default_factory=dict)
    originals: dict[Path, Source] = field(default_factory=dict)
    now: dict[Path, bytes] = field(default_factory=dict)
    suspected: set[Name] = field(default_factory=set)
    apart: dict[Name, str] = field(default_factory=dict)
    """Fixes that are to be for their own input alone, and why: another one reads the same module."""
    waiting: set[Name] = field(default_factory=set)
    retried: set[Name] = field(default_factory=set)
    """Fixes that failed among others once: the next time they are refused."""
    first: dict[Name, tuple[Edit, ...]] = field(default_factory=dict)
    titled: dict[Name, Fix] = field(default_factory=dict)
    """Fixes as they were made: other words than the report's, where the input or other fixes want others."""

    # ------------------------------------------------------------------------------------ findings

    def is_meant(self, finding: Finding) -> bool:
        """Whether a finding fails, counts and is one that was asked about."""
        failing = isinstance(finding.outcome, Fails) and finding.suppressed is None
        return failing and self.asked.wants(finding)

    def _pending(self) -> Iterator[tuple[Finding, Fix]]:
        for index in sorted(self.state.findings):
            for one in sorted(self.state.findings[index], key=_rank):
                fix = one.fix
                if fix is None or not fix.changes or fix.safety < self.asked.safety:
                    continue
                if self.is_meant(one) and name_of(one) not in self.refused:
                    yield one, fix

    def told(self, failing: Sequence[Finding]) -> Iterator[Told]:
        """What became of every finding that failed before, in the report's order."""
        made = dict(self.made)
        before = Counter(map(name_of, failing))
        same: Counter[Name] = Counter()
        other: Counter[Key] = Counter()  # left, and not in the words of before: a part of it is mended
        for one in (one for some in self.state.findings.values() for one in some):
            name = name_of(one)
            if same[name] < before[name]:
                same[name] += 1
            else:
                other[key_of(one)] += 1
        for one in failing:
            key, name = key_of(one), name_of(one)
            fix, refused = self.titled.get(name, one.fix), self.refused.get(name)
            if same[name]:
                same[name] -= 1
            elif made.get(key, 0) > 0:
                made[key] -= 1
                adds = tuple(dict.fromkeys(self.added.get(name, ())))
                yield Told(one, fix, Outcome.MADE, adds=adds, edits=self.first.get(name, ()))
                continue
            elif other[key] > 0:
                other[key] -= 1
            else:
                yield Told(one, fix, Outcome.MADE, "with another fix")
                continue
            if refused is not None:
                yield replace(refused, finding=one, fix=fix)
            elif fix is None:
                yield Told(one, None, Outcome.PERSON, "there is no fix that could be made for everybody")
            elif fix.safety is Safety.SHOW or not fix.changes:
                yield Told(one, fix, Outcome.PERSON, "it needs to be decided by a person")
            else:
                reason = "it may change how the function behaves"
                if fix.safety is Safety.BREAKING:
                    reason = "the code has to be changed together with it"
                help = f"`--safety {fix.safety.name.lower()}` makes it as well"
                yield Told(one, fix, Outcome.PERSON, reason, help)

    # --------------------------------------------------------------------------------------- rounds

    def run(self) -> None:
        """Round after round, until nothing is left that could be tried."""
        while units := self._units():
            self.waiting.clear()
            batch = self._compatible(units)
            while batch and not self._try(batch):
                batch = self._narrowed(batch)

    def _narrowed(self, batch: list[_Unit]) -> list[_Unit]:
        """The batch without those that were refused by now; without those under suspicion; or half of it."""
        out = self.refused.keys() | self.waiting
        kept = [one for one in batch if not any(name in out for name in one.names)]
        if len(kept) < len(batch):
            return kept
        clear = [one for one in batch if not any(name in self.suspected for name in one.names)]
        return clear if 0 < len(clear) < len(batch) else batch[: (len(batch) + 1) // 2]

    def _units(self) -> list[_Unit]:
        by_input: dict[int, list[Claim]] = {}
        for finding, fix in self._pending():
            reading = self.state.inputs[finding.input].reading
            by_input.setdefault(finding.input, []).append(
                Claim(finding, self._apart(finding, settled(fix.changes, reading)), fix.grants)
            )
        edits: list[tuple[Claim, frozenset[_Place]]] = []
        for index, claims in by_input.items():
            edits += self._edits(self.state.inputs[index], claims)
        return list(_united(edits))

    def _apart(self, finding: Finding, changes: tuple[Change, ...]) -> tuple[Change, ...]:
        if name_of(finding) not in self.apart:
            return changes
        return tuple(replace(one, apart=True) if isinstance(one, Add | Put) else one for one in changes)

    def _edits(self, source: Input, claims: Sequence[Claim]) -> Iterator[tuple[Claim, frozenset[_Place]]]:
        """The edits of every claim on one input; what has none is refused with the reason."""
        if source.reading is None or source.tree is None:
            return  # what was not read has no findings
        site = Site(source.reading, source.world, source.tree)
        try:
            editor = editor_of(site)
        except FixError as error:
            for one in claims:
                self._refuse(one, Outcome.IMPOSSIBLE, error.message, error.help)
            return
        made: list[tuple[Claim, frozenset[_Place]]] = []
        left = list(claims)
        while left:
            everything = tuple(change for one in left for change in one.changes)
            made = list(self._written(left, editor, everything, site))
            refused = len(made) < len(left)
            left = [one for one in left if one.name not in self.refused] if refused else []
        yield from made

    def _written(
        self, claims: Sequence[Claim], editor: Editor, everything: Sequence[Change], site: Site
    ) -> Iterator[tuple[Claim, frozenset[_Place]]]:
        for said in claims:
            one = (
                replace(said, changes=editor.whole(said.changes, everything))
                if isinstance(editor, Completing)
                else said
            )
            if one.changes != said.changes and said.finding.fix is not None:
                self.titled[said.name] = _titled(said.finding.fix, one.changes)
            if places := self._edits_of(one, said.changes, editor, everything, site):
                yield one, places

    def _edits_of(
        self, claim: Claim, own: Sequence[Change], editor: Editor, asked: Sequence[Change], site: Site
    ) -> frozenset[_Place] | None:
        try:
            rehearse(site.reading, claim.changes)
            edits = editor.edits(own, asked)
            apply(edits)
            places = frozenset(self._placed(one, site.tree) for one in edits)
        except (FixError, EditError) as error:
            told = (error.message, error.help)
            if (shared := self.apart.get(claim.name)) is not None:
                told = (shared, _SHARED)
            self._refuse(claim, Outcome.IMPOSSIBLE, *told)
            return None
        except Exception as error:  # as for controls: a defect in one fix must not cost the others
            what = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
            self._refuse(claim, Outcome.DEFECT, f"writing it failed: {what}")
            return None
        if not places:
            self._refuse(claim, Outcome.DEFECT, "all is as it says already, and the finding is there")
            return None
        return places

    def _placed(self, edit: Edit, tree: Tree) -> _Place:
        path = tree.path(edit.span.source)
        if path is None:
            shown = edit.span.path
            help = "give the value in a file, or make the change where the value comes from"
            raise FixError(
                f"the value comes from `{shown}`, which is not a file that can be changed", help=help
            )
        self.originals.setdefault(path, edit.span.source)
        return path, edit.span.start, edit.span.end, edit.new

    def _refuse(self, claim: Claim, outcome: Outcome, reason: str, help: str | None = None) -> None:
        fix = self.titled.get(claim.name, claim.finding.fix)
        self.refused[claim.name] = Told(claim.finding, fix, outcome, reason, help)

    def _compatible(self, units: Sequence[_Unit]) -> list[_Unit]:
        """As many units as can be made at once: none that edits where another one does."""
        out: list[_Unit] = []
        taken: dict[Path, list[tuple[int, int]]] = {}
        shortened: set[tuple[int, str, str]] = set()
        rewritten: set[tuple[int, str, str]] = set()
        for unit in units:
            places = [self._reaching(one) for one in unit.edits]
            documents = {(key[0], *where) for key, where, _ in _documents(unit)}
            shortens = {(key[0], *where) for key, where, shorter in _documents(unit) if shorter}
            if any(_meet((start, end), taken.get(path, ())) for path, start, end in places):
                continue
            if documents & shortened or shortens & rewritten:
                continue
            for path, start, end in places:
                taken.setdefault(path, []).append((start, end))
            shortened |= shortens
            rewritten |= documents
            out.append(unit)
        return out

    def _reaching(self, place: _Place) -> tuple[Path, int, int]:
        """An edit with the ends of the lines around it where it puts in lines of their own: what is changed on
        those lines may belong to one group with it, whose columns neither would see."""
        path, start, end, new = place
        data = self.now.get(path, self.originals[path].data)
        if start == end and b"\n" in new:
            start, end = max(0, data.rfind(b"\n", 0, max(0, start - 1))), end + 1
        return path, start, end

    # ---------------------------------------------------------------------------------------- trying

    def _try(self, batch: Sequence[_Unit]) -> bool:
        """Make a batch in memory and prove it; keep it where that succeeds, else write down who is at fault."""
        claims = [claim for unit in batch for claim in unit.claims]
        changed = self._applied({place for unit in batch for place in unit.edits})
        touched = [i for i, one in self.state.inputs.items() if _is_touched(one, changed)]
        after = self.readings.of(self.state, touched, self.now | changed)
        failure = Failure()
        for index in touched:
            failure.take(self.readings.proved(self.state, after, claims, index))
        self.suspected = self._suspects(batch, failure.inputs, after)
        if failure:
            for unit in batch:
                for claim in unit.claims:  # who only shares an edit with what is at fault may do without it
                    reason = failure.blamed.get(claim.name)
                    if reason is None and not failure.blamed and len(batch) == 1:
                        reason = failure.reason
                    if reason is None or (reason in failure.shared and self._is_put_apart(claim, reason)):
                        continue
                    if len(batch) > 1 and claim.name not in self.retried and reason not in failure.undecided:
                        # Another fix may have changed what it is about: it is asked again of what that leaves.
                        self.retried.add(claim.name)
                        self.waiting.add(claim.name)
                        continue
                    self._refuse(claim, *_outcome(reason, failure, claim))
            return False
        self._keep_edits(batch)
        self.state = after
        self.now |= changed
        for one in claims:
            self.made[one.key] = self.made.get(one.key, 0) + 1
            if one.finding.fix is not None:  # after other fixes it may be another than the report had
                self.titled.setdefault(one.name, one.finding.fix)
        for name, what in failure.added.items():
            self.added.setdefault(name, []).extend(what)
        return True

    def _is_put_apart(self, claim: Claim, reason: str) -> bool:
        """Whether a fix can be tried again in the next round with what it adds made for this input alone."""
        if claim.name in self.apart or not any(
            isinstance(one, Put) or (isinstance(one, Add) and not one.shared) for one in claim.changes
        ):
            return False
        self.apart[claim.name] = reason
        self.waiting.add(claim.name)
        return True

    def _keep_edits(self, batch: Sequence[_Unit]) -> None:
        """Those edits that stand by themselves: of files in which nothing was made before."""
        for unit in batch:
            if not any(place[0] in self.now for place in unit.edits):
                places = sorted(unit.edits, key=lambda place: place[:3])
                spans = (Span(self.originals[path], start, end) for path, start, end, _ in places)
                edits = tuple(Edit(span, place[3]) for span, place in zip(spans, places, strict=True))
                self.first |= dict.fromkeys(unit.names, edits)

    @staticmethod
    def _suspects(batch: Sequence[_Unit], inputs: Collection[int], after: State) -> set[Name]:
        """Who changed a file that is read by inputs in which something is wrong that nobody is blamed for."""
        trees = [tree for index in inputs if (tree := after.inputs[index].tree) is not None]
        return {
            name
            for unit in batch
            if any(tree.has_read(place[0]) for place in unit.edits for tree in trees)
            for name in unit.names
        }

    def _applied(self, places: Iterable[_Place]) -> dict[Path, bytes]:
        """The new bytes of the files that edits touch, on top of what was made before."""
        out: dict[Path, bytes] = {}
        by_file: dict[Path, list[_Place]] = {}
        for place in places:
            by_file.setdefault(place[0], []).append(place)
        for path, some in by_file.items():
            source = Source(str(path), self.now.get(path, self.originals[path].data))
            edits = [Edit(Span(source, start, end), new) for _, start, end, new in some]
            out[path] = apply(edits)[source]
        return out

    def changed(self) -> tuple[Changed, ...]:
        """The files of the patch, by how people call them."""
        files = (
            Changed(path, self.originals[path].path, self.originals[path].data, new)
            for path, new in self.now.items()
            if new != self.originals[path].data
        )
        return tuple(sorted(files, key=lambda one: one.shown))


def _titled(fix: Fix, changes: Sequence[Change]) -> Fix:
    """A fix whose title says what is written, and whose note says why, where that is another value than the
    control proposes: one that the version which the project pins knows already."""
    written = {(one.address, one.attribute): one.value for one in changes if isinstance(one, Put)}
    title, note = fix.title, fix.note
    for one in fix.changes:
        if isinstance(one, Put) and isinstance(one.value, str):
            value = written.get((one.address, one.attribute))
            if isinstance(value, str) and value != one.value and one.value in title:
                title = title.replace(one.value, value)
                why = f"what the project pins does not know `{one.value}` yet"
                note = f"{why}; {note}" if note else why
    return replace(fix, title=title, note=note)


def _rank(finding: Finding) -> tuple[int, str, int, str, str, str]:
    """The order in which fixes are made, whatever the report's is: what matters most first, then as written."""
    place = finding.evidence[0].span if finding.evidence else None
    path, start = (place.path, place.start) if place else ("", 0)
    return -finding.severity, path, start, finding.control, finding.address, finding.fingerprint


_SHARED: Final = "change it by hand, if it is right for all that read it"


def _outcome(reason: str, failure: Failure, claim: Claim) -> tuple[Outcome, str, str | None]:
    """What became of a fix whose proof failed for a reason."""
    if claim.grants and reason.startswith(BRINGS):  # a name that is written right allows what it did not before
        return Outcome.PERSON, f"made by itself {reason}", "decide what is to be allowed, and write only that"
    if reason in failure.shared:
        return Outcome.IMPOSSIBLE, reason, _SHARED
    return Outcome.UNPROVED if reason in failure.undecided else Outcome.DEFECT, reason, None


def _is_touched(one: Input, changed: Collection[Path]) -> bool:
    """Whether an input says what changed files say: a plan or a state reads them for places alone."""
    if one.reading is not None and one.reading.kind in ("plan", "state"):
        return False
    return one.tree is not None and any(one.tree.has_read(path) for path in changed)


def _meet(place: tuple[int, int], others: Iterable[tuple[int, int]]) -> bool:
    """Whether edits of two places cannot be made at once; neighbours can, two at one point cannot."""
    start, end = place
    return any((start < stop and begin < end) or place == (begin, stop) for begin, stop in others)


def _documents(unit: _Unit) -> Iterator[tuple[Key, tuple[str, str], bool]]:
    """The policy documents that a unit rewrites, and whether it takes statements out of them."""
    for claim in unit.claims:
        for change in claim.changes:
            if isinstance(change, Rewrite):
                yield claim.key, (change.address, change.attribute), change.element is None


def _apart(some: Collection[_Place], others: Collection[_Place]) -> bool:
    """Whether edits are in one another's way, those aside that are the same."""
    return any(
        one != other and one[0] == other[0] and _meet((one[1], one[2]), [(other[1], other[2])])
        for one in some
        for other in others
    )


def _united(edits: Iterable[tuple[Claim, frozenset[_Place]]]) -> Iterator[_Unit]:
    """Claims that share an edit as one unit, in the order of their first.

    What they do not share may still be in one another's way (two alarms that bring one topic): then each is a
    unit of its own, and the second waits until the first is made.
    """
    units: dict[int, _Unit] = {}
    holder: dict[_Place, int] = {}
    for number, (claim, places) in enumerate(edits):
        joined = sorted({holder[place] for place in places if place in holder})
        into = joined[0] if joined else number
        if any(_apart(units[one].edits, places) for one in joined):
            units[number] = _Unit((claim,), places)
            continue
        parts = [units.pop(one) for one in joined]
        claims = tuple(one for part in parts for one in part.claims)
        units[into] = _Unit((*claims, claim), places.union(*(part.edits for part in parts)))
        holder |= dict.fromkeys(units[into].edits, into)
    for number in sorted(units):
        yield units[number]
