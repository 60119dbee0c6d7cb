import { createTransport } from "nodemailer";

export class SendEmailCommand {
  constructor(input) {
    this.input = input;
  }
}

export class Mailer {
  constructor(url) {
    this.transport = createTransport(url);
  }

  send({ input }) {
    return this.transport.sendMail(input);
  }
}
