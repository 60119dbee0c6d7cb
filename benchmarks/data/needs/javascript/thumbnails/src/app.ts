import type { S3Event } from "aws-lambda";
import sharp from "sharp";
import { fetchImage, storeImage } from "./images";
import { thumbnailKey } from "./names";

export const handler = async (event: S3Event): Promise<void> => {
  await Promise.all(
    event.Records.map(async (record) => {
      const key = decodeURIComponent(record.s3.object.key.replace(/\+/g, " "));
      const image = await fetchImage(record.s3.bucket.name, key);
      const small = await sharp(image).resize(200).toBuffer();
      await storeImage(thumbnailKey(key), small);
    }),
  );
};
