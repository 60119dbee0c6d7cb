import middy from "@middy/core";
import httpErrorHandler from "@middy/http-error-handler";
import ssm from "@middy/ssm";
import type { APIGatewayProxyEvent } from "aws-lambda";
import { S3Client, ListObjectsV2Command } from "@aws-sdk/client-s3";

const s3 = new S3Client({});

const list = async (event: APIGatewayProxyEvent) => {
  const page = await s3.send(new ListObjectsV2Command({ Bucket: process.env.FILES_BUCKET, Prefix: event.path.slice(1) }));
  return { statusCode: 200, body: JSON.stringify(page.Contents?.map((one) => one.Key)) };
};

export const handler = middy(list)
  .use(ssm({ fetchData: { limit: `/files/${process.env.STAGE}/limit` }, setToContext: true }))
  .use(httpErrorHandler());
