"""Names of what environments refer to: stores of data with a key and what is put there, and hosted zones."""

from __future__ import annotations

from typing import Final

from stockade.model.kept import Parameter, Secret
from stockade.model.names.table import Names, Row
from stockade.model.store import DataStore, EncryptionKey, Upload
from stockade.model.typed import optional, texts
from stockade.model.zone import HostedZone


def _store(terraform: str, key: str, cloudformation: str, cloudformation_key: str) -> Names:
    row = Row("kms_key", key, cloudformation_key, "", optional)
    return Names(DataStore, (terraform,), (cloudformation,), (), (row,))


_BUCKET_KEY: Final = "rule.apply_server_side_encryption_by_default.kms_master_key_id"

SURROUNDINGS: Final = (
    Names(
        Secret,
        ("aws_secretsmanager_secret",),
        ("AWS::SecretsManager::Secret",),
        ("secretsmanager:DescribeSecret",),
        (
            Row("name", "name", "Name", "Name", optional),
            Row("description", "description", "Description", "Description"),
            Row("kms_key_arn", "kms_key_id", "KmsKeyId", "KmsKeyId", optional),
        ),
    ),
    Names(
        Parameter,
        ("aws_ssm_parameter",),
        ("AWS::SSM::Parameter",),
        ("ssm:GetParameter",),
        (
            Row("name", "name", "Name", "Parameter.Name"),
            Row("kind", "type", "Type", "Parameter.Type"),
            Row("value", "value", "Value", "Parameter.Value"),
        ),
    ),
    Names(EncryptionKey, (), (), ("kms:DescribeKey",), (Row("manager", "", "", "KeyMetadata.KeyManager"),)),
    Names(
        HostedZone,
        ("aws_route53_zone",),
        ("AWS::Route53::HostedZone",),
        ("route53:GetHostedZone",),
        (
            Row("name", "name", "Name", "HostedZone.Name"),
            Row("vpcs", "vpc[].vpc_id", "VPCs[].VPCId", "VPCs[].VPCId", texts),
        ),
    ),
    Names(
        DataStore,
        ("aws_s3_bucket_server_side_encryption_configuration",),
        (),
        (),
        (Row("bucket", "bucket", "", "", optional), Row("kms_key", _BUCKET_KEY, "", "", optional)),
    ),
    _store(
        "aws_dynamodb_table",
        "server_side_encryption.kms_key_arn",
        "AWS::DynamoDB::Table",
        "SSESpecification.KMSMasterKeyId",
    ),
    _store("aws_kinesis_stream", "kms_key_id", "AWS::Kinesis::Stream", "StreamEncryption.KeyId"),
    _store("aws_efs_file_system", "kms_key_id", "AWS::EFS::FileSystem", "KmsKeyId"),
    Names(
        Upload,
        ("aws_s3_object", "aws_s3_bucket_object"),
        (),
        (),
        (Row("bucket", "bucket", "", ""), Row("object_key", "key", "", "")),
    ),
)
