// Clients behind private fields, accessors and static blocks.
import { Courier } from "./courier.mjs";
import { Registry } from "./registry.mjs";

export const handler = async (event) => {
  const courier = Courier.for(event.channel ?? "queue");
  const { known } = await Registry.shared.lookup(event.customer);
  if (known) await courier.deliver(event);
  else await Registry.shared.remember(event.customer);
  return { known };
};
