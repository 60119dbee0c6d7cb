"""Names that several modules share."""
import os

PREFIX = "billing"
STAGE = os.environ["STAGE"]
USAGE = f"{PREFIX}-usage-{STAGE}"
INVOICES = "-".join([PREFIX, "invoices", STAGE])
COPIES = os.getenv("COPIES_BUCKET")
SENDER = os.environ.get("SENDER", "billing@example.com")
