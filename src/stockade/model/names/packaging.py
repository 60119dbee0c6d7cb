"""Names of where code comes from."""

from __future__ import annotations

from typing import Final

from stockade.model.names.table import Names, Row
from stockade.model.packaging import CodeSigningConfig, Repository
from stockade.model.typed import texts

PACKAGING: Final = (
    Names(
        CodeSigningConfig,
        ("aws_lambda_code_signing_config",),
        ("AWS::Lambda::CodeSigningConfig",),
        ("lambda:GetCodeSigningConfig",),
        (
            Row(
                "untrusted_artifact",
                "policies.untrusted_artifact_on_deployment",
                "CodeSigningPolicies.UntrustedArtifactOnDeployment",
                "CodeSigningConfig.CodeSigningPolicies.UntrustedArtifactOnDeployment",
            ),
        ),
    ),
    Names(
        Repository,
        ("aws_ecr_repository",),
        ("AWS::ECR::Repository",),
        ("ecr:DescribeRepositories",),
        (
            Row("name", "name", "RepositoryName", "repositoryName"),
            Row("mutability", "image_tag_mutability", "ImageTagMutability", "imageTagMutability"),
            Row(
                "mutable_tags",
                "image_tag_mutability_exclusion_filter[].filter",
                "ImageTagMutabilityExclusionFilters[].ImageTagMutabilityExclusionFilterValue",
                "imageTagMutabilityExclusionFilters[].filter",
                texts,
            ),
        ),
    ),
)
