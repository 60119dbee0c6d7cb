// Methods that are taken off their clients, by names in lists.
import { DynamoDB } from "@aws-sdk/client-dynamodb";
import { SQS } from "@aws-sdk/client-sqs";

const pick = (client, ...names) => names.map((name) => client[name].bind(client));
const [get, put] = pick(new DynamoDB({}), "getItem", "putItem");
const { sendMessage } = new SQS({});
const queue = new SQS({});

export const handler = async ({ id, twice }) => {
  const TableName = process.env.TABLE;
  const { Item } = await get({ TableName, Key: { id: { S: id } } });
  const work = [
    () => put({ TableName, Item: { ...Item, seen: { BOOL: true } } }),
    () => sendMessage.call(queue, { QueueUrl: process.env.QUEUE_URL, MessageBody: id }),
  ];
  const chosen = twice ? work.concat(work) : work;
  return Promise.all(chosen.map((step) => step()));
};
