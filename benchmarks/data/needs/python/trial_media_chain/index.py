"""An upload goes through a chain: looked at, written down, and its text to whoever asked."""
from functools import reduce

from chain import Step
from steps import archived, described, fetched, spoken

_photo = Step(fetched) | described | archived
_sound = Step(fetched) | spoken
_CHAINS = {"jpg": _photo, "png": _photo, "mp3": _sound}


def _merged(all_, one):
    return {**all_, one["key"]: one.get("labels") or one.get("job")}


def handler(event, context):
    done = []
    for record in event["Records"]:
        key = record["s3"]["object"]["key"]
        chain = _CHAINS.get(key.rpartition(".")[2])
        if chain is None:
            continue
        done.append(chain({"bucket": record["s3"]["bucket"]["name"], "key": key}))
    return reduce(_merged, done, {})
