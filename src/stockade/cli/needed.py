"""What ``stockade policy`` gathers of functions, and how it prints it."""

from __future__ import annotations

import os
import posixpath
import re
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from stockade.cli.outside import Outside
from stockade.cli.progress import ProgressLine
from stockade.errors import UsageError
from stockade.model.function import Function, name_of
from stockade.model.need import Learned
from stockade.model.relate import module_of
from stockade.model.world import Gap, World
from stockade.needs.said import in_json
from stockade.needs.texts import Sheet, because, hcl, place, plain, stood_in, unresolved, yaml
from stockade.patterns import lazy_regex
from stockade.read.inputs import Input, Options, read_all
from stockade.records import dataclass
from stockade.show.escape import escape
from stockade.value import Known, places

if TYPE_CHECKING:
    from stockade.needs.trail import Trail

_DATA: Final = lazy_regex(rb'^data\s+"(aws_(?:region|caller_identity|partition))"\s+"([\w-]+)"', re.MULTILINE)
_FORMATS: Final = {
    "terraform": "hcl",
    "plan": "hcl",
    "state": "hcl",
    "sam": "yaml",
    "cdk": "yaml",
    "cloudformation": "yaml",
    "serverless": "yaml",
}
"""In which format the policies of an input's kind are; source alone goes with any."""
_VARIABLE: Final = lazy_regex(rb'^variable\s+"([\w-]+)"', re.MULTILINE)
_EACH: Final = 200_000
"""Bytes of a file that are searched for what it declares."""


@dataclass
class Gathered:
    """The functions that were asked for, and what was not read. ``style`` is how policies are written."""

    sheets: list[Sheet] = field(default_factory=list)
    gaps: list[tuple[str, Gap]] = field(default_factory=list)
    style: hcl.Style = "document"
    projects: dict[str, hcl.Project] = field(default_factory=dict)
    trail: Trail | None = None

    @property
    def is_whole(self) -> bool:
        """Whether all that the functions may call is known."""
        return all(one.is_whole for one in self.sheets) and not any(not gap.spare for _, gap in self.gaps)


def gathered(
    outside: Outside,
    paths: Sequence[Path],
    *,
    functions: Sequence[str],
    handler: str | None,
    environment: Mapping[str, str],
    trails: Sequence[Path],
    variables: Mapping[str, str],
    variable_files: Sequence[Path],
    packages: Mapping[str, Path],
) -> Gathered:
    """Everything that is known of what functions need; raises ``UsageError`` where there are none such."""
    for one in trails:
        if not (outside.here / one).exists():
            raise UsageError(
                f"`{one}` does not exist", help="`--trail` takes a file of CloudTrail's or a directory"
            )
    if handler is not None and trails:
        raise UsageError(
            "`--trail` does not go with `--handler`",
            help="give the infrastructure: it says whose role to look for",
        )
    if handler is not None:
        return _alone(outside, paths, handler, environment)
    options = _options(outside, paths, variables, variable_files, packages)
    progress = ProgressLine(sys.stderr, shutil.get_terminal_size().columns)
    try:
        inputs = list(read_all(paths, options, progress))
    finally:
        progress.clear()
    out = Gathered()
    chosen = list(_chosen(inputs, functions))
    out.trail = _trail(outside, trails, [(source, function) for source, function in chosen])
    style: list[hcl.Style] = []
    for source in inputs:
        out.gaps += ((source.path, gap) for gap in source.world.gaps)
        style += _styles(source)
    out.style = "jsonencode" if style.count("jsonencode") > style.count("document") else "document"
    if out.trail is not None:
        out.gaps += (("", gap) for gap in out.trail.gaps)
    modules: dict[tuple[str, str], dict[str, set[str]]] = {}
    for source in inputs:
        of = modules.setdefault((source.kind, source.path), {})
        for function in source.world.functions:
            of.setdefault(_folder(function), set()).add(module_of(function.address))
    for source, function in chosen:
        sheet = _sheet(source, function, out.trail, modules[source.kind, source.path])
        out.sheets.append(sheet)
        for folder in (sheet.root, sheet.folder) if source.kind == "terraform" else ():
            if folder not in out.projects:
                out.projects[folder] = _project(source.base / folder)
    return out


