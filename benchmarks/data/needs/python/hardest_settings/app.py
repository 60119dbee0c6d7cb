"""The environment through a settings class: prefixes, aliases, nested models, computed fields."""
import boto3

from settings import settings

ssm = boto3.client("ssm")
s3 = boto3.resource("s3")


def threshold():
    names = [settings.parameters.threshold, settings.parameters.ratio]
    return ssm.get_parameters(Names=names, WithDecryption=True)["Parameters"]


def handler(event, context):
    cfg = settings()
    values = threshold()
    target = s3.Bucket(cfg.reports_bucket)
    target.upload_file("/tmp/report.csv", cfg.key(event["day"]), ExtraArgs={"ContentType": "text/csv"})
    target.Object("latest").copy_from(CopySource=f"{cfg.reports_bucket}/{cfg.key(event['day'])}")
    boto3.client("sns").publish(TopicArn=cfg.topic, Message=str(values))
    boto3.client("lambda").invoke(FunctionName=cfg.next_function, InvocationType="Event", Payload=b"{}")
