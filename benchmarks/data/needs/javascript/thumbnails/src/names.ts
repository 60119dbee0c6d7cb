export const thumbnailKey = (key: string) => `thumbs/${key.replace(/\.\w+$/, "")}.jpg`;
