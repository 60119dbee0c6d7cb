import { FirehoseClient, PutRecordCommand } from "@aws-sdk/client-firehose";

const firehose = new FirehoseClient({});

export const audited = (Base) =>
  class extends Base {
    async save(key, body) {
      await firehose.send(
        new PutRecordCommand({ DeliveryStreamName: process.env.AUDIT, Record: { Data: Buffer.from(key) } }),
      );
      return super.save(key, body);
    }
  };
