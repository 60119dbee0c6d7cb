import { start, stop } from "./instances";
import * as mail from "./mail";

export const actions = { start, stop, notify: mail.notify };
