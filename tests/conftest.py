"""Property tests are run with new examples on every machine but CI's, where a run can be repeated.

What a machine keeps of advisories, or of earlier scans, is no part of a test.
"""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("repeatable", derandomize=True, database=None)
if os.environ.get("CI"):
    settings.load_profile("repeatable")

os.environ["STOCKADE_ADVISORIES"] = os.path.join(os.path.dirname(__file__), "no-advisories")
os.environ["STOCKADE_CACHE"] = ""
