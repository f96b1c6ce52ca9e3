import { type EntityManager } from "@mikro-orm/sql";
import DataLoader from "dataloader";
import { type Where } from "./condition.js";
import { type ApiContext, type EntityClass } from "./context.js";
import { readRows } from "./rows.js";

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
  const where: Where = [{ property, is: "in", value: [...values] }];
  const rows = (await readRows(em.fork(), entity, { where, order: [["id", "asc"]] })) as Record<string, unknown>[];
  const groups = new Map<unknown, object[]>(values.map((value) => [value, []]));
  for (const row of rows) groups.get(row[property])?.push(row);
  return values.map((value) => groups.get(value) ?? []);
}
