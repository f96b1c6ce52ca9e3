import { type EntityManager } from "@mikro-orm/sql";
import { foldCase } from "../kit/filter.js";
import { Flow } from "./flow.js";
import { Path } from "./path.js";

const NAME_FOLDED_MAX = 480;
/** A capital letter is in no folded text: nothing that is searched for reaches from one destination into the next. */
const BETWEEN = "A";
/** So many flows are filled at once. */
const CHUNK_FLOWS = 200;

/** A flow's name as its lists search and sort by it. */
export function foldName(name: string): string {
  return foldCase(name).slice(0, NAME_FOLDED_MAX).toWellFormed();
}

/** What a flow is found by through its paths: their destinations as the operator typed them. */
export function foldDestinations(paths: Pick<Path, "url">[]): string {
  return paths.map(({ url }) => foldCase(url).toWellFormed()).join(BETWEEN);
}

/**
 * Fills in what flows are found by through their paths, where an older Waypost has made them: SQL cannot fold. It goes on where
 * it broke off. No flow counts as changed by it.
 */
export async function foldMissingDestinations(em: EntityManager): Promise<void> {
  for (;;) {
    const flows = await em.find(Flow, { destinationsFolded: null }, { limit: CHUNK_FLOWS, fields: ["id"] });
    if (flows.length === 0) return;
    const paths = await em.find(Path, { flowId: { $in: flows.map(({ id }) => id) }, removed: false });
    const pathsOf = Map.groupBy(paths, ({ flowId }) => flowId);
    for (const { id } of flows) {
      // Whoever changes the flow meanwhile knows better.
      const missing = { id, destinationsFolded: null };
      await em.nativeUpdate(Flow, missing, { destinationsFolded: foldDestinations(pathsOf.get(id) ?? []) });
    }
    em.clear();
  }
}
