const { DynamoDBClient, paginateScan, DeleteItemCommand } = require("@aws-sdk/client-dynamodb");
const { ApiGatewayManagementApiClient, PostToConnectionCommand, GoneException } = require("@aws-sdk/client-apigatewaymanagementapi");

const client = new DynamoDBClient({});
const TableName = process.env.CONNECTIONS;

exports.handler = async (event) => {
  const { domainName, stage } = event.requestContext;
  const api = new ApiGatewayManagementApiClient({ endpoint: `https://${domainName}/${stage}` });
  for await (const page of paginateScan({ client }, { TableName, ProjectionExpression: "id" })) {
    await Promise.allSettled(
      page.Items.map(async ({ id }) => {
        try {
          await api.send(new PostToConnectionCommand({ ConnectionId: id.S, Data: event.body }));
        } catch (error) {
          if (error instanceof GoneException) await client.send(new DeleteItemCommand({ TableName, Key: { id } }));
          else throw error;
        }
      }),
    );
  }
};
