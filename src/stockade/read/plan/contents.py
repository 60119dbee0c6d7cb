"""What a plan or a state of Terraform holds, still as JSON: its resource instances and its configuration.

Three forms are read: what ``terraform show -json`` prints of a plan and of a state, and state files
themselves (``terraform.tfstate``, version 4). Only where things stand is found here; an instance's
attributes are taken apart when somebody asks for them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from functools import cached_property
from typing import Any, Final, Literal, TypeAlias

from stockade.errors import StockadeError
from stockade.json_text import decode
from stockade.model.world import Gap
from stockade.read.plan.members import (
    BrokenJson,
    Range,
    elements,
    members,
    plain,
    start_of,
)
from stockade.records import dataclass
from stockade.source import Source, Span
from stockade.source import decode as unicode_of
from stockade.value import Value, Written

Kind: TypeAlias = Literal["plan", "state"]

_GONE: Final = (["delete"], ["forget"])
"""What is planned for an instance that is not there afterwards."""

_AGAIN: Final = "write it with `terraform show -json FILE`, all of it, and scan again"
_STATE_VERSION: Final = 4
_BOM: Final = b"\xef\xbb\xbf"


class NotReadError(StockadeError):
    """A file of which nothing was read; ``at`` is where it stops being what it should be."""

    def __init__(self, message: str, at: int = 0, *, help: str | None = None) -> None:
        super().__init__(message, help=help)
        self.at = at


@dataclass(frozen=True)
class Entry:
    """One resource instance.

    ``place`` is where its address stands, ``whole`` all of it. ``existing`` says that it is deployed
    already. ``depends`` are the addresses it depends on, where the file says so.
    """

    source: Source
    address: str
    module: str
    mode: str
    type: str
    name: str
    key: str | int | None
    provider: str
    place: Span
    whole: Range
    values: Range
    existing: bool
    depends: tuple[str, ...] = ()
    _unknown: Range | None = None
    _sensitive: Range | None = None

    @cached_property
    def plain(self) -> Mapping[str, Any]:
        """Its attributes as ``json.loads`` gives them."""
        found = plain(self.source, self.values)
        return found if isinstance(found, dict) else {}

    @cached_property
    def unknown(self) -> Any:
        """``true`` wherever only deployment decides, in the shape of the attributes."""
        return plain(self.source, self._unknown) or {}

    @cached_property
    def sensitive(self) -> Any:
        """``true`` wherever a value is to be kept out of sight, in the shape of the attributes."""
        found = plain(self.source, self._sensitive)
        return _by_paths(found) if isinstance(found, list) else found or {}

    @property
    def origin(self) -> Written:
        return Written(self.place)


@dataclass
class Contents:
    """All of a file that matters. ``configuration`` is the plan's own copy, without expressions' text."""

    kind: Kind
    source: Source
    entries: list[Entry] = field(default_factory=list)
    configuration: Mapping[str, Any] = field(default_factory=dict)
    variables: Mapping[str, Value[Any]] = field(default_factory=dict)
    gaps: list[Gap] = field(default_factory=list)


def recognised(head: bytes) -> bool:
    """Whether a file seems to be one of the three forms, by its first bytes."""
    if not head.startswith((b"{", b" ", b"\n", b"\r", b"\t", _BOM)):
        return False
    if b'"terraform_version"' in head and (b'"format_version"' in head or b'"lineage"' in head):
        return True
    # What sorts the members of an object puts these first.
    return (b'"encrypted_data"' in head and b'"lineage"' in head) or (
        b'"configuration"' in head and b'"root_module"' in head and b'"provider_config"' in head
    )


def contents(source: Source) -> Contents:
    """Take a file apart; raises ``NotReadError`` for one that is none of the three forms, or broken."""
    if source.data.startswith(b"PK"):
        help = "scan what `terraform show -json FILE` prints of it"
        raise NotReadError("it is a plan as Terraform saves it, which only Terraform reads", help=help)
    if source.data.startswith((b"\xff\xfe", b"\xfe\xff")):
        help = (
            "write it as UTF-8: in PowerShell, `terraform show -json FILE | Out-File -Encoding utf8 plan.json`"
        )
        raise NotReadError("it is UTF-16, and JSON is UTF-8", help=help)
    try:
        top = members(source.text, _start(source))
        return _placed(_contents(source, top))
    except BrokenJson as error:
        raise NotReadError(str(error), error.at, help=_AGAIN) from None


def _placed(found: Contents) -> Contents:
    """The instances with places that may be shown.

    As Terraform writes a plan all of it is one line, secrets and all. There an instance's place is in a
    copy of the file that has nothing left but addresses.
    """
    source = found.source
    compact = [one for one in found.entries if source.data.find(b"\n", *one.whole) < 0]
    if not compact:
        return found
    bare = bytearray(b"\n".join(b" " * len(line) for line in source.data.split(b"\n")))
    for one in compact:
        bare[one.place.start : one.place.end] = one.place.raw
    copy = Source(source.path, bytes(bare), bare=True)
    alone = {id(one) for one in compact}
    found.entries = [
        replace(one, place=Span(copy, one.place.start, one.place.end)) if id(one) in alone else one
        for one in found.entries
    ]
    return found


def _start(source: Source) -> int:
    return start_of(source.text, len(_BOM) if source.data.startswith(_BOM) else 0)


def _contents(source: Source, top: Mapping[str, Range]) -> Contents:
    version = plain(source, top.get("format_version"))
    if isinstance(version, str):
        if version.partition(".")[0] not in ("0", "1"):
            at, help = top["format_version"][0], "scan the configuration, or use a later Stockade"
            raise NotReadError(f"its format version is {version}; those before 2.0 are read", at, help=help)
        if "planned_values" in top or "resource_changes" in top:
            return _plan(source, top)
        out = Contents("state", source)
        if "values" in top:  # a state without resources has none
            out.entries += _listed(source, top["values"][0])
        return out
    if "encrypted_data" in top:
        help = "scan what `tofu show -json` prints of it"
        raise NotReadError("it is an encrypted state", help=help)
    state = plain(source, top.get("version"))
    if state == _STATE_VERSION and "resources" in top:
        return Contents("state", source, list(_state(source, top["resources"][0])))
    if isinstance(state, int) and "lineage" in top:
        help = "let a later Terraform write it, or scan what its `terraform show -json` prints"
        raise NotReadError(f"it is a state of version {state}; version {_STATE_VERSION} is read", help=help)
    raise NotReadError("it is neither a plan nor a state of Terraform", help=_AGAIN)


# ------------------------------------------------------------------------------------------ a plan


def _plan(source: Source, top: Mapping[str, Range]) -> Contents:
    out = Contents("plan", source)
    gone: set[str] = set()
    if "resource_changes" in top:
        for where in elements(source.text, top["resource_changes"][0]):
            _change(source, where, out.entries, gone)
    seen = gone.union(one.address for one in out.entries)
    # What a targeted plan does not touch is only among the values, a data source that was read only in
    # the state before.
    if "planned_values" in top:
        out.entries += (one for one in _listed(source, top["planned_values"][0]) if one.address not in seen)
    prior = members(source.text, top["prior_state"][0]) if "prior_state" in top else {}
    if "values" in prior:
        seen.update(one.address for one in out.entries)
        before = {one.address: one for one in _listed(source, prior["values"][0])}
        out.entries = [
            replace(one, depends=before[one.address].depends) if one.address in before else one
            for one in out.entries
        ]
        out.entries += (one for one in before.values() if one.mode == "data" and one.address not in seen)
    configuration = plain(source, top.get("configuration"))
    out.configuration = configuration if isinstance(configuration, dict) else {}
    out.variables = dict(_variables(source, top["variables"][0])) if "variables" in top else {}
    out.gaps += _shortcomings(source, top)
    return out


def _variables(source: Source, at: int) -> Iterator[tuple[str, Value[Any]]]:
    """The values that were given to the root module, all of each at one place: some are secret."""
    for name, where in members(source.text, at).items():
        found = members(source.text, where[0])
        if "value" in found:
            start, end = found["value"]
            place = Written(Span(source, where[0], where[0]))
            yield name, decode(((unicode_of(source.text[start:end]), None, None),), place)


def _shortcomings(source: Source, top: Mapping[str, Range]) -> Iterator[Gap]:
    """What a plan says is missing from it."""
    if plain(source, top.get("errored")) is True:
        origin = Written(Span(source, *top["errored"]))
        yield Gap(f"`{source.path}` may lack resources", "the plan ended with errors", origin)
    elif plain(source, top.get("complete")) is False:
        origin = Written(Span(source, *top["complete"]))
        reason = "the plan is not complete: it was targeted, or Terraform put changes off"
        yield Gap(f"`{source.path}` may lack resources", reason, origin)


def _change(source: Source, where: Range, out: list[Entry], gone: set[str]) -> None:
    found = members(source.text, where[0])
    change = members(source.text, found["change"][0]) if "change" in found else {}
    actions = plain(source, change.get("actions"))
    entry = _entry(source, where, found, change.get("after"), change.get("after_sensitive"))
    if entry is None or "deposed" in found:
        return
    if actions in _GONE:
        gone.add(entry.address)
        return
    existing = plain(source, change.get("before")) is not None and actions in (["no-op"], ["update"])
    out.append(replace(entry, existing=existing, _unknown=change.get("after_unknown")))


def _entry(
    source: Source, where: Range, found: Mapping[str, Range], values: Range | None, sensitive: Range | None
) -> Entry | None:
    """An instance of a plan or of a shown state, where it has all that one has."""
    texts = {name: plain(source, found.get(name)) for name in ("address", "mode", "type", "name")}
    if values is None or not all(isinstance(one, str) for one in texts.values()):
        return None
    address = texts["address"]
    own = f"{'data.' if texts['mode'] == 'data' else ''}{texts['type']}.{texts['name']}"
    module = plain(source, found.get("module_address"))
    if not isinstance(module, str):
        before = address.rfind(f".{own}")
        module = address[:before] if before > 0 else ""
    provider, key = plain(source, found.get("provider_name")), plain(source, found.get("index"))
    depends = plain(source, found.get("depends_on"))
    return Entry(
        source=source,
        **texts,
        module=module,
        key=key if isinstance(key, str | int) else None,
        provider=provider if isinstance(provider, str) else "",
        place=Span(source, *found["address"]),
        whole=where,
        values=values,
        existing=True,
        depends=tuple(map(str, depends)) if isinstance(depends, list) else (),
        _sensitive=sensitive,
    )


def _listed(source: Source, at: int) -> Iterator[Entry]:
    """The instances below ``values``, ``planned_values`` or one of their modules."""
    modules = [members(source.text, at).get("root_module")]
    while modules:
        where = modules.pop()
        if where is None:
            continue
        module = members(source.text, where[0])
        for one in elements(source.text, module["resources"][0]) if "resources" in module else ():
            found = members(source.text, one[0])
            if "deposed_key" in found:
                continue
            entry = _entry(source, one, found, found.get("values"), found.get("sensitive_values"))
            if entry is not None:
                yield entry
        if "child_modules" in module:
            modules += elements(source.text, module["child_modules"][0])


# --------------------------------------------------------------------------------------- a state file


def _state(source: Source, at: int) -> Iterator[Entry]:
    for where in elements(source.text, at):
        found = members(source.text, where[0])
        texts = {name: plain(source, found.get(name)) for name in ("mode", "type", "name")}
        if not all(isinstance(one, str) for one in texts.values()) or "instances" not in found:
            continue
        module, provider = plain(source, found.get("module")), plain(source, found.get("provider"))
        module = module if isinstance(module, str) else ""
        own = f"{'data.' if texts['mode'] == 'data' else ''}{texts['type']}.{texts['name']}"
        for one in elements(source.text, found["instances"][0]):
            instance = members(source.text, one[0])
            if "deposed" in instance or "attributes" not in instance:
                continue
            key = plain(source, instance.get("index_key"))
            suffix = "" if key is None else f"[{json.dumps(key, ensure_ascii=False)}]"
            depends = plain(source, instance.get("dependencies"))
            yield Entry(
                source=source,
                **texts,
                address=f"{module}.{own}{suffix}" if module else own + suffix,
                module=module,
                key=key if isinstance(key, str | int) else None,
                provider=provider if isinstance(provider, str) else "",
                place=Span(source, *(found["name"] if key is None else instance["index_key"])),
                whole=one,
                values=instance["attributes"],
                existing=True,
                depends=tuple(map(str, depends)) if isinstance(depends, list) else (),
                _sensitive=instance.get("sensitive_attributes"),
            )


def _by_paths(paths: list[Any]) -> dict[str, Any]:
    """A state file's list of paths to what is sensitive, by the attribute that each begins with.

    Where a path leads deeper the whole attribute counts: too much is hidden rather than too little.
    """
    out: dict[str, Any] = {}
    for path in paths:
        match path:
            case [{"value": str() as name}, *_]:
                out[name] = True
    return out
