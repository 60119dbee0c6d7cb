"""Other ways to trace a function than Lambda's own: layers and wrappers of tracing tools."""

from __future__ import annotations

import re
from typing import Final

from stockade.model.function import Function
from stockade.model.world import World
from stockade.patterns import lazy_regex
from stockade.value import Known, Origin, shape_of

_LAYERS: Final = lazy_regex(
    r":layer:(?:aws-otel-|AWSOpenTelemetryDistro|opentelemetry-|Datadog-|dd-trace|NewRelic|Dynatrace_OneAgent"
    r"|lumigo|epsagon|honeycomb-|elastic-apm-|Sentry)",
    re.IGNORECASE,
)
_WRAPPER: Final = "AWS_LAMBDA_EXEC_WRAPPER"
_WRAPPERS: Final = lazy_regex(r"/opt/(?:otel|datadog|newrelic|dynatrace|lumigo|.*otel)", re.IGNORECASE)
_HANDLERS: Final = lazy_regex(r"(?:datadog_lambda|newrelic_lambda_wrapper)\.")


def tracer_of(function: Function, world: World) -> Origin | None:
    """Where a tool of another maker is given to a function to trace it with."""
    if isinstance(function.layers, Known):
        for layer in function.layers.value:
            text = "".join(piece for piece in shape_of(layer) if isinstance(piece, str))
            if _LAYERS.search(text):
                return layer.origin
    for one in world.environment_of(function):
        if isinstance(one.name, Known) and one.name.value == _WRAPPER and isinstance(one.value, Known):
            return one.value.origin if _WRAPPERS.match(one.value.value) else None
    handler = function.handler
    if isinstance(handler, Known) and handler.value and _HANDLERS.match(handler.value):
        return handler.origin
    return None
