import { getAppConfig } from "@aws-lambda-powertools/parameters/appconfig";
import { SecretsProvider } from "@aws-lambda-powertools/parameters/secrets";
import { getParametersByName, setParameter } from "@aws-lambda-powertools/parameters/ssm";

const secrets = new SecretsProvider();

interface Rules {
  perEuro?: number;
  limit?: number;
}

export const rules = async (): Promise<Rules> => {
  const flags = (await getAppConfig("loyalty", { environment: process.env.STAGE!, application: "shop", transform: "json", maxAge: 60 })) as Rules;
  const found = await getParametersByName<number>({ "/loyalty/limit": { maxAge: 600 }, "/loyalty/perEuro": {} }, { transform: "json" });
  return { ...flags, limit: found["/loyalty/limit"] };
};

export const partnerKey = async (): Promise<string> => {
  const value = await secrets.get(process.env.PARTNER_SECRET!, { maxAge: 900 });
  return String(value);
};

export const raise = (limit: number) => setParameter("/loyalty/limit", { value: String(limit), overwrite: true });
