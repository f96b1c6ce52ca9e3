/** Something that projects of one run share. */
export interface Shared<T> {
  value: T;
  /** Says that one project needs it no longer; with the last it is removed. */
  release(): Promise<void>;
}

interface Making<T> {
  users: number;
  made: Promise<{ value: T; remove(): Promise<void> }>;
}

/** Each project has its own copy of this module: what is shared has to be kept outside of them. */
const everywhere = globalThis as { waypostTestsShare?: Map<string, Making<unknown>> };
everywhere.waypostTestsShare ??= new Map();
const kept = everywhere.waypostTestsShare;

/** Makes something for the first project of a run that asks, and hands the same to the others. */
export async function shared<T>(name: string, make: () => Making<T>["made"]): Promise<Shared<T>> {
  const making = (kept.get(name) ?? { users: 0, made: make() }) as Making<T>;
  kept.set(name, making);
  making.users += 1;
  const { value, remove } = await making.made;
  return {
    value,
    release: async () => {
      making.users -= 1;
      if (making.users > 0) return;
      kept.delete(name);
      await remove();
    },
  };
}