def _options(
    outside: Outside,
    paths: Sequence[Path],
    variables: Mapping[str, str],
    files: Sequence[Path],
    packages: Mapping[str, Path],
) -> Options:
    """What the command line says, and what the configuration says for all commands."""
    from stockade.cli.names import existing
    from stockade.configuration import Configuration, find

    said = find(paths, outside.here, existing(), outside.ceiling) or Configuration("", outside.here)
    if not files:
        files, variables = said.var_files, {**said.vars, **variables}
    return Options(
        outside.here,
        variables,
        files,
        outside.environment,
        packages={**said.packages, **packages},
        ceiling=outside.ceiling,
    )


def _chosen(inputs: Sequence[Input], names: Sequence[str]) -> Iterator[tuple[Input, Function]]:
    """The functions that were asked for, each in its input with its needs."""
    from stockade.needs.enrich import Analyses, enriched

    analyses = Analyses()
    met: set[str] = set()
    every: list[str] = []
    for source in inputs:
        made = replace(source, world=enriched(source.world, analyses))
        for function in source.world.functions:
            known = {function.address, name_of(function)}
            every += sorted(known)
            if not names or known & set(names):
                met |= known
                yield made, function
    missing = [name for name in names if name not in met]
    if missing:
        from difflib import get_close_matches

        near = get_close_matches(missing[0], every, 1, 0.5)
        help = f"did you mean `{near[0]}`?" if near else "`stockade scan` lists the functions that there are"
        raise UsageError(f"there is no function `{missing[0]}`", help=help)
    if not every:
        gaps = [gap for source in inputs for gap in source.world.gaps]
        help = "of source alone say which handler: `stockade policy src/ --handler app.handler`"
        if gaps:
            more = f", and {len(gaps) - 1} more" if len(gaps) > 1 else ""
            help = f"{gaps[0].what}: {gaps[0].reason}{more}; `stockade scan` lists what was not read"
        raise UsageError("there is no function in what was read", help=help)


def _sheet(source: Input, function: Function, trail: Trail | None, modules: Mapping[str, set[str]]) -> Sheet:
    world = source.world
    needs = world.needs_of(function)
    learned = needs.learned if needs is not None else Learned(Known("", function.origin))
    told: tuple[str, ...] = ()
    role, role_name = _role(world, function)
    if trail is not None:
        learned, told = _with_trail(learned, trail, source, function)
    return Sheet(
        address=function.address,
        name=name_of(function),
        kind=source.kind,
        learned=learned,
        role=role,
        role_name=role_name,
        told=told,
        root=source.path,
        folder=_folder(function),
        shared=len(modules.get(_folder(function), ())) > 1,
        ids=world.declared.ids,
    )


def _role(world: World, function: Function) -> tuple[str, str]:
    """The address of the role, where it is declared and a policy can be put on it, and its name."""
    role = world.role_of(function)
    found = role.role.value if role is not None and isinstance(role.role, Known) else None
    if found is None or found.address == function.address:
        return "", ""
    return found.address, found.name.value if isinstance(found.name, Known) else ""


# ------------------------------------------------------------------------------------------- a project's


def _styles(source: Input) -> Iterator[hcl.Style]:
    """How the policies of a project are written, one word a policy."""
    for role in source.world.roles:
        for policy in role.policies:
            for written in places(policy.document.origin):
                span = written.span
                before = span.source.data[max(0, span.start - 400) : span.end + 20]
                if b"aws_iam_policy_document" in before or b"statement {" in before:
                    yield "document"
                elif b"jsonencode" in before:
                    yield "jsonencode"
                break


def _folder(function: Function) -> str:
    """The directory of the file that declares a function."""
    found = next(places(function.origin), None)
    return posixpath.dirname(found.span.path) or "." if found is not None else ""


def _project(directory: Path) -> hcl.Project:
    """The data sources for region, account and partition that a directory has, and its variables."""
    declared: dict[str, str] = {}
    variables: set[str] = set()
    for file in sorted(directory.glob("*.tf")) if directory.is_dir() else ():
        try:
            with file.open("rb") as opened:
                data = opened.read(_EACH)
        except OSError:
            continue  # what cannot be read was told as a gap
        declared.update((kind.decode(), name.decode()) for kind, name in _DATA.findall(data))
        variables.update(name.decode() for name in _VARIABLE.findall(data))
    return hcl.Project(declared, variables)


# ------------------------------------------------------------------------------------------ source alone


