import { TranslateClient, TranslateTextCommand } from "@aws-sdk/client-translate";

const memo = (work) => {
  const known = new Map();
  return (...args) => {
    const key = args.join("\0");
    if (!known.has(key)) known.set(key, work(...args));
    return known.get(key);
  };
};

const send = TranslateClient.prototype.send.bind(new TranslateClient({}));

export const translate = memo(async (Text, TargetLanguageCode = "en") => {
  if (TargetLanguageCode === "en") return Text;
  const { TranslatedText } = await send(new TranslateTextCommand({ Text, SourceLanguageCode: "en", TargetLanguageCode }));
  return TranslatedText;
});
