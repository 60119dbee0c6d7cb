import { DynamoDBClient, DeleteItemCommand, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { KMSClient, SignCommand, VerifyCommand } from "@aws-sdk/client-kms";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";

const sender = (client) => (Command, input) => client.send(new Command(input));

const accounts = (send, TableName) => ({
  load: async (id) => unmarshall((await send(GetItemCommand, { TableName, Key: marshall({ id }) })).Item),
  remove: (id) => send(DeleteItemCommand, { TableName, Key: marshall({ id }) }),
});

const outbox = (send, TableName) => ({
  append: (entry) => send(PutItemCommand, { TableName, Item: marshall(entry) }),
});

const keys = (send, KeyId) => {
  const common = { KeyId, SigningAlgorithm: "ECDSA_SHA_256", MessageType: "RAW" };
  return {
    sign: async (text) => (await send(SignCommand, { ...common, Message: Buffer.from(text) })).Signature,
    verify: (text, Signature) => send(VerifyCommand, { ...common, Message: Buffer.from(text), Signature }),
  };
};

export default function makeAdapters({ ACCOUNTS, OUTBOX, SIGNING_KEY, ...rest }) {
  const db = sender(new DynamoDBClient({ region: rest.AWS_REGION }));
  return {
    accounts: accounts(db, ACCOUNTS),
    outbox: outbox(db, OUTBOX),
    keys: keys(sender(new KMSClient({})), SIGNING_KEY),
    clock: Date.now,
  };
}
