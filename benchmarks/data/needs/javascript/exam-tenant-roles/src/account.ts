import { CloudWatchClient, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import type { Identity } from "./credentials";

export class Account {
  readonly s3: S3Client;
  readonly dynamodb: DynamoDBClient;
  private readonly metrics: () => CloudWatchClient;

  constructor(identity: Identity) {
    const common = { region: process.env.AWS_REGION, ...identity };
    this.s3 = new S3Client(common);
    this.dynamodb = new DynamoDBClient(common);
    this.metrics = () => new CloudWatchClient(common);
  }

  async measure(counts: Record<string, number>): Promise<void> {
    const MetricData = Object.entries(counts).map(([Value, count]) => ({
      MetricName: "Things",
      Dimensions: [{ Name: "Tenant", Value }],
      Value: count,
    }));
    await this.metrics().send(new PutMetricDataCommand({ Namespace: "Inventory", MetricData }));
  }
}
