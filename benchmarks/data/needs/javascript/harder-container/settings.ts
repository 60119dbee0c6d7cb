import { paginateGetParametersByPath, SSMClient } from "@aws-sdk/client-ssm";

export class Settings {
  private kept?: Record<string, string>;

  async all(): Promise<Record<string, string>> {
    if (this.kept) return this.kept;
    const kept: Record<string, string> = {};
    for await (const page of paginateGetParametersByPath({ client: new SSMClient({}) }, { Path: "/mail/", WithDecryption: true })) {
      for (const one of page.Parameters ?? []) kept[one.Name!.slice(6)] = one.Value!;
    }
    return (this.kept = kept);
  }
}
