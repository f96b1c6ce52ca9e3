import {
  AggregatorRegistry,
  Counter,
  collectDefaultMetrics,
  Gauge,
  Histogram,
  type MetricObject,
  Registry,
} from "prom-client";

/** The numbers of one process, for Prometheus. A process has its own registry, and so has each server in a test. */
export interface Metrics {
  registry: Registry;
  counter(name: string, help: string, labels?: string[]): Counter;
  /** A number that is read when somebody asks. Of several processes the numbers are added up, or the largest counts. */
  gauge(name: string, help: string, read: () => number | Promise<number>, ofSeveral?: "sum" | "max"): void;
  /** Numbers by a label, read when somebody asks. */
  gauges(name: string, help: string, label: string, read: () => Promise<Iterable<[string, number]>>): void;
  /** How often a number was how large, counted up to each of the bounds. */
  histogram(name: string, help: string, bounds: number[]): Histogram;
  /** All of them as Prometheus reads them, those of our other processes included. */
  text(): Promise<string>;
}

/** The numbers of one process, to be handed to another. */
export type Numbers = MetricObject[];

/** Joins the numbers of several processes. */
export function joinNumbers(numbers: Numbers[]): Promise<string> {
  return AggregatorRegistry.aggregate(numbers as never).metrics();
}

/** The connections of a process that wait for its database: as many as there may be, and nobody else gets one. */
export function measureConnections(metrics: Metrics, lent: () => number | Promise<number>): void {
  metrics.gauge("database_connections_lent", "Connections to the database server that are in use now.", lent);
}

/** @param gather  asks all processes that share a port; left out: there is this one. */
export function createMetrics(gather?: () => Promise<string>): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return {
    registry,
    counter: (name, help, labelNames = []) => new Counter({ name, help, labelNames, registers: [registry] }),
    gauge: (name, help, read, aggregator = "sum") => {
      new Gauge({
        name,
        help,
        aggregator,
        registers: [registry],
        async collect() {
          this.set(await read());
        },
      });
    },
    gauges: (name, help, label, read) => {
      new Gauge({
        name,
        help,
        labelNames: [label],
        registers: [registry],
        async collect() {
          const numbers = await read();
          this.reset();
          for (const [value, number] of numbers) this.set({ [label]: value }, number);
        },
      });
    },
    histogram: (name, help, buckets) => new Histogram({ name, help, buckets, registers: [registry] }),
    text: gather ?? (() => registry.metrics()),
  };
}
