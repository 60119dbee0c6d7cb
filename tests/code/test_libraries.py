"""Libraries that call AWS by themselves: each is followed or told where a program that uses it is read."""

from __future__ import annotations

import pytest

from stockade.code.files import Files
from stockade.code.javascript import analyse as javascript
from stockade.code.python import analyse as python

PYTHON = {
    "awswrangler": "import awswrangler as wr\ndef handler(e, c): wr.catalog.tables()",
    "boto": "import boto.s3\ndef handler(e, c): boto.s3.connect_to_region('x')",
    "celery": "from celery import Celery\napp = Celery(broker='sqs://')\ndef handler(e, c): app.send_task('x')",
    "cloudpathlib": "from cloudpathlib import S3Path\ndef handler(e, c): S3Path('s3://b/k').read_text()",
    "deltalake": "from deltalake import DeltaTable\ndef handler(e, c): DeltaTable('s3://b/t').to_pandas()",
    "kombu": "from kombu import Connection\ndef handler(e, c): Connection('sqs://').SimpleQueue('q').put({})",
    "langchain_aws": "from langchain_aws import ChatBedrock\ndef handler(e, c): ChatBedrock(model_id='m')",
    "litellm": "import litellm\ndef handler(e, c): litellm.completion(model='bedrock/x', messages=[])",
    "middleware of Powertools": (
        "from aws_lambda_powertools.utilities.idempotency import DynamoDBPersistenceLayer, idempotent\n"
        "@idempotent(persistence_store=DynamoDBPersistenceLayer(table_name='t'))\ndef handler(e, c): return 1"
    ),
    "mlflow": "import mlflow\ndef handler(e, c): mlflow.pyfunc.load_model('s3://b/m')",
    "parameters of Powertools": (
        "from aws_lambda_powertools.utilities import parameters as p\ndef handler(e, c): p.get_parameter('/a')"
    ),
    "pyathena": "from pyathena import connect\ndef handler(e, c): connect().cursor().execute('select 1')",
    "pyiceberg": "from pyiceberg.catalog import load_catalog\ndef handler(e, c): load_catalog('glue')",
    "pynamodb": (
        "from pynamodb.models import Model\nclass M(Model):\n    class Meta:\n        table_name = 't'\n"
        "def handler(e, c): M.get('x')"
    ),
    "redshift_connector": "import redshift_connector\ndef handler(e, c): redshift_connector.connect(iam=True)",
    "s3fs": "import s3fs\ndef handler(e, c): s3fs.S3FileSystem().open('b/k')",
    "s3path": "from s3path import S3Path\ndef handler(e, c): S3Path('/b/k').read_text()",
    "sagemaker": "import sagemaker\ndef handler(e, c): sagemaker.predictor.Predictor('x').predict(1)",
    "smart_open": "from smart_open import open\ndef handler(e, c): open('s3://b/k')",
    "sns_extended_client": "import sns_extended_client\ndef handler(e, c): return 1",
    "sqlalchemy, the Data API": (
        "from sqlalchemy import create_engine\n"
        "engine = create_engine('postgresql+auroradataapi://:@/db', connect_args={'aurora_cluster_arn': 'a'})\n"
        "def handler(e, c): engine.execute('select 1')"
    ),
    "sqlalchemy, Athena": (
        "from sqlalchemy import create_engine\nengine = create_engine('awsathena+rest://@athena/db')\n"
        "def handler(e, c): engine.execute('select 1')"
    ),
    "xray": "from aws_xray_sdk.core import patch_all\npatch_all()\ndef handler(e, c): return 1",
}
JAVASCRIPT = {
    "@architect/functions": "import a from '@architect/functions'; export const handler = () => a.tables();",
    "@aws-lambda-powertools/parameters": (
        "import { getParameter } from '@aws-lambda-powertools/parameters/ssm';"
        "export const handler = () => getParameter('/a');"
    ),
    "@langchain/aws": (
        "import { ChatBedrockConverse } from '@langchain/aws';"
        "export const handler = () => new ChatBedrockConverse({}).invoke('x');"
    ),
    "@middy/secrets-manager": (
        "import middy from '@middy/core'; import secrets from '@middy/secrets-manager';"
        "export const handler = middy(async () => 1).use(secrets({ fetchData: { db: 'prod/db' } }));"
    ),
    "@middy/ssm": (
        "import middy from '@middy/core'; import ssm from '@middy/ssm';"
        "export const handler = middy(async () => 1).use(ssm({ fetchData: { db: '/prod/db' } }));"
    ),
    "@typedorm/core": (
        "import { getEntityManager } from '@typedorm/core';"
        "export const handler = () => getEntityManager().findOne({}, {});"
    ),
    "data-api-client": (
        "import client from 'data-api-client'; const db = client({ secretArn: 'a', resourceArn: 'b' });"
        "export const handler = () => db.query('select 1');"
    ),
    "dynamodb-toolbox": (
        "import { DynamoDBClient } from '@aws-sdk/client-dynamodb';"
        "import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';"
        "import { Table } from 'dynamodb-toolbox';"
        "const table = new Table({ documentClient: DynamoDBDocumentClient.from(new DynamoDBClient({})) });"
        "export const handler = () => table.scan();"
    ),
    "dynamoose": (
        "import dynamoose from 'dynamoose'; const M = dynamoose.model('t', {});"
        "export const handler = () => M.transaction.get('x');"
    ),
    "electrodb": (
        "import { DynamoDBClient } from '@aws-sdk/client-dynamodb'; import { Entity } from 'electrodb';"
        "const E = new Entity({}, { client: new DynamoDBClient({}), table: 't' });"
        "export const handler = () => E.get({ id: 1 }).go();"
    ),
    "knex-aurora-data-api-client": (
        "import data from 'knex-aurora-data-api-client'; export const handler = () => data;"
    ),
    "s3-sync-client": "import C from 's3-sync-client'; export const handler = () => new C({});",
    "sqs-consumer": (
        "import { Consumer } from 'sqs-consumer';"
        "export const handler = () => Consumer.create({ queueUrl: 'q' }).start();"
    ),
}


@pytest.mark.parametrize("library", PYTHON)
def test_python(library: str) -> None:
    found = python(Files.of({"app.py": PYTHON[library].encode()}), "app.handler")
    assert found.calls or found.unfollowed


@pytest.mark.parametrize("library", JAVASCRIPT)
def test_javascript(library: str) -> None:
    found = javascript(Files.of({"app.mjs": JAVASCRIPT[library].encode()}), "app.handler")
    assert found.calls or found.unfollowed


@pytest.mark.parametrize("module", ["requests", "sqlalchemy", "pydantic", "redis"])
def test_what_calls_nothing_by_itself_is_not_told(module: str) -> None:
    found = python(
        Files.of({"app.py": f"import {module}\ndef handler(e, c): return {module}".encode()}), "app.handler"
    )
    assert not found.calls
    assert not found.unfollowed


@pytest.mark.parametrize("package", ["express", "mongoose", "zod", "@nestjs/config"])
def test_packages_that_call_nothing_by_themselves_are_not_told(package: str) -> None:
    text = f"import x from '{package}'; export const handler = () => x;"
    found = javascript(Files.of({"app.mjs": text.encode()}), "app.handler")
    assert not found.calls
    assert not found.unfollowed
