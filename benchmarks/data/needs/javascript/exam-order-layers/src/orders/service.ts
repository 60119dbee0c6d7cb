import { SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { Settings } from "../settings";
import { Orders, type Order } from "./repository";

export class OrderService {
  constructor(
    private readonly orders: Orders,
    private readonly machines: SFNClient,
    private readonly machine: string,
  ) {}

  async place(order: Order): Promise<Order> {
    await this.orders.put(order);
    await this.machines.send(new StartExecutionCommand({ stateMachineArn: this.machine, input: JSON.stringify(order) }));
    return order;
  }

  find(id: string): Promise<Order | undefined> {
    return this.orders.get(id);
  }

  async cancel(id: string): Promise<void> {
    await this.orders.delete(id);
  }
}

export function ordersFrom({ tables: { orders }, machine }: Settings): OrderService {
  const document = DynamoDBDocumentClient.from(new DynamoDBClient({}), { marshallOptions: { removeUndefinedValues: true } });
  return new OrderService(new Orders(document, orders), new SFNClient({}), machine);
}
