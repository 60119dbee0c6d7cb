const { CloudWatchLogs } = require("@aws-sdk/client-cloudwatch-logs");
const { IAM } = require("@aws-sdk/client-iam");

class Audit {
  static #shared = null;

  static get shared() {
    if (Audit.#shared === null) Audit.#shared = new Audit(new CloudWatchLogs({}), new IAM({}));
    return Audit.#shared;
  }

  constructor(logs, iam) {
    Object.assign(this, { logs, iam });
  }

  async write(user) {
    const { User } = await this.iam.getUser({ UserName: user });
    const entry = { timestamp: Date.now(), message: JSON.stringify(User) };
    await this.logs.putLogEvents({ logGroupName: process.env.AUDIT_GROUP, logStreamName: "audit", logEvents: [entry] });
  }
}

module.exports = { handler: async (event) => Audit.shared.write(event.detail.user) };
