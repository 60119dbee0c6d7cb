const required = (name: string): string => {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
};

export interface Settings {
  readonly tables: { readonly orders: string };
  readonly machine: string;
}

export const settings: Settings = Object.freeze({
  tables: { orders: required("ORDERS_TABLE") },
  machine: required("FULFILMENT_MACHINE"),
});
