import { client } from "./aws.mjs";

const upload = async (name, body) =>
  client("s3").putObject({ Bucket: process.env.ARCHIVE_BUCKET, Key: `in/${name}`, Body: body });

export async function handler(event) {
  await Promise.all(event.files.map(({ name, body }) => upload(name, body)));
  const { Parameter } = await client("ssm").getParameter({ Name: "/archive/notify" });
  if (Parameter.Value === "yes") await client("sns").publish({ TopicArn: process.env.ARCHIVE_TOPIC, Message: "done" });
}
