import { setImmediate as nextTurn } from "node:timers/promises";
import { type EntityManager } from "@mikro-orm/sql";
import { snapshot } from "../kit/list.js";
import { CatalogRevision, REVISION_ID } from "./catalog-revision.js";
import { type Destination, readDestination } from "./destination.js";
import { Flow } from "./flow.js";
import { Path } from "./path.js";
import { PostbackKey } from "./postback-key.js";

/** An active path, ready to be filled. */
export interface TrackedPath {
  id: number;
  weight: number;
  url: string;
  destination: Destination;
}

/** A flow as the tracker needs it. */
export interface TrackedFlow {
  flow: Flow;
  /** Its active paths. */
  paths: TrackedPath[];
}

/** What is known of the catalog, as of a revision of it. */
export interface Catalog {
  revision: number;
  flowsByKey: Map<string, TrackedFlow>;
  keysByDigest: Map<string, PostbackKey>;
}

/** So many flows are read at once: a longer pause would be felt by visitors who are on their way. */
const CHUNK_FLOWS = 200;
const NEVER = -1;

export function emptyCatalog(): Catalog {
  return { revision: NEVER, flowsByKey: new Map(), keysByDigest: new Map() };
}

/**
 * Brings a catalog up to date with what has changed since its revision, all of one moment. Until everything is read the
 * catalog is what it was.
 */
export async function updateCatalog(
  em: EntityManager,
  catalog: Catalog,
  digest: (secret: string) => string,
): Promise<void> {
  const { revision, since, flows, keys } = await snapshot(em, async (own) => {
    const { value } = await own.findOneOrFail(CatalogRevision, REVISION_ID);
    // A database that is back from an older copy counts from a lower number: everything is read again.
    const since = value < catalog.revision ? NEVER : catalog.revision;
    return { revision: value, since, flows: await readFlowsSince(own, since), keys: await own.find(PostbackKey, {}) };
  });
  const known = since === NEVER ? emptyCatalog() : catalog;
  for (const tracked of flows) {
    known.flowsByKey.set(tracked.flow.key, tracked);
  }
  Object.assign(catalog, known, { revision, keysByDigest: byDigest(keys, digest) });
}

/** Postback keys by what is known of them without telling them. */
export function byDigest(keys: PostbackKey[], digest: (secret: string) => string): Catalog["keysByDigest"] {
  return new Map(keys.map((key) => [digest(key.key), key]));
}

/** The flows that have changed since a revision, read in chunks between which others have their turn. */
async function readFlowsSince(em: EntityManager, revision: number): Promise<TrackedFlow[]> {
  const tracked: TrackedFlow[] = [];
  const changed = revision === NEVER ? {} : { revision: { $gt: revision } };
  for (let lastId = 0; ; ) {
    const where = { ...changed, id: { $gt: lastId } };
    const flows = await em.find(Flow, where, { orderBy: { id: "asc" }, limit: CHUNK_FLOWS });
    tracked.push(...(await trackFlows(em, flows)));
    if (flows.length < CHUNK_FLOWS) return tracked;
    lastId = flows.at(-1)?.id as number;
    em.clear();
    // SQLite answers within the same turn.
    await nextTurn();
  }
}

async function trackFlows(em: EntityManager, flows: Flow[]): Promise<TrackedFlow[]> {
  if (flows.length === 0) return [];
  const flowId = { $in: flows.map(({ id }) => id) };
  const paths = await em.find(Path, { flowId, removed: false, active: true }, { orderBy: { position: "asc" } });
  const pathsOf = Map.groupBy(paths, (path) => path.flowId);
  return flows.map((flow) => trackFlow(flow, pathsOf.get(flow.id) ?? []));
}

/** A flow and its active paths as they are stored. */
export function trackFlow(flow: Flow, paths: Pick<Path, "id" | "weight" | "url">[]): TrackedFlow {
  return {
    flow,
    paths: paths.flatMap(({ id, weight, url }) => {
      const destination = readDestination(url);
      return "problem" in destination ? [] : [{ id, weight, url, destination }];
    }),
  };
}
