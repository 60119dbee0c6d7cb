"""Names of IAM roles and of every way to put a policy on one."""

from __future__ import annotations

from typing import Final

from stockade.model.names.table import Names, Row
from stockade.model.policy import Attachment, CustomerPolicy, InlinePolicy
from stockade.model.role import Role
from stockade.model.typed import blocks, optional, texts, tree

_INLINE_POLICY: Final = Names(
    InlinePolicy,
    ("aws_iam_role_policy",),
    ("AWS::IAM::Policy",),
    ("iam:GetRolePolicy",),
    (
        Row("name", "name", "PolicyName", "PolicyName"),
        Row("roles", "role", "Roles", "RoleName", texts),
        Row("document", "policy", "PolicyDocument", "PolicyDocument", tree),
    ),
)

IDENTITY: Final = (
    Names(
        Role,
        ("aws_iam_role", "data.aws_iam_role"),
        ("AWS::IAM::Role",),
        ("iam:GetRole",),
        (
            Row("name", "name", "RoleName", "Role.RoleName"),
            Row("arn", "arn", "Arn", "Role.Arn"),
            Row("path", "path", "Path", "Role.Path"),
            Row(
                "trust", "assume_role_policy", "AssumeRolePolicyDocument", "Role.AssumeRolePolicyDocument", tree
            ),
            Row(
                "boundary",
                "permissions_boundary",
                "PermissionsBoundary",
                "Role.PermissionsBoundary.PermissionsBoundaryArn",
                optional,
            ),
            Row(
                "managed_policy_arns",
                "managed_policy_arns",
                "ManagedPolicyArns",
                "Role.AttachedManagedPolicies[].PolicyArn",
                texts,
            ),
            Row("inline_policies", "inline_policy", "Policies", "Role.RolePolicyList", blocks, _INLINE_POLICY),
        ),
    ),
    _INLINE_POLICY,
    Names(
        InlinePolicy,
        (),
        ("AWS::IAM::RolePolicy",),
        (),
        (
            Row("name", "", "PolicyName", ""),
            Row("roles", "", "RoleName", "", texts),
            Row("document", "", "PolicyDocument", "", tree),
        ),
    ),
    Names(
        CustomerPolicy,
        ("aws_iam_policy", "data.aws_iam_policy"),
        ("AWS::IAM::ManagedPolicy",),
        ("iam:GetPolicyVersion",),
        (
            Row("name", "name", "ManagedPolicyName", "PolicyName"),
            Row("path", "path", "Path", "Path"),
            Row("roles", "", "Roles", "", texts),
            Row("document", "policy", "PolicyDocument", "PolicyVersion.Document", tree),
        ),
    ),
    Names(
        Attachment,
        ("aws_iam_role_policy_attachment",),
        (),
        ("iam:ListAttachedRolePolicies",),
        (
            Row("roles", "role", "", "RoleName", texts),
            Row("policy_arns", "policy_arn", "", "AttachedPolicies[].PolicyArn", texts),
        ),
    ),
    Names(
        Attachment,
        ("aws_iam_policy_attachment",),
        (),
        (),
        (
            Row("roles", "roles", "", "", texts),
            Row("users", "users", "", "", texts),
            Row("groups", "groups", "", "", texts),
            Row("policy_arns", "policy_arn", "", "", texts),
        ),
    ),
    Names(
        Attachment,
        ("aws_iam_role_policy_attachments_exclusive",),
        (),
        (),
        (Row("roles", "role_name", "", "", texts), Row("policy_arns", "policy_arns", "", "", texts)),
    ),
)
