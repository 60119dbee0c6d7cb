const { S3Client, PutObjectCommand } = require("@aws-sdk/client-s3");
const { PinpointClient, SendMessagesCommand } = require("@aws-sdk/client-pinpoint");

exports.archivable = (bucket) => {
  const s3 = new S3Client({});
  return {
    archive() {
      return s3.send(new PutObjectCommand({ Bucket: bucket, Key: `${this.table}/${this.id}`, Body: "{}" }));
    },
  };
};

exports.notifying = {
  pinpoint: new PinpointClient({}),
  notify(text) {
    const { pinpoint } = this;
    return pinpoint.send(
      new SendMessagesCommand({
        ApplicationId: process.env.PINPOINT_APP,
        MessageRequest: { MessageConfiguration: { SMSMessage: { Body: text } } },
      }),
    );
  },
};
