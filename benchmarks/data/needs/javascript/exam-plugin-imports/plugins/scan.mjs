import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";

class Scanner {
  static name = "scan";
  #lambda = new LambdaClient({});

  applies = ({ key }) => !key.endsWith(".txt");

  apply = async (state) => {
    const FunctionName = `scanner-${process.env.STAGE}`;
    const { StatusCode } = await this.#lambda.send(new InvokeCommand({ FunctionName, Payload: JSON.stringify(state) }));
    return { ...state, scanned: StatusCode === 200 };
  };
}

export default new Scanner();
