"""Names that the analysis knows: of the language, of Node.js, of the AWS SDK's parts and of packages."""

from __future__ import annotations

from typing import Final

from stockade.patterns import lazy_regex


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


OWN_PROVIDERS: Final = _words(
    """
    CredentialProviderChain ECSCredentials EnvironmentCredentials RemoteCredentials defaultProvider
    fromContainerMetadata fromEnv fromHttp fromInstanceMetadata fromNodeProviderChain
    """
)
"""Providers of the credentials that the function has anyway."""

OTHER_PROVIDERS: Final = _words(
    """
    ChainableTemporaryCredentials CognitoIdentityCredentials Credentials ProcessCredentials SAMLCredentials
    SharedIniFileCredentials TemporaryCredentials TokenFileWebIdentityCredentials WebIdentityCredentials
    fromCognitoIdentity fromCognitoIdentityPool fromIni fromLoginCredentials fromProcess fromSSO
    fromTemporaryCredentials fromTokenFile fromWebToken
    """
)
"""Providers of somebody else's credentials."""

GLOBALS: Final = _words(
    """
    AbortController Array BigInt Boolean Buffer Date Error Function Intl JSON Map Math Number Object Promise
    Proxy Reflect RegExp Set String Symbol TextDecoder TextEncoder URL URLSearchParams WeakMap WeakSet console
    crypto decodeURIComponent encodeURIComponent eval fetch global globalThis isNaN parseFloat parseInt
    process queueMicrotask setImmediate setInterval setTimeout structuredClone
    """
)
"""Globals of the language and of Node.js."""

HELPERS: Final = _words(
    """
    __assign __awaiter __export __exportStar __importDefault __importStar __rest __spreadArray __toCommonJS
    __toESM _asyncToGenerator _async_to_generator _interopRequireDefault _interopRequireWildcard
    _interop_require_default _interop_require_wildcard
    """
)
"""What compilers write into their output; told by name, since it is too clever to be followed."""

THROUGH: Final = _words(
    """
    addProxyToClient captureAWS captureAWSClient captureAWSClientV3 captureAWSv3Client instrumentAWS wrapSDK
    """
)
"""Functions that give back the client, or the SDK, that they are handed."""

ON_THEIR_OWN: Final = {
    "dynamoose": "dynamodb",
    "@aws-crypto/client-node": "kms",
    "aws-appsync": "appsync",
    "aws-appsync-auth-link": "appsync",
    "launchdarkly-node-server-sdk-dynamodb": "dynamodb",
    "@launchdarkly/node-server-sdk-dynamodb": "dynamodb",
    "@architect/functions": "",
    "@aws-lite/client": "",
    "data-api-client": "rds-data",
    "knex-aurora-data-api-client": "rds-data",
    "langchain": "bedrock-runtime",
    "nodemailer-ses-transport": "ses",
    "typeorm-aurora-data-api-driver": "rds-data",
    "dynogels": "dynamodb",
    "vogels": "dynamodb",
    "@typedorm/core": "dynamodb",
    "connect-dynamodb": "dynamodb",
    "dynamodb-onetable": "dynamodb",
    "ask-sdk": "dynamodb",
    "ask-sdk-dynamodb-persistence-adapter": "dynamodb",
    "sqs-consumer": "sqs",
    "sqs-producer": "sqs",
    "multer-s3": "s3",
    "s3-zip": "s3",
    "s3fs": "s3",
    "winston-cloudwatch": "logs",
    "aws-parameter-cache": "ssm",
    "@anthropic-ai/bedrock-sdk": "bedrock-runtime",
    "@ai-sdk/amazon-bedrock": "bedrock-runtime",
    "@langchain/aws": "",
    "@langchain/community": "",
    "amazon-dax-client": "",
    "amazon-qldb-driver-nodejs": "",
    "athena-express": "",
    "athena-express-plus": "",
    "aws-amplify": "",
    "aws4": "",
    "aws4fetch": "",
    "aws4-axios": "",
    "@sparticuz/chromium": "-",
    "@aws/durable-execution-sdk-js": "-",
}
"""Packages that make clients of their own, with the service where it can be one only; ``-`` for none."""

