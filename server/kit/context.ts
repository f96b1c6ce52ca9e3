import { type EntityManager } from "@mikro-orm/sql";
import DataLoader from "dataloader";

/** A noun's class: what tables, schema and loaders know it by. */
export type EntityClass<T extends object = object> = new () => T;

/** What every resolver finds in its context. Features add to it (`CatalogContext`, `AccountContext`). */
export interface ApiContext {
  /** Forked for this request. */
  em: EntityManager;
  /** The row of a noun by id, or null; all that a request asks for in one tick is one query. */
  load<T extends object>(entity: EntityClass<T>, id: string | number): Promise<T | null>;
  /** The rows of a noun whose `property` has the value, in order of their ids; batched like `load`. */
  loadList<T extends object>(entity: EntityClass<T>, property: string, value: string | number): Promise<T[]>;
  /** Forgets what was loaded: a change must be seen by what the same request asks for after it. */
  forgetLoaded(): void;
  /** Unix milliseconds. */
  now: () => number;
}

type Loader = DataLoader<string | number, object[]>;

/** The loading half of a context: DataLoaders that live as long as one request. */
export function createLoaders(em: EntityManager): Pick<ApiContext, "load" | "loadList" | "forgetLoaded"> {
  const loaders = new Map<EntityClass, Map<string, Loader>>();

  function loaderOf(entity: EntityClass, property: string): Loader {
    const ofEntity = loaders.get(entity) ?? new Map<string, Loader>();
    loaders.set(entity, ofEntity);
    const loader: Loader = ofEntity.get(property) ?? new DataLoader((values) => listBy(em, entity, property, values));
    ofEntity.set(property, loader);
    return loader;
  }

  return {
    load: async (entity, id) => ((await loaderOf(entity, "id").load(id))[0] ?? null) as never,
    loadList: (entity, property, value) => loaderOf(entity, property).load(value) as never,
    forgetLoaded: () => loaders.clear(),
  };
}

async function listBy(
  em: EntityManager,
  entity: EntityClass,
  property: string,
  values: readonly (string | number)[],
): Promise<object[][]> {
  const rows = (await em.fork().find(entity, { [property]: { $in: [...values] } } as never, {
    orderBy: { id: "asc" } as never,
  })) as Record<string, unknown>[];
  const groups = new Map<unknown, object[]>(values.map((value) => [value, []]));
  for (const row of rows) groups.get(row[property])?.push(row);
  return values.map((value) => groups.get(value) ?? []);
}
