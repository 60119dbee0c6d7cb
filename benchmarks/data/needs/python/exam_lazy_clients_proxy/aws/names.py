"""Names by the stage."""
import os

_STAGE = os.environ.get("STAGE", "test")

SITE = f"docs-site-{_STAGE}"
DRAFTS = f"docs-drafts-{_STAGE}"
WARMER = f"docs-warmer-{_STAGE}"
