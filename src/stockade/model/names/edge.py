"""Names of what stands before APIs."""

from __future__ import annotations

from typing import Final

from stockade.model.edge import ApiDomain, ApiMapping, CdnOrigin, Distribution, WebAcl, WebAclAssociation
from stockade.model.names.table import Names, Row
from stockade.model.typed import blocks, optional, texts

_ORIGIN: Final = Names(
    CdnOrigin,
    (),
    (),
    (),
    (
        Row("domain_name", "domain_name", "DomainName", "DomainName"),
        Row(
            "header_names",
            "custom_header[].name",
            "OriginCustomHeaders[].HeaderName",
            "CustomHeaders.Items[].HeaderName",
            texts,
        ),
    ),
)

EDGE: Final = (
    Names(
        ApiDomain,
        ("aws_api_gateway_domain_name",),
        ("AWS::ApiGateway::DomainName",),
        ("apigateway:GetDomainNames",),
        (
            Row("name", "domain_name", "DomainName", "domainName"),
            Row(
                "truststore",
                "mutual_tls_authentication.truststore_uri",
                "MutualTlsAuthentication.TruststoreUri",
                "mutualTlsAuthentication.truststoreUri",
                optional,
            ),
        ),
    ),
    Names(
        ApiDomain,
        ("aws_apigatewayv2_domain_name",),
        ("AWS::ApiGatewayV2::DomainName",),
        ("apigatewayv2:GetDomainNames",),
        (
            Row("name", "domain_name", "DomainName", "DomainName"),
            Row(
                "truststore",
                "mutual_tls_authentication.truststore_uri",
                "MutualTlsAuthentication.TruststoreUri",
                "MutualTlsAuthentication.TruststoreUri",
                optional,
            ),
        ),
    ),
    Names(
        ApiMapping,
        ("aws_api_gateway_base_path_mapping",),
        ("AWS::ApiGateway::BasePathMapping",),
        ("apigateway:GetBasePathMappings",),
        (
            Row("api_id", "api_id", "RestApiId", "restApiId"),
            Row("domain_name", "domain_name", "DomainName", "domainName"),
        ),
    ),
    Names(
        ApiMapping,
        ("aws_apigatewayv2_api_mapping",),
        ("AWS::ApiGatewayV2::ApiMapping",),
        ("apigatewayv2:GetApiMappings",),
        (
            Row("api_id", "api_id", "ApiId", "ApiId"),
            Row("domain_name", "domain_name", "DomainName", "DomainName"),
        ),
    ),
    Names(
        WebAcl,
        ("aws_wafv2_web_acl",),
        ("AWS::WAFv2::WebACL",),
        ("wafv2:GetWebACL",),
        (
            Row("name", "name", "Name", "WebACL.Name"),
            Row(
                "rate_limits",
                "rule[].statement.rate_based_statement.limit",
                "Rules[].Statement.RateBasedStatement.Limit",
                "WebACL.Rules[].Statement.RateBasedStatement.Limit",
                texts,
            ),
        ),
    ),
    Names(
        WebAclAssociation,
        ("aws_wafv2_web_acl_association",),
        ("AWS::WAFv2::WebACLAssociation",),
        ("wafv2:ListResourcesForWebACL",),
        (
            Row("resource_arn", "resource_arn", "ResourceArn", "ResourceArn"),
            Row("web_acl_arn", "web_acl_arn", "WebACLArn", "WebACLArn"),
        ),
    ),
    Names(
        WebAclAssociation,
        ("aws_wafregional_web_acl_association",),
        ("AWS::WAFRegional::WebACLAssociation",),
        (),
        (
            Row("resource_arn", "resource_arn", "ResourceArn", ""),
            Row("web_acl_arn", "web_acl_id", "WebACLId", ""),
        ),
    ),
    Names(
        Distribution,
        ("aws_cloudfront_distribution",),
        ("AWS::CloudFront::Distribution",),
        ("cloudfront:GetDistributionConfig",),
        (
            Row("aliases", "aliases", "DistributionConfig.Aliases", "DistributionConfig.Aliases.Items", texts),
            Row(
                "origins",
                "origin",
                "DistributionConfig.Origins",
                "DistributionConfig.Origins.Items",
                blocks,
                _ORIGIN,
            ),
        ),
    ),
)
