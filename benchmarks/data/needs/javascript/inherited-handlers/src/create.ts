import { BaseHandler } from "./base";

class CreateHandler extends BaseHandler<{ name: string }> {
  protected async execute(input: { name: string }) {
    await this.store(input.name, "created");
    return { name: input.name };
  }
}

const instance = new CreateHandler();
export const handler = instance.run.bind(instance);
