import { CognitoIdentityProviderClient, AdminAddUserToGroupCommand } from "@aws-sdk/client-cognito-identity-provider";
import type { PostConfirmationTriggerEvent } from "aws-lambda";
import { welcome } from "./mailer";

const cognito = new CognitoIdentityProviderClient({});

export const handler = async (event: PostConfirmationTriggerEvent) => {
  const { userPoolId: UserPoolId, userName: Username } = event;
  await cognito.send(new AdminAddUserToGroupCommand({ UserPoolId, Username, GroupName: "members" }));
  await welcome(event.request.userAttributes.email);
  return event;
};
