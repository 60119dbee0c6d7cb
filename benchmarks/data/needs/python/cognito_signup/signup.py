"""After a sign-up: puts the user into a group and welcomes them."""
import os

import boto3

idp = boto3.client("cognito-idp")
ses = boto3.client("sesv2")


def handler(event, context):
    attributes = event["request"]["userAttributes"]
    idp.admin_add_user_to_group(UserPoolId=event["userPoolId"], Username=event["userName"], GroupName="customers")
    if attributes.get("custom:newsletter") == "yes":
        ses.create_contact(ContactListName=os.environ["CONTACTS"], EmailAddress=attributes["email"])
    ses.send_email(
        FromEmailAddress=os.environ["SENDER"],
        Destination={"ToAddresses": [attributes["email"]]},
        Content={"Template": {"TemplateName": "welcome", "TemplateData": "{}"}},
    )
    return event
