"""Nested blocks that nobody but the configuration makes, and what the provider reads back unasked.

A plan's copy of the configuration leaves ``dynamic`` blocks out, so that nothing in it tells a block
that such a one makes from an attribute that nobody wrote. The AWS provider's schema (5.100) does:
what is a block there, and not computed, is never filled in by the provider alone. Missed is a ``dynamic``
block of what is computed as well (the rules in a security group) over a collection that is not known.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

BLOCKS: Final[Mapping[str, frozenset[str]]] = {
    kind: frozenset(names.split())
    for kind, names in {
        "aws_api_gateway_domain_name": "mutual_tls_authentication",
        "aws_api_gateway_method_settings": "settings",
        "aws_api_gateway_usage_plan": "api_stages throttle_settings",
        "aws_apigatewayv2_api": "cors_configuration",
        "aws_apigatewayv2_domain_name": "mutual_tls_authentication",
        "aws_apigatewayv2_stage": "default_route_settings route_settings",
        "aws_cloudfront_distribution": "origin",
        "aws_cloudwatch_metric_alarm": "metric_query",
        "aws_dynamodb_table": "server_side_encryption",
        "aws_iam_policy_document": "statement",
        "aws_lambda_code_signing_config": "policies",
        "aws_lambda_event_source_mapping": "destination_config filter_criteria",
        "aws_lambda_function": "dead_letter_config environment file_system_config vpc_config",
        "aws_lambda_function_event_invoke_config": "destination_config",
        "aws_lambda_function_url": "cors",
        "aws_route53_zone": "vpc",
        "aws_s3_bucket_notification": "lambda_function",
        "aws_s3_bucket_server_side_encryption_configuration": "rule",
        "aws_scheduler_schedule": "target",
        "aws_wafv2_web_acl": "rule",
    }.items()
}
"""Resource type -> the blocks that are unknown as a whole only where a ``dynamic`` one makes them."""

ECHOES: Final[Mapping[tuple[str, str], tuple[str, ...]]] = {
    ("aws_iam_role", "inline_policy"): ("aws_iam_role_policy",),
    ("aws_iam_role", "managed_policy_arns"): (
        "aws_iam_role_policy_attachment",
        "aws_iam_policy_attachment",
        "aws_iam_role_policy_attachments_exclusive",
    ),
    ("aws_security_group", "ingress"): ("aws_security_group_rule", "aws_vpc_security_group_ingress_rule"),
    ("aws_security_group", "egress"): ("aws_security_group_rule", "aws_vpc_security_group_egress_rule"),
    ("aws_route_table", "route"): ("aws_route",),
}
"""What is read back of a resource though others declare it: type and attribute -> the types of those."""
