"""Which modules from elsewhere cannot call AWS by themselves, and which can."""

from __future__ import annotations

import sys
from typing import Final

_WIDELY_USED: Final = """
__builtin__ _pytest ably absl aiofiles aiohttp aiokafka aiomysql aiopg aioredis aiosqlite alembic altair
annotated_types anthropic anyio apig_wsgi apispec argon2 arrow asana asgiref ask_sdk ask_sdk_core
ask_sdk_model ask_sdk_model_runtime ask_sdk_runtime asn1crypto assemblyai async_timeout asyncpg attr attrs
authlib autobahn avro aws_cdk aws_embedded_metrics aws_lambda_context aws_lambda_typing aws_lambda_wsgi
aws_sam_translator aws_synthetics awsgi awslambdaric awslambdaric_stubs azure babel backoff bcrypt binance
bitarray black bleach blinker bokeh bottle braintree brotli bs4 bson cachecontrol cachelib cachetools cairosvg
camelot cassandra catboost cattr cattrs cbor2 ccxt cdsapi censys cerberus certifi cffi cfn_flip cfnlint
cfnresponse chardet charset_normalizer chromadb ciso8601 click click_default_group cloudevents cloudpickle
cohere coinbase colorama colorlog commands ConfigParser confluent_kafka construct constructs coverage cPickle
croniter crowdstrike Crypto Cryptodome cryptography cssselect cStringIO cv2 cycler cython dacite
dataclasses_json datadog datadog_lambda dateparser dateutil dateutils ddtrace decouple deepdiff deepgram
defusedxml deprecated dicttoxml dill discord distro django dns docker docopt docutils docx dominate dotenv
duckduckgo_search ecdsa elasticsearch elasticsearch_dsl elevenlabs email_validator emoji environ environs
ephem et_xmlfile eth_account exceptiongroup executing facebook_business faiss faker fastapi fastavro
fastjsonschema feedparser ffmpeg fhir filelock fiona fitz flask flask_cors flask_restful flask_sqlalchemy
folium fontTools fpdf freezegun frozenlist future fuzzywuzzy gensim geoip2 geojson geopandas geopy gevent git
github gitlab google google_auth_oauthlib googleapiclient gql graphene graphql greenlet gremlin_python gridfs
groq grpc gspread gunicorn h11 h2 h3 h5py haversine hiredis hl7 holidays hpack html2text html5lib httplib
httplib2 httptools httpx hubspot huggingface_hub humanize hvac hypercorn hyperframe hypothesis icalendar idna
imagehash imageio img2pdf importlib_metadata importlib_resources inflect inflection influxdb influxdb_client
iniconfig intercom ipwhois isodate isort itsdangerous jaraco jinja2 jira jmespath joblib jose joserfc jsii
jsonlines jsonpatch jsonpath jsonpath_ng jsonpickle jsonpointer jsonref jsonschema jwcrypto jwt kafka keras
kiwisolver kubernetes lambda_decorators lambda_function_stub lambdawarmer langchain langchain_community
langchain_core langchain_openai langgraph launchdarkly ldap ldap3 Levenshtein levenshtein librosa lightgbm
linebot llvmlite loguru lxml lz4 magic mailchimp_marketing mailjet_rest mako mangum markdown markdown2
markdown_it markdownify markupsafe marshmallow matplotlib maxminddb mcp mdurl mercadopago messagebird
middleware mistralai mmh3 mock more_itertools motor moviepy mpmath msal msgpack msgspec multidict multipart
mutagen mypy_extensions mysql mysqlclient MySQLdb nacl nbformat neo4j neptune_python_utils netaddr netCDF4
netmiko networkx newrelic newspaper nexmo nibabel nltk notifications_python_client notion_client ntplib numba
numexpr numpy oauth2client oauthlib okta ollama onnxruntime openai openpyxl opensearch_dsl opensearchpy
OpenSSL opentelemetry oracledb orjson oscrypto outcome overrides packaging paho pandera paramiko parse
parsedatetime passlib pathspec paypalrestsdk pdf2image pdfkit pdfminer pdfplumber peewee pendulum pexpect
pg8000 pgvector phonenumbers pika pikepdf PIL pinecone pip pkg_resources plaid platformdirs playwright plotly
pluggy polyline portalocker postmarker pptx prettytable progressbar prometheus_client prompt_toolkit propcache
protobuf psutil psycopg psycopg2 psycopg_pool ptyprocess publicsuffix pubnub pulp puremagic pusher py
pyairtable pyasn1 pycountry pycparser pycurl pydantic pydantic_core pydantic_settings pydash pydicom pydub
pyfcm pygments pygsheets pyhocon pyjq pylint pymisp pymongo pymssql pymysql pyodbc pyogrio pyotp pyowm
pyparsing pypdf PyPDF2 pypika pyppeteer pyproj pyquery pyrsistent pysftp pyshorteners pysnmp pysqlite3 pystac
pytesseract pytest pythonjsonlogger pytz pywintypes qdrant_client qrcode Queue rapidfuzz rapidjson rasterio
ratelimit rdflib readability redis regex replicate reportlab requests requests_oauthlib requests_toolbelt
responses respx retry retrying rich rio_tiler rsa ruamel ruff s2sphere samtranslator satpy scapy schema scipy
seaborn selenium semver sendgrid sentence_transformers sentry_sdk serpapi serverless_sdk serverless_wsgi
setuptools shapely shillelagh shodan shopify shortuuid simple_salesforce simple_websocket simplejson sinch
singer six skimage sklearn slack slack_bolt slack_sdk slugify snappy sniffio snowflake sortedcontainers
soundfile soupsieve spacy sparkpost SPARQLWrapper sqlalchemy sqlglot sqlite_fts4 sqlite_utils sqlmodel
sqlparse square sse_starlette sseclient sshtunnel starlette statsmodels stix2 strictyaml StringIO stripe
structlog sympy tabula tabulate tavily taxii2client telebot telegram telethon tenacity tensorflow termcolor
textblob tiktoken tinydb tldextract tokenizers toml tomli tomlkit toolz torch torchvision tornado tqdm
trafilatura transformers tree_sitter trello trio troposphere tweepy twilio typeguard typer typing_extensions
typing_inspect typing_inspection tzdata tzlocal ua_parser ujson unidecode uritemplate urllib2 urllib3 urlparse
user_agents uvicorn uvloop validators vcr voluptuous vonage watchdog wcwidth weasyprint weaviate web3
webencodings websocket websockets werkzeug werkzeug_wsgi wheel whisper whois whoosh wikipedia wireup wrapt
wsgi wtforms xarray xgboost xhtml2pdf xlrd xlsxwriter xlwt xmlsec xmltodict xxhash yaml yarl yfinance
youtube_dl yt_dlp zarr zeep zenpy zipp zope zstandard
"""

_ABLE: Final = """
aioaws aioboto3 aiobotocore amazon_transcribe ask_sdk_dynamodb_persistence_adapter
ask_sdk_s3_persistence_adapter aws_assume_role_lib aws_durable_execution_sdk_python aws_encryption_sdk
aws_error_utils aws_lambda_event_handler aws_lambda_powertools aws_msk_iam_sasl_signer aws_requests_auth
aws_secretsmanager_caching aws_xray_sdk awscrt awsglue awsiot awsiotsdk awswrangler bedrock_agentcore boto
boto3 boto3_stubs botocore celery chalice cloudpathlib crhelper dask deltalake django_storages duckdb dynaconf
dynamodb_encryption_sdk dynamorm flywheel fsspec httpx_auth_awssigv4 kombu langchain_aws moto mypy_boto3
pandas polars pyarrow pyathena pycognito pynamodb pyspark redshift_connector requests_aws4auth
requests_aws_sign s3fs s3path s3transfer sagemaker simple_ssm smart_open ssm_parameter_store stockade_runtime
storages strands strands_agents types_boto3 warrant watchtower zappa
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
