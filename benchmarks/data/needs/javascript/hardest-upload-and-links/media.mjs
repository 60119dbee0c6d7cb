import { GetJobCommand } from "@aws-sdk/client-mediaconvert";

export { CreateJobCommand, MediaConvertClient } from "@aws-sdk/client-mediaconvert";

export async function waitUntilJobComplete(client, Id, tries = 10) {
  for (let n = 0; n < tries; n++) {
    const { Job } = await client.send(new GetJobCommand({ Id }));
    if (Job.Status === "COMPLETE") return Job;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  throw new Error("not complete");
}
