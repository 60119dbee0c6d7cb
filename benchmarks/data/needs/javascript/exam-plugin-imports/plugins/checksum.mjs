import { GetObjectAttributesCommand, S3Client } from "@aws-sdk/client-s3";

const s3 = new S3Client({});

export default {
  async apply({ key, notes, ...rest }) {
    const { Checksum } = await s3.send(
      new GetObjectAttributesCommand({ Bucket: process.env.INBOX, Key: key, ObjectAttributes: ["Checksum"] }),
    );
    return { ...rest, key, notes: [...notes, `checksum ${Checksum?.ChecksumSHA256}`] };
  },
};
