import { DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { SFNClient, SendTaskFailureCommand, SendTaskSuccessCommand } from "@aws-sdk/client-sfn";
import { GetDocumentAnalysisCommand, TextractClient } from "@aws-sdk/client-textract";
import { Auditing } from "./auditing";

export interface Claim {
  id: string;
  job: string;
  token: string;
  amount: number;
}

type State = "analysed" | "accepted" | "refused" | "appealed" | "done";
type Step = (this: Machine) => Promise<State>;

class Base {
  constructor(readonly claim: Claim) {}
}

export class Machine extends Auditing(Base) {
  private readonly table = new DynamoDBClient({});
  private readonly tasks = new SFNClient({});

  private static readonly steps: Record<Exclude<State, "done">, Step> = {
    analysed: Machine.prototype.analyse,
    accepted: Machine.prototype.accept,
    refused: Machine.prototype.refuse,
    appealed: Machine.prototype.refuse,
  };

  async *[Symbol.asyncIterator](): AsyncGenerator<State> {
    let state: State = "analysed";
    while (state !== "done") {
      yield state;
      const step: () => Promise<State> = Machine.steps[state].bind(this);
      state = await step();
      await this.audit(`${this.claim.id} is ${state}`);
    }
  }

  private async analyse(): Promise<State> {
    const { JobStatus } = await new TextractClient({}).send(new GetDocumentAnalysisCommand({ JobId: this.claim.job }));
    return JobStatus === "SUCCEEDED" && this.claim.amount < 1000 ? "accepted" : "refused";
  }

  private async accept(): Promise<State> {
    await this.table.send(
      new UpdateItemCommand({
        TableName: process.env.CLAIMS_TABLE,
        Key: { id: { S: this.claim.id } },
        UpdateExpression: "SET accepted = :yes",
        ExpressionAttributeValues: { ":yes": { BOOL: true } },
      }),
    );
    await this.tasks.send(new SendTaskSuccessCommand({ taskToken: this.claim.token, output: "{}" }));
    return "done";
  }

  private async refuse(): Promise<State> {
    await this.tasks.send(new SendTaskFailureCommand({ taskToken: this.claim.token, error: "Refused" }));
    return "done";
  }
}
