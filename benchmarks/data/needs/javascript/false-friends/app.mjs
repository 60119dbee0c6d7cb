import mqtt from "mqtt";
import knex from "knex";
import { Queue } from "./queue.mjs";

const db = knex({ client: "pg", connection: process.env.DATABASE_URL });
const broker = mqtt.connect(process.env.BROKER_URL);
const queue = new Queue();

export const handler = async (event) => {
  const rows = await db.query("select 1");
  await db("users").delete().where({ id: event.id });
  broker.publish("users/deleted", JSON.stringify(rows));
  queue.sendMessage({ QueueUrl: "not-a-queue", MessageBody: "x" });
  return queue.receive().getObject({ Bucket: "no", Key: "no" });
};
