// Methods that decorators register, parameters with clients, and a base that calls what they found.
import { S3Client, SelectObjectContentCommand } from "@aws-sdk/client-s3";
import { SSMClient, GetParameterCommand } from "@aws-sdk/client-ssm";
import { Controller, action, withParameter } from "./controller";

export class Reports extends Controller {
  constructor(private readonly s3: S3Client) {
    super("reports");
  }

  @action("rows")
  async rows({ key }: { key: string }) {
    const selected = await this.s3.send(
      new SelectObjectContentCommand({
        Bucket: process.env.REPORTS,
        Key: key,
        ExpressionType: "SQL",
        Expression: "select * from s3object",
        InputSerialization: { CSV: {} },
        OutputSerialization: { JSON: {} },
      }),
    );
    const rows: unknown[] = [];
    for await (const { Records } of selected.Payload!) if (Records) rows.push(Records.Payload);
    return rows;
  }

  @action("limit")
  @withParameter("/reports/limit", new SSMClient({}), GetParameterCommand)
  async limit(_input: unknown, value?: string) {
    return Number(value);
  }
}

const reports = new Reports(new S3Client({}));

export const handler = reports.handle.bind(reports);
