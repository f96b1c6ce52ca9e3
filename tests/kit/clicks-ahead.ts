import { type Waypost } from "./waypost.js";

/**
 * Makes clicks of a flow ahead and waits until they are in lists: who takes one waits for nothing.
 *
 * @returns what gives out the hash of the next one.
 */
export async function clicksAhead(waypost: Waypost, flowKey: string, count: number): Promise<() => string> {
  const hashes = await Promise.all(Array.from({ length: count }, () => waypost.click(flowKey)));
  await waypost.ask("{ me { id } }");
  return () => {
    const hash = hashes.pop();
    if (hash === undefined) throw new Error(`More than the ${count} clicks were taken that were made ahead.`);
    return hash;
  };
}
