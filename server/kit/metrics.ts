import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client";

/** The numbers of one process, for Prometheus. A process has its own registry, and so has each server in a test. */
export interface Metrics {
  registry: Registry;
  counter(name: string, help: string, labels?: string[]): Counter;
  /** A number that is read when somebody asks. */
  gauge(name: string, help: string, read: () => number): void;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return {
    registry,
    counter: (name, help, labelNames = []) => new Counter({ name, help, labelNames, registers: [registry] }),
    gauge: (name, help, read) => {
      new Gauge({
        name,
        help,
        registers: [registry],
        collect() {
          this.set(read());
        },
      });
    },
  };
}
