// Names that go through barrels, default exports and namespaces.
import type { S3Event } from "aws-lambda";
import scan, { Verdict, stores } from "./lib";
import * as notify from "./lib/notify";

export const main = async (event: S3Event): Promise<Verdict[]> => {
  const verdicts: Verdict[] = [];
  for (const { s3 } of event.Records) {
    const verdict = await scan(s3.bucket.name, decodeURIComponent(s3.object.key));
    verdicts.push(verdict);
    await stores.results.put(verdict);
    if (verdict.bad) await notify.default.alarm(verdict.key);
  }
  return verdicts;
};
