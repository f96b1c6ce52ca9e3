import { wordOf } from "../schema/label.js";
import { type Field } from "../schema/resources.js";

type Values = Record<string, unknown>;
type Item = Values & { id?: unknown };

/** What a form began with, what is stored by now, and what was typed. */
export interface Versions {
  base: Values;
  stored: Values;
  mine: Values;
}

/** One thing that is stored otherwise than it was typed. */
export interface Difference {
  /** `name`, `paths.7.weight`; of an item that only one side has `paths.7`, of their order `paths.order`. */
  key: string;
  label: string;
  /** In words; null: it is not there. */
  stored: string | null;
  mine: string | null;
  /** Who has changed it since the form began. */
  isTheirs: boolean;
  isMine: boolean;
}

/** What is stored otherwise than it was typed, field by field; items of a list are matched by their ids. */
export function differencesOf(fields: readonly Field[], versions: Versions): Difference[] {
  return fields.flatMap((field) => {
    const { base, stored, mine } = mapValues(versions, (values) => values[field.name]);
    if (mine === undefined) return [];
    if (hasItems(field))
      return ofItems(
        field,
        mapValues({ base, stored, mine }, (value) => (value ?? []) as Item[]),
      );
    return ofValue(field, field.name, field.label, { base, stored, mine });
  });
}

/** What is stored with what was typed, as far as that is taken. @param takesMine  by the key of a difference. */
export function merged(
  fields: readonly Field[],
  { stored, mine }: Pick<Versions, "stored" | "mine">,
  takesMine: (key: string) => boolean,
): Values {
  return Object.fromEntries(
    fields
      .filter(({ name }) => mine[name] !== undefined)
      .map((field) => {
        const [theirs, own] = [stored[field.name], mine[field.name]];
        if (hasItems(field)) return [field.name, mergedItems(field, toItems(theirs), toItems(own), takesMine)];
        return [field.name, takesMine(field.name) ? own : theirs];
      }),
  );
}

const hasItems = ({ kind, fields }: Field) => kind === "LIST" && fields.some(({ name }) => name === "id");
const toItems = (value: unknown) => (value ?? []) as Item[];
const innerOf = ({ fields }: Field) => fields.filter(({ name }) => name !== "id");
const idsOf = (items: Item[]) => items.map(({ id }) => id);
const withId = (items: Item[], id: unknown) => (id == null ? undefined : items.find((item) => item.id === id));

function ofValue(
  field: Field,
  key: string,
  label: string,
  { base, stored, mine }: Record<keyof Versions, unknown>,
): Difference[] {
  const text = mapValues({ base, stored, mine }, (value) => say(field, value));
  if (text.stored === text.mine) return [];
  const { stored: theirs, mine: own } = text;
  return [{ key, label, stored: theirs, mine: own, isTheirs: theirs !== text.base, isMine: own !== text.base }];
}

