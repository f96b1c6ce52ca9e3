import { setImmediate as nextTurn } from "node:timers/promises";

/** More cannot wait. */
export class QueueFull extends Error {}

/** An item on its way, with what its giver waits for. */
interface Waiting<Item, Result> extends PromiseWithResolvers<Result> {
  item: Item;
}

export interface BatchOptions {
  /** Items of one batch; and items that may wait. */
  sizeMax: number;
  waitingMax: number;
  /** Batches under way at a time; left out: one. A further one is begun when half a batch waits. */
  lanes?: number;
  /** Whether an error fails all items of a batch at once. */
  isHopeless: (error: unknown) => boolean;
}

/**
 * Does together what comes together: few batches at a time, and what arrives while they are under way goes into the next. No
 * timer; a lone item is begun as soon as what came with it is there.
 *
 * @param work  takes at most `sizeMax` items and gives a result for each. When it fails, each is tried alone, so that none
 * suffers for another.
 * @returns gives an item and waits for its result. @throws QueueFull when `waitingMax` wait already
 */
export function createBatches<Item, Result>(
  work: (items: Item[]) => Promise<Result[]>,
  { sizeMax, waitingMax, lanes = 1, isHopeless }: BatchOptions,
): (item: Item) => Promise<Result> {
  const waiting: Waiting<Item, Result>[] = [];
  let working = 0;

  /** Whether one more batch is begun beside so many: many small ones cost more than they gain. */
  function isDue(others: number): boolean {
    return waiting.length > 0 && (others === 0 || (others < lanes && waiting.length >= sizeMax / 2));
  }

  async function workThrough(): Promise<void> {
    working += 1;
    while (isDue(working - 1)) {
      await nextTurn();
      // Another may have taken what came in the same turn.
      if (!isDue(working - 1)) break;
      await workOn(waiting.splice(0, sizeMax));
    }
    working -= 1;
  }

  async function workOn(batch: Waiting<Item, Result>[]): Promise<void> {
    if (batch.length === 0) return;
    try {
      const results = await work(batch.map(({ item }) => item));
      for (const [index, { resolve }] of batch.entries()) resolve(results[index] as Result);
    } catch (error) {
      if (batch.length === 1 || isHopeless(error)) for (const { reject } of batch) reject(error);
      else for (const one of batch) await workOn([one]);
    }
  }

  return (item) => {
    if (waiting.length >= waitingMax) return Promise.reject(new QueueFull(`${waitingMax} wait already.`));
    const entry = { item, ...Promise.withResolvers<Result>() };
    waiting.push(entry);
    if (isDue(working)) void workThrough();
    return entry.promise;
  };
}
