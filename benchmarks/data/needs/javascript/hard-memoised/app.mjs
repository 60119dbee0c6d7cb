// A secret that is fetched once, with a lazy import.
const cached = new Map();
const memo = (key, make) => {
  if (!cached.has(key)) cached.set(key, make());
  return cached.get(key);
};
const secrets = () =>
  memo("client", async () => {
    const { SecretsManagerClient } = await import("@aws-sdk/client-secrets-manager");
    return new SecretsManagerClient({});
  });
export const handler = async () => {
  const { GetSecretValueCommand } = await import("@aws-sdk/client-secrets-manager");
  const client = await secrets();
  return memo("value", () => client.send(new GetSecretValueCommand({ SecretId: process.env.SECRET_ARN })));
};