def _alone(outside: Outside, paths: Sequence[Path], handler: str, environment: Mapping[str, str]) -> Gathered:
    """A directory of source without infrastructure."""
    from stockade.needs.arguments import Environment
    from stockade.needs.derive import learned_alone
    from stockade.needs.enrich import analysed, files_in
    from stockade.read.files import Tree, Unreadable
    from stockade.read.repository import repository
    from stockade.value import Default

    if len(paths) != 1:
        raise UsageError("`--handler` is about one PATH", help="give the directory that the handler is in")
    directory = Path(os.path.realpath(outside.here / paths[0]))
    if not directory.is_dir():
        raise UsageError(f"`{paths[0]}` is no directory", help="give the directory that the handler is in")
    shown = outside.here if outside.here == directory or outside.here in directory.parents else directory
    try:
        files = files_in(Tree(repository(directory, outside.ceiling), shown), directory)
    except Unreadable as error:
        raise UsageError(f"`{paths[0]}` cannot be read: {error.message}") from None
    found = analysed(files, handler)
    if found is None:
        help = "Python, JavaScript and TypeScript are analysed; the handler is as Lambda has it: `app.handler`"
        raise UsageError(f"there is no source for the handler `{handler}` in `{paths[0]}`", help=help)
    origin = Default("it was given with --env")
    variables = {name: Known(value, origin) for name, value in environment.items()}
    learned = learned_alone(found, Environment(variables))
    sheet = Sheet(address=handler, name=handler.rpartition(".")[0] or handler, kind="source", learned=learned)
    return Gathered([sheet])


# --------------------------------------------------------------------------------------------- a trail


def _key(source: Input, function: Function) -> str:
    return f"{source.path}\0{function.address}"


def _trail(outside: Outside, paths: Sequence[Path], chosen: Sequence[tuple[Input, Function]]) -> Trail | None:
    if not paths:
        return None
    from stockade.needs.trail import Watched, read

    watched = []
    for source, function in chosen:
        role = source.world.role_of(function)
        found = role.role.value if role is not None and isinstance(role.role, Known) else None
        name = found.name.value if found is not None and isinstance(found.name, Known) else ""
        own = function.name.value if isinstance(function.name, Known) else ""
        watched.append(Watched(_key(source, function), name, own))
    return read([outside.here / one for one in paths], watched)


def _with_trail(
    learned: Learned, trail: Trail, source: Input, function: Function
) -> tuple[Learned, tuple[str, ...]]:
    """What a trail adds: needs that were not known, and what it cannot show."""
    from stockade.iam.cover import covers, shape
    from stockade.needs.witnessed import joined

    key = _key(source, function)
    known = [(one.action.lower(), shape(one.resource)) for one in learned.needed]
    seen, near = joined(trail.needs(key), source.world, function)
    added = tuple(
        one
        for one in seen
        if not any(
            action == one.action.lower() and (wide == ("*",) or covers(wide, shape(one.resource)))
            for action, wide in known
        )
    )
    told = [
        f"the trail has {trail.events:,} events of {trail.first[:10] or '?'} to {trail.last[:10] or '?'}; "
        f"{seen_of.events:,} are of this function"
        if (seen_of := trail.by_key.get(key))
        else f"the trail has {trail.events:,} events, and none of this function"
    ]
    told += trail.blind()
    told += near
    accounts = sorted({account for _, account in seen_of.where.values() if account}) if seen_of else []
    if len(accounts) > 1:
        told.append(f"roles of its name were seen in {len(accounts)} accounts: {', '.join(accounts)}")
    if seen_of := trail.by_key.get(key):
        told += (
            f"refused {'once' if count == 1 else f'{count} times'}, and not counted as needed: {action}"
            for action, count in sorted(seen_of.denied.items())
        )
        told += (
            f"{count} events of {name}: its action is not known"
            for name, count in sorted(seen_of.unmapped.items())
        )
    return replace(learned, needed=(*learned.needed, *added)), tuple(told)


# ------------------------------------------------------------------------------------------- printing


def print_sheets(outside: Outside, found: Gathered, shape: str, explain: bool, color: str) -> None:
    """Print what was gathered in one of the formats."""
    if shape == "json":
        import json

        document: dict[str, Any] = {
            "schema": plain.SCHEMA,
            "functions": plain.functions(found.sheets),
            "gaps": [{"what": gap.what, "reason": gap.reason, "input": path} for path, gap in found.gaps],
        }
        click.echo(json.dumps(document, indent=2, ensure_ascii=False))
        return
    if shape in ("hcl", "yaml"):
        _written(found, shape)
        return
    _terminal(outside, found, explain, color)


