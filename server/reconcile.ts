import { parseArgs } from "node:util";
import { type EntityManager } from "@mikro-orm/sql";
import { entities, openWaypostDatabase } from "./database.js";
import { ANY_CHANGE, type Counted, countedOf, SECOND_MS } from "./kit/counters.js";
import { withLease } from "./kit/lease.js";
import { createLog } from "./kit/log.js";
import { EXIT_CONFIG, run, StartError } from "./kit/process.js";
import { type Difference, daysOf, differences, repair } from "./kit/reconcile.js";
import { readSettings } from "./start.js";

const USAGE = `Compares what was counted with the facts, while traffic goes on. It ends with 1 where they differ.

Usage: npm run reconcile -- [--from 2026-11-01] [--to 2026-12-01T12:00:00Z] [--rebuild]

  --from, --to  the time that is compared, in whole days of UTC; left out: all there is
  --rebuild     makes the counters right, while traffic goes on`;

/** Numbers that are shown; of more only how many there are. */
const SHOWN_MAX = 50;

interface Options {
  from: Date | undefined;
  to: Date | undefined;
  rebuild: boolean;
}

await run(async () => {
  const options = readOptions();
  const config = readSettings();
  const database = await openWaypostDatabase(config, createLog(config.logLevel, "reconcile"));
  try {
    const em = database.em.fork();
    const work = () => reconcileAll(em, options);
    const wrong = await (options.rebuild ? withLease(em, "reconcile", work) : work());
    process.stdout.write(`${wrong} numbers ${options.rebuild ? "were made right" : "differ from the facts"}.\n`);
    process.exitCode = wrong > 0 && !options.rebuild ? 1 : 0;
  } finally {
    await database.close();
  }
});

/** @returns how many numbers differ. */
async function reconcileAll(em: EntityManager, { from, to, rebuild }: Options): Promise<number> {
  let wrong = 0;
  for (const entity of entities) {
    const counted = countedOf(entity);
    if (!counted) continue;
    for await (const difference of differences(em, entity, await daysOf(em, entity, from, to))) {
      tell(counted, difference, SHOWN_MAX - wrong);
      wrong += difference.missing.length;
      if (rebuild) await repair(em, entity, difference);
    }
  }
  return wrong;
}

/** `ClickCountByFlowId: flowId 3, span 1440, start 2026-11-25T00:00:00.000Z: n lacks 5.` Amounts are hundred-millionths. */
function tell(counted: Counted, { counter, missing }: Difference, shownMax: number): void {
  for (const { key, n, sums } of missing.slice(0, Math.max(shownMax, 0))) {
    const place = Object.entries(key).flatMap(([name, value]) => shown(name, value));
    const lacking = [`n lacks ${n}`, ...counted.sums.map((name, index) => `${name} lacks ${sums[index]}`)];
    process.stdout.write(`${counter.entity.name}: ${place.join(", ")}: ${lacking.join(", ")}.\n`);
  }
}

/** A part of where a number stands; nothing where it says nothing. */
function shown(name: string, value: unknown): string[] {
  if (name === "writer" || (name === "changed" && value === ANY_CHANGE)) return [];
  const isTime = name === "start" || name === "changed";
  return [`${name} ${isTime ? new Date(Number(value) * SECOND_MS).toISOString() : value}`];
}

function readOptions(): Options {
  const usage = (problem: string) => new StartError(`${problem}\n\n${USAGE}`, EXIT_CONFIG);
  const readMoment = (name: string, text?: string) => {
    if (text === undefined) return undefined;
    const moment = new Date(text);
    if (!Number.isFinite(moment.getTime()))
      throw usage(`--${name} is "${text}": it must be a moment such as 2026-11-01.`);
    return moment;
  };
  try {
    const option = { type: "string" } as const;
    const flag = { type: "boolean", default: false } as const;
    const { values } = parseArgs({ options: { from: option, to: option, rebuild: flag, help: flag } });
    if (values.help) throw usage("");
    return { from: readMoment("from", values.from), to: readMoment("to", values.to), rebuild: values.rebuild };
  } catch (error) {
    throw error instanceof StartError ? error : usage((error as Error).message);
  }
}
