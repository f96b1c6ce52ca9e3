import { toFilter } from "../data/build-query";
import { ask } from "../data/client";
import { type Resource } from "../schema/resources";

/** Rows that something is to be done to: the filter that leaves them, as the API takes it, and how many they are. */
export interface Selection {
  filter: Record<string, unknown>;
  count: number;
}

/**
 * All that a list of facts leaves, up to a moment before which nothing more will come: so their number stays what was seen,
 * however much comes in meanwhile.
 */
export async function selectAll(resource: Resource, filterValues: object): Promise<Selection> {
  const { name, filterType } = resource;
  const document = `query ${name}($filter: ${filterType}) { page: ${name}(filter: $filter, perPage: 1) { totalCount completeUntil } }`;
  const read = async (filter: Record<string, unknown>) =>
    (await ask<{ page: { totalCount: number; completeUntil: string } }>(document, { filter })).page;
  const given = toFilter(resource, { ...filterValues });
  const { completeUntil } = await read(given);
  const isEnded = typeof given.to === "string" && given.to < completeUntil;
  const filter = isEnded ? given : { ...given, to: completeUntil };
  return { filter, count: (await read(filter)).totalCount };
}
