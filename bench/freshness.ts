import { setTimeout as sleep } from "node:timers/promises";
import { median } from "./load.ts";
import { type BenchOptions } from "./seed.ts";
import { startEmpty } from "./waypost.ts";

const ROUNDS = 30;
const LOOK_MS = 5;

/** Milliseconds from a change in the API until the tracker has it, and from a redirect until its click is listed, complete. */
export async function freshness({ database }: BenchOptions): Promise<object> {
  const { ask, trackerUrl, stop } = await startEmpty(database);
  const visit = () => fetch(`${trackerUrl}/c/fresh`, { redirect: "manual" });
  const change: number[] = [];
  const listed: number[] = [];
  const complete: number[] = [];
  try {
    const { createFlow } = await ask(
      'mutation { createFlow(input: { key: "fresh", name: "Fresh", paths: [{ url: "https://example.com/" }] }) { id } }',
    );
    for (let round = 0; round < ROUNDS; round += 1) {
      const [status, answer] = round % 2 ? ["ACTIVE", 302] : ["PAUSED", 403];
      await ask("mutation($id: ID!, $status: FlowStatus) { updateFlow(id: $id, input: { status: $status }) { id } }", {
        id: createFlow.id,
        status,
      });
      change.push(await timeUntil(async () => (await visit()).status === answer));
      if (answer !== 302) continue;
      const clicked = new Date().toISOString();
      await visit();
      const page = () =>
        ask("query($from: DateTime) { clicks(filter: { from: $from }) { totalCount completeUntil } }", {
          from: clicked,
        });
      listed.push(await timeUntil(async () => (await page()).clicks.totalCount > 0));
      complete.push(Date.now() - Date.parse((await page()).clicks.completeUntil));
    }
    return {
      changeMs: median(change),
      changeMaxMs: Math.max(...change),
      listedMs: median(listed),
      listedMaxMs: Math.max(...listed),
      completeUntilBehindMs: median(complete),
      completeUntilBehindMaxMs: Math.max(...complete),
    };
  } finally {
    await stop();
  }
}

async function timeUntil(isTrue: () => Promise<boolean>): Promise<number> {
  const began = performance.now();
  while (!(await isTrue())) await sleep(LOOK_MS);
  return performance.now() - began;
}
