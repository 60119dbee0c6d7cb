// Functions of functions of functions.
import {
  AdminAddUserToGroupCommand,
  AdminDisableUserCommand,
  AdminUpdateUserAttributesCommand,
  CognitoIdentityProviderClient,
} from "@aws-sdk/client-cognito-identity-provider";

const sending = (client) => (Command) => (defaults) => (input) => client.send(new Command({ ...defaults, ...input }));
const compose = (...functions) => (value) => functions.reduceRight((made, one) => one(made), value);
const pool = { UserPoolId: process.env.POOL };
const users = sending(new CognitoIdentityProviderClient({}));

const join = users(AdminAddUserToGroupCommand)({ ...pool, GroupName: "members" });
const change = users(AdminUpdateUserAttributesCommand)(pool);
export const disable = users(AdminDisableUserCommand)(pool);

const named = ({ userName }) => ({ Username: userName });
const welcomed = (input) => ({ ...input, UserAttributes: [{ Name: "custom:welcomed", Value: "yes" }] });

export const handler = async (event) => {
  await compose(join, named)(event);
  await compose(change, welcomed, named)(event);
  return event;
};
