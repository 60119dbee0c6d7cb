import { AthenaClient, StartQueryExecutionCommand } from "@aws-sdk/client-athena";

const athena = new AthenaClient({});

export const render = (id) =>
  athena.send(new StartQueryExecutionCommand({ QueryString: `select * from t where id = '${id}'`, WorkGroup: process.env.WORKGROUP }));
