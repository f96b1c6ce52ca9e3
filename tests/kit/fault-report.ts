import { type Reporter, type TestModule } from "vitest/node";

/** What a test with kills has seen, over all of its rounds. */
export interface Faults {
  /** Kills, by what was killed. */
  kills: Record<string, number>;
  /** What visitors and advertisers were answered: redirects, and conversions whose postback was answered 200 or 202. */
  acknowledged: Counts;
  /** What the database has in the end, and how much of what was acknowledged is missing there. */
  stored: Counts;
  missing: number;
  /** Conversions that are there more than once. */
  twice: number;
  /** What `npm run reconcile` says. */
  reconcile: string;
}

interface Counts {
  clicks: number;
  conversions: number;
}

declare module "vitest" {
  interface TaskMeta {
    faults?: Faults;
  }
}

/** Ends the output of `npm run faults` with what the tests with kills have seen. */
export default class FaultReport implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const seen = modules.flatMap((module) =>
      [...module.children.allTests()].flatMap((test) => {
        const { faults } = test.meta();
        return faults ? [{ name: test.fullName, state: test.result().state, ...faults }] : [];
      }),
    );
    for (const { name, state, kills, acknowledged, stored, missing, twice, reconcile } of seen) {
      console.log(`${name}: ${state}
  kills         ${listed(kills)}
  acknowledged  ${listed(acknowledged)}
  stored        ${listed(stored)}; of what was acknowledged ${missing} missing; twice: ${twice}
  reconcile     ${reconcile}`);
    }
    const all = seen.flatMap(({ kills }) => Object.values(kills)).reduce((sum, count) => sum + count, 0);
    console.log(`${all} kills in all.`);
  }
}

function listed(counts: object): string {
  return Object.entries(counts)
    .map(([name, count]) => `${count} ${name}`)
    .join(", ");
}
