import { makeService } from "./service";

const service = makeService();

export const handler = async (event: { action: "find" | "rename"; id: string; name?: string }) => {
  switch (event.action) {
    case "find":
      return service.find(event.id);
    case "rename":
      return service.rename(event.id, event.name ?? "nobody");
    default:
      throw new Error("no such action");
  }
};
