import { HeadObjectCommand, PutObjectRetentionCommand } from "@aws-sdk/client-s3";
import { withAudit, withClients, withLease } from "./wrappers.mjs";

const retain = async ({ bucket, key, until }, { s3 }) => {
  const target = { Bucket: bucket ?? process.env.EVIDENCE_BUCKET, Key: key };
  const { ContentLength } = await s3.send(new HeadObjectCommand(target));
  await s3.send(
    new PutObjectRetentionCommand({ ...target, Retention: { Mode: "COMPLIANCE", RetainUntilDate: new Date(until) } }),
  );
  return { key, size: ContentLength };
};

const wrapped = [withLease("retention"), withAudit, withClients].reduceRight((inner, wrap) => wrap(inner), retain);

export const handler = (event) => wrapped(event, {});
