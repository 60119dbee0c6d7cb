"""Property tests are run with new examples on every machine but CI's, where a run can be repeated.

None of them has a deadline: how long an example takes says more of the machine than of us.
What a machine keeps of advisories, or of earlier scans, is no part of a test.
"""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("new", deadline=None)
settings.register_profile("repeatable", deadline=None, derandomize=True, database=None)
settings.load_profile("repeatable" if os.environ.get("CI") else "new")

os.environ["STOCKADE_ADVISORIES"] = os.path.join(os.path.dirname(__file__), "no-advisories")
os.environ["STOCKADE_CACHE"] = ""
