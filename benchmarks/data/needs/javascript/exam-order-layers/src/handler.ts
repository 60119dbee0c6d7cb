import type { APIGatewayProxyEvent, APIGatewayProxyResult } from "aws-lambda";
import { ordersFrom } from "./orders/service";
import { settings } from "./settings";

const orders = ordersFrom(settings);

const routes: Record<string, (event: APIGatewayProxyEvent) => Promise<unknown>> = {
  "POST /orders": (event) => orders.place(JSON.parse(event.body ?? "{}")),
  "GET /orders/{id}": ({ pathParameters }) => orders.find(pathParameters!.id!),
};

export const handler = async (event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> => {
  const route = routes[`${event.httpMethod} ${event.resource}`];
  if (!route) return { statusCode: 404, body: "{}" };
  return { statusCode: 200, body: JSON.stringify(await route(event)) };
};
