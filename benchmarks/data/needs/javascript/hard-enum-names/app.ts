// Names by enumerations and templates.
import { SSMClient, GetParametersCommand } from "@aws-sdk/client-ssm";

enum Names {
  Token = "token",
  Key = "key",
}
const stage = process.env.STAGE || "dev";
const path = (name: Names) => `/service/${stage}/${name}` as const;
const ssm = new SSMClient({});
export const handler = async () => ssm.send(new GetParametersCommand({ Names: Object.values(Names).map(path) }));
