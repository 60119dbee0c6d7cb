import { DynamoDB } from "@aws-sdk/client-dynamodb";
import { PollyClient, StartSpeechSynthesisTaskCommand } from "@aws-sdk/client-polly";

const db = new DynamoDB({});
const polly = new PollyClient({});
const TableName = process.env.PEOPLE;

export const api = {
  people: {
    read: (name) => db.getItem({ TableName, Key: { name: { S: name } } }),
    create: (name) => db.putItem({ TableName, Item: { name: { S: name } } }),
    drop: (name) => db.deleteItem({ TableName, Key: { name: { S: name } } }),
  },
  voice: {
    say: (Text) =>
      polly.send(
        new StartSpeechSynthesisTaskCommand({
          OutputS3BucketName: process.env.SPEECH,
          OutputFormat: "mp3",
          VoiceId: "Joanna",
          Text,
        }),
      ),
  },
};
