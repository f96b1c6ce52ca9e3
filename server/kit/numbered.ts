import { UniqueConstraintViolationException } from "@mikro-orm/core";
import { type EntityManager } from "@mikro-orm/sql";
import { type EntityClass } from "./context.js";

/** Whoever counts: by a name that stays, and a small number in every row of the counters. */
export interface Numbered {
  id: number;
  name: string;
}

/**
 * The row with a name; made when it comes for the first time. Its id is the smallest that is free, from `first` on, and not the database's
 * own: members of a cluster take steps of their own. Whoever is second with an id, or a name, looks again.
 *
 * @param begin  the other values of a new row.
 */
export async function findOrNumber<T extends Numbered>(
  em: EntityManager,
  entity: EntityClass<T>,
  { name, first, begin = () => ({}) }: { name: string; first: number; begin?: () => Partial<T> },
): Promise<T> {
  for (;;) {
    const own = em.fork();
    const known = await own.findOne(entity, { name } as never);
    if (known) return known as T;
    const taken = new Set((await own.find(entity, {})).map(({ id }) => id));
    let id = first;
    while (taken.has(id)) id += 1;
    try {
      await own.insert(entity, { id, name, ...begin() } as never);
    } catch (error) {
      if (!(error instanceof UniqueConstraintViolationException)) throw error;
    }
  }
}
