import { fromTemporaryCredentials } from "@aws-sdk/credential-providers";
import type { AwsCredentialIdentityProvider } from "@aws-sdk/types";

export interface Identity {
  credentials?: AwsCredentialIdentityProvider;
}

export const own = (): Identity => ({});

export const tenant = (account: string): Identity => ({
  credentials: fromTemporaryCredentials({
    params: { RoleArn: `arn:aws:iam::${account}:role/${process.env.TENANT_ROLE}`, RoleSessionName: "inventory" },
  }),
});
