"""Which modules from elsewhere cannot call AWS by themselves, and which can."""

from __future__ import annotations

import sys
from typing import Final

_WIDELY_USED: Final = """
_pytest absl aiofiles aiohttp aiokafka aiomysql aiopg aioredis aiosqlite alembic altair annotated_types anyio
apispec argon2 arrow asgiref asn1crypto async_timeout asyncpg attr attrs authlib autobahn avro
aws_embedded_metrics aws_lambda_typing awslambdaric awslambdaric_stubs azure babel backoff bcrypt bitarray
black bleach blinker bokeh bottle brotli bs4 cachecontrol cachelib cachetools cairosvg catboost cattr cattrs
cbor2 cerberus certifi cffi cfn_flip cfnlint cfnresponse chardet charset_normalizer ciso8601 click cloudevents
cloudpickle colorama colorlog confluent_kafka construct coverage croniter cryptography cssselect cv2 cycler
cython dacite dataclasses_json datadog datadog_lambda dateparser dateutil ddtrace decouple deepdiff defusedxml
deprecated dicttoxml dill discord distro django dns docker docopt docutils docx dominate dotenv ecdsa
email_validator emoji environ environs et_xmlfile exceptiongroup executing facebook_business faker fastapi
fastavro fastjsonschema ffmpeg filelock flask flask_cors flask_restful flask_sqlalchemy fitz folium fontTools
freezegun frozenlist fuzzywuzzy future gensim geojson geopandas geopy gevent git github gitlab google
googleapiclient google_auth_oauthlib gql graphene graphql greenlet grpc gunicorn h11 h2 h5py haversine hiredis
hpack html2text html5lib httplib2 httptools httpx humanize hypercorn hyperframe hypothesis icalendar idna
imageio imagehash importlib_metadata importlib_resources inflect inflection influxdb influxdb_client iniconfig
isodate isort itsdangerous jaraco jinja2 jira jmespath joblib joserfc jose jsonlines jsonpatch jsonpath_ng
jsonpickle jsonpointer jsonref jsonschema jwcrypto jwt kafka keras kiwisolver kubernetes launchdarkly ldap3
levenshtein Levenshtein lightgbm linebot llvmlite lxml loguru lz4 magic mako mangum mailchimp_marketing
markdown markdown2 markdownify markupsafe marshmallow matplotlib mmh3 mock more_itertools mpmath msal msgpack
msgspec multidict multipart mutagen mypy_extensions mysql MySQLdb nacl neo4j networkx newrelic nltk numba
numexpr numpy oauthlib okta onnxruntime openpyxl opensearch_dsl opensearchpy elasticsearch elasticsearch_dsl
opentelemetry oracledb orjson oscrypto outcome overrides packaging paho pandera paramiko parse parsedatetime
passlib pathspec pdf2image pdfkit pdfminer pdfplumber peewee pendulum pexpect phonenumbers pika PIL
pkg_resources platformdirs plotly pluggy polyline portalocker prettytable progressbar prometheus_client
prompt_toolkit propcache protobuf psutil psycopg psycopg2 ptyprocess publicsuffix pulp puremagic py pyasn1
pycountry pycparser pycurl pydantic pydantic_core pydantic_settings pydash pyfcm pygments pyhocon pyjq pylint
pymongo motor bson gridfs pymssql pymysql pyodbc pyotp pyparsing PyPDF2 pypdf pypika pyproj pyquery pyrsistent
pysftp pytest pythonjsonlogger pytz pywintypes qrcode rapidfuzz ratelimit redis regex reportlab requests
requests_oauthlib requests_toolbelt respx responses retry retrying rich rsa ruamel ruff s2sphere schema scipy
seaborn selenium semver sendgrid sentry_sdk serverless_sdk setuptools shapely shortuuid simple_salesforce
simplejson singer six skimage sklearn slack slack_bolt slack_sdk slugify snappy sniffio snowflake
sortedcontainers soupsieve spacy sqlalchemy sqlglot sqlmodel sqlparse sseclient sshtunnel starlette
statsmodels stripe strictyaml structlog sympy tabulate telebot telegram telethon tenacity tensorflow termcolor
textblob tiktoken tinydb tldextract tokenizers toml tomli tomlkit toolz torch torchvision tornado tqdm
transformers trio tweepy twilio typeguard typer typing_extensions typing_inspect typing_inspection tzdata
tzlocal ua_parser ujson unidecode uritemplate urllib3 user_agents uvicorn uvloop validators vcr voluptuous
watchdog wcwidth webencodings websocket websockets werkzeug whoosh wrapt wtforms xgboost xlrd xlsxwriter xlwt
xmlsec xmltodict xxhash yaml yarl yfinance youtube_dl yt_dlp zeep zipp zope zstandard wsgi werkzeug_wsgi
serverless_wsgi aws_lambda_wsgi awsgi apig_wsgi crowdstrike lambda_function_stub aws_cdk constructs
troposphere aws_sam_translator samtranslator jsii ask_sdk_core ask_sdk_model ask_sdk_model_runtime ask_sdk
ask_sdk_runtime openai anthropic cohere mcp langchain langchain_core langchain_community langchain_openai
langgraph pgvector faiss tree_sitter urllib2 httplib ConfigParser StringIO cStringIO urlparse cPickle Queue
__builtin__ commands simple_websocket sse_starlette chromadb pinecone qdrant_client weaviate psycopg_pool
mysqlclient pg8000 cassandra neptune_python_utils gremlin_python SPARQLWrapper rdflib h3 rasterio fiona
pyogrio rio_tiler satpy xarray zarr netCDF4 cdsapi pystac shillelagh jsonpath hl7 fhir pydicom nibabel
mistralai groq ollama tavily serpapi duckduckgo_search wikipedia feedparser newspaper readability trafilatura
aws_lambda_context lambda_decorators middleware lambdawarmer
"""

_ABLE: Final = """
boto boto3 botocore aioboto3 aiobotocore s3transfer aws_lambda_powertools aws_xray_sdk
aws_secretsmanager_caching aws_encryption_sdk dynamodb_encryption_sdk stockade_runtime awswrangler s3fs fsspec
smart_open pandas pyarrow polars dask duckdb deltalake pyathena redshift_connector pynamodb dynamorm flywheel
chalice warrant pycognito sagemaker langchain_aws ask_sdk_dynamodb_persistence_adapter
ask_sdk_s3_persistence_adapter crhelper requests_aws4auth aws_requests_auth requests_aws_sign
httpx_auth_awssigv4 aws_durable_execution_sdk_python moto watchtower mypy_boto3 types_boto3 boto3_stubs
cloudpathlib s3path strands strands_agents bedrock_agentcore django_storages storages celery kombu zappa
dynaconf ssm_parameter_store simple_ssm pyspark awsglue aws_assume_role_lib aws_error_utils
aws_lambda_event_handler aws_msk_iam_sasl_signer amazon_transcribe awsiot awscrt awsiotsdk aioaws
"""

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

PASSIVE_TOPS: Final = frozenset(("aws_lambda_powertools", "aws_xray_sdk", "ddtrace", "newrelic", "sentry_sdk"))
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