function ofItems(field: Field, { base, stored, mine }: Record<keyof Versions, Item[]>): Difference[] {
  const about = (item: Item) => `${field.label}: ${nameOf(field, item)}`;
  const common = idsOf(stored).filter((id) => withId(mine, id));
  const inside = stored.flatMap((theirs) => {
    const own = withId(mine, theirs.id);
    const before = withId(base, theirs.id);
    const key = `${field.name}.${theirs.id}`;
    if (!own) {
      const [isMine, isTheirs] = [before !== undefined, before === undefined || !isSame(field, before, theirs)];
      return [{ key, label: about(theirs), stored: sayItem(field, theirs), mine: null, isTheirs, isMine }];
    }
    return innerOf(field).flatMap((inner) =>
      ofValue(inner, `${key}.${inner.name}`, `${about(theirs)}, ${inner.label}`, {
        base: before?.[inner.name],
        stored: theirs[inner.name],
        mine: own[inner.name],
      }),
    );
  });
  const alone = mine.flatMap((own, index) => {
    if (withId(stored, own.id)) return [];
    const before = withId(base, own.id);
    const [isTheirs, isMine] = [before !== undefined, before === undefined || !isSame(field, before, own)];
    return [
      {
        key: aloneKey(field, own, index),
        label: about(own),
        stored: null,
        mine: sayItem(field, own),
        isTheirs,
        isMine,
      },
    ];
  });
  const order = mapValues({ base, stored, mine }, (items) =>
    items.filter(({ id }) => common.includes(id)).map((item) => nameOf(field, withId(stored, item.id) ?? item)),
  );
  const ordered = mapValues({ base, stored, mine }, (items) =>
    idsOf(items)
      .filter((id) => common.includes(id))
      .join(),
  );
  const isOtherOrder = ordered.stored !== ordered.mine;
  return [
    ...inside,
    ...alone,
    ...(isOtherOrder
      ? [
          {
            key: `${field.name}.order`,
            label: field.label,
            stored: order.stored.join(", "),
            mine: order.mine.join(", "),
            isTheirs: ordered.stored !== ordered.base,
            isMine: ordered.mine !== ordered.base,
          },
        ]
      : []),
  ];
}

function mergedItems(field: Field, stored: Item[], mine: Item[], takesMine: (key: string) => boolean): Item[] {
  const isMyOrder = takesMine(`${field.name}.order`);
  const takesAlone = (own: Item) => takesMine(aloneKey(field, own, mine.indexOf(own)));
  const ofMine = (own: Item): Item[] => {
    const theirs = withId(stored, own.id);
    // What is no longer stored has no id any more: it is made anew.
    if (!theirs) return takesAlone(own) ? [{ ...own, id: undefined }] : [];
    const taken = innerOf(field).filter(({ name }) => takesMine(`${field.name}.${own.id}.${name}`));
    return [{ ...theirs, ...Object.fromEntries(taken.map(({ name }) => [name, own[name]])) }];
  };
  const kept = stored.filter(({ id }) => withId(mine, id) || !takesMine(`${field.name}.${id}`));
  if (isMyOrder) return [...mine.flatMap(ofMine), ...kept.filter(({ id }) => !withId(mine, id))];
  return [
    ...kept.flatMap((theirs) => {
      const own = withId(mine, theirs.id);
      return own ? ofMine(own) : [theirs];
    }),
    ...mine.filter(({ id }) => !withId(stored, id)).flatMap(ofMine),
  ];
}

function aloneKey({ name }: Field, { id }: Item, index: number): string {
  return `${name}.${id ?? `new${index}`}`;
}

function isSame(field: Field, one: Item, other: Item): boolean {
  return sayItem(field, one) === sayItem(field, other);
}

function nameOf({ fields }: Field, item: Item): string {
  const named = fields.find(({ kind, name }) => name !== "id" && ["TEXT", "CODE", "URL"].includes(kind) && item[name]);
  return named ? String(item[named.name]) : "";
}

function sayItem(field: Field, item: Item): string {
  return innerOf(field)
    .flatMap((inner) => {
      const text = say(inner, item[inner.name]);
      return text === "" ? [] : [`${inner.label}: ${text}`];
    })
    .join(" · ");
}

/** A value in words, the same for what counts as the same. */
function say({ kind }: Field, value: unknown): string {
  if (value == null || value === "") return "";
  if (kind === "FLAG") return value ? "Yes" : "No";
  if (kind === "ENUM") return wordOf(String(value));
  if (kind === "MONEY")
    return String(value)
      .replace(/(\.\d*?)0+$/, "$1")
      .replace(/\.$/, "");
  return typeof value === "object" ? JSON.stringify(value) : String(value).trim();
}

function mapValues<K extends string, T, U>(record: Record<K, T>, map: (value: T) => U): Record<K, U> {
  return Object.fromEntries(Object.entries<T>(record).map(([key, value]) => [key, map(value)])) as Record<K, U>;
}
