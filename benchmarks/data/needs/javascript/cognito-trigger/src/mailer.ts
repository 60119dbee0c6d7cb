import { SES } from "aws-sdk";

const ses = new SES({ apiVersion: "2010-12-01" });

export const welcome = (to: string) =>
  ses
    .sendTemplatedEmail({ Source: process.env.SENDER as string, Template: "welcome", TemplateData: "{}", Destination: { ToAddresses: [to] } })
    .promise();
