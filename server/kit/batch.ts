import { setImmediate as nextTurn } from "node:timers/promises";

/** More cannot wait. */
export class QueueFull extends Error {}

/** An item on its way, with what its giver waits for. */
interface Waiting<Item, Result> extends PromiseWithResolvers<Result> {
  item: Item;
}

/**
 * Does together what comes together: one batch at a time, and what arrives while it is under way goes into the next. No timer;
 * a lone item is begun as soon as what came with it is there.
 *
 * @param work  takes at most `sizeMax` items and gives a result for each. When it fails, each is tried alone, so that none
 * suffers for another; `isHopeless` errors fail all at once.
 * @returns gives an item and waits for its result. @throws QueueFull when `waitingMax` wait already
 */
export function createBatches<Item, Result>(
  work: (items: Item[]) => Promise<Result[]>,
  { sizeMax, waitingMax, isHopeless }: { sizeMax: number; waitingMax: number; isHopeless: (error: unknown) => boolean },
): (item: Item) => Promise<Result> {
  const waiting: Waiting<Item, Result>[] = [];
  let working = false;

  async function workThrough(): Promise<void> {
    working = true;
    while (waiting.length > 0) {
      await nextTurn();
      await workOn(waiting.splice(0, sizeMax));
    }
    working = false;
  }

  async function workOn(batch: Waiting<Item, Result>[]): Promise<void> {
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
    if (!working) void workThrough();
    return entry.promise;
  };
}
