import { createMailer } from "./lib/mailer.mjs";
import { createInvoices } from "./lib/invoices.mjs";
import * as clients from "./lib/clients.mjs";

const mailer = createMailer({ client: clients.mail() });
const invoices = createInvoices({ s3: clients.files(), queue: clients.queue() });

export const handler = async ({ Records }) => {
  const results = await Promise.allSettled(
    Records.map(async ({ body }) => {
      const { key, to } = JSON.parse(body);
      const text = await invoices.load(key);
      return mailer.send({ to, text });
    }),
  );
  const failed = results.flatMap(({ status }, at) => (status === "rejected" ? [Records[at]] : []));
  if (failed.length) await invoices.postpone(failed);
  return { failed: failed.length };
};
