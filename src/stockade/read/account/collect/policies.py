"""Resource-based policies: who may invoke a function, its aliases and its published versions.

Each of them has a policy of its own. Versions are listed in bulk, and asked for theirs up to a number that
keeps a scan within minutes; that there are more of them is said.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from stockade.read.account.answer import Absent, Present, Unread
from stockade.read.account.calls import LAMBDA, LAMBDA_POLICY, Call
from stockade.read.account.collect import aliases
from stockade.read.account.scene import Scene
from stockade.read.account.statements import permissions
from stockade.read.resource import Resource

POLICY: Final = Call(
    "lambda", "GetPolicy", LAMBDA_POLICY, "the resource-based policy of a function, an alias or a version"
)
VERSIONS: Final = Call(
    "lambda", "ListFunctions", LAMBDA, "which versions are published (`FunctionVersion=ALL`)", "Functions"
)
CALLS: Final = (POLICY, VERSIONS)
TYPE: Final = "lambda:AddPermission"

_LATEST: Final = "$LATEST.PUBLISHED"
"""The version of functions on managed instances that follows what is published last."""

MOST: Final = 2_000
"""Published versions of one region whose policies are read: some four minutes at half of AWS's quota."""


def collect(scene: Scene) -> Iterable[Resource]:
    """One resource for each way in that a statement opens."""
    asked = [(one.arn, "") for one in scene.functions]
    known = [one.address for one in scene.found.get("aliases", ()) if one.type == aliases.TYPE]
    asked += [_split(one) for one in known if "#" not in one]  # that stands for aliases that were not listed
    versions, lost = _versions(scene)
    asked += versions
    asked = list(dict.fromkeys(asked))
    answers = scene.each(asked, lambda one: _ask(scene, *one))
    seen: set[str] = set()
    for (arn, qualifier), answer in zip(asked, answers, strict=True):
        yield from _of(scene, arn, qualifier, answer, seen)
    for arn, why in lost.items():
        yield _lost(scene, arn, "", why)
    for one in scene.found.get("aliases", ()):
        if one.doubt is not None:  # the aliases were not listed, so their policies were not asked for
            arn = one.address.partition("#")[0]
            yield _lost(scene, arn, "alias", Unread(POLICY, arn, one.doubt.reason, scene.place))


def _ask(scene: Scene, arn: str, qualifier: str) -> Any:
    more = {"Qualifier": qualifier} if qualifier else {}
    return scene.ask(POLICY, f"{arn}:{qualifier}" if qualifier else arn, FunctionName=arn.split(":")[6], **more)


def _versions(scene: Scene) -> tuple[Sequence[tuple[str, str]], Mapping[str, Unread]]:
    """Published versions, newest first; for those that are not asked why."""
    known = {one.arn for one in scene.functions}
    listing = scene.listing(VERSIONS, FunctionVersion="ALL")
    found = [(arn, str(one.get("Version", ""))) for one in listing.items if (arn := _plain(one)) in known]
    found += [(one.arn, _LATEST) for one in scene.functions if one.configuration.get("CapacityProviderConfig")]
    published = [one for one in dict.fromkeys(found) if one[1].isdigit() or one[1] == _LATEST]
    published.sort(key=lambda one: (-int(one[1]) if one[1].isdigit() else -sys.maxsize, one[0]))
    lost: dict[str, Unread] = {}
    if listing.unread is not None:
        lost |= {one.arn: listing.unread for one in scene.functions}
    if len(published) > MOST:
        reason = f"there are {len(published):,} published versions, more than the {MOST:,} that are asked"
        why = Unread(POLICY, "published versions", reason, scene.place)
        scene.miss(why)
        lost |= {arn: why for arn, _ in published[MOST:]}
    return published[:MOST], lost


def _plain(one: Mapping[str, Any]) -> str:
    """The ARN of a version's function."""
    return _split(str(one.get("FunctionArn", "")))[0]


def _split(arn: str) -> tuple[str, str]:
    """A function's ARN and what qualifies it."""
    parts = arn.split(":")
    return ":".join(parts[:7]), ":".join(parts[7:])


def _of(
    scene: Scene, arn: str, qualifier: str, answer: Present | Absent | Unread, seen: set[str]
) -> Iterator[Resource]:
    match answer:
        case Unread() as why:
            yield _lost(scene, arn, qualifier, why)
        case Present(data):
            about = f"{arn}:{qualifier}" if qualifier else arn
            document = scene.document(POLICY, about, {"Policy": data.get("Policy", "")}, texts=("Policy",))
            for one in permissions(document, arn, qualifier):
                address = f"{one.address}.{one.number}" if one.number else one.address
                if address not in seen:  # a statement says itself which of them it is for
                    seen.add(address)
                    yield scene.made(TYPE, address, one.attributes, one.origin, one.doubt)
        case Absent():
            pass


def _lost(scene: Scene, arn: str, qualifier: str, why: Unread) -> Resource:
    """Whoever may be let in by a policy that was not read."""
    address = f"{arn}:{qualifier}#policy" if qualifier else f"{arn}#policy"
    said = scene.document(POLICY, arn, {"FunctionName": arn})
    return scene.unread(TYPE, address, why, FunctionName=said.said(arn, "FunctionName"))
