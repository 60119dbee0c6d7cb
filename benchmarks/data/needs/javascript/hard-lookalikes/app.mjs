// Others that have methods of these names.
import { EventEmitter } from "node:events";
import { createClient } from "redis";
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";

class PutItemCommand {
  constructor(input) {
    this.input = input;
  }
}
const bus = new EventEmitter();
const redis = createClient();
const bridge = new EventBridgeClient({});
const queue = { send: async (one) => one, publish: () => 1 };
export const handler = async (event) => {
  bus.emit("x", event);
  await redis.publish("a", "b");
  await queue.send(new PutItemCommand({ TableName: "t" }));
  queue.publish();
  await bridge.send(new PutEventsCommand({ Entries: [{ EventBusName: process.env.BUS, Detail: "{}" }] }));
};
