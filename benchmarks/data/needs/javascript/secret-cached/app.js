const { SecretsManagerClient, GetSecretValueCommand } = require("@aws-sdk/client-secrets-manager");
const { Client } = require("pg");

const secrets = new SecretsManagerClient();
let connection;

async function connect() {
  if (connection) return connection;
  const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId: process.env.DB_SECRET_ARN }));
  const { username, password, host } = JSON.parse(SecretString);
  connection = new Client({ user: username, password, host });
  await connection.connect();
  return connection;
}

module.exports.handler = async (event) => {
  const db = await connect();
  const { rows } = await db.query("select * from people where id = $1", [event.id]);
  return rows;
};
