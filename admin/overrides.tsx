import { useGoals } from "./conversions/use-goals";
import {
  type Click,
  type Conversion,
  type ConversionFilter,
  type Flow,
  type FlowFilter,
  type PostbackKey,
  type PostbackLog,
  type PutAside,
} from "./generated/types";
import { type Later, later } from "./later";
import { type SelectionProps } from "./lists/selection-bar";
import { TEST_PATH } from "./postbacks/test-path";
import { type Resource } from "./schema/resources";

/** What a drawer is of. */
export interface DrawerProps<T> {
  resource: Resource;
  row: T;
}

/** What is told of a resource beyond its schema. Names are those of generated types: a column that is gone does not compile. */
export interface Override<T, F = unknown> {
  /** The filter that a list has when its address names none; it is shown like any other. */
  filterDefaults?: Partial<F>;
  /** Filters by yes or no that have words of their own: the texts under `flag` that name the filter (`label`) and its two choices. */
  flags?: Partial<Record<keyof F, string>>;
  /** Filters that are typed and have a few values to choose from. */
  suggested?: Partial<Record<keyof F, (isAsked: boolean) => string[]>>;
  /** The page that creates and changes one, where the generated one is too plain. */
  form?: Later<object>;
  /** What stands in the drawer in place of the plain facts. */
  drawer?: Later<DrawerProps<T>>;
  /** What stands below the list. */
  note?: Later<object>;
  /** A page that belongs to the list: its address and what it is called. */
  beside?: { path: string; title: string };
  /** What can be done to several rows at once: rows can be selected then. */
  bulk?: Later<SelectionProps>;
}

interface Nouns {
  flows: Override<Flow, FlowFilter>;
  clicks: Override<Click>;
  conversions: Override<Conversion, ConversionFilter>;
  postbackLogs: Override<PostbackLog>;
  postbackKeys: Override<PostbackKey>;
  putAsides: Override<PutAside>;
}

export const overrides: Nouns = {
  flows: {
    filterDefaults: { archived: false },
    form: later(async () => (await import("./flows/flow-form")).FlowForm),
  },
  clicks: {
    drawer: later(async () => (await import("./clicks/click-entry")).ClickEntry),
    note: later(async () => (await import("./clicks/address-files")).AddressFiles),
  },
  conversions: {
    flags: { other: "bucket" },
    suggested: { goal: useGoals },
    drawer: later(async () => (await import("./conversions/conversion-entry")).ConversionEntry),
    bulk: later(async () => (await import("./conversions/change-selected")).ChangeSelected),
  },
  postbackLogs: {
    drawer: later(async () => (await import("./postbacks/postback-entry")).PostbackEntry),
    bulk: later(async () => (await import("./postbacks/replay-selected")).ReplaySelected),
    beside: { path: TEST_PATH, title: "waypost.test.title" },
  },
  postbackKeys: {
    form: later(async () => (await import("./postback-keys/key-form")).KeyForm),
  },
  putAsides: {
    drawer: later(async () => (await import("./put-aside/put-aside-entry")).PutAsideEntry),
  },
};

/** What is told of a resource by its name; nothing of one that has no override. */
export function overrideOf(resource: string): Override<Record<string, unknown>, Record<string, unknown>> {
  return Object.hasOwn(overrides, resource) ? (overrides[resource as keyof Nouns] as never) : {};
}
