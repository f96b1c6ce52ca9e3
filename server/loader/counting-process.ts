import { type EntityManager } from "@mikro-orm/sql";
import { internalNoun, serialId, text } from "../kit/column.js";
import { findOrNumber } from "../kit/numbered.js";

/** A process that counts and has no journal: one of the API. Its row outlives it, and the next of its name goes on with it. */
@internalNoun("A process that counts and has no journal.")
export class CountingProcess {
  @serialId() id!: number;
  @text(64, { description: "The installation's id and the slot.", unique: true, internal: true }) name!: string;
}

/** Beyond the numbers of trackers, who count too. */
const FIRST = 1001;

/** The small id by which a process counts. */
export async function findCounter(em: EntityManager, name: string): Promise<number> {
  return (await findOrNumber(em, CountingProcess, { name, first: FIRST })).id;
}
