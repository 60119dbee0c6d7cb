"""A nightly export of which only one may run, with everything undone when it breaks."""
import os
from contextlib import ExitStack

from leases import Lease, scratch
from source import rows


def handler(event, context):
    with ExitStack() as stack:
        lease = stack.enter_context(Lease("nightly-export"))
        if not lease:
            return {"skipped": True}
        folder = stack.enter_context(scratch(os.environ["SCRATCH_BUCKET"]))
        stack.callback(lease.noted, "finished")
        count = sum(folder.write(number, page) for number, page in enumerate(rows(event["day"])))
        if not count:
            stack.pop_all()
            return {"rows": 0, "leased": True}
        folder.publish(os.environ["EXPORT_BUCKET"], f"{event['day']}.csv")
        return {"rows": count}
