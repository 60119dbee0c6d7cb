"""The handler without AWS: the table and the secret are stand-ins."""

import importlib
import json
import os
import sys
import unittest
from pathlib import Path
from unittest import mock

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))


def record(id, body):
    return {"messageId": id, "body": json.dumps(body)}


class Handler(unittest.TestCase):
    def setUp(self):
        environment = {
            "TABLE_NAME": "items",
            "API_KEY_SECRET_ARN": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:key-AbCdEf",
        }
        with mock.patch.dict(os.environ, environment, clear=True), mock.patch("boto3.resource") as resource:
            sys.modules.pop("app", None)
            self.app = importlib.import_module("app")
            self.table = resource.return_value.Table.return_value
        self.app.API_KEY = mock.Mock(value="a key")

    def test_a_job_becomes_an_item(self):
        answer = self.app.handler({"Records": [record("1", {"id": "a"})]}, None)
        self.assertEqual(answer, {"batchItemFailures": []})
        self.table.put_item.assert_called_once_with(Item={"id": "a", "done": True})

    def test_only_the_job_that_fails_comes_back(self):
        answer = self.app.handler({"Records": [record("1", {}), record("2", {"id": "b"})]}, None)
        self.assertEqual(answer, {"batchItemFailures": [{"itemIdentifier": "1"}]})


if __name__ == "__main__":
    unittest.main()
