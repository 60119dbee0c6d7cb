import { ComprehendClient, DetectPiiEntitiesCommand } from "@aws-sdk/client-comprehend";

const client = new ComprehendClient({});

export default {
  apply: (state) => client.send(new DetectPiiEntitiesCommand({ Text: state.key, LanguageCode: "en" })),
};