def _written(found: Gathered, shape: str) -> None:
    """The policies alone, fit for a file; what was not followed stands in them as comments."""
    sheets = [one for one in found.sheets if _FORMATS.get(one.kind, shape) == shape]
    if not sheets:
        other = _FORMATS[found.sheets[0].kind]
        kind = found.sheets[0].kind
        raise UsageError(f"the functions are of {kind}", help=f"write `--format {other}`, or `--format json`")
    text = hcl.text(sheets, found.style, found.projects) if shape == "hcl" else yaml.text(sheets)
    click.echo("\n".join(map(escape, text.split("\n"))), nl=False)
    if len(sheets) < len(found.sheets):
        click.echo(
            f"{len(found.sheets) - len(sheets)} functions of other kinds of input are left out", err=True
        )
    for path, gap in found.gaps:
        click.echo(f"{path + ': ' if path else ''}{gap.what}: {gap.reason}", err=True)


def _terminal(outside: Outside, found: Gathered, explain: bool, color: str) -> None:
    from stockade.show.paper import Paper

    console = outside.console(sys.stdout, color)
    paper = Paper(console)
    for sheet in found.sheets:
        _about(paper, sheet)
        for line in _policy(sheet, found).splitlines():
            paper.line((line, "dim" if line.lstrip().startswith("#") else ""), indent=2)
        _left_open(paper, sheet)
        if explain:
            _explained(paper, sheet)
        paper.line()
    for path, gap in found.gaps:
        paper.prose((f"not read: {path + ': ' if path else ''}{gap.what}: {gap.reason}", "yellow"))


def _policy(sheet: Sheet, found: Gathered) -> str:
    bare = _bare(sheet)
    if _FORMATS.get(sheet.kind) == "hcl":
        return hcl.text([bare], found.style, found.projects)
    if sheet.kind == "source":
        import json

        return json.dumps(plain.functions([sheet])[0]["policy"], indent=2, ensure_ascii=False)
    return yaml.text([bare])


def _bare(sheet: Sheet) -> Sheet:
    """The sheet without what is said of it apart."""
    return Sheet(
        address=sheet.address,
        name=sheet.name,
        kind=sheet.kind,
        learned=replace(sheet.learned, open=()),
        role=sheet.role,
        role_name=sheet.role_name,
        root=sheet.root,
        folder=sheet.folder,
        shared=sheet.shared,
        ids=sheet.ids,
    )


def _about(paper: Any, sheet: Sheet) -> None:
    source = sheet.learned.source
    paper.prose((sheet.address, "bold"), (f"  {sheet.name}" if sheet.name != sheet.address else "", ""))
    if isinstance(source, Known):
        needs = [one for one in sheet.learned.needed if one.found == "source"]
        calls = len({name for one in needs for name in one.calls})
        called = "1 operation is called" if calls == 1 else f"{calls} operations are called"
        paper.prose((f"{source.value or 'its source'}: {called}", "dim"), indent=2)
    else:
        paper.prose((f"for its configuration alone: {source.reason}", "yellow"), indent=2)
    if built := stood_in(sheet.learned):
        paper.prose((built, "yellow"), indent=2)
    for one in (*sheet.policy.notes, *sheet.told):
        paper.prose((one, "dim"), indent=2)


def _left_open(paper: Any, sheet: Sheet) -> None:
    if sheet.learned.open:
        paper.prose(("not resolved", "yellow"), indent=2)
        for one in sheet.learned.open:
            paper.prose((unresolved(one), ""), indent=4)


def _explained(paper: Any, sheet: Sheet) -> None:
    paper.prose(("why", "bold"), indent=2)
    for need in sheet.learned.needed:
        paper.prose((f"{need.action} on {in_json(need.resource)} ({need.certainty.value})", ""), indent=4)
        for reason in need.reasons:
            paper.prose((because(reason), "dim"), indent=6)
            for span in reason.way:
                paper.prose((f"by way of {span.path}:{span.line}", "dim"), indent=8)
    if sheet.learned.aside:
        paper.prose(("not needed by its role", "bold"), indent=2)
        for reason in sheet.learned.aside:
            paper.prose((f"{place(reason.origin)} {reason.said}".strip(), "dim"), indent=4)
    for note in sheet.learned.notes:
        paper.prose((f"note: {because(note)}", "dim"), indent=2)