HARMLESS: Final = lazy_regex(
    r"(@types/)?aws-lambda$|@types/|aws-cdk|@aws-cdk/|constructs|@smithy/|@aws-sdk/(types|util-|smithy|middleware|"
    r"node-http-handler|protocol|xml|config-resolver|signature-v4|credential|s3-request|polly-|lib-|hash-|"
    r"cloudfront-signer|eventstream|fetch-http|url-parser|querystring|shared-ini)|aws-embedded-metrics|"
    r"aws-jwt-verify|.*serverless-express|aws-lambda-fastify|@fastify/aws-lambda|aws-sdk-client-mock|aws-sdk-mock|"
    r"@aws-crypto/sha|@aws-lambda-powertools/|aws-xray-sdk|aws-lambda-(ric|stream)|aws-msk-iam|.*-types?$|"
    r"@serverless/typescript|@middy/|aws-arn|aws-testing|hono/"
)

SMELL: Final = lazy_regex(
    r"(^|[-/@.])(aws\d?|dynamo(db)?\w*|s3|sqs|sns|kinesis|bedrock|cloudwatch|secretsmanager|ssm|eventbridge)([-/.]|$)"
)

KNOWN: Final = _words(
    """
    @nestjs/config @prisma/client @sendgrid/mail adm-zip ajv archiver axios bcrypt bcryptjs body-parser
    class-transformer class-validator cors crypto-js csv-parse date-fns dayjs discord.js dotenv ejs express
    fast-xml-parser fastify form-data got graphql handlebars hono http-errors inversify ioredis jimp joi jose
    jsonwebtoken knex koa lodash luxon moment mongodb mongoose mustache mysql mysql2 nanoid node-fetch
    nodemailer openai pg pino playwright-core prisma puppeteer-core qs redis reflect-metadata request rxjs
    sequelize serverless-http sharp source-map-support stripe tslib tsyringe twilio typeorm ulid uuid winston
    xml2js yup
    zod
    """
)
"""Packages of which everybody knows that they make no client of AWS by themselves."""

UTILITIES: Final = _words(
    """
    Config Converter Credentials Endpoint FileSystemCredentials HttpClient HttpRequest HttpResponse JSON
    MetadataService Presigner Request Service Signer XML config util
    """
)
"""Members of version 2 of the SDK that are no services."""

DOCUMENT: Final = {
    "get": "GetItem",
    "put": "PutItem",
    "update": "UpdateItem",
    "delete": "DeleteItem",
    "query": "Query",
    "scan": "Scan",
    "batchget": "BatchGetItem",
    "batchwrite": "BatchWriteItem",
    "transactget": "TransactGetItems",
    "transactwrite": "TransactWriteItems",
    "executestatement": "ExecuteStatement",
    "batchexecutestatement": "BatchExecuteStatement",
    "executetransaction": "ExecuteTransaction",
}
"""The methods of DynamoDB's document clients, in lower case, and what each calls."""

UPLOAD: Final = (
    "PutObject",
    "CreateMultipartUpload",
    "UploadPart",
    "CompleteMultipartUpload",
    "AbortMultipartUpload",
)
"""What an upload calls: the first for what is small, the others for what is large or fails."""

QUIET: Final = _words(
    """
    addListener config createSet customizeRequests defineService destroy emit extend getSignerClass handlers
    hasOwnProperty middlewareStack off on once removeListener setupRequestListeners toString validateService
    """
)
"""Methods of clients that call nothing."""

TRANSPARENT: Final = _words(
    """
    Array Awaited Iterable NonNullable Omit Partial Pick Promise Readonly ReadonlyArray Required Set
    """
)
"""Generic types that stand for what they are made of, as promises do in this analysis."""
