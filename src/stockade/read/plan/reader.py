"""Reads a plan or state of Terraform into evaluated resources: what is, or will be, deployed."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from stockade.model.typed import is_null
from stockade.model.world import Gap
from stockade.patterns import lazy_regex
from stockade.read.deployment import Pieces, filled
from stockade.read.files import Tree, Unreadable
from stockade.read.plan.attributes import Attributes
from stockade.read.plan.beside import Beside, beside
from stockade.read.plan.configured import Configured, first_call
from stockade.read.plan.contents import Contents, Entry, NotReadError, contents
from stockade.read.resource import Ground, Reading, Resource
from stockade.read.terraform import Library
from stockade.read.terraform.documents import document_json
from stockade.read.terraform.guard import guarded
from stockade.read.terraform.provider import Provider, unconfigured
from stockade.read.terraform.schema import COMPUTED
from stockade.source import Source, Span
from stockade.value import Default, Hole, Known, Ref, Text, Unknown, Value, Written

_DEEPEST = 50
"""How many references are followed from one resource to the next."""

_DATA = ("archive_file", "aws_iam_policy", "aws_iam_role")
"""Data sources that stand for something that exists in AWS, or make a package."""

_ARN = lazy_regex(r"arn:([a-z-]+):[a-z0-9-]+:([a-z0-9-]*):(\d*):")


def read(path: Path, tree: Tree, *, library: Library | None = None, instead: Collection[Path] = ()) -> Reading:
    """Read a plan or state. Attributes are taken apart when somebody asks for them.

    ``library`` shares what was parsed of a configuration that lies beside; where that is in one of the
    directories ``instead``, it is scanned itself and the plan is left out, which is a gap. So is a file
    of which nothing can be read, with its place and what to do about it.
    """
    shown = tree.shown(path)
    try:
        source = tree.read(path)
        found = contents(source)
    except Unreadable as error:
        nowhere = Written(Span(Source(shown, b""), 0, 0))
        return Reading("plan", shown, (), (Gap(f"`{shown}` was not read", error.message, nowhere, error.help),))
    except NotReadError as error:
        place = Written(Span(source, error.at, error.at))
        return Reading("plan", shown, (), (Gap(f"`{shown}` was not read", error.message, place, error.help),))
    run = _Run(found, path, tree, library)
    if run.beside is not None and run.beside.directory in instead:
        reason = f"the configuration it was made of is read instead, in `{run.beside.reading.path}`"
        help = "name the file itself to scan what it holds"
        gap = Gap(f"`{shown}` was not read", reason, Default("a scan reads one of the two"), help, spare=True)
        return Reading(found.kind, shown, (), (gap,))
    resources = tuple(run.resource(entry) for entry in found.entries if _is_wanted(entry))
    remarks = run.beside.reading.remarks if run.beside else ()
    directory = run.beside.directory if run.beside else tree.locate(path).parent
    ground = Ground(tree, directory)
    return Reading(found.kind, shown, resources, tuple(found.gaps), remarks, ground)


def _is_wanted(entry: Entry) -> bool:
    return entry.mode == "managed" or entry.type in _DATA


class _Run:
    """One file while it is read: what an instance's attributes may ask of the others."""

    def __init__(self, found: Contents, path: Path, tree: Tree, library: Library | None) -> None:
        self._found = found
        self._path, self._tree, self._library = path, tree, library
        self._entries: dict[str, Entry] = {entry.address: entry for entry in found.entries}
        self._attributes: dict[str, Attributes] = {}
        self._busy: set[str] = set()
        self._providers: dict[tuple[str, str], Provider] = {}
        self.configured = Configured(found.configuration, self._entries.keys())
        self.types = frozenset(entry.type for entry in found.entries if entry.mode == "managed")

    @cached_property
    def beside(self) -> Beside | None:
        """The configuration, where it lies beside."""
        planned = self._found.kind == "plan"
        declares = (
            self.configured.root_resources()
            if planned
            else {
                ("module", first_call(one.module), "") if one.module else (one.mode, one.type, one.name)
                for one in self._found.entries
            }
        )
        return beside(self._path, declares, planned, self._tree, self._found.variables, self._library)

    def resource(self, entry: Entry) -> Resource:
        kind = entry.type if entry.mode == "managed" else f"data.{entry.type}"
        alike = self.beside.like(entry.address) if self.beside else None
        ignored = alike.ignored if alike is not None and not entry.existing else frozenset()
        return Resource(
            "terraform",
            kind,
            entry.address,
            self.attributes(entry),
            alike.origin if alike is not None else entry.origin,
            None,
            self.provider_of(entry).region,
            ignored,
            lambda attribute: self.value_of(Ref(entry.address, attribute)),
        )

    def attributes(self, entry: Entry) -> Attributes:
        found = self._attributes.get(entry.address)
        if found is None:
            found = self._attributes[entry.address] = Attributes(entry, self)
        return found

    # ------------------------------------------------------------------------------ of another instance

    def value_of(self, ref: Ref) -> Value[Any]:
        """What an expression sees: a known text with what it was read through, or a reference."""
        entry = self._entries.get(ref.address)
        reason = f"`{ref}` is known only after deployment".replace("${", "").replace("}", "")
        if entry is None or ref.address in self._busy or len(self._busy) > _DEEPEST:
            return Unknown(reason, Default("it is not in the plan"), Text((Ref(ref.address, ref.attribute),)))
        self._busy.add(ref.address)
        try:
            own = self.attributes(entry)
            value = own.get(ref.attribute)
            if isinstance(value, Known) and isinstance(value.value, str):
                return Known(value.value, value.origin, Ref(ref.address, ref.attribute))
            if entry.mode == "data" and entry.type == "aws_iam_policy_document":
                if ref.attribute in ("json", "minified_json"):
                    document = _Document(entry.origin, own)
                    minified = ref.attribute == "minified_json"
                    return guarded(lambda: document_json(document, minified=minified), entry.origin)
            template = COMPUTED.get(entry.type, {}).get(ref.attribute)
            shape = filled(template, lambda name: self._piece(entry, own, name)) if template else None
            return Unknown(reason, entry.origin, Text((Ref(ref.address, ref.attribute, shape),)))
        finally:
            self._busy.discard(ref.address)

    def _piece(self, entry: Entry, own: Attributes, name: str) -> Pieces:
        provider = self.provider_of(entry)
        value: Value[Any] | None = {
            "partition": provider.partition,
            "region": provider.region,
            "account": provider.account,
        }.get(name) or own.get(name)
        match value:
            case Known(str() as text):
                return (text,)
            case Unknown(_, _, Text() as text):
                return text.shape()
            case _ if name == "path":
                return ("/",)
            case _:
                return (Hole(f"{entry.address}.{name}"),)

    def texts_of(self, address: str) -> Mapping[str, str]:
        """The known texts of an instance, by attribute."""
        entry = self._entries.get(address)
        if entry is None:
            return {}
        return {name: one for name, one in entry.plain.items() if isinstance(one, str) and one}

    def owner_of(self, text: str) -> Ref | None:
        """The attribute that is an ARN or an ID."""
        return self._owners.get(text)

    @cached_property
    def _owners(self) -> Mapping[str, Ref]:
        out: dict[str, Ref] = {}
        for entry in self._found.entries:
            if entry.mode == "managed":
                for name in ("id", "execution_arn", "invoke_arn", "qualified_arn", "arn"):
                    if isinstance(text := entry.plain.get(name), str) and text:
                        out.setdefault(text, Ref(entry.address, name))
        return out

    # ---------------------------------------------------------------------------------------- provider

    def provider_of(self, entry: Entry) -> Provider:
        """The provider of an instance; region and account are those of its own ARN where it has one."""
        found = _ARN.match(str(entry.plain.get("arn") or ""))
        declared = self.configured.declaration(entry) or {}
        name = str(declared.get("provider_config_key") or entry.provider or "aws")
        key = (name, found[0] if found else "")
        if key not in self._providers:
            self._providers[key] = self._provider(name, found)
        return self._providers[key]

    def _provider(self, name: str, arn: re.Match[str] | None) -> Provider:
        fallback = unconfigured(name.rpartition(":")[2] if "/" not in name else "aws")
        region, account = fallback.region, fallback.account
        origin = Default("the provider of the plan")
        written = self._configured_region(name)
        if arn is not None and arn[2]:
            region = Known(arn[2], Default("its own ARN says so"))
        elif written:
            region = Known(written, origin)
        if arn is not None and arn[3]:
            account = Known(arn[3], Default("its own ARN says so"))
        return Provider(fallback.name, region, account, fallback.default_tags)

    def _configured_region(self, name: str) -> str | None:
        config = self.configured.providers.get(name)
        expressions = config.get("expressions") if isinstance(config, dict) else None
        region = expressions.get("region") if isinstance(expressions, dict) else None
        if not isinstance(region, dict):
            return None
        value = region.get("constant_value")
        match region.get("references"):
            case [str() as only] if only.startswith("var.") and ":" not in name:
                given = self._found.variables.get(only.removeprefix("var."))
                value = given.value if isinstance(given, Known) else None
        return value if isinstance(value, str) else None


class _Document:
    """An ``aws_iam_policy_document`` that is read only while deploying, as far as the plan knows it."""

    def __init__(self, origin: Written, attributes: Attributes) -> None:
        self.origin = origin
        self._attributes = attributes

    def get(self, name: str, /) -> Value[Any] | None:
        found = self._attributes.get(name)
        return _as_blocks(found) if name == "statement" and found is not None else found


_BLOCKS = ("condition", "not_principals", "principals")
"""The blocks in a statement."""


def _as_blocks(value: Value[Any]) -> Value[Any]:
    """A list of blocks, in which whatever is none cannot be known."""
    if isinstance(value, Unknown):
        return value
    if not isinstance(value.value, tuple):
        return Unknown("it is not a list of blocks", value.origin)
    out: list[Value[Any]] = []
    for one in value.value:
        if isinstance(one, Known) and isinstance(one.value, dict):
            fields = {
                name: _as_blocks(inner) if name in _BLOCKS and not is_null(inner) else inner
                for name, inner in one.value.items()
            }
            out.append(Known(fields, one.origin))
        else:
            out.append(one if isinstance(one, Unknown) else Unknown("it is not a block", one.origin))
    return Known(tuple(out), value.origin)
