// Abstract classes, generics and a static factory.
import { Repository } from "./repository";

interface Reading {
  device: string;
  at: number;
}

class Readings extends Repository<Reading> {
  protected readonly table = process.env.READINGS!;

  protected key(one: Reading) {
    return { device: one.device, at: one.at };
  }
}

export const handler = async (event: { device: string; readings: Reading[] }) => {
  const readings = Readings.create();
  await readings.addAll(event.readings);
  return readings.of("device", event.device);
};
