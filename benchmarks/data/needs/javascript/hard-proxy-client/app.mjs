// A wrapper that counts what is sent, around any client.
import { KinesisClient, PutRecordsCommand } from "@aws-sdk/client-kinesis";

const counted = (client) =>
  new Proxy(client, {
    get(target, name) {
      const found = Reflect.get(target, name);
      return typeof found === "function" ? found.bind(target) : found;
    },
  });
const kinesis = counted(new KinesisClient({}));
export const handler = async (event) => kinesis.send(new PutRecordsCommand({ StreamName: process.env.STREAM, Records: event.records }));
