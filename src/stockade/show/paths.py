"""Access pictures and paths: a tree for the terminal, and as JSON, DOT and Mermaid for other tools."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import groupby
from typing import Any, Final

from rich.console import Console

from stockade.paths.graph import Path, Picture, Proof, Way
from stockade.patterns import lazy_regex
from stockade.show.escape import escape
from stockade.show.paper import Paper, counted
from stockade.source import Span

SCHEMA: Final = "stockade.paths/1"
_SHOWN: Final = 10
_STYLES: Final = {Proof.WITNESSED: "red", Proof.DECLARED: "", Proof.UNDECIDED: "yellow"}
_HEAVY: Final = 60
"""From which weight on a way is marked."""


# ------------------------------------------------------------------------------------------- terminal


def show(pictures: Sequence[Picture], paths: Sequence[Path], console: Console, most: int = _SHOWN) -> None:
    """The riskiest paths, then every function with its ways in and out."""
    paper = Paper(console)
    if paths:
        different = {route(one): one for one in reversed(paths)}
        listed = sorted(different.values(), key=lambda one: -one.risk)[:most]
        paper.heading("Riskiest paths", f"{len(listed):,} of {len(different):,}")
        for one in listed:
            style = "bold red" if one.risk >= _HEAVY else "yellow" if one.risk >= _HEAVY // 2 else ""
            sure = "" if one.is_proved else " (not all of it is decided)"
            paper.prose(route(one), (sure, "dim"), indent=2, lead=(f"{one.risk:>3}  ", style))
        paper.blank()
    for picture in pictures:
        paper.heading(picture.name, str(picture.place) if picture.place else "")
        if picture.facts:
            paper.line((" · ".join(f"{name} {value}" for name, value in picture.facts), "dim"), indent=2)
        _ways(paper, "who can invoke it", "<- ", picture.ways_in)
        _ways(paper, "what it can reach", "-> ", picture.ways_out)
        if picture.barred:
            paper.prose(
                f"{counted(picture.barred, 'grant')} of its role taken back by what denies it", indent=2
            )
        for reason in picture.open:
            paper.prose(reason, indent=2, lead=("?  ", "yellow"))
        paper.blank()
    total = counted(len(pictures), "function")
    ends = sum(len(one.ways_in) + len(one.ways_out) for one in pictures)
    paper.line((f"{total}, {counted(ends, 'way')} in and out, {counted(len(paths), 'path')}", "bold"))


def route(path: Path) -> str:
    """A path in one line."""
    steps = [path.hops[0].way.end.name]
    for name, _ in groupby(path.hops, key=lambda one: one.name):
        steps.append(name)
    return " -> ".join([*steps, path.hops[-1].way.end.name])


def _ways(paper: Paper, title: str, mark: str, ways: Sequence[Way]) -> None:
    if not ways:
        paper.line((f"{title}: nobody" if mark == "<- " else f"{title}: nothing", "dim"), indent=2)
        return
    for one in ways:
        style = _STYLES[one.proof] if one.weight >= _HEAVY or one.proof is Proof.UNDECIDED else ""
        paper.prose((one.end.name, f"bold {style}".strip()), f"  {one.how}", indent=2, lead=(mark, style))
        place = f"  {one.place}" if one.place else ""
        paper.prose((f"{one.proof.value}: {one.because}{place}", "dim"), indent=7)


# ------------------------------------------------------------------------------------------- machines


def document(
    pictures: Sequence[Picture], paths: Sequence[Path], inputs: Sequence[tuple[str, str]], version: str, at: str
) -> dict[str, Any]:
    """All of it as plain data; ``inputs`` are the kind and path of each input."""
    return {
        "schema": SCHEMA,
        "tool": {"name": "stockade", "version": version},
        "at": at,
        "inputs": [{"kind": kind, "path": path} for kind, path in inputs],
        "functions": [picture_document(one) for one in pictures],
        "paths": [
            {
                "input": one.input,
                "risk": one.risk,
                "proved": one.is_proved,
                "from": one.hops[0].way.end.name,
                "functions": list(dict.fromkeys(hop.function for hop in one.hops)),
                "to": one.hops[-1].way.end.name,
                "steps": [_way_document(hop.way) for hop in one.hops],
            }
            for one in paths
        ],
    }


def picture_document(one: Picture) -> dict[str, Any]:
    """One function with its ways."""
    return {
        "input": one.input,
        "address": one.address,
        "name": one.name,
        "place": _place(one.place),
        "facts": [{"name": name, "value": value} for name, value in one.facts],
        "ways_in": [_way_document(way) for way in one.ways_in],
        "ways_out": [_way_document(way) for way in one.ways_out],
        "open": list(one.open),
        "barred": one.barred,
    }


def _way_document(way: Way) -> dict[str, Any]:
    return {
        "kind": way.end.kind,
        "name": way.end.name,
        "function": way.end.function or None,
        "zone": way.zone.name.lower().replace("_", "-") if way.zone else None,
        "how": way.how,
        "actions": list(way.actions),
        "proof": way.proof.value,
        "because": way.because,
        "weight": way.weight,
        "place": _place(way.place),
    }


def _place(span: Span | None) -> dict[str, Any] | None:
    return {"path": span.path, "line": span.line} if span else None


def as_json(*parts: Any) -> bytes:
    """The document as JSON, in ASCII."""
    return (json.dumps(document(*parts), indent=1) + "\n").encode("ascii")


def dot(pictures: Sequence[Picture]) -> bytes:
    """A graph for Graphviz: callers on the left, functions in the middle, what they reach on the right."""
    graph = _Graph(pictures)
    lines = ["digraph stockade {", "  rankdir=LR;", '  node [fontname="Helvetica", shape=box, style=rounded];']
    for name, label, own in graph.nodes.values():
        lines.append(f"  {name} [label={_quoted(label)}{', penwidth=2' if own else ''}];")
    for start, end, way in graph.edges:
        color = "red" if way.weight >= _HEAVY else "gray40"
        style = "dashed" if way.proof is Proof.UNDECIDED else "solid"
        lines.append(f"  {start} -> {end} [label={_quoted(way.how)}, color={color}, style={style}];")
    return "\n".join([*lines, "}", ""]).encode()


def mermaid(pictures: Sequence[Picture]) -> bytes:
    """A flow chart for Markdown that draws Mermaid, as GitHub's and GitLab's."""
    graph = _Graph(pictures)
    nodes = [f"  {name}[{_label(label)}]" for name, label, _ in graph.nodes.values()]
    edges = [
        f"  {start} {'-.->' if way.proof is Proof.UNDECIDED else '-->'}|{_label(way.how)}| {end}"
        for start, end, way in graph.edges
    ]
    return "\n".join(["flowchart LR", *nodes, *edges, ""]).encode()


class _Graph:
    """Nodes with names of their own, by what they stand for, and the edges between them."""

    def __init__(self, pictures: Sequence[Picture]) -> None:
        self.nodes: dict[tuple[object, ...], tuple[str, str, bool]] = {}
        self.edges: list[tuple[str, str, Way]] = []
        own = {
            (one.input, one.address): self._node(("function", one.input, one.address), one.name, own=True)
            for one in pictures
        }
        for one in pictures:
            here = own[one.input, one.address]
            for way in one.ways_in:
                if not way.end.function:
                    self.edges.append((self._node(("in", way.end), way.end.name), here, way))
            for way in one.ways_out:
                there = own.get((one.input, way.end.function)) or self._node(("out", way.end), way.end.name)
                self.edges.append((here, there, way))

    def _node(self, key: tuple[object, ...], label: str, own: bool = False) -> str:
        return self.nodes.setdefault(key, (f"n{len(self.nodes)}", label, own))[0]


def _quoted(text: str) -> str:
    safe = escape(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{safe}"'


_SPECIAL: Final = lazy_regex(r"[^A-Za-z0-9 .,:/_*()=+-]")


def _label(text: str) -> str:
    """Text in quotes, of which nothing is Mermaid's or HTML: all else is written by its code."""
    return '"' + _SPECIAL.sub(lambda found: f"#{ord(found[0])};", escape(text)) + '"'
