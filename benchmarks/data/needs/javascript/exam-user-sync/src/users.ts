import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminDeleteUserCommand,
  AdminDisableUserCommand,
  CognitoIdentityProviderClient,
} from "@aws-sdk/client-cognito-identity-provider";

type Target = { UserPoolId: string; Username: string };

export class Users {
  private static shared?: CognitoIdentityProviderClient;

  private static get client(): CognitoIdentityProviderClient {
    return (this.shared ??= new CognitoIdentityProviderClient({}));
  }

  constructor(private readonly pool: string) {}

  private target = (Username: string): Target => ({ UserPoolId: this.pool, Username });

  create(mail: string) {
    return Users.client.send(new AdminCreateUserCommand({ ...this.target(mail), DesiredDeliveryMediums: ["EMAIL"] }));
  }

  moveTo(mail: string, GroupName: string) {
    return Users.client.send(new AdminAddUserToGroupCommand({ ...this.target(mail), GroupName }));
  }

  disable(mail: string) {
    return Users.client.send(new AdminDisableUserCommand(this.target(mail)));
  }

  delete(mail: string) {
    return Users.client.send(new AdminDeleteUserCommand(this.target(mail)));
  }
}
