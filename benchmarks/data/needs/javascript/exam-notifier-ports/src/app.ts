import { Container } from "./container";
import { TOKENS, type Notice, type Notifier, type Preferences } from "./ports";
import { register } from "./adapters";

const container = register(new Container());

export const handler = async (event: { notices: Notice[] }): Promise<number> => {
  const preferences = container.get<Preferences>(TOKENS.preferences);
  let sent = 0;
  for (const notice of event.notices) {
    const how = await preferences.of(notice.user);
    const notifier = container.get<Notifier>(how === "mail" ? TOKENS.mail : TOKENS.push);
    await notifier.notify(notice);
    sent += 1;
  }
  return sent;
};
