"""Names of things, put together."""
import os
from string import Template

STAGE = os.environ["STAGE"]
BUCKET = "%s-reports-%s" % ("usage", STAGE)
WORKGROUP = Template("usage-$stage").substitute(stage=STAGE)
TOPIC = ":".join(("arn:aws:sns", os.environ["AWS_REGION"], os.environ["ACCOUNT_ID"], "reports-ready"))
