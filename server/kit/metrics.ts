import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

/** The numbers of one process, for Prometheus. A process has its own registry, and so has each server in a test. */
export interface Metrics {
  registry: Registry;
  counter(name: string, help: string, labels?: string[]): Counter;
  /** A number that is read when somebody asks. */
  gauge(name: string, help: string, read: () => number | Promise<number>): void;
  /** How often a number was how large, counted up to each of the bounds. */
  histogram(name: string, help: string, bounds: number[]): Histogram;
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
        async collect() {
          this.set(await read());
        },
      });
    },
    histogram: (name, help, buckets) => new Histogram({ name, help, buckets, registers: [registry] }),
  };
}
