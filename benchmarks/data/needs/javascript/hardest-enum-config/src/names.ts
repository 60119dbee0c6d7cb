export enum Machine {
  Import = "IMPORT",
  Export = "EXPORT",
}

const root = "/machines" as const;

export const enum Paths {
  Limits = "/machines/limits",
  Owners = "/machines/owners",
}

export namespace Groups {
  export const audit = `${root}/${process.env.STAGE}/audit`;
  export const noise = `${root}/noise`;
}

const arns: Record<Machine, string> = {
  [Machine.Import]: process.env.IMPORT_MACHINE_ARN!,
  [Machine.Export]: process.env.EXPORT_MACHINE_ARN!,
};

export function nameOf(machine: Machine): string {
  return arns[machine];
}
