import { delivered } from "./delivered.mjs";
import { lost } from "./lost.mjs";

export const listeners = { delivered, lost };
