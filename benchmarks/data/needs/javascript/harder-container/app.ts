// Classes that a container makes, with what they ask for.
import { container } from "./container";
import { Mailer } from "./mailer";
import { Settings } from "./settings";

container.bind("settings", Settings);
container.bind("mailer", Mailer);

export const handler = async (event: { to: string; text: string }) => {
  const mailer = container.get<Mailer>("mailer");
  return mailer.send(event.to, event.text);
};
