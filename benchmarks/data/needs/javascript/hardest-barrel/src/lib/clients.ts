import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { SNSClient } from "@aws-sdk/client-sns";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";

const shared = { maxAttempts: 3 } as const;

export const s3 = new S3Client({ ...shared });
export const sns = new SNSClient(shared);
export const documents = DynamoDBDocumentClient.from(new DynamoDBClient(shared));
