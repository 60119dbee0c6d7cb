"""Builds ``src/stockade/iam/data/managed.pack``, AWS's managed policies, from ``moto`` (Apache-2.0).

    pip install moto && python scripts/build_managed_policies.py

The documents are AWS's own, as its API published them; the date is that of the newest among them.
"""

from __future__ import annotations

import json
from importlib.metadata import version

from moto.iam.aws_managed_policies import aws_managed_policies_data

from stockade.iam.pack import DATA, write


def main() -> None:
    policies = json.loads(aws_managed_policies_data)
    members = {
        name: {
            "path": policy["Path"],
            "version": policy["DefaultVersionId"],
            "updated": (policy.get("UpdateDate") or policy["CreateDate"])[:10],
            "document": policy["Document"],
        }
        for name, policy in policies.items()
    }
    date = max(member["updated"] for member in members.values())
    write(DATA / "managed.pack", source=f"moto {version('moto')}", date=date, members=members)
    print(f"{len(members)} policies, as of {date}")


if __name__ == "__main__":
    main()
