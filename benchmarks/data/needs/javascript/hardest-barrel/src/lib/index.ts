export { scanObject as default } from "./scan";
export type { Verdict } from "./types";
export * as stores from "./stores";
export * from "./notify";
