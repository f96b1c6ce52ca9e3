import { type EntityManager } from "@mikro-orm/sql";

/** By driver, which all of a database's entity managers share. */
const writers = new WeakMap<object, number>();
/** Whoever has not said who he is. */
const NOBODY = 0;

/** Says who counts what is written through a database from now on. */
export function countAs(em: EntityManager, writer: number): void {
  writers.set(em.getDriver(), writer);
}

/** Who counts what is written: whose rows of the counters it goes into. Two that share them wait for each other. */
export function writerOf(em: EntityManager): number {
  return writers.get(em.getDriver()) ?? NOBODY;
}
