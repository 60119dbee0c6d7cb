"""Which services execution roles have used, as far back as IAM remembers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from stockade.read.account.answer import Absent, Present, Unread
from stockade.read.account.calls import IAM, Call
from stockade.read.account.scene import Scene
from stockade.read.resource import Resource
from stockade.value import Known, Value

ORDER: Final = Call(
    "iam",
    "GenerateServiceLastAccessedDetails",
    IAM,
    "which services a role has used, by a report that it begins",
    scope="account",
    absent=("NoSuchEntity", "NoSuchEntityException"),
)
GET: Final = Call(
    "iam",
    "GetServiceLastAccessedDetails",
    IAM,
    "which services a role has used, and which never",
)
CALLS: Final = (ORDER, GET)
TYPE: Final = "iam:GetServiceLastAccessedDetails"
_TRIES: Final = 20
_PAGES: Final = 100


def collect(scene: Scene) -> Iterable[Resource]:
    """One resource for each role that functions here run as."""
    roles = list(dict.fromkeys(seen.role for seen in scene.functions if seen.role))
    made = {one.address: _made(one) for one in scene.found.get("roles", ()) if one.type == "iam:GetRole"}
    return [one for found in scene.each(roles, lambda arn: _of(scene, arn, made.get(arn, ""))) for one in found]


def _made(role: Resource) -> str:
    """The day on which a role was made."""
    whole = role.attributes.get("Role")
    found = (
        whole.value.get("CreateDate") if isinstance(whole, Known) and isinstance(whole.value, dict) else None
    )
    return str(found.value)[:10] if isinstance(found, Known) else ""


def _of(scene: Scene, arn: str, made: str) -> list[Resource]:
    services: list[Mapping[str, Any]] = []
    match scene.ask(ORDER, arn, Arn=arn):
        case Unread() as why:
            return [_lost(scene, arn, why)]
        case Absent():
            return []
        case Present(data):
            job = str(data.get("JobId", ""))
    more: dict[str, Any] = {}
    tries = 0
    for _ in range(_PAGES):
        answer = scene.ask(GET, arn, JobId=job, **more)
        if isinstance(answer, Unread):
            return [_lost(scene, arn, answer)]
        page: Mapping[str, Any] = answer.data if isinstance(answer, Present) else {}
        if page.get("JobStatus") != "COMPLETED":
            tries += 1
            if tries == _TRIES or page.get("JobStatus") != "IN_PROGRESS":
                why = Unread(GET, arn, "IAM did not finish the report", scene.place)
                scene.miss(why)
                return [_lost(scene, arn, why)]
            scene.client.account.pace.pause(1)
            continue
        services += page.get("ServicesLastAccessed", ())
        if not page.get("IsTruncated"):
            break
        more = {"Marker": page.get("Marker")}
    used = sorted(str(one.get("ServiceNamespace")) for one in services if one.get("LastAuthenticated"))
    never = sorted(str(one.get("ServiceNamespace")) for one in services if not one.get("LastAuthenticated"))
    document = scene.document(GET, arn, {"Role": arn, "CreateDate": made, "Used": used, "Never": never})
    return [scene.resource(TYPE, f"{arn}#last-accessed", document)]


def _lost(scene: Scene, arn: str, why: Unread) -> Resource:
    named: Value[Any] = Known(arn, why.value().origin)
    return scene.unread(TYPE, f"{arn}#last-accessed", why, Role=named)
