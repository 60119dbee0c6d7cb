"""Libraries for language models that ask Amazon Bedrock, and what else of AWS's such programs use."""

from __future__ import annotations

from typing import Final

from stockade.code.python.rules import Operations, Rule

_INVOKE: Final[Operations] = (
    ("bedrock-runtime", "InvokeModel"),
    ("bedrock-runtime", "InvokeModelWithResponseStream"),
)
_CONVERSE: Final[Operations] = (("bedrock-runtime", "Converse"), ("bedrock-runtime", "ConverseStream"))
_ENDPOINT: Final[Operations] = (("sagemaker-runtime", "InvokeEndpoint"),)
_ONE: Final = (("bedrock-runtime", "InvokeModel"),)
_AGENT: Final = (("bedrock-agent-runtime", "InvokeAgent"),)
_MODEL: Final = (("modelId", -1, "model_id"), ("modelId", -1, "model"))
_AGENTS: Final = "which models and tools its agents use is not followed"


def _asks(calls: Operations, *parameters: tuple[str, int, str]) -> Rule:
    """What an object calls when it is used: that it is used is likely, since it is made."""
    return Rule(calls, parameters or _MODEL, certain=False)


_STREAMING: Final = "whether its answers are streamed depends on how it is used"


def _chat(calls: Operations) -> Rule:
    """A model of LangChain's: it is streamed by an argument, or by the method that asks it somewhere."""
    return Rule(
        calls[:1],
        _MODEL,
        certain=False,
        with_arguments=(("streaming", calls[1:]),),
        unfollowed=("bedrock-runtime",),
        reason=_STREAMING,
    )


_LANGCHAIN: Final[dict[str, Rule]] = {
    **{name: _chat(_INVOKE) for name in ("ChatBedrock", "BedrockChat", "Bedrock", "BedrockLLM")},
    "ChatBedrockConverse": _chat(_CONVERSE),
    "BedrockEmbeddings": _asks(_ONE),
    "AmazonKnowledgeBasesRetriever": _asks(
        (("bedrock-agent-runtime", "Retrieve"),), ("knowledgeBaseId", -1, "knowledge_base_id")
    ),
    "AmazonKendraRetriever": _asks((("kendra", "Retrieve"), ("kendra", "Query")), ("IndexId", 0, "index_id")),
    "BedrockRerank": Rule((("bedrock-agent-runtime", "Rerank"),), certain=False),
    "BedrockAgentsRunnable": _asks(_AGENT, ("agentId", -1, "agent_id")),
    "SagemakerEndpoint": _asks(_ENDPOINT, ("EndpointName", -1, "endpoint_name")),
    "ChatSagemakerEndpoint": _asks(_ENDPOINT, ("EndpointName", -1, "endpoint_name")),
    "SagemakerEndpointEmbeddings": _asks(_ENDPOINT, ("EndpointName", -1, "endpoint_name")),
    "SagemakerEndpointCrossEncoder": _asks(_ENDPOINT, ("EndpointName", -1, "endpoint_name")),
    "DynamoDBChatMessageHistory": Rule(
        tuple(("dynamodb", one) for one in ("GetItem", "PutItem", "UpdateItem")),
        (("TableName", 0, "table_name"),),
        certain=False,
        unfollowed=("dynamodb",),
        reason="what it calls depends on its version, and on whether it is cleared",
    ),
    "S3FileLoader": _asks(
        (("s3", "HeadObject"), ("s3", "GetObject")), ("Bucket", 0, "bucket"), ("Key", 1, "key")
    ),
    "S3DirectoryLoader": _asks((("s3", "ListObjects"), ("s3", "GetObject")), ("Bucket", 0, "bucket")),
    "LambdaWrapper": _asks((("lambda", "Invoke"),), ("FunctionName", -1, "function_name")),
    "AthenaLoader": Rule(
        (("athena", "StartQueryExecution"), ("athena", "GetQueryExecution")),
        certain=False,
        unfollowed=("s3", "glue"),
        reason="which tables it reads, and where the results are kept, is not followed",
    ),
    "AmazonTextractPDFLoader": Rule(
        perhaps=tuple(
            ("textract", one)
            for one in (
                "DetectDocumentText",
                "AnalyzeDocument",
                "StartDocumentAnalysis",
                "GetDocumentAnalysis",
                "StartDocumentTextDetection",
                "GetDocumentTextDetection",
            )
        ),
        unfollowed=("s3",),
        reason="where its document is is not followed",
    ),
    "NeptuneGraph": Rule(unfollowed=("neptune", "neptunedata"), reason="its queries are not followed"),
    "NeptuneAnalyticsGraph": Rule(unfollowed=("neptune-graph",), reason="its queries are not followed"),
    "GlueCatalogLoader": Rule(unfollowed=("glue",), reason="which tables it asks for is not followed"),
    "AmazonComprehendModerationChain": Rule(
        unfollowed=("comprehend",), reason="which checks it makes is not followed"
    ),
}

FUNCTIONS: Final[dict[tuple[str, str], Rule]] = {
    **{
        (top, name): rule
        for top in ("langchain", "langchain_aws", "langchain_community", "langchain_classic")
        for name, rule in _LANGCHAIN.items()
    },
    ("strands", "BedrockModel"): Rule(
        _CONVERSE[1:],
        (("modelId", -1, "model_id"),),
        certain=False,
        with_arguments=(("streaming", _CONVERSE[:1]),),
    ),
    ("strands", "Agent"): Rule(
        _CONVERSE[1:], unless="model", certain=False, unfollowed=("bedrock-runtime",), reason=_AGENTS
    ),
    **{
        ("llama_index", name): Rule(
            calls, (("modelId", 0, "model"), ("modelId", 0, "model_name")), certain=False
        )
        for name, calls in (("Bedrock", _ONE), ("BedrockConverse", _CONVERSE[:1]), ("BedrockEmbedding", _ONE))
    },
    **{
        (top, name): Rule(
            _CONVERSE[:1],
            (("modelId", -1, "model_id"),),
            certain=False,
            unfollowed=("bedrock-runtime",),
            reason=_STREAMING,
        )
        for top, name in (
            ("haystack_integrations", "AmazonBedrockChatGenerator"),
            ("smolagents", "AmazonBedrockServerModel"),
            ("smolagents", "AmazonBedrockModel"),
            ("pydantic_ai", "BedrockConverseModel"),
            ("agno", "AwsBedrock"),
        )
    },
    ("aws_bedrock_token_generator", "provide_token"): Rule(
        unfollowed=("bedrock-runtime",), reason="what is asked for with the token is not followed"
    ),
}

_CLAUDE: Final = Rule(_INVOKE[:1], (("modelId", -1, "model"),), with_arguments=(("stream", _INVOKE[1:]),))
_STREAM: Final = Rule(_INVOKE[1:], (("modelId", -1, "model"),))
MADE_BY: Final[dict[str, dict[str, Rule]]] = {
    **{
        name: {
            "messages.create": _CLAUDE,
            "messages.parse": _CLAUDE,
            "messages.stream": _STREAM,
            "beta.messages.create": _CLAUDE,
            "beta.messages.stream": _STREAM,
            "completions.create": _CLAUDE,
        }
        for name in ("anthropic.AnthropicBedrock", "anthropic.AsyncAnthropicBedrock")
    },
}
"""By the full name of what made an object, and the names that lead from it to a method."""
