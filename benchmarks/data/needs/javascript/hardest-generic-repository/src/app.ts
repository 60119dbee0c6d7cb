// An abstract, generic repository, overloads, and a subclass that adds to what its base does.
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { InvoiceRepository } from "./invoices";
import type { Repository, Entity } from "./repository";

interface Invoice extends Entity {
  total: number;
}

class Service<T extends Entity, R extends Repository<T>> {
  constructor(
    private readonly repository: R,
    private readonly events: EventBridgeClient = new EventBridgeClient({}),
  ) {}

  async change(id: string, change: Partial<T>): Promise<T> {
    const before = await this.repository.find(id);
    const after = { ...before, ...change } as T;
    await this.repository.save(after);
    await this.emit("changed", after);
    return after;
  }

  async total(ids: string[]): Promise<number> {
    const found = await this.repository.find(ids);
    return found.length;
  }

  protected async emit(type: string, detail: unknown): Promise<void> {
    const entry = { EventBusName: process.env.EVENT_BUS, Source: "invoices", DetailType: type, Detail: JSON.stringify(detail) };
    await this.events.send(new PutEventsCommand({ Entries: [entry] }));
  }
}

const service = new Service<Invoice, InvoiceRepository<Invoice>>(new InvoiceRepository());

type Event = { id: string; total: number } | { ids: string[] };

export const handler = async (event: Event): Promise<Invoice | number> =>
  "ids" in event ? service.total(event.ids) : service.change(event.id, { total: event.total });
